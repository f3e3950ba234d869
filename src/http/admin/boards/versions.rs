//! The texts that a board had: who saved which and when, what it differs by from the board of now, and
//! the way back to it. Works without a script.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::super::layout::{Asked, Posted, Sheet, did};
use super::{Boards, Failed, PAGE, place};
use crate::board::edit::difference::{self, Became, Line};
use crate::board::edit::{Came, Held, SaveError, Version};

#[derive(Default, Deserialize)]
pub(super) struct Chosen {
    number: Option<i64>,
}

pub(super) async fn page(
    State(boards): State<Boards>,
    Path(board): Path<String>,
    Query(chosen): Query<Chosen>,
    asked: Asked,
) -> Response {
    shown(&boards, &asked.sheet(PAGE), &board, chosen.number, None).await
}

/// Saves an earlier text over the one that the page was made of.
pub(super) async fn restore(
    State(boards): State<Boards>,
    Path(board): Path<String>,
    Posted { asked, form }: Posted,
) -> Response {
    let sheet = asked.sheet(PAGE);
    let (id, tag, who) = (board.clone(), form.get("tag").to_owned(), sheet.who.name.clone());
    let number: i64 = form.get("number").parse().unwrap_or(0);
    let restored = boards.on_shelf(move |shelf| {
        let text = shelf.version(&id, number)?.ok_or_else(|| SaveError::Unknown(id.clone()))?;
        shelf.save(&id, &text, &tag, &who).map(drop)
    });
    match restored.await {
        Ok(()) => {
            let response = Redirect::to(&place(&sheet, &board, "/versions")).into_response();
            did(response, &board, None)
        }
        Err(failed) => {
            let page = shown(&boards, &sheet, &board, Some(number), Some(&failed)).await;
            failed.told(page, &board)
        }
    }
}

/// What the page is made of.
struct Shelved {
    held: Held,
    versions: Vec<Version>,
    /// The chosen one, and what it differs by from now.
    chosen: Option<(Version, Vec<Line>)>,
}

async fn shown(
    boards: &Boards,
    sheet: &Sheet<'_>,
    board: &str,
    number: Option<i64>,
    failed: Option<&Failed>,
) -> Response {
    let id = board.to_owned();
    let looked = boards.on_shelf(move |shelf| {
        let held = shelf.held(&id)?;
        let versions = shelf.versions_of(&id)?;
        let found = versions.iter().find(|it| Some(it.number) == number).cloned();
        let chosen = match found {
            Some(version) => {
                let text = shelf.version(&id, version.number)?.unwrap_or_default();
                Some((version, difference::between(&held.text, &text)))
            }
            None => None,
        };
        Ok(Shelved { held, versions, chosen })
    });
    let language = sheet.language();
    let shelved = match looked.await {
        Ok(shelved) => shelved,
        Err(failed) => {
            let why = failed.sentence(language);
            return sheet.show(failed.status(), Some(&why), &html! {});
        }
    };
    let wrong = failed.map(|failed| failed.sentence(language));
    let status = failed.map_or(StatusCode::OK, Failed::status);
    sheet.show(status, wrong.as_deref(), &body(sheet, board, &shelved))
}

fn body(sheet: &Sheet<'_>, board: &str, shelved: &Shelved) -> Markup {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    html! {
        p.lead {
            (say("editor-versions-what")) " "
            a href=(place(sheet, board, "")) { (say("editor-edit")) " " code { (board) } }
        }
        @if let Some((version, lines)) = &shelved.chosen { (chosen(sheet, board, shelved, version, lines)) }
        @if shelved.versions.is_empty() { p { (say("editor-versions-none")) } } @else {
            div.scroll tabindex="0" { table {
                thead { tr {
                    th scope="col" { (say("editor-when")) }
                    th scope="col" { (say("editor-who")) }
                    th scope="col" { (say("editor-version")) }
                } }
                tbody { @for version in &shelved.versions {
                    tr {
                        th scope="row" { @if version.at_ms > 0 { (sheet.moment(version.at_ms)) } @else { "–" } }
                        td { (came(sheet, version)) }
                        td { @if version.tag == shelved.held.tag { (say("editor-now")) } @else {
                            a href={ (place(sheet, board, "/versions")) "?number=" (version.number) } {
                                (say("editor-look"))
                                span.unseen { " " (sheet.moment(version.at_ms)) " #" (version.number) }
                            }
                        } }
                    }
                } }
            } }
        }
    }
}

fn came(sheet: &Sheet<'_>, version: &Version) -> String {
    match version.came {
        Came::Saved => version.who.clone(),
        Came::Found => sheet.language().say("editor-by-hand"),
        Came::Shipped => sheet.language().say("editor-shipped"),
    }
}

fn chosen(
    sheet: &Sheet<'_>,
    board: &str,
    shelved: &Shelved,
    version: &Version,
    lines: &[Line],
) -> Markup {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    html! {
        section.panel {
            h2 { (say("editor-difference")) }
            p.soft { (came(sheet, version)) @if version.at_ms > 0 { " · " (sheet.moment(version.at_ms)) } }
            @if lines.is_empty() { p { (say("editor-same")) } } @else { (drawn(lines)) }
            form method="post" action=(place(sheet, board, "/restore")) {
                (sheet.token())
                input type="hidden" name="number" value=(version.number);
                input type="hidden" name="tag" value=(shelved.held.tag);
                p { button type="submit" { (say("editor-restore")) } }
            }
        }
    }
}

/// What became of each line is said by a mark, too, not by colour alone.
fn drawn(lines: &[Line]) -> Markup {
    html! {
        pre.difference tabindex="0" {
            @for line in lines {
                @let (class, mark) = match line.is {
                    Became::Same => ("same", "  "),
                    Became::Gone => ("gone", "- "),
                    Became::New => ("new", "+ "),
                    Became::Gap => ("gap", "…"),
                };
                span class=(class) { (mark) (line.text) "\n" }
            }
        }
    }
}
