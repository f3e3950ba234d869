//! `message`: what the site's annotations say now: a campaign that runs, an outage, a lead's own
//! words for the next hour, which may be for some boards only.

use serde::Serialize;

use super::{Face, State, Tile, Tone, rows};
use crate::board::annotations::{Annotation, Filter, Kind, Level};
use crate::board::figures::Scene;
use crate::board::format;
use crate::board::reader::Section;
use crate::event::{Millis, UnixMs};

/// More cannot be read.
const MESSAGES_LIMIT: usize = 8;

/// Times further away are not told.
const NEAR_MS: Millis = 12 * 3_600_000;

struct Message {
    channel: Option<String>,
    queue: Option<String>,
    kind: Option<Kind>,
    rows_max: usize,
}

#[derive(Serialize)]
struct Body<'a> {
    messages: Vec<Line<'a>>,
    more: usize,
    empty: String,
}

#[derive(Serialize)]
struct Line<'a> {
    kind: Kind,
    /// It stands first, and with a mark.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    important: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    word: Option<String>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

pub(super) const EXAMPLE: &str = r#"kind = "outage""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let name = |key| section.text(key).map(|at| at.value.to_owned());
    Some(Box::new(Message {
        channel: name("channel"),
        queue: name("queue"),
        kind: section.one_of("kind", &Kind::ALL.map(Kind::id), Kind::from_id),
        rows_max: rows::max(section, MESSAGES_LIMIT),
    }))
}

fn line<'a>(annotation: &'a Annotation, scene: &Scene<'_>) -> Line<'a> {
    // A time of another day would be read as one of today.
    let is_near = |at_ms: &UnixMs| (at_ms - scene.now_ms).abs() < NEAR_MS;
    let time = |at_ms| format::clock_time(at_ms, &scene.site.time_zone);
    Line {
        kind: annotation.kind,
        important: annotation.level == Level::Important,
        word: scene.language.annotation_kind(annotation.kind),
        text: &annotation.title,
        since: Some(annotation.from_ms).filter(is_near).map(time),
        until: annotation.to_ms.filter(is_near).map(time),
    }
}

impl Tile for Message {
    fn render(&self, scene: &Scene<'_>) -> String {
        let now_ms = Some(scene.now_ms);
        let (channel, queue) = (self.channel.clone(), self.queue.clone());
        let filter = Filter { from_ms: now_ms, to_ms: now_ms, channel, queue };
        let holds =
            |it: &&Annotation| filter.wants(it) && self.kind.is_none_or(|kind| kind == it.kind);
        let holds = |it: &&Annotation| holds(it) && it.is_for(scene.board);
        // They are by time: the newest first, but for what is important.
        let mut messages: Vec<Line<'_>> =
            scene.annotations.iter().rev().filter(holds).map(|it| line(it, scene)).collect();
        messages.sort_by_key(|line| !line.important);
        let more = messages.len().saturating_sub(self.rows_max);
        messages.truncate(self.rows_max);
        let is_broken = messages.iter().any(|line| line.important || line.kind == Kind::Outage);
        let tone = if is_broken { Tone::Warn } else { Tone::Plain };
        let body = Body { messages, more, empty: scene.language.say("list-nothing-announced") };
        Face { state: State::Live, tone, note: None, body }.encode()
    }
}
