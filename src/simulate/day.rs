//! How busy it is: the day's profile with its two peaks, campaigns on top, and arrivals from it.

use crate::event::UnixMs;

use super::draw::Draw;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Share of the peak hour's arrivals by hour of the day: up from seven, a peak before noon, a dip
/// at lunch, a lower peak in the afternoon, quiet nights.
const PROFILE: [f64; 24] = [
    0.06, 0.04, 0.03, 0.03, 0.04, 0.07, 0.15, 0.38, 0.70, 0.92, 1.00, 0.98, 0.80, 0.72, 0.86, 0.92,
    0.84, 0.66, 0.50, 0.40, 0.32, 0.24, 0.16, 0.10,
];

/// The most that a campaign multiplies arrivals by.
const CAMPAIGN_MAX: f64 = 2.4;

/// A simulated calendar: what time of day it is for the center, and what campaigns run.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// Added to Unix time to get the center's own time of day.
    offset_ms: i64,
    seed: u64,
}

impl Day {
    /// The center lives by UTC.
    pub fn utc(seed: u64) -> Self {
        Self { offset_ms: 0, seed }
    }

    /// At `start_ms` the center believes it is so many minutes after midnight.
    pub fn as_if(seed: u64, start_ms: UnixMs, minute_of_day: i64) -> Self {
        Self { offset_ms: minute_of_day * MINUTE_MS - start_ms.rem_euclid(DAY_MS), seed }
    }

    /// Milliseconds since the center's midnight.
    pub fn time_of_day_ms(&self, at_ms: UnixMs) -> i64 {
        (at_ms + self.offset_ms).rem_euclid(DAY_MS)
    }

    /// The next moment after `at_ms` when the center's day is so many minutes old.
    pub fn next_minute_of_day(&self, at_ms: UnixMs, minute: i64) -> UnixMs {
        let ahead = (minute * MINUTE_MS - self.time_of_day_ms(at_ms)).rem_euclid(DAY_MS);
        at_ms + if ahead == 0 { DAY_MS } else { ahead }
    }

    /// Arrivals as a share of the peak hour's, interpolated between the hours.
    pub fn profile(&self, at_ms: UnixMs) -> f64 {
        let hours = self.time_of_day_ms(at_ms) as f64 / HOUR_MS as f64;
        let hour = hours as usize % 24;
        let (here, next) = (PROFILE[hour], PROFILE[(hour + 1) % 24]);
        here + (next - here) * hours.fract()
    }

    /// What a marketing campaign does to arrivals now: 1 without one. Each hour has one with
    /// even chances, for five to twelve minutes.
    pub fn campaign(&self, at_ms: UnixMs) -> f64 {
        let hour = at_ms.div_euclid(HOUR_MS);
        let mut draw = Draw::new(self.seed ^ hour.unsigned_abs(), "campaign");
        if !draw.chance(0.5) {
            return 1.0;
        }
        let length = draw.between(5 * MINUTE_MS, 12 * MINUTE_MS);
        let begin = draw.between(0, HOUR_MS - length);
        let factor = 1.6 + draw.unit() * (CAMPAIGN_MAX - 1.6);
        let into_hour = at_ms.rem_euclid(HOUR_MS);
        if (begin..begin + length).contains(&into_hour) { factor } else { 1.0 }
    }

    /// When the next contact arrives after `at_ms`: a Poisson process whose rate follows the day,
    /// by thinning. `per_hour` is the rate of the peak hour without a campaign.
    pub fn next_arrival(&self, draw: &mut Draw, at_ms: UnixMs, per_hour: f64) -> UnixMs {
        let fastest_mean_ms = HOUR_MS as f64 / (per_hour * CAMPAIGN_MAX);
        let mut at_ms = at_ms;
        loop {
            at_ms += draw.exponential_ms(fastest_mean_ms);
            if draw.chance(self.profile(at_ms) * self.campaign(at_ms) / CAMPAIGN_MAX) {
                return at_ms;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrivals(day: &Day, from_hour: i64, hours: i64) -> usize {
        let mut draw = Draw::new(3, "test");
        let (mut at, end) = (from_hour * HOUR_MS, (from_hour + hours) * HOUR_MS);
        let mut count = 0;
        loop {
            at = day.next_arrival(&mut draw, at, 600.0);
            if at >= end {
                return count;
            }
            count += 1;
        }
    }

    #[test]
    fn the_day_has_peaks_a_lunch_dip_and_quiet_nights() {
        let day = Day::utc(1);
        let (night, morning) = (arrivals(&day, 2, 2), arrivals(&day, 10, 2));
        assert!(night * 8 < morning, "night {night}, morning {morning}");
        assert!(day.profile(13 * HOUR_MS) < day.profile(10 * HOUR_MS));
        assert!(day.profile(13 * HOUR_MS) < day.profile(15 * HOUR_MS));
    }

    #[test]
    fn as_if_moves_the_time_of_day_and_not_the_clock() {
        let day = Day::as_if(1, 3 * HOUR_MS, 10 * 60 + 30);
        assert_eq!(day.time_of_day_ms(3 * HOUR_MS), 10 * HOUR_MS + 30 * MINUTE_MS);
        assert_eq!(day.next_minute_of_day(3 * HOUR_MS, 11 * 60), 3 * HOUR_MS + 30 * MINUTE_MS);
        assert_eq!(day.next_minute_of_day(3 * HOUR_MS, 10 * 60 + 30), 27 * HOUR_MS);
    }

    #[test]
    fn some_hours_have_a_campaign() {
        let day = Day::utc(1);
        let with_peak = (0..200)
            .filter(|hour| {
                (0..60).any(|minute| day.campaign(hour * HOUR_MS + minute * MINUTE_MS) > 1.5)
            })
            .count();
        assert!((70..130).contains(&with_peak), "{with_peak} of 200 hours");
    }
}
