//! What the fuzzer needs of the journal's inside: what is read from disk, without the disk.

use super::sqlite::{Found, Packer};
use super::{Sequence, Snapshot, form, mark, snapshots};
use crate::event::Event;

/// A row of a day file.
pub(crate) struct Row(Found);

/// A row's events, each that cannot be read among them; or why the whole row cannot be believed.
pub(crate) type Unpacked = Result<Vec<Result<Event, Vec<u8>>>, String>;

impl Row {
    /// As found on disk; sealed with a checksum that holds, as if it had been written so.
    pub(crate) fn sealed(first: Sequence, count: u32, row_bytes: i64, packed: &[u8]) -> Self {
        let packed = packed.to_vec();
        Self(Found { first, count, crc: 0, row_bytes, packed }.resealed())
    }

    /// As it is written.
    pub(crate) fn written(first: Sequence, events: &[Event]) -> Self {
        let mut row = Vec::new();
        for event in events {
            form::write(event, &mut row).expect("it is written");
        }
        Self::packed(first, u32::try_from(events.len()).unwrap_or(u32::MAX), &row)
    }

    /// As it is written, with anything in it.
    pub(crate) fn packed(first: Sequence, count: u32, row: &[u8]) -> Self {
        let mut packer = Packer::default();
        let packed = packer.pack(first, count, row).expect("it packs");
        let (crc, packed) = (packed.crc.into(), packed.bytes.to_vec());
        Self(Found { first, count, crc, row_bytes: row.len() as i64, packed })
    }

    /// With one bit turned around.
    pub(crate) fn with_a_flipped_bit(mut self, at: usize) -> Self {
        let at = at % (self.0.packed.len() * 8).max(1);
        if let Some(byte) = self.0.packed.get_mut(at / 8) {
            *byte ^= 1 << (at % 8);
        }
        self
    }

    /// What is in it.
    pub(crate) fn unpack(&self) -> Unpacked {
        let items = self.0.unpack()?;
        Ok(items.into_iter().map(|item| item.map_err(|(bytes, _)| bytes)).collect())
    }
}

/// The last sequence by the mark, and the mark that would be written of it.
pub(crate) fn mark(text: &str) -> Option<(Sequence, String)> {
    mark::parse(text).map(|last| (last, mark::line(last)))
}

/// A snapshot's file.
pub(crate) fn snapshot(bytes: &[u8]) -> Option<Snapshot> {
    snapshots::parse(bytes)
}
