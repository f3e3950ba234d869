//! Short ways to write the pieces of a request.

use crate::{Atom, Computed, Digest, Encoding, Piece};

/// A request's address, header or body in pieces: texts, bytes and [`secret`]s.
///
/// ```
/// use tablica_plugin::*;
///
/// let request = Request::get(pieces!["https://api.bell.example/v1/", secret("key"), "/calls"], "calls")
///     .header("authorization", pieces!["Bearer ", secret("token")]);
/// ```
#[macro_export]
macro_rules! pieces {
    ($($piece:expr),* $(,)?) => {
        ::std::vec![$($crate::Piece::from($piece)),*]
    };
}

/// The value of a secret, which the host puts in. `plugin.toml` declares it.
pub fn secret(name: impl Into<String>) -> Piece {
    Piece::Secret(name.into())
}

/// The value of `Authorization` for a user and the secret that is the password.
pub fn basic(user: &str, password: impl Into<String>) -> Vec<Piece> {
    let over = vec![Atom::Bytes(format!("{user}:").into_bytes()), Atom::Secret(password.into())];
    let encoded =
        Computed { digest: Digest::None, key: Vec::new(), over, encoding: Encoding::Base64 };
    vec![Piece::from("Basic "), Piece::Computed(encoded)]
}

/// A text for a piece of an address, such as a value of its query: letters, digits and `-._~` as they are, each
/// other byte as `%20` (RFC 3986, 2.1).
///
/// ```
/// assert_eq!(tablica_plugin::escape("a b&c=\u{17c}"), "a%20b%26c%3D%C5%BC");
/// ```
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

impl From<&str> for Piece {
    fn from(text: &str) -> Self {
        Piece::Bytes(text.into())
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Piece::Bytes(text.into())
    }
}

impl From<Vec<u8>> for Piece {
    fn from(bytes: Vec<u8>) -> Self {
        Piece::Bytes(bytes)
    }
}

impl From<Computed> for Piece {
    fn from(computed: Computed) -> Self {
        Piece::Computed(computed)
    }
}
