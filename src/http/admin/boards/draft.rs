//! What the editor's script asks for: an act done to its text, how the text would look on a wall, and
//! to save it.

use std::sync::{Arc, PoisonError};

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::super::super::Problem;
use super::super::layout::did;
use super::sent::Sent;
use super::{Boards, DRAFTS_MAX, Failed, PAGE};
use crate::assets;
use crate::board::edit::{Change, ChangeError, Draft, SaveError, apply, difference, look};
use crate::board::file::{Board, FILE_BYTES_MAX, Named, TILES_MAX};
use crate::board::hub::HubHandle;
use crate::board::made_up::{Center, State as Fares};
use crate::board::sketch;
use crate::language::Language;

/// A text, and what is to be done with it.
#[derive(Deserialize)]
pub(super) struct Question {
    text: String,
    /// An act that is done to it first.
    #[serde(default)]
    change: Option<Change>,
    /// Whose numbers it is shown with; none where nobody looks.
    #[serde(default)]
    show: Option<Show>,
    /// The number that its picture gets.
    #[serde(default)]
    seq: u64,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Show {
    /// The contact center's own.
    Live,
    Quiet,
    Busy,
    Red,
    Stale,
}

/// Changes a text, reads it, and draws it.
pub(super) async fn draft(
    State(boards): State<Boards>,
    Path(board): Path<String>,
    Sent { asked, body: question }: Sent<Question>,
) -> Result<Response, Problem> {
    let Question { text, change, show, seq } = question;
    let text = match &change {
        None => text,
        Some(change) => apply(&text, change).map_err(|error| {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let why = sentence(error, asked.sheet(PAGE).language());
            Problem::new(status, "not-changed", "Not changed", why)
        })?,
    };
    if text.len() as u64 > FILE_BYTES_MAX {
        let detail = format!("a board's file has at most {FILE_BYTES_MAX} bytes");
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        return Err(Problem::new(status, "too-large", "Board too large", detail));
    }
    let looked = look(&board, &text, &boards.known());
    let (mut frame, mut uncounted) = (None, Vec::new());
    match (show, looked.board) {
        (Some(Show::Live), Some(read)) => {
            let read = boards.seen(&board, &text, of_one(read, &boards.desk.hub));
            let drawn = boards.desk.hub.look(move |scene, engine| {
                let language = read.language(scene.site);
                let of_board = crate::board::figures::Scene { board: &read.id, language, ..*scene };
                let frame = sketch(&read, &of_board, seq, assets::build_id());
                let is_dark = |tile: &&crate::board::file::Placed| {
                    tile.tile.selectors().into_iter().any(|selector| !engine.is_live(selector))
                };
                let dark = read.tiles.iter().filter(is_dark).map(|tile| tile.id.clone());
                (frame, dark.collect())
            });
            let (drawn, dark): (_, Vec<String>) = drawn.await?;
            (frame, uncounted) = (Some(drawn), dark);
        }
        (Some(show), Some(read)) => {
            let fares = match show {
                Show::Quiet => Fares::Quiet,
                Show::Busy | Show::Live => Fares::Busy,
                Show::Red => Fares::Red,
                Show::Stale => Fares::Stale,
            };
            frame = boards.made_up(read, looked.names, fares).await;
        }
        (_, _) => {}
    }
    Ok(answer(&text, &looked.draft, frame.as_ref().map(|it| it.snapshot().as_str()), &uncounted))
}

fn sentence(error: ChangeError, language: Language) -> String {
    match error {
        ChangeError::NoToml | ChangeError::InList => language.say("editor-not-whole"),
        ChangeError::NotKept => language.say("editor-not-kept"),
        ChangeError::NoPlace => language.say("editor-no-place"),
        ChangeError::TooMany => language.tell("editor-too-many", [("count", TILES_MAX.into())]),
        // Another act was done meanwhile, or the page is older than the server.
        ChangeError::NoTile | ChangeError::NoType => language.say("editor-gone"),
    }
}

/// As JSON; the picture is JSON already.
fn answer(text: &str, draft: &Draft, frame: Option<&str>, uncounted: &[String]) -> Response {
    let rest = json!({ "text": text, "draft": draft, "uncounted": uncounted }).to_string();
    let rest = rest.strip_prefix('{').unwrap_or_default();
    let body = format!("{{\"frame\":{},{rest}", frame.unwrap_or("null"));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

impl Boards {
    /// The board of a text that was looked at before, which has learnt more, or this one.
    fn seen(&self, board: &str, text: &str, read: Board) -> Arc<Board> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let known = seen.iter().find(|((id, was), _)| id == board && was == text);
        if let Some((_, known)) = known {
            return Arc::clone(known);
        }
        let read = Arc::new(read);
        seen.truncate(DRAFTS_MAX - 1);
        seen.push_front(((board.to_owned(), text.to_owned()), Arc::clone(&read)));
        read
    }

    async fn made_up(
        &self,
        board: Board,
        names: Vec<Named>,
        fares: Fares,
    ) -> Option<crate::board::frame::Frame> {
        let (site, images) = (self.desk.hub.site(), self.desk.hub.images());
        let drawn = spawn_blocking(move || {
            let center = Center::new((*site).clone(), &board, &names, fares, images);
            center.picture(board, assets::build_id())
        });
        drawn.await.ok().flatten()
    }
}

/// A board with a parameter is drawn for the first thing that it can be opened for.
fn of_one(board: Board, hub: &HubHandle) -> Board {
    let Some(template) = &board.template else { return board };
    let first = hub.choices(&board.id).and_then(|(_, choices)| choices.into_iter().next());
    let made = first.and_then(|it| template.with(&board.id, &it.name, &it.title).ok());
    made.unwrap_or(board)
}

/// A text to be saved over the one with that tag.
#[derive(Deserialize)]
pub(super) struct Save {
    text: String,
    tag: String,
}

/// Saves a text. One that was changed meanwhile is told with the difference, one with mistakes with each
/// of them.
pub(super) async fn save(
    State(boards): State<Boards>,
    Path(board): Path<String>,
    Sent { asked, body }: Sent<Save>,
) -> Response {
    let sheet = asked.sheet(PAGE);
    let language = sheet.language();
    let Save { text, tag } = body;
    let (id, saved, who) = (board.clone(), text.clone(), sheet.who.name.clone());
    let failed = match boards.on_shelf(move |shelf| shelf.save(&id, &saved, &tag, &who)).await {
        Ok(tag) => return did(Json(json!({ "tag": tag })).into_response(), &board, None),
        Err(failed) => failed,
    };
    let status = failed.status();
    let told: Value = match &failed {
        Failed::Shelf(SaveError::Changed(held)) => {
            let lines = difference::between(&text, &held.text);
            json!({ "changed": { "tag": held.tag, "text": held.text, "difference": lines } })
        }
        Failed::Shelf(SaveError::Invalid(_)) => {
            json!({ "draft": look(&board, &text, &boards.known()).draft })
        }
        other => return failed.told(other.problem(language).into_response(), &board),
    };
    failed.told((status, Json(told)).into_response(), &board)
}
