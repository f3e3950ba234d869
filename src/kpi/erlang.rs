//! How many people are needed: Erlang's models for live channels, a backlog for written ones.
//!
//! Pure arithmetic on a load and a team; who measures the load is none of its business. A load is
//! in erlangs: contacts that would be handled at once if nobody had to wait. All recursions go
//! upwards over probabilities between 0 and 1, so they neither overflow nor lose digits, with ten
//! thousand agents as with ten.
//!
//! Sources: A. K. Erlang, "Solution of some problems in the theory of probabilities of
//! significance in automatic telephone exchanges" (1917), for B and C; C. Palm, "Research on
//! telephone traffic carried by full availability groups" (1957), for A, as O. Garnett,
//! A. Mandelbaum and M. Reiman, "Designing a call center with impatient customers" (2002), have it.

use std::ops::RangeInclusive;

/// Largest team. None larger is looked for, and a larger one counts as this one.
pub const AGENTS_MAX: u32 = 100_000;

/// Patience beyond so many handling times is as good as endless, and is taken as so much.
const PATIENCE_IN_HANDLINGS_MAX: f64 = 100_000.0;
/// Expected to wait at once: beyond it nobody is answered without waiting, and the waiting line
/// is as long as what flows in and out of it makes it.
const WAITING_EXPECTED_MAX: f64 = 1e6;
/// States of the waiting line that are looked at; with the limits above the rest is nothing.
const WAITING_STATES_MAX: u32 = 4_000_000;
/// What a further state must add to the waiting line, as a share, to be worth looking at.
const SHARE_MIN: f64 = 1e-16;

/// A in erlangs: λ·AHT, for so many contacts in a span.
pub fn load(contacts: f64, span_s: f64, aht_s: f64) -> f64 {
    contacts / span_s * aht_s
}

/// Probability that all agents are busy when nobody waits: whoever comes then is lost.
///
/// Erlang 1917, by the recursion B(0) = 1, B(i) = A·B(i−1) / (i + A·B(i−1)).
pub fn blocking(load: f64, agents: u32) -> f64 {
    blockings(load).nth(agents.min(AGENTS_MAX) as usize).map_or(0.0, |(_, blocking)| blocking)
}

/// Erlang B of 0 agents, of 1, of 2, …
fn blockings(load: f64) -> impl Iterator<Item = (u32, f64)> {
    let mut blocking = 1.0;
    (0..=u32::MAX).map(move |agents| {
        if agents > 0 {
            blocking = load * blocking / (f64::from(agents) + load * blocking);
        }
        (agents, blocking)
    })
}

/// A queue in which everybody waits for as long as it takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patient {
    /// Pw: share of the contacts that wait.
    pub wait_probability: f64,
    /// Share answered within T.
    pub service_level: f64,
    /// Mean wait of all contacts.
    pub asa_s: f64,
    /// Share of the agents' time spent on contacts.
    pub occupancy: f64,
}

/// Erlang C (Erlang 1917). None when the load is not less than the agents: the line grows for ever.
///
/// Pw = N·B / (N − A(1−B)), service level = 1 − Pw·e^(−(N−A)·T/AHT), ASA = Pw·AHT / (N−A).
pub fn patient(load: f64, agents: u32, aht_s: f64, threshold_s: f64) -> Option<Patient> {
    let agents = agents.min(AGENTS_MAX);
    patient_of(blocking(load, agents), load, agents, aht_s, threshold_s)
}

fn patient_of(
    blocking: f64,
    load: f64,
    agents: u32,
    aht_s: f64,
    threshold_s: f64,
) -> Option<Patient> {
    let agents = f64::from(agents);
    let spare = agents - load;
    let is_stable = load >= 0.0 && spare > 0.0;
    is_stable.then(|| {
        let wait_probability = agents * blocking / (agents - load * (1.0 - blocking));
        Patient {
            wait_probability,
            service_level: 1.0 - wait_probability * (-spare * threshold_s / aht_s).exp(),
            asa_s: wait_probability * aht_s / spare,
            occupancy: load / agents,
        }
    })
}

/// The fewest agents by Erlang C with whom so large a share is answered within T. None beyond
/// [`AGENTS_MAX`], and for a goal of 1, which no team reaches.
pub fn agents_for_service_level(load: f64, aht_s: f64, threshold_s: f64, goal: f64) -> Option<u32> {
    let reaches = |(agents, blocking): &(u32, f64)| {
        let queue = patient_of(*blocking, load, *agents, aht_s, threshold_s);
        queue.is_some_and(|queue| queue.service_level >= goal)
    };
    if goal >= 1.0 {
        return None;
    }
    let mut teams = blockings(load).take_while(|(agents, _)| *agents <= AGENTS_MAX);
    teams.find(reaches).map(|(agents, _)| agents)
}

/// A queue in which those who wait too long hang up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Impatient {
    /// Pw: share of the contacts that wait.
    pub wait_probability: f64,
    /// Share of the contacts that hang up.
    pub abandon_probability: f64,
    /// Mean wait of all contacts, those that hang up among them.
    pub mean_wait_s: f64,
    /// Share of the agents' time spent on contacts.
    pub occupancy: f64,
}

/// Erlang A (Palm 1957): patience is exponential with that mean. Always stable.
///
/// Contacts in the house are a birth-and-death chain: contacts come at rate A, leave at rate k in
/// state k ≤ N and at N + (k−N)·AHT/patience above. The share π(k)/Σπ(0..k) follows Erlang B's
/// recursion with that rate, and the states from N on are those in which one waits: mean wait =
/// waiting/λ by Little's law, abandoned = mean wait / mean patience (Garnett and others 2002).
pub fn impatient(load: f64, agents: u32, aht_s: f64, patience_s: f64) -> Impatient {
    let agents = agents.min(AGENTS_MAX);
    let patience = (patience_s / aht_s).clamp(0.0, PATIENCE_IN_HANDLINGS_MAX);
    let team = f64::from(agents);
    let (wait_probability, waiting) = if load <= 0.0 {
        (0.0, 0.0)
    } else if patience == 0.0 {
        (blocking(load, agents), 0.0)
    } else if (load - team) * patience > WAITING_EXPECTED_MAX {
        (1.0, (load - team) * patience)
    } else {
        waiting_line(load, agents, patience)
    };
    let abandon_probability = if patience == 0.0 {
        wait_probability
    } else if load > 0.0 {
        waiting / patience / load
    } else {
        0.0
    };
    let busy = load * (1.0 - abandon_probability);
    Impatient {
        wait_probability,
        abandon_probability,
        mean_wait_s: if load > 0.0 { waiting * aht_s / load } else { 0.0 },
        occupancy: if agents == 0 { 0.0 } else { (busy / team).min(1.0) },
    }
}

/// Share of the time in which whoever comes must wait, and the mean number of those who wait.
fn waiting_line(load: f64, agents: u32, patience: f64) -> (f64, f64) {
    let mut share = blocking(load, agents);
    let (mut busy, mut waiting) = (share, 0.0);
    for behind in 1..=WAITING_STATES_MAX {
        let behind = f64::from(behind);
        let leave = f64::from(agents) + behind / patience;
        share = load * share / (leave + load * share);
        busy += share * (1.0 - busy);
        waiting += share * (behind - waiting);
        // Said so that what is no number ends it, too.
        let goes_on = leave <= load || share * behind > SHARE_MIN * waiting;
        if !goes_on {
            break;
        }
    }
    (busy, waiting)
}

/// The fewest agents by Erlang A with whom no larger share hangs up. None beyond [`AGENTS_MAX`].
pub fn agents_for_abandonment(
    load: f64,
    aht_s: f64,
    patience_s: f64,
    abandon_max: f64,
) -> Option<u32> {
    let suffices =
        |agents| impatient(load, agents, aht_s, patience_s).abandon_probability <= abandon_max;
    // More agents never lose more.
    let (mut too_few, mut enough) = (0, 1);
    while !suffices(enough) {
        if enough == AGENTS_MAX {
            return None;
        }
        (too_few, enough) = (enough + 1, (enough * 2).min(AGENTS_MAX));
    }
    while too_few < enough {
        let middle = too_few + (enough - too_few) / 2;
        if suffices(middle) {
            enough = middle;
        } else {
            too_few = middle + 1;
        }
    }
    Some(enough)
}

/// Agents who clear a backlog of written messages within a time: backlog / (messages per
/// agent-hour × contacts handled at once × hours), rounded up. None when nobody makes headway, or
/// beyond [`AGENTS_MAX`]. The arithmetic of every workforce handbook; it has no randomness in it,
/// because written work can wait.
pub fn agents_for_backlog(
    backlog: f64,
    messages_per_agent_hour: f64,
    concurrency: f64,
    clear_within_h: f64,
) -> Option<u32> {
    let each = messages_per_agent_hour * concurrency * clear_within_h;
    let agents = (backlog / each).ceil();
    let is_answer = each > 0.0 && (0.0..=f64::from(AGENTS_MAX)).contains(&agents);
    is_answer.then_some(agents as u32)
}

/// How many agents teams have, by messages a month: published bands, to hold a computed figure
/// against. Up to 5,000 five to ten; 20,000 about ten; 50,000 ten to twenty; 100,000 and more
/// about fifty (practitioners' surveys of social customer service, 2011 to 2024). Between two
/// published volumes the band reaches from the one to the other.
pub fn usual_agents(messages_per_month: u64) -> RangeInclusive<u32> {
    match messages_per_month {
        0..=5_000 => 5..=10,
        5_001..=20_000 => 10..=10,
        20_001..=50_000 => 10..=20,
        50_001..=99_999 => 20..=50,
        100_000.. => 50..=50,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF_HOUR_S: f64 = 1800.0;

    fn same(found: f64, expected: f64, digits: i32) {
        assert!((found - expected).abs() <= 0.5 * 10_f64.powi(-digits), "{found}, not {expected}");
    }

    #[test]
    fn erlang_b_is_the_published_table() {
        same(blocking(10.0, 10), 0.21458, 5);
        same(blocking(10.0, 20), 0.00187, 5);
        same(blocking(0.5, 0), 1.0, 5);
        assert_eq!(blocking(0.0, 3), 0.0);
    }

    #[test]
    fn a_hundred_calls_in_half_an_hour_of_three_minutes() {
        let load = load(100.0, HALF_HOUR_S, 180.0);
        same(load, 10.0, 9);
        assert_eq!(agents_for_service_level(load, 180.0, 20.0, 0.8), Some(14));
        let queue = patient(load, 14, 180.0, 20.0).expect("stable");
        same(queue.wait_probability, 0.17413, 5);
        same(queue.service_level, 0.88835, 5);
        same(queue.asa_s, 7.836, 3);
        same(queue.occupancy, 0.71429, 5);
    }

    #[test]
    fn a_hundred_calls_in_half_an_hour_of_ten_minutes() {
        let load = load(100.0, HALF_HOUR_S, 600.0);
        same(load, 33.333, 3);
        assert_eq!(agents_for_service_level(load, 600.0, 20.0, 0.8), Some(40));
        let queue = patient(load, 40, 600.0, 20.0).expect("stable");
        same(queue.service_level, 0.84727, 5);
        same(queue.asa_s, 17.166, 3);
    }

    #[test]
    fn two_hundred_and_forty_calls_an_hour() {
        let load = load(240.0, 3600.0, 300.0);
        same(load, 20.0, 9);
        assert_eq!(agents_for_service_level(load, 300.0, 20.0, 0.8), Some(25));
        let queue = patient(load, 25, 300.0, 20.0).expect("stable");
        same(queue.service_level, 0.85017, 5);
        same(queue.asa_s, 12.546, 3);
    }

    #[test]
    fn patience_of_two_minutes() {
        let vectors = [
            (10, 0.49685, 0.13746, 16.496),
            (12, 0.27981, 0.06160, 7.392),
            (14, 0.12698, 0.02284, 2.741),
        ];
        for (agents, wait, abandon, mean_wait_s) in vectors {
            let queue = impatient(10.0, agents, 180.0, 120.0);
            same(queue.wait_probability, wait, 5);
            same(queue.abandon_probability, abandon, 5);
            same(queue.mean_wait_s, mean_wait_s, 3);
            same(queue.occupancy, 10.0 * (1.0 - abandon) / f64::from(agents), 4);
        }
        assert_eq!(agents_for_abandonment(10.0, 180.0, 120.0, 0.0616), Some(12));
        assert_eq!(agents_for_abandonment(10.0, 180.0, 120.0, 0.0615), Some(13));
    }

    #[test]
    fn a_line_that_grows_for_ever_has_no_figures() {
        assert_eq!(patient(10.0, 10, 180.0, 20.0), None);
        assert_eq!(patient(10.0, 9, 180.0, 20.0), None);
        assert_eq!(patient(f64::NAN, 9, 180.0, 20.0), None);
        assert_eq!(agents_for_service_level(10.0, 180.0, 20.0, 1.0), None);
        assert_eq!(agents_for_service_level(f64::from(AGENTS_MAX), 180.0, 20.0, 0.8), None);
        assert_eq!(agents_for_abandonment(f64::MAX, 180.0, 120.0, 0.1), None);
    }

    #[test]
    fn nobody_calling_needs_nobody_but_one() {
        assert_eq!(agents_for_service_level(0.0, 180.0, 20.0, 0.8), Some(1));
        assert_eq!(agents_for_abandonment(0.0, 180.0, 120.0, 0.1), Some(0));
        assert_eq!(impatient(0.0, 0, 180.0, 120.0).mean_wait_s, 0.0);
        same(impatient(2.0, 0, 180.0, 120.0).abandon_probability, 1.0, 9);
    }

    #[test]
    fn ten_thousand_erlangs_keep_their_digits() {
        let load = 10_000.0;
        let agents = agents_for_service_level(load, 180.0, 20.0, 0.8).expect("in bounds");
        let level = |agents| patient(load, agents, 180.0, 20.0).map(|queue| queue.service_level);
        assert!((10_000..10_100).contains(&agents), "{agents}");
        assert!(level(agents) >= Some(0.8) && level(agents - 1) < Some(0.8));
        // With endless patience Erlang A is Erlang C.
        let endless = impatient(load, 10_100, 180.0, f64::INFINITY);
        let patient = patient(load, 10_100, 180.0, 20.0).expect("stable");
        same(endless.wait_probability, patient.wait_probability, 4);
        // Twice the load that the team can take: half of it must hang up, whoever waits how long.
        for patience_s in [1.0, 180.0, 3600.0, 1e9] {
            let queue = impatient(2.0 * load, 10_000, 180.0, patience_s);
            same(queue.abandon_probability, 0.5, 2);
            same(queue.mean_wait_s, queue.abandon_probability * patience_s.min(18e6), 2);
            assert!((0.99..=1.0).contains(&queue.occupancy));
        }
        // Without any patience it is Erlang B.
        same(impatient(load, 9_900, 180.0, 0.0).abandon_probability, blocking(load, 9_900), 9);
        same(impatient(load, 9_900, 180.0, 1e-9).abandon_probability, blocking(load, 9_900), 6);
    }

    #[test]
    fn a_backlog_is_cleared_in_time() {
        assert_eq!(agents_for_backlog(480.0, 12.0, 2.0, 4.0), Some(5));
        assert_eq!(agents_for_backlog(481.0, 12.0, 2.0, 4.0), Some(6));
        assert_eq!(agents_for_backlog(0.0, 12.0, 2.0, 4.0), Some(0));
        assert_eq!(agents_for_backlog(480.0, 0.0, 2.0, 4.0), None);
        assert_eq!(agents_for_backlog(1e12, 12.0, 2.0, 4.0), None);
    }

    #[test]
    fn the_published_bands_hold_at_their_volumes() {
        let bands = [
            (0, 5..=10),
            (5_000, 5..=10),
            (20_000, 10..=10),
            (50_000, 10..=20),
            (75_000, 20..=50),
            (100_000, 50..=50),
            (u64::MAX, 50..=50),
        ];
        for (messages, agents) in bands {
            assert_eq!(usual_agents(messages), agents, "{messages}");
        }
    }
}
