//! `/admin`: how the server is, in sentences, and where what can be done.

use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use super::Desk;
use super::layout::Asked;
use crate::access::{Identity, Role};
use crate::board::format::{Language, count};
use crate::board::parameter::split;
use crate::config::model::Severity;

pub(super) async fn page(asked: Asked) -> Response {
    let sheet = asked.sheet("admin");
    let language = sheet.language();
    let say = |words: &str| language.say(words);
    let obstacles = sheet.desk.status.obstacles();
    let body = html! {
        p.lead { (say("admin-overview-what")) }
        @if obstacles.is_empty() {
            p { span.state { (say("admin-ready")) } }
        } @else {
            p { span.state.bad { (say("admin-not-ready")) } }
            ul { @for obstacle in &obstacles { li { (obstacle) } } }
        }
        @for remark in sheet.desk.status.remarks() { p { (remark) } }
        @if sheet.desk.guard.is_none() { p.hint { (say("admin-no-access")) } }
        ul.cards {
            @for card in cards(sheet.desk, sheet.who, language) { li { (card) } }
        }
    };
    sheet.show(StatusCode::OK, None, &body)
}

fn cards(desk: &Desk, who: &Identity, language: Language) -> Vec<Markup> {
    let number = |count_of: usize| count(count_of as f64, language);
    let channels = desk.status.channels().as_array().map_or(0, Vec::len);
    // Of a file with a parameter there is one, however many of its boards are open.
    let files = || {
        let boards = desk.hub.boards().into_iter();
        boards.filter(|board| split(&board.id).is_none())
    };
    let bad_boards = files().filter(|board| board.problem.is_some()).count();
    let mut cards =
        vec![card(language, "./", "page-boards", "admin-boards-what", &number(files().count()))];
    if bad_boards > 0 {
        let words = language.tell("admin-boards-bad", [("count", bad_boards.into())]);
        cards.push(html! { h2 { (language.say("page-boards")) } p { span.state.bad { (words) } } });
    }
    cards.push(card_of_screens(desk, who.role >= Role::Lead, language));
    if who.role >= Role::Lead {
        cards.extend(card_of_alerts(desk, language));
        let to = "admin/channels";
        cards.push(card(language, to, "admin-channels", "admin-channels-what", &number(channels)));
        let to = "admin/boards";
        let kept = number(desk.hub.boards().len());
        cards.push(card(language, to, "editor-title", "editor-what", &kept));
        let to = "admin/annotations";
        let kept = number(desk.annotations.all().len());
        cards.push(card(language, to, "admin-annotations", "admin-annotations-what", &kept));
    }
    if who.role >= Role::Admin
        && let Some(guard) = &desk.guard
    {
        let people = number(guard.access.people().len() + guard.access.tokens().len());
        let to = "admin/people";
        cards.push(card(language, to, "admin-people", "admin-people-what", &people));
        cards.push(html! {
            h2 { a href="admin/audit" { (language.say("admin-audit")) } }
            p { (language.say("admin-audit-what")) }
        });
    }
    cards
}

fn card(language: Language, to: &str, heading: &str, what: &str, number: &str) -> Markup {
    html! {
        h2 { a href=(to) { (language.say(heading)) } }
        p.amount { (number) }
        p { (language.say(what)) }
    }
}

/// How many alerts hold, muted ones left out.
fn card_of_alerts(desk: &Desk, language: Language) -> Option<Markup> {
    let held = desk.alerts.as_ref()?.overview().held;
    let told = || held.iter().filter(|it| it.mute.is_none());
    let urgent = told().filter(|it| it.line.severity == Severity::Page).count();
    Some(html! {
        h2 { a href="admin/alerts" { (language.say("admin-alerts")) } }
        p.amount { (count(told().count() as f64, language)) }
        p { (language.say("admin-alerts-what")) }
        @if urgent > 0 {
            p { span.state.bad { (language.tell("admin-alerts-urgent", [("count", urgent.into())])) } }
        }
    })
}

fn card_of_screens(desk: &Desk, may_change: bool, language: Language) -> Markup {
    let seen = desk.screens.seen();
    let here = seen.iter().filter(|screen| screen.id.is_some()).count();
    let gone = seen.iter().filter(|screen| screen.is_missed()).count();
    html! {
        h2 {
            @if may_change { a href="admin/screens" { (language.say("admin-screens")) } }
            @else { (language.say("admin-screens")) }
        }
        p.amount { (count(here as f64, language)) }
        p { (language.say("admin-screens-what")) }
        @if gone > 0 {
            p { span.state.bad { (language.tell("admin-screens-gone", [("count", gone.into())])) } }
        }
    }
}
