//! Links over `tcp` and `tls`: bytes, cut into frames by what the plugin said of them.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, WriteHalf, split};
use tokio::time::timeout;

use super::framing::{Framer, FramingError};
use super::inbox::Inbox;
use super::task::{Limits, Orders, Out, SEND_TIMEOUT};
use super::{Ended, Framing, Socket};
use crate::channel::egress::{Guard, Held};
use crate::channel::input::FrameContent;
use crate::channel::status::Limit;

/// Read at once.
const READ_BYTES: usize = 16 << 10;

/// Carries both ways until one side ends it. Writing does not wait for reading, nor reading for
/// writing: two sides that both wait for the other would wait for ever.
pub(super) async fn carry(
    socket: &mut Socket,
    framing: &Framing,
    orders: &mut Orders,
    inbox: &Inbox,
    guard: &Guard,
    limits: Limits,
) -> Ended {
    let (reader, writer) = split(socket);
    tokio::select! {
        ended = read(reader, framing, inbox, guard, limits) => ended,
        ended = write(writer, orders, guard) => ended,
    }
}

async fn read(
    mut reader: ReadHalf<&mut Socket>,
    framing: &Framing,
    inbox: &Inbox,
    guard: &Guard,
    limits: Limits,
) -> Ended {
    // Lengths that the stream tells must stay right.
    let keeps_length = matches!(framing, Framing::Prefixed(_));
    let mut framer = Framer::new(framing.clone(), limits.frame_bytes_max);
    let mut held = Held::default();
    let mut part = vec![0; READ_BYTES];
    loop {
        let how = match reader.read(&mut part).await {
            Ok(0) => "the network's side ended it",
            Err(_) => "the connection broke",
            Ok(count) => {
                framer.push(&guard.pass(&mut held, &part[..count], keeps_length));
                loop {
                    match framer.next() {
                        Ok(None) => break,
                        Ok(Some(frame)) => {
                            if inbox.frame(FrameContent::Bytes(frame)).await.is_err() {
                                return Ended::default();
                            }
                        }
                        Err(error) => {
                            let is_limit = matches!(error, FramingError::TooLong(_));
                            let limit = is_limit.then_some(Limit::Frames);
                            return Ended { limit, ..Ended::new(error.to_string()) };
                        }
                    }
                }
                continue;
            }
        };
        let rest = framer.waiting() + held.bytes();
        return Ended::new(match rest {
            0 => how.to_owned(),
            rest => format!("{how} in the middle of a frame: {rest} bytes of it were dropped"),
        });
    }
}

async fn write(mut writer: WriteHalf<&mut Socket>, orders: &mut Orders, guard: &Guard) -> Ended {
    loop {
        let outgoing = match orders.next().await {
            Out::Close(_) => return Ended::by_plugin(None),
            Out::Send(outgoing) => outgoing,
        };
        let bytes = match guard.compose(&outgoing.data) {
            Ok(bytes) => bytes,
            Err(why) => return why.into(),
        };
        let sent = async {
            writer.write_all(&bytes).await?;
            writer.flush().await
        };
        match timeout(SEND_TIMEOUT, sent).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Ended::new("the connection broke"),
            Err(_) => return Ended::took_nothing(),
        }
    }
}

pub(super) async fn farewell(socket: &mut Socket) {
    // One that is broken is closed as it is.
    let _ = socket.shutdown().await;
}
