//! `/assets/*` and `/wall/sw.js`: the embedded front end.
//!
//! Text is compressed by the front end's build, so nothing is compressed here: of the shapes of a
//! file the smallest that the browser takes is sent. Sockets are never compressed.

use axum::Router;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{Problem, coding};
use crate::assets::{self, Asset};

/// What was asked for by the build it belongs to never changes.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// Everything else is asked for again each time, and mostly answered by "not modified".
const ASK_AGAIN: &str = "no-cache";
/// Keeps the page's own files in the browser. A worker answers for what is beside or below its own
/// address, so it has to be where the walls are.
const WORKER: &str = "sw.js";

pub(super) fn routes() -> Router {
    Router::new().route("/assets/{*path}", get(asset)).route("/wall/sw.js", get(worker))
}

/// The files alone, where no walls are.
pub(super) fn admin() -> Router {
    Router::new().route("/assets/{*path}", get(asset))
}

async fn asset(Path(path): Path<String>, RawQuery(query): RawQuery, asked: HeaderMap) -> Response {
    let Some(asset) = assets::ui(&path) else { return unknown(&path) };
    let build = assets::build_id();
    let by_build = !build.is_empty() && query.as_deref() == Some(&format!("v={build}"));
    // Fonts have their content's hash in their names.
    let is_forever = by_build || asset.path.ends_with(".woff2");
    answer(&asset, &asked, if is_forever { FOREVER } else { ASK_AGAIN })
}

async fn worker(asked: HeaderMap) -> Response {
    match assets::ui(WORKER) {
        Some(worker) => answer(&worker, &asked, ASK_AGAIN),
        None => unknown(WORKER),
    }
}

fn unknown(path: &str) -> Response {
    let detail = format!("there is no file \"{path}\" in the front end");
    Problem::new(StatusCode::NOT_FOUND, "unknown-asset", "Unknown file", detail).into_response()
}

/// The file as the browser takes it, or that it has it already.
fn answer(asset: &Asset, asked: &HeaderMap, cache: &'static str) -> Response {
    let codings = asset.packed.iter().map(|packed| packed.coding);
    let chosen = coding::choose(asked, codings).map(|at| &asset.packed[at]);
    let tag = chosen.map_or(asset.tag, |packed| &packed.tag);
    let mut headers = HeaderMap::new();
    let mut say = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    say(header::CACHE_CONTROL, cache);
    say(header::CONTENT_TYPE, asset.mime);
    say(header::ETAG, tag);
    if !asset.packed.is_empty() {
        say(header::VARY, "Accept-Encoding");
    }
    if knows(asked, tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    if let Some(packed) = chosen {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(packed.coding));
    }
    (headers, chosen.map_or(asset.bytes, |packed| packed.bytes)).into_response()
}

/// Whether `If-None-Match` names it. A proxy may have made the tag a weak one.
fn knows(asked: &HeaderMap, tag: &str) -> bool {
    let lines = asked.get_all(header::IF_NONE_MATCH).into_iter();
    let mut known = lines.filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(','));
    known.any(|one| {
        let one = one.trim();
        one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag
    })
}
