//! After-work that a network gives its agents and does not tell: it ends when its time is over, for which the
//! plugin sets a timer, or when the agent takes the next call.

use serde::{Deserialize, Serialize};

use crate::{Event, Kind};

/// Agents in after-work at once; over it the oldest is ended early.
const PENDING_MAX: usize = 10_000;

/// Agents in after-work, in the order in which they began. It goes into a snapshot.
///
/// ```
/// use tablica_plugin::wrap_up::{WrapUp, WrapUps};
///
/// let mut wrap_ups = WrapUps::default();
/// let wrap_up = WrapUp { id: "7".into(), call: "c1".into(), due_ms: 15_000, ..WrapUp::default() };
/// wrap_ups.begin(wrap_up);
/// assert_eq!(wrap_ups.due_ms(), Some(15_000));
/// assert_eq!(wrap_ups.due(20_000).len(), 1);
/// ```
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct WrapUps(Vec<WrapUp>);

/// One agent's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrapUp {
    /// The id of the event that tells its end.
    pub id: String,
    /// The contact after which it is.
    pub call: String,
    /// The contact's queue.
    pub queue: Option<String>,
    /// Whose it is.
    pub agent: Option<String>,
    /// When it ends, by the clock of which [`WrapUps::due`] is told the time.
    pub due_ms: u64,
    /// When it ends by the network's clock, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_ms: Option<u64>,
}

impl WrapUps {
    /// Begins one. What no longer fits comes back as ended.
    pub fn begin(&mut self, wrap_up: WrapUp) -> Option<Event> {
        self.0.push(wrap_up);
        (self.0.len() > PENDING_MAX).then(|| self.0.remove(0).end(u64::MAX))
    }

    /// Those whose time is over.
    pub fn due(&mut self, now_ms: u64) -> Vec<Event> {
        self.end(u64::MAX, |wrap_up| wrap_up.due_ms <= now_ms)
    }

    /// The agent takes a call: after-work is over, whatever was left of it. `at_ms` is by the network's clock;
    /// [`u64::MAX`] where it does not say.
    pub fn cut_short(&mut self, agent: &str, at_ms: u64) -> Vec<Event> {
        self.end(at_ms, |wrap_up| wrap_up.agent.as_deref() == Some(agent))
    }

    /// When the next one is over.
    pub fn due_ms(&self) -> Option<u64> {
        self.0.iter().map(|wrap_up| wrap_up.due_ms).min()
    }

    fn end(&mut self, at_ms: u64, is_over: impl Fn(&WrapUp) -> bool) -> Vec<Event> {
        let mut over: Vec<WrapUp> = self.0.extract_if(.., |it| is_over(it)).collect();
        over.sort_by_key(|wrap_up| wrap_up.due_ms);
        over.into_iter().map(|wrap_up| wrap_up.end(at_ms)).collect()
    }
}

impl WrapUp {
    fn end(self, at_ms: u64) -> Event {
        let ends_ms = self.ends_ms.unwrap_or(self.due_ms);
        let mut event = Event::new(self.id, ends_ms.min(at_ms), Kind::WrappedUp).on(self.call);
        (event.queue, event.agent) = (self.queue, self.agent);
        event
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Moment;

    fn of(agent: &str, due_ms: u64) -> WrapUp {
        let (id, call) = (format!("w{due_ms}"), "c1".to_owned());
        WrapUp { id, call, agent: Some(agent.into()), due_ms, ..WrapUp::default() }
    }

    fn told(events: &[Event]) -> Vec<(&str, Moment)> {
        events.iter().map(|it| (it.id.as_str(), it.at.clone())).collect()
    }

    #[test]
    fn it_ends_by_time_or_by_the_next_call() {
        let mut wrap_ups = WrapUps::default();
        for wrap_up in [of("anna", 30), of("ewa", 20), of("piotr", 10)] {
            assert_eq!(wrap_ups.begin(wrap_up), None);
        }
        assert_eq!(wrap_ups.due_ms(), Some(10));
        let due = wrap_ups.due(20);
        assert_eq!(told(&due), [("w10", Moment::Utc(10)), ("w20", Moment::Utc(20))]);
        assert_eq!((wrap_ups.cut_short("ewa", 25), wrap_ups.due_ms()), (Vec::new(), Some(30)));
        assert_eq!(told(&wrap_ups.cut_short("anna", 25)), [("w30", Moment::Utc(25))]);
        assert_eq!((wrap_ups.due(u64::MAX), wrap_ups.due_ms()), (Vec::new(), None));
    }

    #[test]
    fn a_network_with_a_clock_of_its_own_is_told_by_it() {
        let mut wrap_ups = WrapUps::default();
        wrap_ups.begin(WrapUp { ends_ms: Some(7), ..of("anna", 30) });
        let json = serde_json::to_string(&wrap_ups).unwrap();
        let mut next: WrapUps = serde_json::from_str(&json).unwrap();
        assert_eq!(told(&next.due(30)), [("w30", Moment::Utc(7))]);
    }

    #[test]
    fn they_have_a_bound() {
        let mut wrap_ups = WrapUps::default();
        let early: Vec<Event> =
            (0..=PENDING_MAX as u64).filter_map(|at| wrap_ups.begin(of("anna", 5 + at))).collect();
        assert_eq!(told(&early), [("w5", Moment::Utc(5))]);
    }
}
