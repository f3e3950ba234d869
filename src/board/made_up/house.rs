//! How the made-up contact center's server is, and the pictures that there are.

use std::sync::Arc;

use super::NOW_MS;
use super::figures::{MINUTE_MS, MadeUp};
use super::numbers::State;
use crate::board::house::{Disk, Health, House};
use crate::board::images::Images;

const GIB: u64 = 1 << 30;

pub(super) fn made_up(state: State, center: &MadeUp, images: Arc<Images>) -> House {
    let is_red = state == State::Red;
    let health = Health {
        is_journal_writable: true,
        behind_ms: if is_red { 20_000 } else { 0 },
        behind_max_ms: 30_000,
        disk: Some(Disk { free_bytes: if is_red { 9 } else { 118 } * GIB, bytes: 240 * GIB }),
        plugins: center.channels.len(),
        resting: center.resting().cloned().into_iter().collect(),
        quarantined: if is_red { 14 } else { 0 },
        quarantined_ms: is_red.then_some(NOW_MS - 7 * MINUTE_MS),
        screens: 11,
        frozen: Vec::new(),
        missing: if is_red { vec!["kitchen".to_owned()] } else { Vec::new() },
    };
    House { health: Some(health), images, ..House::default() }
}
