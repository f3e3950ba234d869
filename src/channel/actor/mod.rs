//! One channel's actor: the only one that touches the plugin's instance.
//!
//! It takes what waits in its mailbox, hands it to the plugin in one call, and passes the events
//! to the journal without waiting for the disk; the journal completes the answers. What is kept
//! in order is what has an order: an append that moves a cursor (the source's position, the
//! plugin's snapshot) or carries commands goes to the journal only when the one before it is on
//! disk, and its commands are carried out only then: a `fetch` may tell a network to forget what
//! we have not stored.
//!
//! A call that traps or overruns costs the instance. The inputs of that call are tried again one
//! by one on a new one, so that only the guilty one goes to quarantine. See [`breaker`] for when
//! a plugin is left to rest; its feed is then journaled as down.

mod breaker;
mod mailbox;
mod outlet;
mod runner;
mod timers;

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};

use self::breaker::Verdict;
pub use self::breaker::{
    BACK_OFF_MAX, BACK_OFF_MIN, FAILURE_SPAN, FAILURES_MAX, REST_MAX, REST_MIN,
};
use self::mailbox::ResumePoint;
pub use self::mailbox::{Mailbox, Position, Resume};
use self::outlet::{Outcome, Outlet};
pub use self::runner::BATCH_MAX;
use self::runner::{Decoded, Runner, failure_text};
use self::timers::Timers;
pub use self::timers::{TIMER_MIN, TIMERS_MAX};
use super::host::{CallError, CallLimits, FailureClass, Package, convert, wit};
use super::input::{Content, Delivery, Http, Input};
use super::reply::{Refusal, Reply, Taken};
use super::status::{BreakerState, Count, Meter};
use super::{BoxFuture, Egress, Normalize, Quarantine, Rejected, Sink};
use crate::clock;
use crate::event::{FeedState, UnixMs};

/// Fetches of one channel under way at once; more are answered with status 0.
pub const FETCHES_MAX: usize = 16;

/// What a channel's actor must know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The channel's name.
    pub channel: String,
    /// The plugin's name and version, for people.
    pub plugin: String,
    /// Queue of contacts for which the network names none.
    pub queue: Option<String>,
    /// The operator's settings for the plugin.
    pub settings_json: String,
    /// What a call may take.
    pub limits: CallLimits,
    /// Inputs that may wait.
    pub mailbox_max: usize,
    /// What a webhook with bad input is answered.
    pub bad_input_status: u16,
}

/// What a channel's actor works with.
pub struct Parts {
    /// The plugin.
    pub package: Arc<Package>,
    /// The journal.
    pub sink: Arc<dyn Sink>,
    /// For what cannot be decoded.
    pub quarantine: Arc<dyn Quarantine>,
    /// Takes out what must not be kept.
    pub normalize: Arc<dyn Normalize>,
    /// Carries out fetches.
    pub egress: Arc<dyn Egress>,
    /// The plugin's snapshot from the journal (`plugin`).
    pub snapshot: Option<Vec<u8>>,
    /// The source's position from the journal (`source`).
    pub position: Option<Vec<u8>>,
    /// Turns true when the server stops: what waits is dealt with, nothing new is taken.
    pub stop: watch::Receiver<bool>,
}

/// Starts an actor. It ends after `stop`, or when every mailbox is dropped.
pub(super) fn spawn(
    settings: Settings,
    parts: Parts,
    meter: Arc<Meter>,
) -> (Mailbox, JoinHandle<()>) {
    let (sender, receiver) = mpsc::channel(settings.mailbox_max.max(1));
    let resume = Arc::new(ResumePoint::new(parts.position));
    let mailbox = Mailbox {
        channel: settings.channel.as_str().into(),
        sender,
        meter: Arc::clone(&meter),
        resume: Arc::clone(&resume),
    };
    let snapshot = parts.snapshot.unwrap_or_default();
    let actor = Actor {
        runner: Runner::new(parts.package, snapshot.clone(), &settings.channel, Arc::clone(&meter)),
        outlet: Outlet::new(parts.sink, snapshot),
        mailbox: receiver,
        resume,
        normalize: parts.normalize,
        quarantine: parts.quarantine,
        egress: parts.egress,
        timers: Timers::default(),
        fetches: FuturesUnordered::new(),
        stop: parts.stop,
        stopping: false,
        settings,
        meter,
    };
    (mailbox, tokio::spawn(actor.run()))
}

struct Actor {
    settings: Settings,
    runner: Runner,
    outlet: Outlet,
    mailbox: mpsc::Receiver<Delivery>,
    resume: Arc<ResumePoint>,
    normalize: Arc<dyn Normalize>,
    quarantine: Arc<dyn Quarantine>,
    egress: Arc<dyn Egress>,
    timers: Timers,
    fetches: FuturesUnordered<BoxFuture<Http>>,
    stop: watch::Receiver<bool>,
    stopping: bool,
    meter: Arc<Meter>,
}

/// Why the actor wakes.
enum Wake {
    /// So many inputs; none when all doors are closed.
    Mailbox(usize),
    Response(Http),
    TimerDue,
    /// The append that holds up others has an outcome.
    Settled,
    /// The plugin has rested.
    Rested,
    Stop,
}

/// What became of one delivery.
enum Fate {
    Decoded(wit::Output),
    /// Goes to quarantine.
    Bad(FailureClass, String),
    /// Not tried: the network should send it again.
    Refused,
    /// The source's own word on the feed.
    Feed(FeedState),
    /// Only the position moves.
    Nothing,
}

/// The fate of what is not for the plugin.
fn own_fate(content: &Content) -> Option<Fate> {
    match content {
        Content::Input(_) => None,
        Content::Unfit { class, reason, .. } => Some(Fate::Bad(*class, reason.clone())),
        Content::Feed(state) => Some(Fate::Feed(*state)),
        Content::Nothing => Some(Fate::Nothing),
    }
}

impl Actor {
    async fn run(mut self) {
        let mut inbox = Vec::with_capacity(BATCH_MAX);
        loop {
            // A plugin that polls must come back by itself: nobody sends it anything.
            self.ensure_up().await;
            match self.next(&mut inbox).await {
                Wake::Mailbox(0) => break,
                Wake::Mailbox(_) => self.take(&mut inbox).await,
                Wake::Response(http) => self.take_own(Input::Response(http)).await,
                Wake::TimerDue => {
                    for tag in self.timers.due(Instant::now()) {
                        self.take_own(Input::Timer(tag)).await;
                    }
                }
                // A failure has rolled the plugin back; there is no more to do about it here.
                Wake::Settled => drop(self.settle().await),
                Wake::Rested => {
                    self.runner.breaker.probe();
                    self.meter.set_breaker(BreakerState::HalfOpen);
                }
                Wake::Stop => {
                    self.stopping = true;
                    self.mailbox.close();
                }
            }
        }
        drop(self.settle().await);
    }

    async fn next(&mut self, inbox: &mut Vec<Delivery>) -> Wake {
        let up = self.runner.is_up();
        let rests_until = self.runner.breaker.rests_until();
        let timer = self.timers.next().filter(|_| up);
        let batch_max = self.runner.batch_max(self.settings.limits.call_timeout);
        tokio::select! {
            biased;
            _ = self.stop.wait_for(|stop| *stop), if !self.stopping => Wake::Stop,
            () = self.outlet.settled(), if self.outlet.is_waiting() => Wake::Settled,
            () = until(rests_until), if rests_until.is_some() => Wake::Rested,
            () = until(timer), if timer.is_some() => Wake::TimerDue,
            Some(response) = self.fetches.next(), if up => Wake::Response(response),
            count = self.mailbox.recv_many(inbox, batch_max) => Wake::Mailbox(count),
        }
    }

    /// What the actor got for the plugin by itself.
    async fn take_own(&mut self, input: Input) {
        self.take(&mut vec![Delivery::new(input, clock::now_ms())]).await;
    }

    /// Deals with a batch of inputs and leaves it empty.
    async fn take(&mut self, inbox: &mut Vec<Delivery>) {
        self.ensure_up().await;
        let mut batch = Outcome::default();
        let round = self.resume.round();
        let mut fresh = Vec::with_capacity(inbox.len());
        for delivery in inbox.drain(..) {
            let stale = delivery.position.as_ref().is_some_and(|it| it.round != round);
            if stale || !self.runner.is_up() {
                batch.refused.push(delivery);
            } else {
                fresh.push(delivery);
            }
        }
        if !fresh.is_empty() {
            let inputs: Vec<&Input> = fresh.iter().filter_map(|it| it.content.input()).collect();
            match self.runner.step(clock::now_ms(), &inputs) {
                Ok(decoded) => {
                    self.succeeded();
                    let mut decoded = decoded.into_iter();
                    for delivery in fresh {
                        // One result for each input, in order: the instance has checked.
                        let fate = own_fate(&delivery.content)
                            .or_else(|| decoded.next().map(fate))
                            .unwrap_or(Fate::Refused);
                        self.sort(delivery, fate, &mut batch).await;
                    }
                }
                Err(error) => self.one_by_one(fresh, error, &mut batch).await,
            }
        }
        self.submit(batch).await;
    }

    /// After a failed call: finds out which of its inputs cannot be borne.
    async fn one_by_one(
        &mut self,
        deliveries: Vec<Delivery>,
        error: CallError,
        batch: &mut Outcome,
    ) {
        let probing = self.runner.breaker.is_probing();
        self.lose(&error);
        for delivery in deliveries {
            if let Some(fate) = own_fate(&delivery.content) {
                self.sort(delivery, fate, batch).await;
                continue;
            }
            if probing {
                // It had the plugin to itself: were it let in again, it would fail every probe.
                self.sort(delivery, Fate::Bad(error.class(), error.to_string()), batch).await;
                continue;
            }
            self.ensure_up().await;
            let round = self.resume.round();
            let stale = delivery.position.as_ref().is_some_and(|it| it.round != round);
            if stale || !self.runner.is_up() {
                self.sort(delivery, Fate::Refused, batch).await;
                continue;
            }
            let inputs: Vec<&Input> = delivery.content.input().into_iter().collect();
            match self.runner.step(clock::now_ms(), &inputs) {
                Ok(decoded) => {
                    self.succeeded();
                    let fate = decoded.into_iter().next().map_or(Fate::Refused, fate);
                    self.sort(delivery, fate, batch).await;
                }
                Err(error) => {
                    self.lose(&error);
                    self.sort(delivery, Fate::Bad(error.class(), error.to_string()), batch).await;
                    // The next instance starts from a state that includes what is in the batch:
                    // that must reach the journal before anything this instance says.
                    self.submit(std::mem::take(batch)).await;
                }
            }
        }
    }

    /// Adds one delivery's fate to the batch.
    async fn sort(&mut self, mut delivery: Delivery, fate: Fate, batch: &mut Outcome) {
        let events_before = batch.events.len();
        let reply = match fate {
            Fate::Refused => {
                batch.refused.push(delivery);
                return;
            }
            Fate::Bad(class, reason) if delivery.is_retry => {
                if let Some(answer) = delivery.answer {
                    answer.refuse(Refusal::Undecodable { class, reason });
                }
                return;
            }
            Fate::Decoded(output) => {
                self.add_events(output.events, delivery.received_ms, batch);
                batch.commands.extend(output.commands);
                output.reply.map(Reply::from).unwrap_or_default()
            }
            Fate::Bad(class, reason) => {
                let Delivery { content, received_ms, position, answer, is_retry } = delivery;
                let kept = self.reject(content, class, reason, received_ms).await;
                let content = Content::Nothing;
                delivery = Delivery { content, received_ms, position, answer, is_retry };
                if !kept {
                    batch.refused.push(delivery);
                    return;
                }
                Reply::status(self.settings.bad_input_status)
            }
            Fate::Feed(state) => {
                batch.events.push(self.feed_event(state));
                Reply::default()
            }
            Fate::Nothing => Reply::default(),
        };
        if let Some(bytes) = delivery.position.and_then(|position| position.bytes) {
            batch.position = Some(bytes);
        }
        let events = batch.events.len() - events_before;
        match delivery.answer {
            Some(answer) => batch.answers.push((answer, Taken { reply, events })),
            None => batch.unheard = true,
        }
    }

    /// Sets an input aside for the operator. False when the quarantine cannot keep it: then the
    /// network or the source must bring it again.
    async fn reject(
        &mut self,
        content: Content,
        class: FailureClass,
        reason: String,
        received_ms: UnixMs,
    ) -> bool {
        let (Content::Input(input) | Content::Unfit { input, .. }) = content else { return true };
        let rejected = Rejected {
            channel: self.settings.channel.clone(),
            plugin: self.settings.plugin.clone(),
            class,
            reason,
            input,
            received_ms,
        };
        if let Err(error) = self.quarantine.put(rejected).await {
            tracing::error!(channel = self.settings.channel, error, "input cannot be set aside");
            return false;
        }
        self.meter.add_quarantined(class);
        let (channel, class) = (&self.settings.channel, class.name());
        tracing::warn!(channel, class, "input set aside: see `tablica quarantine list`");
        true
    }

    fn add_events(&self, events: Vec<wit::Event>, received_ms: UnixMs, batch: &mut Outcome) {
        let events = events.into_iter().map(|event| {
            let event = convert::event(&self.settings.channel, event, received_ms);
            let mut event = self.normalize.event(event);
            if event.queue.is_none() && !event.interaction.is_empty() {
                event.queue.clone_from(&self.settings.queue);
            }
            event
        });
        batch.events.extend(events);
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
                    _ = self.stop.wait_for(|stop| *stop) => {}
                }
            }
            let now_ms = clock::now_ms();
            match self.runner.start(&self.settings, now_ms) {
                Ok(output) => {
                    let mut batch = Outcome { unheard: true, ..Outcome::default() };
                    self.add_events(output.events, now_ms, &mut batch);
                    batch.commands = output.commands;
                    self.submit(batch).await;
                }
                Err(error) => self.lose(&error),
            }
        }
    }

    fn succeeded(&mut self) {
        if self.runner.breaker.success() {
            tracing::info!(channel = self.settings.channel, "the plugin has recovered");
            self.meter.set_breaker(BreakerState::Closed);
            self.journal_feed(FeedState::Up);
        }
    }

    /// The instance did not survive a call.
    fn lose(&mut self, error: &CallError) {
        let channel = &self.settings.channel;
        let verdict = self.runner.lose(Instant::now());
        tracing::warn!(channel, %error, ?verdict, "the plugin's instance is lost");
        self.disarm();
        if verdict == Verdict::Rest {
            self.journal_feed(FeedState::Down);
        }
    }

    /// Forgets what the last instance asked for: the next one's `init` asks anew.
    fn disarm(&mut self) {
        self.outlet.new_generation();
        self.timers.clear();
        self.fetches.clear();
    }

    /// Does what the plugin asked for.
    fn carry_out(&mut self, commands: Vec<wit::Command>) {
        for command in commands {
            let done = match command {
                wit::Command::Fetch(http) => self.fetch(http.into()),
                wit::Command::Timer((tag, after_ms)) => {
                    let after = Duration::from_millis(after_ms.into());
                    self.timers.set(tag, after, Instant::now())
                }
                // No source of ours is a socket yet, and what is newer we do not know.
                wit::Command::Send(_) | wit::Command::Other(_) => false,
            };
            if !done {
                self.meter.add(Count::CommandsRefused, 1);
            }
        }
    }

    fn fetch(&mut self, request: Http) -> bool {
        let room = self.fetches.len() < FETCHES_MAX;
        self.fetches.push(if room {
            self.egress.fetch(request)
        } else {
            // A plugin that waits for its answer must get one.
            let body = format!("{FETCHES_MAX} fetches are under way already");
            let refused = Http { body: body.into(), tag: request.tag, ..Http::default() };
            Box::pin(std::future::ready(refused))
        });
        room
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

fn fate(decoded: Decoded) -> Fate {
    match decoded {
        Ok(output) => Fate::Decoded(output),
        Err(failure) => {
            let class = match failure {
                wit::Failure::BadInput(_) => FailureClass::BadInput,
                wit::Failure::Unsupported(_) => FailureClass::Unsupported,
                wit::Failure::Config(_) => FailureClass::Config,
            };
            Fate::Bad(class, failure_text(&failure).to_owned())
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
