//! The quarantine as administration sees it: its file, beside the thread that writes it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::channel::quarantine::{Filter, Store};
use crate::http::{Held, QuarantineDesk};

/// That of a state folder.
pub(super) struct Quarantined(pub(super) PathBuf);

impl QuarantineDesk for Quarantined {
    fn held(&self) -> Result<Vec<Held>, String> {
        let Some(store) = self.store()? else { return Ok(Vec::new()) };
        let mut all: BTreeMap<String, Held> = BTreeMap::new();
        let entries = store.list(&Filter::default(), false).map_err(|error| error.to_string())?;
        // The newest comes last.
        for entry in entries.into_iter().filter(|entry| !entry.is_decoded()) {
            let held = all.entry(entry.channel.clone()).or_default();
            held.channel = entry.channel;
            held.entries += 1;
            (held.reason, held.received_ms) = (entry.reason, entry.received_ms);
        }
        Ok(all.into_values().collect())
    }

    fn retry(&self, channel: &str) -> Result<usize, String> {
        let Some(store) = self.store()? else { return Ok(0) };
        let filter = Filter { channel: Some(channel.to_owned()), ids: Vec::new() };
        store.request(&filter).map(|ids| ids.len()).map_err(|error| error.to_string())
    }
}

impl Quarantined {
    fn store(&self) -> Result<Option<Store>, String> {
        Store::open_existing(&self.0).map_err(|error| error.to_string())
    }
}
