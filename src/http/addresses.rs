//! How much each address has open at once: connections, requests through a proxy, screens.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;

/// Counts by address. Of IPv6, by network: whoever has one address there has 2^64.
#[derive(Debug)]
pub(super) struct Addresses {
    max: usize,
    open: DashMap<IpAddr, usize>,
}

/// One of the places of an address; given back when dropped.
#[derive(Debug)]
pub(super) struct AddressPlace {
    of: Arc<Addresses>,
    address: IpAddr,
}

impl Addresses {
    /// At most so many for each.
    pub(super) fn new(max: usize) -> Arc<Self> {
        Arc::new(Self { max, open: DashMap::new() })
    }

    /// One more, if there may be.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Option<AddressPlace> {
        let address = counted_as(address);
        let mut open = self.open.entry(address).or_default();
        if *open >= self.max {
            return None;
        }
        *open += 1;
        Some(AddressPlace { of: Arc::clone(self), address })
    }
}

impl Drop for AddressPlace {
    fn drop(&mut self) {
        if let Entry::Occupied(mut open) = self.of.open.entry(self.address) {
            *open.get_mut() -= 1;
            if *open.get() == 0 {
                open.remove();
            }
        }
    }
}

/// What is counted together.
pub(super) fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_places_and_gets_them_back() {
        let addresses = Addresses::new(1);
        let take = |address: &str| addresses.take(address.parse().expect("an address"));
        let first = take("192.0.2.1").expect("a place");
        assert!(take("192.0.2.1").is_none() && take("::ffff:192.0.2.1").is_none());
        let other = take("192.0.2.2").expect("a place of its own");
        let network = take("2001:db8:1:2::1").expect("a place");
        assert!(take("2001:db8:1:2:ffff::1").is_none(), "the same network");
        assert!(take("2001:db8:1:3::1").is_some());
        drop((first, other, network));
        assert!(addresses.open.is_empty(), "nothing is remembered of those that left");
        assert!(take("192.0.2.1").is_some());
    }
}
