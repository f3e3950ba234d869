//! `[pairing]` and `[playlist.NAME]`.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{MIB, SECOND, hours};
use crate::config::document::{Node, Value};
use crate::config::model::{Calendar, Pairing, Playlist, Step};
use crate::config::problem::Problem;
use crate::config::section::{Reader, Section};

/// Steps of a playlist: more nobody sees within a shift.
const STEPS_MAX: usize = 100;
/// How long a board is shown where nothing is said.
const LENGTH_DEFAULT: Duration = Duration::from_secs(30);
/// A shorter turn cannot be read.
const LENGTH_MIN: Duration = Duration::from_secs(3);

pub(super) fn pairing(mut section: Section<'_>) -> Pairing {
    let default = Pairing::default();
    let pairing = Pairing {
        code_lifetime: section.duration("code_lifetime", default.code_lifetime, SECOND),
        codes_max: section.count("codes_max", default.codes_max, 0..=10_000),
        codes_per_address_max: section.count(
            "codes_per_address_max",
            default.codes_per_address_max,
            0..=10_000,
        ),
        wrong_max: section.count("wrong_max", default.wrong_max, 1..=1000),
        wrong_per_address_max: section.count(
            "wrong_per_address_max",
            default.wrong_per_address_max,
            1..=1000,
        ),
        screens_max: section.count("screens_max", default.screens_max, 0..=100_000),
        picture_bytes_max: section.bytes(
            "picture_bytes_max",
            default.picture_bytes_max,
            64 * 1024..=64 * MIB,
        ),
        pictures_max: section.count("pictures_max", default.pictures_max, 0..=1000),
        picture_kept: section.duration("picture_kept", default.picture_kept, SECOND),
    };
    section.finish();
    pairing
}

pub(super) fn playlists(
    section: Section<'_>,
    calendars: &BTreeMap<String, Calendar>,
) -> BTreeMap<String, Playlist> {
    let reader = section.reader;
    let mut playlists = BTreeMap::new();
    for (name, node) in section.entries() {
        let key = format!("playlist.{name}");
        let mut section = Section::of(reader, key.clone(), Some(node));
        let steps = match section.take("steps") {
            Some(node) => steps(reader, &section.key("steps"), node, calendars),
            None => Vec::new(),
        };
        if steps.is_empty() && !section.is_wrong("steps") {
            section.wrong("steps", "no step", r#"steps such as { board = "floor", for = "30s" }"#);
        }
        section.finish();
        playlists.insert(name, Playlist { steps });
    }
    playlists
}

fn steps(
    reader: &Reader<'_>,
    key: &str,
    node: Node,
    calendars: &BTreeMap<String, Calendar>,
) -> Vec<Step> {
    let place = node.place.clone();
    let expected = format!("a list of 1 to {STEPS_MAX} steps");
    let list = match node.value {
        Value::List(list) if list.len() <= STEPS_MAX => list,
        other => {
            let found = match &other {
                Value::List(list) => format!("found {} steps", list.len()),
                other => other.describe(),
            };
            reader.report(&place, Problem::about(key, found, expected));
            return Vec::new();
        }
    };
    let step = |(at, node): (usize, Node)| {
        let mut section = Section::of(reader, format!("{key}.{}", at + 1), Some(node));
        let step = Step {
            board: section.text("board", String::new()),
            length: section.duration("for", LENGTH_DEFAULT, LENGTH_MIN),
            calendar: hours::calendar_name(&mut section, None, calendars),
            jump: section.boolean("jump", false),
        };
        if step.board.is_empty() && !section.is_wrong("board") {
            section.wrong("board", "missing", "the board's name");
        }
        section.finish();
        step
    };
    list.into_iter().enumerate().map(step).collect()
}
