//! A request as the schemes look at it: its head, and of its body what they ask for.

use std::cell::OnceCell;
use std::convert::Infallible;

use axum::http::{HeaderMap, HeaderName, header};
use bytes::Bytes;
use form_urlencoded::parse;
use futures_util::future::{self, FutureExt as _};
use futures_util::stream;
use serde_json::Value;

use super::Address;
use crate::channel::input::Incoming;

/// A name and its value in a form.
pub(super) type Pair = (String, String);

/// A request; its body, too, once that has come.
pub(super) struct Call<'a> {
    request: &'a Incoming,
    body: Option<&'a [u8]>,
    address: &'a Address,
    fields: OnceCell<Fields>,
}

enum Fields {
    Form(Vec<Pair>),
    /// Of a form in parts, without its files.
    Parts(Vec<Pair>),
    Json(Value),
    /// Neither, or not there yet.
    None,
}

impl<'a> Call<'a> {
    /// Before its body is read.
    pub(super) fn head(request: &'a Incoming, address: &'a Address) -> Self {
        Self { request, body: None, address, fields: OnceCell::new() }
    }

    /// The whole of it.
    pub(super) fn whole(request: &'a Incoming, address: &'a Address) -> Self {
        Self { body: Some(&request.body), ..Self::head(request, address) }
    }

    pub(super) fn headers(&self) -> &HeaderMap {
        &self.request.headers
    }

    pub(super) fn header(&self, name: &HeaderName) -> Option<&[u8]> {
        self.request.headers.get(name).map(|value| value.as_bytes())
    }

    pub(super) fn query(&self) -> &str {
        self.request.query.as_deref().unwrap_or_default()
    }

    /// What follows the channel's name in the address, as it was sent.
    pub(super) fn tail(&self) -> Option<&str> {
        self.request.tail.as_deref()
    }

    pub(super) fn body(&self) -> Option<&'a [u8]> {
        self.body
    }

    /// The address that the network called, as the network knows it.
    pub(super) fn url(&self) -> Option<String> {
        let mut url = match self.address {
            Address::Given(url) => url.clone(),
            Address::Proxied(path) => format!("{}{path}", self.request.origin.as_ref()?),
            Address::Unknown => return None,
        };
        if let Some(query) = &self.request.query {
            url.push('?');
            url.push_str(query);
        }
        Some(url)
    }

    /// A body is a form because its sender says so, and then it is nothing else: what is signed and
    /// what is looked at must be read in one way.
    pub(super) fn is_form(&self) -> bool {
        let said = self.request.headers.get(header::CONTENT_TYPE);
        let said = said.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = said.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    }

    /// The form that the body is, in its order.
    pub(super) fn form(&self) -> Option<&[Pair]> {
        match self.fields() {
            Fields::Form(pairs) => Some(pairs),
            Fields::Parts(_) | Fields::Json(_) | Fields::None => None,
        }
    }

    /// A field of the body as text: of a form by its name, of JSON by its name or pointer.
    pub(super) fn field(&self, name: &str) -> Option<String> {
        match self.fields() {
            Fields::Form(_) | Fields::Parts(_) => self.form_field(name).map(str::to_owned),
            Fields::Json(_) => self.json_field(&pointer(name)),
            Fields::None => None,
        }
    }

    /// A field of a form, however that is written.
    pub(super) fn form_field(&self, name: &str) -> Option<&str> {
        let (Fields::Form(pairs) | Fields::Parts(pairs)) = self.fields() else { return None };
        pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A text or a number of a JSON body.
    pub(super) fn json_field(&self, pointer: &str) -> Option<String> {
        match self.fields() {
            Fields::Json(json) => text_at(json, pointer),
            Fields::Form(_) | Fields::Parts(_) | Fields::None => None,
        }
    }

    /// Whether a field of a JSON body is a text; a secret is never a number.
    pub(super) fn text_field(&self, name: &str) -> Option<String> {
        match self.fields() {
            Fields::Json(json) => Some(json.pointer(&pointer(name))?.as_str()?.to_owned()),
            Fields::Form(_) | Fields::Parts(_) | Fields::None => {
                self.form_field(name).map(str::to_owned)
            }
        }
    }

    fn fields(&self) -> &Fields {
        self.fields.get_or_init(|| match self.body {
            None => Fields::None,
            Some(body) if self.is_form() => Fields::Form(
                parse(body).map(|(name, value)| (name.into_owned(), value.into_owned())).collect(),
            ),
            Some(body) => match boundary(self.headers()) {
                Some(boundary) => Fields::Parts(parts(&self.request.body, boundary)),
                None => serde_json::from_slice(body).map_or(Fields::None, Fields::Json),
            },
        })
    }
}

/// Fields of a form in parts that are looked at, and the longest of them: what is signed is short, and
/// stands among a mail's texts and files.
const PARTS_MAX: usize = 1000;
const PART_BYTES_MAX: usize = 4096;

/// Of a form in parts (RFC 7578), what stands between them.
fn boundary(headers: &HeaderMap) -> Option<String> {
    let said = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    multer::parse_boundary(said).ok()
}

/// The short fields in order; those before the first mistake, where there is one.
fn parts(body: &Bytes, boundary: String) -> Vec<Pair> {
    // The body is here as a whole: nothing has to be waited for.
    let whole = stream::once(future::ready(Ok::<_, Infallible>(body.clone())));
    let mut form = multer::Multipart::new(whole, boundary);
    let mut pairs = Vec::new();
    for _ in 0..PARTS_MAX {
        let Some(Ok(Some(field))) = form.next_field().now_or_never() else { break };
        let Some(name) = field.name().filter(|_| field.file_name().is_none()) else { continue };
        let name = name.to_owned();
        let Some(Ok(value)) = field.bytes().now_or_never() else { break };
        if let Some(value) =
            std::str::from_utf8(&value).ok().filter(|it| it.len() <= PART_BYTES_MAX)
        {
            pairs.push((name, value.to_owned()));
        }
    }
    pairs
}

/// `secret` and `/secret` are the same field.
pub(in crate::channel) fn pointer(name: &str) -> String {
    if name.starts_with('/') { name.to_owned() } else { format!("/{name}") }
}

/// A text or a number.
pub(in crate::channel) fn text_at(json: &Value, pointer: &str) -> Option<String> {
    match json.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
