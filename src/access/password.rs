//! Passwords: Argon2id with a salt of its own each, as PHC strings.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use super::AccessError;
use crate::tokens::NoRandom;

/// Shortest password.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Longest, in bytes: more is nobody's password, and hashing it is work.
const PASSWORD_BYTES_MAX: usize = 1024;

/// What is compared with when there is no such person, so that it takes as long.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash("nobody's").ok());

/// Whether it may be one: long enough is what counts.
pub(super) fn is_fit(password: &str) -> bool {
    password.chars().count() >= PASSWORD_CHARS_MIN && password.len() <= PASSWORD_BYTES_MAX
}

/// As it is kept. Takes some 20 MiB and a twentieth of a second.
pub(super) fn hash(password: &str) -> Result<String, AccessError> {
    let hashed: Result<PasswordHash, _> = Argon2::default().hash_password(password.as_bytes());
    // The salt is all that can be missing.
    Ok(hashed.map_err(|_| NoRandom)?.to_string())
}

/// Whether it is that person's. Takes as long where there is no such person.
pub(super) fn is_right(password: &str, kept: Option<&str>) -> bool {
    if password.len() > PASSWORD_BYTES_MAX {
        return false;
    }
    let kept_or_none = kept.or(NOBODY.as_deref()).unwrap_or_default();
    let Ok(hash) = PasswordHash::new(kept_or_none) else { return false };
    let is_right = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
    is_right && kept.is_some()
}
