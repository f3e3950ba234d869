//! What policies promise: kept, broken, how they stand, what the goal allows.

use super::super::ask::{Answer, Ask, count, seconds, share};
use super::super::promise::{Promise, Standing};
use super::super::world::POLICIES;
use super::Figure;
use super::service::{budget, recovery};

pub(super) const FIGURES: &[(&str, Figure)] = &[
    ("sla_met", |ask| {
        of_verdicts(ask, |verdicts| {
            let kept = verdicts.iter().filter(|(_, is_kept)| *is_kept).count();
            share(kept, verdicts.len())
        })
    }),
    ("sla_breaches", |ask| {
        of_verdicts(ask, |verdicts| count(verdicts.iter().filter(|(_, is_kept)| !is_kept).count()))
    }),
    ("sla_running", |ask| standing(ask, Standing::Running)),
    ("sla_at_risk", |ask| standing(ask, Standing::AtRisk)),
    ("sla_breached", |ask| standing(ask, Standing::Breached)),
    ("sla_paused", |ask| standing(ask, Standing::Paused)),
    ("sla_next_breach", |ask| {
        let promises = ask.promises();
        if promises.is_empty() {
            return Answer::Nothing;
        }
        let next_ms = promises.into_iter().filter_map(|promise| promise.breaks_ms).min();
        next_ms.map_or(Answer::NoData, |at_ms| seconds(at_ms - ask.now_ms()))
    }),
    ("sla_recovery", |ask| goals(ask, recovery)),
    ("sla_budget", |ask| goals(ask, budget)),
];

/// The verdicts that fell in the span.
fn verdicts(ask: &Ask<'_>, promises: &[&Promise]) -> Vec<(i64, bool)> {
    let verdicts = promises.iter().filter_map(|promise| promise.verdict);
    verdicts.filter(|(at_ms, _)| ask.span.holds(*at_ms)).collect()
}

fn of_verdicts(ask: &Ask<'_>, of: fn(&[(i64, bool)]) -> Answer) -> Answer {
    let promises = ask.promises();
    if is_none_left(&promises) { Answer::Nothing } else { of(&verdicts(ask, &promises)) }
}

/// Nothing was promised, or everybody has left before it was kept or broken.
fn is_none_left(promises: &[&Promise]) -> bool {
    let is_gone = |it: &&Promise| it.standing == Standing::Closed && it.verdict.is_none();
    promises.iter().all(is_gone)
}

fn standing(ask: &Ask<'_>, standing: Standing) -> Answer {
    let promises = ask.promises();
    if is_none_left(&promises) {
        return Answer::Nothing;
    }
    count(promises.into_iter().filter(|promise| promise.standing == standing).count())
}

/// What each policy needs or can afford, together.
fn goals(ask: &Ask<'_>, needs: fn(i64, i64, i64) -> i64) -> Answer {
    let mut sum = None;
    let promises = ask.promises();
    for policy in POLICIES {
        let mut made = promises.clone();
        made.retain(|promise| promise.policy.name == policy.name);
        let verdicts = verdicts(ask, &made);
        if !verdicts.is_empty() {
            let kept = verdicts.iter().filter(|(_, is_kept)| *is_kept).count() as i64;
            let need = needs(kept, verdicts.len() as i64, policy.goal_percent);
            sum = Some(sum.unwrap_or(0) + need);
        }
    }
    match sum {
        Some(sum) => Answer::Number(sum as f64),
        None if promises.is_empty() => Answer::Nothing,
        None => Answer::NoData,
    }
}
