//! `cargo xtask demo`: a server on `./state` and a made-up contact center that talks to it.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::place::Place;
use crate::processes::{LOOK_EVERY, Running, StopSignal};
use crate::server;
use crate::site::Site;
use crate::step::Steps;
use crate::tools::which;

/// How big the made-up center is, as `tablica simulate` counts it, and its people: a little too
/// few, so that the wall has something to say.
const RATE: f64 = 3.0;
const STAFF_SHARE: f64 = 0.92;
/// The center believes that its morning peak begins, whenever the demo is started.
const TIME_OF_DAY: &str = "10:00";
/// The board that a browser is opened on.
const FLOOR: &str = "floor";
/// The boards, and whom each is for.
const BOARDS: [(&str, &str); 12] = [
    (FLOOR, "everybody on the floor"),
    ("phones", "who answers calls"),
    ("written", "who answers messengers, chats, mails, forms"),
    ("social", "the social-media team"),
    ("quality", "who looks after quality: ratings, complaints"),
    ("lead", "team leads: people and queues"),
    ("queue", "whoever leads one queue: choose which"),
    ("promises", "team leads: what was promised"),
    ("team", "a team: who waits, what breaks next, who is there"),
    ("week", "who plans shifts: the hours of the week"),
    ("management", "who decides"),
    ("health", "who runs the server"),
];
const START_WAIT: Duration = Duration::from_secs(60);
const STOP_WAIT: Duration = Duration::from_secs(20);

/// What the demo can be told.
#[derive(clap::Args)]
pub(crate) struct DemoArgs {
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
    /// Port of the wall and the API
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Port of /metrics
    #[arg(long, default_value_t = 9464)]
    admin_port: u16,
    /// Stop cleanly after so many seconds; default: until Ctrl-C
    #[arg(long = "for", value_name = "SECONDS")]
    seconds: Option<u64>,
    /// So many times as many contacts, and people to answer them
    #[arg(long, default_value_t = 1.0, value_name = "X")]
    speed: f64,
}

/// Builds, starts, waits, stops.
pub(crate) fn run(args: &DemoArgs, place: &Place, steps: &mut Steps) -> anyhow::Result<ExitCode> {
    for (port, option) in [(args.port, "--port"), (args.admin_port, "--admin-port")] {
        must_be_free(port, option)?;
    }
    let stop = StopSignal::listen()?;
    println!("Tablica demo");
    let binary = server::build(place, steps)?;
    if stop.came() {
        bail!("stopped before the server was started");
    }
    let site = Site::prepare(place)?;

    let mut running =
        Running::start("server", &mut serve(args, place, &binary, &site), &site.logs)?;
    wait_until_ready(args.port, &mut running, &stop)?;
    let mut traffic =
        Running::start("traffic", &mut simulate(args, place, &binary, &site), &site.logs)?;
    announce(args, &site);
    if !args.no_open {
        open_browser(&wall(args.port, FLOOR));
    }

    let lasted = watch(args, &stop, &mut [&mut running, &mut traffic])?;
    println!("stopping");
    // The traffic first: what it has sent is still taken in.
    let both_well = [traffic.stop(STOP_WAIT)?, running.stop(STOP_WAIT)?];
    if lasted && both_well == [true, true] {
        println!("stopped cleanly; the next run goes on where this one ended");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

fn must_be_free(port: u16, option: &str) -> anyhow::Result<()> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop).with_context(|| {
        format!(
            "port {port} is taken (by a demo that still runs?); stop that program or choose \
             another with {option}"
        )
    })
}

fn serve(args: &DemoArgs, place: &Place, binary: &Path, site: &Site) -> Command {
    let mut command = place.command(binary.as_os_str());
    command
        .args(["serve", "--config"])
        .arg(&site.config)
        .env("TABLICA_SERVER__LISTEN", format!("127.0.0.1:{}", args.port))
        .env("TABLICA_SERVER__ADMIN_LISTEN", format!("127.0.0.1:{}", args.admin_port))
        .envs(site.secrets.iter().map(|(name, secret)| (name, secret)));
    command
}

fn simulate(args: &DemoArgs, place: &Place, binary: &Path, site: &Site) -> Command {
    let door = |channel| format!("http://127.0.0.1:{}/in/{channel}", args.port);
    let rate = RATE * args.speed;
    let mut command = place.command(binary.as_os_str());
    command
        .args(["simulate", "--telegram", &door("telegram")])
        .args(["--telegram-secret-env", Site::TELEGRAM_SECRET])
        .args(["--webform", &door("webform")])
        .args(["--webform-secret-env", Site::WEBFORM_SECRET])
        .args(["--networks", &door("")])
        .args(["--networks-secret-env", Site::NETWORKS_SECRET])
        .arg("--queue-log")
        .arg(&site.queue_log)
        .args(["--as-if", TIME_OF_DAY])
        .args(["--warm-up", &format!("{}s", site.warm_up.as_secs())])
        .args(["--rate", &rate.to_string()])
        .args(["--staff", &(rate * STAFF_SHARE).to_string()])
        .envs(site.secrets.iter().map(|(name, secret)| (name, secret)));
    command
}

fn wait_until_ready(port: u16, running: &mut Running, stop: &StopSignal) -> anyhow::Result<()> {
    let begun = Instant::now();
    loop {
        if let Some(status) = running.ended()? {
            running.tell(&format!("did not start ({status})"));
            bail!("the server did not start");
        }
        if is_ready(port) {
            println!("  ✓ server ready after {} ms", begun.elapsed().as_millis());
            return Ok(());
        }
        if stop.came() {
            bail!("stopped before the server was ready");
        }
        if begun.elapsed() > START_WAIT {
            running.tell(&format!("is not ready after {} s", START_WAIT.as_secs()));
            bail!("the server did not become ready");
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

/// Asks `/readyz`.
fn is_ready(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let ask = || -> std::io::Result<String> {
        let timeout = Duration::from_secs(2);
        let mut connection = TcpStream::connect_timeout(&address, timeout)?;
        connection.set_read_timeout(Some(timeout))?;
        connection
            .write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        connection.take(4096).read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.split(' ').nth(1) == Some("200"))
}

fn announce(args: &DemoArgs, site: &Site) {
    let (port, admin) = (args.port, args.admin_port);
    println!();
    for (board, audience) in BOARDS {
        let address = wall(port, board);
        let begin = if board == FLOOR { "walls" } else { "" };
        println!("  {begin:<8} {address:<40} {audience}");
    }
    println!("  API      http://127.0.0.1:{port}/api/v1/kpis");
    println!("  metrics  http://127.0.0.1:{admin}/metrics");
    println!("  config   {}", site.config.display());
    println!("  logs     {}", site.logs.display());
    println!();
    match args.seconds {
        Some(seconds) => println!("runs for {seconds} s"),
        None => println!("Ctrl-C stops it"),
    }
}

fn wall(port: u16, board: &str) -> String {
    format!("http://127.0.0.1:{port}/wall/{board}")
}

fn open_browser(address: &str) {
    let opener = ["xdg-open", "open"].into_iter().find(|program| which(program).is_some());
    let Some(opener) = opener else { return };
    // No browser is no failure: the address stands above.
    let _ = Command::new(opener)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}

/// Waits for the end of the demo. False when a program ended before.
fn watch(
    args: &DemoArgs,
    stop: &StopSignal,
    programs: &mut [&mut Running],
) -> anyhow::Result<bool> {
    let begun = Instant::now();
    let enough = args.seconds.map(Duration::from_secs);
    while !stop.came() && enough.is_none_or(|enough| begun.elapsed() < enough) {
        for program in programs.iter_mut() {
            if let Some(status) = program.ended()? {
                program.tell(&format!("ended by itself ({status})"));
                return Ok(false);
            }
        }
        std::thread::sleep(LOOK_EVERY);
    }
    Ok(true)
}
