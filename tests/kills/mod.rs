//! kill -9 of a real server that has everything to do at once: webhooks, a log that is followed, a
//! poll, bad input, annotations, snapshots, roll-ups, rotated keys and logs, changes of the day.
//!
//! Whatever was acknowledged is counted once, after every kill. A few kills are a scenario; a
//! thousand, and hours of them, are `cargo xtask torture --part kills`.

mod ledger;
mod moments;
mod network;
mod oracle;
mod replayed;
mod site;
mod table;
mod traffic;
mod words;

use std::collections::BTreeMap;
use std::env;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::time::Instant;

use self::ledger::Ledger;
use self::moments::{Deck, Moment};
use self::network::Network;
use self::site::{Place, Victim};
use self::traffic::Traffic;

/// How it is told what to do: see `cargo xtask torture --help`.
const KILLS: &str = "TABLICA_TORTURE_KILLS";
const SEED: &str = "TABLICA_TORTURE_SEED";
const HOURS: &str = "TABLICA_TORTURE_HOURS";
/// Kills in the scenario, and its seed.
const FEW: Plan = Plan { kills: 25, seed: 17, checked_every: 12, day_every: 13, until: None };
/// Everything is compared after so many kills, and the day changes.
const CHECKED_EVERY: u64 = 25;
const DAY_EVERY: u64 = 40;
/// The day changes within it, counted from the start of a process.
const MIDNIGHT_MS: std::ops::Range<u64> = 1_500..4_000;

/// How many kills, which ones, and how often everything is compared.
struct Plan {
    kills: u64,
    seed: u64,
    checked_every: u64,
    day_every: u64,
    /// Goes on until then, however many kills that are.
    until: Option<Instant>,
}

/// The site, the network that is polled, and the books.
struct Run {
    place: Place,
    network: Arc<Network>,
    ledger: Arc<Mutex<Ledger>>,
    starts: Mutex<Vec<Duration>>,
    /// Kills by their moment; those whose moment did not come.
    kills: Mutex<BTreeMap<Moment, (u64, u64)>>,
}

impl Run {
    async fn new() -> Arc<Self> {
        let ledger = Arc::new(Mutex::new(Ledger::default()));
        let (network, address) = Network::open(Arc::clone(&ledger)).await;
        let place = Place::new(address);
        Arc::new(Self { place, network, ledger, starts: Mutex::default(), kills: Mutex::default() })
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().expect("the ledger")
    }

    /// How long starts take of late.
    fn usual_start(&self) -> Duration {
        let starts = self.starts.lock().expect("starts");
        starts.last().copied().unwrap_or(Duration::from_secs(1))
    }

    async fn ready(&self, victim: &mut Victim) -> Result<(), String> {
        let took = victim.ready(&self.place).await?;
        self.starts.lock().expect("starts").push(took);
        Ok(())
    }

    /// A server lives until the moment comes.
    async fn live_and_die(
        self: &Arc<Self>,
        moment: Moment,
        random: &mut StdRng,
    ) -> Result<(), String> {
        if moment == Moment::DayChange {
            let away = Duration::from_millis(random.random_range(MIDNIGHT_MS));
            self.place.bring_midnight(away);
        }
        let mut victim = self.place.start();
        let traffic = Traffic::start(self, random);
        let ready = match moment {
            Moment::Starting => Ok(()),
            _ => self.ready(&mut victim).await,
        };
        let mut came = false;
        if ready.is_ok() {
            let rotated = (moment == Moment::Keys).then(|| self.rotate_keys());
            came = moment.wait(self, random).await;
            if let Some(rotated) = rotated {
                came &= rotated.await.map_err(|error| error.to_string())??;
            }
        }
        let log = victim.log();
        let killed = victim.kill();
        traffic.end().await;
        ready.and(killed).map_err(|error| format!("{}: {error}\n{log}", moment.name()))?;
        let mut kills = self.kills.lock().expect("kills");
        let (came_so_often, missed) = kills.entry(moment).or_default();
        *if came { came_so_often } else { missed } += 1;
        Ok(())
    }

    /// Beside the server; it takes the new key up within seconds.
    fn rotate_keys(self: &Arc<Self>) -> tokio::task::JoinHandle<Result<bool, String>> {
        let run = Arc::clone(self);
        tokio::task::spawn_blocking(move || {
            let arguments = ["key", "rotate", "--force", "--overlap", "1d"];
            replayed::output(&mut run.place.tablica(&arguments))?;
            run.ledger().key_rotations += 1;
            Ok(true)
        })
    }

    /// A server takes everything that is owed; all of it is compared. It is killed again.
    async fn check(self: &Arc<Self>) -> Result<(), String> {
        let mut victim = self.place.start();
        self.ready(&mut victim).await?;
        let checked = oracle::check(self).await;
        checked.map_err(|error| format!("{error}\n{}", victim.log()))?;
        victim.kill()
    }

    /// The last server: compared as all before, then with the commands, the roll-ups and a fold.
    async fn finish(self: &Arc<Self>) -> Result<table::End, String> {
        let mut victim = self.place.start();
        self.ready(&mut victim).await?;
        oracle::check(self).await?;
        let replayed = replayed::compare(self).await?;
        let status = victim.stop()?;
        if !status.success() {
            return Err(format!("the last server ended with {status}"));
        }
        replayed::check_journal(self)?;
        let roll_ups = oracle::roll_ups(self)?;
        let quarantined_again = oracle::quarantine(self)?;
        Ok(table::End { replayed, roll_ups, quarantined_again })
    }
}

/// Carries a plan out; the table of what was found.
async fn torture(plan: Plan) {
    let run = Run::new().await;
    let begun = Instant::now();
    let mut random = StdRng::seed_from_u64(plan.seed);
    let mut moments = Deck::default();
    let mut kill = 0;
    let outcome = async {
        loop {
            let is_over = plan.until.map_or(kill >= plan.kills, |until| Instant::now() >= until);
            if is_over {
                return run.finish().await;
            }
            kill += 1;
            let changes_day = kill % plan.day_every == 0;
            if changes_day {
                // What is owed belongs to the day that ends.
                run.check().await?;
            }
            let moment = if changes_day { Moment::DayChange } else { moments.draw(&mut random) };
            run.live_and_die(moment, &mut random).await?;
            if kill % plan.checked_every == 0 {
                run.check().await?;
                println!("{}", table::line(&run, kill, begun.elapsed()));
            }
        }
    }
    .await;
    match outcome {
        Ok(end) => println!("{}", table::whole(&run, &end, begun.elapsed())),
        Err(error) => {
            let (seed, kept) = (plan.seed, run.place.keep());
            panic!("after {kill} kills, seed {seed}, state in {}:\n{error}", kept.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn at_any_moment_with_all_doors_open_nothing_is_lost_and_nothing_counts_twice() {
    torture(FEW).await;
}

/// A thousand of them: `cargo xtask torture --part kills`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes an hour: cargo xtask torture --part kills"]
async fn as_many_as_one_likes() {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<f64>().ok());
    let hours = number(HOURS).map(|hours| Duration::from_secs_f64(hours * 3600.0));
    let plan = Plan {
        kills: number(KILLS).map_or(1000, |kills| kills as u64),
        seed: number(SEED).map_or(FEW.seed, |seed| seed as u64),
        checked_every: CHECKED_EVERY,
        day_every: DAY_EVERY,
        until: hours.map(|hours| Instant::now() + hours),
    };
    torture(plan).await;
}
