//! The made-up counts behind made-up numbers, so that tiles say them as they do in earnest.

use crate::kpi::Kpi;
use crate::kpi::value::Count;

/// So many each are a picture's shares of.
const COUNTED: f64 = 1_000.0;
const RATINGS: f64 = 500.0;
const ASKED: f64 = 1_800.0;
const BAD_RATINGS: f64 = 6.0;
/// Praise and criticism together, and what is neither.
const MOODS: f64 = 48.0;
const NEUTRAL: f64 = 31.0;
/// Mentions in an hour as a rule, and their standard deviation.
const MENTIONS: f64 = 14.0;
const DEVIATION: f64 = 6.0;
/// One of so many never gets an answer.
const REACHED: f64 = 38.0;

/// The counts behind a number; of most there is nothing to say.
pub(super) fn counts(kpi: &Kpi, number: Option<f64>) -> Vec<Count> {
    let Some(number) = number else { return Vec::new() };
    let counts: &[(&'static str, f64)] = match kpi.id {
        "service_level" => &[("in_time", number * COUNTED), ("counted", COUNTED)],
        "csat" => &[("positive", number * RATINGS), ("ratings", RATINGS)],
        "rating" => &[("ratings", RATINGS)],
        "nps" => &[("ratings_to_ten", RATINGS)],
        "csi" => &[("good", number * BAD_RATINGS), ("bad", BAD_RATINGS)],
        "rating_response_rate" => &[("ratings_of_asked", number * ASKED), ("requests", ASKED)],
        "never_answered" => &[("contacts", (number + 1.0) * REACHED), ("never_answered", number)],
        "net_sentiment" => &[
            ("positive", MOODS * (1.0 + number) / 2.0),
            ("neutral", NEUTRAL),
            ("negative", MOODS * (1.0 - number) / 2.0),
        ],
        "mentions_jump" => &[
            ("now", MENTIONS + number * DEVIATION),
            ("one_week_before", MENTIONS),
            ("two_weeks_before", MENTIONS + DEVIATION),
            ("three_weeks_before", MENTIONS - DEVIATION),
        ],
        _ => &[],
    };
    // Numbers of no more than some thousands: `as` loses nothing.
    let count = |&(name, count): &(&'static str, f64)| Count { name, value: count.round() as i64 };
    counts.iter().map(count).collect()
}
