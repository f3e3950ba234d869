//! What is written once is read for ever; what cannot be read costs itself and nothing else.

mod drawn;
mod kinds;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use minicbor::Encoder;
use proptest::prelude::*;

use self::drawn::events;
use self::kinds::{bare, every_kind, full};
use super::{CBOR, HEAD_BYTES, Item, read, write};
use crate::event::{Direction, Event, Gauge, Kind, KindName, Medium, Opened, Rated};
use crate::journal;
use crate::journal::sqlite::{Found, Packer};

/// Each event as it was written, in hexadecimal, and as JSON. Lines are added, never changed.
const GOLDEN: &str = include_str!("tests/golden.txt");
/// Events in the fixture: the first of the golden ones.
const IN_FIXTURE: usize = 114;

fn row_of(events: &[Event]) -> Vec<u8> {
    let mut row = Vec::new();
    for event in events {
        write(event, &mut row).expect("it is written");
    }
    row
}

/// An event without what stands before it.
fn bytes_of(event: &Event) -> Vec<u8> {
    row_of(std::slice::from_ref(event)).split_off(1 + HEAD_BYTES)
}

/// A row of events that were written by somebody else.
fn row_of_bytes(events: &[&[u8]]) -> Vec<u8> {
    let mut row = vec![CBOR];
    for event in events {
        row.extend_from_slice(&u32::try_from(event.len()).expect("a length").to_le_bytes());
        row.extend_from_slice(event);
    }
    row
}

/// What becomes of one event between two that are whole.
fn between_two(bytes: &[u8]) -> Item {
    let (before, after) = (bare(1, Kind::Queued), bare(2, Kind::Held));
    let row = row_of_bytes(&[&bytes_of(&before), bytes, &bytes_of(&after)]);
    let mut items = read(&row, 3).expect("its neighbours are read");
    assert_eq!((&items[0], &items[2]), (&Ok(before), &Ok(after)));
    items.swap_remove(1)
}

/// An event as a newer version might write it, with this for its kind.
fn by_hand(kind: impl FnOnce(&mut Encoder<Vec<u8>>)) -> Vec<u8> {
    let mut to = Encoder::new(Vec::new());
    let head = to.array(5).and_then(|it| it.str("bare 9")).and_then(|it| it.str("phones"));
    head.and_then(|it| it.i64(-1)).and_then(|it| it.i64(0)).expect("memory");
    kind(&mut to);
    to.into_writer()
}

fn golden() -> Vec<(Vec<u8>, Event)> {
    let line = |line: &str| {
        let (bytes, json) = line.split_once(' ').expect("bytes and JSON");
        let event = serde_json::from_str(json).unwrap_or_else(|why| panic!("{why}: {json}"));
        (hex::decode(bytes).expect("hexadecimal"), event)
    };
    GOLDEN.lines().map(line).collect()
}

#[test]
fn what_was_ever_written_is_read_to_the_same() {
    for (bytes, event) in golden() {
        assert_eq!(between_two(&bytes), Ok(event), "{}: a number was changed", hex::encode(&bytes));
    }
}

#[test]
fn every_kind_field_and_word_is_written_as_it_is_kept_here() {
    let golden: BTreeSet<Vec<u8>> = golden().into_iter().map(|(bytes, _)| bytes).collect();
    let mut new = String::new();
    for event in every_kind() {
        let bytes = bytes_of(&event);
        if !golden.contains(&bytes) {
            let json = serde_json::to_string(&event).expect("JSON");
            new += &format!("{} {json}\n", hex::encode(bytes));
        }
    }
    assert!(new.is_empty(), "new? Then add to src/journal/form/tests/golden.txt:\n{new}");
}

#[test]
fn every_kind_is_among_them() {
    let name = |event: Event| {
        let json = serde_json::to_value(event.kind).expect("JSON");
        let key = json.as_object().and_then(|it| it.keys().next().map(String::as_str));
        KindName::from_word(key.or(json.as_str()).expect("a word")).expect("a name")
    };
    let named: BTreeSet<KindName> = every_kind().into_iter().map(name).collect();
    assert_eq!(named, KindName::ALL.into());
}

#[test]
fn a_day_of_json_lines_is_read_as_ever() {
    let state = tempfile::tempdir().expect("a temporary folder");
    let folder = state.path().join("journal");
    fs::create_dir(&folder).expect("a folder");
    let fixture =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/journal_of_json_rows.sqlite");
    fs::copy(fixture, folder.join("2026-11-22.sqlite")).expect("a copy");
    let events = journal::read(state.path()).expect("it can be read").events();
    let (numbers, read): (Vec<u64>, Vec<Event>) = events.map(|it| it.expect("an event")).unzip();
    assert_eq!(numbers, (1..=IN_FIXTURE as u64).collect::<Vec<_>>());
    let written: Vec<Event> = golden().into_iter().take(IN_FIXTURE).map(|it| it.1).collect();
    assert_eq!(read, written);
    let check = journal::check(state.path()).expect("it can be checked");
    assert!(check.ok, "{check:?}");
}

proptest! {
    #[test]
    fn what_is_written_is_read(events in events()) {
        let row = row_of(&events);
        let read = read(&row, u32::try_from(events.len()).expect("a count"));
        prop_assert_eq!(read, Ok(events.into_iter().map(Ok).collect()));
    }

    #[test]
    fn whatever_stands_in_place_of_an_event_costs_at_most_itself(bytes in any::<Vec<u8>>()) {
        is_sound(&between_two(&bytes));
    }
}

#[test]
fn what_is_as_deep_as_it_is_long_is_passed_over() {
    let deep = [&[0x81; 200_000][..], &[0x9f; 1000], &[0xff; 1000]].concat();
    let event = full(1, Kind::Queued);
    let mut with_more = [bytes_of(&event), deep.clone()].concat();
    with_more[0] += 1;
    assert_eq!(between_two(&with_more), Ok(event));
    assert!(between_two(&deep).is_err());
    let newer = by_hand(|to| {
        to.array(2).and_then(|it| it.u8(200)).expect("memory");
        to.writer_mut().extend(&deep);
    });
    assert!(between_two(&newer).expect_err("an unknown kind").0.starts_with(b"[\"bare 9\""));
}

/// Whatever it is, it has a reason, or is an event that can be shown and written again.
fn is_sound(item: &Item) {
    match item {
        Ok(event) => {
            let json = serde_json::to_string(event).expect("JSON");
            assert_eq!(serde_json::from_str::<Event>(&json).as_ref().ok(), Some(event), "{json}");
            assert_eq!(between_two(&bytes_of(event)).as_ref(), Ok(event));
        }
        Err((_, reason)) => assert!(!reason.is_empty()),
    }
}

#[test]
fn a_cut_or_flipped_event_costs_at_most_itself() {
    for event in every_kind().iter().take(60) {
        let bytes = bytes_of(event);
        for at in 0..bytes.len() {
            let cut = between_two(&bytes[..at]);
            assert!(cut.is_err(), "cut at {at}: {cut:?}");
            for bit in 0..8 {
                let mut flipped = bytes.clone();
                flipped[at] ^= 1 << bit;
                is_sound(&between_two(&flipped));
            }
        }
    }
}

#[test]
fn a_cut_or_flipped_row_gives_its_events_or_a_reason() {
    let events = [full(1, Kind::Queued), bare(2, Kind::Tagged(vec!["vip".to_owned()]))];
    let row = row_of(&events);
    let packed = Packer::default().pack(7, 2, &row).expect("it packs").bytes.to_vec();
    let found = |packed: &[u8]| {
        let row_bytes = i64::try_from(row.len()).expect("a length");
        Found { first: 7, count: 2, crc: 0, row_bytes, packed: packed.to_vec() }.resealed()
    };
    assert_eq!(found(&packed).unpack(), Ok(events.map(Ok).to_vec()));
    let sound = |items: Result<Vec<Item>, String>| match items {
        Ok(items) => {
            assert_eq!(items.len(), 2);
            items.iter().for_each(is_sound);
        }
        Err(reason) => assert!(!reason.is_empty()),
    };
    for at in 0..packed.len() {
        sound(found(&packed[..at]).unpack());
        for bit in 0..8 {
            let mut flipped = packed.clone();
            flipped[at] ^= 1 << bit;
            sound(found(&flipped).unpack());
        }
    }
    for at in 0..row.len() {
        let cut = read(&row[..at], 2).expect_err("a row that is cut");
        assert!(cut.contains("event") || cut.contains("Tablica"), "{cut}");
        for bit in 0..8 {
            let mut flipped = row.clone();
            flipped[at] ^= 1 << bit;
            sound(read(&flipped, 2));
        }
    }
}

#[test]
fn a_row_of_another_form_is_not_believed() {
    let row = row_of(&[bare(1, Kind::Queued)]);
    for form in (0..=u8::MAX).filter(|it| ![CBOR, b'{'].contains(it)) {
        let mut row = row.clone();
        row[0] = form;
        let reason = read(&row, 1).expect_err("a form that nobody knows");
        assert!(reason.starts_with("a newer Tablica wrote it"), "{reason}");
    }
    assert_eq!(read(&[], 0), Ok(Vec::new()));
    assert_eq!(read(&[CBOR], 0), Ok(Vec::new()));
    assert_eq!(read(&row, 2), Err("1 events, written were 2".to_owned()));
    assert_eq!(read(&[CBOR, 1, 0], 1), Err("cut within event 1 of 1".to_owned()));
    let endless = [CBOR, u8::MAX, u8::MAX, u8::MAX, u8::MAX, 0x80];
    assert_eq!(read(&endless, u32::MAX), Err(format!("cut within event 1 of {}", u32::MAX)));
}

#[test]
fn a_field_that_a_newer_version_added_is_passed_over() {
    let event = full(1, Kind::Reopened);
    let mut bytes = bytes_of(&event);
    assert_eq!(bytes[0], 0x80 + 13, "an array of all its fields");
    bytes[0] += 2;
    bytes.extend([0xf6, 0xa1, 0x61, b'x', 0x9f, 0xc1, 0x82, 0x01, 0x40, 0xff]); // null, {"x": [_ 1([1, h''])]}
    assert_eq!(between_two(&bytes), Ok(event));
    // Of a kind that had none, and of one that had four.
    for (number, had) in [(6, 0), (0, 4)] {
        let bytes = by_hand(|to| {
            let to = to.array(2).and_then(|it| it.u8(number)).expect("memory");
            let to = if had == 0 { to.array(1) } else { to.array(1).and_then(|it| it.array(5)) };
            let to = to.expect("memory");
            if had == 4 {
                let to = to.str("call").and_then(|it| it.str("inbound")).expect("memory");
                to.bool(true).and_then(|it| it.null()).expect("memory");
            }
            to.map(1).and_then(|it| it.u8(0)).and_then(|it| it.str("new")).expect("memory");
        });
        let (medium, direction) = (Medium::Call, Direction::Inbound);
        let opened = Opened { medium, direction, public: true, priority: None };
        let kind = if had == 0 { Kind::Held } else { Kind::Opened(opened) };
        assert_eq!(between_two(&bytes), Ok(bare(9, kind)));
    }
}

#[test]
fn a_kind_that_a_newer_version_added_is_set_down_readably() {
    let bytes = by_hand(|to| {
        let to = to.array(2).and_then(|it| it.u8(200)).and_then(|it| it.array(1)).expect("memory");
        to.str("1 m").expect("memory");
    });
    let (shown, reason) = between_two(&bytes).expect_err("an unknown kind");
    assert_eq!(
        String::from_utf8(shown).expect("a text"),
        r#"["bare 9", "phones", -1, 0, [200, ["1 m"]]]"#
    );
    assert!(reason.starts_with("a newer Tablica wrote it: a kind of event"), "{reason}");
    // What is no CBOR stays as it is.
    let broken = [b"\x85\x66bare 9".as_slice(), b"\xff"].concat();
    assert_eq!(between_two(&broken).expect_err("no event").0, broken);
}

#[test]
fn a_word_that_a_newer_version_added_is_no_event_even_where_none_is_needed() {
    for (medium, priority) in [("telepathy", "high"), ("call", "telepathy")] {
        let bytes = by_hand(|to| {
            let to = to.array(2).and_then(|it| it.u8(0)).and_then(|it| it.array(1));
            let to = to.and_then(|it| it.array(4)).and_then(|it| it.str(medium)).expect("memory");
            let to = to.str("inbound").and_then(|it| it.bool(true)).expect("memory");
            to.str(priority).expect("memory");
        });
        let (shown, reason) = between_two(&bytes).expect_err("an unknown word");
        assert!(reason.contains("a word that is not known here"), "{reason}");
        assert!(!reason.contains("telepathy"), "{reason}");
        assert!(String::from_utf8(shown).expect("a text").contains("\"telepathy\""));
    }
}

#[test]
fn what_is_no_number_is_neither_written_nor_read() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let rated = |score, scale| Kind::Rated(Rated { dimension: "overall".into(), score, scale });
        let gauge = Kind::Gauge(Gauge { name: "calls".into(), value: number });
        for kind in [rated(number, 5.0), rated(5.0, number), gauge] {
            let reason = write(&bare(1, kind), &mut Vec::new()).expect_err("no number");
            assert!(reason.ends_with("that is no number"), "{reason}");
        }
        let mut bytes = bytes_of(&bare(1, rated(1.0, 2.0)));
        let at = bytes.len() - 8;
        bytes[at..].copy_from_slice(&number.to_be_bytes());
        assert_eq!(between_two(&bytes).expect_err("no number").1, "a rating that is no number");
    }
}
