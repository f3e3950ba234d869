//! What the fuzzer needs of the way out, without going out: a request as it would be sent, and an answer
//! as the plugin would see it.

use super::{Egress, FetchError, fill};
use crate::channel::input::Request;

impl Egress {
    /// The request as it would be sent.
    pub(crate) fn prepared(&self, request: &Request) -> Result<reqwest::Request, FetchError> {
        self.prepare(request).map(|(prepared, _)| prepared)
    }

    /// A server's answer without the channel's secrets.
    pub(crate) fn redacted(&self, answer: &[u8]) -> Vec<u8> {
        fill::redact(answer, &self.secrets).into_owned()
    }
}
