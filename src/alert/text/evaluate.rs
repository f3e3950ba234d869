//! From a parsed template and one alert to the text that is shown.

use std::rc::Rc;

use super::{
    About, Call, Command, Function, Kind, Kinds, Labels, Node, Operand, Piece, Pipeline, Sample,
    TextError, number, quote,
};

/// How many bytes a text may have, and each string that is computed for it. Without a limit a short
/// template could ask for more memory than there is, by doubling a string again and again.
pub(super) const LENGTH_MAX: usize = 1 << 20;

/// The text that nodes show.
pub(super) fn render(
    nodes: &[Node],
    about: &About<'_>,
    query: &mut dyn FnMut(&str) -> Result<Vec<Sample>, String>,
) -> Result<String, TextError> {
    let mut shown = Shown(String::new());
    Renderer { about, query }.nodes(nodes, None, &mut shown)?;
    Ok(shown.0)
}

/// A value while a text is rendered.
#[derive(Clone, Debug)]
enum Value {
    String(String),
    Number(f64),
    Samples(Rc<[Sample]>),
    Sample(Rc<Sample>),
}

impl Value {
    fn kind(&self) -> Kind {
        match self {
            Value::String(_) => Kind::String,
            Value::Number(_) => Kind::Number,
            Value::Samples(_) => Kind::Samples,
            Value::Sample(_) => Kind::Sample,
        }
    }

    /// Whether `with` and `if` take it for true. NaN is true: it is not zero.
    fn is_true(&self) -> bool {
        match self {
            Value::String(text) => !text.is_empty(),
            Value::Number(number) => *number != 0.0,
            Value::Samples(samples) => !samples.is_empty(),
            Value::Sample(_) => true,
        }
    }

    /// What an action shows of it.
    fn shown(self) -> Result<String, TextError> {
        match self {
            Value::String(text) => Ok(text),
            Value::Number(number) => Ok(number::shortest(number)),
            other => Err(other.unlike(Kinds::SHOWN)),
        }
    }

    fn string(self) -> Result<String, TextError> {
        match self {
            Value::String(text) => Ok(text),
            other => Err(other.unlike(Kinds::STRING)),
        }
    }

    /// The number that a function is given; it may be given as a string too.
    fn number(self, function: &'static str) -> Result<f64, TextError> {
        match self {
            Value::Number(number) => Ok(number),
            Value::String(text) => match number::parsed(&text) {
                Some(number) => Ok(number),
                None => Err(TextError::NotNumber { function, found: text }),
            },
            other => Err(other.unlike(Kinds::SHOWN)),
        }
    }

    fn samples(self) -> Result<Rc<[Sample]>, TextError> {
        match self {
            Value::Samples(samples) => Ok(samples),
            other => Err(other.unlike(Kinds::SAMPLES)),
        }
    }

    fn sample(self) -> Result<Rc<Sample>, TextError> {
        match self {
            Value::Sample(sample) => Ok(sample),
            other => Err(other.unlike(Kinds::SAMPLE)),
        }
    }

    fn unlike(&self, expected: Kinds) -> TextError {
        TextError::Kind { found: self.kind().name(), expected: expected.name }
    }
}

/// A text that does not become longer than is allowed.
struct Shown(String);

impl Shown {
    fn push(&mut self, text: &str) -> Result<(), TextError> {
        if self.0.len().saturating_add(text.len()) > LENGTH_MAX {
            return Err(TextError::TooLong { max: LENGTH_MAX });
        }
        self.0.push_str(text);
        Ok(())
    }
}

struct Renderer<'r, 'q> {
    about: &'r About<'r>,
    query: &'r mut (dyn FnMut(&str) -> Result<Vec<Sample>, String> + 'q),
}

impl Renderer<'_, '_> {
    /// Shows nodes. They stand in each other only as deep as parsing allowed.
    fn nodes(
        &mut self,
        nodes: &[Node],
        dot: Option<&Value>,
        shown: &mut Shown,
    ) -> Result<(), TextError> {
        for node in nodes {
            match node {
                Node::Plain(text) => shown.push(text)?,
                Node::Show(pipeline) => shown.push(&self.pipeline(pipeline, dot)?.shown()?)?,
                Node::Choice { sets_dot, condition, then, otherwise } => {
                    let value = self.pipeline(condition, dot)?;
                    if !value.is_true() {
                        self.nodes(otherwise, dot, shown)?;
                    } else if *sets_dot {
                        self.nodes(then, Some(&value), shown)?;
                    } else {
                        self.nodes(then, dot, shown)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: Option<&Value>) -> Result<Value, TextError> {
        let mut value = match &pipeline.first {
            Command::Operand(named) => operand(self.about, named, dot)?,
            Command::Call(call) => self.call(call, None, dot)?,
        };
        for call in &pipeline.then {
            value = self.call(call, Some(value), dot)?;
        }
        Ok(value)
    }

    /// Calls a function. `piped` is the value before `|`: its last argument.
    fn call(
        &mut self,
        call: &Call,
        piped: Option<Value>,
        dot: Option<&Value>,
    ) -> Result<Value, TextError> {
        let about = self.about;
        let mut named = call.arguments.iter();
        let mut piped = piped;
        let missing = TextError::Kind { found: "no value", expected: "a value for each argument" };
        let mut next = || match named.next() {
            Some(named) => operand(about, named, dot),
            None => piped.take().ok_or(missing.clone()),
        };
        let mut shown = Shown(String::new());
        match &call.function {
            Function::Humanize(style) => {
                shown.push(&style.show(next()?.number(style.name())?))?;
            }
            Function::UrlQuery => shown.push(&quote::url_query(&next()?.shown()?))?,
            Function::Query => return self.query(next()?.string()?),
            Function::First => {
                let first = next()?.samples()?.first().cloned();
                return Ok(Value::Sample(Rc::new(first.ok_or(TextError::NoSample)?)));
            }
            Function::Value => return Ok(Value::Number(next()?.sample()?.value)),
            Function::Label => {
                let name = next()?.string()?;
                if let Some(text) = next()?.sample()?.labels.get(&name) {
                    shown.push(text)?;
                }
            }
            Function::Printf(pieces) => {
                for piece in pieces {
                    match piece {
                        Piece::Plain(text) => shown.push(text)?,
                        Piece::Quoted => shown.push(&quote::quoted(&next()?.string()?))?,
                        Piece::String => shown.push(&next()?.string()?)?,
                        Piece::Shown => shown.push(&next()?.shown()?)?,
                    }
                }
            }
        }
        Ok(Value::String(shown.0))
    }

    fn query(&mut self, expression: String) -> Result<Value, TextError> {
        match (self.query)(&expression) {
            Ok(samples) => Ok(Value::Samples(samples.into())),
            Err(why) => Err(TextError::Query { expression, why }),
        }
    }
}

/// The value of an operand. `dot` is the value of the `with` around it.
fn operand(about: &About<'_>, operand: &Operand, dot: Option<&Value>) -> Result<Value, TextError> {
    let label = |labels: &Labels, name| labels.get(name).cloned().unwrap_or_default();
    Ok(match operand {
        Operand::Literal(text) => Value::String(text.clone()),
        Operand::Label(name) => Value::String(label(about.labels, name)),
        Operand::External(name) => Value::String(label(about.external, name)),
        Operand::Value => Value::Number(about.value),
        Operand::Dot => {
            let none = TextError::Kind { found: "`.` outside `with`", expected: "a value" };
            dot.cloned().ok_or(none)?
        }
    })
}
