//! Tails a file line by line: through rotation (rename or copy and truncate), restarts and
//! times without a file; no line is lost and none comes under a second name.
//!
//! [`run`] reads with a [`Tail`] and hands [`Batch`]es to the channel's actor. A batch carries
//! the cursor that holds after it: the actor gives both the events and the cursor to the
//! journal in one append, and fulfils `done` when they are on disk. Only a few batches are
//! under way at a time; while the actor is busy, nothing is read.

mod copy;
mod identity;
mod open;
mod tail;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

pub use self::tail::Tail;

/// Batches that are handed over and not yet on disk.
const BATCHES_UNDER_WAY_MAX: usize = 4;
/// How often a file that has no news is looked at.
pub const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Wait before another try when the disk or the consumer failed.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// What to tail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `channel.NAME.file`
    pub path: PathBuf,
    /// `channel.NAME.line_bytes_max`
    pub line_bytes_max: usize,
    /// How often to look; [`LOOK_EVERY`] but in tests.
    pub look_every: Duration,
}

/// One thing that a file gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A line without its line end. `file` and `offset` name it for ever.
    Line {
        /// The file's name for good: the same through renames and copies.
        file: Arc<str>,
        /// Byte where the line begins.
        offset: u64,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// A line longer than `line_bytes_max`: for the quarantine.
    LongLine {
        /// As of a line.
        file: Arc<str>,
        /// As of a line.
        offset: u64,
        /// Its whole length in bytes.
        length: u64,
        /// Its first `line_bytes_max` bytes.
        head: Vec<u8>,
    },
    /// The file is there and is being read.
    Connected,
    /// The file is missing or cannot be read; why.
    Disconnected(String),
    /// Lines may be missing; why. The feed has a gap.
    Gap(String),
}

/// Items in the order of the file, and where the source stands after them.
#[derive(Debug)]
pub struct Batch {
    /// May be empty when only the cursor moves.
    pub items: Vec<Item>,
    /// For the journal, part `source`, in the same append as the events; none when it stays.
    pub cursor: Option<Vec<u8>>,
    /// Grows each time that the source starts again from its last durable cursor. A consumer
    /// that gave up on a batch must drop those of the same attempt that follow it, because
    /// their cursors lie behind the lost lines.
    pub attempt: u64,
    /// To be fulfilled when events and cursor are on disk. Dropped: the batch is given again.
    pub done: oneshot::Sender<()>,
}

/// Tails until the consumer is gone. `cursor` is what the journal kept.
pub async fn run(settings: Settings, cursor: Option<Vec<u8>>, sink: mpsc::Sender<Batch>) {
    let look_every = settings.look_every;
    let mut durable = cursor;
    let mut attempt = 0;
    loop {
        let tail = Tail::new(settings.path.clone(), settings.line_bytes_max, durable.as_deref());
        match deliver(tail, &sink, attempt, look_every, &mut durable).await {
            End::ConsumerGone => return,
            End::BatchLost => attempt += 1,
        }
        tokio::time::sleep(RETRY_AFTER).await;
    }
}

enum End {
    ConsumerGone,
    BatchLost,
}

/// Reads and hands over until a batch is lost; keeps `durable` at the last cursor on disk.
async fn deliver(
    mut tail: Tail,
    sink: &mpsc::Sender<Batch>,
    attempt: u64,
    look_every: Duration,
    durable: &mut Option<Vec<u8>>,
) -> End {
    let mut under_way = VecDeque::new();
    loop {
        // A file on a network may hang: not on the runtime's threads.
        let step = tokio::task::spawn_blocking(move || {
            let chunk = tail.read();
            (tail, chunk)
        });
        let chunk = match step.await {
            Ok((same, chunk)) => {
                tail = same;
                chunk
            }
            Err(_) => return End::BatchLost, // the step panicked; start from what is durable
        };
        let idle = !chunk.more;
        if !chunk.items.is_empty() || chunk.cursor.is_some() {
            let (done, told) = oneshot::channel();
            let (items, cursor) = (chunk.items, chunk.cursor);
            under_way.push_back((told, cursor.clone()));
            if sink.send(Batch { items, cursor, attempt, done }).await.is_err() {
                return End::ConsumerGone;
            }
        }
        let pause = tokio::time::sleep(if idle { look_every } else { Duration::ZERO });
        tokio::pin!(pause);
        loop {
            let full = under_way.len() >= BATCHES_UNDER_WAY_MAX;
            let oldest = async {
                match under_way.front_mut() {
                    Some((told, _)) => told.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                told = oldest => {
                    let cursor = under_way.pop_front().and_then(|(_, cursor)| cursor);
                    match told {
                        Ok(()) if cursor.is_some() => *durable = cursor,
                        Ok(()) => {}
                        Err(_) if sink.is_closed() => return End::ConsumerGone,
                        Err(_) => return End::BatchLost,
                    }
                }
                () = sink.closed() => return End::ConsumerGone,
                () = &mut pause, if !full => break,
            }
        }
    }
}

#[cfg(test)]
mod tests;
