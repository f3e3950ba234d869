//! Which forms of a rule's word a text may use: `zwrot` is also `zwrotu`, `работает` also
//! `работают`.
//!
//! No dictionary and no stemmer of the text: from the rule's word come a few stems, each with a
//! list of endings that may follow. Reasons: Polish must match without its diacritics, too, which
//! no stemmer takes; stemming every word of a text in every language that it may be in costs more
//! than all the rest of the path; and a person can tell why a word matched. What a rule's writer
//! can rely on is in `topics.example.toml`; what they cannot (vowels and consonants that change
//! inside a word, beyond the few [`ALTERNATIONS`]) they write out as a word of its own.
//!
//! Words are in the form of [`super::normal`].

use super::endings::Endings;
use super::language::Languages;

/// How a form may end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tail {
    /// The word ends here.
    None,
    /// Anything may follow: `dostaw*`.
    Any,
    /// One of a list.
    Of(Endings),
}

impl Tail {
    /// Whether a word may go on like this after the stem.
    pub(super) fn allows(self, rest: &str) -> bool {
        match self {
            Tail::None => rest.is_empty(),
            Tail::Any => true,
            Tail::Of(endings) => endings.allow(rest),
        }
    }
}

/// A beginning of a word and what may follow it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Form {
    pub(super) stem: String,
    pub(super) tail: Tail,
}

/// Shorter words have no forms but their own: `не`, `to`, `ok`.
const INFLECTED_CHARS_MIN: usize = 3;
/// Characters that stay when an ending of one character is taken off, and when a longer one is.
const STEM_CHARS_MIN: (usize, usize) = (3, 4);

/// Stems that change before some endings: language, what the stem ends in, what takes its place,
/// and what may follow then. `C` in front stands for a consonant that stays.
const ALTERNATIONS: [(Languages, &str, &str, Endings); 17] = [
    (Languages::RU, "Cк", "ок", Endings::Empty), // посылка: посылок
    (Languages::RU, "Cк", "ек", Endings::Empty), // кружка: кружек
    (Languages::RU, "ок", "к", Endings::RuNominal), // звонок: звонка
    (Languages::RU, "ец", "ц", Endings::RuNominal), // продавец: продавца
    (Languages::UK, "Cк", "ок", Endings::Empty), // посилка: посилок
    (Languages::UK, "к", "ц", Endings::UkSoftened), // доставка: доставці
    (Languages::UK, "г", "з", Endings::UkSoftened), // послуга: послузі
    (Languages::UK, "ок", "к", Endings::UkNominal), // дзвінок: дзвінка
    (Languages::UK, "ець", "ц", Endings::UkNominal), // продавець: продавця
    (Languages::UK, "ість", "ост", Endings::UkNominal), // якість: якості
    (Languages::PL, "Ck", "ek", Endings::Empty), // paczka: paczek
    (Languages::PL, "k", "c", Endings::PlSoftened), // paczka: paczce
    (Languages::PL, "ek", "k", Endings::PlNominal), // rachunek: rachunku
    (Languages::PL, "g", "dz", Endings::PlSoftened), // usluga: usludze
    (Languages::PL, "t", "c", Endings::PlSoftened), // zwrot: zwrocie
    (Languages::PL, "d", "dz", Endings::PlSoftened), // przyklad: przykladzie
    (Languages::PL, "ch", "sz", Endings::PlSoftened), // mucha: musze
];

/// Verbs whose stem changes with the tense: what a form ends in, and both stems.
const TWO_STEMS: [(Languages, &[&str], &str, &str); 3] = [
    // жаловаться: жалуюсь
    (Languages::RU, &["овать", "ует", "уют"], "ов", "у"),
    // скаржитись has one stem; рекламувати: рекламую
    (Languages::UK, &["увати", "ує", "ують"], "ув", "у"),
    // reklamowac: reklamuje
    (Languages::PL, &["owac", "uje", "uja"], "ow", "uj"),
];

/// All forms of one word in these languages.
pub(super) fn forms(word: &str, languages: Languages) -> Vec<Form> {
    let mut forms = Vec::new();
    if word.chars().count() >= INFLECTED_CHARS_MIN && word.chars().all(char::is_alphabetic) {
        let (latin, cyrillic) = (word.is_ascii(), !word.is_ascii());
        if latin && languages.meets(Languages::EN) {
            english(word, &mut forms);
        }
        for (language, script) in
            [(Languages::PL, latin), (Languages::RU, cyrillic), (Languages::UK, cyrillic)]
        {
            if script && languages.meets(language) {
                slavic(word, language, &mut forms);
            }
        }
    }
    if forms.is_empty() {
        // The others allow that nothing follows.
        forms.push(form(word, Tail::None));
    }
    forms.sort();
    forms.dedup();
    forms
}

fn form(stem: impl Into<String>, tail: Tail) -> Form {
    Form { stem: stem.into(), tail }
}

/// `refund`: refunds, refunded, refunding; `charge`: charging; `delivery`: deliveries; `ship`:
/// shipped.
fn english(word: &str, forms: &mut Vec<Form>) {
    let letters: Vec<char> = word.chars().rev().take(3).collect();
    let [last, before, first] = letters[..] else { return };
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    if word.len() == INFLECTED_CHARS_MIN {
        forms.push(form(word, Tail::Of(Endings::EnShort)));
        return;
    }
    let without_last = &word[..word.len() - 1];
    match last {
        'e' => {
            forms.push(form(word, Tail::Of(Endings::EnShort)));
            forms.push(form(without_last, Tail::Of(Endings::EnAfterE)));
        }
        'y' if !vowel(before) => {
            forms.push(form(word, Tail::Of(Endings::En)));
            forms.push(form(without_last, Tail::Of(Endings::EnAfterY)));
        }
        _ => {
            forms.push(form(word, Tail::Of(Endings::En)));
            if vowel(before) && !vowel(first) && !vowel(last) {
                forms.push(form(format!("{word}{last}"), Tail::Of(Endings::EnDoubled)));
            }
        }
    }
}

fn slavic(word: &str, language: Languages, forms: &mut Vec<Form>) {
    let (nominal, verbal) = match language {
        Languages::PL => (Endings::PlNominal, Endings::PlVerbal),
        Languages::RU => (Endings::RuNominal, Endings::RuVerbal),
        _ => (Endings::UkNominal, Endings::UkVerbal),
    };
    let stem = nominal.longest_off(word, STEM_CHARS_MIN).unwrap_or(word);
    for base in [word, stem] {
        forms.push(form(base, Tail::Of(nominal)));
        alternate(base, language, forms);
    }
    // A verb is known by how it ends; in Polish its third person looks like a noun.
    let plain = ["ся", "сь"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    let verb = match language {
        Languages::PL => Endings::PlVerbShape,
        Languages::RU => Endings::RuVerbShape,
        _ => Endings::UkVerbShape,
    };
    if let Some(stem) = verb.longest_off(plain, STEM_CHARS_MIN) {
        forms.push(form(stem, Tail::Of(verbal)));
    }
    for (_, ends, one, other) in TWO_STEMS.iter().filter(|it| it.0 == language) {
        let root = ends.iter().find_map(|end| plain.strip_suffix(end));
        if let Some(root) = root.filter(|root| root.chars().count() >= STEM_CHARS_MIN.0) {
            for stem in [one, other] {
                forms.push(form(format!("{root}{stem}"), Tail::Of(verbal)));
            }
        }
    }
}

fn alternate(stem: &str, language: Languages, forms: &mut Vec<Form>) {
    for (_, ends_in, instead, endings) in ALTERNATIONS.iter().filter(|it| it.0 == language) {
        let (after_consonant, ends_in) = match ends_in.strip_prefix('C') {
            Some(ends_in) => (true, ends_in),
            None => (false, *ends_in),
        };
        let Some(root) = stem.strip_suffix(ends_in) else { continue };
        let last = root.chars().next_back();
        let fits = !after_consonant || last.is_some_and(|c| !"aeiouyаеиоуыэюяєії".contains(c));
        if fits && root.chars().count() >= 2 {
            forms.push(form(format!("{root}{instead}"), Tail::Of(*endings)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(rule: &str, language: Languages, text: &str) -> bool {
        forms(rule, language)
            .iter()
            .any(|form| text.strip_prefix(&form.stem).is_some_and(|rest| form.tail.allows(rest)))
    }

    fn check(language: Languages, rows: &[(&str, &str, &str)]) {
        let mut wrong = Vec::new();
        for (rule, same, others) in rows {
            for word in same.split(' ').filter(|word| !matches(rule, language, word)) {
                wrong.push(format!("`{rule}` should match `{word}`"));
            }
            for word in others.split_whitespace().filter(|word| matches(rule, language, word)) {
                wrong.push(format!("`{rule}` should not match `{word}`"));
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn english_words_inflect() {
        check(
            Languages::EN,
            &[
                ("refund", "refund refunds refunded refunding", "refundable ref"),
                ("delivery", "delivery deliveries", "deliver delivers deliverable"),
                ("charge", "charge charges charged charging", "charger char"),
                ("ship", "ship ships shipped shipping", "shipment shin"),
                ("app", "app apps", "apply apple applied"),
                ("bad", "bad", "badly badge"),
                ("box", "box boxes", "boxer"),
                ("to", "to", "too tos"),
            ],
        );
    }

    #[test]
    fn polish_words_inflect_without_their_marks() {
        check(
            Languages::PL,
            &[
                ("zwrot", "zwrot zwrotu zwrotem zwroty zwrotow zwrocie", "zwrotnica zwrotka"),
                ("paczka", "paczka paczki paczke paczce paczek paczkami", "paczkomat paczkowac"),
                ("reklamacja", "reklamacja reklamacji reklamacje reklamacjami", "reklama"),
                ("rachunek", "rachunek rachunku rachunki rachunkow", "rachunkowosc"),
                ("faktura", "faktura faktury fakturze fakture faktur", "fakturowany"),
                ("dziala", "dziala dzialaja dzialal dzialalo dzialac", "dzialanie dzialka"),
                ("reklamowac", "reklamowac reklamuje reklamowalem reklamuja", "reklama"),
                ("dobry", "dobry dobra dobre dobrego dobrych", "dobrobyt"),
                ("usluga", "usluga uslugi usludze uslug", "uslugowy"),
                ("awaria", "awaria awarii awarie awariami", "awaryjny"),
                ("nie", "nie", "niebo"),
            ],
        );
    }

    #[test]
    fn russian_words_inflect() {
        check(
            Languages::RU,
            &[
                ("возврат", "возврат возврата возвраты возвратом", "возвратный возвращение"),
                ("посылка", "посылка посылки посылку посылок посылками", "посыл посылать"),
                ("звонок", "звонок звонка звонки звонков", "звонарь"),
                ("работает", "работает работают работал работала работать", "работник работа"),
                ("жаловаться", "жаловаться жалуюсь жалуется жаловался", "жалоба жалость"),
                ("ужасный", "ужасный ужасная ужасно ужасные", "ужас"),
                ("мошенник", "мошенник мошенники мошенников", "мошенничество"),
                ("банк", "банк банка банке банки", "банкет банкрот банкомат"),
                ("компания", "компания компании компанию компанией", "компаньон"),
                ("счет", "счет счета счетом счету", "счетчик"),
                ("не", "не", "нет небо"),
            ],
        );
    }

    #[test]
    fn ukrainian_words_inflect() {
        check(
            Languages::UK,
            &[
                ("посилка", "посилка посилки посилку посилці посилок", "посилання"),
                ("повернення", "повернення поверненням", "повернути"),
                ("працює", "працює працюють працювало працювати", "праця працівник"),
                ("якість", "якість якості якістю", "якісний"),
                ("жахливий", "жахливий жахлива жахливе жахливо", "жах"),
                ("послуга", "послуга послуги послузі послуг", "послушний"),
                ("гроші", "гроші грошей грошима", "грошовий"),
                ("дзвінок", "дзвінок дзвінка дзвінки", "дзвін"),
            ],
        );
    }

    #[test]
    fn short_words_and_numbers_have_no_other_forms() {
        for word in ["не", "ok", "24", "b2b", "👍"] {
            assert_eq!(forms(word, Languages::ALL).len(), 1, "{word}");
        }
    }
}
