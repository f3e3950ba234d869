//! How the server of a picture is, and the pictures beside the board's file.

use std::path::Path;

use super::NOW_MS;
use super::figures::{MINUTE_MS, MadeUp};
use super::numbers::State;
use crate::board::figures::Site;
use crate::board::house::{Disk, Health, House};
use crate::board::images::{ImageLimits, Images};

const GIB: u64 = 1 << 30;

/// `folder` is the board's.
pub(super) fn made_up(state: State, site: &Site, center: &MadeUp, folder: Option<&Path>) -> House {
    let is_red = state == State::Red;
    let resting = site.channels.keys().next().cloned();
    let health = Health {
        is_journal_writable: true,
        behind_ms: if is_red { 20_000 } else { 0 },
        behind_max_ms: 30_000,
        disk: Some(Disk { free_bytes: if is_red { 9 } else { 118 } * GIB, bytes: 240 * GIB }),
        plugins: center.channels.len(),
        resting: resting.filter(|_| is_red).into_iter().collect(),
        quarantined: if is_red { 14 } else { 0 },
        quarantined_ms: is_red.then_some(NOW_MS - 7 * MINUTE_MS),
        screens: 11,
        frozen: Vec::new(),
        missing: if is_red { vec!["kitchen".to_owned()] } else { Vec::new() },
    };
    let images = folder.map(|dir| Images::of_boards(dir, ImageLimits::default()));
    House { health: Some(health), images: images.unwrap_or_default().into(), ..House::default() }
}
