//! `/screen`: the page of a television. It shows a code until somebody approves it, and then what the
//! operator wants it to show, for as long as it is not revoked. A screen's token is in a cookie that no
//! script reads, in no address and in no line of the log.

mod picture;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Deserialize;
use serde_json::{Value, json};

use super::address::{host_at, is_only_here};
use super::addresses::counted_as;
use super::client::Client;
use super::gate::cookies;
use super::receipt::qr;
use super::{Problem, origin};
use crate::assets;
use crate::board::hub::HubHandle;
use crate::language::Language;
use crate::screen::paired::{COOKIE, PairError, PairLimit, Paired, Told, Visit, written};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Browsers keep a cookie for 400 days at most; the page has it renewed each day.
const KEEP_SECONDS: u32 = 400 * 24 * 60 * 60;
/// Turns that one answer may say were begun again.
const RESTARTED_MAX: u64 = 100;

/// What pairing needs of the server.
#[derive(Clone)]
pub struct Pairing {
    /// The screens.
    pub paired: Arc<Paired>,
    /// `server.admin_url`: where people approve codes.
    pub admin_url: Option<String>,
    /// Else at this port of the same host.
    pub admin_port: u16,
    /// And only on this machine.
    pub admin_is_only_here: bool,
    /// Longest time for a screen's picture to arrive (`server.body_timeout`).
    pub body_timeout: Duration,
}

#[derive(Clone)]
struct ScreenPage {
    hub: HubHandle,
    pairing: Pairing,
}

pub(super) fn routes(hub: HubHandle, pairing: Pairing) -> Router {
    Router::new()
        .route("/screen", get(page))
        .route("/screen/page.js", get(script))
        .route("/screen/state", post(state))
        .route("/screen/picture", post(picture::take))
        .with_state(ScreenPage { hub, pairing })
}

/// Changes with the page's script, and with the front end that its frames show.
pub(super) fn build() -> String {
    let all = [SCRIPT, STYLE].concat();
    format!("{}-{:08x}", assets::build_id(), crc32fast::hash(all.as_bytes()))
}

async fn script() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, SCRIPT).into_response()
}

async fn page(State(page): State<ScreenPage>) -> Response {
    let site = page.hub.site();
    Html(markup(&site.name, site.language).into_string()).into_response()
}

fn markup(site: &str, language: Language) -> Markup {
    let say = |name| language.say(name);
    html! {
        (DOCTYPE)
        html lang=(language.id()) {
            head {
                meta charset="utf-8";
                title { (say("pair-title")) " · Tablica" }
                meta name="viewport" content="width=device-width,initial-scale=1";
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body {
                div #screen data-state="code" data-build=(build())
                    data-lost=(say("pair-lost")) data-limited=(say("pair-limited"))
                    data-nothing=(say("pair-nothing"))
                {
                    main #pair {
                        p.site { (site) }
                        div.columns {
                            div.about {
                                h1 { (say("pair-title")) }
                                p #code { "····-····" }
                                p.ends { (say("pair-ends")) " " span #left {} }
                                ul.ways {
                                    li #by-address hidden {
                                        (say("pair-by-page")) br; strong #address {}
                                    }
                                    li {
                                        (say("pair-by-command")) br;
                                        code {
                                            "tablica screen approve " span #command-code { "CODE" }
                                            " --board floor --name hall"
                                        }
                                    }
                                }
                            }
                            div #qr {}
                        }
                    }
                    div #stage {}
                    div #identify hidden { p #name {} p #place {} }
                    p #note role="status" hidden {}
                }
                script src="screen/page.js" {}
            }
        }
    }
}

/// What a page says when it asks.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Said {
    build: String,
    board: String,
    /// The code that it shows already.
    code: String,
    /// Turns of a playlist that it has begun again.
    restarted: u64,
    /// It wants its cookie renewed.
    renew: u8,
}

async fn state(
    State(page): State<ScreenPage>,
    Query(said): Query<Said>,
    client: Option<Extension<Client>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let client = client.map(|Extension(client)| client).unwrap_or_default();
    if !origin::is_same(&headers, &client) {
        let detail = "a page of another site may not ask for a screen";
        return Err(Problem::new(StatusCode::FORBIDDEN, "other-origin", "Other origin", detail));
    }
    let token = token(&headers);
    let browser = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let visit = Visit {
        address: client.address,
        counted_as: client.address.map(counted_as),
        browser: browser.unwrap_or_default().to_owned(),
        build: said.build,
        board: said.board,
    };
    let paired = &page.pairing.paired;
    match paired.ask(token, visit)? {
        Told::Code { code, expires_in_ms, new_token } => {
            let address = page.pairing.approving(&headers, &code);
            let shown = written(&code);
            // The picture goes out once for each code.
            let qr = address.as_deref().filter(|_| said.code != shown).and_then(qr::svg);
            let answer = json!({
                "state": "code", "code": shown, "expires_in_s": expires_in_ms / 1000,
                "address": address, "qr": qr,
            });
            Ok(answered(answer, new_token.as_deref(), &client))
        }
        Told::Paired { name, place, shows, reload, identify, picture } => {
            if said.restarted > 0 {
                paired.turns_were_restarted(said.restarted.min(RESTARTED_MAX));
                tracing::warn!(screen = name, "a screen's page found its playlist stuck");
            }
            let turn = paired.turn(&shows);
            let answer = json!({
                "state": "paired", "name": name, "place": place, "steps": turn.steps,
                "jump": turn.jump, "reload": reload, "identify": identify, "build": build(),
                "picture": picture, "picture_bytes_max": paired.picture_bytes_max(),
            });
            Ok(answered(answer, token.filter(|_| said.renew > 0), &client))
        }
    }
}

/// The screen's token in what a browser sends.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    cookies(headers, COOKIE).next()
}

/// The answer, with the token for the browser to keep, where there is one.
fn answered(answer: Value, token: Option<&str>, client: &Client) -> Response {
    let mut response = Json(answer).into_response();
    let Some(token) = token else { return response };
    let secure = if client.default_port == Some(443) { "; Secure" } else { "" };
    let cookie = format!(
        "{COOKIE}={token}; Path=/; Max-Age={KEEP_SECONDS}; HttpOnly; SameSite=Strict{secure}"
    );
    if let Ok(mut cookie) = HeaderValue::try_from(cookie) {
        cookie.set_sensitive(true);
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

impl Pairing {
    /// Where a phone approves this code; none where no other machine reaches the admin listener.
    fn approving(&self, headers: &HeaderMap, code: &str) -> Option<String> {
        let code = written(code);
        if let Some(url) = &self.admin_url {
            return Some(format!("{url}/admin/screens?code={code}"));
        }
        let base = format!("http://{}", host_at(headers, self.admin_port)?);
        let is_reached = !self.admin_is_only_here || is_only_here(&base);
        is_reached.then(|| format!("{base}/admin/screens?code={code}"))
    }
}

impl From<PairError> for Problem {
    fn from(error: PairError) -> Problem {
        let detail = error.to_string();
        let (status, name, title) = match error {
            PairError::Limit(PairLimit::Screens) => {
                (StatusCode::CONFLICT, "too-many-screens", "Too many screens")
            }
            PairError::Limit(_) => {
                (StatusCode::TOO_MANY_REQUESTS, "too-many-codes", "Too many codes")
            }
            PairError::Disk(_) => {
                tracing::warn!(detail, "a screen cannot be paired");
                (StatusCode::SERVICE_UNAVAILABLE, "pairing-unavailable", "Pairing unavailable")
            }
            PairError::WrongCode(_)
            | PairError::Unknown(_)
            | PairError::UnknownCalendar(_)
            | PairError::UnknownShows(_) => (StatusCode::NOT_FOUND, "not-found", "Not found"),
            PairError::BadName(_) | PairError::LongPlace | PairError::NameTaken(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "bad-name", "Bad name")
            }
        };
        let problem = Problem::new(status, name, title, detail);
        if status == StatusCode::TOO_MANY_REQUESTS { problem.retry_after(30) } else { problem }
    }
}
