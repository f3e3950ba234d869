//! What a board's text is to an editor: its tiles with their keys as JSON, where each stands, and what
//! the reader of boards has to say about it.

use serde::Serialize;
use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::blocks::heads;
use crate::board::file::{Board, Named};
use crate::board::unknown::Known;
use crate::config::document::Lines;

/// A text as an editor shows it.
#[derive(Debug, Default, Serialize)]
pub struct Draft {
    /// It can be shown on the grid: it is TOML, with tiles in sections of their own.
    pub is_whole: bool,
    /// The board's own keys.
    pub board: Map<String, Value>,
    /// Each tile's keys, in the order of the file.
    pub tiles: Vec<Map<String, Value>>,
    /// Where each begins, from 1.
    pub lines: Vec<usize>,
    /// What must be put right before it can be saved.
    pub problems: Vec<Remark>,
    /// What looks misspelt.
    pub doubts: Vec<Remark>,
}

/// A sentence about a place in the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// From 1; none about the whole.
    pub line: Option<usize>,
    /// The tile that stands there, from 0.
    pub tile: Option<usize>,
    /// What the reader says.
    pub text: String,
}

/// A text that was looked at.
pub struct Looked {
    /// For the editor.
    pub draft: Draft,
    /// As it would be shown, where it has no mistake.
    pub board: Option<Board>,
    /// The things of the site that it names.
    pub names: Vec<Named>,
}

/// Looks at the text of the board `id`, beside what the config names.
pub fn look(id: &str, text: &str, known: &Known) -> Looked {
    let (board, names) = Board::look(id, &format!("{id}.toml"), text);
    let mut draft = Draft::default();
    let (document, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        draft.take(text, &document);
    }
    let lines = draft.lines.clone();
    let remark = |line: Option<usize>, text: String| {
        let tile = line.and_then(|line| lines.iter().rposition(|first| *first <= line));
        Remark { line, tile, text }
    };
    if let Err(problems) = &board {
        let remarks = problems.iter().map(|it| remark(it.line, it.found.clone()));
        draft.problems = remarks.collect();
    }
    let doubts = names.iter().filter_map(|it| Some(remark(Some(it.line), known.doubt(it)?)));
    draft.doubts = doubts.collect();
    draft.doubts.dedup();
    Looked { draft, board: board.ok(), names }
}

impl Draft {
    fn take(&mut self, text: &str, document: &Spanned<DeTable<'_>>) {
        let Some(heads) = heads(text) else { return };
        let lines = Lines::new(text);
        self.is_whole = true;
        self.lines = heads.into_iter().map(|head| lines.of(head)).collect();
        for (key, value) in document.get_ref() {
            let name: &str = key.get_ref();
            match value.get_ref().as_array().filter(|_| name == "tile") {
                Some(tiles) => {
                    let tables = tiles.iter().filter_map(|tile| tile.get_ref().as_table());
                    self.tiles = tables.map(object).collect();
                }
                None => {
                    self.board.insert(name.to_owned(), json(value.get_ref()));
                }
            }
        }
    }
}

fn object(table: &DeTable<'_>) -> Map<String, Value> {
    let mut object = Map::new();
    for (key, value) in table {
        let name: &str = key.get_ref();
        object.insert(name.to_owned(), json(value.get_ref()));
    }
    object
}

/// Dates and times become texts: the reader takes those, too.
fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(&**text),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Null, Value::from)
        }
        DeValue::Float(number) => number.as_str().parse::<f64>().map_or(Value::Null, Value::from),
        DeValue::Boolean(truth) => Value::from(*truth),
        DeValue::Datetime(moment) => Value::from(moment.to_string()),
        DeValue::Array(all) => all.iter().map(|one| json(one.get_ref())).collect(),
        DeValue::Table(table) => Value::Object(object(table)),
    }
}
