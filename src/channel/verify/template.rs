//! What a network signs: parts of the request and the text between them.

use std::borrow::Cow;

use axum::http::HeaderName;

use super::call::{Call, pointer};
use super::{VerifyError, header_name};

const KNOWN: &str = "known are {body}, {header:NAME}, {url}, {query}, {form:NAME} and \
                     {field:POINTER}";

/// A parsed template, fed piece by piece to the MAC: no copy of the body.
#[derive(Debug)]
pub(super) struct Template(Vec<Piece>);

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Header(HeaderName),
    Body,
    /// The public address with its query.
    Url,
    /// The query as it was sent, without `?`.
    Query,
    /// A field of a form.
    Form(String),
    /// A text or number of a JSON body.
    Field(String),
}

impl Template {
    pub(super) fn parse(template: &str) -> Result<Self, VerifyError> {
        let wrong = |what: &str| VerifyError::author(format!("template `{template}`: {what}"));
        let mut pieces = Vec::new();
        let mut rest = template;
        while let Some((text, placeholder)) = rest.split_once('{') {
            if !text.is_empty() {
                pieces.push(Piece::Text(text.to_owned()));
            }
            let (name, after) =
                placeholder.split_once('}').ok_or_else(|| wrong("a `{` is not closed"))?;
            let (word, of) = name.split_once(':').map_or((name, None), |(a, b)| (a, Some(b)));
            pieces.push(match (word, of.filter(|of| !of.is_empty())) {
                ("body", None) => Piece::Body,
                ("url", None) => Piece::Url,
                ("query", None) => Piece::Query,
                ("header", Some(header)) => Piece::Header(header_name(header)?),
                ("form", Some(field)) => Piece::Form(field.to_owned()),
                ("field", Some(field)) => Piece::Field(pointer(field)),
                _ => return Err(wrong(&format!("`{{{name}}}` is not known; {KNOWN}"))),
            });
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        Ok(Self(pieces))
    }

    pub(super) fn signs_header(&self, name: &HeaderName) -> bool {
        self.0.iter().any(|piece| matches!(piece, Piece::Header(header) if header == name))
    }

    pub(super) fn signs_field(&self, name: &str) -> bool {
        self.0.iter().any(|piece| match piece {
            Piece::Form(field) => field == name,
            Piece::Field(field) => *field == pointer(name),
            _ => false,
        })
    }

    pub(super) fn signs_body(&self) -> bool {
        self.0.contains(&Piece::Body)
    }

    /// Whether nothing can be said before the body has come.
    pub(super) fn reads_body(&self) -> bool {
        self.0.iter().any(|it| matches!(it, Piece::Body | Piece::Form(_) | Piece::Field(_)))
    }

    pub(super) fn needs_url(&self) -> bool {
        self.0.contains(&Piece::Url)
    }

    /// Feeds the signed bytes in order; false when something is missing. What a body that has not
    /// come yet would give is left out.
    pub(super) fn feed(&self, call: &Call<'_>, mut mac: impl FnMut(&[u8])) -> bool {
        for piece in &self.0 {
            let bytes = match piece {
                Piece::Text(text) => Some(Cow::Borrowed(text.as_bytes())),
                Piece::Header(name) => call.header(name).map(Cow::Borrowed),
                Piece::Url => call.url().map(|url| Cow::Owned(url.into_bytes())),
                Piece::Query => Some(Cow::Borrowed(call.query().as_bytes())),
                Piece::Body | Piece::Form(_) | Piece::Field(_) if call.body().is_none() => continue,
                Piece::Body => call.body().map(Cow::Borrowed),
                Piece::Form(name) => call.form_field(name).map(|it| Cow::Borrowed(it.as_bytes())),
                Piece::Field(name) => call.json_field(name).map(|it| Cow::Owned(it.into_bytes())),
            };
            match bytes {
                Some(bytes) => mac(&bytes),
                None => return false,
            }
        }
        true
    }
}
