//! What is made of the points of a stretch of time.

use crate::alert::expression::Over;
use crate::alert::history::Ms;

/// A gap to an end of the stretch that is at most so many times the usual one between two points is
/// taken for covered by them.
const GAP_SHARE_MAX: f64 = 1.1;

/// None where the points do not suffice.
pub(super) fn of(over: Over, points: &[(Ms, f64)], from_ms: Ms, to_ms: Ms) -> Option<f64> {
    let values = points.iter().map(|(_, value)| *value);
    match over {
        Over::Increase => increase(points, from_ms, to_ms),
        Over::Rate => Some(increase(points, from_ms, to_ms)? / ((to_ms - from_ms) as f64 / 1000.0)),
        _ if points.is_empty() => None,
        Over::Changes => {
            let changed = |pair: &&[(Ms, f64)]| match pair {
                [(_, a), (_, b)] => a != b && !(a.is_nan() && b.is_nan()),
                _ => false,
            };
            Some(points.windows(2).filter(changed).count() as f64)
        }
        // `f64::max` leaves a NaN out, as Prometheus does.
        Over::Max => values.reduce(f64::max),
        Over::Min => values.reduce(f64::min),
        Over::Sum => Some(values.sum()),
        Over::Avg => Some(values.sum::<f64>() / points.len() as f64),
        Over::Count => Some(points.len() as f64),
    }
}

/// How much a counter has grown, its restarts included, carried on to the ends of the stretch: the
/// first and the last point rarely lie there.
fn increase(points: &[(Ms, f64)], from_ms: Ms, to_ms: Ms) -> Option<f64> {
    let [(first_ms, first), .., (last_ms, _)] = *points else { return None };
    let mut grown = 0.0;
    for pair in points.windows(2) {
        if let [(_, before), (_, after)] = *pair {
            // A counter that is lower has begun anew, at 0.
            grown += if after < before { after } else { after - before };
        }
    }
    let seconds = |ms: Ms| ms as f64 / 1000.0;
    let sampled_s = seconds(last_ms - first_ms);
    if sampled_s <= 0.0 {
        return None;
    }
    let usual_s = sampled_s / (points.len() - 1) as f64;
    let reach = |gap_s: f64| if gap_s < usual_s * GAP_SHARE_MAX { gap_s } else { usual_s / 2.0 };
    let mut before_s = seconds(first_ms - from_ms);
    // It was not below 0 before the first point.
    if grown > 0.0 && first >= 0.0 {
        before_s = before_s.min(sampled_s * (first / grown));
    }
    let after_s = seconds(to_ms - last_ms);
    Some(grown * ((sampled_s + reach(before_s) + reach(after_s)) / sampled_s))
}

/// What the line through the points is so many seconds after the end of the stretch.
pub(super) fn predicted(points: &[(Ms, f64)], to_ms: Ms, ahead_s: f64) -> Option<f64> {
    if points.len() < 2 {
        return None;
    }
    let count = points.len() as f64;
    let moments = points.iter().map(|(at_ms, value)| ((at_ms - to_ms) as f64 / 1000.0, *value));
    let (mut x_sum, mut y_sum, mut xy_sum, mut xx_sum) = (0.0, 0.0, 0.0, 0.0);
    for (x, y) in moments {
        x_sum += x;
        y_sum += y;
        xy_sum += x * y;
        xx_sum += x * x;
    }
    let first = points[0].1;
    if points.iter().all(|(_, value)| *value == first) {
        return Some(first);
    }
    let slope = (xy_sum - x_sum * y_sum / count) / (xx_sum - x_sum * x_sum / count);
    let now = y_sum / count - slope * x_sum / count;
    Some(now + slope * ahead_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each_minute(values: &[f64]) -> Vec<(Ms, f64)> {
        values.iter().zip(0..).map(|(value, minute)| (minute * 60_000, *value)).collect()
    }

    #[test]
    fn a_counter_grows_over_its_restarts() {
        let points = each_minute(&[10.0, 12.0, 1.0, 4.0]);
        assert_eq!(increase(&points, 0, 180_000), Some(2.0 + 1.0 + 3.0));
    }

    #[test]
    fn growth_is_carried_on_to_the_ends_but_not_below_nothing() {
        // Half a minute on each side, at 2 a minute.
        let points = each_minute(&[10.0, 12.0, 14.0]);
        assert_eq!(increase(&points, -30_000, 150_000), Some(6.0));
        // It was 0 at the first point.
        let points = each_minute(&[0.0, 2.0, 4.0]);
        assert_eq!(increase(&points, -30_000, 120_000), Some(4.0));
        // Far from the points nothing is known: half a step.
        let points = each_minute(&[10.0, 12.0]);
        assert_eq!(increase(&points, -600_000, 60_000), Some(3.0));
    }

    #[test]
    fn one_point_says_nothing_of_growth() {
        assert_eq!(increase(&each_minute(&[4.0]), 0, 60_000), None);
        assert_eq!(of(Over::Rate, &[], 0, 60_000), None);
    }

    #[test]
    fn a_line_goes_on() {
        let points = each_minute(&[100.0, 90.0, 80.0]);
        let predicted = predicted(&points, 120_000, 480.0).expect("a line");
        assert!(predicted.abs() < 1e-9, "{predicted}");
        assert_eq!(super::predicted(&each_minute(&[5.0, 5.0]), 60_000, 3600.0), Some(5.0));
    }

    #[test]
    fn over_time() {
        let points = each_minute(&[1.0, f64::NAN, 3.0, 3.0]);
        assert_eq!(of(Over::Max, &points, 0, 180_000), Some(3.0));
        assert_eq!(of(Over::Min, &points, 0, 180_000), Some(1.0));
        assert_eq!(of(Over::Changes, &points, 0, 180_000), Some(2.0));
        assert_eq!(of(Over::Count, &points, 0, 180_000), Some(4.0));
    }
}
