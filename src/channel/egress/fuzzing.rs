//! What the fuzzer needs of the way out, without going out: a request as it would be sent, and an answer
//! as the plugin would see it.

use super::{Egress, FetchError, Tokens};
use crate::channel::request::Request;

impl Egress {
    /// The request as it would be sent.
    pub(crate) fn prepared(&self, request: &Request) -> Result<reqwest::Request, FetchError> {
        self.prepare(request, &Tokens::new()).map(|prepared| prepared.request)
    }

    /// A server's answer without the channel's secrets.
    pub(crate) fn shown(&self, answer: &[u8]) -> Vec<u8> {
        self.redacted(answer, &[]).into_owned()
    }
}
