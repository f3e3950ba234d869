//! `/admin/screens`, on the admin listener alone: which screens there are, and what an operator does
//! with them. Plain forms: they work without a script, and only from a page of this listener.

mod parts;
mod picture;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, FromRef, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::html;
use serde::Deserialize;
use tokio::task::spawn_blocking;

use super::super::Problem;
use super::super::address::host_at;
use super::super::gate::Origin;
use super::super::screen_page::Pairing;
use super::Desk;
use super::layout::{Asked, Posted, did};
use crate::access::Role;
use crate::screen::paired::{PairError, PairLimit, PictureState, Shows};
use crate::screen::{Seen, is_name};
use parts::{Choices, card, pair_form, table};

const PAGE: &str = "admin/screens";

/// What lets screens in, and where they are told to go.
#[derive(Clone)]
pub(crate) struct ScreenDesk {
    pub(crate) pairing: Pairing,
    pub(crate) public_url: Option<String>,
    pub(crate) public_port: u16,
}

#[derive(Clone)]
struct Admin {
    desk: Arc<Desk>,
    screens: ScreenDesk,
}

impl FromRef<Admin> for Arc<Desk> {
    fn from_ref(admin: &Admin) -> Self {
        Arc::clone(&admin.desk)
    }
}

pub(super) fn routes(desk: &Arc<Desk>, screens: ScreenDesk) -> Router {
    Router::new()
        .route("/admin/screens", get(page))
        .route("/admin/screens/{action}", post(act))
        .route("/admin/screens/picture", post(picture::ask))
        .route("/admin/screens/picture/{screen}", get(picture::look))
        .with_state(Admin { desk: Arc::clone(desk), screens })
}

/// What the page begins with: by a phone that has read a code, or after a form.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Filled {
    code: String,
    name: String,
    place: String,
    /// What came of the form before.
    said: String,
}

/// What came of a form: the word in the address, whether it is good, and the message.
const SAID: [(&str, bool, &str); 17] = [
    ("approve", true, "screens-said-approved"),
    ("identify", true, "screens-said-identified"),
    ("reload", true, "screens-said-reloaded"),
    ("move", true, "screens-said-moved"),
    ("rename", true, "screens-said-renamed"),
    ("hours", true, "screens-said-hours"),
    ("revoke", true, "screens-said-revoked"),
    ("wrong-code", false, "screens-failed-code"),
    ("limit", false, "screens-failed-limit"),
    ("full", false, "screens-failed-full"),
    ("bad-name", false, "screens-failed-name"),
    ("name-taken", false, "screens-failed-taken"),
    ("long-place", false, "screens-failed-place"),
    ("unknown", false, "screens-failed-unknown"),
    ("unknown-board", false, "screens-failed-board"),
    ("unknown-calendar", false, "screens-failed-calendar"),
    ("disk", false, "screens-failed-disk"),
];

fn failed(error: &PairError) -> &str {
    match error {
        PairError::WrongCode(_) => "wrong-code",
        PairError::Limit(PairLimit::Screens) => "full",
        PairError::Limit(_) => "limit",
        PairError::BadName(_) => "bad-name",
        PairError::LongPlace => "long-place",
        PairError::NameTaken(_) => "name-taken",
        PairError::Unknown(_) => "unknown",
        PairError::UnknownShows(_) => "unknown-board",
        PairError::UnknownCalendar(_) => "unknown-calendar",
        PairError::Disk(_) => "disk",
    }
}

async fn act(
    State(Admin { desk, screens }): State<Admin>,
    Path(action): Path<String>,
    Extension(Origin(from)): Extension<Origin>,
    Posted { form, .. }: Posted,
) -> Result<Response, Problem> {
    if !SAID.iter().any(|(word, is_good, _)| *is_good && *word == action) {
        let detail = format!("nobody can \"{action}\" a screen");
        return Err(Problem::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail));
    }
    let form = Arc::new(form);
    let paired = Arc::clone(&screens.pairing.paired);
    let kept = Arc::clone(&form);
    let asked = action.clone();
    // What is changed is on disk before it is answered.
    let done = spawn_blocking(move || {
        let field = |name: &str| form.get(name).trim();
        let shows = || {
            let unknown = || PairError::UnknownShows(Shows::Board(String::new()));
            Shows::parse(field("shows")).ok_or_else(unknown)
        };
        let screen = field("screen");
        match asked.as_str() {
            "approve" => {
                let (code, name, place) = (field("code"), field("name"), field("place"));
                paired.approve(code, name, place, &shows()?, from)
            }
            "identify" => paired.identify(screen),
            "reload" => paired.reload(screen),
            "move" => paired.show(screen, &shows()?),
            "rename" => paired.rename(screen, field("name"), Some(field("place"))),
            "hours" => paired.expect(screen, Some(field("calendar")).filter(|it| !it.is_empty())),
            "revoke" => paired.revoke(screen),
            _ => Err(PairError::Unknown(String::new())),
        }
    })
    .await
    .unwrap_or_else(|_| Err(PairError::Disk("the change did not end well".to_owned())));
    if done.is_ok() && ["revoke", "rename"].contains(&action.as_str()) {
        // Nobody misses it. Sockets that are about to close forget it themselves.
        let _ = desk.screens.forget(kept.get("screen"));
    }
    let mut back = form_urlencoded::Serializer::new(String::new());
    back.append_pair("said", done.as_ref().map_or_else(failed, |()| &action));
    let name = if action == "approve" || action == "rename" { "name" } else { "screen" };
    back.append_pair("name", kept.get(name));
    if done.is_err() && action == "approve" {
        // What was typed need not be typed again.
        back.append_pair("code", kept.get("code")).append_pair("place", kept.get("place"));
    }
    let location = format!("../screens?{}", back.finish());
    let location =
        HeaderValue::try_from(location).unwrap_or(HeaderValue::from_static("../screens"));
    let response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    Ok(did(response, kept.get(name), done.err().map(|error| error.to_string())))
}

async fn page(
    State(Admin { desk, screens }): State<Admin>,
    asked: Asked,
    Query(filled): Query<Filled>,
    headers: HeaderMap,
) -> Response {
    let sheet = asked.sheet(PAGE);
    let language = sheet.language();
    let walls = match &screens.public_url {
        Some(url) => Some(url.clone()),
        None => host_at(&headers, screens.public_port).map(|host| format!("http://{host}")),
    };
    let walls = walls.unwrap_or_default();
    let book = &screens.pairing.paired;
    let boards = desk.hub.boards();
    let each = boards.iter().filter_map(|it| Some((it.id.clone(), desk.hub.choices(&it.id)?.1)));
    let each = each.collect();
    let choices =
        Choices { boards, each, playlists: book.playlists(), calendars: book.calendars() };
    let paired = book.list();
    let waits = paired.iter().any(|it| book.picture_state(&it.name) == PictureState::Asked);
    let (own, others): (Vec<Seen>, Vec<Seen>) = desk.screens.seen().into_iter().partition(|seen| {
        seen.name.as_ref().is_some_and(|name| paired.iter().any(|screen| screen.name == *name))
    });
    let now_ms = desk.screens.now_ms();
    let body = html! {
        p.lead { (language.say("screens-lead")) " " strong { (walls) "/screen" } }
        @if let Some((_, is_good, message)) = SAID.iter().find(|(word, _, _)| *word == filled.said) {
            p class=(if *is_good { "said" } else { "said bad" }) role="status" {
                (language.say(message))
                @if *is_good && is_name(&filled.name) { " " strong { (filled.name) } }
            }
        }
        (pair_form(&filled, &choices, &sheet))
        h2.part { (language.say("screens-paired")) }
        @if paired.is_empty() { p.soft { (language.say("screens-none")) } }
        ul.screens {
            @for screen in &paired {
                li {
                    (card(screen, &own, &choices, now_ms, &sheet))
                    @if sheet.who.role >= Role::Admin { (picture::part(screen, book, &sheet)) }
                }
            }
        }
        @if !others.is_empty() {
            h2.part { (language.say("screens-others")) }
            (table(&others, now_ms, language))
        }
    };
    let mut response = sheet.show(StatusCode::OK, None, &body);
    if waits {
        // Until the picture is there. The page has no script that could ask for it.
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("2; url=screens"));
    }
    response
}
