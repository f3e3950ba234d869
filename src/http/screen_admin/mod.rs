//! `/admin/screens`, on the admin listener alone: which screens there are, and what an operator does
//! with them. Plain forms: they work without a script, and only from a page of this listener.

mod parts;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::html;
use serde::Deserialize;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::address::host_at;
use super::client::Client;
use super::page::{Width, shell};
use super::screen_page::Pairing;
use super::{Problem, origin};
use crate::board::hub::HubHandle;
use crate::screen::paired::{PairError, PairLimit, Shows};
use crate::screen::{Screens, Seen, is_name};
use parts::{Choices, card, pair_form, table};

/// The longest form that is read.
const FORM_BYTES_MAX: usize = 4096;

#[derive(Clone)]
pub(super) struct Admin {
    pub(super) hub: HubHandle,
    pub(super) screens: Arc<Screens>,
    pub(super) pairing: Pairing,
    pub(super) public_url: Option<String>,
    pub(super) public_port: u16,
    pub(super) body_timeout: Duration,
}

pub(super) fn admin(admin: Admin) -> Router {
    Router::new()
        .route("/admin/screens", get(page))
        .route("/admin/screens/{action}", post(act))
        .with_state(admin)
}

/// What the page is asked for with: by a phone that has read a code, or after a form.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    code: String,
    name: String,
    place: String,
    /// What came of the form before.
    said: String,
}

/// What came of a form: the word in the address, whether it is good, and the message.
const SAID: [(&str, bool, &str); 15] = [
    ("approve", true, "screens-said-approved"),
    ("identify", true, "screens-said-identified"),
    ("reload", true, "screens-said-reloaded"),
    ("move", true, "screens-said-moved"),
    ("rename", true, "screens-said-renamed"),
    ("revoke", true, "screens-said-revoked"),
    ("wrong-code", false, "screens-failed-code"),
    ("limit", false, "screens-failed-limit"),
    ("full", false, "screens-failed-full"),
    ("bad-name", false, "screens-failed-name"),
    ("name-taken", false, "screens-failed-taken"),
    ("long-place", false, "screens-failed-place"),
    ("unknown", false, "screens-failed-unknown"),
    ("unknown-board", false, "screens-failed-board"),
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
        PairError::Disk(_) => "disk",
    }
}

async fn act(
    State(admin): State<Admin>,
    Path(action): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    if !origin::is_same(&parts.headers, &Client::default()) {
        let detail = "a form of another site changes nothing here";
        return Err(Problem::new(StatusCode::FORBIDDEN, "other-origin", "Other origin", detail));
    }
    let from = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let bytes = timeout(admin.body_timeout, to_bytes(body, FORM_BYTES_MAX)).await;
    let Ok(Ok(bytes)) = bytes else {
        let detail = format!("the form is longer than {FORM_BYTES_MAX} bytes, or did not arrive");
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad-form", "Bad form", detail));
    };
    let form: BTreeMap<String, String> = form_urlencoded::parse(&bytes).into_owned().collect();
    let paired = Arc::clone(&admin.pairing.paired);
    let kept = form.clone();
    let asked = action.clone();
    // What is changed is on disk before it is answered.
    let done = spawn_blocking(move || {
        let field = |name: &str| form.get(name).map(|text| text.trim()).unwrap_or_default();
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
            "revoke" => paired.revoke(screen),
            _ => Err(PairError::Unknown(String::new())),
        }
    })
    .await
    .unwrap_or_else(|_| Err(PairError::Disk("the change did not end well".to_owned())));
    if !SAID.iter().any(|(word, is_good, _)| *is_good && *word == action) {
        let detail = format!("nobody can \"{action}\" a screen");
        return Err(Problem::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail));
    }
    if done.is_ok()
        && ["revoke", "rename"].contains(&action.as_str())
        && let Some(name) = kept.get("screen")
    {
        // Nobody misses it. Sockets that are about to close forget it themselves.
        let _ = admin.screens.forget(name);
    }
    let mut back = form_urlencoded::Serializer::new(String::new());
    back.append_pair("said", done.as_ref().map_or_else(failed, |()| &action));
    let given = |key: &str| kept.get(key).map(String::as_str).unwrap_or_default();
    let name = if action == "approve" || action == "rename" { "name" } else { "screen" };
    back.append_pair("name", given(name));
    if done.is_err() && action == "approve" {
        // What was typed need not be typed again.
        back.append_pair("code", given("code")).append_pair("place", given("place"));
    }
    let location = format!("../screens?{}", back.finish());
    let location =
        HeaderValue::try_from(location).unwrap_or(HeaderValue::from_static("../screens"));
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}

async fn page(
    State(admin): State<Admin>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let site = admin.hub.site();
    let language = site.language;
    let walls = match &admin.public_url {
        Some(url) => Some(url.clone()),
        None => host_at(&headers, admin.public_port).map(|host| format!("http://{host}")),
    };
    let walls = walls.unwrap_or_default();
    let choices =
        Choices { boards: admin.hub.boards(), playlists: admin.pairing.paired.playlists() };
    let paired = admin.pairing.paired.list();
    let (own, others): (Vec<Seen>, Vec<Seen>) =
        admin.screens.seen().into_iter().partition(|seen| {
            seen.name.as_ref().is_some_and(|name| paired.iter().any(|screen| screen.name == *name))
        });
    let now_ms = admin.screens.now_ms();
    let body = html! {
        header {
            p.crumbs { a href="../" { (site.name) } }
            h1 { (language.say("screens-title")) }
            p.lead { (language.say("screens-lead")) " " strong { (walls) "/screen" } }
        }
        main {
            @if let Some((_, is_good, message)) = SAID.iter().find(|(word, _, _)| *word == asked.said) {
                p class=(if *is_good { "said" } else { "said bad" }) role="status" {
                    (language.say(message))
                    @if *is_good && is_name(&asked.name) { " " strong { (asked.name) } }
                }
            }
            (pair_form(&asked, &choices, language))
            h2.part { (language.say("screens-paired")) }
            @if paired.is_empty() { p.soft { (language.say("screens-none")) } }
            ul.screens {
                @for screen in &paired {
                    li { (card(screen, &own, &choices, now_ms, language)) }
                }
            }
            @if !others.is_empty() {
                h2.part { (language.say("screens-others")) }
                (table(&others, now_ms, language))
            }
        }
    };
    let title = format!("{} · {}", language.say("screens-title"), site.name);
    let mut response = shell(StatusCode::OK, language, &title, Width::Wide, &body);
    // Browsers say of a form where it comes from only if its page may.
    let policy = HeaderValue::from_static("same-origin");
    response.headers_mut().insert(header::REFERRER_POLICY, policy);
    response
}
