//! Service level: counted at the first of answered, abandoned and T passed.

use std::collections::{BTreeMap, BTreeSet};

use tablica::event::{Millis, UnixMs};

use super::super::ask::{Answer, Ask, Of, ratio};
use super::super::contact::{Contact, Outcome, Stay};
use super::super::hours;
use super::super::reading::Point;
use super::super::world::{DAY, queue_rules};
use super::Figure;

pub(super) const FIGURES: &[(&str, Figure)] = &[
    ("service_level", |ask| share_of(&served(ask), None)),
    ("sl_offered", |ask| share_of(&served(ask), Some("sl_offered"))),
    ("sl_offered_net", |ask| share_of(&served(ask), Some("sl_offered_net"))),
    ("sl_short_positive", |ask| share_of(&served(ask), Some("sl_short_positive"))),
    ("sl_ignore", |ask| share_of(&served(ask), Some("sl_ignore"))),
    ("sl_positive", |ask| share_of(&served(ask), Some("sl_positive"))),
    ("sl_answered", |ask| share_of(&served(ask), Some("sl_answered"))),
    ("service_level_recovery", |ask| goals(ask, recovery)),
    ("service_level_budget", |ask| goals(ask, budget)),
];

/// How a stay ended for the service level.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    AnsweredInTime,
    AnsweredLate,
    AbandonedShort,
    AbandonedInTime,
    AbandonedLate,
    LateAndWaiting,
    FlowedOut,
}

/// A stay that counts, where, and as what.
struct Served<'a> {
    channel: &'a str,
    queue: &'a str,
    class: Class,
    late_is_answered: bool,
    flow_out_is_given_up: bool,
}

/// Everything decided within the span.
fn served<'a>(ask: &Ask<'a>) -> Vec<Served<'a>> {
    let decided = ask.stays(Of::All).filter_map(|(contact, stay)| {
        let (at_ms, class) = decided(ask, contact, stay)?;
        ask.span.holds(at_ms).then_some(Served {
            channel: &contact.channel,
            queue: &stay.place.queue,
            class,
            late_is_answered: ask.reads(Point::LateCountsAsAnswered),
            flow_out_is_given_up: ask.reads(Point::FlowOutsCountAsGivenUp),
        })
    });
    decided.collect()
}

fn decided(ask: &Ask<'_>, contact: &Contact, stay: &Stay) -> Option<(UnixMs, Class)> {
    let rules = queue_rules(&stay.place.queue);
    let threshold_ms = if contact.is_voice { rules.answer_ms } else { rules.reply_ms };
    let office = rules.office && ask.reads(Point::ThresholdInOpenTime);
    let late_ms = deadline(office, stay.offered_ms, threshold_ms);
    let seen_ms = stay.end_ms().map(|at_ms| hours::open_ms(office, stay.offered_ms, at_ms));
    let told_ms = stay.told_wait_ms.filter(|_| !ask.reads(Point::ServiceLevelBySeenWait));
    let wait_ms = told_ms.or(seen_ms);
    let is_in_time = wait_ms.is_some_and(|wait_ms| wait_ms <= threshold_ms);
    let is_past = ask.now_ms() > late_ms;
    match stay.outcome {
        Outcome::Answered(at_ms) if is_in_time => Some((at_ms, Class::AnsweredInTime)),
        Outcome::Answered(at_ms) => Some((late_ms.min(at_ms), Class::AnsweredLate)),
        Outcome::Abandoned(at_ms) if is_in_time => {
            let is_short = wait_ms.is_some_and(|wait_ms| wait_ms <= rules.short_ms);
            Some((at_ms, if is_short { Class::AbandonedShort } else { Class::AbandonedInTime }))
        }
        Outcome::Abandoned(at_ms) => Some((late_ms.min(at_ms), Class::AbandonedLate)),
        Outcome::Waiting => is_past.then_some((late_ms, Class::LateAndWaiting)),
        Outcome::FlowedOut(at_ms) if at_ms > late_ms => {
            let is_left_out = ask.reads(Point::LateFlowOutsAreLeftOut);
            (!is_left_out).then_some((late_ms, Class::FlowedOut))
        }
        Outcome::FlowedOut(at_ms) => {
            if ask.reads(Point::FlowOutsAreLate) {
                is_past.then_some((late_ms, Class::FlowedOut))
            } else {
                ask.reads(Point::FlowOutsAreLateAtOnce).then_some((at_ms, Class::FlowedOut))
            }
        }
    }
}

/// When T has passed.
fn deadline(office: bool, offered_ms: UnixMs, threshold_ms: Millis) -> UnixMs {
    let mut left_ms = threshold_ms;
    for (from_ms, to_ms) in hours::open(office, offered_ms, offered_ms + 14 * DAY) {
        if to_ms - from_ms >= left_ms {
            return from_ms + left_ms;
        }
        left_ms -= to_ms - from_ms;
    }
    UnixMs::MAX
}

/// In time, and counted.
fn parts(served: &Served<'_>, formula: &str) -> (i64, i64) {
    use Class::{
        AbandonedInTime, AbandonedLate, AbandonedShort, AnsweredInTime, AnsweredLate, FlowedOut,
        LateAndWaiting,
    };
    let class = served.class;
    let is_short = class == AbandonedShort;
    let is_good = match formula {
        "sl_short_positive" => class == AnsweredInTime || is_short,
        "sl_positive" => matches!(class, AnsweredInTime | AbandonedShort | AbandonedInTime),
        _ => class == AnsweredInTime,
    };
    let is_counted = match formula {
        "sl_offered_net" => !is_short,
        "sl_ignore" => match class {
            AnsweredInTime | AnsweredLate | AbandonedLate => true,
            LateAndWaiting => !served.late_is_answered,
            FlowedOut => served.flow_out_is_given_up,
            AbandonedShort | AbandonedInTime => false,
        },
        "sl_answered" => match class {
            AnsweredInTime | AnsweredLate => true,
            LateAndWaiting => served.late_is_answered,
            FlowedOut => served.flow_out_is_given_up,
            _ => false,
        },
        _ => true,
    };
    (i64::from(is_good), i64::from(is_counted))
}

/// Made of the counts of all queues; without a formula, of each queue's own.
fn sums(served: &[Served<'_>], formula: Option<&str>) -> (i64, i64) {
    let each = served.iter().map(|it| parts(it, formula.unwrap_or(queue_rules(it.queue).formula)));
    each.fold((0, 0), |(good, all), (is_good, is_counted)| (good + is_good, all + is_counted))
}

fn share_of(served: &[Served<'_>], formula: Option<&str>) -> Answer {
    let (good, all) = sums(served, formula);
    ratio(good, all)
}

/// Good answers in a row until the goal is met: ceil((p·n − a)/(1 − p)).
pub(super) fn recovery(good: i64, all: i64, goal_percent: i64) -> i64 {
    let missing = goal_percent * all - 100 * good;
    if missing <= 0 { 0 } else { (missing + 99 - goal_percent) / (100 - goal_percent) }
}

/// Misses that the goal still allows: floor(a/p − n).
pub(super) fn budget(good: i64, all: i64, goal_percent: i64) -> i64 {
    let spare = 100 * good - goal_percent * all;
    if spare < 0 { 0 } else { spare / goal_percent }
}

/// What each queue needs or can afford, together.
fn goals(ask: &Ask<'_>, needs: fn(i64, i64, i64) -> i64) -> Answer {
    let served = served(ask);
    let by_channel = ask.reads(Point::GoalsByChannelToo);
    let cell = |it: &Served<'_>| {
        (if by_channel { it.channel.to_owned() } else { String::new() }, it.queue.to_owned())
    };
    let cells: BTreeSet<_> = served.iter().map(cell).collect();
    let mut counts = BTreeMap::new();
    for it in served {
        let (good, all) = parts(&it, queue_rules(it.queue).formula);
        let sum = counts.entry(cell(&it)).or_insert((0, 0));
        *sum = (sum.0 + good, sum.1 + all);
    }
    let counted = cells.iter().filter_map(|cell| counts.get(cell).map(|sum| (cell, *sum)));
    let counted: Vec<_> = counted.filter(|(_, (_, all))| *all > 0).collect();
    if counted.is_empty() {
        return Answer::NoData;
    }
    let each = counted
        .into_iter()
        .map(|((_, queue), (good, all))| needs(good, all, queue_rules(queue).goal_percent));
    Answer::Number(each.sum::<i64>() as f64)
}
