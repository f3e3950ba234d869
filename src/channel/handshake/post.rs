//! Handshakes that are asked for by a POST with JSON.

use std::collections::BTreeMap;

use axum::http::header;
use bytes::Bytes;
use serde_json::Value;

use super::{ANY, answer};
use crate::channel::input::Incoming;
use crate::channel::manifest::{Handshake, Shake};
use crate::channel::reply::Reply;
use crate::channel::verify::{NotVerified, VerifyError, pointer, text_at};
use crate::config::model::Channel;

/// Longest body that asks for a handshake; others are not looked at.
const BODY_BYTES_MAX: usize = 4096;
/// Longest challenge that is repeated.
const CHALLENGE_BYTES_MAX: usize = 1024;

pub(super) struct Post {
    /// Where it stands what is asked for.
    kind_at: String,
    kind: String,
    content_type: &'static str,
    is_unsigned: bool,
    what: What,
}

enum What {
    /// `echo`: the field that is answered.
    Echo(String),
    /// `fixed`, the author's text.
    Text(Bytes),
    /// `fixed`, the operator's texts.
    Texts {
        /// The field that chooses among them.
        by: Option<String>,
        texts: BTreeMap<String, Bytes>,
    },
}

/// A handshake and the request that asks for it.
pub(in crate::channel) struct Asked<'a> {
    of: &'a Post,
    /// What is answered, unless it is not to be had.
    text: Option<Bytes>,
}

impl Post {
    pub(super) fn build(handshake: &Handshake, channel: &Channel) -> Result<Post, VerifyError> {
        let what = match (&handshake.text, handshake.scheme) {
            (Some(text), _) => What::Text(Bytes::copy_from_slice(text.as_bytes())),
            (None, Shake::Fixed) => texts(handshake, channel)?,
            (None, _) => What::Echo(pointer(handshake.field.as_deref().unwrap_or("challenge"))),
        };
        let is_json = handshake.content_type.as_deref() == Some("application/json");
        Ok(Post {
            kind_at: pointer(handshake.type_field.as_deref().unwrap_or("type")),
            kind: handshake.kind.clone().unwrap_or_default(),
            content_type: if is_json { "application/json" } else { "text/plain" },
            is_unsigned: handshake.verified == Some(false),
            what,
        })
    }

    pub(super) fn is_unsigned(&self) -> bool {
        self.is_unsigned
    }

    pub(super) fn asked_by(&self, body: &Value) -> Option<Asked<'_>> {
        if text_at(body, &self.kind_at)? != self.kind {
            return None;
        }
        let text = match &self.what {
            What::Text(text) => Some(text.clone()),
            What::Echo(field) => text_at(body, field)
                .filter(|challenge| challenge.len() <= CHALLENGE_BYTES_MAX)
                .map(|challenge| self.written(challenge)),
            What::Texts { by, texts } => {
                let chosen = by.as_ref().and_then(|by| text_at(body, by));
                let own = chosen.and_then(|chosen| texts.get(&chosen));
                own.or_else(|| texts.get(ANY)).cloned()
            }
        };
        Some(Asked { of: self, text })
    }

    fn written(&self, challenge: String) -> Bytes {
        let is_json = self.content_type == "application/json";
        if is_json { Value::String(challenge).to_string() } else { challenge }.into()
    }
}

impl Asked<'_> {
    /// Whether the network does not sign it.
    pub(in crate::channel) fn is_unsigned(&self) -> bool {
        self.of.is_unsigned
    }

    pub(in crate::channel) fn answer(self) -> Result<Reply, NotVerified> {
        let content_type = self.of.content_type;
        self.text.map(|text| answer(content_type, text)).ok_or(NotVerified)
    }
}

/// Whether its head says that it is no longer than a handshake.
pub(super) fn is_small(head: &Incoming) -> bool {
    let length = head.headers.get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    length.is_some_and(|length| length <= BODY_BYTES_MAX)
}

/// The body, if it is JSON and no longer than a handshake.
pub(super) fn read(request: &Incoming) -> Option<Value> {
    let is_short = request.body.len() <= BODY_BYTES_MAX;
    is_short.then(|| serde_json::from_slice(&request.body).ok()).flatten()
}

/// What the operator has the network told.
fn texts(handshake: &Handshake, channel: &Channel) -> Result<What, VerifyError> {
    let name = handshake.name();
    let wrong = |why: String| VerifyError::Handshake { name: name.to_owned(), why };
    let given = channel.handshake.get(name).filter(|given| !given.is_empty());
    let Some(given) = given else {
        let why = "the text that the network expects is missing: add it to the channel's section";
        return Err(wrong(why.to_owned()));
    };
    let is_chosen = handshake.by.is_some();
    if let Some(key) = given.keys().find(|key| !is_chosen && *key != ANY) {
        return Err(wrong(format!("`{key}`: the network expects one text, whoever asks")));
    }
    let mut texts = BTreeMap::new();
    for (key, values) in given {
        let [text] = values.as_slice() else {
            return Err(wrong(format!("`{key}`: one text, not {}", values.len())));
        };
        texts.insert(key.clone(), Bytes::copy_from_slice(text.expose()));
    }
    Ok(What::Texts { by: handshake.by.as_deref().map(pointer), texts })
}
