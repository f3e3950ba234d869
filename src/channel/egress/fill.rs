//! Puts secrets where a plugin has written `{secret:NAME}`, and takes them out of answers.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::FetchError;
use crate::config::model::Secret;

const OPEN: &[u8] = b"{secret:";
const CLOSE: u8 = b'}';
/// Shorter ones would be found by chance in any answer.
const REDACTED_BYTES_MIN: usize = 6;

type Secrets = BTreeMap<String, Secret>;

/// An address with secrets in it. Whatever could end a part of the address is escaped, so that
/// a secret stays where it was put.
pub(super) fn url(text: &str, secrets: &Secrets) -> Result<String, FetchError> {
    let filled = replace(text.as_bytes(), secrets, |secret, out| {
        for byte in secret {
            if byte.is_ascii_alphanumeric() || b"-._~:".contains(byte) {
                out.push(*byte);
            } else {
                out.extend_from_slice(format!("%{byte:02X}").as_bytes());
            }
        }
    })?;
    String::from_utf8(filled).map_err(|_| FetchError::Address)
}

/// A header's value or a body with secrets in it, as they are.
pub(super) fn bytes(text: &[u8], secrets: &Secrets) -> Result<Vec<u8>, FetchError> {
    replace(text, secrets, |secret, out| out.extend_from_slice(secret))
}

fn replace(
    text: &[u8],
    secrets: &Secrets,
    put: impl Fn(&[u8], &mut Vec<u8>),
) -> Result<Vec<u8>, FetchError> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = find(rest, OPEN) {
        let after = &rest[start + OPEN.len()..];
        let Some(end) = after.iter().position(|byte| *byte == CLOSE) else { break };
        let name = String::from_utf8_lossy(&after[..end]);
        let secret = secrets
            .get(name.as_ref())
            .ok_or_else(|| FetchError::UnknownSecret(name.chars().take(60).collect()))?;
        out.extend_from_slice(&rest[..start]);
        put(secret.expose(), &mut out);
        rest = &after[end + 1..];
    }
    out.extend_from_slice(rest);
    Ok(out)
}

/// An answer in which servers that echo requests show no secrets.
pub(super) fn redact<'a>(text: &'a [u8], secrets: &Secrets) -> Cow<'a, [u8]> {
    let mut text = Cow::Borrowed(text);
    for (name, secret) in secrets {
        let secret = secret.expose();
        if secret.len() < REDACTED_BYTES_MIN || find(&text, secret).is_none() {
            continue;
        }
        let (mut out, mut rest) = (Vec::with_capacity(text.len()), &*text);
        while let Some(start) = find(rest, secret) {
            out.extend_from_slice(&rest[..start]);
            out.extend_from_slice(format!("{{secret:{name}}}").as_bytes());
            rest = &rest[start + secret.len()..];
        }
        out.extend_from_slice(rest);
        text = Cow::Owned(out);
    }
    text
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        BTreeMap::from([("token".to_owned(), Secret::new("12:a/b#c"))])
    }

    #[test]
    fn a_secret_stays_in_its_part_of_the_address() {
        let filled = url("https://x.org/bot{secret:token}/me?t={secret:token}", &secrets());
        assert_eq!(filled.as_deref(), Ok("https://x.org/bot12:a%2Fb%23c/me?t=12:a%2Fb%23c"));
    }

    #[test]
    fn an_unknown_name_is_refused_and_other_braces_are_left_alone() {
        assert_eq!(
            bytes(b"{secret:pin}", &secrets()),
            Err(FetchError::UnknownSecret("pin".to_owned()))
        );
        assert_eq!(
            bytes(b"{\"a\":{}} {secret:", &secrets()).as_deref(),
            Ok(&b"{\"a\":{}} {secret:"[..])
        );
    }

    #[test]
    fn an_answer_shows_the_placeholder_instead() {
        let shown = redact(b"you said 12:a/b#c, 12:a/b#c", &secrets());
        assert_eq!(&*shown, b"you said {secret:token}, {secret:token}");
        let odd = BTreeMap::from([("a".to_owned(), Secret::new("secret"))]);
        assert_eq!(&*redact(b"a secret", &odd), b"a {secret:a}");
    }
}
