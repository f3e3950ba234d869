//! One commit as a row: compressed, checksummed, and read back with suspicion.

use lz4_flex::block::{
    CompressTable, compress_into_with_table, decompress, get_maximum_output_size,
};

use crate::event::Event;
use crate::journal::Sequence;

/// Scratch memory that is kept between commits at most.
const KEPT_BYTES_MAX: usize = 1 << 20;
/// What a row may unpack to at most; a larger number in a row is damage.
const JSON_BYTES_MAX: usize = 1 << 30;

/// Packs rows into memory that is used again for each.
#[derive(Default)]
pub(super) struct Packer {
    table: CompressTable,
    packed: Vec<u8>,
}

/// A row's last columns.
pub(super) struct Packed<'a> {
    pub(super) crc: u32,
    pub(super) lines: &'a [u8],
}

impl Packer {
    /// Compresses a batch's lines and seals them with their place in the journal.
    pub(super) fn pack(
        &mut self,
        first: Sequence,
        count: u32,
        lines: &[u8],
    ) -> Result<Packed<'_>, lz4_flex::block::CompressError> {
        let room = get_maximum_output_size(lines.len());
        if self.packed.len() < room || self.packed.len() > KEPT_BYTES_MAX.max(room) {
            self.packed = vec![0; room];
        }
        let length = compress_into_with_table(lines, &mut self.packed, &mut self.table)?;
        let lines = &self.packed[..length];
        Ok(Packed { crc: checksum(first, count, lines), lines })
    }
}

/// A row as found.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) first: Sequence,
    pub(super) count: u32,
    pub(super) crc: i64,
    pub(super) json_bytes: i64,
    pub(super) lines: Vec<u8>,
}

/// An event of a row, or its line and why it is none.
pub(super) type Line = Result<Event, (Vec<u8>, String)>;

impl Found {
    /// Its checksum holds.
    pub(super) fn is_sealed(&self) -> bool {
        i64::from(checksum(self.first, self.count, &self.lines)) == self.crc
    }

    /// The row's events, or why the whole row cannot be believed.
    pub(super) fn unpack(&self) -> Result<Vec<Line>, String> {
        if !self.is_sealed() {
            let crc = checksum(self.first, self.count, &self.lines);
            return Err(format!("checksum is {crc:08x}, written was {:08x}", self.crc));
        }
        let json_bytes = usize::try_from(self.json_bytes)
            .ok()
            .filter(|bytes| *bytes <= JSON_BYTES_MAX)
            .ok_or_else(|| format!("a length of {} bytes", self.json_bytes))?;
        let json = decompress(&self.lines, json_bytes).map_err(|error| error.to_string())?;
        let lines: Vec<Line> = json
            .split_inclusive(|byte| *byte == b'\n')
            .map(|line| {
                serde_json::from_slice(line).map_err(|error| (line.to_vec(), error.to_string()))
            })
            .collect();
        if lines.len() != self.count as usize {
            return Err(format!("{} events, written were {}", lines.len(), self.count));
        }
        Ok(lines)
    }
}

fn checksum(first: Sequence, count: u32, lines: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&first.to_le_bytes());
    crc.update(&count.to_le_bytes());
    crc.update(lines);
    crc.finalize()
}
