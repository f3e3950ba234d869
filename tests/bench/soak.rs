//! `cargo xtask torture --part soak`: a server under steady load for as long as one likes. Each
//! minute a line, and at the end whether memory grew, and that nothing was lost.
//!
//! Contacts come, are answered and resolved by two signed webhooks; customers come again. What the
//! server remembers on purpose (duplicates, contacts that may be reopened, customers) it remembers
//! for minutes here. What it shows it remembers, too: the last hour in small steps, until the quarter
//! of an hour after it is over. So memory rises for 75 minutes; a soak that goes on with the state
//! of an earlier one (`--state`) begins behind that, and whatever still grows then grows for no reason.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at};

use crate::contacts::{self, Senders};
use crate::glass::{Of, Screens};
use crate::process::{machine, resident_bytes};
use crate::scrape::Scrape;
use crate::server::{Server, TOKEN};
use crate::soak_table::{Minute, Table};

/// How often memory is read, and a line is printed.
const READ_EVERY: Duration = Duration::from_secs(5);
const LINE_EVERY: Duration = Duration::from_secs(60);
/// Everything acknowledged is counted by then.
const COUNTED_WITHIN: Duration = Duration::from_secs(60);
/// Limits that must not be hit by a load that is within all of them.
const CONFIG: &str = r#"
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
state_dir = "state"

[contacts]
idle_gap = "2m"
duplicate_window = "2m"
repeat_within = "2m"
reopen_within = "2m"

[channel.telegram]
plugin = "telegram"
queue = "messages"
secret = { env = "BENCH_TOKEN" }

[channel.webform]
plugin = "webform"
secret = { env = "BENCH_TOKEN" }
"#;

/// What to do for how long.
#[derive(clap::Args)]
pub(crate) struct SoakArguments {
    /// Put a server under steady load instead of measuring rows.
    #[arg(long, hide = true)]
    pub(crate) soak: bool,
    /// With --soak: for how long.
    #[arg(long, hide = true, default_value_t = 60.0)]
    minutes: f64,
    /// With --soak: events a second.
    #[arg(long, hide = true, default_value_t = 2000)]
    rate: u64,
    /// With --soak: screens that read and acknowledge.
    #[arg(long, hide = true, default_value_t = 300)]
    screens: usize,
    /// With --soak: the server's state, which stays for the next soak.
    #[arg(long, hide = true)]
    state: Option<PathBuf>,
}

/// Runs it. Fails where something was lost, not where memory grew: that is said.
pub(crate) async fn run(arguments: &SoakArguments) -> anyhow::Result<()> {
    let length = Duration::try_from_secs_f64(arguments.minutes * 60.0)
        .context("--minutes is no length of time")?;
    ensure!(length >= READ_EVERY * 3, "--minutes must be at least a quarter of a minute");
    let server = Server::with_state(CONFIG, arguments.state.as_deref())?;
    let admin = server.admin.context("the server says where its metrics are")?;
    let mut screens = Screens::of(Of::Pages);
    screens.open(server.address, arguments.screens).await?;
    println!(
        "{} s at {} events/s, {} screens; {}\n",
        length.as_secs(),
        arguments.rate,
        arguments.screens,
        machine()
    );
    let before = counted_now(admin)?;
    let tally = Arc::new(contacts::Tally::default());
    let begun = Instant::now();
    let senders = Senders::start(server.address, TOKEN, arguments.rate, begun + length, &tally);
    let mut table = Table::new();
    println!("{}", Table::HEAD);
    let mut read = interval(READ_EVERY);
    read.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut line = interval_at(begun + LINE_EVERY, LINE_EVERY);
    let all_sent = senders.finish();
    tokio::pin!(all_sent);
    let mut is_sent = false;
    while !is_sent {
        let mut is_line = false;
        tokio::select! {
            done = &mut all_sent => {
                done?;
                is_sent = true;
            }
            _ = read.tick() => {
                table.memory(begun.elapsed(), resident_bytes(server.pid()));
                continue;
            }
            _ = line.tick() => is_line = true,
        }
        // The rest of a minute gets its line, too, unless it was a whole one.
        if is_line || table.since_last(begun.elapsed()) > READ_EVERY {
            let scrape = Scrape::of(admin)?;
            let minute = Minute {
                at: begun.elapsed(),
                resident: resident_bytes(server.pid()),
                acknowledged: tally.acknowledged(),
                times_us: tally.take_times(),
                screens: scrape.sum("tablica_screens"),
                frames: scrape.sum("tablica_screen_frames_total"),
                limits: scrape.limits(),
            };
            println!("{}", table.line(minute));
        }
    }
    let counted = counted(admin, before, &tally).await?;
    println!("{}", table.end(&tally, counted, screens.open_now(), screens.painted()));
    ensure!(tally.sent() == tally.acknowledged(), "not everything sent was acknowledged");
    ensure!(counted == tally.in_all(), "acknowledged {:?}, counted {counted:?}", tally.in_all());
    Ok(())
}

/// What the server has counted, as soon as it is what was acknowledged, or else when the time is
/// up: events less those that came again, and contacts.
async fn counted(
    admin: SocketAddr,
    before: contacts::InAll,
    tally: &contacts::Tally,
) -> anyhow::Result<contacts::InAll> {
    let end = Instant::now() + COUNTED_WITHIN;
    let mut look = interval(Duration::from_millis(250));
    loop {
        look.tick().await;
        let now = counted_now(admin)?;
        let counted = contacts::InAll {
            events: now.events - before.events,
            contacts: now.contacts - before.contacts,
        };
        if counted == tally.in_all() || Instant::now() > end {
            return Ok(counted);
        }
    }
}

fn counted_now(admin: SocketAddr) -> anyhow::Result<contacts::InAll> {
    let scrape = Scrape::of(admin)?;
    Ok(contacts::InAll {
        events: scrape.sum("tablica_events_total") - scrape.sum("tablica_events_duplicate_total"),
        contacts: scrape.sum("tablica_offered_total"),
    })
}
