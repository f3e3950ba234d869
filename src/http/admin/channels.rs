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
use crate::channel::registry::WebhookState;
use crate::scope::{ChannelCoverage, FeedHealth};

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
    let feeds = feeds(sheet.desk, &channels).await;
    let body = html! {
        p.lead { (say("admin-channels-what")) }
        @if channels.is_empty() { p { (say("admin-channels-none")) } }
        @for channel in &channels { (section(sheet, channel, &held, &feeds)) }
    };
    sheet.show(status, wrong, &body)
}

/// Whether each channel's feed can be trusted, as walls say it.
async fn feeds(desk: &Desk, channels: &[Value]) -> BTreeMap<String, ChannelCoverage> {
    let names = channels.iter().filter_map(|channel| channel["name"].as_str().map(str::to_owned));
    let names: Vec<String> = names.collect();
    let asked = desk.hub.ask(move |engine, now_ms| {
        let coverage = |name: &String| (name.clone(), engine.channel_coverage(name, now_ms));
        names.iter().map(coverage).collect()
    });
    asked.await.unwrap_or_default()
}

fn section(
    sheet: &Sheet<'_>,
    channel: &Value,
    held: &BTreeMap<String, Held>,
    feeds: &BTreeMap<String, ChannelCoverage>,
) -> Markup {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let text = |key: &str| channel[key].as_str().unwrap_or_default().to_owned();
    let name = text("name");
    let held = held.get(&name).filter(|held| held.entries > 0);
    let (class, state) = state(channel, feeds.get(&name));
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
                @if let Some(said) = webhook(sheet, &channel["webhook"]) {
                    dt { (say("admin-webhook")) }
                    dd { (said) }
                }
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
fn state(channel: &Value, feed: Option<&ChannelCoverage>) -> (&'static str, &'static str) {
    if channel["breaker"] != "closed" {
        return ("state bad", "admin-channel-rests");
    }
    let links = channel["links"].as_array().map(Vec::as_slice).unwrap_or_default();
    if links.iter().any(|link| link["state"] != "up") {
        return ("state bad", "admin-channel-link");
    }
    let lacks = channel["lacks"].as_array().is_some_and(|lacks| !lacks.is_empty());
    if lacks {
        return ("state bad", "admin-channel-lacks");
    }
    if channel["webhook"]["state"] == WebhookState::Refused.word() {
        return ("state bad", "admin-channel-refused");
    }
    match feed.map_or(FeedHealth::NoData, |feed| feed.feed) {
        FeedHealth::Silent => ("state bad", "admin-channel-silent"),
        FeedHealth::Late => ("state bad", "admin-channel-late"),
        FeedHealth::NoData => ("state idle", "admin-channel-never"),
        FeedHealth::Live => ("state", "admin-channel-works"),
    }
}

/// What has come to the webhook since the server's start, and what to do about it.
fn webhook(sheet: &Sheet<'_>, webhook: &Value) -> Option<String> {
    let language = sheet.language();
    let at = |key: &str| webhook[key].as_i64().map(|at_ms| sheet.moment(at_ms)).unwrap_or_default();
    let refused = webhook["refused"].as_u64().unwrap_or_default();
    let of_refused = || [("count", refused.into()), ("time", at("refused_since_ms").into())];
    let last = || language.tell("admin-webhook-taken", [("time", at("last_ms").into())]);
    Some(match WebhookState::from_word(webhook["state"].as_str()?)? {
        WebhookState::Never => language.say("admin-webhook-never"),
        WebhookState::Refused => language.tell("admin-webhook-refused", of_refused()),
        WebhookState::Taken if refused > 0 => {
            format!("{} {}", last(), language.tell("admin-webhook-strangers", of_refused()))
        }
        WebhookState::Taken => last(),
    })
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
