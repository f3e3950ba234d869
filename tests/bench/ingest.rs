//! Rows on the way in: CPU per event over the whole durable path, and what decoding costs.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use crate::load::{self, Template};
use crate::process::cpu_ns;
use crate::server::{Server, TOKEN};
use crate::table::{Row, median};

const REQUESTS_PER_ROUND: u64 = 20_000;

/// Socket → verify → plugin → journal on disk → engine → answer, against a handler that only
/// reads the body. Rounds alternate between the two.
pub(crate) async fn durable_path(rounds: usize) -> anyhow::Result<Row> {
    let (bare, tablica) = (Server::bare()?, Server::tablica()?);
    let bare_load = Arc::new(Template::telegram("/in/bare", TOKEN));
    let tablica_load = Arc::new(Template::telegram("/in/telegram", TOKEN));
    let ids = Arc::new(AtomicU64::new(0));
    let (mut bare_us, mut tablica_us) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        for (server, template, costs) in
            [(&bare, &bare_load, &mut bare_us), (&tablica, &tablica_load, &mut tablica_us)]
        {
            let before = cpu_ns(server.pid());
            load::run(server.address, template, &ids, REQUESTS_PER_ROUND).await?;
            let spent = cpu_ns(server.pid()) - before;
            if round > 0 {
                // The first round warms up.
                costs.push(spent as f64 / 1000.0 / REQUESTS_PER_ROUND as f64);
            }
        }
    }
    let ratios = bare_us.iter().zip(&tablica_us).map(|(bare, ours)| ours / bare).collect();
    let ratio = median(ratios);
    Ok(Row {
        what: String::from("CPU per event, webhook to disk to engine, 32 connections"),
        ours: format!("{:.1} µs", median(tablica_us)),
        against: format!("bare axum handler {:.1} µs", median(bare_us)),
        figure: ratio,
        figure_text: format!("{ratio:.2}×"),
        limit: Some(2.5),
    })
}
