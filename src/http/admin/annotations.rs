//! `/admin/annotations`: campaigns, releases and outages, as a form.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::{Map, Value};

use super::layout::{Asked, Posted, Sheet, did};
use crate::board::annotations::{Annotation, Draft, Kind, PutError, Source, TITLE_CHARS_MAX};

const PAGE: &str = "admin/annotations";
/// Annotations on one page, the newest.
const SHOWN_MAX: usize = 200;

pub(super) async fn page(asked: Asked) -> Response {
    shown(&asked.sheet(PAGE), StatusCode::OK, None)
}

pub(super) async fn put(Posted { asked, form }: Posted) -> Response {
    let sheet = asked.sheet(PAGE);
    let filled = ["kind", "title", "from", "to", "channel", "queue"];
    let filled = filled.into_iter().map(|key| (key, form.get(key).trim()));
    let fields: Map<String, Value> = filled
        .filter(|(_, value)| !value.is_empty())
        // As browsers write a moment: 2026-11-30T09:15.
        .map(|(key, value)| (key.to_owned(), Value::from(value.replace('T', " "))))
        .map(
            |(key, value)| {
                if key == "title" { (key, form.get("title").into()) } else { (key, value) }
            },
        )
        .collect();
    let (draft, faults) = Draft::from_json(&Value::Object(fields));
    match sheet.desk.annotations.put(draft, faults).await {
        Ok((annotation, _)) => sheet.back(&annotation.id),
        Err(error) => {
            let why = match &error {
                PutError::Invalid(faults) => {
                    let each: Vec<String> = faults.iter().map(ToString::to_string).collect();
                    each.join("; ")
                }
                other => other.to_string(),
            };
            let response = shown(&sheet, StatusCode::UNPROCESSABLE_ENTITY, Some(&why));
            did(response, "", Some("invalid".to_owned()))
        }
    }
}

pub(super) async fn remove(Posted { asked, form }: Posted) -> Response {
    let sheet = asked.sheet(PAGE);
    let id = form.get("id");
    match sheet.desk.annotations.remove(id).await {
        Ok(()) => sheet.back(id),
        Err(error) => {
            let error = error.to_string();
            let response = shown(&sheet, StatusCode::CONFLICT, Some(&error));
            did(response, id, Some(error))
        }
    }
}

fn shown(sheet: &Sheet<'_>, status: StatusCode, wrong: Option<&str>) -> Response {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let all = sheet.desk.annotations.all();
    let all: Vec<&Annotation> = all.iter().filter(|it| it.explains_numbers()).collect();
    let body = html! {
        p.lead { (say("admin-annotations-what")) }
        form.panel.row method="post" action={ (sheet.up()) "admin/annotations" } {
            h2 { (say("admin-annotation-new")) }
            (sheet.token())
            label { span { (say("admin-annotation-title")) }
                input type="text" name="title" required maxlength=(TITLE_CHARS_MAX); }
            label { span { (say("admin-annotation-kind")) }
                select name="kind" {
                    @for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Message) { option value=(kind.id()) { (say(kind_words(kind))) } }
                } }
            label { span { (say("admin-annotation-from")) } input type="datetime-local" name="from" required; }
            label { span { (say("admin-annotation-to")) } input type="datetime-local" name="to"; }
            label { span { (say("admin-annotation-channel")) } input type="text" name="channel" maxlength="128"; }
            label { span { (say("admin-annotation-queue")) } input type="text" name="queue" maxlength="128"; }
            button type="submit" { (say("admin-add")) }
        }
        @if let Some(problem) = sheet.desk.annotations.file_problem() { pre { (problem) } }
        @if all.is_empty() { p { (say("admin-annotations-none")) } } @else {
            div.scroll { table {
                thead { tr {
                    th scope="col" { (say("admin-annotation-from")) }
                    th scope="col" { (say("admin-annotation-to")) }
                    th scope="col" { (say("admin-annotation-kind")) }
                    th scope="col" { (say("admin-annotation-title")) }
                    th scope="col" { (say("admin-head-channel")) }
                    th scope="col" { (say("admin-head-queue")) }
                    th scope="col" { (say("admin-change")) }
                } }
                tbody { @for annotation in all.iter().rev().take(SHOWN_MAX) { (row(sheet, annotation)) } }
            } }
        }
    };
    sheet.show(status, wrong, &body)
}

fn row(sheet: &Sheet<'_>, annotation: &Annotation) -> Markup {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    html! { tr {
        td { (sheet.moment(annotation.from_ms)) }
        td { @if let Some(to_ms) = annotation.to_ms { (sheet.moment(to_ms)) } }
        td { (say(kind_words(annotation.kind))) }
        th scope="row" { (annotation.title) }
        td { @if let Some(channel) = &annotation.channel { (channel) } }
        td { @if let Some(queue) = &annotation.queue { (queue) } }
        td { @if annotation.source == Source::File { (say("admin-annotation-in-file")) } @else {
            form method="post" action={ (sheet.up()) "admin/annotations/remove" } {
                (sheet.token())
                input type="hidden" name="id" value=(annotation.id);
                button.plain type="submit" aria-label={ (say("admin-remove")) ": " (annotation.title) } {
                    (say("admin-remove"))
                }
            }
        } }
    } }
}

fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Campaign => "admin-kind-campaign",
        Kind::Release => "admin-kind-release",
        Kind::Outage => "admin-kind-outage",
        Kind::Other | Kind::Message => "admin-kind-other",
    }
}
