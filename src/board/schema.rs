//! The JSON schema of board files, for editors that complete and check TOML by one.
//!
//! Made by reading: each tile type's example is read as a file would be, and what the reader asked for
//! is what may be there. A key without which the example is a mistake is required.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::file::parse::board;
use super::reader::{AskedKey, Shape, Source};
use super::tile::{TYPES, TileType};
use crate::config::Problem;
use crate::language::Language;
use words::KEYS;

mod words;

/// Longer lists of words have one place in the schema.
const WORDS_INLINE_MAX: usize = 8;
/// What every tile has, whatever its type.
const OF_EACH_TILE: [&str; 6] = ["id", "type", "x", "y", "w", "h"];

/// The schema, as JSON.
pub fn document() -> String {
    let mut lists = Lists::default();
    let tiles: Vec<Value> = TYPES.iter().map(|it| tile(it, &mut lists)).collect();
    let clock = TYPES.iter().find(|it| it.example.is_empty()).unwrap_or(&TYPES[0]);
    let mut root = object(0, &asked(&file(clock, clock.example)), &mut lists);
    root["properties"]["tile"]["items"] = json!({ "oneOf": tiles });
    root["required"] = json!(["tile"]);
    root["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    root["title"] = "A board of Tablica".into();
    root["definitions"] = Value::Object(lists.0);
    let mut text = format!("{root:#}");
    text.push('\n');
    text
}

/// Words that stand in several places.
#[derive(Default)]
struct Lists(Map<String, Value>);

impl Lists {
    fn one_of(&mut self, key: &str, words: &[String]) -> Value {
        let list = json!({ "enum": words });
        if words.len() <= WORDS_INLINE_MAX {
            return list;
        }
        match self.0.entry(key).or_insert_with(|| list.clone()) {
            known if *known == list => json!({ "$ref": format!("#/definitions/{key}") }),
            _ => list,
        }
    }
}

/// A board of one tile with these keys.
fn file(tile_type: &TileType, keys: &str) -> String {
    let id = tile_type.id;
    // The board's own section begins at 0, and no tile may.
    format!("\n[[tile]]\nid = \"t\"\ntype = \"{id}\"\nx = 0\ny = 0\nw = 6\nh = 4\n{keys}")
}

fn asked(text: &str) -> Vec<AskedKey> {
    let source = Source::recording("board.toml", text);
    board("board", &source, None);
    source.asked()
}

fn problems(text: &str) -> Vec<Problem> {
    let source = Source::new("board.toml", text);
    board("board", &source, None);
    source.into_problems()
}

fn tile(tile_type: &'static TileType, lists: &mut Lists) -> Value {
    let asked = asked(&file(tile_type, tile_type.example));
    let section = asked.iter().find(|it| it.key == "type").map_or(0, |it| it.section);
    let mut schema = object(section, &asked, lists);
    schema["title"] = tile_type.id.into();
    schema["properties"]["type"] = json!({ "enum": [tile_type.id] });
    let required = OF_EACH_TILE.into_iter().chain(required(tile_type));
    schema["required"] = required.collect::<Vec<_>>().into();
    schema
}

/// The keys of the example that cannot be left out.
fn required(tile_type: &'static TileType) -> impl Iterator<Item = &'static str> {
    let own = tile_type.example.split("\n[[").next().unwrap_or_default();
    let keys = own.lines().filter_map(|line| Some(line.split_once(" = ")?.0));
    keys.filter(|key| {
        let is_left = |line: &&str| !line.starts_with(&format!("{key} = "));
        let without: Vec<&str> = tile_type.example.lines().filter(is_left).collect();
        !problems(&file(tile_type, &without.join("\n"))).is_empty()
    })
}

/// The section that begins there.
fn object(section: usize, asked: &[AskedKey], lists: &mut Lists) -> Value {
    // Of one that was asked for twice the last is the most exact.
    let keys: BTreeMap<&str, &Shape> =
        asked.iter().filter(|it| it.section == section).map(|it| (it.key, &it.shape)).collect();
    let mut properties = Map::new();
    for (key, shape) in keys {
        let mut schema = value(key, shape, asked, lists);
        if let Some((_, words)) = KEYS.iter().find(|(known, _)| *known == key) {
            schema["description"] = (*words).into();
        }
        properties.insert(key.to_owned(), schema);
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

fn value(key: &str, shape: &Shape, asked: &[AskedKey], lists: &mut Lists) -> Value {
    match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Words => words_by_language(),
        Shape::OneOf(words) => lists.one_of(key, words),
        // Editors know TOML's dates as texts.
        Shape::Moment => json!({ "type": "string" }),
        Shape::Truth => json!({ "type": "boolean" }),
        Shape::Whole => json!({ "type": "integer" }),
        Shape::Number => json!({ "type": "number" }),
        Shape::WordByName(words) => json!({
            "type": "object", "additionalProperties": { "enum": words }, "maxProperties": 1
        }),
        Shape::List { has_texts, tables } => {
            let text = has_texts.then(|| json!({ "type": "string" }));
            let table = tables.first().map(|begins| object(*begins, asked, lists));
            let kinds: Vec<Value> = text.into_iter().chain(table).collect();
            match <[Value; 1]>::try_from(kinds) {
                Ok([only]) => json!({ "type": "array", "items": only }),
                Err(kinds) => json!({ "type": "array", "items": { "anyOf": kinds } }),
            }
        }
    }
}

fn words_by_language() -> Value {
    let text = || json!({ "type": "string" });
    let each = Language::ALL.map(|language| (language.id().to_owned(), text()));
    let properties: Map<String, Value> = each.into_iter().collect();
    let table =
        json!({ "type": "object", "properties": properties, "additionalProperties": false });
    json!({ "anyOf": [text(), table] })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_example_is_good_and_each_key_is_described() {
        let mut found = BTreeSet::new();
        for tile_type in TYPES {
            let text = file(tile_type, tile_type.example);
            assert_eq!(problems(&text), [], "{text}");
            found.extend(asked(&text).into_iter().map(|it| it.key));
        }
        // Texts by language are described as texts.
        found.retain(|key| Language::from_id(key).is_none());
        let described: BTreeSet<&str> = KEYS.iter().map(|(key, _)| *key).collect();
        assert_eq!(found, described);
    }

    #[test]
    fn what_cannot_be_left_out_is_required() {
        let schema: Value = serde_json::from_str(&document()).expect("JSON");
        let of = |id: &str| {
            let tiles = schema["properties"]["tile"]["items"]["oneOf"].as_array().expect("tiles");
            tiles.iter().find(|tile| tile["title"] == id).expect("a type").clone()
        };
        let required = |id| of(id)["required"].to_string();
        assert_eq!(required("number"), r#"["id","type","x","y","w","h","kpi"]"#);
        assert_eq!(required("bars"), r#"["id","type","x","y","w","h","by","kpi"]"#);
        assert_eq!(required("clock"), r#"["id","type","x","y","w","h"]"#);
        let rule = &of("number")["properties"]["rule"]["items"]["properties"];
        assert_eq!(rule["tone"]["enum"], json!(["warn", "bad"]));
        assert_eq!(of("number")["properties"]["kpi"]["$ref"], "#/definitions/kpi");
    }
}
