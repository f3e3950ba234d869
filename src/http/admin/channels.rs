//! `/admin/channels`: where each channel stands, what went wrong last, and what could not be decoded.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value;

use super::layout::{Asked, Posted, Sheet, did};
use super::{Desk, Held};
use crate::access::Role;

const PAGE: &str = "admin/channels";

pub(super) async fn page(asked: Asked) -> Response {
    let sheet = asked.sheet(PAGE);
    shown(&sheet, StatusCode::OK, None).await
}

pub(super) async fn retry(Posted { asked, form }: Posted) -> Response {
    let sheet = asked.sheet(PAGE);
    let channel = form.get("channel").to_owned();
    match ask(sheet.desk, {
        let channel = channel.clone();
        move |it| it.retry(&channel)
    })
    .await
    {
        Ok(_) => sheet.back(&channel),
        Err(error) => {
            let response = shown(&sheet, StatusCode::SERVICE_UNAVAILABLE, Some(&error)).await;
            did(response, &channel, Some(error))
        }
    }
}

async fn shown(sheet: &Sheet<'_>, status: StatusCode, wrong: Option<&str>) -> Response {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let held = ask(sheet.desk, |it| it.held()).await.unwrap_or_default();
    let held: BTreeMap<String, Held> =
        held.into_iter().map(|held| (held.channel.clone(), held)).collect();
    let channels = sheet.desk.status.channels();
    let channels = channels.as_array().cloned().unwrap_or_default();
    let body = html! {
        p.lead { (say("admin-channels-what")) }
        @if channels.is_empty() { p { (say("admin-channels-none")) } }
        @for channel in &channels { (section(sheet, channel, &held)) }
    };
    sheet.show(status, wrong, &body)
}

fn section(sheet: &Sheet<'_>, channel: &Value, held: &BTreeMap<String, Held>) -> Markup {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let text = |key: &str| channel[key].as_str().unwrap_or_default().to_owned();
    let name = text("name");
    let held = held.get(&name).filter(|held| held.entries > 0);
    let (class, state) = state(channel);
    let last = channel["last_event_ms"].as_i64();
    html! {
        section.panel aria-labelledby={ "channel-" (name) } {
            h2 id={ "channel-" (name) } {
                (text("title")) @if text("title") != name { " " code { (name) } }
            }
            p { span class=(class) { (say(state)) } }
            dl {
                dt { (say("admin-plugin")) }
                dd { (text("network")) " · " (text("plugin")) " " (text("plugin_version")) }
                dt { (say("page-last-event")) }
                dd { (last.map_or_else(|| say("page-never"), |at_ms| sheet.moment(at_ms))) }
                dt { (say("admin-last-error")) }
                dd { @match last_error(sheet, channel, held) {
                    Some(error) => { (error) },
                    None => { (say("admin-no-error")) },
                } }
                dt { (say("admin-quarantine")) }
                dd { (held.map_or(0, |held| held.entries)) }
            }
            @if held.is_some() && sheet.who.role >= Role::Admin {
                form method="post" action={ (sheet.up()) "admin/channels/retry" } {
                    (sheet.token())
                    input type="hidden" name="channel" value=(name);
                    button type="submit" aria-label={ (say("admin-retry")) ": " (name) } { (say("admin-retry")) }
                }
                p.soft { (say("admin-retry-what")) }
            }
        }
    }
}

/// A class and words for where it stands.
fn state(channel: &Value) -> (&'static str, &'static str) {
    if channel["breaker"] != "closed" {
        return ("state bad", "admin-channel-rests");
    }
    let links = channel["links"].as_array().map(Vec::as_slice).unwrap_or_default();
    if links.iter().any(|link| link["state"] != "up") {
        return ("state bad", "admin-channel-link");
    }
    let lacks = channel["lacks"].as_array().is_some_and(|lacks| !lacks.is_empty());
    if lacks { ("state bad", "admin-channel-lacks") } else { ("state", "admin-channel-works") }
}

/// What is wrong now, else what was last.
fn last_error(sheet: &Sheet<'_>, channel: &Value, held: Option<&Held>) -> Option<String> {
    let of = |list: &str, key: Option<&str>| {
        let all = channel[list].as_array()?;
        all.iter().find_map(|it| key.map_or(it, |key| &it[key]).as_str()).map(str::to_owned)
    };
    let kept = || {
        let reload = channel["reload"]["reason"].as_str().map(str::to_owned);
        reload.or_else(|| {
            held.map(|held| format!("{}: {}", sheet.moment(held.received_ms), held.reason))
        })
    };
    of("lacks", None).or_else(|| of("links", Some("reason"))).or_else(kept)
}

async fn ask<T: Send + Default + 'static>(
    desk: &Desk,
    what: impl FnOnce(&dyn super::QuarantineDesk) -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let Some(quarantine) = desk.quarantine.as_ref().map(Arc::clone) else {
        return Ok(T::default());
    };
    let asked = tokio::task::spawn_blocking(move || what(quarantine.as_ref())).await;
    asked.unwrap_or_else(|_| Err("the server is stopping".to_owned()))
}
