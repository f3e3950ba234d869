//! The header row, and which of its columns the settings mean.

use tablica_plugin::{Failure, bad_input};

use crate::settings::{Names, Settings};

/// The names of the columns, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Header(pub(crate) Vec<String>);

impl Header {
    /// A header that has every column that the settings name.
    pub(crate) fn of(names: Vec<String>, settings: &Settings) -> Result<Self, Failure> {
        let header = Self(names);
        for (key, names) in settings.columns.named() {
            header.has(names, &format!("columns.{key}"))?;
        }
        for (place, rule) in settings.events.iter().enumerate() {
            header.has(&rule.time, &format!("events.{place}.time"))?;
            let columns = rule.when.iter().map(|(column, _)| column.clone()).collect();
            header.has(&Names(columns), &format!("events.{place}.when"))?;
        }
        Ok(header)
    }

    /// Names are the operator's own: they may stand in a reason. Quoted they would be struck out there.
    fn has(&self, names: &Names, setting: &str) -> Result<(), Failure> {
        match names.0.iter().find(|name| self.place(name).is_none()) {
            None => Ok(()),
            Some(name) => Err(bad_input(format!(
                "the header row has no column {name}, which the setting {setting} names; {}",
                match self.0.len() {
                    1 => "it has one column only: is the setting delimiter right?",
                    _ => "are the settings delimiter, encoding and skip_rows right?",
                }
            ))),
        }
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|it| it.eq_ignore_ascii_case(name))
    }

    /// A column's value in a row; empty where the row is too short.
    pub(crate) fn value<'a>(&self, row: &'a [String], name: &str) -> &'a str {
        self.place(name).and_then(|place| row.get(place)).map_or("", String::as_str)
    }

    /// The values of several columns, joined; none when one is empty: half a time is none.
    pub(crate) fn whole(&self, row: &[String], names: &Names, between: &str) -> Option<String> {
        let has_all = names.0.iter().all(|name| !self.value(row, name).is_empty());
        has_all.then(|| self.joined(row, names, between))?
    }

    /// The values of several columns, joined; none when all are empty.
    pub(crate) fn joined(&self, row: &[String], names: &Names, between: &str) -> Option<String> {
        let values = names.0.iter().map(|name| self.value(row, name));
        let values: Vec<&str> = values.filter(|value| !value.is_empty()).collect();
        (!values.is_empty()).then(|| values.join(between))
    }
}
