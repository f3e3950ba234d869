//! A number against the same span of time a day or a week before.

use super::value::Figure;
use super::{Earlier, Kpi, Reading, compute_quarters};
use crate::engine::{Engine, Quarters};
use crate::scope::{Selector, Window};

/// A number, and what it was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Compared {
    /// Of the window's whole quarters of an hour that are over.
    pub now: f64,
    /// Of the same ones, by the site's clock, a day or a week before.
    pub then: f64,
}

/// A number of a window against what it was: both of whole quarters of an hour that are over, so
/// that part of an hour is never held against a whole one. None where one of them is no number, or
/// nothing is known of then.
pub fn compared(
    kpi: &Kpi,
    engine: &Engine,
    selector: &Selector,
    window: Window,
    by: Earlier,
) -> Option<Compared> {
    let days = by.days();
    let reading = Reading::of_window(kpi, engine, selector, window, engine.now_ms());
    let now = reading.whole_quarters();
    let before = |at_ms| engine.days_before(at_ms, days);
    let then = Quarters::between(before(now.from_ms()), before(now.to_ms()));
    let is_known = engine.known_since_ms(selector).is_some_and(|since| since <= then.from_ms());
    if now.from_ms() >= now.to_ms() || !is_known {
        return None;
    }
    let number = |quarters| match compute_quarters(kpi, engine, selector, quarters) {
        Figure::Number(number) if number.is_finite() => Some(number),
        _ => None,
    };
    Some(Compared { now: number(now)?, then: number(then)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tests::script::*;
    use crate::kpi;

    const DAY: f64 = 86_400.0;

    /// What `offered` of today is against the day before, so many seconds after the start.
    fn against_yesterday(script: &Script, until: f64) -> Option<(f64, f64)> {
        let engine = fold(&script.events, until);
        let offered = kpi::find("offered").expect("a KPI");
        let found = compared(offered, &engine, &all(), Window::Today, Earlier::Yesterday)?;
        Some((found.now, found.then))
    }

    #[test]
    fn only_the_quarters_that_are_over_are_compared() {
        let mut script = Script::on("phone");
        // At 8:00, 8:10 and 8:20 on the first day, at 8:05 and 8:20 on the second.
        for (call, second) in
            [0.0, 600.0, 1200.0, DAY + 300.0, DAY + 1200.0].into_iter().enumerate()
        {
            script.contact(&format!("c{call}"), "sales").queued(second).answered(second + 5.0);
        }
        // The first day knows nothing of the night before it began: 8:00 is the first quarter known.
        let known = |until| against_yesterday(&script, until);
        assert_eq!(known(1500.0), None, "nothing is known of the day before");
        let mut script = script.clone();
        script.contact("early", "sales").queued(-40_000.0).answered(-39_000.0);
        script.events.sort_by_key(|event| event.at_ms);
        assert_eq!(against_yesterday(&script, DAY + 1000.0), Some((1.0, 2.0)), "until 8:15");
        assert_eq!(against_yesterday(&script, DAY + 1500.0), Some((1.0, 2.0)), "8:20 is not over");
        assert_eq!(against_yesterday(&script, DAY + 1800.0), Some((2.0, 3.0)), "until 8:30");
    }
}
