//! Random tokens, and how they are kept: of people, programs, screens and links alike. Their holder knows
//! a token; the server keeps its hash, of which nobody makes the token.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// 256 bits.
const TOKEN_BYTES: usize = 32;
/// The same in base64 without padding.
const TOKEN_CHARS: usize = 43;

/// SHA-256 of a token. A token is random enough that nothing slower is needed, and that a look-up by its
/// hash tells nothing.
pub(crate) type Hash = [u8; 32];

/// The system gives no random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandom;

/// A token of 256 random bits, fit for cookies, headers and addresses.
pub(crate) fn draw() -> Result<Zeroizing<String>, NoRandom> {
    let mut bits = Zeroizing::new([0_u8; TOKEN_BYTES]);
    fill(bits.as_mut_slice())?;
    Ok(Zeroizing::new(BASE64_URL_SAFE_NO_PAD.encode(bits.as_slice())))
}

/// Bytes that nobody guesses.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), NoRandom> {
    SysRng.try_fill_bytes(bytes).map_err(|_| NoRandom)
}

/// By which it is kept.
pub(crate) fn hash(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

/// Whether it may be one: nothing else is looked up.
pub(crate) fn is_one(text: &str) -> bool {
    let is_of_it = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    text.len() == TOKEN_CHARS && text.bytes().all(is_of_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_256_bits_and_is_known_by_its_hash_alone() {
        let (token, other) = (draw().expect("drawn"), draw().expect("drawn"));
        assert_ne!(*token, *other);
        assert!(is_one(&token) && hash(&token) != hash(&other));
        for odd in [&token[1..], "", &"/".repeat(43), &"x".repeat(44)] {
            assert!(!is_one(odd), "{odd}");
        }
    }
}
