//! Screens that are opened by the hundred: they read what they are sent, and say what a page says.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Screens of one address; the server takes no more than `screens_per_address_max`.
const SCREENS_PER_ADDRESS: usize = 100;
/// An empty pong, masked as a client's frames are.
const SIGN_OF_LIFE: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];
const FRAMES_PER_SIGN: u64 = 4;
/// A page paints a tile at most so often, and says so.
const PAINT_EVERY: Duration = Duration::from_secs(1);
/// What a screen needs of a frame stands at its beginning.
const HEAD_BYTES: u64 = 200;

/// Open screens, each drained by a task that counts frames.
#[derive(Default)]
pub(crate) struct Screens {
    tasks: JoinSet<()>,
    counts: Arc<Counts>,
    acknowledge: bool,
    opened: usize,
}

#[derive(Default)]
struct Counts {
    frames: AtomicU64,
    painted: AtomicU64,
    open: AtomicUsize,
}

impl Screens {
    /// Screens that say which state they have painted, as pages do; others give a sign of life.
    pub(crate) fn acknowledging() -> Self {
        Self { acknowledge: true, ..Self::default() }
    }

    /// Frames that came to them.
    pub(crate) fn frames(&self) -> u64 {
        self.counts.frames.load(Ordering::Relaxed)
    }

    /// How often one said what it had painted.
    pub(crate) fn painted(&self) -> u64 {
        self.counts.painted.load(Ordering::Relaxed)
    }

    /// Those whose connection stands.
    pub(crate) fn open_now(&self) -> usize {
        self.counts.open.load(Ordering::Relaxed)
    }

    /// Connects so many more, each past its first frame.
    pub(crate) async fn open(&mut self, address: SocketAddr, count: usize) -> anyhow::Result<()> {
        for _ in 0..count {
            let socket = TcpSocket::new_v4()?;
            socket.bind((own_address(self.opened)?, 0).into())?;
            self.opened += 1;
            let mut stream = socket.connect(address).await?;
            let request = format!(
                "GET /ws/v1/boards/floor HTTP/1.1\r\nhost: {address}\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            );
            stream.write_all(request.as_bytes()).await?;
            let mut byte = [0; 1];
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                anyhow::ensure!(stream.read(&mut byte).await? == 1, "closed in the handshake");
                head.push(byte[0]);
            }
            anyhow::ensure!(head.starts_with(b"HTTP/1.1 101"), "no upgrade");
            let mut text = Vec::new();
            read_frame(&mut stream, &mut text).await.context("no snapshot")?;
            let (counts, acknowledge) = (Arc::clone(&self.counts), self.acknowledge);
            self.tasks.spawn(async move {
                counts.open.fetch_add(1, Ordering::Relaxed);
                // It ends when the server does, or when it is hung up on.
                let _ = live(stream, text, acknowledge, &counts).await;
                counts.open.fetch_sub(1, Ordering::Relaxed);
            });
        }
        Ok(())
    }
}

/// An address of this machine for the screen of this number.
fn own_address(number: usize) -> anyhow::Result<Ipv4Addr> {
    let group = u8::try_from(number / SCREENS_PER_ADDRESS + 1).context("too many screens")?;
    Ok(Ipv4Addr::new(127, 0, 1, group))
}

/// Reads for ever, and says what a screen says.
async fn live(
    mut stream: TcpStream,
    mut text: Vec<u8>,
    acknowledge: bool,
    counts: &Counts,
) -> std::io::Result<()> {
    let mut seen = 0_u64;
    let mut paint_at = Instant::now();
    loop {
        if acknowledge && Instant::now() >= paint_at {
            if let Some(painted) = painted(&text) {
                stream.write_all(&painted).await?;
                counts.painted.fetch_add(1, Ordering::Relaxed);
            }
            paint_at = Instant::now() + PAINT_EVERY;
        }
        read_frame(&mut stream, &mut text).await?;
        counts.frames.fetch_add(1, Ordering::Relaxed);
        seen += 1;
        // A silent screen would be closed; a real one says about once a second what it has painted.
        if !acknowledge && seen.is_multiple_of(FRAMES_PER_SIGN) {
            stream.write_all(&SIGN_OF_LIFE).await?;
        }
    }
}

/// What a screen says of a state that it has painted, masked by zeros.
fn painted(frame: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(frame);
    let after = |key: &str| text.split_once(key).map(|(_, rest)| rest);
    let epoch = after("\"epoch\":\"")?.split('"').next()?;
    let seq: u64 = after("\"seq\":")?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    let said = format!(r#"{{"type":"painted","epoch":"{epoch}","seq":{seq}}}"#);
    // Shorter than 126 bytes: an epoch has at most twelve letters.
    let length = u8::try_from(said.len()).ok().filter(|length| *length < 126)?;
    Some([&[0x81, 0x80 | length, 0, 0, 0, 0], said.as_bytes()].concat())
}

/// Reads one server frame (never masked): its beginning is kept, the rest forgotten.
async fn read_frame(stream: &mut TcpStream, text: &mut Vec<u8>) -> std::io::Result<()> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).await?;
    let length = match head[1] & 0x7f {
        126 => u64::from(stream.read_u16().await?),
        127 => stream.read_u64().await?,
        short => u64::from(short),
    };
    text.clear();
    let kept = length.min(HEAD_BYTES);
    (&mut *stream).take(kept).read_to_end(text).await?;
    tokio::io::copy(&mut stream.take(length - kept), &mut tokio::io::sink()).await?;
    Ok(())
}
