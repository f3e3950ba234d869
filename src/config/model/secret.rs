//! A secret in memory.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// A secret's value. `Debug` and `Display` never show it; its memory is overwritten when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Wraps a value read from environment, file or credential.
    pub fn new(value: impl Into<Vec<u8>>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The bytes, for the one who verifies or fills in.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl Secret {
    /// The bytes of a signing key of Standard Webhooks: 24 to 64 of them in base64, `whsec_` before it or not.
    /// None where it is no such key.
    pub fn as_signing_key(&self) -> Option<Zeroizing<Vec<u8>>> {
        let text = std::str::from_utf8(self.expose()).ok()?.trim();
        let key = STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text)).ok()?;
        (24..=64).contains(&key.len()).then(|| Zeroizing::new(key))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signing_key_is_told_from_what_is_none() {
        for text in ["", "whsec_", "whsec_c2hvcnQ=", "no base64!"] {
            assert!(Secret::new(text).as_signing_key().is_none(), "{text}");
        }
        let with_line_end = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
        assert_eq!(with_line_end.as_signing_key().expect("a key").len(), 24);
    }
}
