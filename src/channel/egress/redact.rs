//! Takes secrets out of answers: a server may send back what it was sent.

use std::borrow::Cow;

/// Shorter ones would be found by chance in any answer.
const REDACTED_BYTES_MIN: usize = 6;

/// An answer in which servers that echo requests show no secrets, in whatever way they spell the
/// bytes: as they are, as addresses escape them, as JSON does.
pub(super) fn redact<'a, 's>(
    text: &'a [u8],
    secrets: impl Iterator<Item = (&'s str, &'s [u8])>,
) -> Cow<'a, [u8]> {
    let mut text = Cow::Borrowed(text);
    for (name, secret) in secrets {
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

    fn secrets() -> impl Iterator<Item = (&'static str, &'static [u8])> {
        [("token", &b"12:a/b#c"[..])].into_iter()
    }

    #[test]
    fn an_answer_shows_the_placeholder_instead_in_every_spelling() {
        let shown = redact(b"you said 12:a/b#c, 12:a/b#c", secrets());
        assert_eq!(&*shown, b"you said {secret:token}, {secret:token}");
        for spelling in [
            "12:a%2Fb%23c",
            "12%3Aa%2fb%23c",
            "12:a\\/b#c",
            "12:a\\u002Fb\\u0023c",
            "%31%32%3a%61%2f%62%23%63",
        ] {
            let shown = redact(spelling.as_bytes(), secrets()).into_owned();
            assert_eq!(String::from_utf8_lossy(&shown), "{secret:token}", "{spelling}");
        }
        assert_eq!(&*redact(b"12:a%2Gb", secrets()), b"12:a%2Gb");
        assert_eq!(&*redact(b"a secret", [("a", &b"secret"[..])].into_iter()), b"a {secret:a}");
    }
}
