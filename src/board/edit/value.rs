//! Single values of a TOML document, put in where they differ from what stands there: what is the same
//! keeps its spelling, its place and its comments.

use serde_json::{Map, Value as Json};
use toml_edit::{Array, ArrayOfTables, InlineTable, Item, Table, TableLike, Value};

/// The key whose tables have sections of their own: `[[tile.rule]]`.
pub(super) const SECTIONS: &str = "rule";

/// Sets each key of a table; null takes it out.
pub(super) fn set_all(table: &mut dyn TableLike, keys: &Map<String, Json>) {
    for (key, wanted) in keys {
        set(table, key, wanted);
    }
}

fn set(table: &mut dyn TableLike, key: &str, wanted: &Json) {
    let is_empty_list = wanted.as_array().is_some_and(Vec::is_empty) && key == SECTIONS;
    if wanted.is_null() || is_empty_list {
        table.remove(key);
        return;
    }
    match (table.get_mut(key), wanted) {
        (Some(Item::ArrayOfTables(sections)), Json::Array(all)) => merge_sections(sections, all),
        (Some(Item::Value(value)), _) => merge(value, wanted),
        (Some(item), _) if json_of(item) == *wanted => {}
        (_, Json::Array(all)) if key == SECTIONS => {
            let mut sections = ArrayOfTables::new();
            merge_sections(&mut sections, all);
            table.insert(key, Item::ArrayOfTables(sections));
        }
        _ => {
            table.insert(key, Item::Value(value_of(wanted)));
        }
    }
}

/// Leaves of a table only what is wanted.
fn merge_table(table: &mut dyn TableLike, wanted: &Map<String, Json>) {
    let gone: Vec<String> = table
        .iter()
        .map(|(key, _)| key.to_owned())
        .filter(|key| wanted.get(key).is_none_or(Json::is_null))
        .collect();
    for key in gone {
        table.remove(&key);
    }
    set_all(table, wanted);
}

fn merge_sections(sections: &mut ArrayOfTables, wanted: &[Json]) {
    let objects: Vec<&Map<String, Json>> = wanted.iter().filter_map(Json::as_object).collect();
    while sections.len() > objects.len() {
        // The one that is gone: the first that is wanted no longer.
        let is_wanted = |table: &Table| {
            objects.iter().any(|it| table_json(table) == Json::Object((*it).clone()))
        };
        let at = sections.iter().position(|table| !is_wanted(table));
        sections.remove(at.unwrap_or(sections.len() - 1));
    }
    for (at, object) in objects.into_iter().enumerate() {
        if sections.get(at).is_none() {
            sections.push(Table::new());
        }
        if let Some(table) = sections.get_mut(at) {
            merge_table(table, object);
        }
    }
}

fn merge(value: &mut Value, wanted: &Json) {
    if json(value) == *wanted {
        return;
    }
    match (&mut *value, wanted) {
        (Value::Array(array), Json::Array(all)) => merge_array(array, all),
        (Value::InlineTable(table), Json::Object(object)) => merge_table(table, object),
        _ => {
            let decor = value.decor().clone();
            // A time that stays a time is written as one.
            let moment = value.as_datetime().and(wanted.as_str()).and_then(|it| it.parse().ok());
            *value = moment
                .map_or_else(|| value_of(wanted), |moment: toml_edit::Datetime| moment.into());
            *value.decor_mut() = decor;
        }
    }
}

/// What is the same at both ends stays; what is between is put in anew.
fn merge_array(array: &mut Array, wanted: &[Json]) {
    let held: Vec<Json> = array.iter().map(json).collect();
    let same = |(a, b): &(&Json, &Json)| a == b;
    let before = held.iter().zip(wanted).take_while(same).count();
    let rest = held.len().min(wanted.len()) - before;
    let after = held.iter().rev().zip(wanted.iter().rev()).take(rest).take_while(same).count();
    let (old, new) = (held.len() - before - after, wanted.len() - before - after);
    for at in 0..old.min(new) {
        if let Some(value) = array.get_mut(before + at) {
            merge(value, &wanted[before + at]);
        }
    }
    for _ in new..old {
        array.remove(before + new);
    }
    for at in old..new {
        let place = before + at;
        let mut value = value_of(&wanted[place]);
        // On a line of its own, where the others are.
        let beside = array.get(place.saturating_sub(1)).or_else(|| array.get(0));
        let prefix = beside.and_then(|it| it.decor().prefix()?.as_str());
        match prefix.and_then(|it| Some(it[it.rfind('\n')?..].to_owned())) {
            Some(prefix) => {
                *value.decor_mut() = toml_edit::Decor::new(prefix, "");
                array.insert_formatted(place, value);
            }
            None => array.insert(place, value),
        }
    }
    // The first of a line has no space before it, and each next one has.
    if let Some(first) = array.get_mut(0)
        && first.decor().prefix().and_then(|it| it.as_str()) == Some(" ")
        && old != new
    {
        first.decor_mut().set_prefix("");
    }
}

fn value_of(wanted: &Json) -> Value {
    match wanted {
        Json::Null => Value::from(""),
        Json::Bool(truth) => Value::from(*truth),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::from(whole),
            None => Value::from(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(all) => Value::Array(all.iter().map(value_of).collect()),
        Json::Object(object) => {
            let mut table = InlineTable::new();
            for (key, value) in object.iter().filter(|(_, value)| !value.is_null()) {
                table.insert(key, value_of(value));
            }
            Value::InlineTable(table)
        }
    }
}

pub(super) fn json_of(item: &Item) -> Json {
    match item {
        Item::None => Json::Null,
        Item::Value(value) => json(value),
        Item::Table(table) => table_json(table),
        Item::ArrayOfTables(all) => all.iter().map(table_json).collect(),
    }
}

fn table_json(table: &Table) -> Json {
    Json::Object(table.iter().map(|(key, item)| (key.to_owned(), json_of(item))).collect())
}

fn json(value: &Value) -> Json {
    match value {
        Value::String(text) => Json::from(text.value().as_str()),
        Value::Integer(number) => Json::from(*number.value()),
        Value::Float(number) => Json::from(*number.value()),
        Value::Boolean(truth) => Json::from(*truth.value()),
        Value::Datetime(moment) => Json::from(moment.value().to_string()),
        Value::Array(all) => all.iter().map(json).collect(),
        Value::InlineTable(table) => {
            Json::Object(table.iter().map(|(key, it)| (key.to_owned(), json(it))).collect())
        }
    }
}
