//! Tokens of people and programs, and what forms are made with.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::AccessError;
use crate::tokens;
pub(super) use crate::tokens::{Hash, hash};

/// A token that nobody guesses.
pub(super) fn random() -> Result<Zeroizing<String>, AccessError> {
    Ok(tokens::draw()?)
}

/// What a page's forms say so that it is known who made the page: follows from what the browser has
/// in its cookie and no page of another site can read.
pub fn form_token(secret: &str) -> String {
    hex::encode(Sha256::new().chain_update(b"form:").chain_update(secret).finalize())
}
