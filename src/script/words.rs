//! A line as words, each with its place, so that a mistake can be pointed at.

use super::mistake::Fault;

/// A word of a line. Quoted, it is a name and never a keyword.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) quoted: bool,
    /// A comma follows: the list goes on.
    pub(super) comma: bool,
    /// Columns, from 0, the second one past the end.
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Word {
    /// Whether it is that keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        !self.quoted && self.text == keyword
    }

    /// A mistake at this word.
    pub(super) fn fault(&self, what: impl Into<String>, hint: impl Into<String>) -> Fault {
        Fault { from: self.from, to: self.to, what: what.into(), hint: hint.into() }
    }
}

/// A place in a line.
#[derive(Clone)]
pub(super) struct Cursor {
    chars: Vec<char>,
    at: usize,
}

impl Cursor {
    pub(super) fn new(line: &str) -> Self {
        Cursor { chars: line.chars().collect(), at: 0 }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// The place, as a mistake there.
    pub(super) fn fault(&self, what: impl Into<String>, hint: impl Into<String>) -> Fault {
        Fault { from: self.at, to: self.at + 1, what: what.into(), hint: hint.into() }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// Passes that character, if it is the next one.
    pub(super) fn pass(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        self.at += usize::from(there);
        there
    }

    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let text: String = self.chars[self.at..].iter().take_while(|c| wanted(**c)).collect();
        self.at += text.chars().count();
        text
    }

    /// The text between the quote that comes next and the one after it.
    pub(super) fn quoted(&mut self) -> Result<String, Fault> {
        let from = self.at;
        self.at += 1;
        let text = self.take_while(|c| c != '"');
        if self.pass('"') {
            return Ok(text);
        }
        let what = "the quote is not closed".to_owned();
        Err(Fault { from, to: self.at, what, hint: "put a \" after the name".to_owned() })
    }

    /// The next word; none at the end of the line or before its comment.
    pub(super) fn word(&mut self) -> Result<Option<Word>, Fault> {
        self.skip_blanks();
        let from = self.at;
        let (text, quoted) = match self.peek() {
            None | Some('#') => return Ok(None),
            Some('"') => (self.quoted()?, true),
            Some(_) => (self.take_while(|c| !c.is_whitespace()), false),
        };
        let to = self.at;
        let bare = text.strip_suffix(',').filter(|bare| !quoted && !bare.is_empty());
        let comma = bare.is_some() || (quoted && self.pass(','));
        if quoted && self.peek().is_some_and(|c| !c.is_whitespace()) {
            return Err(self.fault("a name ends at its quote", "put a blank after it"));
        }
        let to = to - usize::from(bare.is_some());
        let text = bare.map_or(text.clone(), str::to_owned);
        Ok(Some(Word { text, quoted, comma, from, to }))
    }

    /// All words up to the end.
    pub(super) fn words(&mut self) -> Result<Vec<Word>, Fault> {
        std::iter::from_fn(|| self.word().transpose()).collect()
    }

    /// What is left, without the comment. Its column comes first.
    pub(super) fn rest(&mut self) -> (usize, String) {
        self.skip_blanks();
        let from = self.at;
        let text: String = self.chars[self.at..].iter().collect();
        self.at = self.chars.len();
        let end = if text.starts_with('#') { 0 } else { text.find(" #").unwrap_or(text.len()) };
        (from, text[..end].trim_end().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_their_places_and_comments_are_none() {
        let words = Cursor::new("09:00 tagged \"late parcel\", refund  # two").words();
        let words = words.expect("words");
        let texts: Vec<_> = words.iter().map(|word| (word.text.as_str(), word.comma)).collect();
        let all = [("09:00", false), ("tagged", false), ("late parcel", true), ("refund", false)];
        assert_eq!(texts, all);
        assert_eq!((words[1].from, words[1].to), (6, 12));
        assert!(words[2].quoted && !words[2].is("late parcel"));
    }

    #[test]
    fn an_open_quote_is_pointed_at() {
        let fault = Cursor::new("call \"1 queued").words().expect_err("a fault");
        assert_eq!((fault.from, fault.to), (5, 14));
    }
}
