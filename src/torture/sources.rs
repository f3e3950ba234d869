//! Simulated networks: they deliver what they have in order and at least once, deliver again what was
//! not acknowledged, sometimes what was, and some do not keep the order.

use rand::RngExt;
use rand::rngs::StdRng;

use crate::engine::tests::traffic::{Contacts, Step, tell};
use crate::event::{Event, Millis, UnixMs};

/// Deliveries of one webhook that are on their way at a time.
const ON_THEIR_WAY_MAX: usize = 6;
/// Events in one delivery of a file.
const LINES_MAX: usize = 8;

/// How a network brings its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Read from a file, from a position on that the journal keeps.
    File,
    /// Sent, in any order of the next few, until it is acknowledged.
    Webhook,
}

/// Something handed over: which events, and where the file's position is after them.
pub(super) struct Delivery {
    /// By number.
    pub(super) events: Vec<usize>,
    pub(super) position: Option<usize>,
}

/// One channel and its network.
pub(super) struct Source {
    pub(super) channel: String,
    /// All that happens there, in order.
    pub(super) events: Vec<Event>,
    way: Way,
    /// Of a file: how far it is on disk.
    position: usize,
    /// Of a webhook: what was acknowledged.
    acknowledged: Vec<bool>,
    /// How many deliveries of each event are on their way.
    on_their_way: Vec<usize>,
}

impl Source {
    pub(super) fn draw(number: usize, shift_ms: Millis, dice: &mut StdRng) -> Source {
        let channel = format!("channel-{number}");
        let (calls, talks) = (contacts(dice, 90), contacts(dice, 700));
        let states = (0..dice.random_range(0..5))
            .map(|_| (dice.random_range(0..7000), dice.random_range(0..7), dice.random_range(0..3)))
            .collect();
        let restart = (dice.random_range(0..4) == 0).then(|| dice.random_range(0..7000));
        let mut events = tell(&channel, &calls, &talks, states, restart);
        for (event, unique_ms) in events.iter_mut().zip(0..) {
            // What is said of one contact within one moment stays in its order; this has none.
            event.at_ms += shift_ms + unique_ms;
        }
        let way = if dice.random() { Way::File } else { Way::Webhook };
        let count = events.len();
        Source {
            channel,
            events,
            way,
            position: 0,
            acknowledged: vec![false; count],
            on_their_way: vec![0; count],
        }
    }

    pub(super) fn is_file(&self) -> bool {
        self.way == Way::File
    }

    /// How far a file's position is on disk.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// When the next event happens that has not been acknowledged.
    pub(super) fn next_ms(&self) -> Option<UnixMs> {
        let next = match self.way {
            Way::File => self.position,
            Way::Webhook => self.acknowledged.iter().position(|done| !done)?,
        };
        self.events.get(next).map(|event| event.at_ms)
    }

    /// What it delivers now, if it has something.
    pub(super) fn deliver(&mut self, now_ms: UnixMs, dice: &mut StdRng) -> Option<Delivery> {
        let happened = self.events.partition_point(|event| event.at_ms <= now_ms);
        match self.way {
            // One after the other: what follows a lost one lies behind it.
            Way::File if self.on_their_way.iter().all(|count| *count == 0) => {
                let count = dice.random_range(0..=LINES_MAX).min(happened - self.position);
                let events: Vec<usize> = (self.position..self.position + count).collect();
                let position = Some(self.position + count);
                events.iter().for_each(|event| self.on_their_way[*event] += 1);
                Some(Delivery { events, position })
            }
            Way::File => None,
            Way::Webhook => {
                let is_open = |event: &usize| !self.acknowledged[*event];
                let mut open = (0..happened).filter(is_open);
                let mut next: Vec<usize> = open.by_ref().take(ON_THEIR_WAY_MAX).collect();
                if happened > 0 && dice.random_range(0..20) == 0 {
                    // Its acknowledgement was lost on the way.
                    next = vec![dice.random_range(0..happened)];
                }
                let event = *next.get(dice.random_range(0..next.len().max(1)))?;
                if self.on_their_way.iter().sum::<usize>() >= ON_THEIR_WAY_MAX {
                    return None;
                }
                self.on_their_way[event] += 1;
                Some(Delivery { events: vec![event], position: None })
            }
        }
    }

    /// A delivery was answered, or its answer will never come.
    pub(super) fn answered(&mut self, delivery: &Delivery, is_acknowledged: bool) {
        for event in &delivery.events {
            self.on_their_way[*event] -= 1;
            self.acknowledged[*event] |= is_acknowledged;
        }
        if let Some(position) = delivery.position.filter(|_| is_acknowledged) {
            self.position = position;
        }
    }

    /// The server has started anew: a file is read on from the journal's position.
    pub(super) fn resume(&mut self, position: usize) {
        if self.is_file() {
            self.position = position;
        }
    }
}

fn contacts(dice: &mut StdRng, seconds_max: u16) -> Contacts {
    let count = dice.random_range(1..4);
    let contact = |dice: &mut StdRng| {
        let steps: Vec<Step> = (0..dice.random_range(0..8))
            .map(|_| {
                (dice.random(), dice.random_range(0..seconds_max), dice.random(), dice.random())
            })
            .collect();
        (dice.random_range(0..3600), steps)
    };
    (0..count).map(|_| contact(dice)).collect()
}
