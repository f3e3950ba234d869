//! What bodies of webhooks may take together, from their first byte to the answer.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::addresses::counted_as;

/// An address may hold one part in so many of it.
const PARTS: usize = 4;

/// `server.bodies_bytes_max`, and what of it is held.
#[derive(Debug)]
pub(super) struct Bodies {
    max: usize,
    of_address_max: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    bytes: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// What one body holds; given back when dropped.
#[derive(Debug)]
pub(super) struct Holding {
    of: Arc<Bodies>,
    address: Option<IpAddr>,
    bytes: usize,
}

impl Bodies {
    /// Never less than the largest body: one of any address always fits when there is no other.
    pub(super) fn new(max: usize, body_max: usize) -> Arc<Self> {
        let (max, of_address_max) = (max.max(body_max), (max / PARTS).max(body_max));
        Arc::new(Self { max, of_address_max, held: Mutex::default() })
    }

    /// Nothing yet, for a body of that address.
    pub(super) fn holding(self: &Arc<Self>, address: Option<IpAddr>) -> Holding {
        Holding { of: Arc::clone(self), address: address.map(counted_as), bytes: 0 }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        // Counts that are changed together, without anything in between that could panic.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Holding {
    /// So much more. False, and nothing held of it, when there is no room.
    pub(super) fn grow(&mut self, bytes: usize) -> bool {
        let mut held = self.of.held();
        let of_address = self.address.and_then(|address| held.by_address.get(&address).copied());
        if held.bytes + bytes > self.of.max
            || of_address.unwrap_or(0) + bytes > self.of.of_address_max
        {
            return false;
        }
        held.bytes += bytes;
        if let Some(address) = self.address.filter(|_| bytes > 0) {
            *held.by_address.entry(address).or_default() += bytes;
        }
        self.bytes += bytes;
        true
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        let mut held = self.of.held();
        held.bytes -= self.bytes;
        if let Some(address) = self.address.filter(|_| self.bytes > 0)
            && let Some(of_address) = held.by_address.get_mut(&address)
        {
            *of_address -= self.bytes;
            if *of_address == 0 {
                held.by_address.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_share_what_there_is_and_no_address_takes_it_all() {
        let bodies = Bodies::new(400, 50);
        let address = |number: u8| Some(IpAddr::from([192, 0, 2, number]));
        let mut first = bodies.holding(address(1));
        assert!(first.grow(60) && first.grow(40) && !first.grow(1), "a quarter");
        assert!(!bodies.holding(address(1)).grow(1));
        let mut others: Vec<Holding> =
            (2..6).map(|number| bodies.holding(address(number))).collect();
        let fitting = others.iter_mut().filter_map(|other| other.grow(100).then_some(())).count();
        assert_eq!(fitting, 3, "all of it");
        drop(first);
        let mut unknown = bodies.holding(None);
        assert!(unknown.grow(100));
        drop((unknown, others));
        let held = bodies.held();
        assert_eq!((held.bytes, held.by_address.len()), (0, 0));
    }
}
