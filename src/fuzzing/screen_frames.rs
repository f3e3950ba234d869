//! What a screen may say: the state that it says it has, and the frames of its WebSocket.
//!
//! The first byte says how the rest is read: as bytes of frames, or as choices of which frames are
//! made. Whoever says it has been let in by a handshake that is right.
//!
//! Holds for everything that is said: nothing panics, and the session ends when its screen hangs up, and
//! with it its seat. All that is sent are whole frames of a server: texts that are JSON with a type,
//! pings, pongs and one close with a code. The first text is what a screen without a state needs,
//! unless it said that it has the newest or the one before. No screen is believed to have painted
//! what it was not sent.

use arbitrary::{Result, Unstructured};
use serde_json::Value;

use super::house::{self, End, House, Listener, OWN_HOST, STRANGER};
use super::values::{one_of, text};

/// More takes longer than it finds.
const BYTES_MAX: usize = 16 << 10;
const BOARD: &str = "floor";

/// See the file.
pub fn screen_frames(data: &[u8]) {
    let Some((how, rest)) = data.split_first() else { return };
    if rest.len() > BYTES_MAX {
        return;
    }
    house::with(|house| {
        let newest = house.hub.newest(BOARD).expect("a board that ships");
        let (epoch, seq) = (newest.epoch.to_string(), newest.seq);
        let mut input = Unstructured::new(rest);
        let Ok(query) = query(&mut input, &epoch, seq) else { return };
        let frames = if how & 1 == 0 {
            made(&mut input, &epoch, seq).unwrap_or_default()
        } else {
            input.bytes(input.len()).unwrap_or_default().to_vec()
        };
        let head = format!(
            "GET /ws/v1/boards/{BOARD}{query} HTTP/1.1\r\nHost: {OWN_HOST}\r\n\
             Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        let said = [head.as_bytes(), &frames].concat();
        let answered = house.converse(Listener::Public, STRANGER, &said, End::HangsUp, || {
            believes_no_more_than_was_sent(house);
        });
        house.until("the seat is not given back", || house.screens.open() == 0);
        assert_eq!(house.screens.list(), [], "a screen that is gone");
        let has_state = query.contains(&epoch);
        is_what_a_server_says(&answered, has_state);
    });
}

fn believes_no_more_than_was_sent(house: &House) {
    for screen in house.screens.list() {
        assert!(screen.painted_seq <= screen.sent_seq, "{screen:?}");
    }
}

/// `?epoch=E&seq=N`, nearly.
fn query(input: &mut Unstructured<'_>, epoch: &str, seq: u64) -> Result<String> {
    let seq = match input.int_in_range(0..=3)? {
        0 => seq.to_string(),
        1 => seq.saturating_sub(1).to_string(),
        2 => input.arbitrary::<u64>()?.to_string(),
        _ => escaped(&text(input)?),
    };
    Ok(match input.int_in_range(0..=3)? {
        0 => String::new(),
        1 => format!("?epoch={epoch}&seq={seq}"),
        2 => format!("?seq={seq}&epoch={}", escaped(&text(input)?)),
        _ => format!("?{}", escaped(&text(input)?)),
    })
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"&=%.-+".contains(&byte);
    let each = text.bytes().map(|byte| {
        if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    });
    each.collect()
}

fn made(input: &mut Unstructured<'_>, epoch: &str, seq: u64) -> Result<Vec<u8>> {
    let mut frames = Vec::new();
    for _ in 0..input.int_in_range(0..=40)? {
        let Ok(payload) = payload(input, epoch, seq) else { break };
        let opcode = *input.choose(&[1, 1, 1, 1, 2, 0, 8, 9, 10, 3, 15]).unwrap_or(&1);
        let is_last = !input.ratio(1, 6).unwrap_or(false);
        let is_masked = !input.ratio(1, 12).unwrap_or(false);
        frames.push(opcode | if is_last { 0x80 } else { 0 });
        let mask = if is_masked { 0x80 } else { 0 };
        match u8::try_from(payload.len()) {
            Ok(length @ ..=125) => frames.push(length | mask),
            _ => {
                frames.push(126 | mask);
                let length = u16::try_from(payload.len()).unwrap_or(u16::MAX);
                frames.extend_from_slice(&length.to_be_bytes());
            }
        }
        if is_masked {
            // By nothing: what is said stays readable to the fuzzer.
            frames.extend_from_slice(&[0; 4]);
        }
        frames.extend_from_slice(&payload);
    }
    Ok(frames)
}

fn payload(input: &mut Unstructured<'_>, epoch: &str, seq: u64) -> Result<Vec<u8>> {
    let any = text(input)?;
    Ok(match input.int_in_range(0..=5)? {
        0 => format!(r#"{{"type":"painted","epoch":"{epoch}","seq":{seq}}}"#),
        1 => {
            format!(r#"{{"type":"painted","epoch":"{epoch}","seq":{}}}"#, input.arbitrary::<u64>()?)
        }
        2 => {
            let kind = one_of(input, &["painted", "snapshot", "PAINTED", ""])?;
            serde_json::json!({ "type": kind, "epoch": any, "seq": input.arbitrary::<i64>()? })
                .to_string()
        }
        3 => format!(r#"{{"type":"painted",{any}"#),
        4 => any.repeat(8),
        _ => return Ok(input.bytes(input.len().min(130))?.to_vec()),
    }
    .into_bytes())
}

fn is_what_a_server_says(answered: &[u8], has_state: bool) {
    let head = answered.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
    if !answered.starts_with(b"HTTP/1.1 101 ") {
        let head = String::from_utf8_lossy(&answered[..head]);
        // An address that is none, or too long, comes to no door.
        assert!(["400", "414", "431"].contains(&&head[9..12]), "{head}");
        return;
    }
    let mut rest = &answered[head + 4..];
    let mut texts = 0;
    let mut is_closed = false;
    while let Some((opcode, payload, after)) = frame(rest) {
        rest = after;
        assert!(!is_closed, "something after the close");
        match opcode {
            1 => {
                let message: Value = serde_json::from_slice(payload).expect("JSON");
                let kind = message["type"].as_str().expect("a type");
                texts += 1;
                if texts == 1 && !has_state {
                    assert_eq!(kind, "snapshot", "the first message");
                }
            }
            8 => {
                is_closed = true;
                let code = payload.first_chunk::<2>().map(|code| u16::from_be_bytes(*code));
                assert!(code.is_none_or(|code| (1000..5000).contains(&code)), "{code:?}");
            }
            9 | 10 => assert!(payload.len() <= 125, "{} bytes", payload.len()),
            other => panic!("opcode {other}"),
        }
    }
    assert!(rest.is_empty(), "{} bytes are no frame", rest.len());
    assert!(texts >= 1, "a screen is sent its board first");
}

/// The first frame: its opcode, what is in it, and what follows.
fn frame(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&[first, second], rest) = bytes.split_first_chunk::<2>()?;
    assert_eq!(first & 0xf0, 0x80, "in one piece, without extensions");
    let (length, rest) = match second {
        126 => {
            let (length, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(*length)), rest)
        }
        127 => {
            let (length, rest) = rest.split_first_chunk::<8>()?;
            (usize::try_from(u64::from_be_bytes(*length)).ok()?, rest)
        }
        length => (usize::from(length), rest),
    };
    let (payload, rest) = rest.split_at_checked(length)?;
    Some((first & 0x0f, payload, rest))
}
