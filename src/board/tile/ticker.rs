//! `ticker`: one line at a time, of those that stand in the file and of what leads announce. Nothing
//! runs through: each line stands for ten seconds, and then the next one does.

use serde::Serialize;

use super::{Face, State, Tile, Tone};
use crate::board::annotations::{Annotation, Filter, Kind, Level};
use crate::board::figures::Scene;
use crate::board::reader::{Section, Texts};

/// With more, the first is not seen again within two minutes.
const LINES_MAX: usize = 12;
/// More cannot be read in ten seconds.
const LINE_CHARS_MAX: usize = 200;
/// The same for what is announced: the newest.
const MESSAGES_MAX: usize = 8;

struct Ticker {
    lines: Vec<Texts>,
    /// Announcements come first; nothing where the file wants none.
    messages: Option<Wanted>,
}

/// Whose announcements.
struct Wanted {
    channel: Option<String>,
    queue: Option<String>,
}

#[derive(Serialize)]
struct Body<'a> {
    lines: Vec<Line<'a>>,
    empty: String,
}

#[derive(Serialize)]
struct Line<'a> {
    /// "Outage"; absent where there is nothing to say before the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    word: Option<String>,
    text: &'a str,
    tone: Tone,
}

pub(super) const EXAMPLE: &str = r#"lines = ["Welcome", { en = "Hello", pl = "Witamy" }]"#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let name = |key| section.text(key).map(|at| at.value.to_owned());
    let lines = section.texts_of_each("lines");
    if lines.len() > LINES_MAX {
        section.problem(format_args!("`lines` takes at most {LINES_MAX} lines"));
    }
    let too_long = |text: &str| text.chars().count() > LINE_CHARS_MAX || text.contains('\n');
    if lines.iter().flat_map(Texts::all).any(too_long) {
        section.problem(format_args!("each of `lines` has at most {LINE_CHARS_MAX} characters"));
    }
    let wanted = Wanted { channel: name("channel"), queue: name("queue") };
    let messages = section.truth("messages").is_none_or(|at| at.value).then_some(wanted);
    if messages.is_none() && lines.is_empty() && !section.has("lines") {
        section.problem("`lines` is missing, and `messages` is false: what shall stand there?");
    }
    Some(Box::new(Ticker { lines, messages }))
}

impl Wanted {
    /// What holds now, the newest first.
    fn of<'a>(&self, scene: &Scene<'a>) -> Vec<&'a Annotation> {
        let now_ms = Some(scene.now_ms);
        let (channel, queue) = (self.channel.clone(), self.queue.clone());
        let filter = Filter { from_ms: now_ms, to_ms: now_ms, channel, queue };
        let holds =
            scene.annotations.iter().rev().filter(|it| filter.wants(it) && it.is_for(scene.board));
        holds.take(MESSAGES_MAX).collect()
    }
}

impl Tile for Ticker {
    fn render(&self, scene: &Scene<'_>) -> String {
        let announced = self.messages.as_ref().map(|wanted| wanted.of(scene)).unwrap_or_default();
        let announced = announced.into_iter().map(|it| Line {
            word: scene.language.annotation_kind(it.kind),
            text: &it.title,
            tone: if it.kind == Kind::Outage || it.level == Level::Important {
                Tone::Warn
            } else {
                Tone::Plain
            },
        });
        let own = self.lines.iter().map(|texts| Line {
            word: None,
            text: texts.in_language(scene.language.id()),
            tone: Tone::Plain,
        });
        let lines: Vec<Line<'_>> = announced.chain(own).collect();
        // The tile's colour would change with each line; the line itself has one.
        let body = Body { lines, empty: scene.language.say("list-nothing-announced") };
        Face { state: State::Live, tone: Tone::Plain, note: None, body }.encode()
    }
}
