//! Rows on what a wall costs its screen, measured in a real Chromium: `page.mjs`.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::load::{self, Template};
use crate::server::{Server, TOKEN};
use crate::table::Row;

/// What a busy floor does: each event changes tiles.
const EVENTS_PER_SECOND: u64 = 100;
/// As long as the script looks at the processor; then it sends by itself.
const BUSY: Duration = Duration::from_secs(45);

const KIB_MAX: f64 = 120.0;
const FIRST_MS_MAX: f64 = 300.0;
const CPU_PERCENT_MAX: f64 = 6.0;
const PAINTED_MS_MAX: f64 = 500.0;

#[derive(Deserialize)]
struct Measured {
    bytes: f64,
    first_ms: f64,
    cpu: f64,
    painted_ms: Painted,
}

#[derive(Deserialize)]
struct Painted {
    p50: f64,
    p99: f64,
}

/// The script that has the browser.
pub(crate) fn script(arguments: &[&str]) -> Command {
    let mut command = Command::new("node");
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/page.mjs")).args(arguments);
    command
}

/// Size, first figure, processor time, and from accepted to painted.
pub(crate) async fn in_chromium(rounds: usize) -> anyhow::Result<Vec<Row>> {
    let server = Server::tablica()?;
    let template = Arc::new(Template::telegram("/in/telegram", TOKEN));
    let (ids, address) = (Arc::default(), server.address);
    let rounds = rounds.to_string();
    let browser = script(&["--part", "rows", "--token", TOKEN, "--rounds", &rounds])
        .args(["--base", &format!("http://{address}")])
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start node")?;
    load::steady(address, &template, &ids, EVENTS_PER_SECOND, BUSY).await?;
    let output = tokio::task::spawn_blocking(|| browser.wait_with_output()).await??;
    ensure!(output.status.success(), "the page could not be measured ({})", output.status);
    let Measured { bytes, first_ms, cpu, painted_ms } = serde_json::from_slice(&output.stdout)?;
    let (kib, percent) = (bytes / 1024.0, cpu * 100.0);
    Ok(vec![
        Row {
            what: String::from("the wall's page: script and style, gzipped"),
            ours: format!("{kib:.0} KiB"),
            against: String::from("—"),
            figure: kib,
            figure_text: format!("{kib:.0} KiB"),
            limit: Some(KIB_MAX),
        },
        Row {
            what: String::from("the wall's page: first figure, cache warm"),
            ours: format!("{first_ms:.0} ms"),
            against: String::from("the beginning of the navigation"),
            figure: first_ms,
            figure_text: format!("{first_ms:.0} ms"),
            limit: Some(FIRST_MS_MAX),
        },
        Row {
            what: format!("the wall's page: 1920×1080, {EVENTS_PER_SECOND} events/s, no GPU"),
            ours: format!("{percent:.1} % of a core"),
            against: String::from("tab and painting process together"),
            figure: percent,
            figure_text: format!("{percent:.1} %"),
            limit: Some(CPU_PERCENT_MAX),
        },
        Row {
            what: String::from("one message, from accepted to painted in Chromium, p99"),
            ours: format!("{:.0} ms, median {:.0} ms", painted_ms.p99, painted_ms.p50),
            against: String::from("the moment of the answer 200"),
            figure: painted_ms.p99,
            figure_text: format!("{:.0} ms", painted_ms.p99),
            limit: Some(PAINTED_MS_MAX),
        },
    ])
}
