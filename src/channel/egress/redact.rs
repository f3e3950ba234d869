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

/// Takes secrets out of a stream that comes in parts of any size: what may be the beginning of one is
/// held back until it is known.
#[derive(Default)]
pub(super) struct StreamRedactor(Vec<u8>);

/// What a text begins with.
enum Beginning {
    /// Not the secret.
    No,
    /// The text ends within it.
    Part,
    /// It, in so many bytes.
    Whole(usize),
}

impl StreamRedactor {
    /// What of all that has come may be shown. With `keeps_length` stars stand for a secret, as many
    /// as it has bytes there, so that lengths which the stream tells stay right.
    pub(super) fn pass<'s>(
        &mut self,
        part: &[u8],
        secrets: impl Iterator<Item = (&'s str, &'s [u8])> + Clone,
        keeps_length: bool,
    ) -> Vec<u8> {
        self.0.extend_from_slice(part);
        let mut out = Vec::with_capacity(self.0.len());
        let mut rest = &*self.0;
        // Nearly all bytes begin none of them.
        let mut begins_one = [false; 256];
        for (_, secret) in secrets.clone() {
            for byte in secret.first().into_iter().chain(b"%\\+") {
                begins_one[usize::from(*byte)] = true;
            }
        }
        'all: while !rest.is_empty() {
            let plain = rest.iter().position(|byte| begins_one[usize::from(*byte)]);
            let (shown, suspect) = rest.split_at(plain.unwrap_or(rest.len()));
            out.extend_from_slice(shown);
            rest = suspect;
            let Some((first, after)) = rest.split_first() else { break };
            for (name, secret) in secrets.clone() {
                match begins(rest, secret) {
                    Beginning::No => {}
                    Beginning::Part => break 'all,
                    Beginning::Whole(length) => {
                        match keeps_length {
                            true => out.resize(out.len() + length, b'*'),
                            false => out.extend_from_slice(format!("{{secret:{name}}}").as_bytes()),
                        }
                        rest = &rest[length..];
                        continue 'all;
                    }
                }
            }
            out.push(*first);
            rest = after;
        }
        self.0 = rest.to_vec();
        out
    }

    /// Bytes held back.
    pub(super) fn held(&self) -> usize {
        self.0.len()
    }
}

fn begins(text: &[u8], secret: &[u8]) -> Beginning {
    if secret.len() < REDACTED_BYTES_MIN {
        return Beginning::No;
    }
    let mut at = 0;
    for byte in secret {
        let rest = &text[at..];
        match spelled(rest, *byte) {
            Some(length) => at += length,
            None if is_cut(rest) => return Beginning::Part,
            None => return Beginning::No,
        }
    }
    Beginning::Whole(at)
}

/// Whether a text ends before it is clear what it spells.
fn is_cut(text: &[u8]) -> bool {
    match text {
        [] => true,
        [b'%', rest @ ..] => rest.len() < 2,
        [b'\\'] => true,
        [b'\\', b'u', rest @ ..] => rest.len() < 4,
        _ => false,
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

    #[test]
    fn a_stream_shows_no_secret_in_whatever_parts_it_comes() {
        let all: [(&str, &[u8]); 2] = [("token", b"12:a/b#c"), ("other", b"12:a/x--")];
        for text in ["say 12:a/b#c, 12:a%2Fb%23c.", "say 12:a\\/b#c, 12:a\\u002Fb#c."] {
            for size in 1..text.len() {
                let mut redactor = StreamRedactor::default();
                let pass = |part| redactor.pass(part, all.into_iter(), false);
                let shown = text.as_bytes().chunks(size).flat_map(pass).collect::<Vec<u8>>();
                let shown = String::from_utf8_lossy(&shown).into_owned();
                assert_eq!(shown, "say {secret:token}, {secret:token}.", "in parts of {size}");
                assert_eq!(redactor.held(), 0);
            }
        }
        let mut redactor = StreamRedactor::default();
        assert_eq!(redactor.pass(b"go 12:a/", all.into_iter(), true), b"go ");
        assert_eq!(redactor.held(), 5);
        assert_eq!(redactor.pass(b"b#c!", all.into_iter(), true), b"********!");
        assert_eq!(redactor.pass(b"12:a/12:a/x--", all.into_iter(), true), b"12:a/********");
    }
}
