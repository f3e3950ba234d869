//! Draws calls, and what the agents do who take them.

use tablica::event::{
    Abandoned, AgentStatus, Answered, CustomerKey, Direction, Feed, FeedState, Kind, Left,
    LeftReason, Medium, Millis, Opened, RingMissed, UnixMs,
};

use super::dice::Dice;
use super::draw::{Plan, Quirk, Quirks};
use super::pen::{Pen, opening};
use super::world::{HOUR, MINUTE, SECOND, TUESDAY, queue_rules};

/// Who takes calls on which channel: `ann` of the one is not `ann` of the other.
const CREW: [(&str, &str); 5] =
    [("pbx", "ann"), ("pbx", "ben"), ("pbx", "cem"), ("gate", "ann"), ("gate", "dora")];

/// When each of them is busy with calls.
#[derive(Default)]
pub(super) struct Crew {
    busy: Vec<(&'static str, &'static str, UnixMs, UnixMs)>,
}

impl Crew {
    /// Somebody who has nothing to do for so long; from then on they have.
    fn take(&mut self, channel: &str, from_ms: UnixMs, to_ms: UnixMs) -> Option<&'static str> {
        let (of, name) = CREW.into_iter().find(|(of, name)| {
            *of == channel && self.is_free(channel, name, from_ms - 2 * SECOND, to_ms + 2 * SECOND)
        })?;
        self.busy.push((of, name, from_ms, to_ms));
        Some(name)
    }

    fn is_free(&self, channel: &str, name: &str, from_ms: UnixMs, to_ms: UnixMs) -> bool {
        !self.busy.iter().any(|(of, who, begin, end)| {
            *of == channel && *who == name && *begin < to_ms && from_ms < *end
        })
    }

    /// What the telephone systems tell of their people, while these have no call.
    pub(super) fn states(&self, pen: &mut Pen, dice: &mut Dice) {
        use AgentStatus::{Available, Offline, Paused};
        for (channel, name) in CREW.into_iter().chain([("web", "ann")]) {
            if name == "dora" {
                continue; // of whom nothing is ever told
            }
            pen.thread(channel, "", None);
            let mut at_ms = TUESDAY - 17 * HOUR + dice.length(0, 20 * HOUR);
            for _ in 0..1 + dice.below(6) {
                if self.is_free(channel, name, at_ms - 2 * SECOND, at_ms + 2 * SECOND) {
                    let status = dice.one(&[Available, Available, Paused, Offline]);
                    pen.state(at_ms, name, status);
                }
                at_ms += dice.length(MINUTE, 6 * HOUR);
            }
        }
    }
}

const QUEUES: [&str; 2] = ["sales", "care"];

pub(super) fn call(pen: &mut Pen, crew: &mut Crew, channel: &str, plan: &Plan, quirks: Quirks) {
    let mut dice = Dice::new(plan.bytes.clone());
    let mut at_ms = plan.start_ms;
    let queue = dice.one(&QUEUES);
    pen.thread(channel, &format!("c{}", plan.number), Some(queue));
    if dice.chance(70) {
        pen.customer = vec![CustomerKey(format!("k{}", dice.below(7)))];
    }
    if quirks.has(Quirk::Outbound) && dice.chance(20) {
        return outbound(pen, crew, channel, at_ms, &mut dice);
    }
    if quirks.has(Quirk::Unopened) && dice.chance(60) {
        pen.by_customer(at_ms, Kind::Queued);
    } else {
        pen.opened(at_ms, opening(Medium::Call, false, None), None);
        pen.tell(at_ms, Kind::Queued);
    }
    let mut is_in_line = true;
    for _ in 0..=usize::from(quirks.has(Quirk::Transfers)) * dice.below(4) {
        let next_ms = visit(pen, crew, channel, at_ms, quirks, &mut dice);
        is_in_line = next_ms.is_some();
        at_ms = next_ms.unwrap_or(at_ms);
        if !is_in_line {
            break;
        }
    }
    if is_in_line {
        at_ms += dice.length(SECOND, 2 * MINUTE);
        pen.tell(at_ms, Kind::Abandoned(Abandoned::default()));
    }
    if dice.chance(30) {
        let ended_ms = pen.events.last().map_or(at_ms, |event| event.at_ms);
        let asked_ms = ended_ms + dice.length(0, 5 * MINUTE);
        pen.tell(asked_ms, Kind::RatingRequested);
        if dice.chance(60) {
            pen.rated(asked_ms + dice.length(SECOND, HOUR), "overall", dice.below(11) as u32, 10);
        }
    }
    if quirks.has(Quirk::Topics) && dice.chance(40) {
        pen.tell(at_ms + dice.length(0, HOUR), Kind::Tagged(vec!["refund".to_owned()]));
    }
    if quirks.has(Quirk::Restart) && channel == "pbx" && dice.chance(10) {
        let feed = Kind::Feed(Feed::from(FeedState::Restarted));
        pen.thread(channel, "", None);
        pen.tell(at_ms + dice.length(0, MINUTE), feed);
    }
}

/// A stay in one queue and what follows it. Says when the caller is in the next queue, if they are.
fn visit(
    pen: &mut Pen,
    crew: &mut Crew,
    channel: &str,
    offered_ms: UnixMs,
    quirks: Quirks,
    dice: &mut Dice,
) -> Option<UnixMs> {
    let wait_ms = match dice.below(5) {
        0 => dice.length(0, 5 * SECOND),
        1 | 2 => dice.length(SECOND, 30 * SECOND),
        3 => dice.length(20 * SECOND, 3 * MINUTE),
        _ => dice.length(2 * MINUTE, 20 * MINUTE),
    };
    let at_ms = offered_ms + wait_ms;
    // As the telephone system measured it, which is not quite as the events stand.
    let told_ms = |dice: &mut Dice, of: Millis| {
        (quirks.has(Quirk::Measures) && dice.chance(50)).then(|| of - of % SECOND)
    };
    match dice.below(10) {
        0 | 1 => {
            let wait_ms = told_ms(dice, wait_ms);
            pen.tell(at_ms, Kind::Abandoned(Abandoned { wait_ms }));
            return None;
        }
        2 => {
            use LeftReason::{Callback, ExitKey, Overflow, QueueFull, Timeout};
            let may = if quirks.has(Quirk::Callbacks) {
                &[Callback, ExitKey, Timeout, QueueFull, Overflow][..]
            } else {
                &[ExitKey, Timeout, QueueFull][..]
            };
            let reason = dice.one(may);
            pen.tell(at_ms, Kind::Left(Left { reason }));
            if reason == Overflow {
                return Some(enter_other(pen, at_ms, dice));
            }
            if reason == Callback && dice.chance(40) {
                let at_ms = at_ms + dice.length(5 * MINUTE, HOUR);
                if let Some(agent) = crew.take(channel, at_ms, at_ms + 2 * MINUTE) {
                    pen.answered(at_ms, agent, None);
                    pen.ended(at_ms + MINUTE, agent, [None, None]);
                    if channel == "pbx" {
                        pen.by(at_ms + 2 * MINUTE, Some(agent), Kind::WrappedUp);
                    }
                }
            }
            return None;
        }
        3 if quirks.has(Quirk::Transfers) => {
            let to = other(pen);
            pen.transferred(at_ms, None, Some(to));
            pen.queue = Some(to.to_owned());
            if dice.chance(50) {
                pen.tell(at_ms, Kind::Queued); // the same told by two events
            }
            return Some(at_ms);
        }
        _ => {}
    }
    if dice.chance(20) && wait_ms > 20 * SECOND {
        let rings_ms = offered_ms + SECOND;
        if let Some(agent) = crew.take(channel, rings_ms, rings_ms + 15 * SECOND) {
            pen.by(rings_ms, Some(agent), Kind::OfferedToAgent);
            let missed = RingMissed { ring_ms: Some(15 * SECOND) };
            pen.by(rings_ms + 15 * SECOND, Some(agent), Kind::RingMissed(missed));
        }
    }
    let talk_ms = dice.length(5 * SECOND, 8 * MINUTE);
    let wrap_ms = match (channel, quirks.has(Quirk::Untold) && dice.chance(20)) {
        // Its end is not told: it may go on as long as the queue allows.
        ("pbx", true) => queue_rules(pen.queue.as_deref().unwrap_or("")).wrap_up_ms,
        ("pbx", false) => dice.length(0, 50 * SECOND),
        _ => 0,
    };
    let Some(agent) = crew.take(channel, at_ms, at_ms + talk_ms + wrap_ms) else {
        pen.tell(at_ms, Kind::Abandoned(Abandoned::default()));
        return None;
    };
    let told = told_ms(dice, wait_ms);
    pen.by(at_ms, Some(agent), Kind::Answered(Answered { wait_ms: told, ring_ms: None }));
    talk(pen, agent, (at_ms, talk_ms, wrap_ms), quirks, dice)
}

/// What an agent and a caller do together, and whether the caller is handed on.
fn talk(
    pen: &mut Pen,
    agent: &str,
    (at_ms, talk_ms, wrap_ms): (UnixMs, Millis, Millis),
    quirks: Quirks,
    dice: &mut Dice,
) -> Option<UnixMs> {
    // The longest one is that whose end is not told.
    let tells_wrap_up = pen.channel == "pbx" && wrap_ms < MINUTE;
    let end_ms = at_ms + talk_ms;
    let mut hold_ms = 0;
    if dice.chance(30) {
        hold_ms = talk_ms / 4;
        pen.by(at_ms + hold_ms, Some(agent), Kind::Held);
        pen.by(at_ms + 2 * hold_ms, Some(agent), Kind::Resumed);
    }
    let told = if quirks.has(Quirk::Measures) && dice.chance(50) {
        let talk_ms = talk_ms - hold_ms;
        [Some(talk_ms - talk_ms % SECOND), Some(hold_ms - hold_ms % SECOND)]
    } else {
        [None, None]
    };
    let goes_on = quirks.has(Quirk::Transfers) && dice.chance(45);
    let ended_first = dice.chance(50);
    if ended_first || !goes_on {
        pen.ended(end_ms, agent, told);
    }
    if goes_on {
        pen.transferred(end_ms, Some(agent), None);
        if !ended_first && dice.chance(70) {
            pen.ended(end_ms, agent, told);
        }
    }
    if tells_wrap_up {
        pen.by(end_ms + wrap_ms, Some(agent), Kind::WrappedUp);
    }
    goes_on.then(|| enter_other(pen, end_ms, dice))
}

fn other(pen: &Pen) -> &'static str {
    if pen.queue.as_deref() == Some("sales") { "care" } else { "sales" }
}

/// Into the other queue, at once or a second later.
fn enter_other(pen: &mut Pen, at_ms: UnixMs, dice: &mut Dice) -> UnixMs {
    let at_ms = at_ms + dice.one(&[0, 0, SECOND]);
    pen.queue = Some(other(pen).to_owned());
    pen.tell(at_ms, Kind::Queued);
    at_ms
}

fn outbound(pen: &mut Pen, crew: &mut Crew, channel: &str, at_ms: UnixMs, dice: &mut Dice) {
    let end_ms = at_ms + dice.length(30 * SECOND, 5 * MINUTE);
    let Some(agent) = crew.take(channel, at_ms, end_ms) else { return };
    let direction = Direction::Outbound;
    let opened = Opened { medium: Medium::Call, direction, ..Opened::default() };
    pen.opened(at_ms, opened, Some(agent));
    pen.answered(at_ms, agent, None);
    pen.ended(end_ms, agent, [None, None]);
    if channel == "pbx" {
        pen.by(end_ms, Some(agent), Kind::WrappedUp);
    }
}

/// A call of so many facts: it rings and rings, is held and resumed, and goes from queue to queue.
pub(super) fn long_call(pen: &mut Pen, plan: &Plan, facts: usize) {
    let mut dice = Dice::new(plan.bytes.clone());
    let mut at_ms = plan.start_ms;
    pen.thread("pbx", &format!("c{}", plan.number), Some("sales"));
    pen.opened(at_ms, opening(Medium::Call, false, None), None);
    pen.tell(at_ms, Kind::Queued);
    let before = pen.events.len();
    while pen.events.len() < before + facts {
        for _ in 0..dice.below(12) {
            pen.by(at_ms + SECOND, Some("zoe"), Kind::OfferedToAgent);
            let missed = RingMissed { ring_ms: Some(9 * SECOND) };
            at_ms += 10 * SECOND;
            pen.by(at_ms, Some("zoe"), Kind::RingMissed(missed));
        }
        at_ms += dice.length(SECOND, 20 * SECOND);
        pen.answered(at_ms, "zoe", None);
        for _ in 0..dice.below(12) {
            at_ms += dice.length(SECOND, 30 * SECOND);
            pen.by(at_ms, Some("zoe"), Kind::Held);
            at_ms += dice.length(SECOND, 30 * SECOND);
            pen.by(at_ms, Some("zoe"), Kind::Resumed);
        }
        at_ms += dice.length(SECOND, 30 * SECOND);
        pen.transferred(at_ms, Some("zoe"), None);
        pen.by(at_ms + SECOND, Some("zoe"), Kind::WrappedUp);
        at_ms += 2 * SECOND;
        pen.queue = Some(other(pen).to_owned());
        pen.tell(at_ms, Kind::Queued);
    }
    pen.tell(at_ms + MINUTE, Kind::Abandoned(Abandoned::default()));
}
