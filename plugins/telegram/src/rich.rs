//! The words of a rich message: headings, paragraphs, lists, tables, quotations, captions.
//!
//! A block has text, further blocks, or both; text is a string, a list, or an object with text in it (bold,
//! a link). Everything else is looks and media, and is skipped. Words come in the order in which they stand, a line
//! for each block; how deep they lie is bounded by what reads the JSON.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// All words of a rich message; none when it has none.
pub(crate) fn text(message: &str) -> Option<String> {
    let mut out = String::new();
    let words = Words { out: &mut out, is_block: true };
    words.deserialize(&mut serde_json::Deserializer::from_str(message)).ok()?;
    (!out.is_empty()).then_some(out)
}

/// Collects what lies below.
struct Words<'a> {
    out: &'a mut String,
    /// Objects are blocks, each of which begins a line; else they are styled text.
    is_block: bool,
}

fn begin_line(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

impl<'de> DeserializeSeed<'de> for Words<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Words<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("blocks or text")
    }

    fn visit_str<E>(self, words: &str) -> Result<(), E> {
        self.out.push_str(words);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Self { out, is_block } = self;
        while list.next_element_seed(Words { out, is_block })?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { out, is_block } = self;
        if is_block {
            begin_line(out);
        }
        while let Some(name) = map.next_key::<String>()? {
            let is_block = match name.as_str() {
                "text" | "alternative_text" | "expression" => false,
                "caption" | "credit" | "summary" => {
                    begin_line(out);
                    false
                }
                "blocks" | "items" | "cells" => true,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            map.next_value_seed(Words { out, is_block })?;
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}
