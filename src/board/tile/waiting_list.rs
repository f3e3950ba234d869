//! `waiting_list`: who waits, the longest waiting first, and by when each should have an answer.
//!
//! A contact is shown by a few letters that say nothing else: no name, no number, no id of its
//! network stands on a wall.

use serde::Serialize;

use super::measure::Measure;
use super::{Face, State, Tile, Tone, calm, rows};
use crate::board::figures::Scene;
use crate::board::format;
use crate::board::length;
use crate::board::lists::Waiting;
use crate::board::reader::Section;
use crate::kpi;
use crate::language::Language;
use crate::scope::Selector;

/// More rows cannot be read; and for each one the contact is looked at.
const ROWS_LIMIT: usize = 24;

struct WaitingList {
    /// How many wait: its state is the list's.
    waiting: Measure,
    /// Only those in writing, or only the others.
    in_writing: Option<bool>,
    rows_max: usize,
}

#[derive(Serialize)]
struct Body {
    heads: [String; 5],
    rows: Vec<Row>,
    more: usize,
    empty: String,
}

#[derive(Serialize)]
struct Row {
    mark: String,
    channel: String,
    queue: String,
    since: String,
    waits: String,
    due: String,
    tone: Tone,
}

pub(super) const EXAMPLE: &str = r#"contacts = "calls""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let name = |key| section.text(key).map(|at| at.value.to_owned());
    let selector =
        Selector { channel: name("channel"), queue: name("queue"), ..Selector::default() };
    let in_writing = section.one_of("contacts", &["calls", "written"], |word| match word {
        "calls" => Some(false),
        "written" => Some(true),
        _ => None,
    });
    let rows_max = rows::max(section, ROWS_LIMIT);
    let waiting = Measure::plain(kpi::find("waiting")?, selector, None);
    Some(Box::new(WaitingList { waiting, in_writing, rows_max }))
}

fn row(contact: Waiting, scene: &Scene<'_>) -> Row {
    let (site, language) = (scene.site, scene.language);
    let (due, tone) = calm::countdown(&contact.deadline, scene.now_ms, language);
    Row {
        mark: contact.mark,
        channel: site.channel_title(&contact.channel).to_owned(),
        queue: scene.site.queue_in_words(&contact.queue, scene.language),
        since: format::clock_time(contact.since_ms, &site.time_zone),
        waits: length::in_list(calm::step(scene.now_ms) - contact.since_ms, language),
        due,
        tone,
    }
}

impl Tile for WaitingList {
    fn render(&self, scene: &Scene<'_>) -> String {
        let reading = self.waiting.read(scene);
        let (first, all) =
            scene.figures.waiting(&self.waiting.selector, self.in_writing, self.rows_max);
        let more = all.saturating_sub(first.len());
        let rows: Vec<Row> = first.into_iter().map(|contact| row(contact, scene)).collect();
        let tone = rows.iter().map(|row| row.tone).max().unwrap_or(Tone::Plain);
        let state = if rows.is_empty() { reading.state } else { reading.state.at_least_counted() };
        let words = ["list-contact", "list-channel", "list-queue", "list-waits", "list-due"];
        let body = Body {
            heads: words.map(|word| scene.language.say(word)),
            rows,
            more,
            empty: scene.language.say("list-nobody-waits"),
        };
        Face { state, tone, note: reading.note, body }.encode()
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-waiting-list"))
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        Some(self.waiting.subtitle(scene))
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.waiting.selector]
    }
}

impl State {
    /// Something is shown, so it is not "no data".
    pub(super) fn at_least_counted(self) -> State {
        if matches!(self, State::Late | State::Stale) { self } else { State::Live }
    }
}
