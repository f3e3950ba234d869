//! Cuts a stream's bytes into frames.

use bytes::{Buf as _, Bytes, BytesMut};

use super::asked::{Framing, LengthPrefix};

/// The longest end of a frame that a plugin may name.
const UNTIL_BYTES_MAX: usize = 1024;

/// Why a stream cannot be cut so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FramingError {
    /// A WebSocket has its own.
    #[error("the framing `messages` is for WebSockets, and theirs is no other")]
    Messages,
    /// Every place would be an end.
    #[error("the framing `until` needs from 1 to {UNTIL_BYTES_MAX} bytes")]
    Until,
    /// There is no such number.
    #[error("a length of {0} bytes: it has 1, 2, 4 or 8")]
    PrefixBytes(u8),
    /// It says that it counts itself.
    #[error("a frame is said to be shorter than its own length")]
    ShorterThanItself,
    /// The plugin, or its memory, is protected.
    #[error("a frame is longer than {0} bytes (limits.frame_bytes_max)")]
    TooLong(usize),
}

/// Whether there is such a framing, for WebSockets or for streams.
pub fn check(framing: &Framing, is_websocket: bool) -> Result<(), FramingError> {
    match framing {
        Framing::Messages if is_websocket => Ok(()),
        Framing::Messages => Err(FramingError::Messages),
        _ if is_websocket => Err(FramingError::Messages),
        Framing::Chunks => Ok(()),
        Framing::Until(end) if (1..=UNTIL_BYTES_MAX).contains(&end.len()) => Ok(()),
        Framing::Until(_) => Err(FramingError::Until),
        Framing::Prefixed(LengthPrefix { bytes: 1 | 2 | 4 | 8, .. }) => Ok(()),
        Framing::Prefixed(LengthPrefix { bytes, .. }) => Err(FramingError::PrefixBytes(*bytes)),
    }
}

/// A stream that has come to its end, cut; and how many bytes at its end are no whole frame.
pub fn cut(
    framing: Framing,
    stream: &[u8],
    max: usize,
) -> Result<(Vec<Bytes>, usize), FramingError> {
    let mut framer = Framer::new(framing, max);
    framer.push(stream);
    let mut frames = Vec::new();
    while let Some(frame) = framer.next()? {
        frames.push(frame);
    }
    Ok((frames, framer.waiting()))
}

/// What has come of a stream and is not yet a frame.
pub(super) struct Framer {
    framing: Framing,
    max: usize,
    buffer: BytesMut,
    /// So many bytes of the buffer hold no end.
    searched: usize,
}

impl Framer {
    pub(super) fn new(framing: Framing, max: usize) -> Self {
        Self { framing, max, buffer: BytesMut::new(), searched: 0 }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// Bytes that wait for the rest of their frame.
    pub(super) fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// The next whole frame.
    pub(super) fn next(&mut self) -> Result<Option<Bytes>, FramingError> {
        match &self.framing {
            Framing::Messages | Framing::Chunks => {
                let length = self.buffer.len().min(self.max);
                Ok((length > 0).then(|| self.buffer.split_to(length).freeze()))
            }
            Framing::Until(end) => {
                let end = end.clone();
                self.until(&end)
            }
            Framing::Prefixed(prefix) => {
                let prefix = *prefix;
                self.prefixed(prefix)
            }
        }
    }

    fn until(&mut self, end: &[u8]) -> Result<Option<Bytes>, FramingError> {
        let unseen = self.buffer.get(self.searched..).unwrap_or_default();
        let found = unseen.windows(end.len()).position(|window| window == end);
        let Some(found) = found.map(|at| self.searched + at) else {
            // The end may have begun already.
            self.searched = (self.buffer.len() + 1).saturating_sub(end.len());
            return match self.searched > self.max {
                true => Err(FramingError::TooLong(self.max)),
                false => Ok(None),
            };
        };
        if found > self.max {
            return Err(FramingError::TooLong(self.max));
        }
        let frame = self.buffer.split_to(found).freeze();
        self.buffer.advance(end.len());
        self.searched = 0;
        Ok(Some(frame))
    }

    fn prefixed(&mut self, prefix: LengthPrefix) -> Result<Option<Bytes>, FramingError> {
        let width = usize::from(prefix.bytes);
        let Some(written) = self.buffer.get(..width) else { return Ok(None) };
        let fold = |length: u64, byte: &u8| length << 8 | u64::from(*byte);
        let mut length = match prefix.little_endian {
            true => written.iter().rev().fold(0, fold),
            false => written.iter().fold(0, fold),
        };
        if prefix.counts_itself {
            let own = u64::from(prefix.bytes);
            length = length.checked_sub(own).ok_or(FramingError::ShorterThanItself)?;
        }
        let length = usize::try_from(length).ok().filter(|length| *length <= self.max);
        let length = length.ok_or(FramingError::TooLong(self.max))?;
        if self.buffer.len() < width + length {
            return Ok(None);
        }
        self.buffer.advance(width);
        Ok(Some(self.buffer.split_to(length).freeze()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of a stream in parts of one size, until it has no more.
    fn frames(framing: &Framing, stream: &[u8], part: usize) -> Result<Vec<String>, FramingError> {
        let mut framer = Framer::new(framing.clone(), 16);
        let mut frames = Vec::new();
        for part in stream.chunks(part) {
            framer.push(part);
            while let Some(frame) = framer.next()? {
                frames.push(String::from_utf8_lossy(&frame).into_owned());
            }
        }
        Ok(frames)
    }

    fn prefix(bytes: u8, little_endian: bool, counts_itself: bool) -> Framing {
        Framing::Prefixed(LengthPrefix { bytes, little_endian, counts_itself })
    }

    #[test]
    fn a_stream_is_cut_the_same_in_whatever_parts_it_comes() {
        let until = Framing::Until(Bytes::from_static(b"\r\n\r\n"));
        for part in 1..20 {
            let cut = |framing: &Framing, stream: &[u8]| frames(framing, stream, part);
            assert_eq!(
                cut(&until, b"a\r\nb\r\n\r\n\r\n\r\nc\r\n\r\nrest"),
                Ok(vec!["a\r\nb".into(), String::new(), "c".into()])
            );
            assert_eq!(
                cut(&prefix(1, false, false), b"\x02ab\x00\x01c\x05x"),
                Ok(vec!["ab".into(), String::new(), "c".into()])
            );
            assert_eq!(cut(&prefix(2, false, true), b"\x00\x04ab"), Ok(vec!["ab".into()]));
            assert_eq!(cut(&prefix(4, true, false), b"\x02\0\0\0ab"), Ok(vec!["ab".into()]));
            let eight = cut(&prefix(8, true, true), b"\x0a\0\0\0\0\0\0\0ab");
            assert_eq!(eight, Ok(vec!["ab".into()]));
        }
        assert_eq!(frames(&Framing::Chunks, b"abcdef", 4), Ok(vec!["abcd".into(), "ef".into()]));
    }

    #[test]
    fn no_frame_is_longer_than_the_limit_and_one_that_is_as_long_comes() {
        let until = Framing::Until(Bytes::from_static(b"\n\n"));
        let (fits, too_long) = ("x".repeat(16), "x".repeat(17));
        for part in 1..20 {
            let end = |text: &str| frames(&until, format!("{text}\n\n").as_bytes(), part);
            assert_eq!(end(&fits), Ok(vec![fits.clone()]));
            assert_eq!(end(&too_long), Err(FramingError::TooLong(16)));
            let eight = prefix(8, false, false);
            assert_eq!(frames(&eight, &[0xff; 8], part), Err(FramingError::TooLong(16)));
        }
        assert_eq!(frames(&until, "x".repeat(40).as_bytes(), 3), Err(FramingError::TooLong(16)));
        let own = frames(&prefix(2, false, true), b"\x00\x01", 2);
        assert_eq!(own, Err(FramingError::ShorterThanItself));
    }

    #[test]
    fn a_framing_that_cuts_nothing_is_refused() {
        let empty = Framing::Until(Bytes::new());
        assert_eq!(check(&empty, false), Err(FramingError::Until));
        assert_eq!(check(&prefix(3, false, false), false), Err(FramingError::PrefixBytes(3)));
        assert_eq!(check(&Framing::Messages, false), Err(FramingError::Messages));
        assert_eq!(check(&Framing::Chunks, true), Err(FramingError::Messages));
        assert_eq!(check(&prefix(8, true, true), false), Ok(()));
    }
}
