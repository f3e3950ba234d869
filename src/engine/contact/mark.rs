//! Single happenings in a contact's course that are counted beside its stays in queues: a reply,
//! a settled matter, a rating.
//!
//! The course is derived anew after every event and gives its marks in order; those that differ
//! from the ones counted before are taken out of the cells and the new ones put in. To count one
//! more thing, add a [`Field`], give a mark where the course shows it, and, if it has a length,
//! say here which sum and which distribution that goes to.

use serde::{Deserialize, Serialize};

use crate::engine::counting::{Entry, Field, Fields, Length, Sum};
use crate::engine::ids::{AgentId, NO_AGENT, QueueId, WordId};
use crate::event::{Millis, UnixMs};

/// A single happening: what, when, where, by whom, and how long it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Mark {
    /// Which contact of the thread it belongs to.
    pub(in crate::engine) episode: u16,
    pub(in crate::engine) field: Field,
    pub(in crate::engine) at_ms: UnixMs,
    pub(in crate::engine) queue: QueueId,
    pub(in crate::engine) agent: AgentId,
    /// The agent has had another one of this contact before.
    pub(in crate::engine) again: bool,
    /// The dimension under which a rating counts; none of what counts with all contacts.
    pub(in crate::engine) label: Option<WordId>,
    /// How long it took, and a second part of that, as [`measures`] says.
    pub(in crate::engine) length_ms: Millis,
    pub(in crate::engine) more_ms: Millis,
}

/// Which sums a field's two lengths go to, and which distribution both together.
type Measures = (Option<Sum>, Option<Sum>, Option<Length>);

fn measures(field: Field) -> Measures {
    match field {
        Field::Replies => (Some(Sum::Reply), None, Some(Length::Reply)),
        Field::Assignments => (Some(Sum::Assignment), None, Some(Length::Assignment)),
        Field::HandledWritten => (Some(Sum::Active), Some(Sum::Elapsed), None),
        Field::Resolved => (Some(Sum::Resolution), None, Some(Length::Resolution)),
        Field::ResolvedFinally => (Some(Sum::ResolutionFinal), None, Some(Length::ResolutionFinal)),
        Field::ComplaintsResolved => (Some(Sum::ComplaintResolution), None, None),
        Field::Ratings => (Some(Sum::Rating), None, None),
        _ => (None, None, None),
    }
}

impl Mark {
    pub(in crate::engine) fn new(
        field: Field,
        at_ms: UnixMs,
        (queue, episode): (QueueId, u16),
    ) -> Self {
        let (agent, label) = (NO_AGENT, None);
        Mark { episode, field, at_ms, queue, agent, again: false, label, length_ms: 0, more_ms: 0 }
    }

    pub(in crate::engine) fn by(self, agent: AgentId) -> Self {
        Mark { agent, ..self }
    }

    pub(super) fn again(self) -> Self {
        Mark { again: true, ..self }
    }

    pub(in crate::engine) fn took(self, length_ms: Millis) -> Self {
        Mark { length_ms: length_ms.max(0), ..self }
    }

    pub(in crate::engine) fn and(self, more_ms: Millis) -> Self {
        Mark { more_ms: more_ms.max(0), ..self }
    }

    pub(in crate::engine) fn labelled(self, label: WordId) -> Self {
        Mark { label: Some(label), ..self }
    }

    /// What it counts as.
    pub(in crate::engine) fn entry(&self) -> Entry {
        let (first, second, length) = measures(self.field);
        let both_ms = self.length_ms.saturating_add(self.more_ms);
        let mut fields = Fields::of(self.field);
        if self.again && self.field == Field::Replies {
            fields.add(Field::RepliesAgain);
        }
        Entry {
            sums: [
                first.map(|sum| (sum, self.length_ms)),
                second.map(|sum| (sum, self.more_ms)),
                None,
            ],
            lengths: [length.map(|length| (length, both_ms)), None],
            ..Entry::new(self.at_ms, fields)
        }
    }
}
