//! A batch of deliveries: handed to the plugin, and each result put where it belongs.
//!
//! What comes in is what [`super::Actor`] woke up for; what goes out is one [`Outcome`], which
//! the outlet brings to the journal. After a failed call the inputs are tried one by one: who
//! cannot be borne goes to quarantine, and the others do not suffer for it.

use std::collections::VecDeque;

use tokio::time::Instant;

use super::failed::Failed;
use super::known::{Whose, known};
use super::outlet::Outcome;
use super::runner::{Decoded, failure_text};
use super::trouble::goes_on;
use super::{Actor, Settings};
use crate::channel::Rejected;
use crate::channel::host::{CallError, FailureClass, wit};
use crate::channel::input::{Content, Delivery, Input};
use crate::channel::intake;
use crate::channel::reply::{Changed, Refusal, Reply, Taken};
use crate::channel::status::{Count, Limit};
use crate::clock;
use crate::event::{Feed, UnixMs};

/// What became of one delivery.
pub(super) enum Fate {
    Decoded(wit::Output),
    /// Goes to quarantine.
    Bad(FailureClass, String),
    /// Not tried: the network should send it again.
    Refused,
    /// The plugin cannot tell yet: again after so many milliseconds.
    Later(u32),
    /// The source's own word on the feed.
    Feed(Feed),
    /// Only the position moves.
    Nothing,
}

/// The fate of what is not for the plugin.
pub(super) fn own_fate(content: &Content) -> Option<Fate> {
    match content {
        Content::Input(_) => None,
        Content::Unfit { class, reason, .. } => Some(Fate::Bad(*class, reason.clone())),
        Content::Feed(feed) => Some(Fate::Feed(*feed)),
        Content::Nothing => Some(Fate::Nothing),
    }
}

impl Actor {
    /// What the actor got for the plugin by itself.
    pub(super) async fn take_own(&mut self, input: Input) {
        self.woke_itself = true;
        if self.pace.woke(Instant::now()) {
            self.limit(Limit::Wakes, 1);
        }
        self.take(&mut vec![Delivery::new(input, clock::now_ms())]).await;
    }

    /// Deals with a batch of inputs and leaves it empty.
    pub(super) async fn take(&mut self, inbox: &mut Vec<Delivery>) {
        // In place: the list keeps its memory for the next batch.
        let mut waiting: VecDeque<Delivery> = inbox.drain(..).collect();
        while !waiting.is_empty() {
            if self.place.is_among_webhooks() && !self.goes_on_among_webhooks() {
                self.set_aside.deliveries.append(&mut waiting);
                return;
            }
            let group = next_group(&mut waiting, self.settings.limits.call_input_bytes_max);
            self.take_group(group).await;
        }
    }

    /// Whether a call ended before its time because others waited for the thread.
    fn is_only_too_long_here(&self, error: &CallError) -> bool {
        self.place.is_among_webhooks()
            && matches!(error, CallError::Deadline { limit } if *limit < self.settings.call.call_timeout)
    }

    /// Deals with what goes into one call.
    async fn take_group(&mut self, group: Vec<Delivery>) {
        if !self.place.is_among_webhooks() {
            self.ensure_up().await;
        }
        let mut batch = Outcome::default();
        let round = self.round();
        let mut fresh = Vec::with_capacity(group.len());
        for delivery in group {
            let stale = delivery.position.as_ref().is_some_and(|it| it.round != round);
            if stale || !self.runner.is_up() {
                batch.refused.push(delivery);
            } else {
                fresh.push(delivery);
            }
        }
        if !fresh.is_empty() {
            let inputs: Vec<&Input> = fresh.iter().filter_map(|it| it.content.input()).collect();
            let is_alone = inputs.len() == 1
                && (self.runner.is_fresh() || inputs.iter().any(|input| goes_on(input)));
            let is_certain = self.runner.breaker.is_probing() || is_alone;
            let (count, since) = (inputs.len(), self.place.reading());
            let stepped = self.step(&inputs);
            match stepped {
                Ok(decoded) => {
                    self.succeeded();
                    // What is set aside waits for the disk, and this thread does other things meanwhile.
                    let is_all_work = count == fresh.len() && decoded.iter().all(Result::is_ok);
                    let mut decoded = decoded.into_iter();
                    for delivery in fresh {
                        // One result for each input, in order: the instance has checked.
                        let fate = own_fate(&delivery.content)
                            .or_else(|| decoded.next().map(fate))
                            .unwrap_or(Fate::Refused);
                        self.sort(delivery, fate, &mut batch).await;
                    }
                    if is_all_work && self.place.worked(since, count) {
                        self.send_away();
                    }
                }
                Err(error) if self.is_only_too_long_here(&error) => {
                    // With all its time on the main runtime it may go well.
                    self.send_away();
                    self.runner.give_up_instance(Instant::now());
                    self.disarm();
                    self.set_aside.deliveries.extend(fresh);
                }
                Err(error) => {
                    self.lose(&error);
                    let failed = Failed { group: fresh, error, is_certain, batch };
                    if self.place.is_among_webhooks() {
                        self.set_aside.failed = Some(failed);
                    } else {
                        self.sort_failed(failed).await;
                    }
                    return;
                }
            }
        }
        self.submit(batch).await;
    }

    /// Adds one delivery's fate to the batch.
    pub(super) async fn sort(&mut self, mut delivery: Delivery, fate: Fate, batch: &mut Outcome) {
        let events_before = batch.events.len();
        let reply = match fate {
            Fate::Refused => {
                batch.refused.push(delivery);
                return;
            }
            Fate::Later(after_ms) => {
                let Some(reason) = self.later(&mut delivery, after_ms) else { return };
                let bad = self.bad(delivery, FailureClass::BadInput, reason, batch).await;
                let Some((back, reply)) = bad else { return };
                delivery = back;
                reply
            }
            Fate::Bad(class, reason) => {
                let bad = self.bad(delivery, class, reason, batch).await;
                let Some((back, reply)) = bad else { return };
                delivery = back;
                reply
            }
            Fate::Decoded(output) => {
                // Decoded: a body with somebody's words in it is not kept until the disk has it.
                let content = std::mem::replace(&mut delivery.content, Content::Nothing);
                if let Content::Input(input) = content {
                    input.wipe();
                }
                self.add_events(output.events, delivery.received_ms, batch);
                self.add_commands(output.commands, batch);
                let (reply, changed) = output.reply.map(Reply::of_plugin).unwrap_or_default();
                if let Some(changed) = changed {
                    self.reply_changed(changed);
                }
                reply
            }
            Fate::Feed(feed) => {
                batch.events.push(self.feed_event(feed));
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

    /// Sets aside what cannot be decoded, and says what is answered. None when there is no more to do:
    /// its answer says it, or it must be brought again.
    async fn bad(
        &mut self,
        delivery: Delivery,
        class: FailureClass,
        reason: String,
        batch: &mut Outcome,
    ) -> Option<(Delivery, Reply)> {
        let Delivery { content, received_ms, position, answer, is_retry } = delivery;
        if is_retry {
            if let Some(answer) = answer {
                answer.refuse(Refusal::Undecodable { class, reason });
            }
            return None;
        }
        let kept = self.reject(content, class, reason, received_ms).await;
        let content = Content::Nothing;
        let delivery = Delivery { content, received_ms, position, answer, is_retry };
        if !kept {
            batch.refused.push(delivery);
            return None;
        }
        Some((delivery, self.settings.bad_input.clone()))
    }

    /// Brings an input again later: the network does, or the host for what it gave by itself. What has
    /// its place in an order cannot wait, and stays in the delivery: why.
    fn later(&mut self, delivery: &mut Delivery, after_ms: u32) -> Option<String> {
        if delivery.position.is_none()
            && let Some(answer) = delivery.answer.take()
        {
            answer.refuse(Refusal::Later(after_ms));
            return None;
        }
        // Only an input is decoded.
        let content = std::mem::replace(&mut delivery.content, Content::Nothing);
        let Content::Input(input) = content else { return None };
        let (input, reason) = self.postpone(input, after_ms).err()?;
        delivery.content = Content::Input(input);
        Some(reason)
    }

    /// A reply was not allowed as the plugin gave it: counted, and said now and then to its author.
    fn reply_changed(&mut self, changed: Changed) {
        self.meter.add(Count::RepliesChanged, 1);
        if let Some(left_out) = self.lines.replies.now() {
            let (channel, plugin) = (&self.settings.channel, &self.settings.plugin);
            tracing::warn!(
                channel,
                plugin,
                changed = changed.word(),
                left_out,
                "the plugin's answer to a webhook was changed: see plugins/README.md, Answers"
            );
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
            if let Some(left_out) = self.lines.not_set_aside.now() {
                let channel = &self.settings.channel;
                tracing::error!(channel, error, left_out, "input cannot be set aside");
            }
            return false;
        }
        self.meter.add_quarantined(class);
        if let Some(left_out) = self.lines.set_aside.now() {
            let (channel, class) = (&self.settings.channel, class.name());
            tracing::warn!(
                channel,
                class,
                left_out,
                "input set aside: see `tablica quarantine list`"
            );
        }
        true
    }

    /// Commands of one call, up to the limit.
    pub(super) fn add_commands(&mut self, commands: Vec<wit::Command>, batch: &mut Outcome) {
        let room = self.settings.limits.call_commands_max.saturating_sub(batch.commands.len());
        let beyond = commands.len().saturating_sub(room);
        batch.commands.extend(commands.into_iter().take(room));
        if beyond > 0 {
            self.meter.add(Count::CommandsRefused, beyond);
            self.limit(Limit::Commands, beyond);
        }
    }

    pub(super) fn add_events(
        &self,
        events: Vec<wit::Event>,
        received_ms: UnixMs,
        batch: &mut Outcome,
    ) {
        let events = events.into_iter().map(|event| {
            let Settings { channel, same_as, setup, .. } = &self.settings;
            let whose = Whose { channel, zone: &setup.site.time_zone, same_as };
            let (mut event, left_out) =
                known(&whose, event, received_ms, &self.enricher, &*self.normalize);
            self.meter.add(Count::TextsCut, usize::from(left_out.text_cut));
            self.meter.add(Count::TagsLeftOut, left_out.tags);
            intake::fill_queue(&mut event, self.settings.queue.as_deref());
            event
        });
        batch.events.extend(events);
    }
}

/// The first of what waits that fit into one call together: one at least.
fn next_group(waiting: &mut VecDeque<Delivery>, bytes_max: usize) -> Vec<Delivery> {
    let mut bytes = 0;
    let mut count = 0;
    for delivery in &*waiting {
        bytes += delivery.content.input().map_or(0, |input| input.bytes().len());
        if count > 0 && bytes > bytes_max {
            break;
        }
        count += 1;
    }
    waiting.drain(..count).collect()
}

pub(super) fn fate(decoded: Decoded) -> Fate {
    match decoded {
        Ok(output) => Fate::Decoded(output),
        Err(failure) => {
            let class = match failure {
                wit::Failure::BadInput(_) => FailureClass::BadInput,
                wit::Failure::Unsupported(_) => FailureClass::Unsupported,
                wit::Failure::Config(_) => FailureClass::Config,
                wit::Failure::Later(after_ms) => return Fate::Later(after_ms),
            };
            Fate::Bad(class, failure_text(&failure).to_owned())
        }
    }
}
