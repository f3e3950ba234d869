//! The way from a link's task to the actor: in order, and bounded by bytes.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::Ended;
use crate::channel::input::FrameContent;

/// What a link's task tells.
pub(in crate::channel) struct Told {
    /// Of which connection: one that was replaced is no longer listened to.
    pub(in crate::channel) id: u64,
    pub(in crate::channel) what: What,
}

pub(in crate::channel) enum What {
    /// It has waited for its turn.
    Connecting,
    Up {
        protocol: Option<String>,
        headers: Vec<(String, String)>,
    },
    /// Its place is given back when the plugin has had it.
    Frame(FrameContent, OwnedSemaphorePermit),
    /// Nothing follows. `lived` says how long it was up, if it was.
    Down {
        ended: Ended,
        lived: Option<Duration>,
    },
}

/// The actor is gone.
#[derive(Debug)]
pub(super) struct Unheard;

pub(super) struct Inbox {
    id: u64,
    sender: mpsc::Sender<Told>,
    /// Bytes that may wait.
    room: Arc<Semaphore>,
    room_max: usize,
}

impl Inbox {
    pub(super) fn new(id: u64, sender: mpsc::Sender<Told>, frame_bytes_max: usize) -> Self {
        let room_max = frame_bytes_max.clamp(1, Semaphore::MAX_PERMITS);
        Self { id, sender, room: Arc::new(Semaphore::new(room_max)), room_max }
    }

    pub(super) async fn tell(&self, what: What) -> Result<(), Unheard> {
        self.sender.send(Told { id: self.id, what }).await.map_err(|_| Unheard)
    }

    /// Waits until there is room. What takes the place of secrets may make a frame longer than the
    /// limit: then it takes all the room.
    pub(super) async fn frame(&self, content: FrameContent) -> Result<(), Unheard> {
        let bytes = content.bytes().len().clamp(1, self.room_max);
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        // It is never closed.
        let room = Arc::clone(&self.room).acquire_many_owned(bytes).await.map_err(|_| Unheard)?;
        self.tell(What::Frame(content, room)).await
    }
}
