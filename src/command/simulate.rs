//! `tablica simulate`: a contact center's traffic through the doors of a running server.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::Args;
use clap::builder::PossibleValuesParser;
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};

use crate::app::StopSignal;
use crate::clock;
use crate::config::model::Secret;
use crate::event::UnixMs;
use crate::simulate::door::Door;
use crate::simulate::dry_run;
use crate::simulate::networks::{NETWORKS, Network};
use crate::simulate::run::{Play, play};
use crate::simulate::sender::{Targets, Webhook};
use crate::simulate::sign::Sign;
use crate::simulate::traffic::{Scenario, Size, Traffic};

/// Send a made-up contact center's traffic: webhooks over HTTP, in the shape and with the signature of
/// each network, and lines appended to an Asterisk queue_log. The same seed and start give the same bytes.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Post Telegram updates here, e.g. http://127.0.0.1:8080/in/telegram
    #[arg(long, value_name = "URL", requires = "telegram_secret_env")]
    telegram: Option<String>,
    /// Environment variable with the channel's secret token
    #[arg(long, value_name = "NAME")]
    telegram_secret_env: Option<String>,
    /// Post web forms here, e.g. http://127.0.0.1:8080/in/webform
    #[arg(long, value_name = "URL", requires = "webform_secret_env")]
    webform: Option<String>,
    /// Environment variable with the secret that signs web forms
    #[arg(long, value_name = "NAME")]
    webform_secret_env: Option<String>,
    /// Post the other networks below this address, each to a channel of its name, e.g.
    /// http://127.0.0.1:8080/in/
    #[arg(long, value_name = "URL", requires = "networks_secret_env")]
    networks: Option<String>,
    /// Environment variable with the secret of these channels; each network signs with it in its own way
    #[arg(long, value_name = "NAME")]
    networks_secret_env: Option<String>,
    /// Of the other networks only these
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', value_parser = names())]
    only: Vec<String>,
    /// Append the phones' lines to this file
    #[arg(long, value_name = "FILE")]
    queue_log: Option<PathBuf>,

    /// What decides the traffic, together with --start
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// First simulated moment, e.g. 2026-11-23T08:00:00Z; default: now, less the warm-up
    #[arg(long, value_name = "TIME")]
    start: Option<Timestamp>,
    /// Time of day that the center believes it is at the start, e.g. 10:15; default: UTC
    #[arg(long, value_name = "HH:MM")]
    as_if: Option<Time>,
    /// Simulated seconds per second; more than 1 needs a --start in the past
    #[arg(long, default_value_t = 1.0, value_name = "X")]
    speed: f64,
    /// Simulated time to play after the warm-up, e.g. 90s, 10m, 8h; default: until stopped
    #[arg(long, value_parser = duration)]
    duration: Option<Duration>,
    /// Simulated time that is sent at once before, e.g. 20m
    #[arg(long, value_parser = duration, default_value = "0s")]
    warm_up: Duration,
    /// Contacts, as a multiple of a center with 24 agents on the phones
    #[arg(long, default_value_t = 1.0, value_name = "X")]
    rate: f64,
    /// People, as a multiple; default: as many as the rate needs
    #[arg(long, value_name = "X")]
    staff: Option<f64>,
    /// Write the traffic of all networks (see --only) to files in this folder and send nothing
    #[arg(long, value_name = "DIR", requires_all = ["start", "duration"])]
    dry_run: Option<PathBuf>,
}

/// Plays until the duration is over, or SIGINT or SIGTERM. Fails when a door refused anything.
pub fn run(args: &Arguments) -> anyhow::Result<ExitCode> {
    super::runtime()?.block_on(send(args))
}

async fn send(args: &Arguments) -> anyhow::Result<ExitCode> {
    let stop = StopSignal::listen()?;
    for (name, value) in
        [("--speed", args.speed), ("--rate", args.rate), ("--staff", args.staff.unwrap_or(1.0))]
    {
        ensure!(value.is_finite() && value > 0.0, "{name} must be a number above 0, not {value}");
    }
    ensure!(
        args.speed <= 1.0 || args.start.is_some() || args.dry_run.is_some(),
        "--speed {} runs into the future from now, and no network writes that; begin in the past \
         with --start, or let more happen with --rate",
        args.speed
    );
    let plan = plan(args);
    if let Some(dir) = &args.dry_run {
        let doors = plan.scenario.doors.iter().copied();
        let written = dry_run::write(Traffic::new(&plan.scenario), doors, plan.end_ms(), dir)
            .with_context(|| format!("writing the traffic to {}", dir.display()))?;
        println!("simulate: {written} messages written to {}", dir.display());
        return Ok(ExitCode::SUCCESS);
    }
    let targets = targets(args)?;
    let totals = play(&plan, targets, stop.wait(None), |news| println!("simulate: {news}")).await?;
    Ok(if totals.refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn plan(args: &Arguments) -> Play {
    let all = args.dry_run.is_some();
    let mut doors = BTreeSet::new();
    for (door, is_there) in [
        (Door::QUEUE_LOG, args.queue_log.is_some()),
        (Door::TELEGRAM, args.telegram.is_some()),
        (Door::WEBFORM, args.webform.is_some()),
    ] {
        doors.extend((all || is_there).then_some(door));
    }
    if all || args.networks.is_some() {
        doors.extend(networks(args).map(|network| network.door));
    }
    let scenario = Scenario {
        seed: args.seed,
        start_ms: args.start.map_or_else(|| before_now(args.warm_up), Timestamp::as_millisecond),
        as_if_minute: args.as_if.map(|time| i64::from(time.hour()) * 60 + i64::from(time.minute())),
        size: Size { rate: args.rate, staff: args.staff.unwrap_or(args.rate) },
        doors,
    };
    Play { scenario, warm_up: args.warm_up, speed: args.speed, duration: args.duration }
}

/// Those that `--only` names, else all.
fn networks(args: &Arguments) -> impl Iterator<Item = &'static Network> {
    NETWORKS.iter().filter(|network| {
        args.only.is_empty() || args.only.iter().any(|name| name == network.door.name())
    })
}

fn names() -> PossibleValuesParser {
    PossibleValuesParser::new(NETWORKS.iter().map(|network| network.door.name()))
}

fn before_now(warm_up: Duration) -> UnixMs {
    clock::now_ms() - i64::try_from(warm_up.as_millis()).unwrap_or(0)
}

fn targets(args: &Arguments) -> anyhow::Result<Targets> {
    let mut webhooks = BTreeMap::new();
    let token = Sign::Token("X-Telegram-Bot-Api-Secret-Token");
    for (door, sign, url, secret) in [
        (Door::TELEGRAM, token, &args.telegram, &args.telegram_secret_env),
        (Door::WEBFORM, Sign::sha256("X-Signature"), &args.webform, &args.webform_secret_env),
    ] {
        if let (Some(url), Some(name)) = (url, secret) {
            let secret = secret_of(name, url)?;
            webhooks.insert(door, Webhook { url: url.clone(), sign, secret });
        }
    }
    if let (Some(url), Some(name)) = (&args.networks, &args.networks_secret_env) {
        let secret = secret_of(name, url)?;
        webhooks.extend(networks(args).map(|network| {
            let url = format!("{}/{}", url.trim_end_matches('/'), network.door);
            (network.door, Webhook { url, sign: network.sign, secret: secret.clone() })
        }));
    }
    let targets = Targets { webhooks, queue_log: args.queue_log.clone() };
    if targets.doors().next().is_none() {
        bail!(
            "no door to send by: give at least one of --telegram, --webform, --networks, --queue-log"
        );
    }
    Ok(targets)
}

fn secret_of(name: &str, url: &str) -> anyhow::Result<Secret> {
    let secret = std::env::var(name)
        .with_context(|| format!("the environment variable {name} has no secret for {url}"))?;
    Ok(Secret::new(secret))
}

fn duration(text: &str) -> Result<Duration, String> {
    let wanted = "a length of time such as 90s, 10m or 8h";
    let length: SignedDuration = text.parse().map_err(|_| format!("expected {wanted}"))?;
    length.try_into().map_err(|_| format!("expected {wanted}, not a negative one"))
}
