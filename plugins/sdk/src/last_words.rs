//! What a panic says, kept where the host finds it: a plugin cannot write anywhere, and the host
//! looks into its memory when it has died.

use std::fmt::{self, Write};
use std::panic::PanicHookInfo;
use std::sync::Mutex;

/// By this the host finds it, once its last byte is 1: nothing else in memory looks like it then.
const MARK: [u8; 16] = *b"\0tablica panic\0\0";
/// The lengths of place and text.
const LENGTHS: usize = 4;
/// Place and text together. The host reads no more.
const TEXT_BYTES_MAX: usize = 500;

static LAST_WORDS: Mutex<Buffer> = Mutex::new(Buffer::NONE);

struct Buffer {
    bytes: [u8; MARK.len() + LENGTHS + TEXT_BYTES_MAX],
    written: usize,
}

impl Buffer {
    const NONE: Buffer = {
        let mut bytes = [0; MARK.len() + LENGTHS + TEXT_BYTES_MAX];
        let (mark, _) = bytes.split_at_mut(MARK.len());
        mark.copy_from_slice(&MARK);
        Buffer { bytes, written: MARK.len() + LENGTHS }
    };

    fn take_down(&mut self, info: &PanicHookInfo<'_>) {
        let start = self.written;
        // What does not fit is left out.
        if let Some(place) = info.location() {
            let _ = write!(self, "{place}");
        }
        let place = self.written - start;
        let text = info.payload_as_str().unwrap_or_default();
        let _ = self.write_str(text);
        let text = self.written - start - place;
        let lengths = [place, text].map(|length| u16::try_from(length).unwrap_or(0).to_le_bytes());
        self.bytes[MARK.len()..start].copy_from_slice(lengths.as_flattened());
        // Last: what is found is whole.
        self.bytes[MARK.len() - 1] = 1;
    }
}

impl Write for Buffer {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = &mut self.bytes[self.written..];
        let count = text.len().min(room.len());
        room[..count].copy_from_slice(&text.as_bytes()[..count]);
        self.written += count;
        Ok(())
    }
}

/// Keeps what panics say from now on.
pub(crate) fn keep() {
    if cfg!(target_family = "wasm") {
        std::panic::set_hook(Box::new(|info| {
            if let Ok(mut words) = LAST_WORDS.try_lock() {
                words.take_down(info);
            }
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hook belongs to the whole process: here it is called by its name.
    #[test]
    fn place_and_text_are_where_the_host_looks() {
        let said = std::thread::spawn(|| {
            let previous = std::panic::take_hook();
            std::panic::set_hook(Box::new(|info| {
                LAST_WORDS.lock().expect("nobody panicked with it").take_down(info);
            }));
            let caught = std::panic::catch_unwind(|| panic!("no agent {}", "x".repeat(600)));
            std::panic::set_hook(previous);
            assert!(caught.is_err());
        });
        said.join().expect("it went well");
        let words = LAST_WORDS.lock().expect("nobody panicked with it");
        let (mark, rest) = words.bytes.split_at(MARK.len());
        assert_eq!((&mark[..15], mark[15]), (&MARK[..15], 1));
        let place = usize::from(u16::from_le_bytes([rest[0], rest[1]]));
        let text = usize::from(u16::from_le_bytes([rest[2], rest[3]]));
        assert_eq!(place + text, TEXT_BYTES_MAX);
        let place = String::from_utf8_lossy(&rest[LENGTHS..LENGTHS + place]);
        assert!(place.contains("last_words.rs:"), "{place}");
        assert!(rest[LENGTHS + place.len()..].starts_with(b"no agent xxx"));
    }
}
