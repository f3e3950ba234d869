//! From the words of a template to what is rendered, with the kind of each value checked.

use std::vec::IntoIter;

use super::error::Source;
use super::token::{self, Action, COMMANDS, Token, VALUES, What, Word};
use super::{Call, Command, Function, Kind, Kinds, Node, Operand, Piece, Pipeline, TextError};

/// How deep `with` and `if` may stand in each other. Reading and rendering a template goes as deep.
pub(super) const DEPTH_MAX: usize = 32;

/// Reads a whole template.
pub(super) fn template(template: &str) -> Result<Vec<Node>, TextError> {
    let source = Source(template);
    let mut parser = Parser { source, tokens: token::tokens(source)?.into_iter() };
    parser.nodes(None, &[]).map(|(nodes, _)| nodes)
}

/// A `with` or `if` that is being read.
#[derive(Clone, Copy)]
struct Block {
    /// The byte at which its `{{` stands.
    start: usize,
    /// `with` or `if`.
    word: &'static str,
    /// Whether its `{{ else }}` was read.
    has_else: bool,
}

/// What ended a row of nodes.
enum Stop {
    Else,
    End,
    Template,
}

struct Parser<'t> {
    source: Source<'t>,
    tokens: IntoIter<Token>,
}

impl Parser<'_> {
    /// Reads nodes up to the `{{ else }}` or `{{ end }}` of the last of the blocks around them, or
    /// up to the end of the template outside all. `dot` is the kind of `.` in them.
    fn nodes(
        &mut self,
        dot: Option<Kind>,
        blocks: &[Block],
    ) -> Result<(Vec<Node>, Stop), TextError> {
        let mut nodes = Vec::new();
        while let Some(token) = self.tokens.next() {
            let action = match token {
                Token::Plain(text) => {
                    nodes.push(Node::Plain(text));
                    continue;
                }
                Token::Action(action) => action,
            };
            let word = match action.words.first() {
                Some(Word { what: What::Name(name), .. }) => name.as_str(),
                _ => "",
            };
            match word {
                "with" => nodes.push(self.choice("with", &action, dot, blocks)?),
                "if" => nodes.push(self.choice("if", &action, dot, blocks)?),
                "else" | "end" => return Ok((nodes, self.stop(word, &action, blocks)?)),
                "range" | "define" | "template" | "block" | "break" | "continue" => {
                    return Err(self.source.wrong(action.start, format!("`{word}`"), COMMANDS));
                }
                _ => {
                    let expression = Expression { source: self.source, dot };
                    let (pipeline, kind) =
                        expression.pipeline(&action.words, action.end, COMMANDS)?;
                    expression.check(action.start, kind, Kinds::SHOWN)?;
                    nodes.push(Node::Show(pipeline));
                }
            }
        }
        if let Some(block) = blocks.last() {
            let (word, at) = (block.word, self.source.place(block.start));
            let expected = format!("`{{{{ end }}}}` of the `{word}` at character {at}");
            return Err(self.source.wrong(
                self.source.0.len(),
                "the end of the template",
                expected,
            ));
        }
        Ok((nodes, Stop::Template))
    }

    /// Reads a `with` or `if` up to its `{{ end }}`.
    fn choice(
        &mut self,
        word: &'static str,
        action: &Action,
        dot: Option<Kind>,
        blocks: &[Block],
    ) -> Result<Node, TextError> {
        if blocks.len() >= DEPTH_MAX {
            let found = format!("`{word}` inside {DEPTH_MAX} others");
            return Err(self.source.wrong(action.start, found, "fewer around it"));
        }
        let expression = Expression { source: self.source, dot };
        let words = action.words.get(1..).unwrap_or_default();
        let expected = format!("{VALUES}, or a function");
        let (condition, kind) = expression.pipeline(words, action.end, &expected)?;
        let sets_dot = word == "with";
        let mut blocks = blocks.to_vec();
        blocks.push(Block { start: action.start, word, has_else: false });
        let (then, stop) = self.nodes(if sets_dot { Some(kind) } else { dot }, &blocks)?;
        let mut otherwise = Vec::new();
        if matches!(stop, Stop::Else) {
            if let Some(block) = blocks.last_mut() {
                block.has_else = true;
            }
            (otherwise, _) = self.nodes(dot, &blocks)?;
        }
        Ok(Node::Choice { sets_dot, condition, then, otherwise })
    }

    /// Checks that `else` or `end` stands alone, in a block that it may end.
    fn stop(&self, word: &str, action: &Action, blocks: &[Block]) -> Result<Stop, TextError> {
        if let Some(extra) = action.words.get(1) {
            let found = format!("{} after `{word}`", extra.what.name());
            return Err(self.source.wrong(extra.at, found, "`}}`"));
        }
        let found = |which| format!("{which} `{{{{ {word} }}}}`");
        match blocks.last() {
            None => Err(self.source.wrong(
                action.start,
                found("an"),
                "it only after a `with` or `if` that has no end yet",
            )),
            Some(_) if word == "end" => Ok(Stop::End),
            Some(block) if block.has_else => {
                Err(self.source.wrong(action.start, found("a second"), "`{{ end }}`"))
            }
            Some(_) => Ok(Stop::Else),
        }
    }
}

/// Reads the pipelines of a place in the template.
#[derive(Clone, Copy)]
struct Expression<'t> {
    source: Source<'t>,
    /// The kind of `.` there; none outside `with`.
    dot: Option<Kind>,
}

impl Expression<'_> {
    /// Reads commands with `|` between them, up to the byte `end`, and the kind of their value.
    /// `expected` is what may stand first, for errors.
    fn pipeline(
        self,
        words: &[Word],
        end: usize,
        expected: &str,
    ) -> Result<(Pipeline, Kind), TextError> {
        let is_pipe = |word: &Word| matches!(word.what, What::Pipe);
        let mut stages = words.split(is_pipe);
        let mut ends = words.iter().filter(|word| is_pipe(word)).map(|word| word.at);
        let stage = stages.next().unwrap_or_default();
        let (first, mut kind) = self.first(stage, ends.next().unwrap_or(end), expected)?;
        let mut then = Vec::new();
        for stage in stages {
            let end = ends.next().unwrap_or(end);
            let expected = format!("one of the functions {}", Function::NAMES);
            let call = match stage {
                [Word { at, what: What::Name(name) }, arguments @ ..] => {
                    self.call(*at, name, arguments, Some(kind))?
                }
                [word, ..] => {
                    let found = format!("{} after `|`", word.what.name());
                    return Err(self.source.wrong(word.at, found, expected));
                }
                [] => return Err(self.source.wrong(end, "nothing after `|`", expected)),
            };
            kind = call.function.returns();
            then.push(call);
        }
        Ok((Pipeline { first, then }, kind))
    }

    /// Reads the first command of a pipeline, and the kind of its value.
    fn first(
        self,
        words: &[Word],
        end: usize,
        expected: &str,
    ) -> Result<(Command, Kind), TextError> {
        match words {
            [Word { at, what: What::Operand(operand) }] => {
                Ok((Command::Operand(operand.clone()), self.kind(*at, operand)?))
            }
            [Word { what: What::Operand(_), .. }, extra, ..] => {
                let found = format!("{} after a value", extra.what.name());
                Err(self.source.wrong(extra.at, found, "`|` or `}}`"))
            }
            [Word { at, what: What::Name(name) }, arguments @ ..] => {
                let call = self.call(*at, name, arguments, None)?;
                let kind = call.function.returns();
                Ok((Command::Call(call), kind))
            }
            _ => Err(self.source.wrong(end, "nothing", expected)),
        }
    }

    /// Reads the call of a function. `piped` is the kind of the value before `|`.
    fn call(
        self,
        at: usize,
        name: &str,
        words: &[Word],
        piped: Option<Kind>,
    ) -> Result<Call, TextError> {
        let (function, words) = if name == "printf" {
            self.printf(at, words)?
        } else {
            let Some(function) = Function::named(name) else {
                let found = format!("`{name}`");
                let expected = format!("one of the functions {}", Function::NAMES);
                return Err(self.source.wrong(at, found, expected));
            };
            (function, words)
        };
        let mut arguments = Vec::new();
        let mut given = Vec::new();
        for word in words {
            let What::Operand(operand) = &word.what else {
                let found = format!("{} as an argument of `{name}`", word.what.name());
                return Err(self.source.wrong(word.at, found, VALUES));
            };
            given.push((word.at, self.kind(word.at, operand)?));
            arguments.push(operand.clone());
        }
        given.extend(piped.map(|kind| (at, kind)));
        let takes = function.takes();
        if takes.len() != given.len() {
            let found = format!("{} for `{name}`", values(given.len()));
            return Err(self.source.wrong(at, found, values(takes.len())));
        }
        for ((at, kind), takes) in given.into_iter().zip(takes) {
            self.check(at, kind, takes)?;
        }
        Ok(Call { function, arguments })
    }

    /// Reads the format of `printf`, and returns the words after it.
    fn printf(self, at: usize, words: &[Word]) -> Result<(Function, &[Word]), TextError> {
        let Some((Word { at, what: What::Operand(Operand::Literal(format)) }, words)) =
            words.split_first()
        else {
            let found = words.first().map_or("nothing".to_owned(), |word| word.what.name());
            let at = words.first().map_or(at, |word| word.at);
            let found = format!("{found} after `printf`");
            return Err(self.source.wrong(at, found, "its format as a string in quotes"));
        };
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut letters = format.chars();
        while let Some(letter) = letters.next() {
            if letter != '%' {
                plain.push(letter);
                continue;
            }
            let piece = match letters.next() {
                Some('%') => {
                    plain.push('%');
                    continue;
                }
                Some('q') => Piece::Quoted,
                Some('s') => Piece::String,
                Some('v') => Piece::Shown,
                other => {
                    let verb: String = other.into_iter().collect();
                    let found = format!("`%{}` in the format", verb.escape_debug());
                    return Err(self.source.wrong(*at, found, "`%q`, `%s`, `%v` or `%%`"));
                }
            };
            if !plain.is_empty() {
                pieces.push(Piece::Plain(std::mem::take(&mut plain)));
            }
            pieces.push(piece);
        }
        if !plain.is_empty() {
            pieces.push(Piece::Plain(plain));
        }
        Ok((Function::Printf(pieces), words))
    }

    /// The kind of a value.
    fn kind(self, at: usize, operand: &Operand) -> Result<Kind, TextError> {
        match (operand, self.dot) {
            (Operand::Literal(_) | Operand::Label(_) | Operand::External(_), _) => Ok(Kind::String),
            (Operand::Value, _) => Ok(Kind::Number),
            (Operand::Dot, Some(kind)) => Ok(kind),
            (Operand::Dot, None) => {
                Err(self.source.wrong(at, "`.` outside `with`", "it only inside a `with`"))
            }
        }
    }

    /// Checks that a place takes a value.
    fn check(self, at: usize, kind: Kind, takes: Kinds) -> Result<(), TextError> {
        if takes.kinds.contains(&kind) {
            return Ok(());
        }
        Err(self.source.wrong(at, kind.name(), takes.name))
    }
}

impl What {
    /// What it is called in errors.
    fn name(&self) -> String {
        match self {
            What::Pipe => "`|`".to_owned(),
            What::Name(name) => format!("`{name}`"),
            What::Operand(Operand::Literal(_)) => "a string".to_owned(),
            What::Operand(Operand::Label(name)) => format!("`$labels.{name}`"),
            What::Operand(Operand::External(name)) => format!("`$externalLabels.{name}`"),
            What::Operand(Operand::Value) => "`$value`".to_owned(),
            What::Operand(Operand::Dot) => "`.`".to_owned(),
        }
    }
}

/// So many values, in words.
fn values(count: usize) -> String {
    match count {
        0 => "no value".to_owned(),
        1 => "1 value".to_owned(),
        _ => format!("{count} values"),
    }
}
