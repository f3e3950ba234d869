//! Screens with names: who was here, so that one that is gone is missed until somebody removes it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::event::UnixMs;

/// Longest name.
const NAME_CHARS_MAX: usize = 40;

/// Whether a screen may be called so: names stand in addresses and in labels of metrics.
pub fn is_name(text: &str) -> bool {
    let is_fit = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    text.len() <= NAME_CHARS_MAX
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(is_fit)
}

/// What is kept of a screen with a name, also over a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// Its name.
    pub name: String,
    /// The board that it shows, or showed last.
    pub board: String,
    /// From where.
    #[serde(default)]
    pub address: Option<IpAddr>,
    /// What it says that it is.
    #[serde(default)]
    pub browser: String,
    /// When it was last heard of.
    pub seen_ms: UnixMs,
    /// The newest state that it acknowledged.
    #[serde(default)]
    pub painted_seq: u64,
    /// When it did so; 0 if it never did.
    #[serde(default)]
    pub painted_ms: UnixMs,
}

/// Why a name cannot be removed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForgetError {
    /// Nobody is called so.
    #[error("there is no screen \"{0}\"")]
    Unknown(String),
    /// It would be back at once.
    #[error("the screen \"{0}\" is connected: switch it off, or give it another name, first")]
    Connected(String),
}

/// A screen with a name, now.
struct Known {
    remembered: Remembered,
    /// Its open connections: more than one while it comes back, or when two have one name.
    open: u32,
}

/// All screens with names: at most so many.
pub(super) struct Names {
    names_max: usize,
    known: Mutex<BTreeMap<String, Known>>,
    /// Grows with each change that is worth keeping.
    changes: AtomicU64,
}

impl Names {
    pub(super) fn new(names_max: usize) -> Names {
        Names { names_max, known: Mutex::default(), changes: AtomicU64::new(0) }
    }

    /// A map is whole at any time, whoever panicked while holding it.
    fn known(&self) -> MutexGuard<'_, BTreeMap<String, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// Takes up what was kept by an earlier run, as far as there is room.
    pub(super) fn take_up(&self, kept: Vec<Remembered>) {
        let mut known = self.known();
        for remembered in kept.into_iter().filter(|it| is_name(&it.name)) {
            if known.len() >= self.names_max {
                break;
            }
            known.entry(remembered.name.clone()).or_insert(Known { remembered, open: 0 });
        }
    }

    /// A screen of that name is here. False where there is no room for one more name.
    pub(super) fn comes(&self, screen: Remembered) -> bool {
        let mut known = self.known();
        let is_full = known.len() >= self.names_max;
        match known.get_mut(&screen.name) {
            Some(known) => {
                // What it has painted is told by its acknowledgements.
                let (painted_seq, painted_ms) =
                    (known.remembered.painted_seq, known.remembered.painted_ms);
                known.remembered = Remembered { painted_seq, painted_ms, ..screen };
                known.open = known.open.saturating_add(1);
            }
            None if is_full => return false,
            None => {
                known.insert(screen.name.clone(), Known { remembered: screen, open: 1 });
            }
        }
        drop(known);
        self.changed();
        true
    }

    /// It is gone; what it was last is remembered.
    pub(super) fn leaves(&self, last: &Remembered) {
        if let Some(known) = self.known().get_mut(&last.name) {
            known.open = known.open.saturating_sub(1);
            update(&mut known.remembered, last);
        }
        self.changed();
    }

    /// What is known of one that is connected, now.
    pub(super) fn is_seen(&self, now: &Remembered) {
        if let Some(known) = self.known().get_mut(&now.name) {
            update(&mut known.remembered, now);
        }
    }

    /// Everything, by name, and whether the screen is connected.
    pub(super) fn list(&self) -> Vec<(Remembered, bool)> {
        self.known().values().map(|known| (known.remembered.clone(), known.open > 0)).collect()
    }

    /// An operator does not miss it.
    pub(super) fn forget(&self, name: &str) -> Result<(), ForgetError> {
        let mut known = self.known();
        match known.get(name) {
            None => return Err(ForgetError::Unknown(name.to_owned())),
            Some(known) if known.open > 0 => return Err(ForgetError::Connected(name.to_owned())),
            Some(_) => known.remove(name),
        };
        drop(known);
        self.changed();
        Ok(())
    }
}

/// Of two connections of one name, whichever was heard of last counts.
fn update(remembered: &mut Remembered, last: &Remembered) {
    remembered.seen_ms = remembered.seen_ms.max(last.seen_ms);
    if last.painted_ms > remembered.painted_ms {
        (remembered.painted_seq, remembered.painted_ms) = (last.painted_seq, last.painted_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(name: &str, seen_ms: UnixMs) -> Remembered {
        Remembered {
            name: name.to_owned(),
            board: "floor".to_owned(),
            address: None,
            browser: String::new(),
            seen_ms,
            painted_seq: 0,
            painted_ms: 0,
        }
    }

    #[test]
    fn names_are_short_and_fit_into_addresses() {
        for good in ["lobby-3", "TV.1", "a", "3", &"x".repeat(40)] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "-a", ".a", "a b", "a/b", "ä", "a\"", &"x".repeat(41)] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn a_screen_that_is_gone_is_known_until_it_is_removed() {
        let names = Names::new(2);
        assert!(names.comes(screen("lobby", 1)));
        assert_eq!(names.forget("lobby"), Err(ForgetError::Connected("lobby".to_owned())));
        // It comes back before the server has noticed that it was gone.
        assert!(names.comes(screen("lobby", 5)));
        names.leaves(&screen("lobby", 4));
        assert_eq!(names.list(), [(screen("lobby", 5), true)]);
        names.leaves(&Remembered { painted_seq: 7, painted_ms: 8, ..screen("lobby", 9) });
        let last = Remembered { painted_seq: 7, painted_ms: 8, ..screen("lobby", 9) };
        assert_eq!(names.list(), [(last, false)]);
        assert_eq!(names.forget("lobby"), Ok(()));
        assert_eq!(names.forget("lobby"), Err(ForgetError::Unknown("lobby".to_owned())));
        assert_eq!(names.list(), []);
    }

    #[test]
    fn there_are_no_more_names_than_the_limit_says() {
        let names = Names::new(2);
        names.take_up(vec![
            screen("a", 1),
            screen("not a name", 1),
            screen("b", 1),
            screen("c", 1),
        ]);
        assert_eq!(names.list().len(), 2);
        assert!(names.comes(screen("a", 2)), "a known one has its place");
        assert!(!names.comes(screen("d", 2)));
    }
}
