//! The editor's page, all that it begins with, and the wall within it.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use maud::html;
use serde_json::{Map, Value, json};

use super::super::super::headers::{with_editor, with_preview};
use super::super::super::{Problem, forms, images, page as pages, shell};
use super::super::layout::Asked;
use super::{Boards, PAGE, place};
use crate::assets;
use crate::board::edit::{Held, Origin};
use crate::board::{schema, tile};
use crate::kpi;
use crate::language::Language;

const SCRIPT: &str = "editor.js";
const STYLE: &str = "editor.css";

/// What the script says to people; each is `editor-` and the word.
const WORDS: &[&str] = &[
    "editor-add",
    "editor-add-what",
    "editor-all",
    "editor-apply",
    "editor-board",
    "editor-busy",
    "editor-changed",
    "editor-copy",
    "editor-count",
    "editor-discard",
    "editor-doubts",
    "editor-grid",
    "editor-grid-how",
    "editor-is-saved",
    "editor-item-add",
    "editor-item-remove",
    "editor-item-up",
    "editor-keys",
    "editor-live",
    "editor-made-up",
    "editor-no",
    "editor-no-folder",
    "editor-no-queue",
    "editor-none",
    "editor-not-whole",
    "editor-nothing-chosen",
    "editor-off",
    "editor-other",
    "editor-outside",
    "editor-overlap",
    "editor-overwrite",
    "editor-preview",
    "editor-problems",
    "editor-redo",
    "editor-remove-tile",
    "editor-save",
    "editor-saved",
    "editor-shipped-note",
    "editor-state-busy",
    "editor-state-quiet",
    "editor-state-red",
    "editor-state-stale",
    "editor-text",
    "editor-text-how",
    "editor-theirs",
    "editor-tile",
    "editor-uncounted",
    "editor-undo",
    "editor-unsaved",
    "editor-versions",
    "editor-wall",
    "editor-words",
    "editor-yes",
];

pub(super) async fn page(
    State(boards): State<Boards>,
    Path(board): Path<String>,
    asked: Asked,
) -> Response {
    let sheet = asked.sheet(PAGE);
    let language = sheet.language();
    let id = board.clone();
    let held = match boards.on_shelf(move |shelf| shelf.held(&id)).await {
        Ok(held) if held.origin != Origin::Nowhere => held,
        Ok(_) => return pages::unknown_board(&board, "./", &sheet.desk.hub.boards()),
        Err(failed) => {
            let why = failed.sentence(language);
            return sheet.show(failed.status(), Some(&why), &html! {});
        }
    };
    if assets::ui(SCRIPT).is_none() {
        return pages::no_front_end();
    }
    let up = sheet.up();
    let words: Map<String, Value> = WORDS
        .iter()
        .map(|name| (name.trim_start_matches("editor-").to_owned(), language.say(name).into()))
        .collect();
    let title = board_title(&held, &board, language);
    let body = html! {
        link rel="stylesheet" href={ (up) "assets/" (STYLE) };
        div #editor data-board=(board) data-here=(place(&sheet, &board, "")) data-up=(up)
            data-token=(forms::token(&sheet.who.form_secret))
            data-words=(Value::Object(words).to_string()) {
            h1 { (title) }
            p role="status" { (language.say("editor-wait")) }
            noscript { p.wrong { (language.say("editor-no-script")) } }
        }
        script src={ (up) "assets/" (SCRIPT) } {}
    };
    with_editor(sheet.show_whole(&title, &body))
}

fn board_title(held: &Held, id: &str, language: Language) -> String {
    let board = crate::board::file::Board::parse(id, id, &held.text).ok();
    board.map_or_else(|| id.to_owned(), |board| board.title(language))
}

/// Everything that the script begins with: the text, what may stand in it, and which names there are.
pub(super) async fn desk(
    State(boards): State<Boards>,
    Path(board): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let sheet = asked.sheet(PAGE);
    let language = sheet.language();
    let id = board.clone();
    let held = boards.on_shelf(move |shelf| shelf.held(&id)).await;
    let held = held.map_err(|failed| failed.problem(language))?;
    let known = boards.known();
    let names = sheet.desk.hub.look(move |scene, _| {
        let figures = scene.figures;
        let seen = [
            ("queue", figures.queues()),
            ("channel", figures.channels()),
            ("topic", figures.topics()),
            ("dimension", figures.dimensions()),
            ("file", scene.house.images.names()),
        ];
        let mut names: Map<String, Value> = Map::new();
        for (kind, own) in known.each() {
            let mut all = own.to_vec();
            let more = seen.iter().find(|(known, _)| *known == kind).map(|(_, more)| more);
            all.extend(more.into_iter().flatten().filter(|name| !own.contains(name)).cloned());
            all.retain(|name| !name.is_empty());
            names.insert(kind.to_owned(), all.into());
        }
        for (kind, all) in seen {
            names.entry(kind).or_insert_with(|| all.into());
        }
        names
    });
    let names = names.await?;
    let schema: Value = serde_json::from_str(&schema::document()).unwrap_or_default();
    let kpis: Vec<Value> = kpi::registry()
        .iter()
        .map(|kpi| json!({ "id": kpi.id, "title": language.kpi_title(kpi.id), "unit": kpi.unit }))
        .collect();
    let types: Vec<Value> =
        tile::TYPES.iter().map(|it| json!({ "id": it.id, "example": it.example })).collect();
    Ok(Json(json!({
        "board": board,
        "text": held.text,
        "tag": held.tag,
        "is_shipped": held.origin == Origin::Shipped,
        "can_save": boards.boards.shelf.has_folder(),
        "languages": Language::ALL.map(Language::id),
        "schema": schema,
        "kpis": kpis,
        "names": names,
        "types": types,
    }))
    .into_response())
}

/// The wall's own page, which takes its pictures from the page around it.
pub(super) async fn wall(State(boards): State<Boards>, Path(_board): Path<String>) -> Response {
    let site = boards.desk.hub.site();
    with_preview(shell::preview(site.language), &site.embed_hosts)
}

/// As on walls.
pub(super) async fn image(State(boards): State<Boards>, Path(address): Path<String>) -> Response {
    images::of(&boards.desk.hub, &address)
}
