//! Rows on what a floor full of walls costs: many screens on many boards, a screen that takes nothing,
//! all screens coming back at once; and beside it servers that tell every screen of every event.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use anyhow::ensure;
use tokio::net::TcpStream;

use crate::glass::{self, Of, Screens};
use crate::lags::{Lags, quantile};
use crate::load::{self, Template};
use crate::process::cpu_ns;
use crate::screens::settled_bytes;
use crate::server::{Server, TOKEN};
use crate::table::{Row, median};

const SCREENS: usize = 500;
const BOARDS: usize = 6;
const EVENTS_PER_SECOND: u64 = 2000;
const ROUND: Duration = Duration::from_secs(5);
const WARM_UP: Duration = Duration::from_secs(2);
/// The number of a screen that takes nothing: behind all others.
const STALLED: usize = 5000;
const STORM: usize = 1000;
/// Few enough for servers that send each event to each screen.
const FEW_SCREENS: usize = 100;
const FEW_EVENTS_PER_SECOND: u64 = 200;

const P99_MAX_MS: f64 = 500.0;
const CORE_PERCENT_MAX: f64 = 15.0;
const STALLED_MIB_MAX: f64 = 1.0;
const STORM_SECONDS_MAX: f64 = 5.0;

/// A server with the floor's board under six names.
fn six_boards() -> anyhow::Result<(Server, Vec<String>, tempfile::TempDir)> {
    let boards = tempfile::tempdir()?;
    let floor = Path::new(env!("CARGO_MANIFEST_DIR")).join("dashboards/boards/floor.toml");
    let names: Vec<String> = (1..=BOARDS).map(|number| format!("floor-{number}")).collect();
    for name in &names {
        std::fs::copy(&floor, boards.path().join(format!("{name}.toml")))?;
    }
    let server = Server::with(&format!(
        r#"
[server]
listen = "127.0.0.1:0"
admin_listen = "127.0.0.1:0"
state_dir = "state"
screens_max = 4000

[boards]
dir = "{}"

[channel.telegram]
plugin = "telegram"
queue = "messages"
secret = {{ env = "BENCH_TOKEN" }}
"#,
        boards.path().display()
    ))?;
    Ok((server, names, boards))
}

/// A load of customers' messages that notes when each was accepted.
struct Load {
    template: Arc<Template>,
    ids: Arc<AtomicU64>,
    lags: Arc<Lags>,
}

impl Load {
    fn new() -> Self {
        let template = Arc::new(Template::telegram("/in/telegram", TOKEN));
        Self { template, ids: Arc::default(), lags: Arc::default() }
    }

    /// Runs for a while; the processor time that the server spent, in shares of one core.
    async fn share(
        &self,
        server: &Server,
        per_second: u64,
        length: Duration,
    ) -> anyhow::Result<f64> {
        let (before, begun) = (cpu_ns(server.pid()), Instant::now());
        let (template, ids, lags) = (&self.template, &self.ids, &self.lags);
        load::steady_noted(server.address, template, ids, per_second, length, lags).await?;
        let spent = (cpu_ns(server.pid()) - before) as f64 / 1e9;
        Ok(spent / begun.elapsed().as_secs_f64())
    }
}

/// Many screens on six boards under load, against the same load without screens; then with one screen
/// that never reads.
pub(crate) async fn many_screens(rounds: usize) -> anyhow::Result<Vec<Row>> {
    let (quiet, ..) = six_boards()?;
    let (busy, names, _boards) = six_boards()?;
    let (quiet_load, busy_load) = (Load::new(), Load::new());
    let mut screens = Screens::of(Of::Pages).on(names.clone()).noting(&busy_load.lags);
    screens.open(busy.address, SCREENS).await?;
    busy_load.share(&busy, EVENTS_PER_SECOND, WARM_UP).await?;
    quiet_load.share(&quiet, EVENTS_PER_SECOND, WARM_UP).await?;
    busy_load.lags.take();

    let (mut shares, mut p50s, mut p99s) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let without = quiet_load.share(&quiet, EVENTS_PER_SECOND, ROUND).await?;
        let with = busy_load.share(&busy, EVENTS_PER_SECOND, ROUND).await?;
        let lags = busy_load.lags.take();
        ensure!(!lags.is_empty(), "no screen was told of what was accepted");
        shares.push(with - without);
        p50s.push(milliseconds(quantile(&lags, 0.5)));
        p99s.push(milliseconds(quantile(&lags, 0.99)));
    }
    let (percent, p99) = (median(shares) * 100.0, median(p99s));
    let load = format!("{SCREENS} screens on {BOARDS} boards at {EVENTS_PER_SECOND} events/s");
    let mut rows = vec![
        Row {
            what: format!("{load}: from accepted to on the screen's socket, p99"),
            ours: format!("{p99:.0} ms, median {:.0} ms", median(p50s)),
            against: String::from("the moment of the answer 200"),
            figure: p99,
            figure_text: format!("{p99:.0} ms"),
            limit: Some(P99_MAX_MS),
        },
        Row {
            what: format!("{load}: fan-out"),
            ours: format!("{percent:.1} % of a core"),
            against: String::from("the same load without screens"),
            figure: percent,
            figure_text: format!("{percent:.1} %"),
            limit: Some(CORE_PERCENT_MAX),
        },
    ];

    let path = format!("/ws/v1/boards/{}", names[0]);
    let memory = settled_bytes(busy.pid()).await;
    let mut p99s_beside = Vec::new();
    let (stalled, _) = glass::connect(busy.address, STALLED, &path, Of::Tablica).await?;
    for _ in 0..rounds {
        busy_load.share(&busy, EVENTS_PER_SECOND, ROUND).await?;
        p99s_beside.push(milliseconds(quantile(&busy_load.lags.take(), 0.99)));
    }
    rows.extend(beside_stalled(&busy, memory, p99, median(p99s_beside), stalled).await);
    Ok(rows)
}

/// What a screen that takes nothing costs in memory, and what the others notice of it.
async fn beside_stalled(
    server: &Server,
    memory_before: u64,
    p99_without: f64,
    p99_beside: f64,
    stalled: TcpStream,
) -> [Row; 2] {
    let with = settled_bytes(server.pid()).await;
    drop(stalled);
    let without = settled_bytes(server.pid()).await;
    // What the load itself has left is still there when the screen is gone.
    let mib = with.saturating_sub(without.max(memory_before)) as f64 / 1024.0 / 1024.0;
    let ratio = p99_beside / p99_without;
    [
        Row {
            what: String::from("a screen that reads nothing: memory that it holds"),
            ours: format!("{mib:.2} MiB"),
            against: String::from("the same server when it is gone"),
            figure: mib,
            figure_text: format!("{mib:.2} MiB"),
            limit: Some(STALLED_MIB_MAX),
        },
        Row {
            what: String::from("a screen that reads nothing: p99 of the others"),
            ours: format!("{p99_beside:.0} ms"),
            against: format!("{p99_without:.0} ms before it came"),
            figure: ratio,
            figure_text: format!("{ratio:.2}×"),
            limit: Some(1.25),
        },
    ]
}

/// All screens come back at the same moment.
pub(crate) async fn storm(rounds: usize) -> anyhow::Result<Row> {
    let (server, names, _boards) = six_boards()?;
    let mut screens = Screens::of(Of::Pages).on(names);
    let mut seconds = Vec::new();
    for _ in 0..rounds {
        screens.open(server.address, STORM).await?;
        screens.hang_up().await;
        let begun = Instant::now();
        screens.storm(server.address, STORM).await?;
        seconds.push(begun.elapsed().as_secs_f64());
        screens.hang_up().await;
    }
    let seconds = median(seconds);
    Ok(Row {
        what: format!("{STORM} screens that reconnect at once, until each has its picture"),
        ours: format!("{seconds:.2} s"),
        against: String::from("the moment that they begin"),
        figure: seconds,
        figure_text: format!("{seconds:.2} s"),
        limit: Some(STORM_SECONDS_MAX),
    })
}

/// Processor time of the fan-out, against servers on Node that send each event to each screen. None
/// where npm could not get them.
pub(crate) async fn against_each_event(rounds: usize) -> anyhow::Result<Vec<Row>> {
    let Ok(modules) = std::env::var("TABLICA_BENCH_NODE_MODULES") else {
        eprintln!("  not compared: Socket.IO and ws are not installed");
        return Ok(Vec::new());
    };
    let mut rows = Vec::new();
    for (kind, of, name) in [("socket.io", Of::SocketIo, "Socket.IO"), ("ws", Of::Ws, "ws")] {
        let ours = (Server::tablica()?, Server::tablica()?, Of::Pages);
        let theirs = (Server::each_event(kind, &modules)?, Server::each_event(kind, &modules)?, of);
        let (mut ours_us, mut theirs_us, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let mut sides = Vec::new();
        for (quiet, busy, of) in [ours, theirs] {
            let mut screens = Screens::of(of);
            screens.open(busy.address, FEW_SCREENS).await?;
            sides.push((quiet, busy, screens, Load::new()));
        }
        for _ in 0..rounds {
            let mut spent = [0.0; 2];
            for ((quiet, busy, screens, load), spent) in sides.iter().zip(&mut spent) {
                let frames = screens.frames();
                let without = load.share(quiet, FEW_EVENTS_PER_SECOND, ROUND).await?;
                let with = load.share(busy, FEW_EVENTS_PER_SECOND, ROUND).await?;
                ensure!(screens.frames() > frames, "no frame reached a screen");
                *spent = (with - without) * 1e6 / FEW_EVENTS_PER_SECOND as f64;
            }
            ours_us.push(spent[0]);
            theirs_us.push(spent[1]);
            ratios.push(spent[0] / spent[1]);
        }
        let ratio = median(ratios);
        rows.push(Row {
            what: format!(
                "fan-out to {FEW_SCREENS} screens at {FEW_EVENTS_PER_SECOND} events/s, against {name}"
            ),
            ours: format!("{:.0} µs CPU per event", median(ours_us)),
            against: format!("{name} emitting each event: {:.0} µs", median(theirs_us)),
            figure: ratio,
            figure_text: format!("{ratio:.2}×"),
            limit: None,
        });
    }
    Ok(rows)
}

fn milliseconds(length: Duration) -> f64 {
    length.as_secs_f64() * 1000.0
}
