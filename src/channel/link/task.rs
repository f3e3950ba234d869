//! A link's task: waits for its turn, opens, carries, ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::runtime::Handle as Runtime;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::inbox::{Inbox, Told, What};
use super::{Connect, Ended, Linker, Opened, Outgoing, Transport, stream, websocket};
use crate::channel::egress::Guard;

/// Longest wait for a link to be open, all its handshakes included.
const OPEN_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest wait for the network's side to take what is sent.
pub(super) const SEND_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a farewell may take.
pub(super) const FAREWELL: Duration = Duration::from_secs(1);
/// Our side goes away.
const GOING_AWAY: u16 = 1001;

/// What a link may take.
#[derive(Clone, Copy, Debug)]
pub(in crate::channel) struct Limits {
    pub(in crate::channel) frame_bytes_max: usize,
    pub(in crate::channel) queue_bytes_max: usize,
}

/// What a task is to do, one after the other.
pub(super) enum Out {
    Send(Outgoing),
    Close(u16),
}

/// The actor's end of a link. Dropped, the link ends without a word to the plugin.
pub(in crate::channel) struct Handle {
    out: mpsc::UnboundedSender<Out>,
    queued: Arc<AtomicUsize>,
    queue_bytes_max: usize,
    _end: oneshot::Sender<()>,
}

impl Handle {
    /// Queues something to be sent; false when there is no room for it.
    pub(in crate::channel) fn send(&self, outgoing: Outgoing) -> bool {
        let bytes = outgoing.bytes();
        if self.queued.load(Ordering::Relaxed) + bytes > self.queue_bytes_max {
            return false;
        }
        self.queued.fetch_add(bytes, Ordering::Relaxed);
        self.out.send(Out::Send(outgoing)).is_ok()
    }

    /// Closes it, after what was sent.
    pub(in crate::channel) fn close(&self, code: u16) {
        // One that has ended says so itself.
        let _ = self.out.send(Out::Close(code));
    }
}

/// What a task is told to do.
pub(super) struct Orders {
    out: mpsc::UnboundedReceiver<Out>,
    queued: Arc<AtomicUsize>,
}

impl Orders {
    /// The next one; waits for ever when there will be none.
    pub(super) async fn next(&mut self) -> Out {
        match self.out.recv().await {
            Some(out) => {
                if let Out::Send(outgoing) = &out {
                    self.queued.fetch_sub(outgoing.bytes(), Ordering::Relaxed);
                }
                out
            }
            None => std::future::pending().await,
        }
    }
}

/// Starts a link that is opened after `wait`.
pub(in crate::channel) fn start(
    (tasks, runtime): (&mut JoinSet<()>, &Runtime),
    (id, sender): (u64, mpsc::Sender<Told>),
    linker: Arc<dyn Linker>,
    connect: Connect,
    wait: Duration,
    limits: Limits,
) -> Handle {
    let (out, orders) = mpsc::unbounded_channel();
    let (end, ended) = oneshot::channel();
    let queued = Arc::new(AtomicUsize::new(0));
    let orders = Orders { out: orders, queued: Arc::clone(&queued) };
    let inbox = Inbox::new(id, sender, limits.frame_bytes_max);
    tasks.spawn_on(run(linker, connect, wait, limits, inbox, orders, ended), runtime);
    Handle { out, queued, queue_bytes_max: limits.queue_bytes_max, _end: end }
}

async fn run(
    linker: Arc<dyn Linker>,
    connect: Connect,
    wait: Duration,
    limits: Limits,
    inbox: Inbox,
    mut orders: Orders,
    mut end: oneshot::Receiver<()>,
) {
    let opening = async {
        sleep(wait).await;
        // Nobody is left to hear of it: then the task is ended as well.
        let _ = inbox.tell(What::Connecting).await;
        timeout(OPEN_TIMEOUT, linker.open(connect, limits.frame_bytes_max)).await
    };
    let opened = tokio::select! {
        biased;
        _ = &mut end => return,
        opened = opening => opened,
    };
    let seconds = OPEN_TIMEOUT.as_secs();
    let opened = match opened {
        Ok(Ok(opened)) => opened,
        Ok(Err(why)) => return down(&inbox, &mut end, why.into(), None).await,
        Err(_) => {
            let why = Ended::new(format!("it was not open within {seconds} s"));
            return down(&inbox, &mut end, why, None).await;
        }
    };
    let Opened { protocol, headers, mut transport, guard } = opened;
    let up = Instant::now();
    let carried = async {
        let _ = inbox.tell(What::Up { protocol, headers }).await;
        carry(&mut transport, &mut orders, &inbox, &guard, limits).await
    };
    let ended = tokio::select! {
        biased;
        _ = &mut end => None,
        ended = carried => Some(ended),
    };
    let lived = up.elapsed();
    let code = ended.as_ref().map_or(Some(GOING_AWAY), |ended| ended.close_with);
    farewell(&mut transport, code).await;
    if let Some(ended) = ended {
        down(&inbox, &mut end, ended, Some(lived)).await;
    }
}

async fn carry(
    transport: &mut Transport,
    orders: &mut Orders,
    inbox: &Inbox,
    guard: &Guard,
    limits: Limits,
) -> Ended {
    match transport {
        Transport::WebSocket(socket) => {
            websocket::carry(socket, orders, inbox, guard, limits).await
        }
        Transport::Stream(socket, framing) => {
            stream::carry(socket, framing, orders, inbox, guard, limits).await
        }
    }
}

async fn farewell(transport: &mut Transport, code: Option<u16>) {
    let said = async {
        match transport {
            Transport::WebSocket(socket) => websocket::farewell(socket, code).await,
            Transport::Stream(socket, _) => stream::farewell(socket).await,
        }
    };
    // Who does not listen to it has gone.
    let _ = timeout(FAREWELL, said).await;
}

async fn down(
    inbox: &Inbox,
    end: &mut oneshot::Receiver<()>,
    ended: Ended,
    lived: Option<Duration>,
) {
    tokio::select! {
        biased;
        _ = end => {}
        _ = inbox.tell(What::Down { ended, lived }) => {}
    }
}
