//! `annotate campaign "Black Friday" until 12:00 in sales`, and what is expected of it: how many
//! contacts came before and after.

use super::details::{Details, one_of};
use super::figure::Expected;
use super::mistake::Fault;
use super::time::Calendar;
use super::words::{Cursor, Word};
use crate::board::annotations::{Annotation, Kind, Level, Source, Volume, volume};
use crate::engine::Engine;
use crate::event::UnixMs;
use crate::kpi::text;
use crate::kpi::value::{Figure, Unit};

/// Which side of an annotation's beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

/// `contacts before "Black Friday" 12`
pub(super) struct Contacts {
    pub(super) side: Side,
    pub(super) title: String,
    pub(super) expected: Expected,
}

const SIDES: [(&str, Side); 2] = [("before", Side::Before), ("after", Side::After)];

/// `annotate KIND TITLE [until [DATE] TIME] [on CHANNEL] [in QUEUE]`
pub(super) fn read(
    words: &[Word],
    at_ms: UnixMs,
    calendar: &Calendar,
    id: String,
) -> Result<Annotation, Fault> {
    const HINT: &str = "such as `annotate campaign \"Black Friday\" until 12:00`";
    let (what, kind, title, rest) = match words {
        [what, kind, title, rest @ ..] => (what, kind, title, rest),
        [.., last] => return Err(last.fault("annotate what?", HINT)),
        [] => return Err(Cursor::new("").fault("annotate what?", HINT)),
    };
    // What people are told is no happening that could explain a figure.
    let happenings = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Message);
    let kind = one_of(kind, &happenings.map(|kind| (kind.id(), kind)).collect::<Vec<_>>())?;
    let (mut details, others) = Details::sort(rest)?;
    let (channel, queue) = (details.text("on"), details.text("in"));
    details.finish(&what.text)?;
    let to_ms = match others.as_slice() {
        [] => None,
        [until, ..] if until.is("until") => {
            let mut when = &others[1..];
            if when.is_empty() {
                return Err(until.fault("until when?", HINT));
            }
            let to_ms = calendar.moment(&mut when)?;
            if to_ms < at_ms {
                return Err(until.fault("it ends before it begins", "such as until 12:00"));
            }
            if let Some(word) = when.first() {
                return Err(word.fault("this is not understood here", HINT));
            }
            Some(to_ms)
        }
        [word, ..] => return Err(word.fault("this is not understood here", HINT)),
    };
    Ok(Annotation {
        id,
        kind,
        title: title.text.clone(),
        from_ms: at_ms,
        to_ms,
        channel: channel.map(|word| word.text),
        queue: queue.map(|word| word.text),
        boards: Vec::new(),
        level: Level::Normal,
        source: Source::File,
    })
}

/// What stands after `expect contacts`.
pub(super) fn read_contacts(line: &mut Cursor) -> Result<Contacts, Fault> {
    const HINT: &str = "such as `expect contacts before \"Black Friday\" 12`";
    let (Some(side), Some(title)) = (line.word()?, line.word()?) else {
        return Err(line.fault("contacts before or after what?", HINT));
    };
    let side = one_of(&side, &SIDES)?;
    let (from, text) = line.rest();
    let expected = Expected::read(&text, Unit::Count).map_err(|hint| {
        let to = from + text.chars().count();
        Fault { from, to, what: "how many contacts?".to_owned(), hint }
    })?;
    Ok(Contacts { side, title: title.text, expected })
}

impl Contacts {
    /// None where it holds, else what came instead, and why.
    pub(super) fn check(
        &self,
        engine: &Engine,
        known: &[Annotation],
        at_ms: UnixMs,
    ) -> Option<(String, String)> {
        let Some(annotation) = known.iter().rev().find(|one| one.title == self.title) else {
            let titles = known.iter().map(|one| format!("\"{}\"", one.title));
            let titles: Vec<_> = titles.collect();
            let why = match titles.len() {
                0 => "none is known yet".to_owned(),
                _ => format!("known are {}", titles.join(", ")),
            };
            return Some(("no such annotation by then".to_owned(), why));
        };
        let Volume { turn_ms, span_ms, before, after, .. } =
            volume::around(engine, annotation, at_ms);
        let (count, span) = match self.side {
            Side::Before => (before, (turn_ms - span_ms, turn_ms)),
            Side::After => (after, (turn_ms, (turn_ms + span_ms).min(at_ms))),
        };
        let figure = count.map_or(Figure::NoData, |count| Figure::Number(count as f64));
        let zone = &engine.rules().time_zone;
        (!self.expected.holds(figure)).then(|| {
            (text::figure(figure, Unit::Count), format!("counted {}", text::span(span, zone)))
        })
    }

    /// As it stands in the script.
    pub(super) fn written(&self) -> String {
        let side = SIDES.iter().find(|(_, side)| *side == self.side).map_or("", |(word, _)| word);
        format!("contacts {side} \"{}\" {}", self.title, self.expected.written)
    }
}
