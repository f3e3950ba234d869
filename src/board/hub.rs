//! The one task that owns the engine: events in, frames out, questions answered in between.
//!
//! It drains what waits, then publishes what is dirty: at once after a quiet spell, and at most
//! `frames_per_second_max` times a second under load. Nothing else touches the engine, so there
//! is no lock on the path from an event to the glass. It never waits for a screen: frames go
//! into watch channels, where a newer one replaces an older one.

mod boards;
mod instances;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::annotations::{Annotation, Newest};
use super::asked_once::AskedOnce;
use super::figures::{Scene, Site};
use super::frame::{Epoch, Published};
use super::handle::{QUESTIONS_MAX, Question, WISHES_MAX, Wish};
use super::house::{House, Tell};
use super::kept::keep_all;
pub use super::kept::{Keep, Keeping, Kept};
use super::library::Library;
use super::notice::Notice;
use super::recount::{Recounted, Recounts};
use super::shown::Shown;
use crate::engine::{Engine, Rules};
use crate::event::UnixMs;
use crate::journal::{Committed, Progress, Sequence};
use instances::Instances;

pub use super::handle::{AskError, HubHandle, NotOpen};
pub use super::observer::Observer;
pub use super::parts::{InstanceLimits, Parts, Settings};

/// Commits taken from the queue before timers and questions get their turn.
const COMMITS_PER_TURN_MAX: usize = 8;

/// The task that owns the engine: takes events, publishes frames, answers questions.
pub struct Hub {
    core: Core,
    library: Library,
    site: watch::Receiver<Arc<Site>>,
    annotations: Newest,
    keep: Keep,
    rules: watch::Receiver<Arc<Rules>>,
    recounts: Recounts,
    questions: mpsc::Receiver<Question>,
    wishes: mpsc::Receiver<Wish>,
}

/// The state that the task owns.
struct Core {
    settings: Settings,
    engine: Engine,
    sequence: Sequence,
    site: Arc<Site>,
    annotations: Arc<[Annotation]>,
    observers: Vec<Box<dyn Observer>>,
    boards: BTreeMap<String, Shown>,
    /// Which of them are of files with parameters, and those files.
    instances: Instances,
    /// What tiles show beside figures.
    house: House,
    /// Says how the server is; nothing where nobody knows.
    tell: Option<Tell>,
    /// The highest number of boards that were removed.
    removed_seq: u64,
    epoch: Epoch,
    published: Arc<Published>,
    applied: Arc<AtomicU64>,
    /// The next state must bring all ids of events.
    needs_all_ids: Arc<AtomicBool>,
    progress: Arc<Progress>,
    notice: watch::Sender<Option<Notice>>,
}

impl Hub {
    /// Reads the boards and publishes each one's first frame.
    pub fn new(settings: Settings, parts: Parts) -> (Hub, HubHandle) {
        let Parts { engine, sequence, site, annotations, keep, rules, progress, .. } = parts;
        let (mut library, recount) = (parts.library, parts.recount);
        let recounts = Recounts::new(recount, settings.clock.set());
        let (asked, questions) = mpsc::channel(QUESTIONS_MAX);
        let (wished, wishes) = mpsc::channel(WISHES_MAX);
        let published = Arc::new(Published::default());
        let applied = Arc::new(AtomicU64::new(sequence));
        let notice = watch::Sender::new(None);
        let handle = HubHandle {
            questions: asked,
            wishes: wished,
            published: Arc::clone(&published),
            applied: Arc::clone(&applied),
            notice: notice.subscribe(),
            site: site.clone(),
        };
        let (started_ms, now_ms) = (settings.started_ms, settings.clock.now_ms());
        let mut core = Core {
            instances: Instances::new(settings.instances),
            settings,
            engine,
            sequence,
            site: Arc::clone(&site.borrow()),
            annotations: Arc::clone(&annotations.borrow()),
            observers: Vec::new(),
            boards: BTreeMap::new(),
            house: House::default(),
            tell: None,
            removed_seq: 0,
            epoch: super::frame::epoch(started_ms),
            published,
            applied,
            needs_all_ids: Arc::default(),
            progress,
            notice,
        };
        core.change_boards(library.refresh());
        core.keep_choices();
        core.publish(now_ms, Which::All);
        let hub =
            Hub { core, library, site, annotations, keep, rules, recounts, questions, wishes };
        (hub, handle)
    }

    /// Has somebody look at the engine at once and at each tick. After [`Hub::new`], so that an
    /// observer may know what is made with the handle.
    pub fn observed_by(&mut self, mut observer: Box<dyn Observer>) {
        let now_ms = self.core.now_ms();
        observer.observe(&mut self.core.engine, now_ms);
        self.core.observers.push(observer);
    }

    /// Has somebody say at once and at each tick how the house is, for tiles that show it.
    pub fn told_by(&mut self, tell: Tell) {
        self.core.tell = Some(tell);
        self.core.ask_how_it_is(self.core.now_ms());
    }

    /// Works until the journal's side closes `events`; then publishes the last state, keeps a
    /// last snapshot and tells the screens to go.
    pub async fn run(self, mut events: mpsc::Receiver<Committed>) {
        let Hub { mut core, library, keep, mut recounts, mut questions, mut wishes, .. } = self;
        let (mut site, mut annotations, mut rules) = (self.site, self.annotations, self.rules);
        let (changed, mut changes) = mpsc::channel(1);
        let every = core.settings.look_for_boards_every;
        let watcher = tokio::spawn(super::library::watch(library, every, changed));
        let (states, kept) = mpsc::channel(1);
        let needs_all_ids = Arc::clone(&core.needs_all_ids);
        let keeper = tokio::task::spawn_blocking(move || keep_all(keep, kept, &needs_all_ids));

        let frame_every = Duration::from_secs(1) / core.settings.frames_per_second_max.max(1);
        let mut tick = interval(core.settings.tick_every);
        // After a stall, one tick is enough: each does everything that is due.
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut snapshot_at = Instant::now() + core.settings.snapshot_every;
        let mut publish_at = Instant::now();
        let mut dirty = false;
        let mut batch = Vec::with_capacity(COMMITS_PER_TURN_MAX);
        loop {
            tokio::select! {
                taken = events.recv_many(&mut batch, COMMITS_PER_TURN_MAX), if !recounts.is_full() => {
                    if taken == 0 {
                        break;
                    }
                    recounts.keep(&batch);
                    dirty |= core.apply(batch.drain(..));
                }
                () = sleep_until(publish_at), if dirty => {
                    core.publish(core.now_ms(), Which::Watched);
                    publish_at = Instant::now() + frame_every;
                    dirty = false;
                }
                Some(recounted) = recounts.done() => {
                    core.count_on(recounted, &rules.borrow());
                    core.tell(&recounts);
                    dirty = true;
                }
                _ = tick.tick() => {
                    recounts.look(core.settings.clock.set());
                    core.tell(&recounts);
                    core.tick();
                    publish_at = Instant::now() + frame_every;
                    dirty = false;
                    if Instant::now() >= snapshot_at && !recounts.is_under_way() {
                        core.keep_snapshot(&states);
                        snapshot_at = Instant::now() + core.settings.snapshot_every;
                    }
                }
                Some(question) = questions.recv() => core.answer(question),
                Some(wish) = wishes.recv() => core.fulfil(wish),
                Some(changes) = changes.recv() => {
                    core.change_boards(changes);
                    dirty = true;
                }
                Ok(()) = site.changed() => {
                    core.title_as(Arc::clone(&site.borrow_and_update()));
                    dirty = true;
                }
                Ok(()) = rules.changed() => {
                    let rules = Arc::clone(&rules.borrow_and_update());
                    if !core.count_by(&rules) {
                        recounts.begin_by_new_rules();
                        core.tell(&recounts);
                    }
                    dirty = true;
                }
                // In a replay they never change, and whoever kept them may be gone before the hub.
                Ok(()) = annotations.changed() => {
                    core.annotations = Arc::clone(&annotations.borrow_and_update());
                    dirty = true;
                }
            }
        }
        watcher.abort();
        core.publish(core.now_ms(), Which::All);
        // A closed channel means that `keep` panicked, which its hook has reported.
        let _ = states.send(core.state()).await;
        drop(states);
        let _ = keeper.await;
        core.published.clear();
    }
}

/// Which boards are rendered.
#[derive(Clone, Copy)]
enum Which<'a> {
    /// At each tick, so that a screen that comes finds a picture of now, and alarms know of each
    /// board.
    All,
    /// Between two ticks: nobody sees the others.
    Watched,
    One(&'a str),
}

impl Core {
    fn now_ms(&self) -> UnixMs {
        self.settings.clock.now_ms()
    }

    /// Folds commits into the engine. Says whether anything visible changed.
    fn apply(&mut self, commits: impl Iterator<Item = Committed>) -> bool {
        let before = self.engine.version();
        let now_ms = self.now_ms();
        for commit in commits {
            for event in &commit.events {
                let counted_ms = self.settings.clock.counted_ms(event, now_ms);
                self.engine.apply(event, counted_ms);
            }
            let count = u64::try_from(commit.events.len()).unwrap_or(u64::MAX);
            self.sequence = commit.first.saturating_add(count).saturating_sub(1);
            self.progress.folded(self.sequence);
        }
        self.applied.store(self.sequence, Ordering::Release);
        self.engine.version() != before
    }

    /// Counts by these rules from now on; false when what was counted must be counted anew.
    fn count_by(&mut self, rules: &Rules) -> bool {
        let adopted = self.engine.adopt(rules);
        self.title_policies();
        adopted
    }

    /// Goes on with an engine that was counted anew, by the rules of now: they may be others than
    /// when it began, by which nothing is counted.
    fn count_on(&mut self, recounted: Recounted, rules: &Rules) {
        self.engine = recounted.engine;
        self.count_by(rules);
        self.count_what_is_shown();
        let now_ms = self.now_ms();
        for (_, event) in &recounted.later {
            self.engine.apply(event, self.settings.clock.counted_ms(event, now_ms));
        }
        tracing::info!("everything is counted anew");
    }

    /// Policies are called in the engine's receipts what they are called on walls.
    fn title_policies(&mut self) {
        let policies = &self.site.policies;
        self.engine.title_policies(|name| policies.get(name).map(|policy| policy.title.as_str()));
    }

    /// Tells what is the matter with the time by which numbers are counted.
    fn tell(&mut self, recounts: &Recounts) {
        let held = self.settings.clock.held_by_ms().map(|by_ms| Notice::ClockHeld { by_ms });
        let notice = recounts.notice().or(held);
        self.notice.send_if_modified(|told| std::mem::replace(told, notice) != notice);
    }

    /// Answers as of now, not as of the last tick.
    fn answer(&mut self, question: Question) {
        let now_ms = self.now_ms();
        self.engine.tick(now_ms);
        match question {
            Question::Engine(question) => question(&mut self.engine, now_ms),
            Question::Scene(look) => {
                let scene = Scene {
                    figures: &self.engine,
                    site: &self.site,
                    board: "",
                    language: self.site.language,
                    annotations: &self.annotations,
                    notice: *self.notice.borrow(),
                    house: &self.house,
                    held: None,
                    now_ms,
                };
                look(&scene, &self.engine);
            }
        }
    }

    fn ask_how_it_is(&mut self, now_ms: UnixMs) {
        let Some(told) = self.tell.as_mut().map(|tell| tell(now_ms)) else { return };
        (self.house.health, self.house.alerts) = (Some(told.health), told.alerts);
    }

    /// What is due at each tick: timers, times that grow on the glass, heartbeats, observers.
    fn tick(&mut self) {
        let now_ms = self.now_ms();
        self.ask_how_it_is(now_ms);
        self.see_to_instances();
        self.house.framing = self.published.framing();
        self.publish(now_ms, Which::All);
        for (id, shown) in &mut self.boards {
            if std::mem::take(&mut shown.moved) {
                continue;
            }
            if let Some(newest) = self.published.newest(id) {
                self.published.publish(id, newest.still(now_ms));
            }
        }
        for observer in &mut self.observers {
            observer.observe(&mut self.engine, now_ms);
        }
    }

    /// Renders boards, and publishes those whose picture changed.
    fn publish(&mut self, now_ms: UnixMs, which: Which<'_>) {
        self.engine.tick(now_ms);
        self.engine.put_in_order();
        let figures = AskedOnce::new(&self.engine);
        let notice = *self.notice.borrow();
        for (id, shown) in &mut self.boards {
            let is_asked = match which {
                Which::All => true,
                Which::Watched => self.published.is_watched(id),
                Which::One(only) => only == id,
            };
            if !is_asked {
                continue;
            }
            let scene = Scene {
                figures: &figures,
                site: &self.site,
                board: id,
                language: shown.board.language(&self.site),
                annotations: &self.annotations,
                notice,
                house: &self.house,
                held: None,
                now_ms,
            };
            if let Some(frame) = shown.render(&scene, &self.epoch, self.settings.build) {
                self.published.publish(id, frame);
            }
        }
    }

    fn state(&mut self) -> Kept {
        if self.needs_all_ids.swap(false, Ordering::Relaxed) {
            self.engine.hand_out_ids_anew();
        }
        let new_ids = self.engine.take_new_ids();
        // The snapshot still says of the roll-ups that they wait to be stored: should it be the
        // last that is heard of this server, the next one stores them.
        let snapshot = self.engine.snapshot();
        let roll_ups = self.engine.take_roll_ups();
        Kept { sequence: self.sequence, snapshot, new_ids, roll_ups }
    }

    /// Hands a snapshot on, unless the last one is still being written.
    fn keep_snapshot(&mut self, states: &mpsc::Sender<Kept>) {
        match states.try_reserve() {
            Ok(place) => place.send(self.state()),
            Err(error) => {
                tracing::warn!(sequence = self.sequence, %error, "no snapshot: the last one is still being written");
            }
        }
    }
}
