//! Links that are WebSockets.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::time::{Instant, interval_at, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::inbox::Inbox;
use super::task::{Limits, Orders, Out, SEND_TIMEOUT};
use super::{Ended, FramingError, NotOpened, Outgoing, Socket};
use crate::channel::egress::Guard;
use crate::channel::input::FrameContent;
use crate::channel::status::Limit;

/// How often the other side is asked whether it is there.
const PING_EVERY: Duration = Duration::from_secs(30);
/// A connection on which nothing was heard for so long is dead.
const DEAD_AFTER: Duration = Duration::from_secs(90);
/// How long the network's side may take to agree to a close.
const CLOSE_WAIT: Duration = Duration::from_secs(5);
/// A message is longer than our side takes.
const TOO_BIG: u16 = 1009;
/// A close code that may be sent where the plugin's may not.
const NORMAL: u16 = 1000;

/// Carries both ways until one side ends it.
pub(super) async fn carry(
    socket: &mut WebSocketStream<Socket>,
    orders: &mut Orders,
    inbox: &Inbox,
    guard: &Guard,
    limits: Limits,
) -> Ended {
    let (sink, stream) = socket.split();
    // The plugin's code when it has closed the link; 0 before.
    let closed_with = AtomicU32::new(0);
    let ended = tokio::select! {
        ended = read(stream, inbox, guard, limits) => ended,
        ended = write(sink, orders, guard, &closed_with) => ended,
    };
    match u16::try_from(closed_with.into_inner()) {
        Ok(code) if code != 0 => Ended::by_plugin(Some(code)),
        _ => ended,
    }
}

async fn read(
    mut stream: SplitStream<&mut WebSocketStream<Socket>>,
    inbox: &Inbox,
    guard: &Guard,
    limits: Limits,
) -> Ended {
    loop {
        let message = match timeout(DEAD_AFTER, stream.next()).await {
            Err(_) => {
                let seconds = DEAD_AFTER.as_secs();
                return Ended::new(format!("nothing was heard for {seconds} s, not even a pong"));
            }
            Ok(None | Some(Err(Error::ConnectionClosed | Error::AlreadyClosed))) => {
                return Ended::new("the network's side ended it");
            }
            Ok(Some(Err(Error::Capacity(CapacityError::MessageTooLong { .. })))) => {
                return Ended {
                    code: Some(TOO_BIG),
                    close_with: Some(TOO_BIG),
                    limit: Some(Limit::Frames),
                    ..Ended::new(FramingError::TooLong(limits.frame_bytes_max).to_string())
                };
            }
            Ok(Some(Err(Error::Protocol(_) | Error::Utf8(_)))) => {
                return Ended::new("the connection broke: that is no WebSocket");
            }
            Ok(Some(Err(_))) => return Ended::new("the connection broke"),
            Ok(Some(Ok(message))) => message,
        };
        let content = match message {
            Message::Text(text) => {
                let shown = guard.redacted(text.as_bytes());
                FrameContent::Text(String::from_utf8_lossy(&shown).into_owned())
            }
            Message::Binary(bytes) => {
                let shown = guard.redacted(&bytes).into_owned();
                FrameContent::Bytes(shown.into())
            }
            Message::Close(frame) => return closed(frame, guard),
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
        };
        if inbox.frame(content).await.is_err() {
            return Ended::default();
        }
    }
}

/// The network's side has closed it.
fn closed(frame: Option<CloseFrame>, guard: &Guard) -> Ended {
    let how = "the network's side closed it";
    let Some(frame) = frame else { return Ended::new(how) };
    let said = String::from_utf8_lossy(&guard.redacted(frame.reason.as_bytes())).into_owned();
    let said = Some(said).filter(|said| !said.is_empty());
    Ended { code: Some(frame.code.into()), said, ..Ended::new(how) }
}

async fn write(
    mut sink: SplitSink<&mut WebSocketStream<Socket>, Message>,
    orders: &mut Orders,
    guard: &Guard,
    closed_with: &AtomicU32,
) -> Ended {
    let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    loop {
        let out = tokio::select! {
            out = orders.next() => out,
            _ = ping.tick() => {
                if let Err(ended) = send(&mut sink, Message::Ping(Bytes::new())).await {
                    return ended;
                }
                continue;
            }
        };
        match out {
            Out::Send(outgoing) => {
                let message = match message(&outgoing, guard) {
                    Ok(message) => message,
                    Err(why) => return why.into(),
                };
                if let Err(ended) = send(&mut sink, message).await {
                    return ended;
                }
            }
            Out::Close(code) => {
                closed_with.store(u32::from(code), Ordering::Relaxed);
                if let Err(ended) = send(&mut sink, Message::Close(Some(frame(code)))).await {
                    return ended;
                }
                // The other side agrees, and that ends the reading.
                sleep(CLOSE_WAIT).await;
                return Ended::by_plugin(Some(code));
            }
        }
    }
}

fn message(outgoing: &Outgoing, guard: &Guard) -> Result<Message, NotOpened> {
    let bytes = guard.compose(&outgoing.data)?;
    if !outgoing.is_text {
        return Ok(Message::binary(bytes.to_vec()));
    }
    let text = std::str::from_utf8(&bytes);
    let text = text.map_err(|_| NotOpened::new("a text to be sent is not UTF-8".to_owned()))?;
    Ok(Message::text(text))
}

async fn send(
    sink: &mut SplitSink<&mut WebSocketStream<Socket>, Message>,
    message: Message,
) -> Result<(), Ended> {
    match timeout(SEND_TIMEOUT, sink.send(message)).await {
        Ok(Ok(())) => Ok(()),
        // The network's close is being read: it says more.
        Ok(Err(Error::ConnectionClosed | Error::Protocol(_))) => {
            sleep(CLOSE_WAIT).await;
            Err(Ended::new("the network's side ended it"))
        }
        Ok(Err(_)) => Err(Ended::new("the connection broke")),
        Err(_) => Err(Ended::took_nothing()),
    }
}

fn frame(code: u16) -> CloseFrame {
    let code = CloseCode::from(code);
    let code = if code.is_allowed() { code } else { CloseCode::from(NORMAL) };
    CloseFrame { code, reason: "".into() }
}

/// Says that our side closes, where it has not; and lets the answer to the other's close out.
pub(super) async fn farewell(socket: &mut WebSocketStream<Socket>, code: Option<u16>) {
    // One that is broken is closed as it is.
    let _ = socket.close(code.map(frame)).await;
    while let Some(Ok(_)) = socket.next().await {}
}
