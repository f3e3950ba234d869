//! What stands before a channel: where requests come from, handshakes, and who has signed them.

use axum::http::HeaderName;

use super::{NotVerified, Verifier, VerifyError};
use crate::channel::handshake::Handshakes;
use crate::channel::input::{Incoming, Webhook};
use crate::channel::manifest::{Manifest, Source};
use crate::channel::reply::Reply;
use crate::config::model::Channel;
use crate::event::UnixMs;

/// A channel's door.
pub struct Door {
    verifier: Verifier,
    handshakes: Handshakes,
}

impl Door {
    /// The door of a channel that takes webhooks.
    pub fn of(channel: &Channel, manifest: &Manifest) -> Result<Door, VerifyError> {
        let handshakes = Handshakes::of(channel, &manifest.handshakes)?;
        let verifier = Verifier::of(channel, &manifest.verify, handshakes.use_secret())?;
        Ok(Door { verifier, handshakes })
    }

    /// Whether a request with this head may bring its body: it can be genuine, or a handshake.
    pub fn admit(&self, head: &Incoming, now_ms: UnixMs) -> Result<(), NotVerified> {
        self.verifier.comes_from_network(head)?;
        if let Some(answer) = self.handshakes.answer_head(head) {
            return answer.map(drop);
        }
        if self.handshakes.may_be_unsigned(head) {
            return Ok(());
        }
        self.verifier.verify_head(head, now_ms)
    }

    /// Checks the whole request. A handshake is answered here, for everything else there is none.
    pub fn pass(&self, request: &Incoming, now_ms: UnixMs) -> Result<Option<Reply>, NotVerified> {
        self.verifier.comes_from_network(request)?;
        if let Some(answer) = self.handshakes.answer_head(request) {
            return answer.map(Some);
        }
        let genuine = self.verifier.verify(request, now_ms);
        match self.handshakes.asked_by(request) {
            Some(asked) if asked.is_unsigned() => asked.answer().map(Some),
            Some(asked) => genuine.and(asked.answer()).map(Some),
            None => genuine.map(|()| None),
        }
    }

    /// Whether its address has a secret at its end.
    pub fn has_secret_path(&self) -> bool {
        self.verifier.check.is_in_path()
    }

    /// What the plugin gets of a request: headers that it reads, and no secret.
    pub fn webhook(&self, request: Incoming, source: &Source) -> Webhook {
        let check = &self.verifier.check;
        let reads = |name: &HeaderName| {
            source.reads_header(name.as_str()) && check.secret_header() != Some(name)
        };
        let headers = request
            .headers
            .iter()
            .filter(|(name, _)| reads(name))
            .map(|(name, value)| {
                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
            })
            .collect();
        let query = request.query.and_then(|query| check.without_secret(&query));
        Webhook { method: request.method, query, headers, body: request.body }
    }
}
