//! `/admin/boards`: which boards there are, and their editor. Pages are made here; the editor's script is
//! the front end's (`dashboards/app/src/editor`) and asks here for all that it shows.
//!
//! What is edited stays with who edits it until it is saved: a draft is a text that comes with each
//! question. It is shown by the boards' own code, and has nothing counted that was not before.

mod draft;
mod editor;
mod list;
mod sent;
mod versions;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::FromRef;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use tokio::sync::watch;
use tokio::task::spawn_blocking;

use super::super::Problem;
use super::Desk;
use super::layout::{Sheet, did};
use crate::board::edit::{SaveError, Shelf};
use crate::board::file::Board;
use crate::board::unknown::Known;
use crate::config::model::Config;
use crate::language::Language;

/// The pages' place among the others.
const PAGE: &str = "admin/boards";
/// Drafts that were looked at last: of each its tiles go on learning about past hours.
const DRAFTS_MAX: usize = 16;

/// What the editor needs of the server.
#[derive(Clone)]
pub struct BoardDesk {
    /// The folder of boards, and their earlier texts.
    pub shelf: Arc<Shelf>,
    /// The config that holds, for names that boards can select by.
    pub in_force: watch::Receiver<Arc<Config>>,
}

/// A draft that was looked at, by board and text.
type Seen = ((String, String), Arc<Board>);

#[derive(Clone)]
struct Boards {
    desk: Arc<Desk>,
    boards: BoardDesk,
    seen: Arc<Mutex<VecDeque<Seen>>>,
}

impl FromRef<Boards> for Arc<Desk> {
    fn from_ref(boards: &Boards) -> Self {
        Arc::clone(&boards.desk)
    }
}

pub(super) fn routes(desk: &Arc<Desk>, boards: BoardDesk) -> Router {
    Router::new()
        .route("/admin/boards", get(list::page).post(list::create))
        .route("/admin/boards/{board}", get(editor::page).post(draft::save))
        .route("/admin/boards/{board}/desk", get(editor::desk))
        .route("/admin/boards/{board}/draft", post(draft::draft))
        .route("/admin/boards/{board}/remove", post(list::remove))
        .route("/admin/boards/{board}/versions", get(versions::page))
        .route("/admin/boards/{board}/restore", post(versions::restore))
        .route("/admin/wall/{board}", get(editor::wall))
        .route("/admin/images/{address}", get(editor::image))
        .with_state(Boards { desk: Arc::clone(desk), boards, seen: Arc::default() })
}

impl Boards {
    /// Does something with the folder, on a thread that may block.
    async fn on_shelf<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Shelf) -> Result<T, SaveError> + Send + 'static,
    ) -> Result<T, Failed> {
        let shelf = Arc::clone(&self.boards.shelf);
        let done = spawn_blocking(move || work(&shelf)).await;
        done.map_err(|_| Failed::Broken)?.map_err(Failed::Shelf)
    }

    fn known(&self) -> Known {
        Known::of(&self.boards.in_force.borrow())
    }
}

/// Why the folder gave no answer.
enum Failed {
    Shelf(SaveError),
    /// The thread did not end well, which its hook has reported.
    Broken,
}

impl Failed {
    /// In the words of a page.
    fn sentence(&self, language: Language) -> String {
        let say = |words: &str| language.say(words);
        match self {
            Failed::Shelf(SaveError::NoFolder) => say("editor-no-folder"),
            Failed::Shelf(SaveError::BadName(_)) => say("editor-bad-name"),
            Failed::Shelf(SaveError::Taken(_)) => say("editor-taken"),
            Failed::Shelf(SaveError::Changed(_)) => say("editor-changed"),
            Failed::Shelf(SaveError::Invalid(problems)) => {
                let each: Vec<String> = problems.iter().map(ToString::to_string).collect();
                format!("{} {}", say("editor-invalid"), each.join("; "))
            }
            // A file's name and what the disk says: the same in all languages.
            Failed::Shelf(error) => error.to_string(),
            Failed::Broken => say("editor-broken"),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Failed::Shelf(SaveError::NoFolder | SaveError::Changed(_) | SaveError::Taken(_)) => {
                StatusCode::CONFLICT
            }
            Failed::Shelf(SaveError::Unknown(_) | SaveError::NoTemplate(_)) => {
                StatusCode::NOT_FOUND
            }
            Failed::Shelf(SaveError::BadName(_) | SaveError::Invalid(_)) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Failed::Shelf(SaveError::Disk { .. } | SaveError::Versions(_)) | Failed::Broken => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }

    /// For the audit log, short: a word, not a file's content.
    fn word(&self) -> String {
        match self {
            Failed::Shelf(SaveError::Invalid(_)) => "invalid".to_owned(),
            Failed::Shelf(error) => error.to_string(),
            Failed::Broken => "failed".to_owned(),
        }
    }

    /// For a script.
    fn problem(&self, language: Language) -> Problem {
        Problem::new(self.status(), "not-saved", "Not saved", self.sentence(language))
    }

    /// For a page that has a form, which is shown again.
    fn told(&self, response: Response, board: &str) -> Response {
        did(response, board, Some(self.word()))
    }
}

/// Where a page of the editor is, from that page's own address.
fn place(sheet: &Sheet<'_>, board: &str, rest: &str) -> String {
    format!("{}{PAGE}/{board}{rest}", sheet.up())
}
