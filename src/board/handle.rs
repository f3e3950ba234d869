//! What everybody else knows of the hub: the boards' frames, and how to ask the engine something.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::{mpsc, oneshot, watch};

use super::figures::{Scene, Site};
use super::frame::{Choice, Frame, Listed, Published};
use super::framing::Framing;
use super::images::Images;
use super::notice::Notice;
use super::parameter::{self, Parameter};
use super::tile::Explained;
use crate::engine::Engine;
use crate::event::UnixMs;
use crate::journal::Sequence;

/// Questions waiting; more are refused.
pub(super) const QUESTIONS_MAX: usize = 256;

type AskEngine = Box<dyn FnOnce(&mut Engine, UnixMs) + Send>;
type AskScene = Box<dyn FnOnce(&Scene<'_>, &Engine) + Send>;

/// What the hub is asked.
pub(super) enum Question {
    /// Something of the engine.
    Engine(AskEngine),
    /// What tiles would look at, in the site's language; nothing is counted because of it.
    Scene(AskScene),
}

/// Boards that somebody wants opened; more are refused.
pub(super) const WISHES_MAX: usize = 64;

/// Somebody wants a board opened, and how they are answered.
pub(super) struct Wish {
    pub(super) id: String,
    pub(super) answer: Option<oneshot::Sender<Result<(), NotOpen>>>,
}

/// What everybody else knows of the hub.
#[derive(Clone)]
pub struct HubHandle {
    pub(super) questions: mpsc::Sender<Question>,
    pub(super) wishes: mpsc::Sender<Wish>,
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

/// Why a board of a template was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotOpen {
    /// No file of that name leaves anything open, or there is no such queue (channel, policy, topic).
    #[error("there is no such board")]
    Unknown,
    /// As many are open, and all are looked at.
    #[error(
        "{instances_max} boards of files with parameters are open, and screens show all of them (boards.instances_max)"
    )]
    Full {
        /// The limit.
        instances_max: usize,
    },
    /// Too many wait for theirs, or the server is stopping.
    #[error("{0}")]
    NoAnswer(#[from] AskError),
}

impl HubHandle {
    /// Opens the board of a template: `queue:support`. One that is open stays so for a while longer.
    pub async fn open(&self, board: &str) -> Result<(), NotOpen> {
        let (answer, answered) = oneshot::channel();
        self.wish(board, Some(answer))?;
        answered.await.map_err(|_| NotOpen::NoAnswer(AskError::Stopped))?
    }

    /// The same without waiting for it: somebody asks again.
    pub fn open_soon(&self, board: &str) {
        let _ = self.wish(board, None);
    }

    fn wish(
        &self,
        board: &str,
        answer: Option<oneshot::Sender<Result<(), NotOpen>>>,
    ) -> Result<(), AskError> {
        let wish = Wish { id: board.to_owned(), answer };
        self.wishes.try_send(wish).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => AskError::Busy,
            mpsc::error::TrySendError::Closed(_) => AskError::Stopped,
        })
    }

    /// What the file of a board leaves open, and what it can be opened for; nothing where it is one board.
    pub fn choices(&self, board: &str) -> Option<(Parameter, Vec<Choice>)> {
        let parameter = self.published.parameter(board)?;
        let choices = self.published.choices().get(&parameter.kind).cloned().unwrap_or_default();
        Some((parameter, choices))
    }

    /// Whether a board can be shown, now or once somebody opens it.
    pub fn can_show(&self, board: &str) -> bool {
        if let Some((file, value)) = parameter::split(board) {
            let choices = self.choices(file);
            return choices.is_some_and(|(_, known)| known.iter().any(|it| it.name == value));
        }
        self.boards().iter().any(|listed| listed.id == board && listed.each.is_none())
    }

    /// Asks the engine something; the answer is as of the moment between two events.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Engine, UnixMs) -> T + Send + 'static,
    ) -> Result<T, AskError> {
        let (answer, answered) = oneshot::channel();
        // The asker may have gone; then nobody needs the answer.
        let question =
            move |engine: &mut Engine, now_ms| drop(answer.send(question(engine, now_ms)));
        self.put(Question::Engine(Box::new(question)))?;
        answered.await.map_err(|_| AskError::Stopped)
    }

    /// Looks at what the boards' tiles look at, as of now: how a board that nobody shows would look.
    pub async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Scene<'_>, &Engine) -> T + Send + 'static,
    ) -> Result<T, AskError> {
        let (answer, answered) = oneshot::channel();
        let look = move |scene: &Scene<'_>, engine: &Engine| drop(answer.send(look(scene, engine)));
        self.put(Question::Scene(Box::new(look)))?;
        answered.await.map_err(|_| AskError::Stopped)
    }

    fn put(&self, question: Question) -> Result<(), AskError> {
        self.questions.try_send(question).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => AskError::Busy,
            mpsc::error::TrySendError::Closed(_) => AskError::Stopped,
        })
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
