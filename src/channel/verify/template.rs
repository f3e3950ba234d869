//! What a network signs: `{body}`, `{header:NAME}` and the text between them.

use axum::http::{HeaderMap, HeaderName};

use super::{VerifyError, parse_header_name};

/// A parsed template, fed piece by piece to the MAC: no copy of the body.
#[derive(Debug)]
pub(super) struct Template(Vec<Piece>);

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Header(HeaderName),
    Body,
}

impl Template {
    pub(super) fn parse(template: &str) -> Result<Self, VerifyError> {
        let wrong = |what: &str| VerifyError::Manifest(format!("template `{template}`: {what}"));
        let mut pieces = Vec::new();
        let mut rest = template;
        while let Some((text, placeholder)) = rest.split_once('{') {
            if !text.is_empty() {
                pieces.push(Piece::Text(text.to_owned()));
            }
            let (name, after) =
                placeholder.split_once('}').ok_or_else(|| wrong("a `{` is not closed"))?;
            pieces.push(match (name, name.strip_prefix("header:")) {
                ("body", _) => Piece::Body,
                (_, Some(header)) => Piece::Header(parse_header_name(header)?),
                _ => return Err(wrong("only `{body}` and `{header:NAME}` are known")),
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

    pub(super) fn signs_body(&self) -> bool {
        self.0.contains(&Piece::Body)
    }

    /// Feeds the signed bytes in order; false when a header is missing.
    pub(super) fn feed(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        mut mac: impl FnMut(&[u8]),
    ) -> bool {
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => mac(text.as_bytes()),
                Piece::Body => mac(body),
                Piece::Header(name) => match headers.get(name) {
                    Some(value) => mac(value.as_bytes()),
                    None => return false,
                },
            }
        }
        true
    }
}
