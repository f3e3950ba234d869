//! Ids on their way to the disk and back.
//!
//! ```text
//! piece: any number of runs
//! run:   channel u16 | number of its first id u64 | ids u32 | each id u64
//! ```
//!
//! All little-endian. Whether all ids are there and right is known by the parts they belong to.

/// Ids of one piece at most, so that a piece is some megabytes.
const IDS_PER_PIECE: usize = 1 << 18;
const HEAD: usize = 2 + 8 + 4;

/// The ids that came since the last ones were handed out. Store them before the snapshot that is
/// made next: it does not hold them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIds {
    /// Counts up. Replaces what is stored under this number.
    pub batch: u64,
    /// Batches before this one are no longer needed by the snapshot that is made next.
    pub needed_from: u64,
    /// What is to be stored, opaque; in order.
    pub pieces: Vec<Vec<u8>>,
}

/// Ids of one channel that came one after the other.
pub(super) struct Run {
    pub(super) channel: u16,
    /// The number of the first one within the channel.
    pub(super) first: u64,
    pub(super) ids: Vec<u64>,
}

impl NewIds {
    pub(super) fn new(batch: u64, runs: impl Iterator<Item = Run>) -> Self {
        let mut pieces = Vec::new();
        let (mut piece, mut room) = (Vec::new(), IDS_PER_PIECE);
        for run in runs {
            let (mut ids, mut first) = (run.ids.as_slice(), run.first);
            while !ids.is_empty() {
                let (now, later) = ids.split_at(ids.len().min(room));
                piece.extend(run.channel.to_le_bytes());
                piece.extend(first.to_le_bytes());
                piece.extend((now.len() as u32).to_le_bytes());
                piece.extend(now.iter().flat_map(|id| id.to_le_bytes()));
                (ids, first, room) = (later, first + now.len() as u64, room - now.len());
                if room == 0 {
                    pieces.push(std::mem::take(&mut piece));
                    room = IDS_PER_PIECE;
                }
            }
        }
        if !piece.is_empty() {
            pieces.push(piece);
        }
        NewIds { batch, needed_from: batch, pieces }
    }

    pub(super) fn needed_from(self, needed_from: u64) -> Self {
        NewIds { needed_from, ..self }
    }
}

/// The runs of a piece, up to where it ends or is damaged.
pub(super) fn runs(mut piece: &[u8]) -> impl Iterator<Item = Run> {
    std::iter::from_fn(move || {
        let (head, rest) = piece.split_first_chunk::<HEAD>()?;
        let (channel, head) = head.split_first_chunk::<2>()?;
        let (first, count) = head.split_first_chunk::<8>()?;
        let count = u32::from_le_bytes(*count.first_chunk::<4>()?) as usize;
        let ids = rest.get(..count.checked_mul(8)?)?;
        piece = &rest[ids.len()..];
        let (ids, _) = ids.as_chunks::<8>();
        Some(Run {
            channel: u16::from_le_bytes(*channel),
            first: u64::from_le_bytes(*first),
            ids: ids.iter().map(|id| u64::from_le_bytes(*id)).collect(),
        })
    })
}
