//! A good channel beside each plugin that takes all it can get: nothing of it is lost or doubled, the
//! server does not grow, and the plugin's own limits say what was refused. How long the good one's
//! webhooks take is printed, and not judged: machines that run tests are busy.
//!
//! Each guest has a process of its own, so that its memory is not hidden in what another has left.

use std::env;
use std::time::{Duration, Instant};

use tablica::channel::reply::Reply;
use tablica::config::model::Channel;

use super::house::{House, channel};
use super::secrets::{following, way_out};
use crate::support::process::{Watched, resident_bytes, this_binary};
use crate::support::wait::{pass, until_so};

/// In it is the name of the guest that a process is for.
const GUEST_ENV: &str = "TABLICA_TEST_NEIGHBOUR";
/// Webhooks of the good channel before, and again beside the guest.
const DELIVERIES: usize = 300;
/// Between two of them.
pub(super) const PACE: Duration = Duration::from_millis(10);
/// So much may a server grow by one channel: its plugin's memory (16 MiB), what is on its way to the
/// disk (4 MiB), what one call gives, and the allocator's share.
pub(super) const GROWTH_BYTES_MAX: u64 = 64 << 20;

/// How a guest is used, and by what it is to be held up.
struct Row {
    name: &'static str,
    guest: &'static str,
    /// By the real way out, where nothing is granted that it asks for; else by a network that answers
    /// everything at once.
    goes_out: bool,
    first: &'static str,
    /// It has a webhook with each of the good one's, too: it does nothing by itself.
    is_fed: bool,
    /// All of them. Where it depends on the machine which of two is first, they stand together.
    limits: &'static [&'static str],
}

impl Row {
    const fn new(name: &'static str, guest: &'static str, limits: &'static [&'static str]) -> Self {
        Self { name, guest, goes_out: false, first: "x", is_fed: false, limits }
    }

    const fn going_out(mut self) -> Self {
        self.goes_out = true;
        self
    }

    const fn fed(mut self) -> Self {
        self.is_fed = true;
        self
    }

    const fn first(mut self, body: &'static str) -> Self {
        self.first = body;
        self
    }

    fn channel(&self) -> Channel {
        let mut bad = channel("bad", self.guest);
        if self.goes_out {
            // It may go to a port where nobody is.
            let granted = following("127.0.0.1:9");
            bad.plugin = format!("{}+fetching", self.guest);
            bad.grant_hosts = granted.grant_hosts;
            bad.grant_secrets = granted.grant_secrets;
        }
        // Of a test's build a call may take its time.
        bad.call_timeout = Duration::from_secs(2);
        bad
    }
}

const ROWS: [Row; 9] = [
    Row::new("fetch bomb", "fetch_bomb", &["commands", "fetches"]),
    Row::new("refused-fetch bomb", "fetch_bomb", &["commands", "fetches"]).going_out(),
    Row::new("event storm", "ticking", &["events|processor"]),
    Row::new("snapshot bloat", "snapshot_bloat", &["bytes|processor"]),
    Row::new("timer spin", "timer_spin", &["timers"]),
    Row::new("secret fishing", "following", &["wakes|processor"])
        .going_out()
        .first("https://bomb.example/{secret:other}"),
    // What a reply must not have is counted by itself.
    Row::new("HTML reply", "markup", &[]).fed(),
    Row::new("log flood", "chatty", &["log_lines"]).fed(),
    Row::new("connect bomb", "connect_bomb", &["commands", "links"]).going_out(),
];

pub(super) fn mib(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// What the good channel's webhooks took, and the most memory that was seen meanwhile.
pub(super) struct Load {
    pub(super) took: Vec<Duration>,
    pub(super) peak_bytes: u64,
}

impl Load {
    /// Median, and what one in a hundred takes longer than.
    pub(super) fn times(&mut self) -> String {
        self.took.sort_unstable();
        let at = |percent: usize| self.took[(self.took.len() - 1) * percent / 100];
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        format!("{:.2} / {:.2} ms", ms(at(50)), ms(at(99)))
    }
}

async fn good_load(house: &House, bodies: &[String]) -> Load {
    let mut load = Load { took: Vec::new(), peak_bytes: 0 };
    for body in bodies {
        let began = Instant::now();
        assert_eq!(house.deliver("good", body).await, Ok(Reply::default()), "{body}");
        load.took.push(began.elapsed());
        load.peak_bytes = load.peak_bytes.max(resident_bytes(std::process::id()));
        pass(PACE).await;
    }
    load
}

/// Webhooks of the guest's own network, one at the pace of the good one's.
async fn bad_load(house: &House, row: &Row) {
    // It may be held up for as long as it likes; nobody waits for it.
    let _ = house.deliver("bad", row.first).await;
    for n in 0.. {
        if !row.is_fed {
            return std::future::pending().await;
        }
        let _ = house.deliver("bad", &format!("bad-{n:03}")).await;
        pass(PACE).await;
    }
}

/// Run by [`each_guest_beside_a_good_one`], in a process for each guest; by itself it does nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_guest() {
    let Ok(name) = env::var(GUEST_ENV) else { return };
    let row = ROWS.iter().find(|row| row.name == name).expect("a guest of the table");
    let channels = vec![row.channel(), channel("good", "good")];
    let house = match row.goes_out {
        true => House::build_with(channels, Some(&way_out)),
        false => House::build(channels),
    };
    let house = house.unwrap();
    house.disk.forget("bad");
    let bodies: Vec<String> = (0..2 * DELIVERIES).map(|n| format!("good-{n:04}")).collect();

    let mut before = good_load(&house, &bodies[..DELIVERIES]).await;
    let memory = resident_bytes(std::process::id());
    let mut during = tokio::select! {
        during = good_load(&house, &bodies[DELIVERIES..]) => during,
        () = bad_load(&house, row) => unreachable!("it goes on"),
    };
    let hit = || {
        let limited = house.status("bad").limited;
        row.limits.iter().all(|either| either.split('|').any(|it| limited.contains_key(it)))
    };
    until_so("its limits", hit).await;

    let bad = house.status("bad");
    let refused: Vec<String> =
        bad.limited.iter().map(|(limit, times)| format!("{limit} {times}")).collect();
    // The harness has begun a line of its own.
    println!(
        "\n| {name} | {} | {} | {:.1} | {:.1} | {}; {} commands, {} replies | {} calls |",
        before.times(),
        during.times(),
        mib(memory),
        mib(during.peak_bytes),
        refused.join(", "),
        bad.commands_refused,
        bad.replies_changed,
        bad.calls,
    );

    let mut ids = house.disk.ids("good");
    ids.sort();
    assert_eq!(ids, bodies, "each of the good ones once");
    let good = house.status("good");
    assert!(good.limited.is_empty() && good.instances_lost == 0, "{good:?}");
    assert!(during.peak_bytes.saturating_sub(memory) < GROWTH_BYTES_MAX, "{name} grows");
    assert!(bad.calls > 1, "{name} did something");
    assert!(!row.limits.is_empty() || bad.replies_changed > 0, "{name} was held up");
    assert_eq!(bad.instances_lost, 0, "{name} is held up, not lost");
}

#[test]
fn each_guest_beside_a_good_one() {
    println!(
        "| guest | good one's p50 / p99 before | beside it | MiB before | most beside it | refused | |"
    );
    for row in &ROWS {
        let mut command = this_binary("hostile::neighbours::one_guest");
        let mut process = Watched::start(command.env(GUEST_ENV, row.name));
        let said: Vec<String> = std::iter::from_fn(|| process.line()).collect();
        let rows: Vec<&String> = said.iter().filter(|line| line.starts_with("| ")).collect();
        rows.iter().for_each(|row| println!("{row}"));
        assert!(process.wait().success(), "{}: {said:#?}", row.name);
        assert_eq!(rows.len(), 1, "{}: {said:#?}", row.name);
    }
}
