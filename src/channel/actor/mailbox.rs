//! The door to an actor: bounded, and closed while its plugin rests.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use crate::channel::input::Delivery;
use crate::channel::reply::Refusal;
use crate::channel::status::{BreakerState, Count, Meter};

/// Hands inputs to a channel's actor. Cheap to clone.
#[derive(Clone)]
pub struct Mailbox {
    pub(super) channel: Arc<str>,
    pub(super) sender: mpsc::Sender<Delivery>,
    pub(super) meter: Arc<Meter>,
    pub(super) resume: Arc<ResumePoint>,
}

impl Mailbox {
    /// One without an actor, and what is put into it.
    #[cfg(test)]
    pub(crate) fn for_test(position: Option<Vec<u8>>) -> (Self, mpsc::Receiver<Delivery>) {
        let (sender, receiver) = mpsc::channel(4);
        let resume = Arc::new(ResumePoint::new(position));
        let meter = Arc::new(Meter::new());
        (Self { channel: "box".into(), sender, meter, resume }, receiver)
    }

    /// Puts an input in without waiting, or says why not.
    pub fn offer(&self, delivery: Delivery) -> Result<(), Refusal> {
        self.check_breaker()?;
        self.sender.try_send(delivery).map_err(|error| match error {
            TrySendError::Full(_) => {
                self.meter.add(Count::Busy, 1);
                Refusal::Busy(self.channel.to_string())
            }
            TrySendError::Closed(_) => Refusal::Stopping,
        })
    }

    /// Puts an input in, waiting for room: for sources that can wait, such as files.
    pub async fn push(&self, delivery: Delivery) -> Result<(), Refusal> {
        self.check_breaker()?;
        self.sender.send(delivery).await.map_err(|_| Refusal::Stopping)
    }

    /// Where a source with positions starts or goes on after a refusal.
    pub fn resume(&self) -> Resume {
        self.resume.get()
    }

    /// Inputs waiting.
    pub fn waiting(&self) -> usize {
        self.sender.max_capacity() - self.sender.capacity()
    }

    fn check_breaker(&self) -> Result<(), Refusal> {
        if self.meter.breaker() == BreakerState::Open {
            self.meter.add(Count::Unavailable, 1);
            return Err(Refusal::PluginUnavailable(self.channel.to_string()));
        }
        Ok(())
    }
}

/// How far a source's inputs are dealt with, for good.
///
/// When an input with a position is refused, what the source sent after it must not be taken
/// either, or it would be lost. So each refusal begins a new `round`: inputs of an older one are
/// refused, until the source asks here where to go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resume {
    /// Goes into [`Position::round`] of what is sent from now on.
    pub round: u64,
    /// The last position that is on disk; none when the source has never been read.
    pub position: Option<Vec<u8>>,
}

impl Resume {
    /// The mark of an input after which the source stands there; `None` for one on the way to
    /// the next place that can be named.
    pub fn position(&self, bytes: Option<Vec<u8>>) -> Position {
        Position { round: self.round, bytes }
    }
}

/// Where a source stands after an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// From the [`Resume`] that the source last asked for.
    pub round: u64,
    /// The source's own words; none when it stands where it stood.
    pub bytes: Option<Vec<u8>>,
}

/// Shared by an actor and its mailboxes.
#[derive(Debug)]
pub(super) struct ResumePoint(Mutex<Resume>);

impl ResumePoint {
    pub(super) fn new(position: Option<Vec<u8>>) -> Self {
        Self(Mutex::new(Resume { round: 0, position }))
    }

    pub(super) fn get(&self) -> Resume {
        self.lock().clone()
    }

    pub(super) fn round(&self) -> u64 {
        self.lock().round
    }

    /// Positions up to here are on disk.
    pub(super) fn advance(&self, position: Vec<u8>) {
        self.lock().position = Some(position);
    }

    /// What is under way is void: the source must ask where to go on.
    pub(super) fn next_round(&self) {
        self.lock().round += 1;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Resume> {
        // A plain value: whoever panicked while holding it left it whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
