//! What everybody else knows of the hub: the boards' frames, and how to ask the engine something.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{mpsc, oneshot, watch};

use super::figures::Site;
use super::frame::{Frame, Listed, Published};
use super::framing::Framing;
use super::images::Images;
use super::notice::Notice;
use super::tile::Explained;
use crate::engine::Engine;
use crate::event::UnixMs;
use crate::journal::Sequence;

/// Questions waiting; more are refused.
pub(super) const QUESTIONS_MAX: usize = 256;

pub(super) type Question = Box<dyn FnOnce(&mut Engine, UnixMs) + Send>;

/// What everybody else knows of the hub.
#[derive(Clone)]
pub struct HubHandle {
    pub(super) questions: mpsc::Sender<Question>,
    pub(super) published: Arc<Published>,
    pub(super) applied: Arc<AtomicU64>,
    pub(super) notice: watch::Receiver<Option<Notice>>,
    pub(super) site: watch::Receiver<Arc<Site>>,
}

/// Why a question got no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// Too many questions are waiting.
    #[error("{QUESTIONS_MAX} questions are waiting already: try again later")]
    Busy,
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopped,
}

impl HubHandle {
    /// Asks the engine something; the answer is as of the moment between two events.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Engine, UnixMs) -> T + Send + 'static,
    ) -> Result<T, AskError> {
        let (answer, answered) = oneshot::channel();
        let question: Question = Box::new(move |engine, now_ms| {
            // The asker may have gone; then nobody needs the answer.
            let _ = answer.send(question(engine, now_ms));
        });
        self.questions.try_send(question).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => AskError::Busy,
            mpsc::error::TrySendError::Closed(_) => AskError::Stopped,
        })?;
        answered.await.map_err(|_| AskError::Stopped)
    }

    /// A board's frames, from the newest on.
    pub fn frames(&self, board: &str) -> Option<watch::Receiver<Arc<Frame>>> {
        self.published.watch(board)
    }

    /// A board's newest frame.
    pub fn newest(&self, board: &str) -> Option<Arc<Frame>> {
        self.published.newest(board)
    }

    /// A board's tiles that show figures, and which.
    pub fn explained(&self, board: &str) -> Option<Arc<[Explained]>> {
        self.published.explained(board)
    }

    /// Every board.
    pub fn boards(&self) -> Vec<Listed> {
        self.published.list()
    }

    /// The pictures that boards may show.
    pub fn images(&self) -> Arc<Images> {
        self.published.images()
    }

    /// The pages that tiles show.
    pub fn pages(&self) -> Arc<Vec<String>> {
        self.published.pages()
    }

    /// Which of them let themselves be shown: at the next tick their tiles say so.
    pub fn keep_framing(&self, framing: Framing) {
        self.published.keep_framing(framing);
    }

    /// What whoever reads numbers must know of the server itself.
    pub fn notice(&self) -> Option<Notice> {
        *self.notice.borrow()
    }

    /// The site as it is called now.
    pub fn site(&self) -> Arc<Site> {
        Arc::clone(&self.site.borrow())
    }

    /// The last event that the engine has seen.
    pub fn applied(&self) -> Sequence {
        self.applied.load(Ordering::Acquire)
    }
}
