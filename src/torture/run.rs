//! One run: a day of a small contact center, in which the process dies several times, the power is
//! cut, and the disk refuses. Everything that happens is drawn from one number.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::disk::Disk;
use super::fate::{Call, Cut, Plan, Refusal};
use super::knowledge::{fold, same_figures, same_roll_ups, undisturbed};
use super::oracle::Oracle;
use super::server::{self, Answer, Server, now_ms};
use super::sources::{Delivery, Source};
use super::truth;
use crate::engine::tests::orders::END;
use crate::engine::tests::script::at;
use crate::event::{Event, Millis};
use crate::scope::Window;

/// Lives of a process in which it dies; one more ends well.
const DEATHS_MAX: usize = 5;
/// Starts that may fail in a row: no fault lasts so long.
const STARTS_MAX: usize = 200;
/// What a life may do without coming to its end.
const STEPS_MAX: usize = 20_000;

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) runs: u64,
    pub(super) lives: u64,
    pub(super) kills: u64,
    pub(super) power_cuts: u64,
    pub(super) failed_starts: u64,
    pub(super) appends: u64,
    pub(super) refused_appends: u64,
    pub(super) events: u64,
    pub(super) snapshots: u64,
    pub(super) refused: BTreeMap<(Call, Refusal), u64>,
    /// Stands for all that the disk was asked for.
    pub(super) trace: u64,
}

impl Tally {
    pub(super) fn add(&mut self, other: &Tally) {
        self.runs += other.runs;
        self.lives += other.lives;
        self.kills += other.kills;
        self.power_cuts += other.power_cuts;
        self.failed_starts += other.failed_starts;
        self.appends += other.appends;
        self.refused_appends += other.refused_appends;
        self.events += other.events;
        self.snapshots += other.snapshots;
        self.trace ^= other.trace;
        for (call, count) in &other.refused {
            *self.refused.entry(*call).or_default() += count;
        }
    }
}

/// An append on its way.
struct Pending {
    attempt: usize,
    source: usize,
    delivery: Delivery,
    answer: Answer,
}

/// How a life ended.
enum End {
    /// Everything was delivered.
    Done,
    Dead,
}

struct Run<'a> {
    dice: StdRng,
    state: PathBuf,
    scratch: PathBuf,
    disk: &'a Disk,
    sources: Vec<Source>,
    oracle: Oracle,
    pending: Vec<Pending>,
    /// The last moment.
    end_ms: i64,
    commit_events_max: usize,
    tally: Tally,
    seed: u64,
}

/// Runs it in an empty folder; says what is wrong.
pub(super) fn run(seed: u64, folder: &Path) -> Result<Tally, String> {
    let mut dice = StdRng::seed_from_u64(seed);
    let state = folder.join("state");
    std::fs::create_dir(&state).map_err(|error| error.to_string())?;
    let (disk, _mounted) = Disk::mount(&state, dice.random());
    let shift_ms: Millis = dice.random_range(0..24 * 60) * 60_000;
    let count = dice.random_range(1..4);
    let sources = (0..count).map(|number| Source::draw(number, shift_ms, &mut dice)).collect();
    server::set_time(at(0.0) + shift_ms - 1000);
    let mut run = Run {
        commit_events_max: [1, 3, 64][dice.random_range(0..3)],
        dice,
        state,
        scratch: folder.join("scratch"),
        disk: &disk,
        sources,
        oracle: Oracle::default(),
        pending: Vec::new(),
        end_ms: at(END) + shift_ms,
        tally: Tally { runs: 1, ..Tally::default() },
        seed,
    };
    run.all_lives()?;
    run.the_end()?;
    run.tally.refused = disk.lock().fate.refused.clone();
    run.tally.trace = disk.lock().fate.trace();
    run.tally.events = run.sources.iter().map(|source| source.events.len() as u64).sum();
    run.tally.appends = run.oracle.handed_over() as u64;
    Ok(run.tally)
}

impl Run<'_> {
    fn all_lives(&mut self) -> Result<(), String> {
        let deaths = self.dice.random_range(1..=DEATHS_MAX);
        for number in 0..=deaths {
            let plan = Plan::draw(&mut self.dice, number < deaths);
            self.disk.begin(plan);
            self.tally.lives += 1;
            if let Some(mut server) = self.start()? {
                let end = self.live(&mut server)?;
                self.finish(server, &end)?;
            }
            self.die()?;
        }
        Ok(())
    }

    /// Starts the server, again and again while the disk does not let it; nothing when it died.
    fn start(&mut self) -> Result<Option<Server>, String> {
        for _ in 0..STARTS_MAX {
            let journal = truth::read(&self.state, &self.scratch)?;
            self.oracle.judge(&journal)?;
            let reads_refused = self.disk.lock().fate.reads_refused;
            let channels: Vec<String> = self.sources.iter().map(|it| it.channel.clone()).collect();
            let started = Server::start(&self.state, self.commit_events_max, &channels);
            let is_dead = self.disk.lock().fate.is_dead();
            let could_read = reads_refused == self.disk.lock().fate.reads_refused;
            match started {
                _ if is_dead => return Ok(None),
                Ok((mut server, positions)) => {
                    self.judge_start(&mut server, &journal, &positions, could_read)?;
                    for (source, position) in self.sources.iter_mut().zip(positions) {
                        source.resume(position);
                    }
                    return Ok(Some(server));
                }
                Err(_) => self.tally.failed_starts += 1,
            }
        }
        Err(format!("{STARTS_MAX} starts have failed"))
    }

    /// The server knows what is on the disk, and nothing else.
    fn judge_start(
        &self,
        server: &mut Server,
        journal: &[Event],
        positions: &[usize],
        could_read: bool,
    ) -> Result<(), String> {
        for (source, position) in self.sources.iter().zip(positions).filter(|it| it.0.is_file()) {
            let before = &source.events[..*position];
            Oracle::judge_position(journal, &source.channel, before)?;
            if *position < source.position() && could_read {
                let known = source.position();
                return Err(format!("{}: position {known} was on disk", source.channel));
            }
        }
        if !could_read {
            return Ok(());
        }
        let complaints = server.complaints();
        if !complaints.is_empty() {
            return Err(format!("nothing is damaged, and it says: {complaints:?}"));
        }
        if server.sequence != journal.len() as u64 {
            let count = journal.len();
            return Err(format!("{count} events, and the engine is at {}", server.sequence));
        }
        let mut fold = fold(journal);
        fold.tick(now_ms());
        server.engine.tick(now_ms());
        same_figures(&server.engine, &fold, &[Window::Today], self.seed ^ self.tally.lives)
            .map_err(|error| format!("the engine is not the fold of its journal: {error}"))
    }

    fn live(&mut self, server: &mut Server) -> Result<End, String> {
        for _ in 0..STEPS_MAX {
            self.step(server)?;
            if self.disk.lock().fate.is_dead() {
                return Ok(End::Dead);
            }
            let is_delivered = self.sources.iter().all(|source| source.next_ms().is_none());
            if is_delivered && self.pending.is_empty() {
                return Ok(End::Done);
            }
        }
        Err(format!("{STEPS_MAX} steps, and the events are not on disk"))
    }

    fn step(&mut self, server: &mut Server) -> Result<(), String> {
        match self.dice.random_range(0..100) {
            0..40 => self.deliver(server),
            40..70 => drop(server.commit()),
            70..74 => {
                server.count()?;
                server.keep();
                self.tally.snapshots += 1;
            }
            74..78 => server.rest(),
            _ => self.let_time_pass(),
        }
        server.count()?;
        self.hear();
        Ok(())
    }

    fn deliver(&mut self, server: &Server) {
        let number = self.dice.random_range(0..self.sources.len());
        let source = &mut self.sources[number];
        let Some(delivery) = source.deliver(now_ms(), &mut self.dice) else { return };
        let events = delivery.events.iter().map(|event| {
            let mut event = source.events[*event].clone();
            event.received_ms = now_ms();
            event
        });
        let (attempt, events) = self.oracle.hand_over(events.collect());
        match server.append(&source.channel, events, delivery.position) {
            Some(answer) => {
                self.pending.push(Pending { attempt, source: number, delivery, answer })
            }
            None => {
                self.oracle.answered(attempt, false);
                source.answered(&delivery, false);
            }
        }
    }

    fn let_time_pass(&mut self) {
        let next = self.sources.iter().filter_map(Source::next_ms).min().unwrap_or(self.end_ms);
        let ahead_ms = self.dice.random_range(0..60_000);
        // Nothing waits for so long that the network no longer sends it again.
        server::set_time(now_ms().max(next + ahead_ms).min(self.end_ms));
    }

    /// Answers that have come.
    fn hear(&mut self) {
        let is_dead = self.disk.lock().fate.is_dead();
        let mut still = Vec::new();
        for mut pending in std::mem::take(&mut self.pending) {
            let is_acknowledged = match pending.answer.try_recv() {
                // After its death nobody hears it.
                Ok(Ok(())) => !is_dead,
                Err(tokio::sync::oneshot::error::TryRecvError::Empty) => {
                    still.push(pending);
                    continue;
                }
                Ok(Err(_)) | Err(_) => {
                    self.tally.refused_appends += 1;
                    false
                }
            };
            self.settle(&pending, is_acknowledged);
        }
        self.pending = still;
    }

    fn settle(&mut self, pending: &Pending, is_acknowledged: bool) {
        self.oracle.answered(pending.attempt, is_acknowledged);
        self.sources[pending.source].answered(&pending.delivery, is_acknowledged);
    }

    /// A life that has done its work ends in order, or is killed.
    fn finish(&mut self, mut server: Server, end: &End) -> Result<(), String> {
        if matches!(end, End::Done) && self.dice.random() {
            while server.commit() {}
            server.count()?;
            self.hear();
            server.keep();
            drop(server);
        }
        Ok(())
    }

    /// The process is gone. Its appends were answered, or never will be.
    fn die(&mut self) -> Result<(), String> {
        self.disk.lock().fate.die();
        for pending in std::mem::take(&mut self.pending) {
            self.settle(&pending, false);
        }
        if self.dice.random_range(0..3) == 0 {
            self.tally.kills += 1;
            return Ok(());
        }
        self.tally.power_cuts += 1;
        let cut = Cut::draw(&mut self.dice);
        self.disk.lock().cut(cut).map_err(|error| error.to_string())
    }

    /// The disk is whole again: the rest is delivered, and every number is what it would have been.
    fn the_end(&mut self) -> Result<(), String> {
        for last in [false, true] {
            self.disk.begin(Plan::default());
            let mut server = self.start()?.ok_or("it died on a whole disk")?;
            self.live(&mut server)?;
            if !server.is_writable() {
                return Err(
                    "the disk is whole, and the journal says that it cannot write".to_owned()
                );
            }
            server::set_time(self.end_ms);
            if last {
                self.judge_end(server)?;
            } else {
                // Nothing that was not synced is left.
                self.disk.lock().fate.die();
                drop(server);
                let mut disk = self.disk.lock();
                disk.cut(Cut::Chance(0)).map_err(|error| error.to_string())?;
            }
        }
        let journal = truth::read(&self.state, &self.scratch)?;
        self.oracle.judge(&journal)
    }

    fn judge_end(&mut self, mut server: Server) -> Result<(), String> {
        let told = |error| format!("in the end, against a day without faults: {error}");
        let mut wanted = undisturbed(self.sources.iter().flat_map(|source| &source.events));
        wanted.tick(self.end_ms);
        server.engine.tick(self.end_ms);
        same_figures(&server.engine, &wanted, &Window::ALL, self.seed).map_err(told)?;
        server.keep();
        drop(server);
        same_roll_ups(&self.state, &mut wanted).map_err(told)
    }
}
