//! What agents do: by what is told of them, and by the calls that they have.

use std::collections::{BTreeMap, BTreeSet};

use tablica::event::{AgentStatus, Event, Kind, Millis, UnixMs};

use super::call::done_ms;
use super::contact::Contact;
use super::hours::Span;

/// One person of one channel.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    /// What was told, from when.
    told: Vec<(UnixMs, AgentStatus)>,
    /// What a call makes them do: from, until (or still), and which of several goes first.
    busy: Vec<(UnixMs, Option<UnixMs>, AgentStatus)>,
}

/// Everybody who is known, by channel and name.
pub(super) type Crew = BTreeMap<(String, String), Person>;

pub(super) fn recount(events: &[&Event], contacts: &[Contact]) -> Crew {
    let mut crew = Crew::new();
    for event in events {
        let Some(agent) = &event.agent else { continue };
        let person = crew.entry((event.channel.clone(), agent.clone())).or_default();
        if let Kind::AgentState(state) = &event.kind {
            person.told.push((event.at_ms, state.status));
        }
    }
    for call in contacts.iter().filter(|contact| contact.is_voice) {
        for leg in &call.legs {
            let Some(agent) = &leg.place.agent else { continue };
            let person = crew.entry((call.channel.clone(), agent.clone())).or_default();
            let holds = leg.holds.iter();
            person
                .busy
                .extend(holds.map(|(from, to)| (*from, to.or(leg.ended_ms), AgentStatus::Hold)));
            person.busy.push((leg.answered_ms, leg.ended_ms, AgentStatus::Talking));
            if let Some(ended_ms) = leg.ended_ms {
                person.busy.push((ended_ms, done_ms(leg, &call.channel), AgentStatus::AfterWork));
            }
        }
        for (agent, from_ms, until_ms) in &call.rings {
            let person = crew.entry((call.channel.clone(), agent.clone())).or_default();
            person.busy.push((*from_ms, *until_ms, AgentStatus::Ringing));
        }
    }
    crew
}

impl Person {
    /// What they do at that moment. `None`: nobody knows.
    pub(super) fn state(&self, at_ms: UnixMs) -> Option<AgentStatus> {
        use AgentStatus::{AfterWork, Hold, Ringing, Talking};
        let does = |status: AgentStatus| {
            self.busy.iter().any(|(from_ms, until_ms, what)| {
                *what == status
                    && *from_ms <= at_ms
                    && until_ms.is_none_or(|until_ms| at_ms < until_ms)
            })
        };
        let told = self.told.iter().rfind(|(from_ms, _)| *from_ms <= at_ms);
        // Who takes a call after having been logged off has come back.
        let is_back = |(told_ms, status): &(UnixMs, AgentStatus)| {
            *status == AgentStatus::Offline
                && self.busy.iter().any(|(from_ms, _, what)| {
                    *what == Talking && *told_ms <= *from_ms && *from_ms <= at_ms
                })
        };
        let told = told.map(|told| if is_back(told) { AgentStatus::Available } else { told.1 });
        // On a break, or logged off, only the call itself counts.
        let is_off = matches!(told, Some(AgentStatus::Paused | AgentStatus::Offline));
        let work = if is_off { &[Hold, Talking][..] } else { &[Hold, Talking, AfterWork, Ringing] };
        work.iter().copied().find(|status| does(*status)).or(told)
    }

    /// How long they did that within the span.
    pub(super) fn time_in(&self, status: AgentStatus, span: Span) -> Millis {
        let busy = self.busy.iter().flat_map(|(from, until, _)| [Some(*from), *until]);
        let told = self.told.iter().map(|(from, _)| Some(*from));
        let mut changes: BTreeSet<UnixMs> = busy.chain(told).flatten().collect();
        changes.retain(|at_ms| span.from_ms < *at_ms && *at_ms < span.to_ms);
        changes.extend([span.from_ms, span.to_ms]);
        let changes: Vec<_> = changes.into_iter().collect();
        let stretches = changes.windows(2).filter(|pair| self.state(pair[0]) == Some(status));
        stretches.map(|pair| pair[1] - pair[0]).sum()
    }

    /// The network has told what they do.
    pub(super) fn is_told_of(&self, by_ms: UnixMs) -> bool {
        self.told.iter().any(|(from_ms, _)| *from_ms <= by_ms)
    }
}
