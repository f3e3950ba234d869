//! Whom a number is of, one by one, each beside what was promised of it alone.
//!
//! Walls colour by this: queues and policies promise different things, so a number over several of
//! them has no promise of its own. Only what can be late is here; the formulas are in the families.

use std::collections::BTreeMap;

use super::budget::Stand;
use super::value::{Of, Part, Yardstick};
use super::{Kpi, Reading, find, policies, service_level};
use crate::config::model::Queue;
use crate::engine::{CellView, Engine, Field, Length, PolicyRules, Standing, Sum};
use crate::event::{Millis, UnixMs};
use crate::scope::Selector;

/// The one whom a number is about, where it is one's of many, and the parts.
pub(super) fn of(kpi: &Kpi, reading: &Reading<'_>, number: f64) -> (Option<Of>, Vec<Part>) {
    let parts = |parts: Vec<Part>| (None, parts);
    match kpi.id {
        "waiting" => parts(waits(reading, true)),
        "longest_wait_now" => (longest(reading, number, true), waits(reading, true)),
        "unanswered_now"
        | "unanswered_over_15m"
        | "unanswered_over_1h"
        | "unanswered_over_4h"
        | "unanswered_over_24h"
        | "unanswered_over_48h" => parts(waits(reading, false)),
        "oldest_unanswered_now" => (longest(reading, number, false), waits(reading, false)),
        "agents_available" => parts(ready(reading, number)),
        // Goals are those of the formula that a queue has chosen, not of the others.
        "service_level" => parts(service_levels(reading)),
        "sla_met" => parts(kept(reading, |_| true)),
        "sla_breached" => {
            let overdue = |cell: &CellView<'_>| cell.standing(Standing::Breached) > 0;
            parts(kept(reading, |policy| {
                let cells = reading.cells().iter().filter(|cell| is_of(cell, policy));
                cells.clone().any(overdue)
            }))
        }
        "sla_next_breach" => next(reading, number),
        "complaints_in_time" => parts(complaints(reading, number).into_iter().collect()),
        "frt" => parts(means(reading, Field::Responses, Sum::Response)),
        "frt_median" => parts(medians(reading, Length::Response)),
        "frt_business" => parts(means(reading, Field::Responses, Sum::ResponseBusiness)),
        "frt_business_median" => parts(medians(reading, Length::ResponseBusiness)),
        "asa" => parts(means(reading, Field::Answers, Sum::WaitAnswered)),
        "wait_median" => parts(medians(reading, Length::Wait)),
        _ => parts(Vec::new()),
    }
}

fn seconds(length_ms: Millis) -> f64 {
    length_ms as f64 / 1000.0
}

fn threshold_s(rules: &Queue, yardstick: Yardstick) -> f64 {
    match yardstick {
        Yardstick::Caller => rules.answer_threshold.as_secs_f64(),
        _ => rules.reply_threshold.as_secs_f64(),
    }
}

/// How much of the time until now the queue was open. None while it is closed: nobody is there to
/// be late.
fn open_ms(engine: &Engine, rules: &Queue, since_ms: UnixMs, now_ms: UnixMs) -> Option<Millis> {
    let hours = rules.calendar.as_ref().and_then(|name| engine.rules().calendars.get(name));
    match hours {
        Some(hours) => hours.is_open(now_ms).then(|| hours.open_ms_between(since_ms, now_ms)),
        None => Some(now_ms.saturating_sub(since_ms).max(0)),
    }
}

/// Since when the longest waiting has waited here, by what they are.
fn waiting(cell: &CellView<'_>, callers: bool) -> [Option<(Yardstick, UnixMs)>; 2] {
    let call = cell.calls_waiting_since_ms().filter(|_| callers);
    let wrote = cell.unanswered_since_ms();
    [
        call.map(|since_ms| (Yardstick::Caller, since_ms)),
        wrote.map(|since_ms| (Yardstick::Message, since_ms)),
    ]
}

/// The longest waits of each queue: callers' and of those who wrote. Closed queues have none.
fn waits(reading: &Reading<'_>, callers: bool) -> Vec<Part> {
    let mut found: BTreeMap<(&str, bool), Part> = BTreeMap::new();
    for cell in reading.cells() {
        for (yardstick, since_ms) in waiting(cell, callers).into_iter().flatten() {
            let rules = cell.rules();
            let Some(open_ms) = open_ms(reading.engine, rules, since_ms, reading.now_ms) else {
                continue;
            };
            let queue = cell.queue();
            let part = found.entry((queue, yardstick == Yardstick::Caller)).or_insert(Part {
                of: Of::Queue(queue.to_owned()),
                yardstick,
                number: 0.0,
                promised: threshold_s(rules, yardstick),
                volume: None,
            });
            part.number = part.number.max(seconds(open_ms));
        }
    }
    found.into_values().collect()
}

/// The queue of who waits longest; nobody where one queue was asked for, or nobody waits.
fn longest(reading: &Reading<'_>, number: f64, callers: bool) -> Option<Of> {
    if number <= 0.0 || reading.selector.queue.is_some() {
        return None;
    }
    let waits = reading.cells().iter().filter_map(|cell| {
        let since = waiting(cell, callers).into_iter().flatten().map(|(_, since_ms)| since_ms);
        Some((since.min()?, cell.queue()))
    });
    waits.min().map(|(_, queue)| Of::Queue(queue.to_owned()))
}

/// Those whom the agents are there for: who waits, and how many of them should be ready.
fn ready(reading: &Reading<'_>, number: f64) -> Vec<Part> {
    let Some(kpi) = find("longest_wait_now") else { return Vec::new() };
    let selector = Selector { agent: None, ..reading.selector.clone() };
    let mut parts = waits(&reading.of(kpi, &selector), true);
    let (engine, queues) = (reading.engine, &reading.engine.rules().queues);
    let is_open = |rules: &Queue| open_ms(engine, rules, 0, reading.now_ms).is_some();
    let asked: Vec<(&str, &Queue)> = match (&selector.queue, &selector.channel) {
        (Some(queue), _) => vec![(queue, queues.rules(queue))],
        // Which queues a channel serves is not said by the config.
        (None, Some(_)) => Vec::new(),
        (None, None) => queues.named.iter().map(|(name, rules)| (name.as_str(), rules)).collect(),
    };
    let asked = asked.into_iter().filter(|(_, rules)| rules.agents_required > 0 && is_open(rules));
    // Agents may serve several queues: what the most demanding of them needs is needed at least.
    if let Some((queue, rules)) = asked.max_by_key(|(_, rules)| rules.agents_required) {
        parts.push(Part {
            of: Of::Queue(queue.to_owned()),
            yardstick: Yardstick::Ready,
            number,
            promised: f64::from(rules.agents_required),
            volume: None,
        });
    }
    parts
}

fn share_of(of: Of, stand: Stand) -> Option<Part> {
    (stand.counted > 0).then(|| Part {
        of,
        yardstick: Yardstick::Share,
        number: stand.good as f64 / stand.counted as f64,
        promised: stand.goal,
        volume: Some(stand.counted),
    })
}

fn service_levels(reading: &Reading<'_>) -> Vec<Part> {
    let stands = service_level::stands(reading).into_iter();
    stands.filter_map(|(queue, stand)| share_of(Of::Queue(queue.to_owned()), stand)).collect()
}

fn is_of(cell: &CellView<'_>, policy: &PolicyRules) -> bool {
    cell.policy().is_some_and(|rules| rules.name == policy.name)
}

/// What each of these policies has kept.
fn kept(reading: &Reading<'_>, which: impl Fn(&PolicyRules) -> bool) -> Vec<Part> {
    let promised = policies::promised(reading).into_iter().filter(|(rules, _)| which(rules));
    promised.filter_map(|(rules, stand)| share_of(Of::Policy(rules.name.clone()), stand)).collect()
}

/// The policy of the next promise to break, and what is left where it begins to warn.
fn next(reading: &Reading<'_>, number: f64) -> (Option<Of>, Vec<Part>) {
    let cells = reading.cells().iter();
    let due = cells.filter_map(|cell| Some((cell.next_breach_ms()?, cell.policy()?)));
    let Some((_, rules)) = due.min_by_key(|(due_ms, _)| *due_ms) else { return (None, Vec::new()) };
    let of = Of::Policy(rules.name.clone());
    let part = Part {
        of: of.clone(),
        yardstick: Yardstick::Left,
        number,
        promised: seconds(rules.target_ms.saturating_sub(rules.warn_ms)),
        volume: None,
    };
    (reading.selector.policy.is_none().then_some(of), vec![part])
}

/// Promises to those who complain are counted together: they are held to the highest goal.
fn complaints(reading: &Reading<'_>, number: f64) -> Option<Part> {
    let policies = reading.engine.rules().policies.iter().filter(|policy| policy.complaints);
    let strictest = policies.max_by(|one, other| one.goal.total_cmp(&other.goal))?;
    Some(Part {
        of: Of::Policy(strictest.name.clone()),
        yardstick: Yardstick::Share,
        number,
        promised: strictest.goal,
        volume: Some(reading.get(Field::ComplaintsInTime) + reading.get(Field::ComplaintsLate)),
    })
}

fn average(queue: &str, promised: f64, length_ms: f64, volume: i64) -> Part {
    Part {
        of: Of::Queue(queue.to_owned()),
        yardstick: Yardstick::Average,
        number: length_ms / 1000.0,
        promised,
        volume: Some(volume),
    }
}

/// T for what is averaged here: calls are answered, everything else is replied to.
fn promised_s(cell: &CellView<'_>, field: Field) -> f64 {
    let is_call = field == Field::Answers && cell.has_voice();
    threshold_s(cell.rules(), if is_call { Yardstick::Caller } else { Yardstick::Message })
}

fn means(reading: &Reading<'_>, field: Field, sum: Sum) -> Vec<Part> {
    let mut queues: BTreeMap<&str, (f64, i64, Millis)> = BTreeMap::new();
    for (cell, tally) in reading.tallies() {
        let promised = promised_s(cell, field);
        let (_, count, sum_ms) = queues.entry(cell.queue()).or_insert((promised, 0, 0));
        *count += tally.get(field);
        *sum_ms += tally.sum_ms(sum);
    }
    let queues = queues.into_iter().filter(|(_, (_, count, _))| *count > 0);
    queues
        .map(|(queue, (promised, count, sum_ms))| {
            average(queue, promised, sum_ms as f64 / count as f64, count)
        })
        .collect()
}

fn medians(reading: &Reading<'_>, length: Length) -> Vec<Part> {
    let field = if length == Length::Wait { Field::Answers } else { Field::Responses };
    let promised: BTreeMap<&str, f64> =
        reading.cells().iter().map(|cell| (cell.queue(), promised_s(cell, field))).collect();
    let queues = reading.lengths_by_queue(length).into_iter();
    queues
        .filter_map(|(queue, bins)| {
            let count = i64::try_from(bins.count()).unwrap_or(i64::MAX);
            Some(average(queue, *promised.get(queue)?, bins.median_ms()?, count))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::engine::Rules;
    use crate::engine::tests::script::*;
    use crate::event::{Author, Medium};
    use crate::kpi::value::{Figure, Value};
    use crate::scope::Window;

    /// Each part as "whose: number of promised".
    fn told(value: &Value) -> Vec<String> {
        let name = |of: &Of| match of {
            Of::Queue(name) | Of::Policy(name) => name.clone(),
        };
        let part =
            |part: &Part| format!("{}: {} of {}", name(&part.of), part.number, part.promised);
        value.parts.iter().map(part).collect()
    }

    /// A caller in sales and two who wrote, to mail and to sales.
    fn mixed() -> Vec<crate::event::Event> {
        let mut script = Script::on("all");
        script.contact("m1", "mail").opened(0.0, Medium::Mail).queued(0.0);
        script.wrote(0.0, Author::Customer);
        script.contact("m2", "sales").opened(500.0, Medium::Mail).queued(500.0);
        script.wrote(500.0, Author::Customer);
        script.contact("c1", "sales").opened(570.0, Medium::Call).queued(570.0);
        script.events
    }

    #[test]
    fn each_queue_waits_by_its_own_threshold_and_calls_by_another() {
        let rules = rules_with("sales", |queue| queue.answer_threshold = Duration::from_secs(30));
        let engine = fold_with(rules, &mixed(), 600.0);
        let longest = value(&engine, "longest_wait_now", &all(), Window::Now);
        assert_eq!(told(&longest), ["mail: 600 of 900", "sales: 100 of 900", "sales: 30 of 30"]);
        assert_eq!(longest.about, Some(Of::Queue("mail".to_owned())));
        let oldest = value(&engine, "oldest_unanswered_now", &all(), Window::Now);
        assert_eq!(told(&oldest), ["mail: 600 of 900", "sales: 100 of 900"]);
        let of_sales = value(&engine, "oldest_unanswered_now", &queue("sales"), Window::Now);
        assert_eq!((told(&of_sales).len(), of_sales.about), (1, None));
    }

    #[test]
    fn callers_and_their_longest_wait_are_the_same_people() {
        let calls = Selector { kind: Some(Medium::Call), ..Selector::default() };
        let mut engine = fold_with(Rules::default(), &[], 0.0);
        engine.watch(&calls);
        let mut seen = Vec::new();
        let mut script = Script::on("pbx");
        script.contact("c", "sales").opened(1.0, Medium::Call).queued(1.0).answered(50.0);
        script.contact("d", "sales").opened(60.0, Medium::Call).queued(60.0).abandoned(90.0);
        let mut events = script.events;
        events.extend(mixed());
        events.sort_by_key(|event| event.at_ms);
        for event in &events {
            engine.apply(event, event.at_ms);
            engine.tick(event.at_ms + 1);
            let read = |id: &str| match value(&engine, id, &calls, Window::Now).figure {
                Figure::Number(number) => number,
                _ => 0.0,
            };
            let (waiting, longest) = (read("waiting") as i64, read("longest_wait_now"));
            assert_eq!(waiting > 0, longest > 0.0, "{waiting} wait {longest} s");
            seen.push(waiting);
        }
        assert!(seen.contains(&0) && seen.contains(&1), "{seen:?}");
    }

    #[test]
    fn a_pooled_share_is_told_queue_by_queue_and_policy_by_policy() {
        let mut script = Script::on("pbx");
        script.contact("a", "sales").queued(0.0).answered(5.0);
        script.contact("b", "support").queued(0.0).answered(50.0);
        let rules = rules_with("support", |queue| queue.goal = 0.9);
        let engine = fold_with(rules, &script.events, 600.0);
        let level = value(&engine, "service_level", &all(), Window::Today);
        assert_eq!(told(&level), ["sales: 1 of 0.8", "support: 0 of 0.9"]);
        assert_eq!(level.parts[0].volume, Some(1));
        let speed = value(&engine, "asa", &all(), Window::Today);
        assert_eq!(told(&speed), ["sales: 5 of 20", "support: 50 of 20"]);
    }
}
