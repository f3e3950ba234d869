//! A config as written: TOML with the line of every key, and variables laid over it.
//!
//! Knows nothing of what the keys mean; [`read`](super) gives them meaning.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Problem, Problems};
use super::{Environment, VARIABLE_PREFIX};

/// Where a key stands: a line of the file or a variable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Line in the file, from 1.
    pub line: Option<usize>,
    /// The variable that set it.
    pub variable: Option<String>,
}

/// Where all the keys of a config stand.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The config file's name, if there is a file.
    pub file: Option<String>,
    pub(super) keys: BTreeMap<String, Place>,
}

impl Places {
    /// The problem with its line, or with that of the nearest key around it.
    pub fn locate(&self, problem: Problem) -> Problem {
        if problem.file.is_some() || problem.variable.is_some() {
            return problem;
        }
        let mut key = problem.key.as_str();
        loop {
            if let Some(place) = self.keys.get(key) {
                return problem.clone().locate(self.file.as_deref(), place);
            }
            match key.rsplit_once('.') {
                Some((outer, _)) => key = outer,
                None => return problem.clone().locate(self.file.as_deref(), &Place::default()),
            }
        }
    }
}

/// A value and where its key stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: Value,
}

/// A TOML value.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Moment(String),
    List(Vec<Node>),
    Table(Table),
}

pub(super) type Table = BTreeMap<String, Node>;

impl Value {
    /// What it is, for "found …"; the value itself where it is short.
    pub(super) fn describe(&self) -> String {
        match self {
            Value::Text(text) => format!("found {text:?}"),
            Value::Integer(number) => format!("found {number}"),
            Value::Float(number) => format!("found {number}"),
            Value::Boolean(flag) => format!("found {flag}"),
            Value::Moment(moment) => format!("found {moment}"),
            Value::List(_) => "found a list".to_owned(),
            Value::Table(_) => "found a table".to_owned(),
        }
    }

    /// The same as JSON, as plugins get their settings.
    pub(super) fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Text(text) | Value::Moment(text) => text.as_str().into(),
            Value::Integer(number) => (*number).into(),
            Value::Float(number) => (*number).into(),
            Value::Boolean(flag) => (*flag).into(),
            Value::List(items) => items.iter().map(|item| item.value.to_json()).collect(),
            Value::Table(table) => table_to_json(table),
        }
    }
}

/// A table as a JSON object.
pub(super) fn table_to_json(table: &Table) -> serde_json::Value {
    table.iter().map(|(key, node)| (key.clone(), node.value.to_json())).collect()
}

/// Reads TOML. Its syntax errors come alone: what a broken line means cannot be judged.
pub(super) fn parse(text: &str, file: &str) -> Result<Table, Problems> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(convert_table(table.get_ref(), &Lines::new(text)));
    }
    let lines = Lines::new(text);
    let problems = errors.iter().map(|error| Problem {
        line: error.span().map(|span| lines.of(span.start)),
        ..Problem::in_file(file, &format!("no TOML: {}", error.message()), "")
    });
    Err(Problems::from(problems.collect::<Vec<_>>()))
}

/// Ends of lines, to turn offsets into line numbers.
pub struct Lines(Vec<usize>);

impl Lines {
    /// Those of a text.
    pub fn new(text: &str) -> Self {
        Self(text.match_indices('\n').map(|(at, _)| at).collect())
    }

    /// The line in which a byte stands, from 1.
    pub fn of(&self, offset: usize) -> usize {
        self.0.partition_point(|newline| *newline < offset) + 1
    }
}

fn convert_table(table: &DeTable<'_>, lines: &Lines) -> Table {
    let convert = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let key: &Spanned<std::borrow::Cow<'_, str>> = key;
        let line = Some(lines.of(key.span().start));
        let node = Node {
            place: Place { line, variable: None },
            value: convert_value(value.get_ref(), lines),
        };
        (key.get_ref().to_string(), node)
    };
    table.iter().map(convert).collect()
}

fn convert_value(value: &DeValue<'_>, lines: &Lines) -> Value {
    match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::Text(number.as_str().to_owned()), Value::Integer),
        DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Value::Boolean(*flag),
        DeValue::Datetime(moment) => Value::Moment(moment.to_string()),
        DeValue::Array(items) => Value::List(
            items
                .iter()
                .map(|item| Node {
                    place: Place { line: Some(lines.of(item.span().start)), variable: None },
                    value: convert_value(item.get_ref(), lines),
                })
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(convert_table(table, lines)),
    }
}

/// Lays the variables over the file's table; a variable wins.
pub(super) fn overlay(table: &mut Table, environment: &Environment) {
    for (key, text) in &environment.settings {
        let variable = format!("{VARIABLE_PREFIX}{}", key.replace('.', "__").to_ascii_uppercase());
        let place = Place { line: None, variable: Some(variable) };
        // figment's syntax for values: numbers, booleans, [lists], {tables}, else text.
        let value = match text.parse::<figment::value::Value>() {
            Ok(value) => convert_variable(value, text, &place),
            Err(never) => match never {},
        };
        let steps: Vec<&str> = key.split('.').collect();
        set(table, &steps, Node { place, value });
    }
}

fn set(table: &mut Table, steps: &[&str], node: Node) {
    let [step, rest @ ..] = steps else { return };
    // Variables are upper-case and know no dash: the file's spelling of a name is kept.
    let same = |name: &str| name.to_ascii_lowercase().replace('-', "_") == *step;
    let key = table.keys().find(|name| same(name)).cloned().unwrap_or_else(|| (*step).to_owned());
    if rest.is_empty() {
        table.insert(key, node);
        return;
    }
    let place = node.place.clone();
    let inner =
        table.entry(key).or_insert_with(|| Node { place, value: Value::Table(Table::new()) });
    if let Value::Table(inner) = &mut inner.value {
        set(inner, rest, node);
    } else {
        // The file holds a plain value where the variable needs a table: the variable wins.
        let mut fresh = Table::new();
        set(&mut fresh, rest, node);
        inner.value = Value::Table(fresh);
    }
}

fn convert_variable(value: figment::value::Value, text: &str, place: &Place) -> Value {
    use figment::value::Value as Given;
    let node = |value| Node { place: place.clone(), value: convert_variable(value, text, place) };
    match value {
        Given::String(_, text) => Value::Text(text),
        Given::Char(_, letter) => Value::Text(letter.to_string()),
        Given::Bool(_, flag) => Value::Boolean(flag),
        Given::Num(_, number) => {
            let whole = number.to_i128().or_else(|| number.to_u128()?.try_into().ok());
            match (whole.map(i64::try_from), number.to_f64()) {
                (Some(Ok(whole)), _) => Value::Integer(whole),
                (_, Some(fraction)) => Value::Float(fraction),
                _ => Value::Text(text.to_owned()),
            }
        }
        Given::Empty(..) => Value::Text(String::new()),
        Given::Dict(_, table) => {
            Value::Table(table.into_iter().map(|(key, value)| (key, node(value))).collect())
        }
        Given::Array(_, items) => Value::List(items.into_iter().map(node).collect()),
    }
}
