//! From when on a number is worth a look, and from when on somebody must act: one rule for all
//! tiles, so that one state has one colour wherever it is shown.
//!
//! What a board's file says comes first. Where it says nothing, the limits are what was promised:
//! the thresholds and goals of queues and policies. A number over several of them is judged by
//! each one's own promise, and has the colour of the worst. A share or a mean time of few contacts
//! has no colour: 0% of two contacts at night scares for nothing.

use std::hash::Hash;

use super::Tone;
use super::measure::{Limits, Measure};
use crate::board::figures::{Scene, Site};
use crate::board::format;
use crate::config::model::Queue;
use crate::event::Medium;
use crate::kpi::value::{Better, Of, Part, Unit, Value, Yardstick};
use crate::kpi::{Kpi, contacts_behind};

/// One who waits may be unlucky: from so many times the promise on somebody must act.
const WAIT_BAD: f64 = 3.0;
/// A mean or a median is nobody's bad luck.
const AVERAGE_BAD: f64 = 2.0;
/// A share must be better by so much until it is no longer late.
const SHARE_MARGIN: f64 = 0.02;
/// Anything else by such a part of itself.
const MARGIN: f64 = 0.1;
/// And a count by one at least: a tenth of three is nothing.
const COUNT_MARGIN: f64 = 1.0;

/// What there is to say of a number beside the number.
#[derive(Default)]
pub(super) struct Judgment {
    pub(super) tone: Option<Tone>,
    /// Instead of the number: "3 of 6", and the share that this is.
    pub(super) instead: Option<(String, f64)>,
    /// Whose number it is, or who is worst.
    pub(super) detail: Option<String>,
    pub(super) target: Option<f64>,
}

/// Below this share somebody must act: twice as many are missed as the goal allows; of low goals,
/// half of the goal is missed.
pub(super) fn share_bad(goal: f64) -> f64 {
    (2.0 * goal - 1.0).max(goal / 2.0)
}

/// The tone of a number by its limits.
pub(super) fn tone(better: Better, number: f64, target: Option<f64>, limits: Limits) -> Tone {
    let beyond = |limit: f64| match better {
        Better::Higher => number < limit,
        Better::Lower | Better::Neither => number > limit,
    };
    // A limit itself is already a warning where less is better: "3 waiting" with `warn = 3`.
    let reached = |limit: f64| match better {
        Better::Higher => number < limit,
        Better::Lower | Better::Neither => number >= limit,
    };
    if limits.bad.is_some_and(reached) {
        Tone::Bad
    } else if limits.warn.is_some_and(reached) || target.is_some_and(beyond) {
        Tone::Warn
    } else if limits != Limits::default() || target.is_some() {
        Tone::Good
    } else {
        Tone::Plain
    }
}

/// The tone of one's part, by the promise made of it.
fn tone_of(part: &Part, number: f64) -> Tone {
    let promised = part.promised;
    let limits = |warn, bad| Limits { warn, bad };
    match part.yardstick {
        Yardstick::Share => {
            let limits = limits(None, Some(share_bad(promised)));
            tone(Better::Higher, number, Some(promised), limits)
        }
        Yardstick::Average => {
            let limits = limits(None, Some(promised * AVERAGE_BAD));
            tone(Better::Lower, number, Some(promised), limits)
        }
        Yardstick::Caller | Yardstick::Message => {
            let limits = limits(Some(promised), Some(promised * WAIT_BAD));
            tone(Better::Lower, number, None, limits)
        }
        // What can still be kept is not broken.
        Yardstick::Left if number <= promised => Tone::Warn,
        Yardstick::Ready if number < promised => Tone::Warn,
        Yardstick::Left | Yardstick::Ready => Tone::Good,
    }
}

/// A number that is worse by the margin.
pub(super) fn worse(number: f64, unit: Unit, better: Better) -> f64 {
    let by = match unit {
        Unit::Ratio => SHARE_MARGIN,
        Unit::Count => (number.abs() * MARGIN).max(COUNT_MARGIN),
        _ => number.abs() * MARGIN,
    };
    if better == Better::Higher { number - by } else { number + by }
}

/// The tone that is shown, after what was shown before.
pub(super) fn settled(
    scene: &Scene<'_>,
    what: impl Hash,
    (number, careful): (f64, f64),
    tone: impl Fn(f64) -> Tone,
) -> Tone {
    let plain = tone(number);
    scene.held.map_or(plain, |held| held.settle(what, plain, tone(careful), scene.now_ms))
}

/// What a KPI's number is by nature, where something is promised of it.
fn yardstick(kpi: &Kpi, kind: Option<Medium>) -> Option<Yardstick> {
    Some(match kpi.id {
        "service_level" | "sla_met" | "complaints_in_time" => Yardstick::Share,
        "frt" | "frt_median" | "frt_business" | "frt_business_median" | "asa" | "wait_median" => {
            Yardstick::Average
        }
        "oldest_unanswered_now" => Yardstick::Message,
        "longest_wait_now" => match kind? {
            Medium::Call => Yardstick::Caller,
            _ => Yardstick::Message,
        },
        _ => return None,
    })
}

/// Whether queues or policies promise anything of such a number.
pub(super) fn is_promised(kpi: &Kpi) -> bool {
    let yardstick = yardstick(kpi, Some(Medium::Call));
    match kpi.unit {
        Unit::Ratio => yardstick == Some(Yardstick::Share) || kpi.id.starts_with("sl_"),
        Unit::Seconds => yardstick.is_some() || !kpi.is_state,
        _ => kpi.id == "agents_available",
    }
}

/// What all of them promise; nothing where they differ.
pub(super) fn common(mut promised: impl Iterator<Item = f64>) -> Option<f64> {
    let first = promised.next()?;
    promised.all(|other| other == first).then_some(first)
}

/// What was promised of the number as a whole: by its queue or policy, or by all alike.
pub(super) fn promised(measure: &Measure, site: &Site) -> Option<f64> {
    let selector = &measure.selector;
    let yardstick = yardstick(measure.kpi, selector.kind)?;
    if measure.kpi.id == "complaints_in_time" {
        return None;
    }
    if measure.kpi.id == "sla_met" {
        return match &selector.policy {
            Some(policy) => site.policy_goal(policy),
            None => common(site.policies.values().map(|policy| policy.goal)),
        };
    }
    let is_call = matches!(measure.kpi.id, "asa" | "wait_median")
        && selector.kind.is_none_or(|kind| kind == Medium::Call);
    let promise = |queue: &Queue| match yardstick {
        Yardstick::Share => queue.goal,
        Yardstick::Caller => queue.answer_threshold.as_secs_f64(),
        Yardstick::Average if is_call => queue.answer_threshold.as_secs_f64(),
        _ => queue.reply_threshold.as_secs_f64(),
    };
    match &selector.queue {
        Some(queue) => Some(promise(site.queues.rules(queue))),
        None => {
            let queues = site.queues.named.values().chain([&site.queues.default]);
            common(queues.map(promise))
        }
    }
}

/// Whether enough contacts stand behind the number to say anything of it.
pub(super) fn has_volume(measure: &Measure, value: &Value, site: &Site) -> bool {
    let min_volume = measure.min_volume.unwrap_or(i64::from(site.min_volume));
    contacts_behind(measure.kpi, &value.receipt.counts).is_none_or(|volume| volume >= min_volume)
}

/// Judges a number by what the file says, else by what was promised.
pub(super) fn judge(measure: &Measure, value: &Value, number: f64, scene: &Scene<'_>) -> Judgment {
    let min_volume = measure.min_volume.unwrap_or(i64::from(scene.site.min_volume));
    let is_enough = |volume: Option<i64>| volume.is_none_or(|volume| volume >= min_volume);
    let common = measure.target.or_else(|| promised(measure, scene.site));
    let (kpi, selector) = (measure.kpi, &measure.selector);
    if measure.target.is_some() || measure.limits != Limits::default() {
        if !has_volume(measure, value, scene.site) {
            return Judgment { target: common, ..Judgment::default() };
        }
        let careful = worse(number, kpi.unit, kpi.better);
        let what = (kpi.id, selector, measure.window.id());
        let tone = |number| tone(kpi.better, number, common, measure.limits);
        let tone = settled(scene, what, (number, careful), tone);
        let detail = whose(value, scene).map(|(name, _)| name);
        return Judgment { tone: Some(tone), target: common, detail, ..Judgment::default() };
    }
    let parts = parts(measure, value, number, scene.site);
    let parts: Vec<(&Part, Tone)> = parts
        .iter()
        .filter(|part| is_enough(part.volume))
        .map(|part| {
            let unit = match part.yardstick {
                Yardstick::Share => Unit::Ratio,
                Yardstick::Ready => Unit::Count,
                _ => Unit::Seconds,
            };
            let better = match part.yardstick {
                Yardstick::Share | Yardstick::Left | Yardstick::Ready => Better::Higher,
                _ => Better::Lower,
            };
            let careful = worse(part.number, unit, better);
            let part_of = match &part.of {
                Of::Queue(name) => ("queue", name),
                Of::Policy(name) => ("policy", name),
            };
            let what = (kpi.id, selector, measure.window.id(), part_of, part.yardstick as u8);
            (part, settled(scene, what, (part.number, careful), |number| tone_of(part, number)))
        })
        .collect();
    let tone = tone_of_all(kpi, number, &parts);
    let judgment = Judgment { tone, target: common, ..Judgment::default() };
    match kpi.id {
        "longest_wait_now" | "oldest_unanswered_now" | "sla_next_breach" => {
            waits(judgment, value, &parts, scene)
        }
        _ if value.parts.len() > 1 && !parts.is_empty() => pooled(judgment, measure, &parts, scene),
        _ => judgment,
    }
}

/// The value's parts; made up where figures tell none but it is clear what was promised.
fn parts(measure: &Measure, value: &Value, number: f64, site: &Site) -> Vec<Part> {
    let whole = || {
        let yardstick = yardstick(measure.kpi, measure.selector.kind)?;
        let of = Of::Queue(measure.selector.queue.clone().unwrap_or_default());
        let (promised, volume) =
            (promised(measure, site)?, contacts_behind(measure.kpi, &value.receipt.counts));
        let is_wait = matches!(yardstick, Yardstick::Caller | Yardstick::Message);
        // Nobody is late where nobody waits, or where the queue is closed.
        (!is_wait).then_some(Part { of, yardstick, number, promised, volume })
    };
    if value.parts.is_empty() { whole().into_iter().collect() } else { value.parts.clone() }
}

fn tone_of_all(kpi: &Kpi, number: f64, parts: &[(&Part, Tone)]) -> Option<Tone> {
    let worst = parts.iter().map(|(_, tone)| *tone).max();
    let nobody = number <= 0.0;
    match kpi.id {
        "waiting" | "longest_wait_now" | "unanswered_now" | "oldest_unanswered_now" if nobody => {
            Some(Tone::Good)
        }
        id if id.starts_with("unanswered_over_") && nobody => Some(Tone::Good),
        "sla_at_risk" | "sla_breached" | "complaints_overdue" => {
            let late = worst.unwrap_or(Tone::Warn).max(Tone::Warn);
            Some(if nobody { Tone::Good } else { late })
        }
        "agents_available" => Some(agents(nobody, parts)),
        _ => worst,
    }
}

/// Nobody is ready: that is bad for a caller, and for who wrote and is late already. Of those who
/// are ready it is only said when they are fewer than the queue should have.
fn agents(nobody: bool, parts: &[(&Part, Tone)]) -> Tone {
    let tones = parts.iter().map(|(part, tone)| match part.yardstick {
        Yardstick::Ready => *tone,
        Yardstick::Caller if nobody => Tone::Bad,
        Yardstick::Message if nobody && *tone >= Tone::Warn => Tone::Bad,
        Yardstick::Message if nobody => Tone::Warn,
        _ => Tone::Plain,
    });
    tones.max().unwrap_or(Tone::Plain)
}

/// The name of whom the value is about.
fn whose<'a>(value: &'a Value, scene: &Scene<'_>) -> Option<(String, &'a Of)> {
    let of = value.about.as_ref()?;
    Some((name(of, scene), of))
}

fn name(of: &Of, scene: &Scene<'_>) -> String {
    match of {
        Of::Queue(queue) => scene.site.queue_in_words(queue, scene.language),
        Of::Policy(policy) => scene.site.policy_title(policy).to_owned(),
    }
}

fn in_line(part: &Part, scene: &Scene<'_>) -> String {
    let unit = if part.yardstick == Yardstick::Share { Unit::Ratio } else { Unit::Seconds };
    format::figure_in_line(part.number, unit, scene.language)
}

/// Who waits longest, by their own promise; and who is later than they, by a stricter one.
fn waits(
    judgment: Judgment,
    value: &Value,
    parts: &[(&Part, Tone)],
    scene: &Scene<'_>,
) -> Judgment {
    let Some((title, of)) = whose(value, scene) else { return judgment };
    let own = parts.iter().filter(|(part, _)| part.of == *of).max_by_key(|(_, tone)| *tone);
    let own_tone = own.map_or(Tone::Plain, |(_, tone)| *tone);
    let later = parts.iter().max_by(|one, other| urgency(one).total_cmp(&urgency(other)));
    let later = later.filter(|(_, tone)| *tone > own_tone && *tone >= Tone::Warn);
    let later =
        later.map(|(part, _)| format!("{} {}", name(&part.of, scene), in_line(part, scene)));
    let target = match value.kpi {
        "sla_next_breach" => None,
        // The colour is not by the promise made to who waits longest.
        _ if later.is_some() => None,
        _ => own.map(|(part, _)| part.promised).or(judgment.target),
    };
    let detail = [Some(title), later].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    Judgment { detail: Some(detail), target, ..judgment }
}

/// How far a part is beyond its promise: the tone first, then how many times.
fn urgency((part, tone): &(&Part, Tone)) -> f64 {
    let times = match part.yardstick {
        // Per missed share of what may be missed.
        Yardstick::Share => (1.0 - part.number) / (1.0 - part.promised).max(0.01),
        _ => part.number / part.promised.max(0.001),
    };
    let tone = f64::from(*tone as u8);
    // Far below the next tone's step.
    tone + times / (times + 1.0)
}

/// "3 of 6", and the worst by name, while not all are as promised.
fn pooled(
    judgment: Judgment,
    measure: &Measure,
    parts: &[(&Part, Tone)],
    scene: &Scene<'_>,
) -> Judgment {
    let is_judged = |part: &Part| matches!(part.yardstick, Yardstick::Share | Yardstick::Average);
    if !parts.iter().all(|(part, _)| is_judged(part)) || measure.kpi.id == "sla_breached" {
        return judgment;
    }
    let language = scene.language;
    let good = parts.iter().filter(|(_, tone)| *tone == Tone::Good).count();
    let of = |count: usize| format::count(count as f64, language);
    let counted = language.of(&of(good), &of(parts.len()));
    let worst = parts.iter().max_by(|one, other| urgency(one).total_cmp(&urgency(other)));
    let worst = worst.filter(|(_, tone)| *tone != Tone::Good);
    let worst = worst.map(|(part, _)| {
        language.worst(&format!("{} {}", name(&part.of, scene), in_line(part, scene)))
    });
    if measure.kpi.id == "sla_met" {
        let share = good as f64 / parts.len() as f64;
        return Judgment {
            instead: Some((counted, share)),
            detail: worst,
            target: None,
            ..judgment
        };
    }
    match worst {
        Some(worst) => {
            let detail = format!("{} · {worst}", language.at_goal(&counted));
            Judgment { detail: Some(detail), ..judgment }
        }
        None => judgment,
    }
}

#[cfg(test)]
mod tests;
