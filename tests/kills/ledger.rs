//! What was sent by which door, what of it was acknowledged, and what must be counted for it.

use std::collections::{BTreeMap, VecDeque};

use tablica::engine::QUARTER_MS;
use tablica::event::UnixMs;

/// A way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Door {
    /// Webhooks with a token in a header.
    Telegram,
    /// Webhooks whose body is signed.
    WebForm,
    /// Lines of a log that is followed.
    QueueLog,
    /// Updates that are fetched, and confirmed by the next fetch.
    Poll,
}

impl Door {
    pub(super) const ALL: [Door; 4] = [Door::Telegram, Door::WebForm, Door::QueueLog, Door::Poll];

    /// The channel's name in the config.
    pub(super) fn channel(self) -> &'static str {
        match self {
            Door::Telegram => "telegram",
            Door::WebForm => "webform",
            Door::QueueLog => "pbx",
            Door::Poll => "poll",
        }
    }

    /// Fields of which each item that can be decoded counts in one.
    pub(super) fn items(self) -> &'static [&'static str] {
        match self {
            Door::Telegram | Door::Poll => &["messages_customer", "blocked"],
            Door::WebForm => &["messages_customer", "messages_agent", "ratings", "resolved"],
            Door::QueueLog => &["offered"],
        }
    }

    pub(super) fn queue(self) -> &'static str {
        match self {
            Door::Telegram => "messages",
            Door::WebForm => "forms",
            Door::QueueLog => "sales",
            Door::Poll => "polled",
        }
    }
}

/// One thing that a network sends.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The body or the line.
    pub(super) body: String,
    /// Fields that grow by one, all in the same quarter of an hour.
    pub(super) counts: &'static [&'static str],
    pub(super) quarter_ms: UnixMs,
    /// It cannot be decoded: by this it is found in quarantine.
    pub(super) bad: Option<(String, &'static str)>,
    /// How often it has been sent.
    pub(super) tries: u32,
}

impl Item {
    pub(super) fn good(body: String, at_ms: UnixMs, counts: &'static [&'static str]) -> Self {
        let quarter_ms = at_ms - at_ms.rem_euclid(QUARTER_MS);
        Self { body, counts, quarter_ms, bad: None, tries: 0 }
    }

    /// One that goes to quarantine, for a reason of this class.
    pub(super) fn bad(body: String, marker: String, class: &'static str) -> Self {
        Self { body, counts: &[], quarter_ms: 0, bad: Some((marker, class)), tries: 0 }
    }
}

/// What belongs together, in order: the next is sent when the one before is acknowledged.
pub(super) type Conversation = VecDeque<Item>;

/// How much of what went in by a door.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) sent: u64,
    pub(super) acknowledged: u64,
    /// Sent once more, because no answer came or because networks do.
    pub(super) again: u64,
    /// Told to come again later.
    pub(super) later: u64,
}

/// An input that cannot be decoded, and was acknowledged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bad {
    pub(super) door: Door,
    pub(super) class: &'static str,
    /// It may be there as often as it was sent.
    pub(super) tries: u32,
}

/// An annotation that somebody made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// Not answered yet.
    Asked,
    Made,
    /// Somebody has asked to remove it and has no answer yet.
    Leaving,
    Gone,
}

/// The books.
#[derive(Default)]
pub(super) struct Ledger {
    numbers: u64,
    counts: BTreeMap<(Door, UnixMs, &'static str), i64>,
    tallies: BTreeMap<Door, Tally>,
    owed: BTreeMap<Door, VecDeque<Conversation>>,
    bad: BTreeMap<String, Bad>,
    pub(super) notes: BTreeMap<String, Note>,
    pub(super) rotations: u64,
    pub(super) key_rotations: u64,
    /// What must not be: the first of them ends the run.
    pub(super) violations: Vec<String>,
}

impl Ledger {
    /// A number that was never given before.
    pub(super) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    /// What was not acknowledged goes first.
    pub(super) fn next_owed(&mut self, door: Door) -> Option<Conversation> {
        self.owed.get_mut(&door)?.pop_front()
    }

    pub(super) fn owe(&mut self, door: Door, rest: Conversation) {
        if !rest.is_empty() {
            self.owed.entry(door).or_default().push_back(rest);
        }
    }

    pub(super) fn owes(&self) -> usize {
        self.owed.values().map(VecDeque::len).sum()
    }

    /// It is about to be sent.
    pub(super) fn sends(&mut self, door: Door, item: &mut Item) {
        let tally = self.tallies.entry(door).or_default();
        item.tries += 1;
        if item.tries == 1 {
            tally.sent += 1;
        } else {
            tally.again += 1;
        }
    }

    /// It is to be counted, or kept in quarantine, from now on.
    pub(super) fn acknowledged(&mut self, door: Door, item: &Item) {
        self.tallies.entry(door).or_default().acknowledged += 1;
        for field in item.counts {
            *self.counts.entry((door, item.quarter_ms, field)).or_default() += 1;
        }
        if let Some((marker, class)) = &item.bad {
            let bad = Bad { door, class, tries: item.tries };
            self.bad.insert(marker.clone(), bad);
        }
    }

    pub(super) fn told_later(&mut self, door: Door) {
        self.tallies.entry(door).or_default().later += 1;
    }

    pub(super) fn tally(&self, door: Door) -> Tally {
        self.tallies.get(&door).copied().unwrap_or_default()
    }

    pub(super) fn bad(&self) -> &BTreeMap<String, Bad> {
        &self.bad
    }

    /// How much of a field must be counted from that moment on.
    pub(super) fn expected(&self, door: Door, field: &str, from_ms: UnixMs) -> i64 {
        let of_field = self.counts.iter().filter(|((of, quarter_ms, name), _)| {
            *of == door && *name == field && *quarter_ms >= from_ms
        });
        of_field.map(|(_, count)| count).sum()
    }

    /// The same by door, quarter and field.
    pub(super) fn counts(&self) -> &BTreeMap<(Door, UnixMs, &'static str), i64> {
        &self.counts
    }
}
