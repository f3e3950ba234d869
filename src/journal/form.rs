//! How the events of a commit stand in its row, before they are compressed.
//!
//! | first byte | then |
//! |---|---|
//! | `1` | each event as CBOR, by the numbers of [`Event`]'s fields, behind its length in four bytes, the lowest first |
//! | `{` | the rest of JSON lines, one for each event, as versions before wrote them: they are only read |
//! | another | written by a newer version: the row is not believed |
//!
//! What may change within a form: a field that is new is passed over by who does not know it, and is
//! absent for who does, in events of before. A kind or a word that is new is an event that cannot be
//! read, and no more than that one. Anything else is another form, with another first byte, and with
//! it the next format of day files, so that a version of before leaves them as they are.
//!
//! Bytes come from the disk behind a checksum that holds, and are read as if it did not: they give an
//! event or a reason, in memory as large as they are.

use minicbor::Decoder;

use crate::event::{Event, Kind};

/// The form that is written.
const CBOR: u8 = 1;
/// The first byte of JSON lines.
const JSON: u8 = b'{';
/// What stands before each event: its length.
const HEAD_BYTES: usize = 4;

/// An event of a row, or what stands in its place, for a person to look at, and why it is none.
pub(super) type Item = Result<Event, (Vec<u8>, String)>;

/// Adds an event to a row. After an error there may be more behind it than before.
pub(super) fn write(event: &Event, row: &mut Vec<u8>) -> Result<(), String> {
    must_be_numbers(&event.kind)?;
    if row.is_empty() {
        row.push(CBOR);
    }
    let head = row.len();
    let start = head + HEAD_BYTES;
    row.resize(start, 0);
    minicbor::encode(event, &mut *row).map_err(|error| error.to_string())?;
    let length = u32::try_from(row.len() - start).map_err(|error| error.to_string())?;
    row[head..start].copy_from_slice(&length.to_le_bytes());
    Ok(())
}

/// The events of a row that has so many, or why nothing of it can be believed.
pub(super) fn read(row: &[u8], count: u32) -> Result<Vec<Item>, String> {
    let items = match row.split_first() {
        None => Vec::new(),
        Some((&JSON, _)) => row.split_inclusive(|byte| *byte == b'\n').map(line).collect(),
        Some((&CBOR, events)) => split(events, count)?,
        Some((form, _)) => {
            return Err(format!(
                "a newer Tablica wrote it: its rows are of form {form}, known here is {CBOR}"
            ));
        }
    };
    if items.len() != count as usize {
        return Err(format!("{} events, written were {count}", items.len()));
    }
    Ok(items)
}

fn line(line: &[u8]) -> Item {
    serde_json::from_slice(line).map_err(|error| (line.to_vec(), error.to_string()))
}

fn split(mut events: &[u8], count: u32) -> Result<Vec<Item>, String> {
    let mut items = Vec::with_capacity((count as usize).min(events.len() / HEAD_BYTES));
    while !events.is_empty() {
        let cut = || format!("cut within event {} of {count}", items.len() + 1);
        let (head, rest) = events.split_first_chunk::<HEAD_BYTES>().ok_or_else(cut)?;
        let length = usize::try_from(u32::from_le_bytes(*head)).ok();
        let (event, rest) = length.and_then(|it| rest.split_at_checked(it)).ok_or_else(cut)?;
        items.push(decode(event).map_err(|reason| (readable(event), reason)));
        events = rest;
    }
    Ok(items)
}

fn decode(bytes: &[u8]) -> Result<Event, String> {
    let mut from = Decoder::new(bytes);
    let event: Event = from.decode().map_err(|error| {
        if error.is_unknown_variant() {
            format!("a newer Tablica wrote it: a kind of event that is not known here ({error})")
        } else {
            error.to_string()
        }
    })?;
    match bytes.len() - from.position() {
        0 => must_be_numbers(&event.kind).map(|()| event),
        more => Err(format!("{more} bytes behind its end")),
    }
}

/// JSON knows no NaN and no infinity, and what is in the journal can be shown as JSON: there they
/// would be `null`, and not be read back.
fn must_be_numbers(kind: &Kind) -> Result<(), String> {
    match kind {
        Kind::Rated(rated) if !(rated.score.is_finite() && rated.scale.is_finite()) => {
            Err("a rating that is no number".to_owned())
        }
        Kind::Gauge(gauge) if !gauge.value.is_finite() => {
            Err("a gauge that is no number".to_owned())
        }
        _ => Ok(()),
    }
}

/// An event that cannot be read, as text: values in the order of their numbers. What is not even
/// CBOR stays as it is.
fn readable(bytes: &[u8]) -> Vec<u8> {
    let mut from = Decoder::new(bytes);
    let is_whole = from.skip().is_ok() && from.position() == bytes.len();
    if is_whole { minicbor::display(bytes).to_string().into_bytes() } else { bytes.to_vec() }
}

#[cfg(test)]
mod tests;
