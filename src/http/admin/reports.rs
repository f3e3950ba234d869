//! `/admin/reports`: what goes out by mail and what became of it, and each day and week as a page.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use serde::Deserialize;

use super::super::Problem;
use super::super::reports::{self, ReportList, Wanted};
use super::Desk;
use super::layout::{Asked, Posted, Sheet, did};
use crate::config::model::{DayOfWeek, MailedReport};
use crate::language::Language;
use crate::mail::{HandError, ReportStatus};
use crate::report::{Around, weekday};

const PAGE: &str = "admin/reports";
/// Longest address that is taken from a form.
const ADDRESS_CHARS_MAX: usize = 254;

/// `?language=…&said=…`
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    language: Option<Language>,
    /// What came of the form before.
    said: String,
}

pub(super) async fn page(asked: Asked, shown: Query<Shown>) -> Response {
    let sheet = asked.sheet(PAGE);
    show(&sheet, StatusCode::OK, None, &shown).await.into_response()
}

/// One report as a page of its own.
pub(super) async fn one(
    State(desk): State<Arc<Desk>>,
    Path((kind, date)): Path<(String, String)>,
    asked: Result<Query<reports::Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let asked = reports::read(asked)?;
    let wanted = Wanted::of(&kind, &date, &asked)?;
    let site = desk.hub.site();
    let language = asked.language.unwrap_or(site.language);
    let report = desk.reports.made(&wanted).await?;
    let titles = wanted.of.queue.iter().map(|it| site.queue_title(it).to_owned());
    let channels = wanted.of.channel.iter().map(|it| site.channel_title(it).to_owned());
    let titles: Vec<String> = titles.chain(channels).collect();
    let about = (!titles.is_empty()).then(|| titles.join(" · "));
    let around = Around { link: None, sent_by: None, about };
    Ok(Html(report.letter(language, &around).html).into_response())
}

pub(super) async fn send(Posted { asked, form }: Posted) -> Response {
    let sheet = asked.sheet(PAGE);
    let name = form.get("report").trim();
    let Some(post) = &sheet.desk.reports.post else { return unknown(&sheet, name).await };
    let done = post.send_now(name, sheet.desk.screens.now_ms()).await;
    answered(&sheet, name, done.map(drop)).await
}

pub(super) async fn test(Posted { asked, form }: Posted) -> Response {
    let sheet = asked.sheet(PAGE);
    let name = form.get("report").trim();
    let Some(post) = &sheet.desk.reports.post else { return unknown(&sheet, name).await };
    let to: String = form.get("to").chars().take(ADDRESS_CHARS_MAX).collect();
    let done = post.send_test(name, &to, sheet.desk.screens.now_ms()).await;
    answered(&sheet, name, done).await
}

async fn unknown(sheet: &Sheet<'_>, name: &str) -> Response {
    answered(sheet, name, Err(HandError::Unknown(name.to_owned()))).await
}

/// Back to the page with what came of it; the audit log learns of no address.
async fn answered(sheet: &Sheet<'_>, name: &str, done: Result<(), HandError>) -> Response {
    let Err(error) = done else { return sheet.back_saying(name, "sent") };
    let status = match &error {
        HandError::Unknown(_) => StatusCode::NOT_FOUND,
        HandError::NoAddress => StatusCode::UNPROCESSABLE_ENTITY,
        HandError::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        HandError::Failed { .. } => StatusCode::BAD_GATEWAY,
    };
    let why = error.to_string();
    let shown = show(sheet, status, Some(&why), &Shown::default()).await;
    did(shown.into_response(), name, Some(why))
}

async fn show(
    sheet: &Sheet<'_>,
    status: StatusCode,
    wrong: Option<&str>,
    shown: &Shown,
) -> Result<Response, Problem> {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let chosen = shown.language.unwrap_or(language);
    let list = sheet.desk.reports.list().await?;
    let body = html! {
        p.lead { (say("admin-reports-what")) }
        @if shown.said == "sent" { p.said role="status" { (say("admin-report-said-sent")) } }
        (mailed(sheet, &list))
        h2.part { (say("admin-reports-pages")) }
        nav.rows aria-label=(say("admin-report-language")) {
            (say("admin-report-language")) ": "
            @for it in Language::ALL {
                @if it == chosen { strong { (it.id()) } } @else {
                    a href={ (sheet.up()) (PAGE) "?language=" (it.id()) } { (it.id()) }
                }
                " "
            }
        }
        @if list.days.is_empty() { p { (say("admin-reports-none")) } }
        (spans(sheet, "daily", &list.days, chosen))
        (spans(sheet, "weekly", &list.weeks, chosen))
    };
    Ok(sheet.show(status, wrong, &body))
}

fn mailed(sheet: &Sheet<'_>, list: &ReportList) -> Markup {
    let say = |words: &str| sheet.language().say(words);
    let Some(post) = sheet.desk.reports.post.as_ref().filter(|_| !list.mailed.is_empty()) else {
        return html! { p.soft { (say("admin-reports-no-mail")) } };
    };
    html! {
        h2.part { (say("admin-reports-mailed")) }
        div.scroll { table {
            thead { tr {
                th scope="col" { (say("admin-report-name")) }
                th scope="col" { (say("admin-report-when")) }
                th scope="col" { (say("admin-report-to")) }
                th scope="col" { (say("admin-report-next")) }
                th scope="col" { (say("admin-report-sent")) }
                th scope="col" { (say("admin-change")) }
            } }
            tbody { @for status in &list.mailed { (row(sheet, status, post.settings(&status.name))) } }
        } }
    }
}

fn row(sheet: &Sheet<'_>, status: &ReportStatus, settings: Option<&MailedReport>) -> Markup {
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let form = |action: &str, inner: Markup| {
        html! { form.row method="post" action={ (sheet.up()) (PAGE) "/" (action) } {
            (sheet.token())
            input type="hidden" name="report" value=(status.name);
            (inner)
        } }
    };
    let test = format!("{}: {}", say("admin-report-test"), status.name);
    html! { tr {
        th scope="row" {
            (status.name) br;
            span.soft {
                (say(match status.kind.word() { "weekly" => "report-weekly", _ => "report-daily" }))
                @if let Some(settings) = settings { ", " (settings.language.id()) }
            }
        }
        td { @if let Some(settings) = settings { (when(settings, language)) } }
        td { @for to in &status.to { (to) br; } }
        td { @if let Some(next_ms) = status.next_ms { (sheet.moment(next_ms)) } }
        td {
            @match status.sent_ms {
                Some(sent_ms) => (sheet.moment(sent_ms)),
                None => (say("admin-report-never")),
            }
            @if status.undelivered > 0 {
                p.wrong {
                    (language.tell("admin-report-undelivered", [("count", status.undelivered.into())]))
                    @if let Some(fault) = &status.fault { br; (fault) }
                    @if let Some(retry_ms) = status.retry_ms {
                        br; (language.tell("admin-report-retry", [("time", sheet.moment(retry_ms).into())]))
                    }
                }
            }
        }
        td {
            (form("send", html! { button.plain type="submit" aria-label={ (say("admin-report-send")) ": " (status.name) } { (say("admin-report-send")) } }))
            (form("test", html! {
                input type="email" name="to" required maxlength=(ADDRESS_CHARS_MAX) autocomplete="email"
                    placeholder=(say("admin-report-address")) aria-label=(say("admin-report-address"));
                button.plain type="submit" aria-label=(test) { (say("admin-report-test")) }
            }))
        }
    } }
}

/// "Mon, Fri 07:00", "daily 07:00".
fn when(settings: &MailedReport, language: Language) -> String {
    let at = format!("{:02}:{:02}", settings.at.hour(), settings.at.minute());
    if settings.weekdays == DayOfWeek::all() {
        return format!("{} {at}", language.say("admin-report-each-day"));
    }
    // Any week has all of them; this one begins on a Monday.
    let monday = Date::constant(2024, 1, 1);
    let days = settings.weekdays.iter().map(|day| {
        let date = monday.checked_add(jiff::Span::new().days(day.place() as i64));
        weekday(date.unwrap_or(monday), language)
    });
    format!("{} {at}", days.collect::<Vec<_>>().join(", "))
}

fn spans(sheet: &Sheet<'_>, kind: &str, all: &[String], chosen: Language) -> Markup {
    let language = sheet.language();
    let heading = if kind == "weekly" { "admin-reports-weeks" } else { "admin-reports-days" };
    let page = |date: &str| format!("{}{PAGE}/{kind}/{date}?language={}", sheet.up(), chosen.id());
    let file = |date: &str, format: &str| {
        format!("{}api/v1/reports/{kind}/{date}?format={format}", sheet.up())
    };
    let named = |date: &str| {
        let day = date.parse().map(|date| weekday(date, language)).unwrap_or_default();
        format!("{day} {date}")
    };
    html! {
        @if !all.is_empty() {
            h3 { (language.say(heading)) }
            ul.reports {
                @for date in all {
                    li {
                        a href=(page(date)) { (named(date)) }
                        span.soft {
                            " " a href=(file(date, "csv")) aria-label={ (named(date)) " CSV" } { "CSV" }
                            " " a href=(file(date, "json")) aria-label={ (named(date)) " JSON" } { "JSON" }
                        }
                    }
                }
            }
        }
    }
}
