//! Bytes into text. Fields are cut out of the bytes first: in all of these encodings delimiters, quotes and line ends are
//! what they are in ASCII. UTF-16 is not, and is rewritten before.

use crate::code_pages;

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16 {
        /// `false`: the low byte first, as Windows writes it.
        is_big_endian: bool,
    },
    Latin1,
    /// The characters from 0x80 on.
    Page(&'static str),
}

/// Names of encodings, for settings and for what is said when one is not known.
pub(crate) const NAMES: &[(&str, Encoding)] = &[
    ("utf-8", Encoding::Utf8),
    ("utf-16le", Encoding::Utf16 { is_big_endian: false }),
    ("utf-16be", Encoding::Utf16 { is_big_endian: true }),
    ("windows-1250", Encoding::Page(code_pages::WINDOWS_1250)),
    ("windows-1251", Encoding::Page(code_pages::WINDOWS_1251)),
    ("windows-1252", Encoding::Page(code_pages::WINDOWS_1252)),
    ("iso-8859-1", Encoding::Latin1),
    ("iso-8859-2", Encoding::Page(code_pages::ISO_8859_2)),
    ("cp852", Encoding::Page(code_pages::CP852)),
    ("cp866", Encoding::Page(code_pages::CP866)),
];

impl Encoding {
    /// A field's bytes as text. What makes no sense becomes U+FFFD.
    pub(crate) fn text(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 | Self::Utf16 { .. } => String::from_utf8_lossy(bytes).into_owned(),
            Self::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
            Self::Page(page) => bytes.iter().map(|byte| of_page(page, *byte)).collect(),
        }
    }
}

fn of_page(page: &str, byte: u8) -> char {
    match byte.checked_sub(0x80) {
        None => char::from(byte),
        Some(place) => page.chars().nth(place.into()).unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

/// Rewrites UTF-16 as UTF-8, part by part.
#[derive(Debug, Default)]
pub(crate) struct Utf16 {
    /// A byte of a unit of two.
    odd: Option<u8>,
    /// The first half of a character of two units.
    half: Option<u16>,
}

impl Utf16 {
    pub(crate) fn rewrite(&mut self, bytes: &[u8], is_big_endian: bool) -> Vec<u8> {
        let mut units: Vec<u16> = self.half.take().into_iter().collect();
        for byte in bytes {
            match self.odd.take() {
                None => self.odd = Some(*byte),
                Some(first) if is_big_endian => units.push(u16::from_be_bytes([first, *byte])),
                Some(first) => units.push(u16::from_le_bytes([first, *byte])),
            }
        }
        if let Some(last) = units.last().filter(|unit| (0xd800..0xdc00).contains(*unit)) {
            self.half = Some(*last);
            units.pop();
        }
        String::from_utf16_lossy(&units).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_reads_what_its_tables_say() {
        let cases: [(&str, &[u8], &str); 8] = [
            ("utf-8", "Żółć".as_bytes(), "Żółć"),
            ("windows-1250", &[0xaf, 0xf3, 0xb3, 0xe6], "Żółć"),
            ("iso-8859-2", &[0xaf, 0xf3, 0xb3, 0xe6], "Żółć"),
            ("cp852", &[0xbd, 0xa2, 0x88, 0x86], "Żółć"),
            ("windows-1251", &[0xd7, 0xe5, 0xf0, 0xe3, 0xe0], "Черга"),
            ("cp866", &[0x97, 0xa5, 0xe0, 0xa3, 0xa0], "Черга"),
            ("windows-1252", &[0x80, 0xe9], "€é"),
            ("iso-8859-1", &[0xe9, 0x41], "éA"),
        ];
        for (name, bytes, text) in cases {
            let encoding = NAMES.iter().find(|(it, _)| *it == name).map(|(_, it)| it.text(bytes));
            assert_eq!(encoding.as_deref(), Some(text), "{name}");
        }
    }

    #[test]
    fn utf_16_may_be_cut_anywhere() {
        let text = "Żółć;\u{1f600}\r\n";
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for cut in 0..bytes.len() {
            let mut utf16 = Utf16::default();
            let mut read = utf16.rewrite(&bytes[..cut], false);
            read.extend(utf16.rewrite(&bytes[cut..], false));
            assert_eq!(String::from_utf8_lossy(&read), text, "{cut}");
        }
    }
}
