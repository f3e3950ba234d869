//! How a file is known again after it was renamed, copied or replaced, and a place in it.

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Bytes of the beginning that tell files apart: the first line, but not more than this.
const BEGINNING_BYTES_MAX: usize = 1024;
/// Bytes before the cursor that must still be the same.
const BEFORE_BYTES_MAX: usize = 1024;
const HASH_BYTES: usize = 8;

/// A place in a file, and what proves that a file is that one. Serialised, it is the cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Position {
    /// The file's name for good; empty while nothing of it has been read.
    pub(super) name: String,
    /// Hash of its beginning; none while it is empty.
    pub(super) beginning: Option<String>,
    /// Which file it was when it was read last; proves little, because a copy has others.
    pub(super) device: u64,
    pub(super) inode: u64,
    /// Next byte to read.
    pub(super) offset: u64,
    /// Hash of the bytes before it.
    pub(super) before: String,
}

impl Position {
    pub(super) fn start_of(metadata: &Metadata) -> Self {
        Self {
            name: String::new(),
            beginning: None,
            device: metadata.dev(),
            inode: metadata.ino(),
            offset: 0,
            before: hash(&[]),
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        // A struct of plain fields always serialises.
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(super) fn is_in(&self, metadata: &Metadata) -> bool {
        (self.device, self.inode) == (metadata.dev(), metadata.ino())
    }

    pub(super) fn moved_to(&mut self, metadata: &Metadata) {
        (self.device, self.inode) = (metadata.dev(), metadata.ino());
    }

    /// Whether the place is in that file: same beginning, long enough, same bytes before it.
    pub(super) fn fits(&self, file: &File) -> io::Result<bool> {
        let metadata = file.metadata()?;
        if self.beginning.is_none() {
            return Ok(self.is_in(&metadata));
        }
        Ok(metadata.len() >= self.offset
            && beginning(file)? == self.beginning
            && hash(&bytes_before(file, self.offset)?) == self.before)
    }

    /// The beginning is known now. A file that begins like the one before it but is another
    /// (its lines stand at the same offsets!) gets a number behind its name.
    pub(super) fn christen(&mut self, beginning: String, predecessor: Option<&Position>) {
        self.name = match predecessor {
            Some(old) if old.beginning.as_deref() == Some(&beginning) => {
                let number = old.name.split_once('.').and_then(|(_, n)| n.parse::<u32>().ok());
                format!("{beginning}.{}", number.unwrap_or(1) + 1)
            }
            _ => beginning.clone(),
        };
        self.beginning = Some(beginning);
    }
}

/// Hash of the first line, or of as much of it as counts; none while that is not complete.
pub(super) fn beginning(file: &File) -> io::Result<Option<String>> {
    let mut bytes = [0; BEGINNING_BYTES_MAX];
    let length = read_at(file, &mut bytes, 0)?;
    Ok(beginning_of(&bytes[..length]))
}

fn beginning_of(bytes: &[u8]) -> Option<String> {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => Some(hash(&bytes[..end])),
        None if bytes.len() == BEGINNING_BYTES_MAX => Some(hash(bytes)),
        None => None,
    }
}

/// The beginning of a file that will not grow: what there is counts.
pub(super) fn beginning_of_finished(file: &File) -> io::Result<String> {
    let mut bytes = [0; BEGINNING_BYTES_MAX];
    let length = read_at(file, &mut bytes, 0)?;
    Ok(beginning_of(&bytes[..length]).unwrap_or_else(|| hash(&bytes[..length])))
}

/// The last bytes before an offset, as many as count.
pub(super) fn bytes_before(file: &File, offset: u64) -> io::Result<Vec<u8>> {
    let start = offset.saturating_sub(BEFORE_BYTES_MAX as u64);
    let mut bytes = vec![0; usize::try_from(offset - start).unwrap_or_default()];
    let length = read_at(file, &mut bytes, start)?;
    bytes.truncate(length);
    Ok(bytes)
}

/// Appends bytes that were passed, keeping as many as count.
pub(super) fn pass(before: &mut Vec<u8>, passed: &[u8]) {
    before.extend_from_slice(&passed[passed.len().saturating_sub(BEFORE_BYTES_MAX)..]);
    before.drain(..before.len().saturating_sub(BEFORE_BYTES_MAX));
}

/// As many bytes as there are, up to the buffer's length.
pub(super) fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read_at(&mut buffer[filled..], offset + filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

pub(super) fn hash(bytes: &[u8]) -> String {
    hex::encode(&Sha256::digest(bytes)[..HASH_BYTES])
}
