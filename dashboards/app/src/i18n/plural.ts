// Which form of a word stands after a number. Chromium 53 has no Intl.PluralRules, and what a TV knows
// of languages is a matter of luck: so the rules stand here, and a test compares them with Intl's.

type Form = "one" | "few" | "many" | "other";
type Forms = Partial<Record<Form, string>>;

const twoOrMore = (count: number): Form => (count === 1 ? "one" : "other");

const polish = (count: number): Form => (count === 1 ? "one" : endsLikeTwo(count) ? "few" : "many");

const eastSlavic = (count: number): Form =>
  count % 10 === 1 && count % 100 !== 11 ? "one" : endsLikeTwo(count) ? "few" : "many";

/** 2, 3, 4, 22, 133, but not 12, 13, 14. */
function endsLikeTwo(count: number): boolean {
  const [last, lastTwo] = [count % 10, count % 100];
  return last >= 2 && last <= 4 && (lastTwo < 12 || lastTwo > 14);
}

const RULES: Record<string, (count: number) => Form> = { en: twoOrMore, pl: polish, ru: eastSlavic, uk: eastSlavic };

/** The form for a whole number. */
export function formOf(language: string, count: number): Form {
  return (RULES[language] || twoOrMore)(count);
}

export function plural(language: string, count: number, forms: Forms): string {
  return forms[formOf(language, count)] || forms.other || "";
}
