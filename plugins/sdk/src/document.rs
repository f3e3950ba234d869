//! Documents come in parts: [`Assembler`] puts them together.

use crate::{Document, Failure, Moment, bad_input};

/// How much the host gives at once, if the operator says nothing else.
pub const PART_BYTES: usize = 256 * 1024;

/// Puts the parts of one document after the other together, within a maximum.
///
/// The beginning of a document (offset 0) makes it forget an unfinished one: after a failure or a restart
/// the host gives the whole document again. What is unfinished need not be in a snapshot.
///
/// ```
/// use tablica_plugin::document::Assembler;
/// # use tablica_plugin::{Document, Failure};
/// # fn handle(assembler: &mut Assembler, part: Document) -> Result<(), Failure> {
/// if let Some(whole) = assembler.take(part)? {
///     let mail: Vec<u8> = whole.into_bytes();
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Assembler {
    bytes_max: usize,
    under_way: Option<Whole>,
}

/// A document with all of its parts.
#[derive(Debug, PartialEq)]
pub struct Whole {
    /// Names it for ever.
    pub name: String,
    /// Such as `message/rfc822`.
    pub media_type: String,
    /// When its box received it.
    pub at: Moment,
    parts: Vec<Vec<u8>>,
    length: usize,
}

impl Whole {
    /// How long it is.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Its parts, for whoever can read them one by one.
    pub fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.parts.iter().map(Vec::as_slice)
    }

    /// All bytes in one piece. For a moment this needs twice the memory.
    pub fn into_bytes(mut self) -> Vec<u8> {
        if self.parts.len() == 1 {
            return self.parts.pop().unwrap_or_default();
        }
        // Once, at its full size: a list that grows by doubling would need far more.
        let mut bytes = Vec::with_capacity(self.length);
        self.parts.into_iter().for_each(|part| bytes.extend_from_slice(&part));
        bytes
    }
}

impl Assembler {
    /// One that refuses documents of more bytes.
    pub fn new(bytes_max: usize) -> Self {
        Self { bytes_max, under_way: None }
    }

    /// Takes a part; gives the document when it was the last.
    pub fn take(&mut self, part: Document) -> Result<Option<Whole>, Failure> {
        let Document { name, media_type, at, offset, is_last, bytes } = part;
        let mut whole = match (offset, self.under_way.take()) {
            (0, _) => Whole { name, media_type, at, parts: Vec::new(), length: 0 },
            (_, Some(whole)) if whole.name == name && whole.length as u64 == offset => whole,
            _ => return Err(bad_input("a part of a document without those before it")),
        };
        whole.length = whole.length.saturating_add(bytes.len());
        if whole.length > self.bytes_max {
            return Err(bad_input("the document is longer than the plugin takes"));
        }
        whole.parts.push(bytes);
        if is_last {
            return Ok(Some(whole));
        }
        self.under_way = Some(whole);
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, offset: u64, is_last: bool, bytes: &[u8]) -> Document {
        Document {
            name: name.to_owned(),
            media_type: "message/rfc822".to_owned(),
            at: Moment::None,
            offset,
            is_last,
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn parts_become_one_document() {
        let mut assembler = Assembler::new(100);
        assert_eq!(assembler.take(part("a", 0, false, b"one ")), Ok(None));
        assert_eq!(assembler.take(part("a", 4, false, b"two ")), Ok(None));
        let whole = assembler.take(part("a", 8, true, b"three")).unwrap().unwrap();
        assert_eq!((whole.len(), whole.parts().count()), (13, 3));
        assert_eq!(whole.into_bytes(), b"one two three");
        let empty = assembler.take(part("b", 0, true, b"")).unwrap().unwrap();
        assert!(empty.is_empty());
    }

    #[test]
    fn a_beginning_makes_it_forget_what_is_unfinished() {
        let mut assembler = Assembler::new(100);
        assembler.take(part("a", 0, false, b"half of ")).unwrap();
        assembler.take(part("a", 0, false, b"the whole ")).unwrap();
        let whole = assembler.take(part("a", 10, true, b"again")).unwrap().unwrap();
        assert_eq!(whole.into_bytes(), b"the whole again");
    }

    #[test]
    fn a_part_that_does_not_follow_is_refused() {
        let mut assembler = Assembler::new(100);
        assert!(assembler.take(part("a", 4, true, b"end")).is_err());
        assembler.take(part("a", 0, false, b"a")).unwrap();
        assert!(assembler.take(part("b", 1, true, b"of another")).is_err());
        assert!(assembler.take(part("a", 1, true, b"forgotten by now")).is_err());
    }

    #[test]
    fn what_is_too_long_is_refused_and_the_next_one_taken() {
        let mut assembler = Assembler::new(5);
        assembler.take(part("a", 0, false, b"123")).unwrap();
        assert!(assembler.take(part("a", 3, false, b"456")).is_err());
        assert!(assembler.take(part("a", 6, true, b"7")).is_err(), "nor its end");
        assert!(assembler.take(part("b", 0, true, b"12345")).unwrap().is_some());
    }
}
