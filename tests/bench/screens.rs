//! Rows on the way out: what screens cost.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use crate::glass::Screens;
use crate::load::{self, Template};
use crate::process::{cpu_ns, resident_bytes};
use crate::server::{Server, TOKEN};
use crate::table::{Row, median};

const IDLE_SCREENS: usize = 2000;
const WARM_SCREENS: usize = 200;
const CALM_READINGS: u32 = 10;
const CALM_BYTES: u64 = 256 * 1024;
const BUSY_SCREENS: usize = 200;
const EVENTS_PER_SECOND: u64 = 2000;
const BUSY_ROUND: Duration = Duration::from_secs(5);

/// Resident memory that each further idle screen adds.
pub(crate) async fn idle_memory(rounds: usize) -> anyhow::Result<Row> {
    let mut per_screen = Vec::new();
    for _ in 0..rounds.clamp(1, 3) {
        let server = Server::tablica()?;
        let mut screens = Screens::default();
        screens.open(server.address, WARM_SCREENS).await?;
        let before = settled_bytes(server.pid()).await;
        screens.open(server.address, IDLE_SCREENS).await?;
        let after = settled_bytes(server.pid()).await;
        per_screen.push(after.saturating_sub(before) as f64 / IDLE_SCREENS as f64 / 1024.0);
    }
    let kib = median(per_screen);
    Ok(Row {
        what: format!("memory per idle screen, {IDLE_SCREENS} connections"),
        ours: format!("{kib:.1} KiB"),
        against: String::from("the same server before they connect"),
        figure: kib,
        figure_text: format!("{kib:.1} KiB"),
        limit: Some(8.0),
    })
}

/// Resident memory once it no longer moves: compiling plugins at the start takes and gives back
/// tens of megabytes.
pub(crate) async fn settled_bytes(pid: u32) -> u64 {
    let mut last = resident_bytes(pid);
    let mut calm = 0;
    while calm < CALM_READINGS {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = resident_bytes(pid);
        calm = if now.abs_diff(last) < CALM_BYTES { calm + 1 } else { 0 };
        last = now;
    }
    last
}

/// Frames sent and CPU spent with many screens under load, against the same load without screens.
pub(crate) async fn busy_fan_out(rounds: usize) -> anyhow::Result<Row> {
    let (quiet, busy) = (Server::tablica()?, Server::tablica()?);
    let mut screens = Screens::default();
    screens.open(busy.address, BUSY_SCREENS).await?;
    let template = Arc::new(Template::telegram("/in/telegram", TOKEN));
    let ids = Arc::new(AtomicU64::new(0));
    let (mut per_frame_us, mut rates, mut shares) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let mut spent = [0.0; 2];
        let mut frames = 0;
        for (index, server) in [&quiet, &busy].into_iter().enumerate() {
            let (before, frames_before) = (cpu_ns(server.pid()), screens.frames());
            load::steady(server.address, &template, &ids, EVENTS_PER_SECOND, BUSY_ROUND).await?;
            spent[index] = (cpu_ns(server.pid()) - before) as f64 / 1000.0;
            frames = screens.frames() - frames_before;
        }
        anyhow::ensure!(frames > 0, "no frame reached a screen");
        per_frame_us.push((spent[1] - spent[0]) / frames as f64);
        rates.push(frames as f64 / BUSY_SCREENS as f64 / BUSY_ROUND.as_secs_f64());
        shares.push(spent[1] / spent[0]);
    }
    let ratio = median(shares);
    Ok(Row {
        what: format!("{BUSY_SCREENS} screens at {EVENTS_PER_SECOND} events/s"),
        ours: format!(
            "{:.1} µs CPU per frame and screen, {:.1} frames/s each",
            median(per_frame_us),
            median(rates)
        ),
        against: String::from("the same load without screens"),
        figure: ratio,
        figure_text: format!("{ratio:.2}× CPU"),
        limit: None,
    })
}
