//! Another build of the plugin, or other settings, between two inputs.
//!
//! What was taken from the mailbox is dealt with by then and its state is on disk; the successor
//! starts from that state before anything of the old instance is given up. What waits in the
//! mailbox is the successor's, and so are timers that are set and the answers to fetches that are
//! under way; a timer or fetch of the same tag that its `init` asks for, as after any start, takes the
//! timer's place, or is the fetch that is under way. Links end: the successor connects by itself.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::outlet::Outcome;
use super::pace::Pace;
use super::{Actor, Settings};
use crate::channel::host::{Package, wit};
use crate::channel::status::BreakerState;
use crate::channel::{Fetcher, Normalize};
use crate::clock;
use crate::event::{FeedPart, FeedState};

/// Orders that wait. The registry gives one after the other.
const ORDERS_MAX: usize = 4;

/// What a channel's actor is to go on with.
pub(crate) struct Successor {
    /// The plugin.
    pub(crate) package: Arc<Package>,
    /// Its settings and limits. The mailbox stays as large as it was.
    pub(crate) settings: Settings,
    /// Carries out fetches from now on.
    pub(crate) fetcher: Arc<dyn Fetcher>,
    /// Takes out what must not be kept from now on.
    pub(crate) normalize: Arc<dyn Normalize>,
    /// The runtime of the thread of webhooks, if the channel takes any from now on.
    pub(crate) webhook_thread: Option<Handle>,
}

/// What an actor is told beside its inputs.
pub(super) enum Order {
    /// Tells the plugin's state.
    Snapshot(oneshot::Sender<Vec<u8>>),
    /// Voids what the source has on its way, and tells when all before it is on disk.
    NewRound(oneshot::Sender<()>),
    /// Goes on with another plugin or other settings; answers why it does not.
    Succeed(Box<Successor>, oneshot::Sender<Result<(), String>>),
}

/// Gives a channel's actor orders. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Orders(mpsc::Sender<Order>);

/// The actor has ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HasEnded;

impl Orders {
    pub(super) fn pair() -> (Self, mpsc::Receiver<Order>) {
        let (orders, given) = mpsc::channel(ORDERS_MAX);
        (Self(orders), given)
    }

    /// The plugin's state as it is now.
    pub(crate) async fn snapshot(&self) -> Result<Vec<u8>, HasEnded> {
        let (tell, told) = oneshot::channel();
        self.0.send(Order::Snapshot(tell)).await.map_err(|_| HasEnded)?;
        told.await.map_err(|_| HasEnded)
    }

    /// Voids what the source has on its way: another one goes on from the resume point.
    pub(crate) async fn new_round(&self) -> Result<(), HasEnded> {
        let (tell, told) = oneshot::channel();
        self.0.send(Order::NewRound(tell)).await.map_err(|_| HasEnded)?;
        told.await.map_err(|_| HasEnded)
    }

    /// Has the actor go on with a successor, or says why it goes on as before.
    pub(crate) async fn succeed(
        &self,
        successor: Box<Successor>,
    ) -> Result<Result<(), String>, HasEnded> {
        let (tell, told) = oneshot::channel();
        let order = Order::Succeed(successor, tell);
        self.0.send(order).await.map_err(|_| HasEnded)?;
        told.await.map_err(|_| HasEnded)
    }
}

impl Actor {
    /// Carries out an order. Whoever gave it may be gone; then nobody needs the answer.
    pub(super) async fn obey(&mut self, order: Order) {
        match order {
            Order::Snapshot(tell) => {
                let _ = tell.send(self.runner.snapshot.clone());
            }
            Order::NewRound(tell) => {
                drop(self.settle().await);
                self.resume.next_round();
                let _ = tell.send(());
            }
            Order::Succeed(successor, tell) => {
                let outcome = self.go_on_with(*successor).await;
                let _ = tell.send(outcome);
            }
        }
    }

    async fn go_on_with(&mut self, successor: Successor) -> Result<(), String> {
        // The state that the successor starts from must be on disk. When the disk fails, the actor
        // has gone back to what is there, and the successor starts from that.
        drop(self.settle().await);
        let Successor { package, settings, fetcher, normalize, webhook_thread } = successor;
        let now_ms = clock::now_ms();
        let output = self
            .runner
            .succeed_with(package, &settings, now_ms)
            .map_err(|error| error.to_string())?;
        let was_in_trouble = self.meter.breaker() != BreakerState::Closed;
        if settings.limits != self.settings.limits {
            self.pace = Pace::new(&settings.limits, Instant::now());
        }
        self.place.begin_anew(webhook_thread);
        self.settings = settings;
        self.fetcher = fetcher;
        self.not_tried.clear();
        self.end_links();
        self.links.go_on_with(&self.fetcher);
        self.tell_links();
        self.normalize = normalize;
        if was_in_trouble {
            self.meter.set_breaker(BreakerState::Closed);
            self.journal_feed(FeedPart::Plugin, FeedState::Up);
        }
        let mut batch = Outcome { unheard: true, ..Outcome::default() };
        self.add_events(output.events, now_ms, &mut batch);
        let asked = |command: &wit::Command| match command {
            wit::Command::Fetch(request) => self.asked.contains(&request.tag),
            _ => false,
        };
        // What is asked already is answered once: to the successor.
        let commands = output.commands.into_iter().filter(|command| !asked(command)).collect();
        self.add_commands(commands, &mut batch);
        self.submit(batch).await;
        tracing::info!(
            channel = self.settings.channel,
            plugin = self.settings.plugin,
            "the channel goes on with this plugin and its settings"
        );
        Ok(())
    }
}
