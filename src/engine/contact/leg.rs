//! A leg of a call: one agent's talk with the customer, its time on hold, and the after-work.
//!
//! Networks tell one end of a talk by several events: that the call was handed on, and that the
//! talk has ended. Both are the same leg, which counts once, when its handling is over.

use serde::{Deserialize, Serialize};

use super::fact::Fact;
use crate::engine::counting::{Entry, Field, Fields, Length, Sum};
use crate::engine::ids::{AgentId, QueueId};
use crate::engine::rules::Tells;
use crate::event::{Millis, UnixMs};

/// Talk and hold of a leg under way, as far as they are over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Talk {
    pub(super) talk_ms: Millis,
    pub(super) hold_ms: Millis,
}

impl Talk {
    /// Nobody has talked yet.
    pub(super) const NONE: Talk = Talk { talk_ms: 0, hold_ms: 0 };
}

/// One agent's talk with the customer, with hold and after-work. It counts once, when it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Leg {
    pub(in crate::engine) episode: u16,
    pub(in crate::engine) queue: QueueId,
    pub(in crate::engine) agent: AgentId,
    /// They had talked in the same contact before.
    pub(super) again: bool,
    pub(super) talk_ms: Millis,
    pub(super) hold_ms: Millis,
    pub(super) ended_ms: UnixMs,
    /// The network said of this leg that the talk has ended.
    pub(super) is_told: bool,
    /// When after-work ended, as the network said.
    pub(super) wrapped_up_ms: Option<UnixMs>,
    /// When it counts: as soon as the handling is over. None while after-work lasts.
    pub(in crate::engine) handled_ms: Option<UnixMs>,
}

impl Leg {
    /// Nothing that is still to come can change it.
    pub(super) fn is_complete(&self, tells: Tells) -> bool {
        self.is_told && (self.wrapped_up_ms.is_some() || !tells.wrapped_up.is_told())
    }

    /// What it counts as, once it is handled.
    pub(super) fn entry(&self) -> Option<Entry> {
        let at_ms = self.handled_ms?;
        let after_work_ms = self.wrapped_up_ms.map(|at_ms| at_ms.saturating_sub(self.ended_ms));
        let mut fields = Fields::of(Field::Handled);
        if after_work_ms.is_some() {
            fields.add(Field::WrapUps);
        }
        if self.again {
            fields.add(Field::HandledAgain);
        }
        Some(Entry {
            sums: [
                Some((Sum::Talk, self.talk_ms)),
                Some((Sum::Hold, self.hold_ms)),
                after_work_ms.map(|it| (Sum::AfterWork, it.max(0))),
            ],
            lengths: [Some((Length::Handle, self.talk_ms + self.hold_ms)), None],
            ..Entry::new(at_ms, fields)
        })
    }
}

impl Leg {
    /// Takes the network's own measure. Without one of the hold, that of the talk holds both.
    pub(super) fn measure(&mut self, fact: &Fact) {
        self.is_told = true;
        match (fact.measured.length_ms(), fact.measured.hold_ms()) {
            (Some(talk_ms), Some(hold_ms)) => (self.talk_ms, self.hold_ms) = (talk_ms, hold_ms),
            (Some(both_ms), None) => self.talk_ms = (both_ms - self.hold_ms).max(0),
            (None, Some(hold_ms)) => {
                let both_ms = self.talk_ms + self.hold_ms;
                (self.talk_ms, self.hold_ms) = ((both_ms - hold_ms).max(0), hold_ms);
            }
            (None, None) => {}
        }
    }
}
