//! How often somebody may try to log in: so often for each address, and for each name whether there
//! is such a person or not. An attempt counts before the password is looked at, so that many at once
//! are not more; one that succeeds is given back.

use std::collections::HashMap;
use std::net::IpAddr;

use super::secret::{self, Hash};
use crate::event::{Millis, UnixMs};

/// Whose attempts are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whose {
    /// Those from an address; none where a proxy does not say for whom it asks.
    Address(Option<IpAddr>),
    /// Those by a name. A hash: whoever types the password into the wrong field leaves none here.
    Name(Hash),
}

#[derive(Clone, Copy, Debug)]
struct Tried {
    times: u32,
    since_ms: UnixMs,
}

/// Too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMany {
    /// When the next may be made.
    pub(super) again_in_ms: Millis,
    /// It is the first that is too many: worth a line.
    pub(super) is_news: bool,
}

/// Everybody's attempts.
#[derive(Debug)]
pub(super) struct Attempts {
    max: u32,
    within_ms: Millis,
    kept_max: usize,
    tried: HashMap<Whose, Tried>,
    /// Those that were forgotten early for others.
    pub(super) forgotten: u64,
}

impl Attempts {
    pub(super) fn new(max: u32, within_ms: Millis, kept_max: usize) -> Self {
        Self { max, within_ms, kept_max, tried: HashMap::new(), forgotten: 0 }
    }

    /// One more attempt; without a name where somebody else asks who it is.
    pub(super) fn begin(
        &mut self,
        address: Option<IpAddr>,
        name: Option<&str>,
        now_ms: UnixMs,
    ) -> Result<(), TooMany> {
        let mut too_many: Option<TooMany> = None;
        for whose in of_both(address, name) {
            let tried = self.of(whose, now_ms);
            tried.times = tried.times.saturating_add(1);
            let Tried { times, since_ms } = *tried;
            if times > self.max {
                let again_in_ms = (since_ms + self.within_ms - now_ms).max(1);
                let is_news = times == self.max + 1;
                let before = too_many.unwrap_or(TooMany { again_in_ms, is_news });
                too_many = Some(TooMany {
                    again_in_ms: before.again_in_ms.max(again_in_ms),
                    is_news: before.is_news || is_news,
                });
            }
        }
        too_many.map_or(Ok(()), Err)
    }

    /// The attempt was a success: it does not count. Those before it do, or whoever has a password
    /// of their own could try others' for ever.
    pub(super) fn give_back(&mut self, address: Option<IpAddr>, name: Option<&str>) {
        for whose in of_both(address, name) {
            if let Some(tried) = self.tried.get_mut(&whose) {
                tried.times = tried.times.saturating_sub(1);
            }
        }
    }

    fn of(&mut self, whose: Whose, now_ms: UnixMs) -> &mut Tried {
        if !self.tried.contains_key(&whose) && self.tried.len() >= self.kept_max {
            self.make_room(now_ms);
        }
        let begins = Tried { times: 0, since_ms: now_ms };
        let tried = self.tried.entry(whose).or_insert(begins);
        // A clock that was set back ends it, too.
        if !(0..self.within_ms).contains(&(now_ms - tried.since_ms)) {
            *tried = begins;
        }
        tried
    }

    fn make_room(&mut self, now_ms: UnixMs) {
        let within_ms = self.within_ms;
        self.tried.retain(|_, tried| (0..within_ms).contains(&(now_ms - tried.since_ms)));
        if self.tried.len() >= self.kept_max
            && let Some(oldest) = self
                .tried
                .iter()
                .min_by_key(|(_, tried)| (tried.times, tried.since_ms))
                .map(|it| *it.0)
        {
            self.tried.remove(&oldest);
            self.forgotten += 1;
        }
    }
}

fn of_both(address: Option<IpAddr>, name: Option<&str>) -> impl Iterator<Item = Whose> {
    let name = name.map(|name| Whose::Name(secret::hash(name)));
    std::iter::once(Whose::Address(address)).chain(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn so_many_for_each_address_and_each_name() {
        let mut attempts = Attempts::new(3, 1000, 100);
        for attempt in 0..3 {
            assert!(attempts.begin(address(1), Some(&format!("name {attempt}")), 0).is_ok());
        }
        let refused = attempts.begin(address(1), Some("another"), 400).expect_err("of one address");
        assert_eq!(refused, TooMany { again_in_ms: 600, is_news: true });
        assert!(!attempts.begin(address(1), Some("another"), 400).expect_err("still").is_news);
        assert!(attempts.begin(address(2), Some("name 0"), 400).is_ok(), "an address of its own");
        for from in 3..=4 {
            let _ = attempts.begin(address(from), Some("name 0"), 400);
        }
        assert!(attempts.begin(address(5), Some("name 0"), 400).is_err(), "of one name");
        assert!(attempts.begin(address(1), Some("another"), 1400).is_ok(), "the time is over");
    }

    #[test]
    fn a_success_gives_back_itself_and_no_other() {
        let mut attempts = Attempts::new(2, 1000, 100);
        for _ in 0..5 {
            assert!(attempts.begin(address(1), Some("own"), 0).is_ok());
            attempts.give_back(address(1), Some("own"));
        }
        assert!(attempts.begin(address(1), Some("other"), 0).is_ok());
        assert!(attempts.begin(address(1), Some("own"), 0).is_ok());
        attempts.give_back(address(1), Some("own"));
        assert!(attempts.begin(address(1), Some("other"), 0).is_ok());
        assert!(attempts.begin(address(1), Some("own"), 0).is_err(), "two others have failed");
    }

    #[test]
    fn no_more_are_kept_than_may_be_and_the_busiest_stay() {
        let mut attempts = Attempts::new(2, 1000, 10);
        for _ in 0..2 {
            let _ = attempts.begin(address(1), Some("victim"), 0);
        }
        for other in 0..200_u32 {
            let from = Some(IpAddr::from((0xc633_0000 + other).to_be_bytes()));
            let _ = attempts.begin(from, Some(&format!("flood {other}")), 1);
            assert!(attempts.tried.len() <= 10);
        }
        assert!(attempts.begin(address(2), Some("victim"), 2).is_err(), "still known");
        assert!(attempts.forgotten > 0, "what was forgotten is counted");
    }
}
