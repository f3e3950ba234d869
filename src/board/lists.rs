//! What a tile may ask for beyond numbers: who waits, what breaks next, what each agent does, and
//! how a number was before.
//!
//! Names of customers, addresses and ids of networks do not come this far: a contact is a short
//! mark, an agent what the site calls them.

use super::figures::Site;
use crate::engine::{Deadline, Engine, Quarters};
use crate::event::{AgentStatus, Millis, UnixMs};
use crate::kpi::compared::{Compared, compared};
use crate::kpi::forecast::{self, Quarter};
use crate::kpi::value::Figure;
use crate::kpi::{Earlier, Kpi, Past, compute_quarters, past};
use crate::scope::{Selector, Window};

const HOUR_MS: Millis = 3_600_000;
const QUARTER_MS: Millis = HOUR_MS / 4;

/// Lists beside the numbers.
pub trait Lists {
    /// The `max` contacts that have waited longest, and how many wait; only those in writing, or
    /// only the others, if that is said.
    fn waiting(
        &self,
        selector: &Selector,
        in_writing: Option<bool>,
        max: usize,
    ) -> (Vec<Waiting>, usize);
    /// The next `max` deadlines of promises, the nearest first.
    fn breaking(&self, selector: &Selector, max: usize) -> Vec<Breaking>;
    /// Promises that were broken while somebody still waits.
    fn missed(&self, selector: &Selector) -> Vec<Missed>;
    /// The people in one of these states.
    fn people(&self, selector: &Selector, states: &[AgentStatus], site: &Site) -> Vec<Person>;
    /// Everybody who was seen at work.
    fn colleagues(&self, site: &Site) -> Vec<Colleague>;
    /// Agents who are there: neither logged off nor on a break. None when none is known at all.
    fn present(&self, selector: &Selector) -> Option<u32>;
    /// What each quarter of an hour of a span will bring, and how many agents it needs.
    fn staffing(&self, selector: &Selector, span_ms: (UnixMs, UnixMs)) -> Vec<Quarter>;
    /// A number of a window and what it was a day or a week before.
    fn compared(
        &self,
        kpi: &'static Kpi,
        selector: &Selector,
        window: Window,
        by: Earlier,
    ) -> Option<Compared>;
    /// A number of the quarter of an hour that began at the same time a day or a week before; none
    /// of what is not remembered.
    fn quarter(
        &self,
        kpi: &'static Kpi,
        selector: &Selector,
        from_ms: UnixMs,
        by: Earlier,
    ) -> Option<f64>;
    /// A number of the hour that began then; none of what is not remembered.
    fn hour(&self, kpi: &'static Kpi, selector: &Selector, from_ms: UnixMs) -> Option<Past>;
}

/// A contact whose customer waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// A few letters that tell it from others and say nothing else.
    pub mark: String,
    /// The channel's name.
    pub channel: String,
    /// The queue's name; empty where the network names none.
    pub queue: String,
    /// Since when.
    pub since_ms: UnixMs,
    /// By when it should have its answer.
    pub deadline: Deadline,
}

/// Promises that break in the same second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breaking {
    /// Whose.
    pub policy: String,
    /// The channel's name.
    pub channel: String,
    /// The queue's name; empty where the network names none.
    pub queue: String,
    /// When.
    pub deadline: Deadline,
    /// How many.
    pub count: u32,
}

/// Promises that were broken while somebody still waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed {
    /// Whose.
    pub policy: String,
    /// The queue's name; empty where the network names none.
    pub queue: String,
    /// How many.
    pub count: u32,
}

/// A person who works for contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What the site calls them.
    pub title: String,
    /// What they do.
    pub status: AgentStatus,
    /// Since when.
    pub since_ms: UnixMs,
    /// Why they pause.
    pub reason: Option<String>,
}

/// An agent whose numbers can be asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// What numbers are asked for by. It does not come on a wall.
    pub name: String,
    /// What the site calls them.
    pub title: String,
    /// Their teams, as the network's directory has them.
    pub teams: Vec<String>,
}

impl Lists for Engine {
    fn waiting(
        &self,
        selector: &Selector,
        in_writing: Option<bool>,
        max: usize,
    ) -> (Vec<Waiting>, usize) {
        let (first, all) = self.longest_waiting(selector, in_writing, max);
        let waiting = first.into_iter().map(|contact| Waiting {
            mark: mark(contact.mark),
            channel: contact.channel.to_owned(),
            queue: contact.queue.to_owned(),
            since_ms: contact.since_ms,
            deadline: contact.deadline,
        });
        (waiting.collect(), all)
    }

    fn breaking(&self, selector: &Selector, max: usize) -> Vec<Breaking> {
        let breaking = self.next_to_break(selector, max).into_iter();
        let breaking = breaking.map(|it| Breaking {
            policy: it.policy.name.clone(),
            channel: it.channel.to_owned(),
            queue: it.queue.to_owned(),
            deadline: it.deadline,
            count: it.count,
        });
        breaking.collect()
    }

    fn missed(&self, selector: &Selector) -> Vec<Missed> {
        let missed = self.missed_promises(selector).into_iter();
        let missed = missed.map(|it| Missed {
            policy: it.policy.name.clone(),
            queue: it.queue.to_owned(),
            count: it.count,
        });
        missed.collect()
    }

    fn people(&self, selector: &Selector, states: &[AgentStatus], site: &Site) -> Vec<Person> {
        let people = self.agents_now(selector, states).into_iter();
        let people = people.map(|agent| Person {
            title: site.agent_title_in(self, agent.name),
            status: agent.status,
            since_ms: agent.since_ms,
            reason: agent.pause_reason.map(str::to_owned),
        });
        people.collect()
    }

    fn colleagues(&self, site: &Site) -> Vec<Colleague> {
        let colleague = |name: &str| Colleague {
            name: name.to_owned(),
            title: site.agent_title_in(self, name),
            teams: self.agent_profile(name).teams,
        };
        Engine::people(self).map(colleague).collect()
    }

    fn present(&self, selector: &Selector) -> Option<u32> {
        forecast::present(self, selector)
    }

    fn staffing(&self, selector: &Selector, span_ms: (UnixMs, UnixMs)) -> Vec<Quarter> {
        forecast::quarters(self, selector, span_ms)
    }

    fn compared(
        &self,
        kpi: &'static Kpi,
        selector: &Selector,
        window: Window,
        by: Earlier,
    ) -> Option<Compared> {
        compared(kpi, self, selector, window, by)
    }

    fn quarter(
        &self,
        kpi: &'static Kpi,
        selector: &Selector,
        from_ms: UnixMs,
        by: Earlier,
    ) -> Option<f64> {
        let from_ms = self.days_before(from_ms, by.days());
        self.known_since_ms(selector).filter(|since_ms| *since_ms <= from_ms)?;
        let quarters = Quarters::between(from_ms, from_ms + QUARTER_MS);
        match compute_quarters(kpi, self, selector, quarters) {
            Figure::Number(number) if number.is_finite() => Some(number),
            _ => None,
        }
    }

    fn hour(&self, kpi: &'static Kpi, selector: &Selector, from_ms: UnixMs) -> Option<Past> {
        self.known_since_ms(selector).filter(|since_ms| *since_ms <= from_ms)?;
        let quarters = Quarters::between(from_ms, from_ms + HOUR_MS);
        Some(past(kpi, self, selector, quarters, "in that hour"))
    }
}

/// A few letters and digits, without those that look alike. Of a hash of a keyed hash: nobody who
/// knows a customer's number finds them by it.
fn mark(hash: u64) -> String {
    const SIGNS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    const SIGN_BITS: u32 = 5;
    const LENGTH: u32 = 4;
    let sign = |place: u32| {
        let number = (hash >> (place * SIGN_BITS)) as usize % SIGNS.len();
        char::from(SIGNS[number])
    };
    (0..LENGTH).map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::tests::script::{Script, fold};
    use crate::event::Author;

    #[test]
    fn nothing_of_a_customer_comes_to_a_list() {
        let mut script = Script::on("whatsapp");
        script.contact("48600100200", "sales").wrote(0.0, Author::Customer);
        let engine = fold(&script.events, 60.0);
        let (waiting, all) = Lists::waiting(&engine, &Selector::default(), None, 5);
        assert_eq!((waiting.len(), all), (1, 1));
        let told = format!("{waiting:?}");
        assert!(!told.contains("48600100200") && !told.contains("0100"), "{told}");
    }

    #[test]
    fn marks_are_short_and_neighbours_differ() {
        assert_eq!(mark(0), "AAAA");
        assert_eq!(mark(1 | 31 << 15), "BAA9");
        assert_ne!(mark(0x1234_5678), mark(0x1234_5679));
    }
}
