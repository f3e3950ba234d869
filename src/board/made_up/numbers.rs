//! The made-up numbers of a picture: for each state of the contact center what a KPI would say.
//! Neighbours on a wall must not contradict each other, so those that boards show most stand here
//! together; all others follow from their unit.

use crate::kpi::Kpi;
use crate::kpi::value::{Better, Unit};
use crate::words::words;

words! {
    /// How the contact center of a picture fares.
    pub enum State {
        /// A calm night: nothing is wrong, little happens.
        Quiet = "quiet",
        /// A good day with much to do.
        Busy = "busy",
        /// Everything that can burn burns.
        Red = "red",
        /// A busy day whose channels fell silent twelve minutes ago.
        Stale = "stale",
    }
}

/// Quiet, busy, red.
type Row = (&'static str, [f64; 3]);

/// No figure: there is none in that state.
const NONE: f64 = f64::NAN;

const NUMBERS: [Row; 93] = [
    // Who waits: the written are a part of all, and the oldest of them waits longest.
    ("waiting", [0.0, 7.0, 31.0]),
    ("longest_wait_now", [0.0, 214.0, 5_460.0]),
    ("longest_wait_today", [38.0, 312.0, 5_460.0]),
    ("asa", [6.0, 14.0, 196.0]),
    ("wait_median", [5.0, 11.0, 148.0]),
    ("wait_p90", [9.0, 32.0, 540.0]),
    ("wait_p95", [12.0, 44.0, 790.0]),
    ("unanswered_now", [0.0, 5.0, 26.0]),
    ("oldest_unanswered_now", [0.0, 214.0, 5_460.0]),
    ("unanswered_over_15m", [0.0, 0.0, 14.0]),
    ("unanswered_over_1h", [0.0, 0.0, 3.0]),
    ("unanswered_over_4h", [0.0, 0.0, 0.0]),
    ("unanswered_over_24h", [0.0, 0.0, 0.0]),
    ("unanswered_over_48h", [0.0, 0.0, 0.0]),
    ("never_answered", [0.0, 3.0, 41.0]),
    ("answer_rate", [1.0, 0.974, 0.81]),
    ("pending_now", [1.0, 12.0, 70.0]),
    // Promises.
    ("service_level", [1.0, 0.874, 0.52]),
    ("sl_offered", [1.0, 0.862, 0.49]),
    ("sl_offered_net", [1.0, 0.874, 0.52]),
    ("sl_short_positive", [1.0, 0.881, 0.53]),
    ("sl_ignore", [1.0, 0.883, 0.54]),
    ("sl_positive", [1.0, 0.89, 0.58]),
    ("sl_answered", [1.0, 0.912, 0.61]),
    ("service_level_recovery", [0.0, 0.0, 212.0]),
    ("service_level_budget", [3.0, 21.0, 0.0]),
    ("sla_met", [1.0, 0.943, 0.62]),
    ("sla_breaches", [0.0, 17.0, 148.0]),
    ("sla_running", [0.0, 7.0, 31.0]),
    ("sla_at_risk", [0.0, 2.0, 7.0]),
    ("sla_breached", [0.0, 0.0, 19.0]),
    ("sla_paused", [0.0, 3.0, 6.0]),
    ("sla_next_breach", [NONE, 372.0, 18.0]),
    ("sla_recovery", [0.0, 0.0, 96.0]),
    ("sla_budget", [2.0, 28.0, 0.0]),
    ("frt", [64.0, 171.0, 2_640.0]),
    ("frt_median", [52.0, 128.0, 2_160.0]),
    ("frt_p90", [110.0, 410.0, 5_820.0]),
    ("frt_p95", [140.0, 560.0, 7_400.0]),
    ("frt_business", [64.0, 168.0, 2_610.0]),
    ("frt_business_median", [52.0, 126.0, 2_120.0]),
    ("frt_business_p90", [110.0, 402.0, 5_700.0]),
    ("frt_business_p95", [140.0, 520.0, 7_410.0]),
    ("nrt_median", [48.0, 142.0, 1_980.0]),
    ("ttr_median", [540.0, 2_940.0, 17_400.0]),
    // How much.
    ("offered", [14.0, 318.0, 412.0]),
    ("answered", [14.0, 297.0, 311.0]),
    ("abandoned", [0.0, 10.0, 62.0]),
    ("abandon_rate", [0.0, 0.031, 0.151]),
    ("abandon_rate_net", [0.0, 0.024, 0.143]),
    ("flowed_out", [0.0, 4.0, 8.0]),
    ("volume", [18.0, 486.0, 634.0]),
    ("messages", [31.0, 1_240.0, 1_815.0]),
    ("undelivered", [0.0, 2.0, 11.0]),
    ("handled", [14.0, 290.0, 304.0]),
    // Who is there.
    ("agents_available", [3.0, 4.0, 0.0]),
    ("agents_ringing", [0.0, 1.0, 0.0]),
    ("agents_talking", [1.0, 17.0, 21.0]),
    ("agents_hold", [0.0, 1.0, 2.0]),
    ("agents_after_work", [0.0, 3.0, 2.0]),
    ("agents_paused", [0.0, 2.0, 5.0]),
    ("agents_offline", [24.0, 0.0, 1.0]),
    ("agents_unknown", [0.0, 0.0, 0.0]),
    ("agents_required", [2.0, 24.0, 36.0]),
    ("agents_missing", [0.0, 0.0, 11.0]),
    ("forecast_contacts", [6.0, 88.0, 96.0]),
    ("occupancy", [0.24, 0.81, 0.96]),
    ("rings_missed", [0.0, 3.0, 27.0]),
    ("aht", [205.0, 248.0, 322.0]),
    // Opinion.
    ("csat", [0.95, 0.91, 0.68]),
    ("rating", [0.95, 0.92, 0.68]),
    ("nps", [52.0, 44.0, -8.0]),
    ("csi", [4.7, 4.5, 3.3]),
    ("rating_response_rate", [0.31, 0.28, 0.24]),
    ("fcr", [0.9, 0.82, 0.6]),
    ("repeat_contacts", [0.04, 0.09, 0.27]),
    ("reopen_rate", [0.0, 0.04, 0.16]),
    ("complaints", [0.0, 4.0, 26.0]),
    ("complaint_share", [0.0, 0.009, 0.041]),
    ("complaints_in_time", [1.0, 0.96, 0.58]),
    ("complaints_overdue", [0.0, 0.0, 7.0]),
    ("automation_rate", [0.44, 0.38, 0.31]),
    ("peer_answer_rate", [0.12, 0.1, 0.07]),
    ("cost_per_contact", [2.1, 2.64, 3.9]),
    // The public.
    ("mentions", [2.0, 64.0, 412.0]),
    ("public_posts", [2.0, 58.0, 371.0]),
    ("public_negative", [0.0, 4.0, 187.0]),
    ("spam", [1.0, 6.0, 9.0]),
    ("negative_share", [0.0, 0.06, 0.45]),
    ("net_sentiment", [0.42, 0.31, -0.38]),
    ("mentions_jump", [0.1, 0.8, 6.4]),
    ("negative_jump", [0.0, 0.4, 7.9]),
    ("contacts_jump", [0.1, 0.6, 4.2]),
];

/// What that KPI says of everybody together; none where it says nothing.
pub(super) fn of(kpi: &Kpi, state: State) -> Option<f64> {
    let at = match state {
        State::Quiet => 0,
        State::Busy | State::Stale => 1,
        State::Red => 2,
    };
    let listed = NUMBERS.iter().find(|(id, _)| *id == kpi.id);
    let numbers = listed.map_or_else(|| by_unit(kpi), |(_, numbers)| *numbers);
    Some(numbers[at]).filter(|number| number.is_finite())
}

fn by_unit(kpi: &Kpi) -> [f64; 3] {
    match (kpi.unit, kpi.better) {
        (Unit::Ratio, Better::Higher) => [0.97, 0.89, 0.56],
        (Unit::Ratio, Better::Lower) => [0.0, 0.04, 0.21],
        (Unit::Ratio, Better::Neither) => [0.2, 0.24, 0.31],
        (Unit::Seconds, _) => [45.0, 170.0, 1_620.0],
        (Unit::Count, Better::Lower) => [0.0, 3.0, 36.0],
        (Unit::Count, Better::Higher) => [5.0, 42.0, 3.0],
        (Unit::Count, Better::Neither) => [9.0, 140.0, 188.0],
        (Unit::Number, Better::Lower) => [0.1, 0.7, 5.2],
        (Unit::Number, _) => [4.7, 4.5, 3.2],
        (Unit::Points, _) => [50.0, 42.0, -6.0],
        (Unit::Money, _) => [38.0, 860.0, 1_340.0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi;

    #[test]
    fn every_listed_kpi_exists_once_and_fits_its_unit() {
        for (at, (id, numbers)) in NUMBERS.iter().enumerate() {
            let kpi = kpi::find(id).expect(id);
            assert!(!NUMBERS[..at].iter().any(|(other, _)| other == id), "{id} stands twice");
            let fits = |number: &f64| match kpi.unit {
                _ if number.is_nan() => true,
                Unit::Ratio => (-1.0..=1.0).contains(number),
                Unit::Count => number.fract() == 0.0 && *number >= 0.0,
                Unit::Points => (-100.0..=100.0).contains(number),
                // A balance of opinions, of feeling, may be below 0.
                Unit::Number => number.is_finite(),
                Unit::Seconds | Unit::Money => *number >= 0.0,
            };
            assert!(numbers.iter().all(fits), "{id}: {numbers:?}");
        }
    }

    #[test]
    fn red_is_worse_than_busy_wherever_one_can_be_worse() {
        for kpi in kpi::registry() {
            let (Some(busy), Some(red)) = (of(kpi, State::Busy), of(kpi, State::Red)) else {
                continue;
            };
            match kpi.better {
                Better::Higher => assert!(red <= busy, "{}: {red} beside {busy}", kpi.id),
                Better::Lower => assert!(red >= busy, "{}: {red} beside {busy}", kpi.id),
                Better::Neither => {}
            }
        }
    }
}
