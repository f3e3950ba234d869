//! In which languages a text is looked at.
//!
//! A network's tag is often the language of a customer's app and not that of the text, so the
//! letters have a say: a tag is believed within its own script only, and letters that just one
//! language has (ł, ы, ї) speak for that language. The site's own language always counts, because
//! most who write to it write in that.

use crate::config::model::LANGUAGES;

/// A set of languages that have lexicons (the bits are in the order of [`LANGUAGES`]), and the bit
/// of rules that hold for all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Languages(u8);

impl Languages {
    pub(super) const NONE: Self = Self(0);
    pub(super) const EN: Self = Self(1);
    pub(super) const PL: Self = Self(2);
    pub(super) const RU: Self = Self(4);
    pub(super) const UK: Self = Self(8);
    /// Words written for all languages; every text has this bit.
    pub(super) const ALL: Self = Self(16);

    const LATIN: Self = Self(1 | 2);
    const CYRILLIC: Self = Self(4 | 8);

    /// Of `en`, or of a BCP 47 tag such as `pl-PL`; nothing for a language without a lexicon.
    pub(super) fn of_tag(tag: &str) -> Self {
        let primary = tag.split('-').next().unwrap_or_default();
        let known = LANGUAGES.iter().position(|id| primary.eq_ignore_ascii_case(id));
        known.map_or(Self::NONE, |bit| Self(1 << bit))
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn within(self, script: Self) -> Self {
        Self(self.0 & script.0)
    }

    /// Any that has a lexicon.
    pub(super) fn is_known(self) -> bool {
        self.meets(Self::LATIN.and(Self::CYRILLIC))
    }

    /// Their ids.
    pub(super) fn ids(self) -> Vec<&'static str> {
        let each = LANGUAGES.iter().enumerate();
        each.filter(|(bit, _)| self.0 & (1 << bit) != 0).map(|(_, id)| *id).collect()
    }
}

/// What the letters of a text tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Letters {
    pub(super) latin: bool,
    pub(super) cyrillic: bool,
    /// Letters that only one of our languages has.
    pub(super) telling: Languages,
}

impl Letters {
    /// Notes one letter in lower case.
    pub(super) fn note(&mut self, letter: char) {
        match letter {
            'a'..='z' => self.latin = true,
            'ą' | 'ć' | 'ę' | 'ł' | 'ń' | 'ś' | 'ź' | 'ż' => {
                self.latin = true;
                self.telling = self.telling.and(Languages::PL);
            }
            'ё' | 'ъ' | 'ы' | 'э' => {
                self.cyrillic = true;
                self.telling = self.telling.and(Languages::RU);
            }
            'є' | 'і' | 'ї' | 'ґ' => {
                self.cyrillic = true;
                self.telling = self.telling.and(Languages::UK);
            }
            '\u{400}'..='\u{52f}' => self.cyrillic = true,
            '\u{c0}'..='\u{24f}' => self.latin = true,
            _ => {}
        }
    }
}

/// In which languages to look at a text with these letters, by the network's tag and the site's
/// own language.
pub(super) fn languages(letters: Letters, tag: Option<&str>, site: Languages) -> Languages {
    let tagged = tag.map(Languages::of_tag);
    let mut all = Languages::ALL;
    for (present, script) in
        [(letters.latin, Languages::LATIN), (letters.cyrillic, Languages::CYRILLIC)]
    {
        if !present {
            continue;
        }
        let told = letters.telling.within(script);
        let by_tag = tagged.unwrap_or_default().within(script);
        let mut chosen = told.and(by_tag);
        // A tag without a lexicon: German is not English because of its letters.
        let foreign = script == Languages::LATIN && tagged == Some(Languages::NONE);
        if chosen == Languages::NONE && !foreign {
            chosen = script;
        }
        all = all.and(chosen).and(site.within(script));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(text: &str, tag: Option<&str>, site: &str) -> Vec<&'static str> {
        let mut letters = Letters::default();
        text.chars().for_each(|letter| letters.note(letter));
        languages(letters, tag, Languages::of_tag(site)).ids()
    }

    #[test]
    fn without_a_tag_the_letters_tell_what_they_can() {
        assert_eq!(chosen("my parcel", None, "en"), ["en", "pl"]);
        assert_eq!(chosen("gdzie jest paczka?", None, "ru"), ["en", "pl"]);
        assert_eq!(chosen("gdzie są pieniądze", None, "ru"), ["pl"]);
        assert_eq!(chosen("где товар", None, "en"), ["ru", "uk"]);
        assert_eq!(chosen("где мои деньги, вы", None, "en"), ["ru"]);
        assert_eq!(chosen("де моє замовлення", None, "en"), ["uk"]);
        assert_eq!(chosen("не работает iphone", None, "en"), ["en", "pl", "ru", "uk"]);
        assert_eq!(chosen("12345 ?", None, "en"), [""; 0]);
    }

    #[test]
    fn a_tag_is_believed_within_its_script_and_beside_the_sites_language() {
        assert_eq!(chosen("my parcel", Some("en-GB"), "en"), ["en"]);
        assert_eq!(chosen("gdzie paczka", Some("en"), "pl"), ["en", "pl"]);
        assert_eq!(chosen("где товар", Some("en"), "pl"), ["ru", "uk"]);
        assert_eq!(chosen("где вы", Some("uk"), "uk"), ["ru", "uk"]);
        assert_eq!(chosen("das ist schlecht", Some("de"), "ru"), [""; 0]);
        assert_eq!(chosen("das ist schlecht", Some("de"), "pl"), ["pl"]);
        assert_eq!(chosen("где товар", Some("kk"), "en"), ["ru", "uk"]);
    }
}
