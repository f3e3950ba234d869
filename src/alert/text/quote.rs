//! Strings in Go's quotes, and strings in URLs.

/// A string as Go's `%q` writes it: in double quotes, with what cannot be seen escaped. So it can
/// stand as a string in an expression of PromQL.
pub(super) fn quoted(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 2);
    shown.push('"');
    for letter in text.chars() {
        match letter {
            '"' => shown.push_str("\\\""),
            '\\' => shown.push_str("\\\\"),
            '\x07' => shown.push_str("\\a"),
            '\x08' => shown.push_str("\\b"),
            '\x0c' => shown.push_str("\\f"),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            '\x0b' => shown.push_str("\\v"),
            _ if is_printable(letter) => shown.push(letter),
            '\0'..='\x7f' => shown.push_str(&format!("\\x{:02x}", u32::from(letter))),
            '\u{80}'..='\u{ffff}' => shown.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => shown.push_str(&format!("\\U{:08x}", u32::from(letter))),
        }
    }
    shown.push('"');
    shown
}

/// Whether Go's `%q` writes a character as it is: letters, marks, numbers, punctuation, symbols and
/// the ASCII space.
fn is_printable(letter: char) -> bool {
    if letter.is_ascii() {
        return letter == ' ' || letter.is_ascii_graphic();
    }
    // Rust has the same list, of another Unicode version perhaps, and shows it only through
    // `escape_debug`. That escapes a mark too where it begins a string, so a letter stands before.
    let mut text = String::from("a");
    text.push(letter);
    !text.escape_debug().any(|escaped| escaped == '\\')
}

/// A string as it stands in the query part of a URL: as Go's `url.QueryEscape` writes it.
pub(super) fn url_query(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                shown.push(char::from(byte));
            }
            b' ' => shown.push('+'),
            _ => shown.push_str(&format!("%{byte:02X}")),
        }
    }
    shown
}
