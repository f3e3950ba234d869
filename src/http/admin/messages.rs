//! `/admin/messages`: a lead's words to walls. Each is an annotation of the kind `message`, and ends by
//! itself.

use std::collections::BTreeSet;

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::json;

use super::layout::{Asked, Posted, Sheet, did};
use crate::board::annotations::{
    Annotation, Draft, Kind, Level, PutError, Source, TITLE_CHARS_MAX,
};
use crate::board::frame::Listed;
use crate::event::{Millis, UnixMs};

const PAGE: &str = "admin/messages";
/// Messages that have ended on the page, the newest.
const ENDED_SHOWN_MAX: usize = 20;
/// How long a message may be chosen to stand, in minutes; the second one where nothing is chosen.
const LENGTHS_MIN: [i64; 6] = [15, 60, 120, 240, 480, 1440];
const LENGTH_DEFAULT_MIN: i64 = LENGTHS_MIN[1];
const MINUTE_MS: Millis = 60_000;

/// `?said=…`
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    said: String,
}

pub(super) async fn page(asked: Asked, Query(shown): Query<Shown>) -> Response {
    show(&asked.sheet(PAGE), StatusCode::OK, None, &shown.said)
}

pub(super) async fn put(Posted { asked, form }: Posted) -> Response {
    let sheet = asked.sheet(PAGE);
    let now_ms = sheet.desk.screens.now_ms();
    let minutes = form.get("minutes").parse().ok().filter(|it| LENGTHS_MIN.contains(it));
    let until = form.get("until").trim();
    let to = match until {
        "" => (now_ms + minutes.unwrap_or(LENGTH_DEFAULT_MIN) * MINUTE_MS).to_string(),
        // As browsers write a moment: 2026-11-30T09:15.
        moment => moment.replace('T', " "),
    };
    let boards: Vec<&str> = form.all("board").collect();
    let level = if form.get("level").is_empty() { Level::Normal.id() } else { form.get("level") };
    let (draft, faults) = Draft::from_json(&json!({
        "kind": Kind::Message, "title": form.get("text"), "from": now_ms, "to": to,
        "boards": boards, "level": level,
    }));
    match sheet.desk.annotations.put(draft, faults).await {
        Ok((message, _)) => sheet.back_saying(&message.id, "shown"),
        Err(error) => wrong(&sheet, "", &error),
    }
}

/// It ends now, and stays in the list of those that have.
pub(super) async fn end(Posted { asked, form }: Posted) -> Response {
    let sheet = asked.sheet(PAGE);
    let id = form.get("id");
    let now_ms = sheet.desk.screens.now_ms();
    let all = sheet.desk.annotations.all();
    let Some(message) = all.iter().find(|it| it.id == id && it.kind == Kind::Message) else {
        let why = "there is no such message";
        return did(show(&sheet, StatusCode::NOT_FOUND, Some(why), ""), id, Some(why.to_owned()));
    };
    let (draft, faults) = Draft::from_json(&json!({
        "id": message.id, "kind": Kind::Message, "title": message.title,
        "from": message.from_ms,
        // Walls show what has not ended before this moment.
        "to": (now_ms - 1).max(message.from_ms),
        "channel": message.channel, "queue": message.queue,
        "boards": message.boards, "level": message.level,
    }));
    match sheet.desk.annotations.put(draft, faults).await {
        Ok(_) => sheet.back_saying(id, "ended"),
        Err(error) => wrong(&sheet, id, &error),
    }
}

/// It is gone, also from the list.
pub(super) async fn remove(Posted { asked, form }: Posted) -> Response {
    let sheet = asked.sheet(PAGE);
    let id = form.get("id");
    match sheet.desk.annotations.remove(id).await {
        Ok(()) => sheet.back_saying(id, "removed"),
        Err(error) => {
            let why = error.to_string();
            did(show(&sheet, StatusCode::CONFLICT, Some(&why), ""), id, Some(why))
        }
    }
}

fn wrong(sheet: &Sheet<'_>, id: &str, error: &PutError) -> Response {
    let why = match error {
        PutError::Invalid(faults) => {
            let each = faults.iter().map(|fault| match fault.field.as_str() {
                // As the form calls them.
                "title" => {
                    format!("{}: {}", sheet.language().say("admin-message-text"), fault.message)
                }
                "to" => {
                    format!("{}: {}", sheet.language().say("admin-message-until"), fault.message)
                }
                _ => fault.to_string(),
            });
            each.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    };
    let response = show(sheet, StatusCode::UNPROCESSABLE_ENTITY, Some(&why), "");
    did(response, id, Some("invalid".to_owned()))
}

fn show(sheet: &Sheet<'_>, status: StatusCode, wrong: Option<&str>, said: &str) -> Response {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let now_ms = sheet.desk.screens.now_ms();
    let all = sheet.desk.annotations.all();
    let messages = || all.iter().rev().filter(|it| it.kind == Kind::Message);
    let stands: Vec<&Annotation> = messages().filter(|it| it.end_ms() >= now_ms).collect();
    let ended = messages().filter(|it| it.end_ms() < now_ms).take(ENDED_SHOWN_MAX);
    let ended: Vec<&Annotation> = ended.collect();
    let said = match said {
        "shown" => Some("admin-message-said-shown"),
        "ended" => Some("admin-message-said-ended"),
        "removed" => Some("admin-message-said-removed"),
        _ => None,
    };
    let body = html! {
        p.lead { (say("admin-messages-what")) }
        @if let Some(said) = said { p.said role="status" { (say(said)) } }
        (form(sheet))
        h2.part { (say("admin-messages-now")) }
        @if stands.is_empty() { p.soft { (say("admin-messages-none")) } } @else { (list(sheet, &stands, now_ms)) }
        @if !ended.is_empty() {
            h2.part { (say("admin-messages-ended")) }
            (list(sheet, &ended, now_ms))
        }
    };
    sheet.show(status, wrong, &body)
}

fn form(sheet: &Sheet<'_>) -> Markup {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let boards = sheet.desk.hub.boards();
    let (with_place, without): (Vec<Listed>, Vec<Listed>) =
        boards.into_iter().partition(|board| has_place(sheet, &board.id));
    let length = |minutes: i64| match minutes {
        hours if hours % 60 == 0 => language.hours(hours / 60),
        minutes => language.minutes(minutes),
    };
    html! {
        form.panel.row method="post" action={ (sheet.up()) (PAGE) } {
            h2 { (say("admin-message-new")) }
            (sheet.token())
            label.long { span { (say("admin-message-text")) }
                input type="text" name="text" required maxlength=(TITLE_CHARS_MAX) autocomplete="off"; }
            label { span { (say("admin-message-level")) }
                select name="level" {
                    option value=(Level::Normal.id()) { (say("admin-level-normal")) }
                    option value=(Level::Important.id()) { (say("admin-level-important")) }
                } }
            label { span { (say("admin-message-for")) }
                select name="minutes" {
                    @for minutes in LENGTHS_MIN {
                        option value=(minutes) selected[minutes == LENGTH_DEFAULT_MIN] { (length(minutes)) }
                    }
                } }
            label { span { (say("admin-message-until")) } input type="datetime-local" name="until"; }
            fieldset.checks {
                legend { (say("admin-message-boards")) }
                @for board in &with_place {
                    label.check { input type="checkbox" name="board" value=(board.id); " " (board.title) }
                }
                @if with_place.is_empty() { p.soft { (say("admin-messages-no-place")) } }
                @if !without.is_empty() {
                    p.soft {
                        (say("admin-messages-without")) " "
                        (without.iter().map(|board| board.title.as_str()).collect::<Vec<_>>().join(", "))
                    }
                }
            }
            button type="submit" { (say("admin-message-show")) }
        }
    }
}

/// Whether a board has a tile that shows messages.
fn has_place(sheet: &Sheet<'_>, board: &str) -> bool {
    let Some(frame) = sheet.desk.hub.newest(board) else { return false };
    // The layout says each tile's type.
    ["\"type\":\"message\"", "\"type\":\"ticker\""].iter().any(|it| frame.snapshot().contains(it))
}

fn list(sheet: &Sheet<'_>, all: &[&Annotation], now_ms: UnixMs) -> Markup {
    let say = |words: &str| sheet.language().say(words);
    html! { div.scroll { table {
        thead { tr {
            th scope="col" { (say("admin-message-text")) }
            th scope="col" { (say("admin-message-from")) }
            th scope="col" { (say("admin-message-until")) }
            th scope="col" { (say("admin-message-boards-column")) }
            th scope="col" { (say("admin-change")) }
        } }
        tbody { @for message in all { (row(sheet, message, now_ms)) } }
    } } }
}

fn row(sheet: &Sheet<'_>, message: &Annotation, now_ms: UnixMs) -> Markup {
    let say = |words: &str| sheet.language().say(words);
    let titles = sheet.desk.hub.boards();
    let title = |id: &String| {
        titles.iter().find(|it| it.id == *id).map_or_else(|| id.clone(), |it| it.title.clone())
    };
    let boards: BTreeSet<String> = message.boards.iter().map(title).collect();
    let button = |action: &str, words: &str| {
        html! { form method="post" action={ (sheet.up()) (PAGE) "/" (action) } {
            (sheet.token())
            input type="hidden" name="id" value=(message.id);
            button.plain type="submit" aria-label={ (say(words)) ": " (message.title) } { (say(words)) }
        } }
    };
    html! { tr {
        th scope="row" {
            (message.title)
            @if message.level == Level::Important { " " span.state.bad { (say("admin-level-important")) } }
        }
        td { (sheet.moment(message.from_ms)) }
        td { (sheet.moment(message.end_ms())) }
        td {
            @if boards.is_empty() { (say("admin-message-all-boards")) } @else {
                (boards.into_iter().collect::<Vec<_>>().join(", "))
            }
        }
        td {
            @if message.source == Source::File { (say("admin-annotation-in-file")) }
            @else if message.end_ms() >= now_ms { (button("end", "admin-message-end")) }
            @else { (button("remove", "admin-remove")) }
        }
    } }
}
