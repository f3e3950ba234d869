//! A call: its stays in queues, its talks, its end.

use tablica::event::{Direction, Event, Kind, LeftReason, Medium, UnixMs};

use super::contact::{Contact, Leg, Outcome};
use super::reading::{Point, Reading};
use super::world::{queue_rules, tells};

/// Whether these are the facts of a call: of that medium, or a telephone's words of none.
pub(super) fn is_call(facts: &[&Event]) -> bool {
    let medium = facts.iter().find_map(|event| match &event.kind {
        Kind::Opened(opened) => Some(opened.medium),
        Kind::Message(message) => Some(message.medium),
        _ => None,
    });
    medium.is_none_or(|medium| medium == Medium::Call)
}

/// The call, and when its channel's network started anew: calls that wait then are lost.
pub(super) fn recount(facts: &[&Event], restarts_ms: &[UnixMs], reading: Reading) -> Contact {
    let mut call = Contact::begun_by(facts[0], true);
    if reading.has(Point::UnopenedIsUnknown) {
        call.kind = Medium::Unknown;
    }
    for event in facts {
        call.customer.extend(event.customer.iter().cloned());
        if !call.note_aside(event) {
            fact(&mut call, event, reading);
        }
    }
    // Of whom more was told afterwards, they were not lost.
    let since_ms = call.waiting().map(|stay| stay.offered_ms);
    let lost_ms = restarts_ms.iter().find(|at_ms| since_ms.is_some_and(|ms| ms < **at_ms));
    if let Some(at_ms) = lost_ms {
        lose(&mut call, *at_ms);
    }
    let talks = call.legs.last().is_some_and(|leg| leg.ended_ms.is_none());
    let last_ms = facts[facts.len() - 1].at_ms;
    if !talks && call.waiting().is_none() {
        call.over = Some((last_ms, last_ms));
    }
    call
}

fn lose(call: &mut Contact, at_ms: UnixMs) {
    if let Some(stay) = call.waiting() {
        stay.outcome = Outcome::FlowedOut(at_ms);
        stop_ringing(call, None, at_ms);
    }
}

fn stop_ringing(call: &mut Contact, agent: Option<&str>, at_ms: UnixMs) {
    for (who, _, until) in &mut call.rings {
        if until.is_none() && agent.is_none_or(|agent| agent == who) {
            *until = Some(at_ms);
        }
    }
}

fn fact(call: &mut Contact, event: &Event, reading: Reading) {
    let at_ms = event.at_ms;
    let agent = event.agent.as_deref();
    let named = event.queue.as_deref().unwrap_or("");
    match &event.kind {
        Kind::Opened(opened) => {
            call.kind = opened.medium;
            call.public = opened.public;
            call.is_outbound = opened.direction == Direction::Outbound;
            if let Some(priority) = opened.priority {
                call.rank(at_ms, priority);
            }
            call.enter(at_ms, named);
            if !call.is_outbound {
                call.offer(at_ms, named);
                call.stays[0].is_announced = true;
            }
        }
        Kind::Queued => queued(call, at_ms, named, reading),
        Kind::OfferedToAgent => {
            call.rings.push((agent.unwrap_or("").to_owned(), at_ms, None));
        }
        Kind::RingMissed(_) => {
            stop_ringing(call, agent, at_ms);
            call.rings_missed.push(call.moment(event));
        }
        Kind::Answered(answered) => {
            stop_ringing(call, None, at_ms);
            call.had_by(event);
            call.is_answered = true;
            if call.first_help.is_none() {
                call.first_help = Some((call.moment(event), false));
            }
            if let Some(stay) = call.waiting() {
                stay.outcome = Outcome::Answered(at_ms);
                stay.told_wait_ms = answered.wait_ms;
                stay.place.agent = event.agent.clone();
            }
            call.legs.push(Leg {
                place: call.place(event),
                answered_ms: at_ms,
                holds: Vec::new(),
                ended_ms: None,
                is_end_told: false,
                told_talk_ms: None,
                told_hold_ms: None,
                wrapped_ms: None,
            });
        }
        Kind::Held => {
            if let Some(leg) = leg_of(call, agent).filter(|leg| leg.ended_ms.is_none()) {
                leg.holds.push((at_ms, None));
            }
        }
        Kind::Resumed => {
            let hold = leg_of(call, agent).and_then(|leg| leg.holds.last_mut());
            if let Some((_, until)) = hold.filter(|(_, until)| until.is_none()) {
                *until = Some(at_ms);
            }
        }
        Kind::Transferred(transferred) => {
            call.hand_overs.push(call.moment(event));
            if let Some(stay) = call.waiting() {
                stay.outcome = Outcome::FlowedOut(at_ms);
                stop_ringing(call, None, at_ms);
            } else if let Some(leg) = leg_of(call, agent).filter(|leg| leg.ended_ms.is_none()) {
                leg.ended_ms = Some(at_ms);
            }
            if let Some(queue) = &transferred.to_queue {
                call.enter(at_ms, queue);
                call.offer(at_ms, queue);
                if let Some(stay) = call.waiting() {
                    stay.is_announced = true;
                }
            }
        }
        Kind::TalkEnded(ended) => {
            if let Some(leg) = leg_of(call, agent).filter(|leg| !leg.is_end_told) {
                leg.is_end_told = true;
                (leg.told_talk_ms, leg.told_hold_ms) = (ended.talk_ms, ended.hold_ms);
                if leg.ended_ms.is_none() || reading.has(Point::LegEndsAtTheLater) {
                    leg.ended_ms = Some(at_ms);
                }
            }
        }
        Kind::WrappedUp => {
            let leg = leg_of(call, agent).filter(|leg| leg.wrapped_ms.is_none());
            if let Some(leg) = leg.filter(|leg| leg.ended_ms.is_some()) {
                leg.wrapped_ms = Some(at_ms);
            }
        }
        Kind::Abandoned(abandoned) => {
            if let Some(stay) = call.waiting() {
                stay.outcome = Outcome::Abandoned(at_ms);
                stay.told_wait_ms = abandoned.wait_ms;
            }
            stop_ringing(call, None, at_ms);
        }
        Kind::Left(left) => {
            if left.reason == LeftReason::Overflow {
                call.overflows.push(call.moment(event));
            }
            if left.reason == LeftReason::Callback {
                call.callback_ms = Some(at_ms);
            }
            if let Some(stay) = call.waiting() {
                stay.outcome = Outcome::FlowedOut(at_ms);
            }
            stop_ringing(call, None, at_ms);
        }
        _ => {}
    }
}

/// Entered a queue. Who was handed on into it, or opened in it, is offered once; who stands in
/// another one leaves that.
fn queued(call: &mut Contact, at_ms: UnixMs, queue: &str, reading: Reading) {
    call.enter(at_ms, queue);
    let is_first = call.stays.len() == 1;
    if let Some(stay) = call.waiting() {
        if stay.is_announced && (is_first || stay.place.queue == queue) {
            stay.is_announced = false;
            queue.clone_into(&mut stay.place.queue);
            if is_first || reading.has(Point::WaitsFromQueued) {
                stay.offered_ms = at_ms;
            }
            return;
        }
        if stay.place.queue == queue {
            return;
        }
        stay.outcome = Outcome::FlowedOut(at_ms);
    }
    call.offer(at_ms, queue);
}

/// The last talk of that agent, or the last one where nobody is named.
fn leg_of<'a>(call: &'a mut Contact, agent: Option<&str>) -> Option<&'a mut Leg> {
    call.legs.iter_mut().rev().find(|leg| agent.is_none() || leg.place.agent.as_deref() == agent)
}

/// A talk's hold: the network's own measure, else what was seen of it.
pub(super) fn hold_ms(leg: &Leg) -> i64 {
    let end_ms = leg.ended_ms.unwrap_or(leg.answered_ms);
    let seen = || leg.holds.iter().map(|(from, to)| to.unwrap_or(end_ms).min(end_ms) - from).sum();
    leg.told_hold_ms.unwrap_or_else(seen)
}

/// A talk's length without hold.
pub(super) fn talk_ms(leg: &Leg) -> i64 {
    let end_ms = leg.ended_ms.unwrap_or(leg.answered_ms);
    leg.told_talk_ms.unwrap_or(end_ms - leg.answered_ms - hold_ms(leg))
}

/// When the wrap-up after it is over: as told, else after as long as the queue allows. A network
/// that never tells of wrap-up has none.
pub(super) fn done_ms(leg: &Leg, channel: &str) -> Option<UnixMs> {
    let ended_ms = leg.ended_ms?;
    let untold_ms = queue_rules(&leg.place.queue).wrap_up_ms;
    let wrap_up_ms = if tells(channel).wrapped_up { untold_ms } else { 0 };
    Some(leg.wrapped_ms.unwrap_or(ended_ms + wrap_up_ms))
}

/// The wrap-up after it.
pub(super) fn after_work_ms(leg: &Leg, channel: &str) -> i64 {
    done_ms(leg, channel).zip(leg.ended_ms).map_or(0, |(done_ms, ended_ms)| done_ms - ended_ms)
}
