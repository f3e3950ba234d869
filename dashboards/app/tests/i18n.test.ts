import { describe, expect, test } from "vitest";
import { formOf } from "../src/i18n/plural";
import { LANGUAGES, stringsFor, type Strings } from "../src/i18n/strings";

/** Words that are the same in English and elsewhere: abbreviations of units. */
const SAME = ["s", "min", "d"];
const NUMBERS = [1, 2, 5, 21, 22];

/** Every text that a language can say, by its key: functions with sample values. */
function saidBy(strings: Strings): Record<string, string> {
  const said: Record<string, string> = {};
  const sample = (key: string, say: (...values: never[]) => string) => {
    const call = say as (...values: unknown[]) => string;
    if (key === "age" || key === "ago") {
      for (const unit of ["s", "min", "h", "d"]) said[`${key}.${unit}`] = call(7, unit);
    } else if (key === "date") {
      said[key] = call("A", 7, "B");
    } else {
      for (const number of NUMBERS) said[`${key}(${number})`] = call(number, 60);
    }
  };
  const walk = (prefix: string, value: unknown) => {
    if (typeof value === "string") said[prefix] = value;
    else if (typeof value === "function") sample(prefix, value as (...values: never[]) => string);
    else for (const key of Object.keys(value as object)) walk(prefix ? `${prefix}.${key}` : key, (value as Record<string, unknown>)[key]);
  };
  walk("", strings);
  return said;
}

/** The type check knows the language of 2016; this is newer, and only tests use it. */
function pluralRules(language: string): { select(count: number): string } {
  const { PluralRules } = Intl as unknown as { PluralRules: new (of: string) => { select(count: number): string } };
  return new PluralRules(language);
}

const wordsOf = (text: string) => text.split(/[^\p{L}]+/u).filter(Boolean);

describe.each(Object.keys(LANGUAGES))("the words in %s", (language) => {
  const own = saidBy(stringsFor(language));
  const english = saidBy(stringsFor("en"));

  test("are all there, and none is empty", () => {
    expect(Object.keys(own).sort()).toEqual(Object.keys(english).sort());
    for (const key of Object.keys(own)) expect(own[key], key).not.toMatch(/^\s*$|undefined|\$\{|NaN/);
  });

  test("hold what stands in them", () => {
    for (const key of Object.keys(own)) {
      const sample = /\((\d+)\)$/.exec(key);
      if (sample) expect(own[key], key).toContain(sample[1]);
    }
  });

  test.skipIf(language === "en")("are not English", () => {
    const same = Object.keys(own).filter((key) => own[key] === english[key]);
    const odd = same.filter((key) => wordsOf(own[key] as string).some((word) => !SAME.includes(word)));
    expect(odd.filter((key) => key !== "date")).toEqual([]);
  });

  test("have the plural forms that Intl knows", () => {
    const rules = pluralRules(language);
    for (let count = 0; count <= 1_000; count += 1) expect(formOf(language, count), `${count}`).toBe(rules.select(count));
  });
});

test("counts are said as people say them", () => {
  const said = (language: string) => NUMBERS.map((count) => stringsFor(language).moreChannels(count)).join(", ");
  expect(said("en")).toBe("+1 channel, +2 channels, +5 channels, +21 channels, +22 channels");
  expect(said("pl")).toBe("+1 kanał, +2 kanały, +5 kanałów, +21 kanałów, +22 kanały");
  expect(said("ru")).toBe("+1 канал, +2 канала, +5 каналов, +21 канал, +22 канала");
  expect(said("uk")).toBe("+1 канал, +2 канали, +5 каналів, +21 канал, +22 канали");
});

test("an unknown language is answered in English", () => {
  expect(stringsFor("de")).toBe(stringsFor("en"));
  expect(stringsFor("pl-PL")).toBe(stringsFor("pl"));
});
