//! A made-up contact center that answers what tiles ask: the same numbers each time, so that two
//! pictures of one board can be compared.

use std::collections::BTreeSet;

use super::counts::counts;
use super::numbers::{State, of};
use crate::board::figures::Figures;
use crate::board::parameter::Kind;
use crate::config::model::Queues;
use crate::event::{Medium, UnixMs};
use crate::kpi::value::{Better, Figure, Receipt, Unit, Value, WindowSpan};
use crate::kpi::{Kpi, Series};
use crate::scope::{ChannelCoverage, Coverage, FeedHealth, FeedWhy, Selector, Window};

/// How long the channels of a stale picture have been silent.
const SILENT_FOR_MS: i64 = 12 * 60_000;
pub(super) const MINUTE_MS: i64 = 60_000;
/// So many times shorter are the waits of calls.
const CALLS_FASTER: f64 = 9.0;
/// Minutes of a course.
const MINUTES: i64 = 60;

/// What the made-up contact center has.
pub(super) struct MadeUp {
    pub(super) state: State,
    pub(super) now_ms: UnixMs,
    pub(super) time_zone: String,
    pub(super) queues: BTreeSet<String>,
    pub(super) channels: BTreeSet<String>,
    pub(super) policies: BTreeSet<String>,
    pub(super) topics: BTreeSet<String>,
    pub(super) dimensions: BTreeSet<String>,
    pub(super) agents: BTreeSet<String>,
    /// What queues promise.
    pub(super) rules: Queues,
}

impl MadeUp {
    /// The first of its queues, channels, policies or topics.
    pub(super) fn first(&self, kind: Kind) -> Option<String> {
        let all = match kind {
            Kind::Queue => &self.queues,
            Kind::Channel => &self.channels,
            Kind::Policy => &self.policies,
            Kind::Topic => &self.topics,
        };
        all.first().cloned()
    }

    /// Everybody's number, or the part of it that is selected.
    pub(super) fn number(&self, kpi: &Kpi, selector: &Selector) -> Option<f64> {
        let narrowed = [
            (&selector.queue, &self.queues),
            (&selector.channel, &self.channels),
            (&selector.policy, &self.policies),
            (&selector.topic, &self.topics),
            (&selector.dimension, &self.dimensions),
            (&selector.agent, &self.agents),
        ];
        let mut number = of(kpi, self.state)?;
        // Callers wait minutes where writers wait hours.
        if kpi.unit == Unit::Seconds && selector.kind == Some(Medium::Call) {
            number = (number / CALLS_FASTER).round();
        }
        for (name, all) in narrowed {
            let Some(name) = name else { continue };
            let place = all.iter().position(|known| known == name).unwrap_or(all.len());
            number = self.part(kpi, number, place, all.len().max(1));
        }
        Some(number)
    }

    /// The part of a number that the name at a place has: counts add up to the whole, and the first
    /// has the worst of what does not add up.
    fn part(&self, kpi: &Kpi, whole: f64, place: usize, of_all: usize) -> f64 {
        let calm = of(kpi, State::Busy).unwrap_or(whole);
        match kpi.unit {
            Unit::Count => share(whole, place, of_all),
            // Names of no more than some dozens: far below 2^53.
            _ if place == 0 => whole,
            Unit::Seconds => (whole / (place + 1) as f64).round(),
            Unit::Ratio if self.state == State::Red && kpi.better != Better::Neither => {
                if place.is_multiple_of(3) { whole } else { calm }
            }
            Unit::Ratio if kpi.better == Better::Neither => whole / (place + 1) as f64,
            _ => (whole + 0.012 * (place % 4) as f64).min(whole.max(1.0)),
        }
    }

    /// The channel whose plugin takes nothing for a while.
    pub(super) fn resting(&self) -> Option<&String> {
        self.channels.first().filter(|_| self.state == State::Red)
    }

    fn coverage(&self, selector: &Selector) -> Coverage {
        let why = |name: &String| match self.state {
            State::Stale => Some(FeedWhy::Link),
            _ => (self.resting() == Some(name)).then_some(FeedWhy::Plugin),
        };
        let of = |name: &&String| selector.channel.as_ref().is_none_or(|only| only == *name);
        let channels = self.channels.iter().filter(of).map(|name| {
            let (why, silent_ms) = (why(name), self.now_ms - SILENT_FOR_MS);
            ChannelCoverage {
                channel: name.clone(),
                last_event_ms: Some(why.map_or(self.now_ms - 3_000, |_| silent_ms)),
                feed: why.map_or(FeedHealth::Live, |_| FeedHealth::Silent),
                why,
                since_ms: why.map(|_| silent_ms),
            }
        });
        Coverage { channels: channels.collect() }
    }
}

/// A whole number's share: the first has about twice as many as the second, and so on; what is left
/// over is the first's.
fn share(whole: f64, place: usize, of_all: usize) -> f64 {
    let weight = |at: usize| 1.0 / (at + 1) as f64;
    let all: f64 = (0..of_all).map(weight).sum();
    let of = |at: usize| (whole * weight(at) / all).floor();
    if place == 0 { whole - (1..of_all).map(of).sum::<f64>() } else { of(place) }
}

impl Figures for MadeUp {
    fn value(
        &self,
        kpi: &'static Kpi,
        selector: &Selector,
        window: Window,
        now_ms: UnixMs,
    ) -> Value {
        let number = self.number(kpi, selector);
        let (about, parts) = self.parts(kpi, selector, number);
        let window = if kpi.is_state { Window::Now } else { window };
        let length_ms = match kpi.id {
            // Of the last full hour, whatever is asked.
            "mentions_jump" => 60 * MINUTE_MS,
            _ => window.sliding_ms().unwrap_or(8 * 60 * MINUTE_MS),
        };
        Value {
            kpi: kpi.id,
            unit: kpi.unit,
            selector: selector.clone(),
            figure: number.map_or(Figure::NoData, Figure::Number),
            receipt: Receipt {
                sentence: "Made up for a picture.".to_owned(),
                formula: kpi.id,
                expression: kpi.expression,
                source: kpi.page(),
                counts: counts(kpi, number),
                thresholds_ms: Vec::new(),
                window: WindowSpan {
                    window,
                    from_ms: now_ms - length_ms,
                    to_ms: now_ms,
                    time_zone: self.time_zone.clone(),
                },
                variants: Vec::new(),
            },
            coverage: self.coverage(selector),
            about,
            parts,
        }
    }

    fn series(&self, kpi: &'static Kpi, selector: &Selector) -> Series {
        let from_ms = self.now_ms / MINUTE_MS * MINUTE_MS - MINUTES * MINUTE_MS;
        let number = self.number(kpi, selector);
        let values = (0..=MINUTES).map(|minute| {
            let number = number?;
            let swing =
                1.0 + 0.35 * (minute as f64 / 9.0).sin() + 0.2 * (minute as f64 * 1.7).sin();
            Some(match kpi.unit {
                Unit::Count if kpi.is_state => (number * swing).round(),
                // Of a count over the hour each minute has its part.
                Unit::Count => (number * swing / MINUTES as f64).round(),
                Unit::Ratio => (number * (0.9 + 0.1 * swing)).clamp(-1.0, 1.0),
                _ => number * swing,
            })
        });
        Series { from_ms, step_ms: MINUTE_MS, values: values.collect() }
    }

    fn queues(&self) -> Vec<String> {
        self.queues.iter().cloned().collect()
    }

    fn channels(&self) -> Vec<String> {
        self.channels.iter().cloned().collect()
    }

    fn topics(&self) -> Vec<String> {
        self.topics.iter().cloned().collect()
    }

    fn dimensions(&self) -> Vec<String> {
        self.dimensions.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi;

    #[test]
    fn parts_of_a_count_add_up_to_the_whole() {
        for whole in [0.0, 1.0, 7.0, 31.0, 1_240.0] {
            for of_all in 1..9 {
                let sum: f64 = (0..of_all).map(|place| share(whole, place, of_all)).sum();
                assert_eq!(sum, whole, "of {of_all}");
            }
        }
    }

    #[test]
    fn the_first_queue_of_a_red_picture_has_the_longest_wait_and_a_stale_one_no_live_channel() {
        let names = |names: [&str; 2]| names.map(str::to_owned).into();
        let mut center = MadeUp {
            state: State::Red,
            now_ms: 1_772_625_720_000,
            time_zone: "UTC".to_owned(),
            queues: names(["sales", "support"]),
            channels: names(["phones", "telegram"]),
            policies: BTreeSet::new(),
            topics: BTreeSet::new(),
            dimensions: BTreeSet::new(),
            agents: BTreeSet::new(),
            rules: Queues::default(),
        };
        let longest = kpi::find("longest_wait_now").expect("the KPI");
        let all = center.number(longest, &Selector::default());
        assert_eq!(center.number(longest, &Selector::queue("sales")), all);
        assert!(center.number(longest, &Selector::queue("support")) < all);
        let resting: Vec<_> = center.coverage(&Selector::default()).channels;
        assert_eq!((resting[0].why, resting[1].why), (Some(FeedWhy::Plugin), None));
        center.state = State::Stale;
        let value = center.value(longest, &Selector::default(), Window::Now, center.now_ms);
        assert!(value.coverage.channels.iter().all(|it| it.feed == FeedHealth::Silent));
    }
}
