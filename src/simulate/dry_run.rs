//! Traffic into files instead of doors: to read it, to feed `tablica plugin run`, and to prove
//! that a seed repeats it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::event::UnixMs;

use super::door::Door;
use super::traffic::Raw;

/// Writes everything before `end_ms` to the folder: of each of these doors to a file with its name, one
/// body a line (`telegram.jsonl`), and `queue_log` as Asterisk writes it. Returns how many messages that
/// were.
pub fn write(
    traffic: impl Iterator<Item = Raw>,
    doors: impl IntoIterator<Item = Door>,
    end_ms: UnixMs,
    dir: &Path,
) -> io::Result<u64> {
    fs::create_dir_all(dir)?;
    let mut files = BTreeMap::new();
    for door in doors {
        let is_log = door == Door::QUEUE_LOG;
        let name = if is_log { door.to_string() } else { format!("{door}.jsonl") };
        files.insert(door, BufWriter::new(File::create(dir.join(name))?));
    }
    let mut written = 0;
    for raw in traffic.take_while(|raw| raw.at_ms < end_ms) {
        let Some(file) = files.get_mut(&raw.door) else { continue };
        file.write_all(&raw.bytes)?;
        if raw.door != Door::QUEUE_LOG {
            file.write_all(b"\n")?;
        }
        written += 1;
    }
    for file in files.values_mut() {
        file.flush()?;
    }
    Ok(written)
}
