//! The word beside a number's colour: what is true of it, and no more. "Below goal" is said of a
//! goal, "18 min late" of somebody who was promised an answer by now, "too many" of a limit that
//! nobody was promised.

use super::Tone;
use crate::board::format;
use crate::kpi::Kpi;
use crate::kpi::value::{Better, Unit};
use crate::language::Language;

/// The number is on the wrong side of its goal.
pub(super) fn is_missed(kpi: &Kpi, number: f64, target: f64) -> bool {
    match kpi.better {
        Better::Higher => number < target,
        Better::Lower | Better::Neither => number > target,
    }
}

/// The word, where the number has a colour.
pub(super) fn word(
    kpi: &Kpi,
    number: f64,
    target: Option<f64>,
    tone: Tone,
    language: Language,
) -> Option<String> {
    if tone == Tone::Plain {
        return None;
    }
    let missed = target.filter(|target| is_missed(kpi, number, *target));
    let word = match (missed, target) {
        (Some(target), _) if is_wait(kpi) => {
            // `as` saturates, and makes 0 of NaN: right for text.
            return Some(format::late_by(((number - target) * 1000.0) as i64, language));
        }
        (Some(_), _) if kpi.better == Better::Higher => "verdict-below-goal",
        (Some(_), _) => "verdict-above-goal",
        (None, Some(_)) if tone == Tone::Good && is_wait(kpi) => "verdict-in-time",
        (None, Some(_)) if tone == Tone::Good => "verdict-on-target",
        (None, None) if tone != Tone::Good && is_promise(kpi) => "verdict-below-goal",
        (None, _) => by_limits(kpi.id, (kpi.unit, kpi.better), tone),
    };
    Some(language.say(word))
}

/// How long somebody has waited until now: beyond its goal it is late.
fn is_wait(kpi: &Kpi) -> bool {
    kpi.is_state && kpi.unit == Unit::Seconds && kpi.better != Better::Higher
}

/// A share of what was promised: where several are together, there is a goal though it is not one.
fn is_promise(kpi: &Kpi) -> bool {
    matches!(kpi.id, "service_level" | "sla_met" | "complaints_in_time")
        || kpi.id.starts_with("sl_")
}

/// The word of a value that is no KPI's, beyond a limit.
pub(super) fn beyond(unit: Unit, better: Better, tone: Tone, language: Language) -> String {
    language.say(by_limits("", (unit, better), tone))
}

fn by_limits(kpi: &str, (unit, better): (Unit, Better), tone: Tone) -> &'static str {
    let [warn, bad] = match (kpi, unit, better) {
        _ if tone == Tone::Good => return "verdict-fine",
        // What these count is already missed, or about to be: how much of it is another matter.
        ("sla_breached" | "complaints_overdue", ..) => ["verdict-overdue"; 2],
        ("sla_at_risk", ..) => ["verdict-at-risk"; 2],
        (_, Unit::Seconds, Better::Higher) => ["verdict-soon", "verdict-very-soon"],
        (_, Unit::Seconds, _) => ["verdict-long", "verdict-too-long"],
        (_, Unit::Count, Better::Higher) => ["verdict-few", "verdict-too-few"],
        (_, Unit::Count, _) => ["verdict-many", "verdict-too-many"],
        (_, _, Better::Higher) => ["verdict-low", "verdict-too-low"],
        _ => ["verdict-high", "verdict-too-high"],
    };
    if tone == Tone::Bad { bad } else { warn }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi;

    fn said(kpi: &str, number: f64, target: Option<f64>, tone: Tone) -> String {
        let kpi = kpi::find(kpi).expect("a KPI");
        word(kpi, number, target, tone, Language::English)
            .unwrap_or_default()
            .replace('\u{a0}', " ")
    }

    #[test]
    fn a_promise_is_late_by_its_delay_and_a_share_is_below_its_goal() {
        assert_eq!(said("longest_wait_now", 1_380.0, Some(300.0), Tone::Bad), "18 min late");
        assert_eq!(said("longest_wait_now", 20.0, Some(300.0), Tone::Good), "in time");
        assert_eq!(said("service_level", 0.5, Some(0.8), Tone::Bad), "below goal");
        assert_eq!(said("service_level", 0.8, Some(0.8), Tone::Good), "on target");
        assert_eq!(said("frt_median", 1_200.0, Some(900.0), Tone::Warn), "above goal");
    }

    #[test]
    fn limits_that_nobody_was_promised_are_no_goals() {
        assert_eq!(said("waiting", 9.0, None, Tone::Bad), "too many");
        assert_eq!(said("longest_wait_now", 950.0, None, Tone::Warn), "long");
        assert_eq!(said("agents_available", 0.0, None, Tone::Bad), "too few");
        assert_eq!(said("abandon_rate", 0.2, None, Tone::Bad), "too high");
        assert_eq!(said("waiting", 0.0, None, Tone::Good), "fine");
        assert_eq!(said("waiting", 0.0, None, Tone::Plain), "");
        assert_eq!(said("sla_met", 0.5, None, Tone::Bad), "below goal");
        // The goal is kept, and a limit of its own is not.
        assert_eq!(said("service_level", 0.85, Some(0.8), Tone::Warn), "low");
    }

    #[test]
    fn what_is_already_missed_is_not_at_risk() {
        assert_eq!(said("sla_breached", 1.0, None, Tone::Warn), "overdue");
        assert_eq!(said("complaints_overdue", 7.0, None, Tone::Bad), "overdue");
        assert_eq!(said("sla_at_risk", 6.0, None, Tone::Warn), "at risk");
        assert_eq!(said("sla_next_breach", 40.0, None, Tone::Bad), "very soon");
    }
}
