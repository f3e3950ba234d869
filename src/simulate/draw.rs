//! Randomness, seeded: one stream per world, so that a change in one leaves the others alone.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

/// A stream of random draws. The generator is a portable one: a seed means the same everywhere.
#[derive(Debug)]
pub struct Draw {
    rng: Xoshiro256PlusPlus,
}

impl Draw {
    /// The stream `name` of a seed.
    pub fn new(seed: u64, name: &str) -> Self {
        // FNV-1a: any fixed hash will do, as long as it never changes.
        let stream = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { rng: Xoshiro256PlusPlus::seed_from_u64(seed ^ stream) }
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Uniform in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        self.rng.random::<f64>()
    }

    /// Uniform among `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.rng.random_range(low..=high.max(low))
    }

    /// Waiting time until the next of events that come independently of each other, in
    /// milliseconds; at least 1.
    pub fn exponential_ms(&mut self, mean_ms: f64) -> i64 {
        whole_ms(-(1.0 - self.unit()).ln() * mean_ms)
    }

    /// Talk, typing and thinking times: most are near the median, few are very long.
    pub fn lognormal_ms(&mut self, median_ms: f64, sigma: f64) -> i64 {
        whole_ms(median_ms * (sigma * self.normal()).exp())
    }

    /// One of the things offered.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let index = self.rng.random_range(0..from.len());
        from[index]
    }

    /// An index, each with its weight.
    pub fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// Standard normal, by Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}

fn whole_ms(ms: f64) -> i64 {
    // A float to int cast saturates; a day is longer than anything that is drawn in earnest.
    (ms.round() as i64).clamp(1, 86_400_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_a_name_decide_everything() {
        let take = |seed, name| {
            let mut draw = Draw::new(seed, name);
            (0..8).map(|_| draw.between(0, 1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(take(7, "phone"), take(7, "phone"));
        assert_ne!(take(7, "phone"), take(7, "desk"));
        assert_ne!(take(7, "phone"), take(8, "phone"));
    }

    #[test]
    fn draws_have_the_mean_and_median_asked_for() {
        let mut draw = Draw::new(1, "test");
        let count = 20_000;
        let mean = (0..count).map(|_| draw.exponential_ms(5_000.0)).sum::<i64>() / count;
        assert!((4_800..5_200).contains(&mean), "mean {mean}");
        let mut drawn: Vec<_> = (0..count).map(|_| draw.lognormal_ms(120_000.0, 0.6)).collect();
        drawn.sort_unstable();
        let median = drawn[drawn.len() / 2];
        assert!((116_000..124_000).contains(&median), "median {median}");
    }

    #[test]
    fn weights_are_shares() {
        let mut draw = Draw::new(1, "test");
        let mut hits = [0_u32; 3];
        for _ in 0..10_000 {
            hits[draw.weighted(&[5.0, 0.0, 5.0])] += 1;
        }
        assert_eq!(hits[1], 0);
        assert!(hits[0].abs_diff(hits[2]) < 500, "{hits:?}");
    }
}
