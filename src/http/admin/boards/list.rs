//! The list: every board with its picture, and a new one from a template. Works without a script.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::super::super::home::thumbnail;
use super::super::layout::{Asked, Posted, Sheet, did};
use super::{Boards, Failed, PAGE, place};
use crate::board::edit::{Held, Origin, SaveError, templates};
use crate::board::frame::Listed;

/// What the list is told of each board's file.
type Files = BTreeMap<String, Held>;

pub(super) async fn page(State(boards): State<Boards>, asked: Asked) -> Response {
    shown(&boards, &asked.sheet(PAGE), StatusCode::OK, None).await
}

/// A new board; then its editor.
pub(super) async fn create(
    State(boards): State<Boards>,
    Posted { asked, form }: Posted,
) -> Response {
    let sheet = asked.sheet(PAGE);
    let name = form.get("name").trim().to_owned();
    let (id, template) = (name.clone(), form.get("template").to_owned());
    let who = sheet.who.name.clone();
    match boards.on_shelf(move |shelf| shelf.create(&id, &template, &who)).await {
        Ok(()) => {
            let response = Redirect::to(&place(&sheet, &name, "")).into_response();
            did(response, &name, None)
        }
        Err(failed) => refused(&boards, &sheet, &failed, &name).await,
    }
}

pub(super) async fn remove(
    State(boards): State<Boards>,
    Path(board): Path<String>,
    Posted { asked, form }: Posted,
) -> Response {
    let sheet = asked.sheet(PAGE);
    let (id, tag) = (board.clone(), form.get("tag").to_owned());
    match boards.on_shelf(move |shelf| shelf.remove(&id, &tag)).await {
        Ok(()) => sheet.back(&board),
        Err(failed) => refused(&boards, &sheet, &failed, &board).await,
    }
}

async fn refused(boards: &Boards, sheet: &Sheet<'_>, failed: &Failed, board: &str) -> Response {
    let why = failed.sentence(sheet.language());
    let page = shown(boards, sheet, failed.status(), Some(&why)).await;
    failed.told(page, board)
}

async fn shown(
    boards: &Boards,
    sheet: &Sheet<'_>,
    status: StatusCode,
    wrong: Option<&str>,
) -> Response {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let listed = sheet.desk.hub.boards();
    let ids: Vec<String> = listed.iter().map(|board| board.id.clone()).collect();
    let files = boards
        .on_shelf(move |shelf| {
            let read = |id: String| Some((id.clone(), shelf.held(&id).ok()?));
            Ok::<Files, SaveError>(ids.into_iter().filter_map(read).collect())
        })
        .await;
    let files = files.unwrap_or_default();
    let has_folder = boards.boards.shelf.has_folder();
    let body = html! {
        p.lead { (say("editor-lead")) }
        @if has_folder {
            form.panel.row method="post" action={ (sheet.up()) (PAGE) } {
                h2 { (say("editor-new")) }
                (sheet.token())
                label { span { (say("editor-new-name")) }
                    input type="text" name="name" required pattern="[A-Za-z0-9_\\-]+" maxlength="64"
                        placeholder="sales-team"; }
                label { span { (say("editor-new-from")) }
                    select name="template" {
                        @for template in templates::names() { option value=(template) { (template) } }
                    } }
                button type="submit" { (say("editor-new-make")) }
            }
        } @else {
            p.hint { (say("editor-no-folder")) }
        }
        ul.boards { @for board in &listed { li { (card(sheet, board, files.get(&board.id))) } } }
    };
    sheet.show(status, wrong, &body)
}

fn card(sheet: &Sheet<'_>, board: &Listed, held: Option<&Held>) -> Markup {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let (state, words) = match (&board.problem, board.shown) {
        (None, _) => ("state", "page-file-ok"),
        (Some(_), true) => ("state bad", "page-file-bad-shown"),
        (Some(_), false) => ("state bad", "page-file-bad"),
    };
    let own = held.filter(|held| matches!(held.origin, Origin::File(_)));
    html! {
        a href=(place(sheet, &board.id, "")) {
            @if let Some(frame) = sheet.desk.hub.newest(&board.id) { (thumbnail::of(frame.snapshot())) }
            h2 { (board.title) }
        }
        p { span { code { (board.id) } } span class=(state) { (say(words)) } }
        p.soft { (say(if own.is_some() { "editor-own" } else { "editor-shipped" })) }
        @if let Some(problem) = &board.problem { pre { (problem) } }
        p {
            a.inline href=(place(sheet, &board.id, "")) { (say("editor-edit"))
                span.unseen { ": " (board.title) } }
            " · "
            a.inline href=(place(sheet, &board.id, "/versions")) { (say("editor-versions"))
                span.unseen { ": " (board.title) } }
        }
        @if let Some(held) = own {
            details {
                summary { (say("editor-remove")) span.unseen { ": " (board.title) } }
                p { (say("editor-remove-what")) }
                form method="post" action=(place(sheet, &board.id, "/remove")) {
                    (sheet.token())
                    input type="hidden" name="tag" value=(held.tag);
                    button.danger type="submit" {
                        (language.tell("editor-remove-sure", [("board", board.id.as_str().into())]))
                    }
                }
            }
        }
    }
}
