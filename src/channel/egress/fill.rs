//! Puts secrets where `plugin.toml` says, and takes them out of answers.
//!
//! Only the constants of [`Fill`]s are looked at for `{secret:NAME}`: the rest of a request may be
//! a network's own text, and one that asks for a secret there is refused.

use std::borrow::Cow;
use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::FetchError;
use crate::channel::manifest::Fill;
use crate::config::model::Secret;

const OPEN: &[u8] = b"{secret:";
const CLOSE: u8 = b'}';
/// Shorter ones would be found by chance in any answer.
const REDACTED_BYTES_MIN: usize = 6;

type Secrets = BTreeMap<String, Secret>;

/// An address whose beginning is one of the places, with its secrets in it. Whatever could end a
/// part of the address is escaped, so that a secret stays where it was put.
pub(super) fn url<'a>(
    text: &str,
    places: impl Iterator<Item = &'a Fill>,
    secrets: &Secrets,
) -> Result<Zeroizing<String>, FetchError> {
    let path_at = text.find("://").and_then(|at| Some(at + 3 + text[at + 3..].find('/')?));
    let (origin, path) = text.split_at(path_at.unwrap_or(0));
    let known = places.filter_map(|fill| fill.url.as_deref()).find_map(|constant| {
        match constant.strip_prefix('*') {
            Some(constant) => Some((origin, constant, path.strip_prefix(constant)?)),
            None => Some(("", constant, text.strip_prefix(constant)?)),
        }
    });
    let (origin, constant, rest) = known.unwrap_or(("", "", text));
    let mut filled = origin.as_bytes().to_vec();
    fill(constant.as_bytes(), secrets, &mut filled, |secret, out| {
        for byte in secret {
            if byte.is_ascii_alphanumeric() || b"-._~:".contains(byte) {
                out.push(*byte);
            } else {
                out.extend_from_slice(format!("%{byte:02X}").as_bytes());
            }
        }
    })?;
    filled.extend_from_slice(plain(rest.as_bytes(), "the address")?);
    String::from_utf8(filled).map(Zeroizing::new).map_err(|_| FetchError::Address)
}

/// A header's value: one of the places word for word, or one without a secret.
pub(super) fn header<'a>(
    name: &str,
    value: &str,
    mut places: impl Iterator<Item = &'a Fill>,
    secrets: &Secrets,
) -> Result<Zeroizing<Vec<u8>>, FetchError> {
    let known = places.any(|fill| {
        fill.header.as_ref().is_some_and(|header| header.eq_ignore_ascii_case(name))
            && fill.text.as_deref() == Some(value)
    });
    let (constant, rest) = if known { (value, "") } else { ("", value) };
    bytes(constant, rest.as_bytes(), "a header", secrets)
}

/// A body whose beginning is one of the places, or one without a secret.
pub(super) fn body<'a>(
    body: &[u8],
    places: impl Iterator<Item = &'a Fill>,
    secrets: &Secrets,
) -> Result<Zeroizing<Vec<u8>>, FetchError> {
    let known = places.filter_map(|fill| fill.body.as_deref());
    let known = known.filter_map(|it| Some((it, body.strip_prefix(it.as_bytes())?))).next();
    let (constant, rest) = known.unwrap_or(("", body));
    bytes(constant, rest, "the body", secrets)
}

fn bytes(
    constant: &str,
    rest: &[u8],
    place: &'static str,
    secrets: &Secrets,
) -> Result<Zeroizing<Vec<u8>>, FetchError> {
    let mut filled = Zeroizing::new(Vec::with_capacity(constant.len() + rest.len()));
    fill(constant.as_bytes(), secrets, &mut filled, |secret, out| out.extend_from_slice(secret))?;
    filled.extend_from_slice(plain(rest, place)?);
    Ok(filled)
}

/// What may be a network's own text asks for no secret.
fn plain<'a>(text: &'a [u8], place: &'static str) -> Result<&'a [u8], FetchError> {
    if find(text, OPEN).is_some() { Err(FetchError::Placeholder(place)) } else { Ok(text) }
}

fn fill(
    constant: &[u8],
    secrets: &Secrets,
    out: &mut Vec<u8>,
    put: impl Fn(&[u8], &mut Vec<u8>),
) -> Result<(), FetchError> {
    let mut rest = constant;
    while let Some(start) = find(rest, OPEN) {
        let after = &rest[start + OPEN.len()..];
        let Some(end) = after.iter().position(|byte| *byte == CLOSE) else { break };
        let name = String::from_utf8_lossy(&after[..end]);
        let secret = secrets
            .get(name.as_ref())
            .ok_or_else(|| FetchError::UnknownSecret(name.chars().take(60).collect()))?;
        out.extend_from_slice(&rest[..start]);
        put(secret.expose(), out);
        rest = &after[end + 1..];
    }
    out.extend_from_slice(rest);
    Ok(())
}

/// An answer in which servers that echo requests show no secrets, in whatever way they spell the
/// bytes: as they are, as addresses escape them, as JSON does.
pub(super) fn redact<'a>(text: &'a [u8], secrets: &Secrets) -> Cow<'a, [u8]> {
    let mut text = Cow::Borrowed(text);
    for (name, secret) in secrets {
        let secret = secret.expose();
        if secret.len() < REDACTED_BYTES_MIN {
            continue;
        }
        let Some(mut found) = find_spelled(&text, secret) else { continue };
        let (mut out, mut rest) = (Vec::with_capacity(text.len()), &*text);
        loop {
            let (start, length) = found;
            out.extend_from_slice(&rest[..start]);
            out.extend_from_slice(format!("{{secret:{name}}}").as_bytes());
            rest = &rest[start + length..];
            match find_spelled(rest, secret) {
                Some(next) => found = next,
                None => break,
            }
        }
        out.extend_from_slice(rest);
        text = Cow::Owned(out);
    }
    text
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

/// Where a secret stands in a text in any spelling, and how long it is there.
fn find_spelled(text: &[u8], secret: &[u8]) -> Option<(usize, usize)> {
    (0..text.len()).find_map(|start| Some((start, length_spelled(&text[start..], secret)?)))
}

/// How long the secret is that a text begins with.
fn length_spelled(text: &[u8], secret: &[u8]) -> Option<usize> {
    secret.iter().try_fold(0, |at, byte| Some(at + spelled(&text[at..], *byte)?))
}

/// How many bytes of the text spell this one: `a`, `%61`, `\u0061`, `\/`, and `+` for a space.
fn spelled(text: &[u8], byte: u8) -> Option<usize> {
    let is_hex = |digits: Option<&[u8]>| {
        let digits = digits.and_then(|it| std::str::from_utf8(it).ok());
        digits.and_then(|it| u8::from_str_radix(it, 16).ok()) == Some(byte)
    };
    match text {
        [b'%', ..] if is_hex(text.get(1..3)) => Some(3),
        [b'\\', b'u', b'0', b'0', ..] if is_hex(text.get(4..6)) => Some(6),
        [b'\\', escaped, ..] if *escaped == byte && !byte.is_ascii_alphanumeric() => Some(2),
        [b'+', ..] if byte == b' ' => Some(1),
        [first, ..] if *first == byte => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Secrets {
        BTreeMap::from([("token".to_owned(), Secret::new("12:a/b#c"))])
    }

    fn place(url: &str) -> [Fill; 1] {
        [Fill { url: Some(url.into()), ..Fill::default() }]
    }

    #[test]
    fn a_secret_stays_in_its_part_of_the_address() {
        for constant in ["https://x.org/bot{secret:token}/", "*/bot{secret:token}/"] {
            let places = place(constant);
            let filled = url("https://x.org/bot{secret:token}/me?t=1", places.iter(), &secrets());
            let expected = "https://x.org/bot12:a%2Fb%23c/me?t=1";
            assert_eq!(filled.map(|it| it.to_string()).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn nothing_is_filled_in_where_the_manifest_does_not_say_so() {
        let refused = Err(FetchError::Placeholder("the address"));
        let places = place("https://x.org/bot{secret:token}/");
        for text in [
            "https://x.org/bot{secret:token}/me?t={secret:token}",
            "https://x.org/{secret:token}/",
            "https://y.org/bot{secret:token}/",
            "https://x.org/bot{secret:other}/",
            "https://x.org/bot/{secret:",
        ] {
            let filled = url(text, places.iter(), &secrets());
            assert_eq!(filled.map(|it| it.to_string()), refused, "{text}");
        }
        let places = [
            Fill {
                header: Some("X-Key".into()),
                text: Some("Bearer {secret:token}".into()),
                ..Fill::default()
            },
            Fill { body: Some("key={secret:token}&".into()), ..Fill::default() },
        ];
        let in_header =
            |name, value| header(name, value, places.iter(), &secrets()).map(|it| it.to_vec());
        assert_eq!(in_header("x-key", "Bearer {secret:token}"), Ok(b"Bearer 12:a/b#c".to_vec()));
        let refused = Err(FetchError::Placeholder("a header"));
        assert_eq!(in_header("X-Key", "Bearer {secret:token} "), refused);
        assert_eq!(in_header("X-Other", "Bearer {secret:token}"), refused);
        let in_body =
            |text: &str| body(text.as_bytes(), places.iter(), &secrets()).map(|it| it.to_vec());
        assert_eq!(in_body("key={secret:token}&a=1"), Ok(b"key=12:a/b#c&a=1".to_vec()));
        let refused = Err(FetchError::Placeholder("the body"));
        assert_eq!(in_body("a=1&key={secret:token}&"), refused);
        assert_eq!(in_body("key={secret:token}&a={secret:token}"), refused);
        assert_eq!(in_body("{\"a\":{}}"), Ok(b"{\"a\":{}}".to_vec()));
    }

    #[test]
    fn a_secret_that_the_operator_has_not_given_is_named() {
        let places = place("https://x.org/{secret:pin}/");
        let filled = url("https://x.org/{secret:pin}/a", places.iter(), &secrets());
        assert_eq!(filled.map(|_| ()), Err(FetchError::UnknownSecret("pin".to_owned())));
    }

    #[test]
    fn an_answer_shows_the_placeholder_instead_in_every_spelling() {
        let shown = redact(b"you said 12:a/b#c, 12:a/b#c", &secrets());
        assert_eq!(&*shown, b"you said {secret:token}, {secret:token}");
        for spelling in [
            "12:a%2Fb%23c",
            "12%3Aa%2fb%23c",
            "12:a\\/b#c",
            "12:a\\u002Fb\\u0023c",
            "%31%32%3a%61%2f%62%23%63",
        ] {
            let shown = redact(spelling.as_bytes(), &secrets()).into_owned();
            assert_eq!(String::from_utf8_lossy(&shown), "{secret:token}", "{spelling}");
        }
        assert_eq!(&*redact(b"12:a%2Gb", &secrets()), b"12:a%2Gb");
        let odd = BTreeMap::from([("a".to_owned(), Secret::new("secret"))]);
        assert_eq!(&*redact(b"a secret", &odd), b"a {secret:a}");
    }
}
