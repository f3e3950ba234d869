//! The annotations of alert rules: texts with actions of Go's templates in them, rendered as
//! Prometheus renders them.
//!
//! Of the template language only what alert rules commonly use is understood: plain text; `$value`,
//! `$labels.NAME`, `$externalLabels.NAME` and `.`; strings; pipelines of the functions `humanize`,
//! `humanize1024`, `humanizeDuration`, `humanizePercentage`, `urlquery`, `query`, `first`, `value`,
//! `label` and `printf`; `with` and `if` with `else` and `end`; the trim markers `{{-` and `-}}`.
//! Everything else is refused when a text is parsed. The kind of each value (string, number, list
//! of samples, sample) is known then too, so a function that is given a wrong kind is also found
//! then, not when the alert fires.

mod error;
mod evaluate;
mod literal;
mod number;
mod parse;
mod quote;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use error::TextError;

use super::evaluate::Sample;
use super::history::Labels;

/// What the text of an annotation is about: one alert.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    /// `$labels`: the labels of the sample that the rule's expression returned.
    pub(crate) labels: &'a Labels,
    /// `$value`: the value of that sample.
    pub(crate) value: f64,
    /// `$externalLabels`: the labels that the server adds to everything it sends.
    pub(crate) external: &'a Labels,
}

/// The text of one annotation, parsed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Text(Vec<Node>);

impl Text {
    /// Reads a template.
    ///
    /// # Errors
    ///
    /// When something stands in it that is not understood, with its place and what may stand there.
    pub(crate) fn parse(template: &str) -> Result<Self, TextError> {
        parse::template(template).map(Text)
    }

    /// The text for one alert. `query` evaluates an expression as of now.
    ///
    /// # Errors
    ///
    /// When a query fails, when `first` is given an empty list, when a string that has to be a
    /// number is none, and when the text becomes longer than any annotation should be.
    pub(crate) fn render(
        &self,
        about: &About<'_>,
        query: &mut dyn FnMut(&str) -> Result<Vec<Sample>, String>,
    ) -> Result<String, TextError> {
        evaluate::render(&self.0, about, query)
    }
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
enum Node {
    /// Text that stands in the template as it is shown.
    Plain(String),
    /// An action that shows a value.
    Show(Pipeline),
    /// `{{ with … }}` or `{{ if … }}` up to its `{{ end }}`.
    Choice {
        /// Whether `.` is the value of the condition inside `then`: so with `with`, not with `if`.
        sets_dot: bool,
        condition: Pipeline,
        then: Vec<Node>,
        otherwise: Vec<Node>,
    },
}

/// Commands that stand with `|` between them. The value of each is the last argument of the next.
#[derive(Clone, Debug, PartialEq)]
struct Pipeline {
    first: Command,
    then: Vec<Call>,
}

/// The first command of a pipeline.
#[derive(Clone, Debug, PartialEq)]
enum Command {
    Operand(Operand),
    Call(Call),
}

/// A function with the arguments that stand after its name.
#[derive(Clone, Debug, PartialEq)]
struct Call {
    function: Function,
    arguments: Vec<Operand>,
}

/// A value that is not computed.
#[derive(Clone, Debug, PartialEq)]
enum Operand {
    /// A string in quotes.
    Literal(String),
    /// `$labels.NAME`
    Label(String),
    /// `$externalLabels.NAME`
    External(String),
    /// `$value`
    Value,
    /// `.`: the value of the `with` around it.
    Dot,
}

/// What can be called.
#[derive(Clone, Debug, PartialEq)]
enum Function {
    /// One of the functions that make numbers readable.
    Humanize(number::Style),
    /// `urlquery`: escapes a value for the query part of a URL.
    UrlQuery,
    /// `query`: the samples that an expression returns.
    Query,
    /// `first`: the first sample of a list.
    First,
    /// `value`: the value of a sample.
    Value,
    /// `label`: the label of a sample with this name.
    Label,
    /// `printf`: its format is read when the template is parsed.
    Printf(Vec<Piece>),
}

/// A part of the format of `printf`.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    /// Text that is shown as it is.
    Plain(String),
    /// `%q`: a string in Go's quotes.
    Quoted,
    /// `%s`: a string.
    String,
    /// `%v`: a string or a number, as an action shows it.
    Shown,
}

impl Piece {
    /// The kinds of the argument that it shows; none for text.
    fn takes(&self) -> Option<Kinds> {
        match self {
            Piece::Plain(_) => None,
            Piece::Quoted | Piece::String => Some(Kinds::STRING),
            Piece::Shown => Some(Kinds::SHOWN),
        }
    }
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    String,
    Number,
    Samples,
    Sample,
}

impl Kind {
    /// What it is called in errors.
    fn name(self) -> &'static str {
        match self {
            Kind::String => "a string",
            Kind::Number => "a number",
            Kind::Samples => "a list of samples",
            Kind::Sample => "a sample",
        }
    }
}

/// Kinds that one place takes, with what they are called in errors.
#[derive(Clone, Copy, Debug)]
struct Kinds {
    kinds: &'static [Kind],
    name: &'static str,
}

impl Kinds {
    const STRING: Kinds = Kinds { kinds: &[Kind::String], name: "a string" };
    const SAMPLES: Kinds =
        Kinds { kinds: &[Kind::Samples], name: "a list of samples, as `query` returns it" };
    const SAMPLE: Kinds = Kinds { kinds: &[Kind::Sample], name: "a sample, as `first` returns it" };
    const SHOWN: Kinds =
        Kinds { kinds: &[Kind::String, Kind::Number], name: "a string or a number" };
}

impl Function {
    /// The names of all functions, as errors list them.
    const NAMES: &str = "`humanize`, `humanize1024`, `humanizeDuration`, `humanizePercentage`, \
        `urlquery`, `query`, `first`, `value`, `label` or `printf`";

    /// The function of a name other than `printf`, which needs its format.
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "urlquery" => Function::UrlQuery,
            "query" => Function::Query,
            "first" => Function::First,
            "value" => Function::Value,
            "label" => Function::Label,
            _ => Function::Humanize(number::Style::named(name)?),
        })
    }

    /// The kinds of its arguments in their order, the value before `|` last.
    fn takes(&self) -> Vec<Kinds> {
        match self {
            Function::Humanize(_) | Function::UrlQuery => vec![Kinds::SHOWN],
            Function::Query => vec![Kinds::STRING],
            Function::First => vec![Kinds::SAMPLES],
            Function::Value => vec![Kinds::SAMPLE],
            Function::Label => vec![Kinds::STRING, Kinds::SAMPLE],
            Function::Printf(pieces) => pieces.iter().filter_map(Piece::takes).collect(),
        }
    }

    /// The kind of what it returns.
    fn returns(&self) -> Kind {
        match self {
            Function::Humanize(_) | Function::UrlQuery | Function::Label | Function::Printf(_) => {
                Kind::String
            }
            Function::Query => Kind::Samples,
            Function::First => Kind::Sample,
            Function::Value => Kind::Number,
        }
    }
}
