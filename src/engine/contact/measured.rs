//! What a fact carries beside what happened: its place among others of its time, and what the
//! network measured itself.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::event::{Kind, Millis, UnixMs};

/// Its place among a contact's facts of the same time: those that the network numbers come first,
/// by its number; the others as they arrived, by the number of their event in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct Place(u64);

/// Set in places by arrival.
const ARRIVED: u64 = 1 << 63;

impl Place {
    pub(in crate::engine) fn new(order: Option<u64>, arrival: u64) -> Self {
        Place(order.map_or(arrival | ARRIVED, |order| order.min(ARRIVED - 1)))
    }

    /// By the network's own number.
    pub(super) fn is_told(self) -> bool {
        self.0 & ARRIVED == 0
    }
}

impl Serialize for Place {
    /// The bit comes last, so that short numbers stay short.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0.rotate_left(1))
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u64::deserialize(deserializer).map(|rotated| Place(rotated.rotate_right(1)))
    }
}

/// Lengths by the network's own measure, where it gave them. In milliseconds, up to 49 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Measured {
    length_ms: u32,
    hold_ms: u32,
}

/// The network gave no measure.
const NOT_MEASURED: u32 = u32::MAX;

impl Measured {
    pub(super) const NOTHING: Measured =
        Measured { length_ms: NOT_MEASURED, hold_ms: NOT_MEASURED };

    /// What the network measured itself: the wait of an answer, the talk and hold of a talk.
    pub(super) fn of(kind: &Kind) -> Self {
        let (length_ms, hold_ms) = match kind {
            Kind::Answered(answered) => (answered.wait_ms, None),
            Kind::Abandoned(abandoned) => (abandoned.wait_ms, None),
            Kind::TalkEnded(ended) => (ended.talk_ms, ended.hold_ms),
            Kind::Pending(pending) => return Measured::of_time(pending.until_ms),
            Kind::CallbackPromised(promised) => return Measured::of_time(promised.due_ms),
            _ => (None, None),
        };
        let packed = |length_ms: Option<Millis>| match length_ms {
            Some(length_ms) => {
                u32::try_from(length_ms.max(0)).unwrap_or(u32::MAX).min(NOT_MEASURED - 1)
            }
            None => NOT_MEASURED,
        };
        Measured { length_ms: packed(length_ms), hold_ms: packed(hold_ms) }
    }

    /// A time takes the place of both lengths.
    fn of_time(at_ms: Option<UnixMs>) -> Self {
        let Some(at_ms) = at_ms else {
            return Measured::NOTHING;
        };
        let bits = at_ms.max(0).unsigned_abs();
        Measured { length_ms: bits as u32, hold_ms: (bits >> 32) as u32 }
    }

    /// When a contact that waits comes back by itself, or a callback is due.
    pub(super) fn time_ms(self) -> Option<UnixMs> {
        let bits = u64::from(self.hold_ms) << 32 | u64::from(self.length_ms);
        UnixMs::try_from(bits).ok()
    }

    /// The wait, or the talk.
    pub(super) fn length_ms(self) -> Option<Millis> {
        (self.length_ms != NOT_MEASURED).then_some(Millis::from(self.length_ms))
    }

    /// The time on hold.
    pub(super) fn hold_ms(self) -> Option<Millis> {
        (self.hold_ms != NOT_MEASURED).then_some(Millis::from(self.hold_ms))
    }
}
