//! Any bytes as what a provider of OpenID Connect answers: what it says of itself; or, in the first line, the
//! keys that it publishes, and then an ID token.
//!
//! Holds for all of them: they are read without a panic. A token that is believed is signed, is for this
//! server and of this provider, and its name fits the rule for names. A page to which browsers are sent is
//! https, or on this machine.

use crate::access::oidc::fuzzing;
use crate::access::tidy_name;

/// See the file.
pub fn id_token(data: &[u8]) {
    if let Some(page) = fuzzing::page(data) {
        let host = page.host_str().unwrap_or_default();
        let is_here = host.starts_with("127.") || host == "[::1]" || host.contains("ffff:7f");
        assert!(page.scheme() == "https" || (page.scheme() == "http" && is_here), "{page}");
    }
    let Some(end) = data.iter().position(|byte| *byte == b'\n') else { return };
    let Ok(token) = std::str::from_utf8(&data[end + 1..]) else { return };
    let Some((claims, name)) = fuzzing::token(&data[..end], token) else { return };
    let (_, signature) = token.rsplit_once('.').expect("a signature");
    assert!(signature.len() >= 64, "believed without a signature: {token}");
    assert!(!claims.contains_key("iss"), "what was checked is not left over");
    if let Some(name) = name {
        assert_eq!(tidy_name(&name).as_deref(), Some(name.as_str()), "a name that is none");
    }
}
