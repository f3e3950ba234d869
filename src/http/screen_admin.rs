//! `/admin/screens`, on the admin listener alone: which screens there are, and what an operator does
//! with them. Plain forms: they work without a script, and only from a page of this listener.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::{Markup, html};
use serde::Deserialize;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::address::host_at;
use super::client::Client;
use super::page::{Width, shell};
use super::screen_page::{Pairing, build};
use super::{Problem, origin};
use crate::board::format;
use crate::board::frame::Listed;
use crate::board::hub::HubHandle;
use crate::event::UnixMs;
use crate::language::Language;
use crate::screen::paired::{PLACE_CHARS_MAX, PairError, PairLimit, PairedScreen, Shows};
use crate::screen::{Screens, Seen, is_name};

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

/// What a screen can be made to show.
struct Choices {
    boards: Vec<Listed>,
    playlists: Vec<String>,
}

impl Choices {
    fn options(&self, chosen: Option<&Shows>, language: Language) -> Markup {
        let is_chosen = |shows: &str| chosen.is_some_and(|it| it.to_string() == shows);
        html! {
            @for board in &self.boards {
                @let value = format!("board:{}", board.id);
                option value=(value) selected[is_chosen(&value)] { (board.title) " (" (board.id) ")" }
            }
            @for name in &self.playlists {
                @let value = format!("playlist:{name}");
                option value=(value) selected[is_chosen(&value)] {
                    (language.say("screens-playlist")) ": " (name)
                }
            }
        }
    }
}

fn pair_form(asked: &Asked, choices: &Choices, language: Language) -> Markup {
    // After a form that was good its fields are empty again.
    let is_again = !SAID.iter().any(|(word, is_good, _)| *is_good && *word == asked.said);
    let again = |text: &str| if is_again { text.to_owned() } else { String::new() };
    html! {
        form.pair method="post" action="screens/approve" {
            h2 { (language.say("screens-pair")) }
            div.fields {
                p {
                    label for="code" { (language.say("screens-code")) }
                    input #code name="code" value=(again(&asked.code)) required maxlength="20"
                        autocomplete="off" autocapitalize="characters" spellcheck="false" placeholder="BCDF-GHJK";
                }
                p {
                    label for="name" { (language.say("screens-name")) }
                    input #name name="name" value=(again(&asked.name)) required maxlength="40"
                        pattern="[A-Za-z0-9][A-Za-z0-9._\\-]*" autocomplete="off" placeholder="hall-2";
                }
                p {
                    label for="place" { (language.say("screens-place")) }
                    input #place name="place" value=(again(&asked.place)) maxlength=(PLACE_CHARS_MAX) autocomplete="off";
                }
                p {
                    label for="shows" { (language.say("screens-shows")) }
                    select #shows name="shows" { (choices.options(None, language)) }
                }
                p { button.main type="submit" { (language.say("screens-approve")) } }
            }
        }
    }
}

fn card(
    screen: &PairedScreen,
    own: &[Seen],
    choices: &Choices,
    now_ms: UnixMs,
    language: Language,
) -> Markup {
    let say = |name| language.say(name);
    let name = &screen.name;
    // While one board follows another there are two for a moment: the one in front counts.
    let of_name = || own.iter().filter(|seen| seen.name.as_ref() == Some(name));
    let seen = of_name().find(|seen| seen.board == screen.board).or_else(|| of_name().next());
    let is_here = seen.is_some_and(|seen| seen.id.is_some());
    let seen_ms = seen.map_or(0, |seen| seen.seen_ms).max(screen.seen_ms);
    let ago = |ms: UnixMs| match ms {
        0 => say("screens-never"),
        ms => format::ago(now_ms.saturating_sub(ms), language),
    };
    let version = match screen.build.as_str() {
        "" => format::NOTHING.to_owned(),
        own if own == build() => say("screens-version-current"),
        other => format!("{} ({other})", say("screens-version-older")),
    };
    let shows = match &screen.shows {
        Shows::Board(id) => choices
            .boards
            .iter()
            .find(|board| board.id == *id)
            .map_or_else(|| id.clone(), |board| board.title.clone()),
        Shows::Playlist(name) => format!("{}: {name}", say("screens-playlist")),
    };
    let address = seen.and_then(|seen| seen.address).or(screen.address);
    let (mark, state) =
        if is_here { ("state", "screens-here") } else { ("state bad", "screens-away") };
    let label = |name_of: &'static str| format!("{} {name}", say(name_of));
    html! {
        h3 { (name) }
        p { span class=(mark) { (say(state)) } @if !screen.place.is_empty() { span.soft { (screen.place) } } }
        dl {
            (fact(&say("screens-shows"), html! { (shows) }))
            @if !screen.board.is_empty() {
                (fact(&say("screens-in-front"), html! { code { (screen.board) } }))
            }
            (fact(&say("screens-picture"), picture(seen, language)))
            (fact(&say("screens-last-seen"), html! { (ago(seen_ms)) }))
            (fact(&say("screens-address"), html! { (of_address(address)) }))
            (fact(&say("screens-browser"), html! { span title=(screen.browser) { (short(&screen.browser)) } }))
            (fact(&say("screens-version"), html! { (version) }))
            (fact(&say("screens-since"), html! { (ago(screen.paired_ms)) }))
        }
        div.buttons {
            @for (action, words) in [("identify", "screens-identify"), ("reload", "screens-reload")] {
                form method="post" action={ "screens/" (action) } {
                    input type="hidden" name="screen" value=(name);
                    button type="submit" aria-label=(label(words)) { (say(words)) }
                }
            }
        }
        details {
            summary { (say("screens-change")) }
            form method="post" action="screens/move" {
                input type="hidden" name="screen" value=(name);
                label for={ "shows-" (name) } { (say("screens-shows")) }
                select id={ "shows-" (name) } name="shows" { (choices.options(Some(&screen.shows), language)) }
                button type="submit" aria-label=(label("screens-move")) { (say("screens-move")) }
            }
            form method="post" action="screens/rename" {
                input type="hidden" name="screen" value=(name);
                label for={ "name-" (name) } { (say("screens-name")) }
                input id={ "name-" (name) } name="name" value=(name) required maxlength="40"
                    pattern="[A-Za-z0-9][A-Za-z0-9._\\-]*" autocomplete="off";
                label for={ "place-" (name) } { (say("screens-place")) }
                input id={ "place-" (name) } name="place" value=(screen.place) maxlength=(PLACE_CHARS_MAX) autocomplete="off";
                button type="submit" aria-label=(label("screens-rename")) { (say("screens-rename")) }
            }
            form method="post" action="screens/revoke" {
                input type="hidden" name="screen" value=(name);
                p.soft { (say("screens-revoke-means")) }
                button.danger type="submit" aria-label=(label("screens-revoke")) { (say("screens-revoke")) }
            }
        }
    }
}

fn fact(what: &str, is: Markup) -> Markup {
    html! { div { dt { (what) } dd { (is) } } }
}

/// "up to date, #812", "40 s old, #811".
fn picture(seen: Option<&Seen>, language: Language) -> Markup {
    let age = seen.and_then(|seen| seen.picture_age_ms);
    let words = match age {
        Some(age) if age < 5_000 => language.say("screens-picture-new"),
        Some(age) => format::ago(age, language),
        None => format::NOTHING.to_owned(),
    };
    let seq = seen.filter(|seen| seen.painted_ms > 0).map(|seen| seen.painted_seq);
    html! { (words) @if let Some(seq) = seq { " " span.soft title=(language.say("screens-acknowledged")) { "#" (seq) } } }
}

fn of_address(address: Option<IpAddr>) -> String {
    address.map_or_else(|| format::NOTHING.to_owned(), |address| address.to_string())
}

fn table(others: &[Seen], now_ms: UnixMs, language: Language) -> Markup {
    let say = |name| language.say(name);
    html! {
        div.scrolls tabindex="0" role="region" aria-label=(say("screens-others")) {
            table.screens-table {
                thead { tr {
                    th scope="col" { (say("screens-name")) }
                    th scope="col" { (say("screens-shows")) }
                    th scope="col" { (say("screens-picture")) }
                    th scope="col" { (say("screens-last-seen")) }
                    th scope="col" { (say("screens-address")) }
                    th scope="col" { (say("screens-browser")) }
                } }
                tbody {
                    @for seen in others {
                        tr {
                            td { (seen.name.as_deref().unwrap_or(format::NOTHING)) }
                            td { code { (seen.board) } }
                            td { (picture(Some(seen), language)) }
                            td { (format::ago(now_ms.saturating_sub(seen.seen_ms), language)) }
                            td { (of_address(seen.address)) }
                            td title=(seen.browser) { (short(&seen.browser)) }
                        }
                    }
                }
            }
        }
    }
}

/// "Chrome 53, Tizen" of what a browser calls itself at length.
fn short(browser: &str) -> String {
    let names = ["SamsungBrowser", "Edg", "OPR", "Firefox", "Chromium", "Chrome", "Version"];
    let found = names.iter().find_map(|name| {
        let (_, rest) = browser.split_once(&format!("{name}/"))?;
        let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let name = if *name == "Version" { "Safari" } else { name };
        Some(format!("{name} {number}"))
    });
    let systems =
        ["Tizen", "Web0S", "webOS", "Android", "CrOS", "Windows", "iPad", "Mac OS X", "Linux"];
    let system = systems.iter().find(|system| browser.contains(*system));
    match (found, system) {
        (Some(found), Some(system)) => format!("{found}, {system}"),
        (Some(found), None) => found,
        (None, _) if browser.is_empty() => format::NOTHING.to_owned(),
        (None, _) => browser.chars().take(30).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_told_in_two_words() {
        let tv = "Mozilla/5.0 (SMART-TV; Linux; Tizen 4.0) AppleWebKit/538.1 (KHTML, like Gecko) \
                  Version/4.0 TV Safari/538.1 Chrome/56.0";
        assert_eq!(short(tv), "Chrome 56, Tizen");
        assert_eq!(
            short("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"),
            "Firefox 140, Linux"
        );
        assert_eq!(short("curl"), "curl");
        assert_eq!(short(""), "–");
    }
}
