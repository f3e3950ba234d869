//! One channel's actor: the only one that touches the plugin's instance.
//!
//! It takes what waits in its mailbox, hands it to the plugin in one call, and passes the events
//! to the journal without waiting for the disk; the journal completes the answers. What is kept
//! in order is what has an order: an append that moves a cursor (the source's position, the
//! plugin's snapshot) or carries commands goes to the journal only when the one before it is on
//! disk, and its commands are carried out only then: a `fetch` may tell a network to forget what
//! we have not stored.
//!
//! It works on the thread of webhooks while its plugin is quick, and on the main runtime while it is
//! not: see `place`.
//!
//! A call that traps or overruns costs the instance. The inputs of that call are tried again one
//! by one on a new one, so that only the guilty one goes to quarantine. See `breaker` for when
//! a plugin is left to rest; its feed is then journaled as down.

mod breaker;
mod commands;
mod failed;
mod known;
mod links;
mod mailbox;
mod outlet;
mod pace;
mod parts;
mod place;
mod requests;
mod runner;
mod sorting;
mod swap;
mod timers;
mod trouble;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout};

pub use self::breaker::{
    BACK_OFF_MAX, BACK_OFF_MIN, FAILURE_SPAN, FAILURES_MAX, REST_MAX, REST_MIN,
};
use self::commands::PluginLines;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use self::known::{Whose, known};
use self::links::Links;
use self::mailbox::ResumePoint;
pub use self::mailbox::{Mailbox, Position, Resume};
use self::outlet::{Outcome, Outlet};
use self::pace::Pace;
pub use self::parts::{Parts, Settings};
use self::place::{Leaves, OVERRUN, Place, SetAside};
use self::requests::Requests;
pub use self::runner::BATCH_MAX;
use self::runner::{Decoded, Runner};
use self::swap::Order;
pub(super) use self::swap::{Orders, Successor};
pub use self::timers::TIMER_MIN;
use self::timers::Timers;
use super::enrich::Enricher;
use super::host::CallError;
use super::input::{Delivery, Input, LinkDown, Response};
use super::link::Told;
use super::reply::Refusal;
use super::status::{BreakerState, Limit, Meter};
use super::{BoxFuture, Fetcher, Normalize, RejectedSink};
use crate::clock;
use crate::telemetry::Seldom;

/// Inputs wait no longer than that for a commit that is under way.
const COMMIT_WAIT_MAX: Duration = Duration::from_millis(5);

/// Where a channel stood when its actor ended.
#[derive(Clone, Debug, Default)]
pub(super) struct Ended {
    /// The plugin's snapshot that is on disk.
    pub(super) snapshot: Vec<u8>,
    /// The source's position that is on disk.
    pub(super) position: Option<Vec<u8>>,
}

/// Starts an actor. It ends after `stop`, or when every mailbox is dropped.
pub(super) fn spawn(
    settings: Settings,
    parts: Parts,
    meter: Arc<Meter>,
) -> (Mailbox, Orders, JoinHandle<Ended>) {
    let (sender, receiver) = mpsc::channel(settings.mailbox_max.max(1));
    let resume = Arc::new(ResumePoint::new(parts.position));
    let mailbox = Mailbox {
        channel: settings.channel.as_str().into(),
        sender,
        meter: Arc::clone(&meter),
        resume: Arc::clone(&resume),
    };
    let snapshot = parts.snapshot.unwrap_or_default();
    let (orders, given) = Orders::pair();
    let links = Links::new(&parts.fetcher);
    let actor = Actor {
        place: Place::new(parts.webhook_thread),
        set_aside: SetAside::default(),
        runner: Runner::new(parts.package, snapshot.clone(), &settings.channel, Arc::clone(&meter)),
        outlet: Outlet::new(parts.sink, snapshot),
        pace: Pace::new(&settings.limits, Instant::now()),
        mailbox: receiver,
        orders: given,
        resume,
        enricher: parts.enricher,
        normalize: parts.normalize,
        quarantine: parts.quarantine,
        fetcher: parts.fetcher,
        links,
        not_tried: VecDeque::new(),
        timers: Timers::default(),
        fetches: FuturesUnordered::new(),
        asked: Vec::new(),
        refused: VecDeque::new(),
        requests: Requests::default(),
        stop: parts.stop,
        stopping: false,
        woke_itself: false,
        settings,
        meter,
        lines: Lines::default(),
        plugin_lines: PluginLines::new(Instant::now()),
    };
    (mailbox, orders, tokio::spawn(Box::new(actor).live()))
}

struct Actor {
    settings: Settings,
    place: Place,
    set_aside: SetAside,
    runner: Runner,
    outlet: Outlet,
    pace: Pace,
    mailbox: mpsc::Receiver<Delivery>,
    orders: mpsc::Receiver<Order>,
    resume: Arc<ResumePoint>,
    enricher: Arc<Enricher>,
    normalize: Arc<dyn Normalize>,
    quarantine: Arc<dyn RejectedSink>,
    fetcher: Arc<dyn Fetcher>,
    links: Links,
    /// What the plugin is to hear of links that were not even tried.
    not_tried: VecDeque<LinkDown>,
    timers: Timers,
    fetches: FuturesUnordered<BoxFuture<Response>>,
    /// Tags of the fetches under way.
    asked: Vec<String>,
    /// Answers to fetches beyond the limit: a plugin that waits for one must get it.
    refused: VecDeque<Response>,
    requests: Requests,
    stop: watch::Receiver<bool>,
    stopping: bool,
    /// The last turn was for a timer or an answer: the next one is the mailbox's.
    woke_itself: bool,
    meter: Arc<Meter>,
    lines: Lines,
    plugin_lines: PluginLines,
}

/// Lines that a network can cause as often as it sends something.
#[derive(Default)]
struct Lines {
    set_aside: Seldom,
    not_set_aside: Seldom,
    lost: Seldom,
    not_journaled: Seldom,
    replies: Seldom,
    links: Seldom,
    limits: [Seldom; Limit::ALL.len()],
}

/// Why the actor wakes.
enum Wake {
    /// So many inputs; none when all doors are closed.
    Mailbox(usize),
    Response(Response),
    Told(Vec<Told>),
    NotTried(LinkDown),
    TimerDue,
    /// The plugin has waited for its turn.
    Turn,
    /// The append that holds up others has an outcome.
    Settled,
    /// The plugin has rested.
    Rested,
    Order(Order),
    Stop,
}

impl Actor {
    /// Works where it is, until it ends or has to go on elsewhere.
    async fn work(mut self: Box<Self>) -> (Box<Self>, Leaves) {
        let mut inbox = Vec::with_capacity(BATCH_MAX);
        loop {
            if !self.place.is_among_webhooks() {
                self.do_set_aside().await;
                // A plugin that polls must come back by itself: nobody sends it anything.
                self.ensure_up().await;
            }
            if self.is_misplaced() {
                return (self, Leaves::ForTheOtherPlace);
            }
            match self.next(&mut inbox).await {
                Wake::Mailbox(0) => break,
                Wake::Mailbox(_) => {
                    self.wait_for_others(&mut inbox).await;
                    self.take(&mut inbox).await;
                }
                Wake::Response(response) => self.take_own(Input::Response(response)).await,
                Wake::Told(told) => self.take_told(told).await,
                Wake::NotTried(down) => self.take_own(Input::Disconnected(down)).await,
                Wake::TimerDue => {
                    if let Some(tag) = self.timers.take_due(Instant::now()) {
                        self.take_own(Input::Timer(tag)).await;
                    }
                }
                Wake::Turn => {}
                // A failure has rolled the plugin back; there is no more to do about it here.
                Wake::Settled => drop(self.settle().await),
                Wake::Rested => {
                    self.runner.breaker.probe();
                    self.meter.set_breaker(BreakerState::HalfOpen);
                }
                // Starting a plugin takes long.
                Wake::Order(order) if self.place.is_among_webhooks() => {
                    self.set_aside.order = Some(order);
                }
                Wake::Order(order) => self.obey(order).await,
                Wake::Stop => {
                    self.stopping = true;
                    self.mailbox.close();
                    self.links.end_all();
                    self.fetches.clear();
                }
            }
        }
        drop(self.settle().await);
        self.links.end_all();
        self.links.farewell().await;
        (self, Leaves::ForGood)
    }

    /// Waits while the journal commits, then lets the tasks run that are ready to deliver: what is
    /// taken before would wait for the next commit anyway, and what a call and an append cost is
    /// shared by all that come along.
    async fn wait_for_others(&mut self, inbox: &mut Vec<Delivery>) {
        let batch_max = self.batch_max();
        if inbox.len() < batch_max
            && !self.stopping
            && let Some(done) = self.outlet.commit_under_way()
        {
            // A slow disk must not fill the mailbox: then the plugin works while it writes.
            let _ = timeout(COMMIT_WAIT_MAX, done).await;
        }
        tokio::task::yield_now().await;
        while inbox.len() < batch_max
            && let Ok(delivery) = self.mailbox.try_recv()
        {
            inbox.push(delivery);
        }
    }

    async fn next(&mut self, inbox: &mut Vec<Delivery>) -> Wake {
        let now = Instant::now();
        let up = self.runner.is_up();
        let rests_until = self.runner.breaker.rests_until();
        // A server that stops finishes what waits in the mailbox, at once, and wakes nobody: a
        // plugin that always asks for more would never come to an end.
        let input_at = self.pace.input_at(now).filter(|_| !self.stopping);
        let turn_at = self.pace.wake_at(now).filter(|_| !self.stopping);
        // A plugin that wakes itself without end must not keep what waits in the mailbox out.
        if input_at.is_none()
            && std::mem::take(&mut self.woke_itself)
            && let Ok(delivery) = self.mailbox.try_recv()
        {
            inbox.push(delivery);
            return Wake::Mailbox(1);
        }
        let answers = up && turn_at.is_none() && !self.stopping;
        let timer = self.timers.next().filter(|_| answers);
        let batch_max = self.batch_max();
        let mut told = Vec::new();
        self.meter.set_fetches(self.fetches.len() + self.refused.len());
        tokio::select! {
            biased;
            () = stopped(&mut self.stop), if !self.stopping => Wake::Stop,
            Some(order) = self.orders.recv(), if !self.stopping => Wake::Order(order),
            () = self.outlet.settled(), if self.outlet.is_waiting() => Wake::Settled,
            () = until(rests_until), if rests_until.is_some() => Wake::Rested,
            () = until(turn_at), if turn_at.is_some() => Wake::Turn,
            () = until(timer), if timer.is_some() => Wake::TimerDue,
            Some(response) = self.fetches.next(), if answers => {
                self.answered(&response.tag);
                self.request_ended(&response);
                Wake::Response(response)
            }
            Some(response) = async { self.refused.pop_front() }, if answers => {
                Wake::Response(response)
            }
            Some(down) = async { self.not_tried.pop_front() }, if answers => Wake::NotTried(down),
            _ = self.links.next(&mut told, batch_max), if answers && input_at.is_none() => {
                Wake::Told(told)
            }
            count = self.mailbox.recv_many(inbox, batch_max), if input_at.is_none() => {
                Wake::Mailbox(count)
            }
        }
    }

    /// Starts the plugin if it is down and may be started, after its back-off.
    async fn ensure_up(&mut self) {
        while !self.runner.is_up() && !self.runner.breaker.is_open() {
            if self.runner.restart_at > Instant::now() {
                if self.stopping {
                    return;
                }
                tokio::select! {
                    () = sleep_until(self.runner.restart_at) => {}
                    Some(order) = self.orders.recv() => {
                        self.obey(order).await;
                        continue;
                    }
                    () = stopped(&mut self.stop) => {}
                }
            }
            let now_ms = clock::now_ms();
            match self.runner.start(&self.settings, now_ms) {
                Ok(output) => {
                    let mut batch = Outcome { unheard: true, ..Outcome::default() };
                    self.add_events(output.events, now_ms, &mut batch);
                    self.add_commands(output.commands, &mut batch);
                    self.submit(batch).await;
                }
                Err(error) => {
                    self.lose(&error);
                    if error.is_machines() {
                        self.runner.restart_at = Instant::now() + BACK_OFF_MIN;
                    } else {
                        self.mark();
                    }
                }
            }
        }
    }

    /// One call of the plugin, and what it took of a processor goes to its account.
    fn step(&mut self, inputs: &[&Input]) -> Result<Vec<Decoded>, CallError> {
        let call_timeout = match self.place.is_among_webhooks() {
            true => self.settings.call.call_timeout.min(OVERRUN),
            false => self.settings.call.call_timeout,
        };
        let (decoded, worked) = self.runner.step(clock::now_ms(), inputs, call_timeout);
        if self.pace.worked(worked, Instant::now()) {
            self.limit(Limit::Processor, 1);
        }
        decoded
    }

    /// Forgets what the last instance asked for: the next one's `init` asks anew.
    fn disarm(&mut self) {
        self.outlet.new_generation();
        self.timers.clear();
        self.fetches.clear();
        self.asked.clear();
        self.refused.clear();
        self.not_tried.clear();
        self.end_links();
    }

    fn refusal(&self) -> Refusal {
        let channel = self.settings.channel.clone();
        if self.runner.breaker.is_open() {
            Refusal::PluginUnavailable(channel)
        } else if self.stopping {
            Refusal::Stopping
        } else {
            Refusal::Busy(channel)
        }
    }
}

/// A branch of `select!` that is never taken without a time.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Until the actor is to stop, or nobody is there who could say so.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stop| *stop).await);
}
