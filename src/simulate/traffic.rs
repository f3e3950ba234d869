//! The whole center's traffic as one stream in order of time, decided by seed and start alone.

use std::collections::{BTreeSet, VecDeque};

use crate::event::UnixMs;

use super::day::Day;
use super::desk::Desk;
use super::door::Door;
use super::messenger::Messenger;
use super::model::World;
use super::networks::NETWORKS;
use super::phone::Phone;
use super::written::Written;

/// What one network sends at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// When the network sends it.
    pub at_ms: UnixMs,
    /// Where it goes.
    pub door: Door,
    /// Messages of one lane keep their order (a conversation, a ticket); others may overtake.
    pub lane: u64,
    /// Headers of the network's own, beside those of its signature.
    pub headers: Vec<(&'static str, &'static str)>,
    /// The body or line.
    pub bytes: Vec<u8>,
}

/// How big the center is. 1 and 1 is 24 agents on the phones, 180 calls in the peak hour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Contacts, as a multiple.
    pub rate: f64,
    /// People, as a multiple: less than `rate` means too few of them.
    pub staff: f64,
}

/// What decides the traffic.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The same seed and start give the same bytes.
    pub seed: u64,
    /// The first moment.
    pub start_ms: UnixMs,
    /// Minutes after midnight that the center believes it is at the start; UTC without.
    pub as_if_minute: Option<i64>,
    /// How big.
    pub size: Size,
    /// Networks that exist.
    pub doors: BTreeSet<Door>,
}

/// All doors that there can be.
pub fn every_door() -> impl Iterator<Item = Door> {
    let others = [Door::QUEUE_LOG, Door::TELEGRAM, Door::WEBFORM];
    others.into_iter().chain(NETWORKS.iter().map(|network| network.door))
}

/// The stream. It never ends.
pub struct Traffic {
    worlds: Vec<Box<dyn World + Send>>,
    ready: VecDeque<Raw>,
}

impl Traffic {
    /// Opens the center.
    pub fn new(scenario: &Scenario) -> Self {
        let Scenario { seed, start_ms, size, .. } = *scenario;
        // Another start is another day with the same people.
        let seed = seed ^ start_ms.unsigned_abs().rotate_left(17);
        let day = match scenario.as_if_minute {
            Some(minute) => Day::as_if(seed, start_ms, minute),
            None => Day::utc(seed),
        };
        let mut opening = Vec::new();
        let mut worlds: Vec<Box<dyn World + Send>> = Vec::new();
        let has = |door| scenario.doors.contains(&door);
        if has(Door::QUEUE_LOG) {
            worlds.push(Box::new(Phone::new(size, seed, day, start_ms, &mut opening)));
        }
        if has(Door::TELEGRAM) {
            worlds.push(Box::new(Messenger::new(size, seed, day, start_ms, &mut opening)));
        }
        if has(Door::WEBFORM) {
            worlds.push(Box::new(Desk::new(size, seed, day, start_ms)));
        }
        for network in NETWORKS.iter().filter(|network| has(network.door)) {
            worlds.push(Box::new(Written::new(network, size, seed, day, start_ms)));
        }
        Self { worlds, ready: opening.into() }
    }
}

impl Iterator for Traffic {
    type Item = Raw;

    /// The next message. `None` only for a center without networks.
    fn next(&mut self) -> Option<Raw> {
        while self.ready.is_empty() {
            let next = self.worlds.iter_mut().min_by_key(|world| world.next_at())?;
            let mut out = Vec::new();
            next.step(&mut out);
            self.ready.extend(out);
        }
        self.ready.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const START_MS: UnixMs = 1_790_000_000_000;
    const HOUR_MS: i64 = 3_600_000;

    fn scenario(seed: u64) -> Scenario {
        Scenario {
            seed,
            start_ms: START_MS,
            as_if_minute: Some(10 * 60),
            size: Size { rate: 1.0, staff: 1.0 },
            doors: every_door().collect(),
        }
    }

    fn hours(scenario: &Scenario, hours: i64) -> Vec<Raw> {
        let end_ms = scenario.start_ms + hours * HOUR_MS;
        Traffic::new(scenario).take_while(|raw| raw.at_ms < end_ms).collect()
    }

    fn queue_log(scenario: &Scenario, length: i64) -> Vec<Vec<String>> {
        hours(scenario, length)
            .into_iter()
            .filter(|raw| raw.door == Door::QUEUE_LOG)
            .map(|raw| {
                let line = String::from_utf8(raw.bytes).expect("text");
                line.trim_end().split('|').map(str::to_owned).collect()
            })
            .collect()
    }

    #[test]
    fn the_same_seed_and_start_give_the_same_bytes() {
        assert_eq!(hours(&scenario(7), 2), hours(&scenario(7), 2));
        assert_ne!(hours(&scenario(7), 1), hours(&scenario(8), 1));
        let next_day = Scenario { start_ms: START_MS + 24 * HOUR_MS, ..scenario(7) };
        assert_ne!(hours(&scenario(7), 1).len(), hours(&next_day, 1).len());
    }

    #[test]
    fn a_network_less_changes_nothing_for_the_others() {
        let all = hours(&scenario(7), 1);
        for door in every_door() {
            let alone = hours(&Scenario { doors: [door].into(), ..scenario(7) }, 1);
            let of_all: Vec<Raw> = all.iter().filter(|raw| raw.door == door).cloned().collect();
            assert_eq!(alone, of_all, "{door}");
        }
    }

    #[test]
    fn time_never_goes_back_and_every_network_speaks() {
        let traffic = hours(&scenario(7), 1);
        assert!(traffic.is_sorted_by_key(|raw| raw.at_ms));
        for door in every_door() {
            let count = traffic.iter().filter(|raw| raw.door == door).count();
            assert!(count > 60, "{door}: {count} in an hour");
        }
    }

    #[test]
    fn each_stay_in_a_queue_begins_once_and_ends_once() {
        let mut waiting = BTreeMap::new();
        let mut talking = BTreeMap::new();
        let mut ends = BTreeMap::new();
        for line in queue_log(&scenario(7), 30) {
            let (call, queue, event) = (line[1].clone(), line[2].clone(), line[4].as_str());
            match event {
                "ENTERQUEUE" => assert_eq!(waiting.insert(call, queue), None),
                "CONNECT" => {
                    assert_eq!(waiting.remove(&call), Some(queue));
                    assert_eq!(talking.insert(call, line[3].clone()), None);
                }
                "ABANDON" | "EXITWITHTIMEOUT" | "EXITWITHKEY" => {
                    assert_eq!(waiting.remove(&call), Some(queue));
                    *ends.entry(event.to_owned()).or_insert(0) += 1;
                }
                "COMPLETECALLER" | "COMPLETEAGENT" | "BLINDTRANSFER" | "ATTENDEDTRANSFER" => {
                    assert_eq!(talking.remove(&call).as_ref(), Some(&line[3]));
                    *ends.entry(event.to_owned()).or_insert(0) += 1;
                }
                _ => {}
            }
        }
        assert_eq!(ends.len(), 7, "all ways to end are seen: {ends:?}");
        assert!(waiting.len() < 30 && talking.len() < 30, "most have ended");
    }

    #[test]
    fn agents_are_in_one_call_at_a_time_and_only_while_logged_in() {
        let mut logged_in = std::collections::BTreeSet::new();
        let mut busy: BTreeMap<String, String> = BTreeMap::new();
        for line in queue_log(&scenario(3), 30) {
            let (call, agent) = (line[1].clone(), line[3].clone());
            match line[4].as_str() {
                "ADDMEMBER" => drop(logged_in.insert((agent, line[2].clone()))),
                "REMOVEMEMBER" => assert!(logged_in.remove(&(agent, line[2].clone()))),
                "CONNECT" => {
                    assert!(logged_in.contains(&(agent.clone(), line[2].clone())), "{line:?}");
                    assert_eq!(busy.insert(agent, call), None, "{line:?}");
                }
                "COMPLETECALLER" | "COMPLETEAGENT" | "BLINDTRANSFER" | "ATTENDEDTRANSFER" => {
                    assert_eq!(busy.remove(&agent), Some(call), "{line:?}");
                }
                _ => {}
            }
        }
    }

    #[test]
    fn too_few_people_lose_more_callers() {
        let lost = |staff| {
            let size = Size { rate: 1.0, staff };
            let lines = queue_log(&Scenario { size, ..scenario(5) }, 4);
            let count = |event| lines.iter().filter(|line| line[4] == event).count();
            (count("ABANDON"), count("ENTERQUEUE"))
        };
        let ((few, offered), (many, offered_too)) = (lost(1.0), lost(0.5));
        assert!(few * 6 < offered, "{few} of {offered} lost with enough people");
        assert!(many * 5 > offered_too, "{many} of {offered_too} lost with half of them");
    }
}
