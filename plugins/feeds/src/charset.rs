//! Bytes of a feed as text. What the server and the document say of their charset is often wrong.

use tablica_plugin::mail::decoded;

/// The text. Bytes that are UTF-8 are UTF-8, whatever is said of them; else the document's word goes before the
/// server's, and bytes of which nobody says anything are Western European.
pub(crate) fn text(bytes: &[u8], content_type: Option<&str>) -> String {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return String::from_utf8_lossy(rest).into_owned();
    }
    match bytes {
        [0xff, 0xfe, ..] | [b'<', 0, ..] => {
            return decoded(bytes, "utf-16le").trim_start_matches('\u{feff}').into();
        }
        [0xfe, 0xff, ..] | [0, b'<', ..] => {
            return decoded(bytes, "utf-16be").trim_start_matches('\u{feff}').into();
        }
        _ => {}
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let said = declared(bytes).or_else(|| parameter(content_type?));
    match said.as_deref() {
        // Both are said by servers that do not know.
        None | Some("us-ascii" | "utf-8" | "utf8") => decoded(bytes, "windows-1252"),
        Some(charset) => decoded(bytes, charset),
    }
}

/// The charset of the XML declaration.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..200).unwrap_or(bytes)).into_owned();
    let (declaration, _) = head.split_once("?>")?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    Some(value.split(quote).nth(1)?.trim().to_ascii_lowercase())
}

/// The charset of `Content-Type`.
fn parameter(content_type: &str) -> Option<String> {
    let lower = content_type.to_ascii_lowercase();
    let (_, value) = lower.split_once("charset=")?;
    Some(value.split(';').next()?.trim().trim_matches('"').to_owned()).filter(|it| !it.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_charset_is_believed_when_it_can_be_true() {
        let latin = b"<?xml version='1.0' encoding='iso-8859-2'?><a>\xbf</a>";
        assert!(text(latin, Some("text/xml; charset=utf-8")).contains('\u{17c}'));
        let utf8 = "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a>\u{17c}</a>";
        assert!(text(utf8.as_bytes(), Some("text/xml; charset=us-ascii")).contains('\u{17c}'));
        assert_eq!(
            text(b"<a>\xbf</a>", Some("text/xml; charset=\"ISO-8859-2\"")),
            "<a>\u{17c}</a>"
        );
        assert_eq!(text(b"<a>\x93</a>", None), "<a>\u{201c}</a>");
        assert_eq!(text(b"\xef\xbb\xbf<a/>", None), "<a/>");
        assert_eq!(text(b"\xff\xfe<\0a\0", None), "<a");
        assert_eq!(text(b"\0<\0a", None), "<a");
    }
}
