//! The way out to the journal: pipelined where order does not matter, in order where it does.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::sync::oneshot::error::TryRecvError;
use tokio::time::{Instant, sleep};

use super::Actor;
use crate::channel::host::wit;
use crate::channel::input::Delivery;
use crate::channel::reply::{Answer, Refusal, Taken};
use crate::channel::status::{Count, Limit};
use crate::channel::{BoxFuture, Sink};
use crate::clock;
use crate::event::{Event, Feed, FeedPart, FeedState, Kind};
use crate::journal::{Append, Cursor, JournalError};

/// How long a full journal is waited for before a batch is refused.
const APPEND_WAIT_MAX: Duration = Duration::from_secs(2);
/// How often a full journal is asked again.
const APPEND_RETRY: Duration = Duration::from_millis(2);
/// How long the plugin waits after the journal failed: what failed is the disk, not the plugin.
const JOURNAL_BACK_OFF: Duration = Duration::from_secs(1);

/// An append is worth so many bytes at least: many small ones fill the journal's queue, too.
const APPEND_BYTES_MIN: usize = 64 << 10;
/// What an event is worth beside its words.
const EVENT_BYTES: usize = 128;

/// What a batch of inputs led to.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) events: Vec<Event>,
    pub(super) commands: Vec<wit::Command>,
    pub(super) answers: Vec<(Answer, Taken)>,
    /// The source's position after the last of them.
    pub(super) position: Option<Vec<u8>>,
    /// Something in it has nobody who would send it again.
    pub(super) unheard: bool,
    /// Inputs that were not tried.
    pub(super) refused: Vec<Delivery>,
}

/// The journal, and what is on its way there.
pub(super) struct Outlet {
    sink: Arc<dyn Sink>,
    /// The snapshot that the journal was given last.
    given: Vec<u8>,
    /// The snapshot that is on disk.
    durable: Vec<u8>,
    in_flight: Option<InFlight>,
    /// What is on its way to the disk, in order: bytes, and who tells that it is there.
    under_way: VecDeque<(usize, oneshot::Receiver<Result<(), JournalError>>)>,
    /// Tells feed events of the same millisecond apart.
    feed_events: u64,
    /// Counts instances: commands of a lost one are not carried out.
    generation: u64,
}

/// An append that others wait for.
struct InFlight {
    done: oneshot::Receiver<Result<(), JournalError>>,
    /// Its outcome, when it came while the actor waited for something else as well.
    outcome: Option<Result<(), JournalError>>,
    snapshot: Option<Vec<u8>>,
    position: Option<Vec<u8>>,
    commands: Vec<wit::Command>,
    generation: u64,
}

impl InFlight {
    async fn outcome(&mut self) -> Result<(), JournalError> {
        if self.outcome.is_none() {
            // A journal that ends without a word has not written it.
            let outcome = (&mut self.done).await.unwrap_or(Err(JournalError::Closed));
            self.outcome = Some(outcome);
        }
        self.outcome.clone().unwrap_or(Err(JournalError::Closed))
    }
}

impl Outlet {
    pub(super) fn new(sink: Arc<dyn Sink>, snapshot: Vec<u8>) -> Self {
        Self {
            sink,
            given: snapshot.clone(),
            durable: snapshot,
            in_flight: None,
            under_way: VecDeque::new(),
            feed_events: 0,
            generation: 0,
        }
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.in_flight.is_some()
    }

    /// Resolves when the append that others wait for has an outcome.
    pub(super) async fn settled(&mut self) {
        if let Some(in_flight) = &mut self.in_flight {
            let _ = in_flight.outcome().await;
        }
    }

    /// Resolves when the journal's commit that is under way is done.
    pub(super) fn commit_under_way(&self) -> Option<BoxFuture<()>> {
        self.sink.commit_under_way()
    }

    /// The snapshot that is on disk.
    pub(super) fn into_durable(self) -> Vec<u8> {
        self.durable
    }

    pub(super) fn new_generation(&mut self) {
        self.generation += 1;
    }

    /// Bytes on their way to the disk.
    fn bytes_under_way(&mut self) -> usize {
        while let Some((_, told)) = self.under_way.front_mut()
            && !matches!(told.try_recv(), Err(TryRecvError::Empty))
        {
            self.under_way.pop_front();
        }
        self.under_way.iter().map(|(bytes, _)| bytes).sum()
    }

    async fn hand_over(&self, mut append: Append) -> Result<(), (Append, JournalError)> {
        let patience = Instant::now() + APPEND_WAIT_MAX;
        loop {
            match self.sink.append(append) {
                Err((back, JournalError::Busy { .. })) if Instant::now() < patience => {
                    append = back;
                    sleep(APPEND_RETRY).await;
                }
                result => return result,
            }
        }
    }
}

impl Actor {
    /// Hands a batch's events to the journal, in order where that matters.
    pub(super) async fn submit(&mut self, batch: Outcome) {
        let Outcome { events, commands, answers, position, unheard, refused } = batch;
        let changed = self.runner.snapshot != self.outlet.given;
        let ordered = changed
            || position.is_some()
            || !commands.is_empty()
            || (unheard && !events.is_empty());
        let snapshot = changed.then(|| self.runner.snapshot.clone());
        if (ordered || !refused.is_empty())
            && let Err(error) = self.settle().await
        {
            // What was decoded rests on a state that never reached the disk.
            for (answer, _) in answers {
                answer.refuse(Refusal::JournalUnavailable(error.clone()));
            }
            self.refuse(refused);
            return;
        }

        let cursors = self.cursors(&snapshot, &position);
        if events.is_empty() && cursors.is_empty() {
            for (answer, taken) in answers {
                // Nobody waits any more when the network hung up.
                let _ = answer.once_durable(taken).send(Ok(()));
            }
            self.carry_out(commands);
            self.refuse(refused);
            return;
        }

        let bytes = events.iter().map(event_bytes).sum::<usize>()
            + cursors.iter().map(|cursor| cursor.bytes.len()).sum::<usize>();
        for limit in self.pace.gave(events.len(), bytes, Instant::now()) {
            self.limit(limit, 1);
        }
        let bytes = bytes.max(APPEND_BYTES_MIN);
        self.wait_for_the_disk(bytes).await;
        if !events.is_empty() {
            self.meter.add(Count::Events, events.len());
            self.meter.set_last_event(clock::now_ms());
        }
        let mut waiting: Vec<_> =
            answers.into_iter().map(|(answer, taken)| answer.once_durable(taken)).collect();
        let (tell, told) = oneshot::channel();
        waiting.push(tell);
        self.outlet.under_way.push_back((bytes, told));
        if ordered {
            let (tell, told) = oneshot::channel();
            waiting.push(tell);
            if let Some(snapshot) = &snapshot {
                self.outlet.given.clone_from(snapshot);
            }
            self.outlet.in_flight = Some(InFlight {
                done: told,
                outcome: None,
                snapshot,
                position,
                commands,
                generation: self.outlet.generation,
            });
        }
        let done = vec![told_together(waiting)];
        if let Err((append, error)) = self.outlet.hand_over(Append { events, cursors, done }).await
        {
            self.meter.add(Count::JournalFailures, 1);
            if let Some(left_out) = self.lines.not_journaled.now() {
                let channel = &self.settings.channel;
                tracing::warn!(channel, %error, left_out, "the journal takes no events");
            }
            for done in append.done {
                let _ = done.send(Err(error.clone()));
            }
        }
        self.refuse(refused);
    }

    /// Waits until so many bytes more may be on their way: a channel that fills the journal's
    /// queue would make all others wait behind it.
    async fn wait_for_the_disk(&mut self, bytes: usize) {
        let max = self.settings.limits.under_way_bytes_max;
        let mut waits = false;
        loop {
            let under_way = self.outlet.bytes_under_way();
            if under_way == 0 || under_way + bytes <= max {
                return;
            }
            if !std::mem::replace(&mut waits, true) {
                self.limit(Limit::UnderWay, 1);
            }
            if let Some((_, told)) = self.outlet.under_way.pop_front() {
                // Whether it is there or never will be: it is no longer on its way.
                let _ = told.await;
            }
        }
    }

    /// Waits for the append in flight. When it failed, everything goes back to what is on disk.
    pub(super) async fn settle(&mut self) -> Result<(), JournalError> {
        let Some(mut in_flight) = self.outlet.in_flight.take() else { return Ok(()) };
        let outcome = in_flight.outcome().await;
        match &outcome {
            Ok(()) => {
                if let Some(snapshot) = in_flight.snapshot {
                    self.outlet.durable = snapshot;
                }
                if let Some(position) = in_flight.position {
                    self.resume.advance(position);
                }
                if in_flight.generation == self.outlet.generation {
                    self.carry_out(in_flight.commands);
                }
            }
            Err(error) => {
                self.meter.add(Count::JournalFailures, 1);
                let channel = &self.settings.channel;
                tracing::warn!(channel, %error, "back to the state that is on disk");
                let durable = self.outlet.durable.clone();
                self.outlet.given.clone_from(&durable);
                self.runner.roll_back(durable, Instant::now() + JOURNAL_BACK_OFF);
                self.disarm();
                self.resume.next_round();
            }
        }
        outcome
    }

    fn cursors(&self, snapshot: &Option<Vec<u8>>, position: &Option<Vec<u8>>) -> Vec<Cursor> {
        [("plugin", snapshot), ("source", position)]
            .into_iter()
            .filter_map(|(part, bytes)| {
                let channel = self.settings.channel.clone();
                bytes.clone().map(|bytes| Cursor { channel, part, bytes })
            })
            .collect()
    }

    /// Sends inputs back to where they came from. Call it when nothing is in flight that they
    /// follow: a source must find its last good position.
    fn refuse(&mut self, refused: Vec<Delivery>) {
        if refused.is_empty() {
            return;
        }
        let round = self.resume.round();
        if refused.iter().any(|it| it.position.as_ref().is_some_and(|it| it.round == round)) {
            self.resume.next_round();
        }
        let refusal = self.refusal();
        let count = match refusal {
            Refusal::PluginUnavailable(_) => Count::Unavailable,
            _ => Count::Busy,
        };
        self.meter.add(count, refused.len());
        for delivery in refused {
            if let Some(answer) = delivery.answer {
                answer.refuse(refusal.clone());
            }
        }
    }

    /// Says in the journal that a part of the channel's feed stopped or started working, so that
    /// every figure it feeds says so, too.
    pub(super) fn journal_feed(&mut self, part: FeedPart, state: FeedState) {
        let event = self.feed_event(Feed::of(part, state));
        let append = Append { events: vec![event], cursors: Vec::new(), done: Vec::new() };
        if let Err((_, error)) = self.outlet.sink.append(append) {
            self.meter.add(Count::JournalFailures, 1);
            let channel = &self.settings.channel;
            tracing::warn!(channel, %error, ?part, ?state, "feed state not kept");
        }
    }

    /// The host's own word on the feed.
    pub(super) fn feed_event(&mut self, feed: Feed) -> Event {
        let now_ms = clock::now_ms();
        self.outlet.feed_events += 1;
        Event {
            id: format!("tablica-feed-{now_ms}-{}", self.outlet.feed_events),
            channel: self.settings.channel.clone(),
            at_ms: now_ms,
            received_ms: now_ms,
            interaction: String::new(),
            queue: None,
            agent: None,
            customer: Vec::new(),
            kind: Kind::Feed(feed),
            order: None,
            refers: None,
            same_as: None,
            attrs: BTreeMap::new(),
        }
    }
}

/// One to tell for all who wait for an append. The journal, on its own thread, then wakes one task, and
/// that task wakes the others: on the thread of webhooks that costs no system call for each.
fn told_together(
    mut waiting: Vec<oneshot::Sender<Result<(), JournalError>>>,
) -> oneshot::Sender<Result<(), JournalError>> {
    if waiting.len() == 1
        && let Some(only) = waiting.pop()
    {
        return only;
    }
    let (tell, told) = oneshot::channel();
    tokio::spawn(async move {
        // A journal that ends without a word has not written it; who waits has the word for that.
        let Ok(outcome): Result<Result<(), JournalError>, _> = told.await else { return };
        for one in waiting {
            // Nobody waits any more when the network hung up.
            let _ = one.send(outcome.clone());
        }
    });
    tell
}

/// About what an event takes in memory and on disk.
fn event_bytes(event: &Event) -> usize {
    let words = [&event.queue, &event.agent].into_iter().flatten().map(String::len);
    let customers = event.customer.iter().map(|key| key.0.len());
    let attrs = event.attrs.iter().map(|(name, value)| name.len() + value.len());
    let tags = match &event.kind {
        Kind::Tagged(tags) => tags.iter().map(String::len).sum(),
        _ => 0,
    };
    EVENT_BYTES
        + event.id.len()
        + event.interaction.len()
        + tags
        + words.chain(customers).chain(attrs).sum::<usize>()
}
