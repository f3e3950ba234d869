//! Traffic into files instead of doors: to read it, to feed `tablica plugin run`, and to prove
//! that a seed repeats it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::event::UnixMs;

use super::traffic::{Door, Raw};

/// Writes everything before `end_ms` to `telegram.jsonl`, `webform.jsonl` (one body a line) and
/// `queue_log` in the folder. Returns how many messages that were.
pub fn write(traffic: impl Iterator<Item = Raw>, end_ms: UnixMs, dir: &Path) -> io::Result<u64> {
    fs::create_dir_all(dir)?;
    let open = |name: &str| File::create(dir.join(name)).map(BufWriter::new);
    let mut telegram = open("telegram.jsonl")?;
    let mut webform = open("webform.jsonl")?;
    let mut queue_log = open("queue_log")?;
    let mut written = 0;
    for raw in traffic.take_while(|raw| raw.at_ms < end_ms) {
        let (file, line_end): (_, &[u8]) = match raw.door {
            Door::Telegram => (&mut telegram, b"\n"),
            Door::WebForm => (&mut webform, b"\n"),
            Door::QueueLog => (&mut queue_log, b""),
        };
        file.write_all(&raw.bytes)?;
        file.write_all(line_end)?;
        written += 1;
    }
    for mut file in [telegram, webform, queue_log] {
        file.flush()?;
    }
    Ok(written)
}
