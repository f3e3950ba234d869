//! One connected screen: one task, one watch receiver, no timer of its own.
//!
//! The hub publishes something at least once a second, so every wait of a session ends by then;
//! that beat also carries the liveness checks. While a send waits for a slow screen, newer
//! frames replace older ones in the watch channel: memory does not grow, and what goes out next
//! is the newest state.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::ws::Utf8Bytes;
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::Seat;
use super::allowance::Allowance;
use super::message::{Resume, Said};
use super::socket::Socket;
use crate::board::frame::Frame;

/// Messages of a screen between two frames; a well-behaved one sends one per frame.
const MESSAGES_PER_FRAME_MAX: u32 = 32;
/// How often a screen may say [`super::BYTES_PER_SECOND_MAX`] anew.
const SECOND: Duration = Duration::from_secs(1);

/// Why a session ended.
enum End {
    /// The screen went.
    Gone,
    /// The server stops, or the board was removed.
    NoMoreFrames,
    /// It takes no more bytes.
    Slow,
    /// Nothing was heard of it.
    Silent,
    /// It says too much.
    Noisy,
    /// The screen's pairing was revoked.
    Revoked,
    /// The screen's pairing was changed: it comes again as what it is now.
    Changed,
}

/// Serves a screen, after its handshake, until one of the two sides leaves.
pub async fn run<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    seat: Seat,
    allowance: Arc<Allowance>,
    resume: Option<Resume>,
) {
    let now = Instant::now();
    allowance.renew();
    let mut session = Session {
        socket: Socket::new(stream).await,
        seat,
        allowance,
        seq: None,
        heard: now,
        asked: now,
        renewed: now,
        messages: 0,
    };
    let end = session.serve(resume).await;
    session.close(end).await;
}

struct Session<S> {
    socket: Socket<S>,
    seat: Seat,
    /// What its connection may still say.
    allowance: Arc<Allowance>,
    /// The state that the screen has, once it has one.
    seq: Option<u64>,
    /// When it was last heard of.
    heard: Instant,
    /// When it was last asked for a sign of life.
    asked: Instant,
    /// When its allowance was given.
    renewed: Instant,
    /// Its messages since the last frame.
    messages: u32,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Session<S> {
    async fn serve(&mut self, resume: Option<Resume>) -> End {
        let newest = Arc::clone(&self.seat.frames.borrow_and_update());
        if let ControlFlow::Break(end) = self.greet(&newest, resume).await {
            return end;
        }
        loop {
            let next = tokio::select! {
                changed = self.seat.frames.changed() => match changed {
                    Ok(()) => {
                        let newest = Arc::clone(&self.seat.frames.borrow_and_update());
                        self.show(&newest).await
                    }
                    Err(_) => ControlFlow::Break(End::NoMoreFrames),
                },
                message = self.socket.hear() => self.hear(message),
                end = until_other(&mut self.seat.is_revoked) => ControlFlow::Break(end),
            };
            if let ControlFlow::Break(end) = next {
                return end;
            }
        }
    }

    /// The first message: "go on" to a screen that has the newest state or the one before it,
    /// a snapshot to all others.
    async fn greet(&mut self, newest: &Frame, resume: Option<Resume>) -> ControlFlow<End> {
        let known = resume
            .filter(|resume| *resume.epoch == *newest.epoch)
            .map(|resume| resume.seq)
            .filter(|seq| *seq == newest.seq || Some(*seq) == newest.prev);
        let Some(seq) = known else { return self.show(newest).await };
        self.seq = Some(seq);
        self.seat.status.sent(seq, self.now_ms());
        self.text(&newest.resumed(seq)).await?;
        if seq == newest.seq { ControlFlow::Continue(()) } else { self.show(newest).await }
    }

    /// Sends what brings the screen to this frame's state.
    async fn show(&mut self, frame: &Frame) -> ControlFlow<End> {
        self.messages = 0;
        if self.renewed.elapsed() >= SECOND {
            self.renewed = Instant::now();
            self.allowance.renew();
        }
        self.check_life().await?;
        let counters = &self.seat.screens.counters;
        let text: &Utf8Bytes = match self.seq {
            Some(seq) if seq == frame.seq => match &frame.heartbeat {
                Some(heartbeat) => heartbeat,
                None => return ControlFlow::Continue(()),
            },
            Some(seq) if Some(seq) == frame.prev => {
                count(&counters.deltas);
                &frame.delta
            }
            seq => {
                count(&counters.snapshots);
                if seq.is_some() && frame.prev.is_some() {
                    count(&counters.conflated);
                }
                frame.snapshot()
            }
        };
        self.seq = Some(frame.seq);
        self.seat.status.sent(frame.seq, self.now_ms());
        self.text(text).await
    }

    /// Takes what the screen said, or that it went.
    fn hear(&mut self, message: Option<Result<Message, Error>>) -> ControlFlow<End> {
        let message = match message {
            Some(Ok(message)) => message,
            Some(Err(_)) if self.allowance.is_exceeded() => {
                return ControlFlow::Break(End::Noisy);
            }
            Some(Err(_)) | None => return ControlFlow::Break(End::Gone),
        };
        self.heard = Instant::now();
        self.seat.status.heard(self.now_ms());
        self.messages += 1;
        if self.messages > MESSAGES_PER_FRAME_MAX {
            return ControlFlow::Break(End::Noisy);
        }
        match message {
            Message::Text(text) => match Said::parse(&text) {
                Some(Said::Painted { epoch, seq }) => {
                    if *epoch == *self.seat.frames.borrow().epoch {
                        self.seat.status.painted(seq, self.now_ms());
                    }
                }
                None => count(&self.seat.screens.counters.strange),
            },
            Message::Binary(_) => count(&self.seat.screens.counters.strange),
            // Pings are answered by the library.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            Message::Close(_) => return ControlFlow::Break(End::Gone),
        }
        ControlFlow::Continue(())
    }

    /// A television that lost its power says no goodbye: ask, and close when nothing comes.
    async fn check_life(&mut self) -> ControlFlow<End> {
        let silence_max = self.seat.screens.limits.silence_max;
        if self.heard.elapsed() > silence_max {
            return ControlFlow::Break(End::Silent);
        }
        let ask_after = silence_max / 2;
        if self.heard.elapsed() > ask_after && self.asked.elapsed() > ask_after {
            self.asked = Instant::now();
            return self.send(Message::Ping(Bytes::new())).await;
        }
        ControlFlow::Continue(())
    }

    async fn text(&mut self, text: &str) -> ControlFlow<End> {
        let limit = self.seat.screens.limits.send_timeout;
        sent(timeout(limit, self.socket.text(text)).await)
    }

    async fn send(&mut self, message: Message) -> ControlFlow<End> {
        let limit = self.seat.screens.limits.send_timeout;
        sent(timeout(limit, self.socket.send(message)).await)
    }

    async fn close(mut self, end: End) {
        self.seat.is_other = matches!(end, End::Revoked | End::Changed);
        let counters = &self.seat.screens.counters;
        let (code, reason) = match end {
            // There is nobody to tell, or nobody who reads.
            End::Gone => return,
            End::Slow => {
                count(&counters.closed_slow);
                return;
            }
            End::NoMoreFrames => (CloseCode::Away, "no more frames"),
            End::Silent => {
                count(&counters.closed_silent);
                (CloseCode::Policy, "no sign of life")
            }
            End::Revoked => {
                count(&counters.closed_revoked);
                (CloseCode::Policy, "the pairing was revoked")
            }
            End::Changed => (CloseCode::Away, "the pairing was changed"),
            End::Noisy => {
                count(&counters.closed_noisy);
                (CloseCode::Policy, "too many messages")
            }
        };
        let frame = CloseFrame { code, reason: reason.into() };
        // Whether it arrives is not ours to know: the socket is dropped either way.
        let _ = self.send(Message::Close(Some(frame))).await;
    }

    fn now_ms(&self) -> i64 {
        (self.seat.screens.clock)()
    }
}

/// Until the pairing of a screen that has one is another.
async fn until_other(is_revoked: &mut Option<watch::Receiver<bool>>) -> End {
    let Some(is_revoked) = is_revoked else { return std::future::pending().await };
    // It may have been revoked before anybody listened; and who is gone revokes nothing any more.
    let is_over = *is_revoked.borrow();
    if !is_over && is_revoked.changed().await.is_err() {
        return std::future::pending().await;
    }
    if *is_revoked.borrow() { End::Revoked } else { End::Changed }
}

/// What a send has come to.
fn sent(sent: Result<Result<(), Error>, tokio::time::error::Elapsed>) -> ControlFlow<End> {
    match sent {
        Ok(Ok(())) => ControlFlow::Continue(()),
        Ok(Err(_)) => ControlFlow::Break(End::Gone),
        Err(_) => ControlFlow::Break(End::Slow),
    }
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
