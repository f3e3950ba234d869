//! Random tokens. Their holder knows them; the server keeps a hash, by which nobody can log in.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::AccessError;

/// SHA-256 of a token. A token is random enough that nothing slower is needed.
pub(super) type Hash = [u8; 32];

/// A token of 256 random bits, fit for cookies, headers and addresses.
pub(super) fn random() -> Result<Zeroizing<String>, AccessError> {
    let mut bits = Zeroizing::new([0_u8; 32]);
    SysRng.try_fill_bytes(bits.as_mut_slice()).map_err(|_| AccessError::NoRandom)?;
    Ok(Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(bits.as_slice())))
}

pub(super) fn hash(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

/// What a page's forms say so that it is known who made the page: follows from what the browser has
/// in its cookie and no page of another site can read.
pub fn form_token(secret: &str) -> String {
    hex::encode(Sha256::new().chain_update(b"form:").chain_update(secret).finalize())
}
