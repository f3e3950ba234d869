//! One spelling for what people write in many: the form in which texts and rules are compared.
//!
//! Lower case by Unicode; `ё` is `е`; Polish letters lose their marks, because many write without
//! them; apostrophes go (`don't` is `dont`); everything between words is one space. An emoji is a
//! word of its own, and the commonest emoticons are emojis.

use super::language::Letters;

/// A text as a space before and after each word, and what was learned on the way.
///
/// Holds a customer's words: it has no `Debug`, so that it cannot get into a log by accident.
#[derive(Default)]
pub(super) struct Normal {
    /// ` nie dziala aplikacja `
    text: String,
    /// Where the space before each word stands, and at last that behind the last one.
    starts: Vec<usize>,
    /// Words that begin a clause, rising: a negation does not reach over a comma.
    clauses: Vec<usize>,
    letters: Letters,
}

impl Normal {
    pub(super) fn of(text: &str) -> Self {
        let mut writer = Writer {
            normal: Self { text: String::with_capacity(text.len() + 2), ..Self::default() },
            in_word: false,
        };
        writer.normal.text.push(' ');
        let mut rest = text.chars();
        loop {
            let plain = writer.plain(rest.as_str());
            rest = rest.as_str()[plain..].chars();
            let Some(c) = rest.next() else { break };
            if let ':' | ';' | '=' = c
                && let Some((emoji, after)) = emoticon(rest.as_str())
            {
                writer.word_of(emoji);
                rest = after.chars();
                continue;
            }
            writer.put(c);
        }
        writer.end_word();
        let end = writer.normal.text.len() - 1;
        writer.normal.starts.push(end);
        writer.normal
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn letters(&self) -> Letters {
        self.letters
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// Where the space before a word stands.
    pub(super) fn start(&self, word: usize) -> usize {
        self.starts[word]
    }

    /// The words from one up to, not including, another.
    pub(super) fn words(&self, from: usize, to: usize) -> &str {
        &self.text[self.starts[from] + 1..self.starts[to]]
    }

    /// Whether a clause begins behind `from`, at `to` at the latest.
    pub(super) fn parted(&self, from: usize, to: usize) -> bool {
        let next = self.clauses.partition_point(|clause| *clause <= from);
        self.clauses.get(next).is_some_and(|clause| *clause <= to)
    }
}

struct Writer {
    normal: Normal,
    in_word: bool,
}

impl Writer {
    /// Takes the Latin letters and digits with which a text begins, which most texts are made of.
    /// Says how many bytes they are.
    fn plain(&mut self, text: &str) -> usize {
        let bytes = text.as_bytes();
        let length = bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        if length > 0 {
            self.begin_word();
            let start = self.normal.text.len();
            self.normal.text.push_str(&text[..length]);
            self.normal.text[start..].make_ascii_lowercase();
            if let Some(letter) = bytes[..length].iter().find(|byte| byte.is_ascii_alphabetic()) {
                self.normal.letters.note(char::from(letter.to_ascii_lowercase()));
            }
        }
        length
    }

    fn begin_word(&mut self) {
        if !self.in_word {
            self.in_word = true;
            self.normal.starts.push(self.normal.text.len() - 1);
        }
    }

    /// Takes a character that [`Writer::plain`] does not.
    fn put(&mut self, c: char) {
        match c {
            // Joined to the word: apostrophes, and characters without width.
            '\''
            | '`'
            | '´'
            | '‘'
            | '’'
            | 'ʼ'
            | '\u{ad}'
            | '\u{200b}'..='\u{200d}'
            | '\u{fe0f}'
            | '\u{feff}' => {}
            ',' | '.' | ';' | ':' | '!' | '?' | '\n' | '(' | ')' | '…' => {
                self.end_word();
                let next = self.normal.starts.len();
                if next > 0 && self.normal.clauses.last() != Some(&next) {
                    self.normal.clauses.push(next);
                }
            }
            '\u{300}'..='\u{36f}' => self.mark(c),
            'а'..='я' | 'ё' | 'є' | 'і' | 'ї' | 'ґ' => self.letter(c),
            'ą' | 'ć' | 'ę' | 'ł' | 'ń' | 'ó' | 'ś' | 'ź' | 'ż' => self.letter(c),
            _ if c.is_ascii() => self.end_word(),
            _ if c.is_alphanumeric() => c.to_lowercase().for_each(|lower| self.letter(lower)),
            _ if is_emoji(c) => self.word_of(c),
            _ => self.end_word(),
        }
    }

    fn letter(&mut self, lower: char) {
        self.begin_word();
        self.normal.letters.note(lower);
        if matches!(lower, '\u{300}'..='\u{36f}') {
            // Lower case of İ is two characters.
            return;
        }
        self.normal.text.push(match lower {
            'ё' => 'е',
            'ą' => 'a',
            'ć' => 'c',
            'ę' => 'e',
            'ł' => 'l',
            'ń' => 'n',
            'ó' => 'o',
            'ś' => 's',
            'ź' | 'ż' => 'z',
            plain => plain,
        });
    }

    /// A mark on the letter before, as some phones send it. Those of `й` and `ї` make a letter of
    /// its own, all others go the way of Polish marks.
    fn mark(&mut self, mark: char) {
        let whole = match (mark, self.normal.text.chars().next_back()) {
            ('\u{306}', Some('и')) => 'й',
            ('\u{308}', Some('і')) => 'ї',
            _ => return,
        };
        self.normal.text.pop();
        self.normal.text.push(whole);
    }

    fn end_word(&mut self) {
        if self.in_word {
            self.in_word = false;
            self.normal.text.push(' ');
        }
    }

    fn word_of(&mut self, emoji: char) {
        self.end_word();
        self.letter(emoji);
        self.end_word();
    }
}

/// What stands behind the eyes of an emoticon, as an emoji, and the rest of the text.
fn emoticon(behind_eyes: &str) -> Option<(char, &str)> {
    let face = behind_eyes.strip_prefix('-').unwrap_or(behind_eyes);
    let mut mouth = face.chars();
    let emoji = match mouth.next()? {
        ')' | 'D' => '🙂',
        '(' => '🙁',
        _ => return None,
    };
    // `a:Data` is no face.
    let next_is_letter = mouth.clone().next().is_some_and(char::is_alphanumeric);
    (!next_is_letter).then_some((emoji, mouth.as_str()))
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f300}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_text_are_one() {
        for (written, normal) in [
            ("Nie działa APLIKACJA!!!", " nie dziala aplikacja "),
            ("  Ещё раз:\tЁжик ", " еще раз ежик "),
            ("don't, don’t", " dont dont "),
            ("п'ять, об’єкт", " пять обєкт "),
            ("e-mail: a@b.pl", " e mail a b pl "),
            ("и\u{306}од і\u{308}жак o\u{301}w", " йод їжак ow "),
            ("so\u{ad}ft zero\u{200b}width", " soft zerowidth "),
            ("super👍👍ok", " super 👍 👍 ok "),
            ("thanks :) no :-( a:Data", " thanks 🙂 no 🙁 a data "),
            ("❤\u{fe0f}", " ❤ "),
            ("", " "),
            ("...", " "),
            ("İ", " i "),
        ] {
            assert_eq!(Normal::of(written).text(), normal, "{written}");
        }
    }

    #[test]
    fn words_are_found_by_number() {
        let normal = Normal::of("Dzień dobry, nie działa. Pomocy");
        assert_eq!(normal.len(), 5);
        assert_eq!(normal.words(0, 2), "dzien dobry");
        assert_eq!(normal.words(4, 5), "pomocy");
        assert_eq!(Normal::of("").len(), 0);
    }

    #[test]
    fn clauses_end_at_punctuation() {
        let normal = Normal::of("nie, dziękuję bardzo! ok");
        assert!(normal.parted(0, 1) && normal.parted(0, 2) && normal.parted(1, 3));
        assert!(!normal.parted(1, 2));
        assert!(!Normal::of("!!! nie dobrze").parted(0, 1));
    }
}
