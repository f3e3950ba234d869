//! A whole file, in parts: rows are read as they come, and nothing but the unfinished one is kept.

use std::collections::BTreeMap;

use tablica_plugin::{
    Command, Event, Failure, Kind, LogLevel, Moment, Output, Pair, bad_input, fingerprint_of,
};

use crate::header::Header;
use crate::row;
use crate::settings::Settings;
use crate::table::{Row, Table};

/// Events of one part; the host takes 20,000 of a call.
const EVENTS_MAX: usize = 20_000;
/// Ids of a file that are counted, so that two equal rows are two; beyond, equal rows are one.
const IDS_MAX: usize = 200_000;

/// A file that is being read.
pub(crate) struct Document {
    /// Its name, the same for every copy of it.
    file: String,
    table: Table,
    offset: u64,
    rows: u64,
    header: Option<Header>,
    /// How often each id came so far, by its fingerprint.
    ids: BTreeMap<u64, u32>,
    broken: u64,
    /// Why the first one was.
    why: String,
}

impl Document {
    pub(crate) fn new(name: &str, settings: &Settings) -> Result<Self, Failure> {
        let fixed = settings.header.clone();
        let header = if fixed.is_empty() { None } else { Some(Header::of(fixed, settings)?) };
        Ok(Self {
            file: without_time(name).to_owned(),
            table: Table::new(settings),
            offset: 0,
            rows: 0,
            header,
            ids: BTreeMap::new(),
            broken: 0,
            why: String::new(),
        })
    }

    pub(crate) fn goes_on_at(&self, offset: u64) -> bool {
        self.offset == offset
    }

    /// The events of the rows that end in this part.
    pub(crate) fn part(
        &mut self,
        bytes: &[u8],
        is_last: bool,
        settings: &Settings,
    ) -> Result<Output, Failure> {
        self.offset = self.offset.saturating_add(bytes.len() as u64);
        let mut rows = Vec::new();
        self.table.read(bytes, is_last, |row| rows.push(row));
        let mut output = Output::default();
        for row in rows {
            self.row(row, settings, &mut output.events)?;
            if output.events.len() > EVENTS_MAX {
                let why = "too many events in one part: lower document_part_bytes of the channel";
                return Err(bad_input(why));
            }
        }
        if is_last && self.broken > 0 {
            // Texts of the file are not in it: a reason names settings only.
            let text =
                format!("{} rows could not be read; of the first one {}", self.broken, self.why);
            output.commands.push(Command::log(LogLevel::Warn, text));
        }
        Ok(output)
    }

    fn row(
        &mut self,
        row: Row,
        settings: &Settings,
        events: &mut Vec<Event>,
    ) -> Result<(), Failure> {
        self.rows = self.rows.saturating_add(1);
        if self.rows <= settings.skip_rows {
            return Ok(());
        }
        let fields = match row {
            Row::TooLong => {
                events.push(self.broken(&[], "it is longer than a row may be".into()));
                return Ok(());
            }
            Row::Fields(fields) => fields,
        };
        let Some(header) = &self.header else {
            self.header = Some(Header::of(fields, settings)?);
            return Ok(());
        };
        if fields.iter().all(String::is_empty) || fields == header.names {
            return Ok(());
        }
        match row::events(&fields, header, settings) {
            Ok(told) => events.extend(told.into_iter().map(|event| self.numbered(event))),
            Err(why) => events.push(self.broken(&fields, why)),
        }
        Ok(())
    }

    /// Two equal rows of one file are two: the second one has a number. In a longer copy they have the same ones.
    fn numbered(&mut self, mut event: Event) -> Event {
        let id = fingerprint_of([&event.id], 0xff);
        if let Some(times) = self.ids.get_mut(&id) {
            *times = times.saturating_add(1);
            event.id = format!("{}#{times}", event.id);
        } else if self.ids.len() < IDS_MAX {
            self.ids.insert(id, 1);
        }
        event
    }

    /// A row that makes no sense takes no others with it.
    fn broken(&mut self, fields: &[String], why: String) -> Event {
        if self.broken == 0 {
            self.why = why;
        }
        self.broken = self.broken.saturating_add(1);
        let name = Pair { name: "undecodable_row".into(), value: String::new() };
        // The same row of the same file is one, in each copy; that of another file, or of tomorrow's, is another.
        let place = [self.file.clone(), self.rows.to_string()];
        let row = fingerprint_of(place.iter().chain(fields), 0xff);
        Event::new(format!("row:{row:016x}"), Moment::None, Kind::Other(name))
    }
}

/// A file's name without `@TIME`, which the host puts behind that of a file that was written again.
fn without_time(name: &str) -> &str {
    match name.rsplit_once('@') {
        Some((bare, time)) if !time.is_empty() && time.bytes().all(|it| it.is_ascii_digit()) => {
            bare
        }
        _ => name,
    }
}
