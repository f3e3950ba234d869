//! How requests are made.

use tablica_plugin::{Piece, Request, pieces, secret};

/// `GET graph/me/…` with the token; `query` goes behind it.
pub(crate) fn get(path: &str, query: &str, tag: &str) -> Request {
    Request::get(address(path, query), tag)
}

/// `POST graph/me/…` of JSON.
pub(crate) fn post(path: &str, body: &str, tag: &str) -> Request {
    Request::post_json(address(path, ""), body, tag)
}

fn address(path: &str, query: &str) -> Vec<Piece> {
    let start = format!("https://api.ok.ru/graph/me/{path}?access_token=");
    pieces![start, secret("access_token"), query.to_owned()]
}
