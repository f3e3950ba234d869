//! What each person does, and since when.

use super::agents::{Person, busiest, status_of};
use crate::engine::{Engine, STATES_REMEMBERED_MS};
use crate::event::{AgentStatus, Millis, UnixMs};
use crate::scope::Selector;

/// How far back the beginning of a state is looked for: most are young, and looking far costs time.
const LOOKS_MS: [Millis; 3] = [900_000, 8 * 3_600_000, STATES_REMEMBERED_MS];

/// A person who works for contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentNow<'a> {
    /// As the network calls them, or the operator.
    pub name: &'a str,
    /// What they do.
    pub status: AgentStatus,
    /// Since when, as far as that is remembered.
    pub since_ms: UnixMs,
    /// Why they pause, as far as the network says.
    pub pause_reason: Option<&'a str>,
}

impl Engine {
    /// The people whom a selector covers and who are in one of these states, in the order of their
    /// names. Of whom no state was ever told and who are in no call, nothing is said.
    pub fn agents_now(&self, selector: &Selector, states: &[AgentStatus]) -> Vec<AgentNow<'_>> {
        let now_ms = self.now_ms();
        let people = self.people_of(selector).filter_map(|person| {
            let status = status_of(&person).filter(|status| states.contains(status))?;
            let reason = person.iter().find_map(|agent| agent.pause_reason());
            let reason = reason.filter(|_| status == AgentStatus::Paused);
            Some(AgentNow {
                name: self.state.people.name(person.first()?.person),
                status,
                since_ms: since_ms(&person, status, now_ms),
                pause_reason: reason
                    .map(|it| self.state.labels.name(it))
                    .filter(|it| !it.is_empty()),
            })
        });
        let mut people: Vec<AgentNow<'_>> = people.collect();
        people.sort_unstable_by_key(|agent| agent.name);
        people
    }
}

/// Since when a person does what they do now.
fn since_ms(person: &Person<'_>, status: AgentStatus, now_ms: UnixMs) -> UnixMs {
    let mut since_ms = now_ms;
    for look_ms in LOOKS_MS {
        let from_ms = now_ms - look_ms;
        let times = person.iter().flat_map(|agent| agent.times(from_ms, now_ms)).collect();
        let times = busiest(times, person.len());
        since_ms = now_ms;
        for time in times.iter().rev() {
            if time.status != status || time.to_ms < since_ms {
                break;
            }
            since_ms = time.from_ms;
        }
        if since_ms > from_ms {
            break;
        }
    }
    since_ms
}
