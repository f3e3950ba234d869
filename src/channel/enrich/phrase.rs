//! A word or phrase of a rule, as a rule's writer writes it.
//!
//! `zwrot pieniędzy` is two words with their inflected forms, `zwrot*` any word that begins so,
//! `=zwrot` this form alone.

use super::normal::Normal;

/// Words in one phrase.
pub(super) const PHRASE_WORDS_MAX: usize = 8;
/// Characters that must stand before `*`: fewer would be half the dictionary.
const PREFIX_CHARS_MIN: usize = 3;

/// Which words of a text are meant by a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tolerance {
    /// This form: `=word`.
    Exact,
    /// Its inflected forms.
    Inflected,
    /// Whatever begins so: `word*`.
    Prefix,
}

/// Consecutive words, at least one, in the form of [`super::normal`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Phrase(Vec<(String, Tolerance)>);

/// Why something is no phrase.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum PhraseError {
    #[error("a word with a letter, a digit or an emoji")]
    Empty,
    #[error("at most {PHRASE_WORDS_MAX} words")]
    TooLong,
    #[error("`*` at the end of a word of at least {PREFIX_CHARS_MIN} characters")]
    Star,
    #[error("either `=` before a word or `*` behind it")]
    Both,
}

impl Phrase {
    pub(super) fn parse(text: &str) -> Result<Self, PhraseError> {
        let mut words = Vec::new();
        for piece in text.split_whitespace() {
            piece_of(piece, &mut words)?;
        }
        match words.len() {
            0 => Err(PhraseError::Empty),
            1..=PHRASE_WORDS_MAX => Ok(Self(words)),
            _ => Err(PhraseError::TooLong),
        }
    }

    pub(super) fn words(&self) -> &[(String, Tolerance)] {
        &self.0
    }
}

/// What stands between spaces may be several words: `e-mail`.
fn piece_of(piece: &str, words: &mut Vec<(String, Tolerance)>) -> Result<(), PhraseError> {
    let exact = piece.strip_prefix('=').filter(|rest| rest.starts_with(char::is_alphanumeric));
    let prefix = piece.strip_suffix('*');
    let (core, tolerance) = match (exact, prefix) {
        (Some(_), Some(_)) => return Err(PhraseError::Both),
        (Some(core), None) => (core, Tolerance::Exact),
        (None, Some(core)) => (core, Tolerance::Prefix),
        (None, None) => (piece, Tolerance::Inflected),
    };
    if core.contains('*') {
        return Err(PhraseError::Star);
    }
    let normal = Normal::of(core);
    if normal.len() == 0 {
        return Err(PhraseError::Empty);
    }
    for word in 0..normal.len() {
        let last = word + 1 == normal.len();
        let tolerance =
            if tolerance == Tolerance::Prefix && !last { Tolerance::Exact } else { tolerance };
        let text = normal.words(word, word + 1);
        if tolerance == Tolerance::Prefix && text.chars().count() < PREFIX_CHARS_MIN {
            return Err(PhraseError::Star);
        }
        words.push((text.to_owned(), tolerance));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Vec<(String, Tolerance)> {
        Phrase::parse(text).expect(text).words().to_vec()
    }

    #[test]
    fn a_writer_says_how_much_a_word_tolerates() {
        let word = |text: &str, tolerance| (text.to_owned(), tolerance);
        assert_eq!(
            parsed("Zwrot pieniędzy"),
            [word("zwrot", Tolerance::Inflected), word("pieniedzy", Tolerance::Inflected)]
        );
        assert_eq!(
            parsed("=Мало e-mail*"),
            [
                word("мало", Tolerance::Exact),
                word("e", Tolerance::Exact),
                word("mail", Tolerance::Prefix)
            ]
        );
        assert_eq!(parsed(":)"), parsed("🙂"));
    }

    #[test]
    fn what_would_match_nothing_or_everything_is_refused() {
        for (text, error) in [
            ("", PhraseError::Empty),
            ("!!! ...", PhraseError::Empty),
            ("*", PhraseError::Empty),
            ("a*", PhraseError::Star),
            ("zw*rot", PhraseError::Star),
            ("=zwrot*", PhraseError::Both),
            ("a b c d e f g h i", PhraseError::TooLong),
        ] {
            assert_eq!(Phrase::parse(text), Err(error), "{text}");
        }
    }
}
