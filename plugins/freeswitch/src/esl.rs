//! The event socket's framing: header blocks, an empty line, and a body of `Content-Length` bytes.
//!
//! It is a stream: a chunk may end anywhere, and hold many blocks. What is kept is bounded. Nothing
//! here knows what a header means, except how long the body is.

use std::collections::BTreeMap;

/// Headers of one block; a channel with all its variables has some 300 of 50 bytes.
const HEADERS_BYTES_MAX: usize = 256 << 10;
/// A list of some 10,000 agents. Longer bodies are passed over.
const BODY_BYTES_MAX: usize = 2 << 20;

/// Headers by name. Of those that stand there twice the first.
pub(crate) type Headers = BTreeMap<String, String>;

/// One block with its body.
#[derive(Debug, PartialEq)]
pub(crate) struct Block {
    pub(crate) headers: Headers,
    pub(crate) body: Vec<u8>,
}

/// What came of a stream so far.
#[derive(Debug, PartialEq)]
pub(crate) enum Piece {
    Block(Block),
    /// No block: nothing in it looks like a header, or it is too long.
    Broken,
}

/// Puts chunks together.
#[derive(Debug, Default)]
pub(crate) struct Assembler {
    buffer: Vec<u8>,
    /// Where in the buffer the next block begins.
    start: usize,
    /// Up to where there is no empty line.
    scanned: usize,
    /// A block whose body is not complete, and how long that is.
    pending: Option<(Headers, usize)>,
    /// So many bytes of a body that is too long are still to come.
    skip: usize,
}

impl Assembler {
    /// Adds a chunk. Take all pieces before the next one.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        self.buffer.drain(..self.start);
        self.scanned = self.scanned.saturating_sub(self.start);
        self.start = 0;
        self.buffer.extend_from_slice(chunk);
    }

    /// The next piece that is complete.
    pub(crate) fn take(&mut self) -> Option<Piece> {
        loop {
            if self.skip > 0 {
                let skipped = self.skip.min(self.rest().len());
                self.start += skipped;
                self.skip -= skipped;
                if self.skip > 0 {
                    return None;
                }
            }
            if let Some((headers, length)) = self.pending.take() {
                let Some(body) = self.rest().get(..length).map(<[u8]>::to_vec) else {
                    self.pending = Some((headers, length));
                    return None;
                };
                self.start += length;
                return Some(Piece::Block(Block { headers, body }));
            }
            let head = match self.head() {
                Some(head) => head,
                None if self.rest().len() > HEADERS_BYTES_MAX => {
                    self.start = self.buffer.len();
                    return Some(Piece::Broken);
                }
                None => return None,
            };
            let headers = headers(&head, false);
            if headers.is_empty() {
                return Some(Piece::Broken);
            }
            let length = headers.get("Content-Length").and_then(|it| it.trim().parse().ok());
            match length.unwrap_or(0) {
                length if length > BODY_BYTES_MAX => {
                    self.skip = length;
                    return Some(Piece::Broken);
                }
                length => self.pending = Some((headers, length)),
            }
        }
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// The next block's headers, without the empty line after them.
    fn head(&mut self) -> Option<Vec<u8>> {
        let is_line_end = |byte: &&u8| matches!(byte, b'\n' | b'\r');
        self.start += self.rest().iter().take_while(is_line_end).count();
        let from = self.scanned.max(self.start);
        let mut line_ends = self.buffer.get(from..)?.windows(2);
        match line_ends.position(|two| two == b"\n\n") {
            Some(place) => {
                let end = from + place;
                let head = self.buffer.get(self.start..end)?.to_vec();
                self.start = end + 2;
                self.scanned = self.start;
                Some(head)
            }
            None => {
                self.scanned = self.buffer.len().saturating_sub(1).max(self.start);
                None
            }
        }
    }
}

/// Reads headers, decoded where they are an event's (`text/event-plain`). A line that begins with no
/// name goes on with the value before it, as the lines of an SDP do.
pub(crate) fn headers(text: &[u8], is_encoded: bool) -> Headers {
    let mut headers = Headers::new();
    for line in text.split(|byte| *byte == b'\n') {
        let Some((name, value)) = header(line.strip_suffix(b"\r").unwrap_or(line)) else {
            continue;
        };
        let value = if is_encoded { decoded(value) } else { value.to_vec() };
        let value = String::from_utf8_lossy(&value).into_owned();
        headers.entry(String::from_utf8_lossy(name).into_owned()).or_insert(value);
    }
    headers
}

fn header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    let value = value.get(1..)?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let value = match value.strip_prefix(b" ") {
        Some(value) => value,
        None if value.is_empty() => value,
        None => return None,
    };
    (!name.is_empty() && name.iter().all(is_name)).then_some((name, value))
}

/// `%41` is `A`. A plus is a plus: this is no form.
fn decoded(value: &[u8]) -> Vec<u8> {
    let digit = |place: usize| value.get(place).and_then(|byte| char::from(*byte).to_digit(16));
    let mut text = Vec::with_capacity(value.len());
    let mut place = 0;
    while let Some(byte) = value.get(place) {
        let hex = match (byte, digit(place + 1), digit(place + 2)) {
            (b'%', Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
            _ => None,
        };
        text.push(hex.unwrap_or(*byte));
        place += if hex.is_some() { 3 } else { 1 };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(chunks: &[&[u8]]) -> Vec<Piece> {
        let mut assembler = Assembler::default();
        let mut pieces = Vec::new();
        for chunk in chunks {
            assembler.push(chunk);
            while let Some(piece) = assembler.take() {
                pieces.push(piece);
            }
        }
        pieces
    }

    #[test]
    fn blocks_are_the_same_however_the_stream_is_cut() {
        let stream = b"Content-Type: auth/request\n\nContent-Length: 5\nA: b\n\n1\n\n34\nC: d\n\n";
        let whole = pieces(&[stream]);
        assert_eq!(whole.len(), 3);
        assert!(matches!(&whole[1], Piece::Block(block) if block.body == b"1\n\n34"));
        for cut in 0..stream.len() {
            assert_eq!(pieces(&[&stream[..cut], &stream[cut..]]), whole, "{cut}");
        }
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(pieces(&bytes), whole);
    }

    #[test]
    fn what_is_too_long_is_passed_over_and_the_next_block_is_read() {
        let length = BODY_BYTES_MAX + 1;
        let mut stream = format!("Content-Length: {length}\n\n").into_bytes();
        stream.resize(stream.len() + length, b'x');
        stream.extend_from_slice(b"A: b\n\n");
        let parts: Vec<&[u8]> = stream.chunks(100_000).collect();
        let read = pieces(&parts);
        assert_eq!(read.len(), 2);
        assert_eq!(read[0], Piece::Broken);
        assert!(matches!(&read[1], Piece::Block(block) if block.headers["A"] == "b"));

        let endless = vec![b'a'; HEADERS_BYTES_MAX + 1];
        assert_eq!(pieces(&[&endless]), [Piece::Broken]);
    }

    #[test]
    fn values_are_decoded_and_go_over_several_lines() {
        let text = b"Event-Subclass: callcenter%3A%3Ainfo\nCC-Member-CID-Number: +48600%2b1%zz\nsdp: v=0\no=- 1 1 IN IP4 192.0.2.1\na=rtpmap:0 PCMU/8000\nempty:\nCC-Queue: b";
        let read = headers(text, true);
        assert_eq!(read["Event-Subclass"], "callcenter::info");
        assert_eq!(read["CC-Member-CID-Number"], "+48600+1%zz");
        assert_eq!((read["sdp"].as_str(), read["empty"].as_str()), ("v=0", ""));
        assert_eq!((read["CC-Queue"].as_str(), read.len()), ("b", 5));
        assert_eq!(headers(text, false)["Event-Subclass"], "callcenter%3A%3Ainfo");
    }
}
