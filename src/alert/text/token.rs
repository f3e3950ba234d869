//! From a template to its plain text and the words of its actions.

use super::error::Source;
use super::{Operand, TextError, literal};

/// What may stand where a value is expected, as errors say it.
pub(super) const VALUES: &str = "`$value`, `$labels.NAME`, `$externalLabels.NAME`, `.` or a string";

/// What an action may begin with, as errors say it.
pub(super) const COMMANDS: &str = "`$value`, `$labels.NAME`, `$externalLabels.NAME`, `.`, a \
    string, a function, `with`, `if`, `else` or `end`";

/// The variables, as errors list them.
const VARIABLES: &str = "`$value`, `$labels.NAME` or `$externalLabels.NAME`, with a NAME of ASCII \
    letters, digits and `_` that does not begin with a digit";

/// What Go takes for a space, between words and where text is trimmed.
const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

/// A part of a template.
#[derive(Debug)]
pub(super) enum Token {
    /// Text outside actions, already trimmed.
    Plain(String),
    /// What stands between `{{` and `}}`.
    Action(Action),
}

/// What stands between `{{` and `}}`.
#[derive(Debug)]
pub(super) struct Action {
    /// The byte at which `{{` stands.
    pub(super) start: usize,
    /// The byte at which `}}` or `-}}` stands.
    pub(super) end: usize,
    pub(super) words: Vec<Word>,
}

/// A word of an action.
#[derive(Debug)]
pub(super) struct Word {
    /// The byte at which it begins.
    pub(super) at: usize,
    pub(super) what: What,
}

/// What a word is.
#[derive(Debug)]
pub(super) enum What {
    /// `|`
    Pipe,
    /// A value.
    Operand(Operand),
    /// The name of a function, or `with`, `if`, `else`, `end`.
    Name(String),
}

/// All parts of a template.
pub(super) fn tokens(source: Source<'_>) -> Result<Vec<Token>, TextError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut trim = false;
    loop {
        let rest = source.from(at);
        let (plain, more) = match rest.split_once("{{") {
            Some((plain, more)) => (plain, Some(more)),
            None => (rest, None),
        };
        let start = at + plain.len();
        let mut shown = if trim { plain.trim_start_matches(SPACES) } else { plain };
        let marked = more.and_then(|more| more.strip_prefix('-'));
        let marked = marked.is_some_and(|more| more.starts_with(SPACES));
        if marked {
            shown = shown.trim_end_matches(SPACES);
        }
        if !shown.is_empty() {
            tokens.push(Token::Plain(shown.to_owned()));
        }
        if more.is_none() {
            return Ok(tokens);
        }
        let inside = start + "{{".len() + usize::from(marked);
        let mut reader = Reader { source, at: inside, words: Vec::new() };
        trim = reader.read()?;
        let close = if trim { "-}}" } else { "}}" };
        tokens.push(Token::Action(Action { start, end: reader.at, words: reader.words }));
        at = reader.at + close.len();
    }
}

/// Reads one action.
struct Reader<'t> {
    source: Source<'t>,
    /// The byte that is read next.
    at: usize,
    words: Vec<Word>,
}

impl<'t> Reader<'t> {
    /// Reads all words and stops before `}}` or `-}}`. Whether it is `-}}`: the text after it
    /// loses the spaces that it begins with.
    fn read(&mut self) -> Result<bool, TextError> {
        loop {
            let rest = self.source.from(self.at);
            let next = rest.trim_start_matches(SPACES);
            let spaces = rest.len() - next.len();
            self.at += spaces;
            if next.starts_with("}}") {
                return Ok(false);
            }
            if spaces > 0 && next.starts_with("-}}") {
                return Ok(true);
            }
            let Some(first) = next.chars().next() else {
                return Err(self.wrong("the end of the template", "`}}`"));
            };
            if first == '|' {
                self.push(What::Pipe, 1);
                continue;
            }
            let follows_word =
                self.words.last().is_some_and(|word| !matches!(word.what, What::Pipe));
            if follows_word && spaces == 0 {
                return Err(self.wrong(character(first), "a space, `|` or `}}`"));
            }
            self.word(first, next)?;
        }
    }

    /// Reads one word, which `rest` begins with.
    fn word(&mut self, first: char, rest: &'t str) -> Result<(), TextError> {
        match first {
            '"' => {
                let (text, length) = literal::quoted(self.source, self.at)?;
                self.push(What::Operand(Operand::Literal(text)), length);
            }
            '`' => {
                let (text, length) = literal::raw(self.source, self.at)?;
                self.push(What::Operand(Operand::Literal(text)), length);
            }
            '$' => {
                let word = run(rest, |letter| "$._".contains(letter) || letter.is_alphanumeric());
                let Some(operand) = variable(word) else {
                    return Err(self.wrong(format!("`{word}`"), VARIABLES));
                };
                self.push(What::Operand(operand), word.len());
            }
            '.' => {
                let word = run(rest, |letter| letter == '.' || is_letter(letter));
                if word != "." {
                    return Err(self.wrong(format!("`{word}`"), VALUES));
                }
                self.push(What::Operand(Operand::Dot), word.len());
            }
            'a'..='z' | 'A'..='Z' | '_' => {
                let word = run(rest, is_letter);
                self.push(What::Name(word.to_owned()), word.len());
            }
            '0'..='9' | '+' | '-' => {
                let word = run(rest, |letter| "+-.".contains(letter) || is_letter(letter));
                return Err(self.wrong(format!("`{word}`"), COMMANDS));
            }
            '/' if rest.starts_with("/*") => return Err(self.wrong("a comment", COMMANDS)),
            _ => return Err(self.wrong(character(first), COMMANDS)),
        }
        Ok(())
    }

    fn push(&mut self, what: What, length: usize) {
        self.words.push(Word { at: self.at, what });
        self.at += length;
    }

    fn wrong(&self, found: impl Into<String>, expected: impl Into<String>) -> TextError {
        self.source.wrong(self.at, found, expected)
    }
}

/// The value that a variable stands for, if there is such a variable.
fn variable(word: &str) -> Option<Operand> {
    if word == "$value" {
        return Some(Operand::Value);
    }
    let (variable, name) = word.split_once('.')?;
    let is_name =
        name.chars().all(is_letter) && !name.starts_with(|first: char| first.is_ascii_digit());
    match variable {
        _ if name.is_empty() || !is_name => None,
        "$labels" => Some(Operand::Label(name.to_owned())),
        "$externalLabels" => Some(Operand::External(name.to_owned())),
        _ => None,
    }
}

/// Whether a character may stand in a name.
fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// A character as errors name it.
fn character(character: char) -> String {
    if character.is_ascii_graphic() {
        return format!("`{character}`");
    }
    format!("the character U+{:04X}", u32::from(character))
}

/// What a text begins with, as long as its characters are of a kind.
fn run(text: &str, is: impl Fn(char) -> bool) -> &str {
    text.find(|letter| !is(letter)).and_then(|end| text.get(..end)).unwrap_or(text)
}
