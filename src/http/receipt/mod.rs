//! `/receipt/{board}/{tile}`: how a tile's figures are made, as a page for people. The same numbers
//! as `/api/v1/kpis/{id}/receipt`, of the tile's own selector and window; and the page's address as
//! a code for a phone's camera.

mod chart;
mod page;
pub(super) mod qr;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::address::{self, PublicUrl, part};
use super::client::Client;
use super::page::{Width, shell, unknown_board};
use super::{Problem, api};
use crate::board::figures::Site;
use crate::board::format::Language;
use crate::board::frame::Frame;
use crate::board::hub::HubHandle;
use crate::board::tile::{Asked, Explained};
use crate::engine::Engine;
use crate::event::UnixMs;
use crate::kpi::value::{Figure, Value};
use crate::kpi::{self, Kpi, Series};
use crate::scope::Selector;

/// Length of a step of the line.
const STEP_MS: i64 = 60_000;
/// Rows that a page links; a table with more is asked for by address.
const ROWS_MAX: usize = 100;

#[derive(Clone)]
struct Receipts {
    hub: HubHandle,
    public_url: PublicUrl,
}

/// A tile as its page tells of it.
struct Sheet {
    board: String,
    board_title: String,
    tile: String,
    title: String,
    subtitle: String,
    language: Language,
    site: Arc<Site>,
    /// The key and the names of a table's rows, and which of them was asked for.
    rows: Option<Rows>,
    at_ms: UnixMs,
    numbers: Vec<Number>,
    /// The page's own address, for a phone.
    address: Option<String>,
}

struct Rows {
    key: &'static str,
    names: Vec<String>,
    chosen: Option<String>,
}

/// One number with everything that its page tells.
struct Number {
    kpi: &'static Kpi,
    value: Value,
    /// Of a figure that is concealed there is none.
    course: Series,
}

pub(super) fn routes(hub: HubHandle, public_url: PublicUrl) -> Router {
    Router::new()
        .route("/receipt/{board}/{tile}", get(receipt))
        .route("/receipt/{board}/{tile}/qr.svg", get(code))
        .with_state(Receipts { hub, public_url })
}

async fn receipt(
    State(receipts): State<Receipts>,
    Path((board, tile)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    client: Option<Extension<Client>>,
    headers: HeaderMap,
) -> Response {
    let client = client.map(|Extension(client)| client).unwrap_or_default();
    let hub = &receipts.hub;
    let (Some(frame), Some(explained)) = (hub.newest(&board), hub.explained(&board)) else {
        return unknown_board(&board, "../../wall/", &hub.boards());
    };
    let Some(explained) = explained.iter().find(|known| known.id == tile).cloned() else {
        return unknown_tile(&board, &tile, &explained);
    };
    let chosen = explained.rows.and_then(|key| chosen(key, query.as_deref()));
    let base = address::of_this_server(&receipts.public_url, &client, &headers);
    let path = path_of(&board, &tile, explained.rows.zip(chosen.as_deref()));
    let own = base.map(|base| format!("{base}/{path}"));
    match sheet(hub, &board, &frame, explained, chosen, own).await {
        Ok(sheet) => page::of(&sheet),
        Err(problem) => problem.into_response(),
    }
}

/// The code alone, for the wall to show.
async fn code(
    State(receipts): State<Receipts>,
    Path((board, tile)): Path<(String, String)>,
    client: Option<Extension<Client>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let client = client.map(|Extension(client)| client).unwrap_or_default();
    let not_found = |detail: &str| {
        Problem::new(StatusCode::NOT_FOUND, "unknown-tile", "Unknown tile", detail.to_owned())
    };
    let Some(explained) = receipts.hub.explained(&board) else {
        return Err(api::unknown_board(&receipts.hub, &board));
    };
    let ids = || explained.iter().map(|known| known.id.clone());
    if !explained.iter().any(|known| known.id == tile) {
        return Err(not_found("the board has no tile of that id with a figure").valid(ids()));
    }
    let base = address::of_this_server(&receipts.public_url, &client, &headers);
    let path = path_of(&board, &tile, None);
    let svg = base.and_then(|base| qr::svg(&format!("{base}/{path}")));
    let svg = svg.ok_or_else(|| not_found("the request does not say which host it is for"))?;
    Ok(([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response())
}

/// Where the page of a tile, or of one row of it, is below the server.
fn path_of(board: &str, tile: &str, row: Option<(&str, &str)>) -> String {
    let query = row.map(|(key, name)| format!("?{key}={}", part(name))).unwrap_or_default();
    format!("receipt/{}/{}{query}", part(board), part(tile))
}

/// The row that the address asks for.
fn chosen(key: &str, query: Option<&str>) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query?.as_bytes());
    pairs.find(|(name, _)| name == key).map(|(_, value)| value.into_owned())
}

fn unknown_tile(board: &str, tile: &str, known: &[Explained]) -> Response {
    let title = format!("Board “{board}” has no figures in a tile “{tile}”");
    let body = maud::html! {
        h1 { (title) }
        p { "These tiles have figures:" }
        ul { @for known in known { li { a href=(part(&known.id)) { (known.id) } } } }
    };
    shell(StatusCode::NOT_FOUND, Language::English, &title, Width::Narrow, &body)
}

async fn sheet(
    hub: &HubHandle,
    board: &str,
    frame: &Frame,
    explained: Explained,
    chosen: Option<String>,
    address: Option<String>,
) -> Result<Sheet, Problem> {
    let site = hub.site();
    let Explained { id: tile, asked, rows: key } = explained;
    let layout: serde_json::Value = serde_json::from_str(frame.layout()).unwrap_or_default();
    let tiles = layout["tiles"].as_array().map(Vec::as_slice).unwrap_or_default();
    let placed = tiles.iter().find(|placed| placed["id"] == tile.as_str());
    let text = |value: Option<&serde_json::Value>| {
        value.and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let language = layout["language"].as_str().and_then(Language::from_id).unwrap_or_default();
    let policies: Vec<String> = site.policies.keys().cloned().collect();
    let row = chosen.clone();
    let question = move |engine: &mut Engine, at_ms: UnixMs| {
        let names = key.map(|key| names_of(engine, key, policies)).unwrap_or_default();
        let mut numbers = Vec::new();
        for Asked { kpi, mut selector, window } in asked {
            if let Some((key, name)) = key.zip(row.as_deref()) {
                selector.set(key, name).map_err(|error| error.to_string())?;
                // A row that nobody knows must not look like a quiet one.
                if !names.iter().any(|known| known == name) {
                    return Err(format!("there is no {key} \"{name}\""));
                }
            }
            numbers.push(number(engine, kpi, &selector, window, at_ms));
        }
        Ok((at_ms, names, numbers))
    };
    let (at_ms, names, numbers) = hub.ask(question).await?.map_err(|detail| {
        Problem::new(StatusCode::NOT_FOUND, "unknown-row", "Unknown row", detail)
    })?;
    Ok(Sheet {
        board: board.to_owned(),
        board_title: text(layout.get("title")),
        title: text(placed.and_then(|placed| placed.get("title"))),
        subtitle: text(placed.and_then(|placed| placed.get("subtitle"))),
        tile,
        language,
        rows: key.map(|key| Rows { key, names, chosen }),
        at_ms,
        numbers: numbers.into_iter().map(Number::concealed_as_its_figure).collect(),
        site,
        address,
    })
}

/// What a table has rows of.
fn names_of(engine: &Engine, key: &str, policies: Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = match key {
        "queue" => engine.queues().map(str::to_owned).collect(),
        "channel" => engine.channels().map(str::to_owned).collect(),
        "topic" => engine.topics().map(str::to_owned).collect(),
        "policy" => policies,
        _ => Vec::new(),
    };
    names.sort_unstable();
    names
}

fn number(
    engine: &Engine,
    kpi: &'static Kpi,
    selector: &Selector,
    window: crate::scope::Window,
    at_ms: UnixMs,
) -> Number {
    let value = kpi::compute(kpi, engine, selector, window, at_ms);
    let course = match value.figure {
        Figure::Concealed => Series::default(),
        _ => kpi::series(kpi, engine, selector, STEP_MS),
    };
    Number { kpi, value, course }
}

impl Number {
    /// Of a concealed figure no count and no other formula may be read either; its course is none.
    fn concealed_as_its_figure(mut self) -> Number {
        if self.value.figure == Figure::Concealed {
            self.value.receipt.counts.clear();
            self.value.receipt.variants.clear();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_row_names_it() {
        assert_eq!(path_of("floor", "w", None), "receipt/floor/w");
        let row = Some(("queue", "a b&c"));
        assert_eq!(path_of("floor", "q/1", row), "receipt/floor/q%2F1?queue=a%20b%26c");
        assert_eq!(chosen("queue", Some("x=1&queue=a+b%26c")).as_deref(), Some("a b&c"));
        assert_eq!(
            chosen("queue", Some("policy=x")),
            None,
            "rows of another kind are not asked for"
        );
    }
}
