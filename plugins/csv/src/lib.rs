//! Tables in files: whatever can export rows of text (a branch office's ticket machine, a spreadsheet, a database)
//! becomes contact center events, by rules in the settings.
//!
//! A file comes whole as a document, in parts, or grows and comes line by line. Of both the header row is what must be
//! known; of a tailed file it is in the snapshot. The same rows in a longer copy of the file have the same ids.

mod code_pages;
mod document;
mod encoding;
mod header;
mod row;
mod settings;
mod table;
mod words;

use serde::{Deserialize, Serialize};
use tablica_plugin::{
    Channel, Event, Failure, Info, Input, Line, Output, Setup, bad_input, export_channel, info,
    snapshot,
};

use crate::document::Document;
use crate::header::Header;
use crate::settings::Settings;
use crate::table::{Row, Table};

/// One sort of file.
pub struct Csv {
    settings: Settings,
    document: Option<Document>,
    /// For lines, each a table of one row.
    lines: Table,
    /// Of the tailed file.
    header: Option<Header>,
}

/// The snapshot.
#[derive(Serialize, Deserialize)]
struct Saved {
    header: Vec<String>,
}

impl Channel for Csv {
    fn describe() -> Info {
        info("csv", env!("CARGO_PKG_VERSION"), "CSV files")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let settings = Settings::parse(setup)?;
        let lines = Table::new(&settings);
        Ok(Self { settings, document: None, lines, header: None })
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        let saved: Saved = snapshot::read(snapshot)?;
        // The settings may have changed since: then the next header tells what is wrong.
        self.header = Header::of(saved.header, &self.settings).ok();
        Ok(())
    }

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            Input::Document(part) => {
                if part.offset == 0 {
                    self.document = Some(Document::new(&part.name, &self.settings)?);
                }
                let document = self.document.as_mut().filter(|it| it.goes_on_at(part.offset));
                let Some(document) = document else {
                    return Err(bad_input("a part of a document without those before it"));
                };
                let output = document.part(&part.bytes, part.is_last, &self.settings);
                if part.is_last || output.is_err() {
                    self.document = None;
                }
                output
            }
            Input::Line(line) => Ok(self.line(&line)?.into()),
            _ => Ok(Output::default()),
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        let Some(header) = &self.header else { return Vec::new() };
        snapshot::write(&Saved { header: header.names.clone() })
    }
}

impl Csv {
    /// A line of a tailed file: a row of its own.
    fn line(&mut self, line: &Line) -> Result<Vec<Event>, Failure> {
        let mut rows = Vec::new();
        self.lines.read(&line.bytes, true, |row| rows.push(row));
        let fields = match rows.pop() {
            None => return Ok(Vec::new()),
            Some(Row::Fields(fields)) if rows.is_empty() => fields,
            Some(_) => return Err(bad_input("a line is longer than a row may be")),
        };
        let fixed = &self.settings.header;
        if !fixed.is_empty() {
            if *fixed == fields {
                return Ok(Vec::new());
            }
            if self.header.is_none() {
                self.header = Some(Header::of(fixed.clone(), &self.settings)?);
            }
        } else if line.offset == 0 {
            self.header = None;
            self.header = Some(Header::of(fields, &self.settings)?);
            return Ok(Vec::new());
        }
        let Some(header) = &self.header else {
            return Err(bad_input(
                "no header row was seen: name the columns in the setting header",
            ));
        };
        row::events(&fields, header, &self.settings).map_err(bad_input)
    }
}

export_channel!(Csv);

#[cfg(test)]
mod tests;
