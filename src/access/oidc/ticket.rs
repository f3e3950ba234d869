//! What ties a login to the browser that began it: a cookie of chance, from which everything follows that
//! goes to the provider and must come back. Nothing is kept here for who only begins; of who comes back
//! it is remembered for as long as their ticket would hold, so that it holds once.

use std::collections::HashMap;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::access::{AccessError, secret};
use crate::event::{Millis, UnixMs, millis};

/// Longest address that somebody wanted to go to; of a longer one nothing is remembered.
const NEXT_BYTES_MAX: usize = 1024;

/// A login that was begun.
pub(super) struct Ticket {
    /// For the browser's cookie.
    pub(super) cookie: Zeroizing<String>,
    /// Goes to the provider and comes back by the browser.
    pub(super) state: String,
    /// Goes to the provider and comes back in the ID token.
    pub(super) nonce: String,
    /// Goes to the provider with the code.
    pub(super) verifier: Zeroizing<String>,
    /// Where somebody wanted to go.
    pub(super) next: String,
}

impl Ticket {
    /// What the provider knows of the verifier (RFC 7636, S256).
    pub(super) fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(self.verifier.as_bytes()))
    }
}

/// Makes tickets, and takes each back once.
pub(super) struct Tickets {
    /// Drawn at the start: no ticket of another run holds.
    key: Zeroizing<String>,
    within_ms: Millis,
    kept_max: usize,
    taken: HashMap<[u8; 32], UnixMs>,
    /// Those that were forgotten early for others.
    pub(super) forgotten: u64,
}

impl Tickets {
    pub(super) fn new(key: Zeroizing<String>, within: Duration, kept_max: usize) -> Self {
        let (within_ms, taken) = (millis(within), HashMap::new());
        Self { key, within_ms, kept_max, taken, forgotten: 0 }
    }

    /// A new one.
    pub(super) fn draw(&self, next: &str, now_ms: UnixMs) -> Result<Ticket, AccessError> {
        let next = if next.len() > NEXT_BYTES_MAX { "" } else { next };
        let chance = secret::random()?;
        // Whatever somebody wanted must fit a cookie.
        let next = BASE64_URL_SAFE_NO_PAD.encode(next);
        Ok(self.follow(Zeroizing::new(format!("{now_ms}.{}.{next}", *chance))))
    }

    fn follow(&self, cookie: Zeroizing<String>) -> Ticket {
        let next = cookie.splitn(3, '.').nth(2).unwrap_or_default();
        let next = BASE64_URL_SAFE_NO_PAD.decode(next).unwrap_or_default();
        Ticket {
            state: self.made_of("state", &cookie),
            nonce: self.made_of("nonce", &cookie),
            verifier: Zeroizing::new(self.made_of("verifier", &cookie)),
            next: String::from_utf8(next).unwrap_or_default(),
            cookie,
        }
    }

    fn made_of(&self, what: &str, cookie: &str) -> String {
        // A key of any length is good for an HMAC.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.key.as_bytes()) else {
            return String::new();
        };
        mac.update(what.as_bytes());
        mac.update(b":");
        mac.update(cookie.as_bytes());
        BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// The login that a browser with this cookie began and that comes back with that state; none when it
    /// did not, too long ago, or before.
    pub(super) fn take(&mut self, cookie: &str, state: &str, now_ms: UnixMs) -> Option<Ticket> {
        let ticket = self.follow(Zeroizing::new(cookie.to_owned()));
        if !bool::from(ticket.state.as_bytes().ct_eq(state.as_bytes())) {
            return None;
        }
        // What it says of its time is its own word: the state follows from it.
        let made_ms: UnixMs = cookie.split('.').next()?.parse().ok()?;
        let holds = |made_ms: UnixMs| (0..self.within_ms).contains(&now_ms.saturating_sub(made_ms));
        if !holds(made_ms) {
            return None;
        }
        let mark = secret::hash(&ticket.state);
        if self.taken.contains_key(&mark) {
            return None;
        }
        if self.taken.len() >= self.kept_max {
            let within_ms = self.within_ms;
            self.taken.retain(|_, made| (0..within_ms).contains(&now_ms.saturating_sub(*made)));
        }
        if self.taken.len() >= self.kept_max
            && let Some(oldest) =
                self.taken.iter().min_by_key(|(_, made)| **made).map(|(mark, _)| *mark)
        {
            self.taken.remove(&oldest);
            self.forgotten += 1;
        }
        self.taken.insert(mark, made_ms);
        Some(ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tickets(kept_max: usize) -> Tickets {
        let key = secret::random().expect("drawn");
        Tickets::new(key, Duration::from_secs(600), kept_max)
    }

    #[test]
    fn a_ticket_holds_once_for_its_browser_and_for_its_time() {
        let mut all = tickets(100);
        let begun = all.draw("wall/floor?screen=hall", 1_000).expect("drawn");
        let other = all.draw("", 1_000).expect("drawn");
        assert_ne!(begun.state, begun.nonce);
        assert_eq!(begun.challenge().len(), 43);
        assert!(all.take(&other.cookie, &begun.state, 2_000).is_none(), "another browser");
        assert!(all.take("", &begun.state, 2_000).is_none(), "no cookie");
        assert!(all.take(&begun.cookie, "", 2_000).is_none(), "no state");
        assert!(all.take(&begun.cookie, &begun.state, 601_000).is_none(), "too long ago");
        assert!(all.take(&begun.cookie, &begun.state, 999).is_none(), "of the future");
        let later = begun.cookie.replacen("1000.", "600000.", 1);
        assert!(all.take(&later, &begun.state, 601_000).is_none(), "its time is in its state");
        let taken = all.take(&begun.cookie, &begun.state, 2_000).expect("it holds");
        assert_eq!((taken.next.as_str(), &taken.nonce), ("wall/floor?screen=hall", &begun.nonce));
        assert!(all.take(&begun.cookie, &begun.state, 2_000).is_none(), "once");
        assert!(tickets(100).take(&other.cookie, &other.state, 2_000).is_none(), "another run");
    }

    #[test]
    fn what_is_remembered_is_bounded_and_counted() {
        let mut all = tickets(100);
        for number in 0..250 {
            let ticket = all.draw("", number).expect("drawn");
            assert!(all.take(&ticket.cookie, &ticket.state, number).is_some());
            assert!(all.taken.len() <= 100);
        }
        assert_eq!(all.forgotten, 150);
        let ticket = all.draw("", 900_000).expect("drawn");
        assert!(all.take(&ticket.cookie, &ticket.state, 900_000).is_some());
        assert_eq!((all.taken.len(), all.forgotten), (1, 150), "those that end make room");
        assert!(all.draw(&"x".repeat(2000), 0).expect("drawn").next.is_empty());
    }
}
