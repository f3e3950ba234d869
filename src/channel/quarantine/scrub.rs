//! What is taken out of an entry before it is kept.

use super::{NewEntry, Raw, RawKind};
use crate::channel::host::FailureClass;
use crate::channel::privacy::{without_numbers, without_values};

/// Longest reason. Plugins write reasons, and a plugin may quote what it could not read.
const REASON_CHARS_MAX: usize = 300;

/// Of a document's name in a reason.
const NAME_CHARS_MAX: usize = 120;

/// Parts of names whose values open doors.
const SECRET_NAMES: [&str; 8] =
    ["auth", "cookie", "token", "signature", "secret", "password", "api-key", "apikey"];

/// The entry as it may be kept. `with_raw` false: the reason only.
pub(super) fn scrub(mut entry: NewEntry, with_raw: bool) -> (NewEntry, u64) {
    let bytes = entry.raw.body.len() as u64;
    entry.reason = reason_of(entry.class, &entry.reason);
    if entry.raw.kind == RawKind::Document {
        entry.reason = format!("{}: {}", name(&entry.raw.file, with_raw), entry.reason);
    }
    entry.reason = reason(&entry.reason);
    if with_raw {
        entry.raw.headers.retain(|(name, _)| !is_secret(name));
        entry.raw.query = entry.raw.query.as_deref().map(query);
    } else {
        entry.raw = Raw { kind: entry.raw.kind, ..Raw::default() };
    }
    (entry, bytes)
}

/// Which document it is. A name may tell of a customer: its numbers go where input is not kept.
fn name(file: &str, with_raw: bool) -> String {
    let short: String = file.chars().take(NAME_CHARS_MAX).collect();
    if with_raw { short } else { without_numbers(&short) }
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

/// A reason as it may be kept. What a plugin says, or wasmtime of it, may quote the input: it
/// keeps no quotation and no number. The host's own sentences name limits only.
pub(super) fn reason_of(class: FailureClass, text: &str) -> String {
    match class {
        FailureClass::Deadline
        | FailureClass::OutOfMemory
        | FailureClass::OutputTooLarge
        | FailureClass::LongLine
        | FailureClass::LongDocument
        // Of what the plugin said as it died, the host has taken that out already.
        | FailureClass::Trap => text.to_owned(),
        FailureClass::BadInput
        | FailureClass::Unsupported
        | FailureClass::Config
        | FailureClass::Contract => without_values(text),
    }
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
    fn a_plugins_reason_quotes_no_value_bare_numbers_included() {
        for (said, kept) in [
            ("not JSON", "not JSON"),
            (r#"/kind is "Ada": give it a meaning"#, r#"/kind is "…": give it a meaning"#),
            (r#"string "say \"Ada\" twice", expected u64"#, r#"string "…", expected u64"#),
            ("integer `48600777123`, expected `a` or `b`", "integer `…`"),
            (r#"it says "Ada and more"#, r#"it says "…"#),
            ("unknown caller 48600777123", "unknown caller …"),
            ("tel48600777123", "tel…"),
            ("no agent +48 (600) 777-123 at line 7", "no agent +… (…) …-… at line …"),
            ("٤٨٦٠٠ and 1e9, 'Ada' and ‘Eve’ or “Ann”", "… and …e9, '…' and ‘…’ or “…”"),
        ] {
            for with_raw in [true, false] {
                let entry = NewEntry {
                    channel: "a".into(),
                    plugin: "b".into(),
                    received_ms: 1,
                    class: FailureClass::BadInput,
                    reason: said.into(),
                    raw: Raw::default(),
                };
                assert_eq!(scrub(entry, with_raw).0.reason, kept);
            }
        }
    }

    #[test]
    fn the_hosts_own_reasons_keep_their_limits() {
        let said = "the plugin took longer than 100 ms (call_timeout)";
        assert_eq!(reason_of(FailureClass::Deadline, said), said);
    }
}
