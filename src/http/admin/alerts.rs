//! `/admin/alerts`: which alerts hold, who is told, and what is silenced. What an alert says is English, as in
//! its runbook.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::layout::{Asked, Posted, Sheet, did};
use crate::alert::alarms::{Held, Overview};
use crate::alert::delivery::Delivery;
use crate::alert::desk::Mute;
use crate::alert::history::Labels;
use crate::alert::silence::{Silence, Wish};
use crate::config::model::{Audience, Receiver, Severity};
use crate::event::Millis;

const PAGE: &str = "admin/alerts";
/// How long an alert can be silenced by the page, in hours; the first where nothing is chosen.
const HOURS: [i64; 5] = [1, 4, 24, 72, 168];
const HOUR_MS: Millis = 3_600_000;
/// Longest reason that is taken from a form.
const WHY_CHARS_MAX: usize = 200;
/// Labels that tell nobody anything on this page: they stand in other columns, or are the same for all.
const UNTOLD: [&str; 4] = ["alertname", "severity", "job", "instance"];

/// `?said=…`
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    said: String,
}

pub(super) async fn page(asked: Asked, Query(shown): Query<Shown>) -> Response {
    show(&asked.sheet(PAGE), StatusCode::OK, None, &shown.said)
}

pub(super) async fn silence(Posted { asked, form }: Posted) -> Response {
    let sheet = asked.sheet(PAGE);
    let Some(desk) = &sheet.desk.alerts else { return none(&sheet) };
    let hours = form.get("hours").parse().ok().filter(|it| HOURS.contains(it));
    let alert = form.get("alert").trim().to_owned();
    // As they stood in the page: only alerts with the same are meant.
    let Ok(labels) = serde_json::from_str::<Labels>(form.get("labels")) else {
        let why = "the labels of the alert did not arrive";
        let shown = show(&sheet, StatusCode::UNPROCESSABLE_ENTITY, Some(why), "");
        return did(shown, &alert, Some(why.to_owned()));
    };
    let wish = Wish {
        alert: Some(alert.clone()),
        labels,
        lasts_ms: hours.unwrap_or(HOURS[0]) * HOUR_MS,
        by: sheet.who.name.clone(),
        why: form.get("why").trim().chars().take(WHY_CHARS_MAX).collect(),
    };
    match desk.silence(wish) {
        Ok(_) => sheet.back_saying(&alert, "silenced"),
        Err(error) => {
            let why = error.to_string();
            let shown = show(&sheet, StatusCode::UNPROCESSABLE_ENTITY, Some(&why), "");
            did(shown, &alert, Some(why))
        }
    }
}

pub(super) async fn unsilence(Posted { asked, form }: Posted) -> Response {
    let sheet = asked.sheet(PAGE);
    let Some(desk) = &sheet.desk.alerts else { return none(&sheet) };
    let id = form.get("id");
    // Whoever asks twice, or too late, has what they want.
    let _ = id.parse().is_ok_and(|id| desk.alarms.end_silence(id));
    sheet.back_saying(id, "unsilenced")
}

pub(super) async fn test(Posted { asked, form }: Posted) -> Response {
    let sheet = asked.sheet(PAGE);
    let Some(desk) = &sheet.desk.alerts else { return none(&sheet) };
    let name = form.get("receiver").trim();
    match desk.test(name).await {
        Ok(()) => sheet.back_saying(name, "tested"),
        Err(why) => {
            let why = format!("{name}: {why}");
            did(show(&sheet, StatusCode::BAD_GATEWAY, Some(&why), ""), name, Some(why))
        }
    }
}

fn none(sheet: &Sheet<'_>) -> Response {
    show(sheet, StatusCode::NOT_FOUND, None, "")
}

fn show(sheet: &Sheet<'_>, status: StatusCode, wrong: Option<&str>, said: &str) -> Response {
    let say = |words: &str| sheet.language().say(words);
    let said = match said {
        "silenced" => Some("admin-alert-said-silenced"),
        "unsilenced" => Some("admin-alert-said-unsilenced"),
        "tested" => Some("admin-alert-said-tested"),
        _ => None,
    };
    let overview = sheet.desk.alerts.as_ref().map(|desk| (desk.overview(), desk.config()));
    let body = html! {
        p.lead { (say("admin-alerts-what")) }
        @if let Some(said) = said { p.said role="status" { (say(said)) } }
        @if let Some((overview, config)) = &overview {
            @if !config.alerts.watch { p.wrong { (say("admin-alerts-unwatched")) } }
            (held(sheet, overview))
            (receivers(sheet, &config.receivers, overview))
            (silences(sheet, &overview.silences))
        }
    };
    sheet.show(status, wrong, &body)
}

fn held(sheet: &Sheet<'_>, overview: &Overview) -> Markup {
    let say = |words: &str| sheet.language().say(words);
    html! {
        h2.part { (say("admin-alerts-now")) }
        @if overview.looked_ms.is_none() { p.soft { (say("admin-alerts-not-looked")) } }
        @else if overview.held.is_empty() { p.soft { (say("admin-alerts-none")) } }
        @if !overview.held.is_empty() {
            div.scroll.alerts { table {
                thead { tr {
                    th scope="col" { (say("admin-alert-severity")) }
                    th scope="col" { (say("admin-alert-what")) }
                    th scope="col" { (say("admin-alert-since")) }
                    th scope="col" { (say("admin-alert-told")) }
                    th scope="col" { (say("admin-alert-silence")) }
                } }
                tbody { @for held in &overview.held { (row(sheet, held)) } }
            } }
        }
        @if overview.pending > 0 {
            p.soft { (say("admin-alerts-pending")) " " (overview.pending) }
        }
    }
}

fn row(sheet: &Sheet<'_>, Held { line, receivers, mute }: &Held) -> Markup {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let severity = match line.severity {
        Severity::Page => "admin-alert-page",
        Severity::Ticket => "admin-alert-ticket",
    };
    let own = |name: &&String| !UNTOLD.contains(&name.as_str());
    let labels: Labels = line.labels.iter().filter(|(name, _)| own(name)).map(owned).collect();
    let labels = serde_json::to_string(&labels).unwrap_or_default();
    html! { tr {
        td {
            @if line.severity == Severity::Page { span.state.bad { (say(severity)) } }
            @else { (say(severity)) }
        }
        td {
            strong { (say(&format!("alert-{}", line.alert))) }
            p { (line.summary) }
            p { (line.description) }
            p.soft {
                a href=(line.runbook_url) { (line.alert) }
                @if line.dashboard_url.starts_with("http") {
                    " · " a href=(line.dashboard_url) { (say("admin-alert-dashboard")) }
                }
            }
        }
        td { (sheet.moment(line.since_ms)) }
        td { (told(sheet, receivers, mute.as_ref())) }
        td { @if !matches!(mute, Some(Mute::Silenced(_))) {
            form.row method="post" action={ (sheet.up()) (PAGE) "/silence" } {
                (sheet.token())
                input type="hidden" name="alert" value=(line.alert);
                input type="hidden" name="labels" value=(labels);
                label { span { (say("admin-alert-for")) }
                    select name="hours" {
                        @for hours in HOURS { option value=(hours) { (language.hours(hours)) } }
                    } }
                label { span { (say("admin-alert-why")) }
                    input type="text" name="why" maxlength=(WHY_CHARS_MAX) autocomplete="off"; }
                button type="submit" { (say("admin-alert-silence-it")) }
            }
        } }
    } }
}

fn owned((name, value): (&String, &String)) -> (String, String) {
    (name.clone(), value.clone())
}

/// Who is told of it, or why nobody is.
fn told(sheet: &Sheet<'_>, receivers: &[String], mute: Option<&Mute>) -> Markup {
    let say = |words: &str| sheet.language().say(words);
    html! { @match mute {
        None if receivers.is_empty() => (say("admin-alert-nobodys")),
        None => (receivers.join(", ")),
        Some(Mute::Off) => { (say("admin-alert-off")) " " code { "alerts.off" } }
        Some(Mute::Silenced(until_ms)) => {
            (say("admin-alert-silenced")) " " (sheet.moment(*until_ms))
        }
        Some(Mute::Explained(cause)) => { (say("admin-alert-explained")) " " (cause) }
    } }
}

fn receivers(
    sheet: &Sheet<'_>,
    receivers: &std::collections::BTreeMap<String, Receiver>,
    overview: &Overview,
) -> Markup {
    let say = |words: &str| sheet.language().say(words);
    html! {
        h2.part { (say("admin-alerts-receivers")) }
        @if receivers.is_empty() {
            p.soft { (say("admin-alerts-nobody")) " " code { "[notify.NAME]" } }
        } @else {
            div.scroll { table {
                thead { tr {
                    th scope="col" { (say("admin-receiver-name")) }
                    th scope="col" { (say("admin-receiver-by")) }
                    th scope="col" { (say("admin-receiver-about")) }
                    th scope="col" { (say("admin-receiver-last")) }
                    th scope="col" { (say("admin-change")) }
                } }
                tbody { @for (name, receiver) in receivers {
                    (receiver_row(sheet, name, receiver, overview.deliveries.get(name)))
                } }
            } }
        }
    }
}

fn receiver_row(
    sheet: &Sheet<'_>,
    name: &str,
    receiver: &Receiver,
    delivery: Option<&Delivery>,
) -> Markup {
    let say = |words: &str| sheet.language().say(words);
    let about = match receiver.about {
        Audience::All => "admin-receiver-all",
        Audience::Floor => "admin-receiver-floor",
        Audience::Operator => "admin-receiver-operator",
    };
    let sent_ms = delivery.and_then(|it| it.sent_ms);
    let trouble = delivery.and_then(|it| it.trouble.as_deref());
    html! { tr {
        td { strong { (name) } }
        td { (receiver.way.by().word()) }
        td {
            (say(about))
            @if receiver.pages_only { ", " (say("admin-receiver-pages-only")) }
        }
        td {
            @match sent_ms {
                Some(sent_ms) => (sheet.moment(sent_ms)),
                None => (say("admin-receiver-never")),
            }
            @if let Some(trouble) = trouble { p.wrong { (trouble) } }
        }
        td {
            form.row method="post" action={ (sheet.up()) (PAGE) "/test" } {
                (sheet.token())
                input type="hidden" name="receiver" value=(name);
                button type="submit" { (say("admin-receiver-test")) }
            }
        }
    } }
}

fn silences(sheet: &Sheet<'_>, silences: &[Silence]) -> Markup {
    let say = |words: &str| sheet.language().say(words);
    html! { @if !silences.is_empty() {
        h2.part { (say("admin-alerts-silences")) }
        div.scroll { table {
            thead { tr {
                th scope="col" { (say("admin-alert-what")) }
                th scope="col" { (say("admin-silence-until")) }
                th scope="col" { (say("admin-silence-by")) }
                th scope="col" { (say("admin-change")) }
            } }
            tbody { @for silence in silences { tr {
                td {
                    strong { (silence.alert.as_deref().unwrap_or("*")) }
                    p.soft {
                        (silence.labels.iter().map(|(name, value)| format!("{name}: {value}"))
                            .collect::<Vec<_>>().join(", "))
                    }
                }
                td { (sheet.moment(silence.until_ms)) }
                td { (silence.by) @if !silence.why.is_empty() { ": " (silence.why) } }
                td {
                    form.row method="post" action={ (sheet.up()) (PAGE) "/unsilence" } {
                        (sheet.token())
                        input type="hidden" name="id" value=(silence.id);
                        button type="submit" { (say("admin-silence-end")) }
                    }
                }
            } } }
        } }
    } }
}
