//! The places of connections: how many there are, and who gets the last ones.
//!
//! A connection is a newcomer until it has asked something. When all places are taken, the oldest
//! newcomer makes room: who says nothing cannot keep others out. Whoever asks for anything but a
//! webhook is a guest; a share of the places is never given to guests, so that slow readers, of
//! however many addresses, do not keep webhooks out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// All places of a listener.
#[derive(Debug)]
pub(super) struct Places {
    max: usize,
    guests_max: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    all: usize,
    guests: usize,
    /// By age, each with how it is told to go.
    newcomers: BTreeMap<u64, Arc<Notify>>,
}

/// One connection's place; given back when dropped.
#[derive(Debug)]
pub(super) struct Place {
    of: Arc<Places>,
    number: u64,
    told_to_go: Arc<Notify>,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Newcomer,
    Guest,
    /// Brings webhooks, or is just being told that there is no room.
    Other,
}

/// A place, and whether a newcomer had to make room for it.
pub(super) struct Given {
    pub(super) place: Place,
    pub(super) made_room: bool,
}

impl Places {
    /// So many, of which a share is not for guests.
    pub(super) fn new(max: usize, webhooks_share: f64) -> Arc<Self> {
        let kept = (max as f64 * webhooks_share).ceil() as usize;
        Arc::new(Self { max, guests_max: max.saturating_sub(kept), taken: Mutex::default() })
    }

    /// A place for a newcomer; none when all are taken by those that have asked something.
    pub(super) fn take(self: &Arc<Self>) -> Option<Given> {
        let mut taken = self.taken();
        let mut made_room = false;
        if taken.all >= self.max {
            let (_, oldest) = taken.newcomers.pop_first()?;
            oldest.notify_one();
            taken.all -= 1;
            made_room = true;
        }
        let (number, told_to_go) = (taken.next, Arc::new(Notify::new()));
        taken.next += 1;
        taken.all += 1;
        taken.newcomers.insert(number, Arc::clone(&told_to_go));
        drop(taken);
        let state = Mutex::new(State::Newcomer);
        let place = Place { of: Arc::clone(self), number, told_to_go, state };
        Some(Given { place, made_room })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        // Counts that are changed together, without anything in between that could panic.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Until this place is needed for somebody else.
    pub(super) async fn told_to_go(&self) {
        self.told_to_go.notified().await;
    }

    /// It has asked something. False when there is no room for guests.
    pub(super) fn asks(&self, for_webhook: bool) -> bool {
        let mut state = self.state();
        if for_webhook && *state == State::Other {
            return true; // As so often before: nothing changes for anybody else.
        }
        let mut taken = self.of.taken();
        if taken.newcomers.remove(&self.number).is_none() && *state == State::Newcomer {
            return false;
        }
        if for_webhook || *state != State::Guest && taken.guests >= self.of.guests_max {
            taken.guests -= usize::from(*state == State::Guest);
            *state = State::Other;
            return for_webhook;
        }
        taken.guests += usize::from(*state != State::Guest);
        *state = State::Guest;
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let state = *self.state();
        let mut taken = self.of.taken();
        let was_newcomer = taken.newcomers.remove(&self.number).is_some();
        taken.guests -= usize::from(state == State::Guest);
        // Whoever made room has given the place back already.
        taken.all -= usize::from(was_newcomer || state != State::Newcomer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(places: &Arc<Places>) -> Place {
        places.take().expect("a place").place
    }

    #[test]
    fn guests_leave_a_share_to_webhooks_and_newcomers_make_room() {
        let places = Places::new(4, 0.25);
        let guests = [take(&places), take(&places), take(&places)];
        assert!(guests.iter().all(|guest| guest.asks(false)));
        let late = take(&places);
        assert!(!late.asks(false), "the last place is for webhooks");
        drop(late);
        let webhook = take(&places);
        assert!(webhook.asks(true));
        assert!(places.take().is_none(), "all have asked something");
        drop(webhook);
        let oldest = take(&places);
        let given = places.take().expect("the oldest newcomer makes room");
        assert!(given.made_room);
        assert!(!oldest.asks(true), "it was told to go");
        assert!(given.place.asks(true));
        drop((guests, oldest, given));
        let taken = places.taken();
        assert_eq!((taken.all, taken.guests, taken.newcomers.len()), (0, 0, 0));
    }

    #[test]
    fn who_brings_a_webhook_later_is_no_guest_any_more() {
        let places = Places::new(2, 0.5);
        let (first, second) = (take(&places), take(&places));
        assert!(first.asks(false) && !second.asks(false));
        assert!(first.asks(true) && second.asks(false));
        assert!(second.asks(false), "it stays one");
    }
}
