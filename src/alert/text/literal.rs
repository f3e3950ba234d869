//! Strings in a template, in the quotes that Go knows.

use std::str::CharIndices;

use super::TextError;
use super::error::Source;

/// What may stand after a backslash, as errors say it.
const ESCAPES: &str = "`\\a`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t`, `\\v`, `\\\\`, `\\\"`, `\\` \
    with three octal digits up to 377, `\\x` with two hexadecimal digits, or `\\u` with four or \
    `\\U` with eight that name a character";

/// The string in double quotes that begins at a byte, and how many bytes it takes in the template.
pub(super) fn quoted(source: Source<'_>, at: usize) -> Result<(String, usize), TextError> {
    let mut bytes = Vec::new();
    let mut letters = source.from(at).char_indices();
    letters.next(); // the quote that opens it
    while let Some((offset, letter)) = letters.next() {
        match letter {
            '"' => {
                let wrong =
                    |_| source.wrong(at, "a string that is not UTF-8", "escapes that are UTF-8");
                return Ok((String::from_utf8(bytes).map_err(wrong)?, offset + 1));
            }
            '\\' => {
                if escape(&mut letters, &mut bytes).is_none() {
                    let end = letters.offset();
                    let found = source.from(at).get(offset..end).unwrap_or("\\");
                    return Err(source.wrong(at + offset, format!("`{found}`"), ESCAPES));
                }
            }
            '\n' => return Err(source.wrong(at + offset, "the end of the line", "`\"`")),
            _ => bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Err(source.wrong(source.0.len(), "the end of the template", "`\"`"))
}

/// The string in backquotes that begins at a byte, and how many bytes it takes in the template.
/// Nothing is escaped in it; Go leaves carriage returns out.
pub(super) fn raw(source: Source<'_>, at: usize) -> Result<(String, usize), TextError> {
    let quote = '`'.len_utf8();
    match source.from(at + quote).split_once('`') {
        Some((text, _)) => Ok((text.replace('\r', ""), text.len() + 2 * quote)),
        None => Err(source.wrong(source.0.len(), "the end of the template", "a backquote")),
    }
}

/// Reads what stands after a backslash. None if it is not an escape of Go.
fn escape(letters: &mut CharIndices<'_>, bytes: &mut Vec<u8>) -> Option<()> {
    let (_, letter) = letters.next()?;
    let byte = match letter {
        'a' => 0x07,
        'b' => 0x08,
        'f' => 0x0c,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 0x0b,
        '\\' => b'\\',
        '"' => b'"',
        'x' => u8::try_from(digits(letters, 0, 2, 16)?).ok()?,
        '0'..='7' => u8::try_from(digits(letters, letter.to_digit(8)?, 2, 8)?).ok()?,
        'u' | 'U' => {
            let count = if letter == 'u' { 4 } else { 8 };
            let named = char::from_u32(digits(letters, 0, count, 16)?)?;
            bytes.extend_from_slice(named.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(());
        }
        _ => return None,
    };
    bytes.push(byte);
    Some(())
}

/// Reads so many digits behind those that were read before. They fit: at most eight hexadecimal
/// ones are read.
fn digits(letters: &mut CharIndices<'_>, before: u32, count: usize, radix: u32) -> Option<u32> {
    let mut number = before;
    for _ in 0..count {
        let (_, letter) = letters.next()?;
        number = number.checked_mul(radix)?.checked_add(letter.to_digit(radix)?)?;
    }
    Some(number)
}
