//! One commit as a row: compressed, checksummed, and read back with suspicion.

use lz4_flex::block::{
    CompressTable, compress_into_with_table, decompress, get_maximum_output_size,
};

use crate::journal::Sequence;
use crate::journal::form::{self, Item};

/// Scratch memory that is kept between commits at most.
const KEPT_BYTES_MAX: usize = 1 << 20;
/// What a row may unpack to at most; a larger number in a row is damage.
const ROW_BYTES_MAX: usize = 1 << 30;
/// What one compressed byte unpacks to at most, by the format of LZ4. The length stands in no
/// checksum: a larger one is not believed, and no memory is taken for it.
const UNPACKED_OF_A_BYTE_MAX: usize = 255;

/// Packs rows into memory that is used again for each.
#[derive(Default)]
pub(in crate::journal) struct Packer {
    table: CompressTable,
    packed: Vec<u8>,
}

/// A row's last columns.
pub(in crate::journal) struct Packed<'a> {
    pub(in crate::journal) crc: u32,
    pub(in crate::journal) bytes: &'a [u8],
}

impl Packer {
    /// Compresses a batch's events and seals them with their place in the journal.
    pub(in crate::journal) fn pack(
        &mut self,
        first: Sequence,
        count: u32,
        row: &[u8],
    ) -> Result<Packed<'_>, lz4_flex::block::CompressError> {
        let room = get_maximum_output_size(row.len());
        if self.packed.len() < room || self.packed.len() > KEPT_BYTES_MAX.max(room) {
            self.packed = vec![0; room];
        }
        let length = compress_into_with_table(row, &mut self.packed, &mut self.table)?;
        let bytes = &self.packed[..length];
        Ok(Packed { crc: checksum(first, count, bytes), bytes })
    }
}

/// A row as found.
#[derive(Debug)]
pub(in crate::journal) struct Found {
    pub(in crate::journal) first: Sequence,
    pub(in crate::journal) count: u32,
    pub(in crate::journal) crc: i64,
    /// How many bytes its events are, unpacked.
    pub(in crate::journal) row_bytes: i64,
    pub(in crate::journal) packed: Vec<u8>,
}

impl Found {
    /// Its checksum holds.
    pub(super) fn is_sealed(&self) -> bool {
        i64::from(checksum(self.first, self.count, &self.packed)) == self.crc
    }

    /// With the checksum of what is in it.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(in crate::journal) fn resealed(self) -> Self {
        Self { crc: checksum(self.first, self.count, &self.packed).into(), ..self }
    }

    /// The row's events, or why the whole row cannot be believed.
    pub(in crate::journal) fn unpack(&self) -> Result<Vec<Item>, String> {
        if !self.is_sealed() {
            let crc = checksum(self.first, self.count, &self.packed);
            return Err(format!("checksum is {crc:08x}, written was {:08x}", self.crc));
        }
        let possible = self.packed.len().saturating_mul(UNPACKED_OF_A_BYTE_MAX);
        let row_bytes = usize::try_from(self.row_bytes)
            .ok()
            .filter(|bytes| *bytes <= ROW_BYTES_MAX.min(possible))
            .ok_or_else(|| format!("a length of {} bytes", self.row_bytes))?;
        let row = decompress(&self.packed, row_bytes).map_err(|error| error.to_string())?;
        form::read(&row, self.count)
    }
}

fn checksum(first: Sequence, count: u32, packed: &[u8]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(&first.to_le_bytes());
    crc.update(&count.to_le_bytes());
    crc.update(packed);
    crc.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As written, with another length beside it.
    fn found(row: &[u8], row_bytes: i64) -> Found {
        let mut packer = Packer::default();
        let packed = packer.pack(7, 1, row).expect("it packs");
        Found { first: 7, count: 1, crc: packed.crc.into(), row_bytes, packed: packed.bytes.into() }
    }

    #[test]
    fn a_length_that_the_bytes_cannot_have_is_damage() {
        for length in [-1, 1 << 30, i64::MAX, 1_000_000] {
            let error = found(b"{}\n", length).unpack().expect_err("a length is not checked");
            assert_eq!(error, format!("a length of {length} bytes"));
        }
    }

    #[test]
    fn what_compresses_best_is_read_back() {
        let row = [b"{", &[b' '; 1 << 20][..], b"\n"].concat();
        let items = found(&row, row.len() as i64).unpack().expect("it is whole");
        assert!(matches!(items.as_slice(), [Err((line, _))] if *line == row));
    }
}
