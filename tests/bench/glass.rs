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

use crate::lags::{Lags, ScreenLags};

/// Screens of one address; the server takes no more than `screens_per_address_max`.
const SCREENS_PER_ADDRESS: usize = 100;
/// An empty pong, masked as a client's frames are.
const SIGN_OF_LIFE: [u8; 6] = [0x8a, 0x80, 0, 0, 0, 0];
const FRAMES_PER_SIGN: u64 = 4;
/// A page paints a tile at most so often, and says so.
const PAINT_EVERY: Duration = Duration::from_secs(1);
/// What a screen needs of a frame stands at its beginning.
const HEAD_BYTES: usize = 200;

/// Whose screens they are: what is said in the handshake, and afterwards.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Tablica's: each gives a sign of life now and then.
    Tablica,
    /// Tablica's, which say as pages do which state they have painted.
    Pages,
    /// Those of a server that sends each event by the package `ws`.
    Ws,
    /// Those of a server that emits each event by Socket.IO.
    SocketIo,
}

/// Open screens, each drained by a task that counts frames.
pub(crate) struct Screens {
    tasks: JoinSet<()>,
    counts: Arc<Counts>,
    of: Of,
    boards: Vec<String>,
    lags: Option<Arc<Lags>>,
    opened: usize,
}

impl Default for Screens {
    fn default() -> Self {
        Self::of(Of::Tablica)
    }
}

#[derive(Default)]
struct Counts {
    frames: AtomicU64,
    painted: AtomicU64,
    open: AtomicUsize,
}

impl Screens {
    /// None open yet.
    pub(crate) fn of(of: Of) -> Self {
        Self {
            tasks: JoinSet::new(),
            counts: Arc::default(),
            of,
            boards: vec![String::from("floor")],
            lags: None,
            opened: 0,
        }
    }

    /// The boards that they show in turn.
    pub(crate) fn on(self, boards: Vec<String>) -> Self {
        Self { boards, ..self }
    }

    /// They note how long what was accepted took to them.
    pub(crate) fn noting(self, lags: &Arc<Lags>) -> Self {
        Self { lags: Some(Arc::clone(lags)), ..self }
    }

    /// All hang up at once.
    pub(crate) async fn hang_up(&mut self) {
        self.tasks.shutdown().await;
        self.counts.open.store(0, Ordering::Relaxed);
        self.opened = 0;
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

    /// Connects so many more one by one, each past its first frame.
    pub(crate) async fn open(&mut self, address: SocketAddr, count: usize) -> anyhow::Result<()> {
        for _ in 0..count {
            let number = self.take_number();
            let (stream, text) = connect(address, number, &self.path(number), self.of).await?;
            self.keep(stream, text);
        }
        Ok(())
    }

    /// Connects so many at the same moment; done when each is past its first frame.
    pub(crate) async fn storm(&mut self, address: SocketAddr, count: usize) -> anyhow::Result<()> {
        let mut connecting = JoinSet::new();
        for _ in 0..count {
            let number = self.take_number();
            let (path, of) = (self.path(number), self.of);
            connecting.spawn(async move { connect(address, number, &path, of).await });
        }
        while let Some(connected) = connecting.join_next().await {
            let (stream, text) = connected??;
            self.keep(stream, text);
        }
        Ok(())
    }

    fn take_number(&mut self) -> usize {
        self.opened += 1;
        self.opened - 1
    }

    fn path(&self, number: usize) -> String {
        match self.of {
            Of::Tablica | Of::Pages => {
                format!("/ws/v1/boards/{}", self.boards[number % self.boards.len()])
            }
            Of::Ws => String::from("/"),
            Of::SocketIo => String::from("/socket.io/?EIO=4&transport=websocket"),
        }
    }

    fn keep(&mut self, stream: TcpStream, text: Vec<u8>) {
        let counts = Arc::clone(&self.counts);
        let lags = self.lags.as_ref().map(Lags::of_a_screen);
        let of = self.of;
        counts.open.fetch_add(1, Ordering::Relaxed);
        self.tasks.spawn(async move {
            // It ends when the server does, or when it is hung up on.
            let _ = live(stream, text, of, &counts, lags).await;
            counts.open.fetch_sub(1, Ordering::Relaxed);
        });
    }
}

/// A screen past its handshake, and its first frame.
pub(crate) async fn connect(
    address: SocketAddr,
    number: usize,
    path: &str,
    of: Of,
) -> anyhow::Result<(TcpStream, Vec<u8>)> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((own_address(number)?, 0).into())?;
    let mut stream = socket.connect(address).await?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
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
    if of == Of::SocketIo {
        // The transport is open; the namespace is joined by a packet of its own.
        stream.write_all(&masked(b"40")).await?;
        read_frame(&mut stream, &mut text).await.context("no answer to joining")?;
    }
    Ok((stream, text))
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
    of: Of,
    counts: &Counts,
    mut lags: Option<ScreenLags>,
) -> std::io::Result<()> {
    let mut seen = 0_u64;
    let mut paint_at = Instant::now();
    loop {
        if let Some(lags) = &mut lags {
            lags.shown(&text);
        }
        if of == Of::Pages && Instant::now() >= paint_at {
            if let Some(painted) = painted(&text) {
                stream.write_all(&painted).await?;
                counts.painted.fetch_add(1, Ordering::Relaxed);
            }
            paint_at = Instant::now() + PAINT_EVERY;
        }
        read_frame(&mut stream, &mut text).await?;
        counts.frames.fetch_add(1, Ordering::Relaxed);
        seen += 1;
        match of {
            // A silent screen would be closed; a real one says about once a second what it has painted.
            Of::Tablica if seen.is_multiple_of(FRAMES_PER_SIGN) => {
                stream.write_all(&SIGN_OF_LIFE).await?;
            }
            Of::SocketIo if text == b"2" => stream.write_all(&masked(b"3")).await?,
            _ => {}
        }
    }
}

/// What a screen says of a state that it has painted.
fn painted(frame: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(&frame[..frame.len().min(HEAD_BYTES)]);
    let after = |key: &str| text.split_once(key).map(|(_, rest)| rest);
    let epoch = after("\"epoch\":\"")?.split('"').next()?;
    let seq: u64 = after("\"seq\":")?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    // Shorter than 126 bytes: an epoch has at most twelve letters.
    let said = format!(r#"{{"type":"painted","epoch":"{epoch}","seq":{seq}}}"#);
    (said.len() < 126).then(|| masked(said.as_bytes()))
}

/// A client's text of less than 126 bytes, masked by zeros.
fn masked(text: &[u8]) -> Vec<u8> {
    let length = u8::try_from(text.len()).unwrap_or(u8::MAX);
    [&[0x81, 0x80 | length, 0, 0, 0, 0], text].concat()
}

/// Reads one server frame (never masked).
async fn read_frame(stream: &mut TcpStream, text: &mut Vec<u8>) -> std::io::Result<()> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).await?;
    let length = match head[1] & 0x7f {
        126 => u64::from(stream.read_u16().await?),
        127 => stream.read_u64().await?,
        short => u64::from(short),
    };
    text.clear();
    stream.take(length).read_to_end(text).await?;
    Ok(())
}
