//! What the sandbox costs: the same decoder as a plugin in WebAssembly and compiled natively.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Context, anyhow};
use tablica::channel::host::{CallLimits, Instance, Package, PluginEngine, Setup};
use tablica::channel::input::{Input, Webhook};
use tablica::config::model;
use tablica_plugin::Channel;
use tablica_telegram::Telegram;

use crate::load::telegram_body;
use crate::table::{Row, median};

const NOW_MS: u64 = 1_790_000_000_000;
const INPUTS_PER_ROUND: usize = 40_000;
/// Inputs in one call: alone, as at night, and as many as a busy mailbox holds.
const BATCHES: [usize; 2] = [1, 16];

/// One Telegram update, decoded both ways; the host's copying in and out included.
pub(crate) fn against_native(rounds: usize) -> anyhow::Result<Vec<Row>> {
    let bytes = tablica::assets::plugin("telegram").context("plugins are not built")?;
    let engine = PluginEngine::new(None, &model::Compile::default())?;
    let package = Package::load(&engine, "telegram", bytes)?;
    let limits = CallLimits::from(&model::Channel::new("telegram", "telegram"));
    let body = telegram_body("1234567890");
    BATCHES
        .iter()
        .map(|&batch| {
            let mut guest = Instance::start(&package, limits)?;
            let started = guest.init(&Setup::bare("telegram", "{}"), None, NOW_MS as i64)?.value;
            started.map_err(|failure| anyhow!("init: {failure:?}"))?;
            let mut native = Telegram::new(&tablica_plugin::Setup::new("{}"))
                .map_err(|failure| anyhow!("{failure:?}"))?;
            let (mut guest_us, mut native_us) = (Vec::new(), Vec::new());
            for round in 0..=rounds {
                let ours = in_sandbox(&mut guest, &body, batch)?;
                let theirs = natively(&mut native, &body)?;
                if round > 0 {
                    guest_us.push(ours);
                    native_us.push(theirs);
                }
            }
            let ratio = median(guest_us.iter().zip(&native_us).map(|(a, b)| a / b).collect());
            Ok(Row {
                what: format!("decode a Telegram update, {batch} in a call"),
                ours: format!("{:.2} µs in the sandbox", median(guest_us)),
                against: format!("native {:.2} µs", median(native_us)),
                figure: ratio,
                figure_text: format!("{ratio:.2}×"),
                limit: Some(2.5),
            })
        })
        .collect()
}

fn in_sandbox(guest: &mut Instance, body: &str, batch: usize) -> anyhow::Result<f64> {
    let input = Input::Webhook(Webhook { body: body.to_owned().into(), ..Webhook::default() });
    let inputs = vec![&input; batch];
    let started = Instant::now();
    for _ in 0..INPUTS_PER_ROUND / batch {
        for output in black_box(guest.handle(NOW_MS as i64, &inputs)?.value) {
            let output = output.map_err(|failure| anyhow!("{failure:?}"))?;
            anyhow::ensure!(output.events.len() == 1, "one event is expected");
        }
    }
    Ok(micros_each(started))
}

fn natively(native: &mut Telegram, body: &str) -> anyhow::Result<f64> {
    let started = Instant::now();
    for _ in 0..INPUTS_PER_ROUND {
        let input = tablica_plugin::Input::Webhook(tablica_plugin::Webhook::post(body));
        let output = black_box(native.handle(NOW_MS, input));
        let output = output.map_err(|failure| anyhow!("{failure:?}"))?;
        anyhow::ensure!(output.events.len() == 1, "one event is expected");
    }
    Ok(micros_each(started))
}

fn micros_each(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e6 / INPUTS_PER_ROUND as f64
}
