//! What is taken out of an entry before it is kept.

use super::{NewEntry, Raw};

/// Longest reason. Plugins write reasons, and a plugin may quote what it could not read.
const REASON_CHARS_MAX: usize = 300;

/// Parts of names whose values open doors.
const SECRET_NAMES: [&str; 8] =
    ["auth", "cookie", "token", "signature", "secret", "password", "api-key", "apikey"];

/// The entry as it may be kept. `with_raw` false: the reason only.
pub(super) fn scrub(mut entry: NewEntry, with_raw: bool) -> (NewEntry, u64) {
    let bytes = entry.raw.body.len() as u64;
    if with_raw {
        entry.reason = reason(&entry.reason);
        entry.raw.headers.retain(|(name, _)| !is_secret(name));
        entry.raw.query = entry.raw.query.as_deref().map(query);
    } else {
        entry.reason = reason(&without_quotations(&entry.reason));
        entry.raw = Raw { kind: entry.raw.kind, ..Raw::default() };
    }
    (entry, bytes)
}

/// One line of bounded length that a terminal cannot be led astray by.
pub(super) fn reason(text: &str) -> String {
    let mut short: String =
        text.chars().take(REASON_CHARS_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(REASON_CHARS_MAX).is_some() {
        short.push('…');
    }
    short
}

/// Where the input is not kept, neither is what a reason quotes of it. From the first mark to the
/// last, because what is quoted may contain marks too.
fn without_quotations(text: &str) -> String {
    let mut text = text.to_owned();
    for mark in ['"', '`'] {
        if let Some(first) = text.find(mark) {
            // The same mark when it is the only one: a quotation that has been cut off.
            let last = text.rfind(mark).filter(|last| *last > first).unwrap_or(text.len());
            text.replace_range(first + mark.len_utf8()..last, "…");
        }
    }
    text
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    SECRET_NAMES.iter().any(|part| name.contains(part))
}

fn query(query: &str) -> String {
    let safe = |pair: &&str| !is_secret(pair.split('=').next().unwrap_or_default());
    query.split('&').filter(safe).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_recognised() {
        for name in [
            "Authorization",
            "X-Telegram-Bot-Api-Secret-Token",
            "X-Hub-Signature-256",
            "Cookie",
            "X-Api-Key",
            "api_key",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in ["Content-Type", "X-Request-Id", "User-Agent"] {
            assert!(!is_secret(name), "{name}");
        }
        assert_eq!(query("a=1&token=s3cr3t&b=2"), "a=1&b=2");
    }

    #[test]
    fn a_reason_is_short_and_plain() {
        assert_eq!(reason("no field \u{1b}[31mid\n"), "no field  [31mid ");
        assert_eq!(reason(&"x".repeat(1000)).chars().count(), REASON_CHARS_MAX + 1);
    }

    #[test]
    fn where_the_input_is_not_kept_a_reason_does_not_quote_it() {
        for (said, kept) in [
            ("not JSON", "not JSON"),
            (r#"/kind is "Ada": give it a meaning"#, r#"/kind is "…": give it a meaning"#),
            (r#"string "say \"Ada\" twice", expected u64"#, r#"string "…", expected u64"#),
            ("integer `48600777123`, expected `a` or `b`", "integer `…`"),
            (r#"it says "Ada and more"#, r#"it says "…"#),
        ] {
            assert_eq!(without_quotations(said), kept);
        }
    }
}
