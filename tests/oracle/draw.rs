//! Draws scenarios: a day and a half of several channels, up to the moment at which is counted.

use proptest::prelude::*;
use tablica::event::{Event, Kind, Mention, Sentiment, UnixMs};

use super::dice::Dice;
use super::draw_calls::{Crew, call, long_call};
use super::draw_written::{conversation, long_conversation};
use super::pen::Pen;
use super::world::{HOUR, MINUTE, SECOND, TUESDAY, WORLDS, World};

/// What a scenario may contain besides the plain course of things. Each scenario has some of them,
/// so that some scenarios are free of what a figure is undecided for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Quirk {
    Late,
    Twice,
    Reopenings,
    Moves,
    Notes,
    Spam,
    Outbound,
    Removed,
    Ratings,
    States,
    Transfers,
    Measures,
    Priorities,
    Peers,
    Restart,
    Unopened,
    Complaints,
    Topics,
    WholeSeconds,
    Mentions,
    Callbacks,
    Assignments,
    Untold,
}

const LATE_OR_TWICE: u32 = 1 << Quirk::Late as u32 | 1 << Quirk::Twice as u32;

/// Some of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quirks(u32);

impl Quirks {
    pub(super) fn has(self, quirk: Quirk) -> bool {
        self.0 & (1 << quirk as u32) != 0
    }
}

/// What happened, in the order in which it became known, and the moment at which is counted.
#[derive(Clone, Debug)]
pub(super) struct Scenario {
    pub(super) world: World,
    pub(super) events: Vec<Event>,
    pub(super) now_ms: UnixMs,
}

/// Where a thread begins: which channel, when, and the bytes that decide its course.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) number: usize,
    pub(super) start_ms: UnixMs,
    pub(super) bytes: Vec<u8>,
    channel: usize,
}

fn plan() -> impl Strategy<Value = Plan> {
    let bytes = prop::collection::vec(any::<u8>(), 24..160);
    (0..12usize, any::<u8>(), 0..65_536i64, bytes).prop_map(|(channel, when, at, bytes)| {
        // Most of it in the hours before the count, some on Monday, some early on Tuesday.
        let (from_ms, length) = match when % 8 {
            0 => (TUESDAY - 16 * HOUR, 12 * HOUR),
            1 => (TUESDAY, 9 * HOUR),
            _ => (TUESDAY + 9 * HOUR, 4 * HOUR + 30 * MINUTE),
        };
        Plan { number: 0, start_ms: from_ms + length * at / 65_536, bytes, channel }
    })
}

pub(super) fn scenarios(threads: std::ops::Range<usize>) -> impl Strategy<Value = Scenario> {
    let plans = prop::collection::vec(plan(), threads);
    let aside = prop::collection::vec(any::<u8>(), 120);
    let now_s = (12 * 3600..16 * 3600i64).prop_map(|second| TUESDAY + second * SECOND + 137);
    (0..WORLDS.len(), any::<u32>(), plans, aside, now_s).prop_map(
        |(world, bits, plans, aside, now_ms)| {
            // Each quirk on every second day.
            let quirks = Quirks(bits);
            scenario(WORLDS[world], quirks, plans, aside, now_ms)
        },
    )
}

fn scenario(
    world: World,
    quirks: Quirks,
    mut plans: Vec<Plan>,
    aside: Vec<u8>,
    now_ms: UnixMs,
) -> Scenario {
    plans.sort_by_key(|plan| plan.start_ms);
    let (mut pen, mut crew) = (Pen::default(), Crew::default());
    for (number, mut plan) in plans.into_iter().enumerate() {
        plan.number = number;
        if quirks.has(Quirk::WholeSeconds) {
            plan.start_ms -= plan.start_ms % SECOND;
        }
        match plan.channel {
            0..=2 => call(&mut pen, &mut crew, "pbx", &plan, quirks),
            3 => call(&mut pen, &mut crew, "gate", &plan, quirks),
            4..=6 => conversation(&mut pen, "web", &plan, quirks),
            7 | 8 => conversation(&mut pen, "desk", &plan, quirks),
            9 | 10 => conversation(&mut pen, "fb", &plan, quirks),
            _ => conversation(&mut pen, "tg", &plan, quirks),
        }
    }
    let mut dice = Dice::new(aside);
    if quirks.has(Quirk::States) {
        crew.states(&mut pen, &mut dice);
    }
    if quirks.has(Quirk::Mentions) {
        mentions(&mut pen, &mut dice);
    }
    let mut events = pen.events;
    if quirks.has(Quirk::WholeSeconds) {
        for event in &mut events {
            event.at_ms -= event.at_ms.rem_euclid(SECOND);
        }
    }
    if quirks.has(Quirk::Late) {
        delay(&mut events, &mut dice);
    }
    if quirks.has(Quirk::Twice) {
        for _ in 0..dice.below(6) {
            let mut again = events[dice.below(events.len())].clone();
            again.received_ms = again.known_ms() + dice.length(0, HOUR);
            events.push(again);
        }
    }
    events.sort_by_key(Event::known_ms);
    events.retain(|event| event.known_ms() <= now_ms);
    Scenario { world, events, now_ms }
}

/// Whom nobody addressed: what is said of us elsewhere.
fn mentions(pen: &mut Pen, dice: &mut Dice) {
    for number in 0..dice.below(8) {
        let queue = dice.one(&[None, Some("care")]);
        pen.thread("fb", &format!("m{number}"), queue);
        let at_ms = TUESDAY + dice.length(8 * HOUR, 15 * HOUR);
        let mention = Mention {
            public: dice.chance(80),
            sentiment: mood(dice),
            topics: if dice.chance(30) { vec!["refund".to_owned()] } else { Vec::new() },
            spam: dice.chance(15),
            ..Mention::default()
        };
        pen.tell(at_ms, Kind::Mention(mention));
    }
}

pub(super) fn mood(dice: &mut Dice) -> Sentiment {
    use Sentiment::{Negative, Neutral, Positive, Unknown};
    dice.one(&[Unknown, Unknown, Negative, Negative, Neutral, Positive])
}

/// Some of the written channels' events become known late. What a thread began with does not: in
/// the meantime nobody could say what the rest of it is. What happened in a thread at one moment
/// stays together, so that its order is known.
fn delay(events: &mut [Event], dice: &mut Dice) {
    let mut first_ms = std::collections::BTreeMap::new();
    for event in events.iter() {
        let thread = (event.channel.clone(), event.interaction.clone());
        let at_ms = first_ms.entry(thread).or_insert(event.at_ms);
        *at_ms = event.at_ms.min(*at_ms);
    }
    for _ in 0..12 {
        let (channel, thread, at_ms) = {
            let event = &events[dice.below(events.len())];
            (event.channel.clone(), event.interaction.clone(), event.at_ms)
        };
        let is_first = first_ms.get(&(channel.clone(), thread.clone())) == Some(&at_ms);
        let is_told = !["pbx", "gate"].contains(&channel.as_str());
        let delay_ms = dice.length(SECOND, 2 * HOUR);
        if is_first || !is_told || thread.is_empty() {
            continue;
        }
        let together = events.iter_mut().filter(|event| {
            event.channel == channel && event.interaction == thread && event.at_ms == at_ms
        });
        together.for_each(|event| event.received_ms = event.at_ms + delay_ms);
    }
}

/// One to three threads of up to 400 facts, and some short ones, in order and without repetition.
pub(super) fn long_threads() -> impl Strategy<Value = Scenario> {
    let long = prop::collection::vec((0..4usize, 50..400usize, any::<u64>()), 1..4);
    let short = prop::collection::vec(plan(), 2..8);
    let now_s = (12 * 3600..16 * 3600i64).prop_map(|second| TUESDAY + second * SECOND + 137);
    (0..WORLDS.len(), any::<[u32; 2]>(), long, short, now_s).prop_map(
        |(world, bits, long, short, now_ms)| {
            let quirks = Quirks(bits[0] | bits[1]);
            let Scenario { world, mut events, .. } = scenario(
                WORLDS[world],
                Quirks(quirks.0 & !LATE_OR_TWICE),
                short,
                Vec::new(),
                now_ms,
            );
            let mut pen = Pen { first_id: 10_000, ..Pen::default() };
            for (number, (channel, facts, seed)) in long.into_iter().enumerate() {
                let plan = Plan {
                    number: 900 + number,
                    start_ms: TUESDAY + 6 * HOUR + number as i64 * MINUTE,
                    bytes: stretched(seed, facts * 12),
                    channel: 0,
                };
                match channel {
                    0 => long_call(&mut pen, &plan, facts),
                    1 => long_conversation(&mut pen, "web", &plan, quirks, facts),
                    2 => long_conversation(&mut pen, "desk", &plan, quirks, facts),
                    _ => long_conversation(&mut pen, "fb", &plan, quirks, facts),
                }
            }
            events.extend(pen.events);
            events.sort_by_key(|event| event.at_ms);
            events.retain(|event| event.at_ms <= now_ms);
            Scenario { world, events, now_ms }
        },
    )
}

/// Many bytes of one number.
fn stretched(seed: u64, count: usize) -> Vec<u8> {
    let mut state = seed | 1;
    let next = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    });
    next.take(count).collect()
}
