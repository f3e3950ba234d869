//! What a goal still allows: how many in a row must be good to be back at it, how many may yet be
//! missed.
//!
//! With a goal p, and a of n in time: recovery = ceil((p·n − a) / (1 − p)) when a/n < p, budget =
//! floor(a/p − n) when a/n ≥ p. Goals are taken in millionths, so that both are exact: 700 of
//! 1,000 at 80 % needs 500, not 501.

use super::value::{Better, Figure, Unit};
use super::{AppliesTo, Kpi, OWN, Outcome, Reading, service_level, text};

/// Of service level; those of policies are in their own family.
pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "service_level_recovery",
        title: "Contacts to recover",
        unit: Unit::Count,
        better: Better::Lower,
        is_state: false,
        expression: "ceil((p·n − a) / (1 − p)); n contacts counted, a of them in time, goal p",
        source: OWN,
        doc: "How many contacts in a row must be served in time until the service level is back at \
              the queue's goal; 0 when it is at the goal. Over several queues: the sum of what \
              each queue needs.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            recovery(kpi, reading, &service_level::by_queue(reading), &CONTACTS)
        },
    },
    Kpi {
        id: "service_level_budget",
        title: "Late contacts allowed",
        unit: Unit::Count,
        better: Better::Higher,
        is_state: false,
        expression: "floor(a/p − n); n contacts counted, a of them in time, goal p",
        source: OWN,
        doc: "How many contacts may still be late before the service level falls below the queue's \
              goal; 0 when it is below. Over several queues: the sum of what each queue can \
              afford.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| budget(kpi, reading, &service_level::by_queue(reading), &CONTACTS),
    },
];

const CONTACTS: Words = Words { what: "contacts", good: "served in time", again: "be in time" };

/// How those are called that a goal is about.
pub(super) struct Words {
    /// "contacts"
    pub(super) what: &'static str,
    /// They were …
    pub(super) good: &'static str,
    /// They must …
    pub(super) again: &'static str,
}

/// A goal, and how far from it one is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stand {
    /// Share that must be good, 0..1.
    pub(super) goal: f64,
    /// The good ones.
    pub(super) good: i64,
    /// All.
    pub(super) counted: i64,
}

/// Goals are shares of this.
const WHOLE: i128 = 1_000_000;

impl Stand {
    /// The goal, the good and all in millionths.
    fn exact(&self) -> (i128, i128, i128) {
        let goal = (self.goal.clamp(0.0, 1.0) * WHOLE as f64).round() as i128;
        (goal, i128::from(self.good) * WHOLE, i128::from(self.counted))
    }

    fn is_below(&self) -> bool {
        let (goal, good, counted) = self.exact();
        good < goal * counted
    }

    /// How many good ones in a row lead back to the goal; none when nothing does.
    pub(super) fn recovery(&self) -> Option<i64> {
        let (goal, good, counted) = self.exact();
        if !self.is_below() {
            return Some(0);
        }
        let left = WHOLE - goal;
        (left > 0).then(|| saturated((goal * counted - good + left - 1) / left))
    }

    /// How many misses are still affordable; none where any number is.
    pub(super) fn budget(&self) -> Option<i64> {
        let (goal, good, counted) = self.exact();
        if self.is_below() {
            return Some(0);
        }
        (goal > 0).then(|| saturated((good - goal * counted) / goal))
    }
}

fn saturated(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn recovery(
    kpi: &Kpi,
    reading: &Reading<'_>,
    stands: &[Stand],
    words: &Words,
) -> Outcome {
    let Some((so_far, good, counted)) = so_far(reading, stands, words) else {
        return nothing_yet(kpi, reading, words);
    };
    let missing: Option<i64> = stands.iter().map(Stand::recovery).sum();
    let goal = goal(stands);
    let outcome = match missing {
        None => {
            let why = format!("with {goal} a single miss cannot be made up for; {so_far}");
            Outcome::not_applicable(kpi, &why)
        }
        Some(0) => {
            let sentence = format!("Nothing has to be made up for: {so_far}, with {goal}.");
            Outcome::new(kpi, Figure::Number(0.0), sentence)
        }
        Some(missing) => {
            let sentence = format!(
                "{} in a row must {} to be back at {goal}: {so_far}.",
                text::count(missing),
                words.again,
            );
            Outcome::new(kpi, Figure::Number(missing as f64), sentence)
        }
    };
    outcome.count("good", good).count("counted", counted)
}

pub(super) fn budget(kpi: &Kpi, reading: &Reading<'_>, stands: &[Stand], words: &Words) -> Outcome {
    let Some((so_far, good, counted)) = so_far(reading, stands, words) else {
        return nothing_yet(kpi, reading, words);
    };
    let affordable: Option<i64> = stands.iter().map(Stand::budget).sum();
    let goal = goal(stands);
    let outcome = match affordable {
        None => Outcome::not_applicable(kpi, "with a goal of 0 % any number may be missed"),
        Some(0) => {
            let sentence = format!("No miss is affordable with {goal}: {so_far}.");
            Outcome::new(kpi, Figure::Number(0.0), sentence)
        }
        Some(affordable) => {
            let sentence =
                format!("{} more may be missed with {goal}: {so_far}.", text::count(affordable));
            Outcome::new(kpi, Figure::Number(affordable as f64), sentence)
        }
    };
    outcome.count("good", good).count("counted", counted)
}

/// "700 of 1,000 contacts today were served in time", and both numbers.
fn so_far(reading: &Reading<'_>, stands: &[Stand], words: &Words) -> Option<(String, i64, i64)> {
    let good: i64 = stands.iter().map(|stand| stand.good).sum();
    let counted: i64 = stands.iter().map(|stand| stand.counted).sum();
    let text = format!(
        "{} of {} {} {} were {}",
        text::count(good),
        text::count(counted),
        words.what,
        reading.when(),
        words.good,
    );
    (counted > 0).then_some((text, good, counted))
}

fn nothing_yet(kpi: &Kpi, reading: &Reading<'_>, words: &Words) -> Outcome {
    let sentence = format!("Of no {} it is known {} yet.", words.what, reading.when());
    Outcome::new(kpi, Figure::NoData, sentence)
}

/// "a goal of 80 %", where there is one.
fn goal(stands: &[Stand]) -> String {
    let mut goals: Vec<String> = stands.iter().map(|stand| text::percent(stand.goal)).collect();
    goals.sort_unstable();
    goals.dedup();
    match goals.as_slice() {
        [goal] => format!("a goal of {goal}"),
        _ => format!("goals of {}", goals.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stand(goal: f64, good: i64, counted: i64) -> (Option<i64>, Option<i64>) {
        let stand = Stand { goal, good, counted };
        (stand.recovery(), stand.budget())
    }

    #[test]
    fn seven_hundred_of_a_thousand_need_five_hundred_more() {
        assert_eq!(stand(0.8, 700, 1000), (Some(500), Some(0)));
        assert_eq!(stand(0.8, 1200, 1500), (Some(0), Some(0)), "and then they are at the goal");
        assert_eq!(stand(0.8, 1199, 1499), (Some(1), Some(0)));
    }

    #[test]
    fn misses_are_affordable_above_the_goal() {
        assert_eq!(stand(0.8, 900, 1000), (Some(0), Some(125)));
        assert_eq!(stand(0.8, 900, 1125), (Some(0), Some(0)), "and then there are none left");
        assert_eq!(stand(0.95, 1000, 1000), (Some(0), Some(52)));
        assert_eq!(stand(0.8, 4, 4), (Some(0), Some(1)));
        assert_eq!(stand(0.8, 3, 3), (Some(0), Some(0)));
    }

    #[test]
    fn goals_at_the_ends() {
        assert_eq!(stand(1.0, 9, 10), (None, Some(0)));
        assert_eq!(stand(1.0, 10, 10), (Some(0), Some(0)));
        assert_eq!(stand(0.0, 0, 10), (Some(0), None));
        assert_eq!(stand(0.8, 0, 0), (Some(0), Some(0)));
        assert_eq!(stand(0.999_999, 0, i64::MAX).0, Some(i64::MAX));
    }

    /// By the definition: so many good ones are enough, one fewer is not; and the same for misses.
    #[test]
    fn both_are_exact_for_every_goal_and_count() {
        for percent in 1..100 {
            let goal = f64::from(percent) / 100.0;
            let is_met = |good: i64, counted: i64| good * 100 >= i64::from(percent) * counted;
            for counted in 1..60 {
                for good in 0..=counted {
                    let (Some(missing), Some(left)) = stand(goal, good, counted) else {
                        unreachable!("{goal}")
                    };
                    assert!(is_met(good + missing, counted + missing));
                    assert!(missing == 0 || !is_met(good + missing - 1, counted + missing - 1));
                    assert!(left == 0 || is_met(good, counted + left));
                    assert!(!is_met(good, counted + left + 1));
                }
            }
        }
    }
}
