//! What the fuzzer needs of the journal's inside: what is read from disk, without the disk.

use super::sqlite::{Found, Packer};
use super::{Sequence, Snapshot, mark, snapshots};
use crate::event::Event;

/// A row of a day file.
pub(crate) struct Row(Found);

/// A row's events, each line that is none among them; or why the whole row cannot be believed.
pub(crate) type Unpacked = Result<Vec<Result<Event, Vec<u8>>>, String>;

impl Row {
    /// As found on disk; sealed with a checksum that holds, as if it had been written so.
    pub(crate) fn sealed(first: Sequence, count: u32, json_bytes: i64, lines: &[u8]) -> Self {
        let lines = lines.to_vec();
        Self(Found { first, count, crc: 0, json_bytes, lines }.resealed())
    }

    /// As it is written.
    pub(crate) fn packed(first: Sequence, count: u32, json: &[u8]) -> Self {
        let mut packer = Packer::default();
        let packed = packer.pack(first, count, json).expect("it packs");
        let (crc, lines) = (packed.crc.into(), packed.lines.to_vec());
        Self(Found { first, count, crc, json_bytes: json.len() as i64, lines })
    }

    /// With one bit turned around.
    pub(crate) fn with_a_flipped_bit(mut self, at: usize) -> Self {
        let at = at % (self.0.lines.len() * 8).max(1);
        if let Some(byte) = self.0.lines.get_mut(at / 8) {
            *byte ^= 1 << (at % 8);
        }
        self
    }

    /// What is in it.
    pub(crate) fn unpack(&self) -> Unpacked {
        let lines = self.0.unpack()?;
        Ok(lines.into_iter().map(|line| line.map_err(|(bytes, _)| bytes)).collect())
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
