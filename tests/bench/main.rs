//! `cargo xtask bench`: what Tablica costs, as ratios against something in the same run.
//!
//! Rounds alternate between the two sides and the median counts, because machines are noisy.
//! CPU time and memory are the kernel's account of a server process, so the load generator is
//! not in them. Every row is printed, those we lose as well.

mod bare;
#[path = "../support/center.rs"]
mod center;
mod channels;
mod contacts;
#[path = "../support/day.rs"]
mod day;
mod decode;
mod engine;
mod enrich;
mod glass;
mod heap;
mod ingest;
mod lags;
mod load;
mod long;
mod page;
mod process;
mod restart;
mod scrape;
mod screens;
mod server;
mod shipped;
mod soak;
mod soak_table;
mod table;
mod walls;
mod wheel;

use clap::Parser;

/// As in the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures Tablica and prints a table of ratios.
#[derive(Parser)]
struct Arguments {
    /// Rounds of each side; the median counts.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Only rows whose name contains this.
    only: Option<String>,
    /// Serve the bare handler: the other side of the comparison.
    #[arg(long, hide = true)]
    bare: bool,
    /// Print what open contacts cost in memory: a process of its own, in which nothing that was
    /// freed before is used again.
    #[arg(long, hide = true)]
    open_contacts: bool,
    #[command(flatten)]
    soak: soak::SoakArguments,
    #[command(flatten)]
    heap: heap::HeapArguments,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Arguments { rounds, only, bare, open_contacts, soak, heap, .. } = Arguments::parse();
    if bare {
        return bare::serve().await;
    }
    if open_contacts {
        println!("{}", engine::bytes_per_open_contact());
        return Ok(());
    }
    if soak.soak {
        return soak::run(&soak).await;
    }
    if heap.heap {
        return heap::run(&heap);
    }
    let wanted = |name: &str| only.as_ref().is_none_or(|only| name.contains(only.as_str()));
    let mut rows = Vec::new();
    if wanted("decode") {
        eprintln!("decode: plugin against native …");
        rows.extend(decode::against_native(rounds)?);
    }
    if wanted("decode every plugin") {
        eprintln!("decode: every plugin that ships, against native …");
        rows.extend(shipped::against_native(rounds)?);
    }
    if wanted("enrich") {
        eprintln!("enrich a message …");
        rows.push(enrich::one_message(rounds)?);
    }
    if wanted("engine") {
        eprintln!("engine alone …");
        rows.push(engine::alone(rounds));
    }
    if wanted("shared") {
        eprintln!("an identifier that many contacts share …");
        rows.push(engine::shared_identifier(rounds));
    }
    if wanted("queues") {
        eprintln!("engine with ten times the queues …");
        rows.push(engine::many_queues(rounds));
    }
    if wanted("long") {
        eprintln!("contacts with many events …");
        rows.extend(long::many_events(rounds));
    }
    if wanted("memory") {
        eprintln!("memory of open contacts …");
        rows.push(engine::open_contacts()?);
    }
    if wanted("restart") {
        eprintln!("restart with a tail of a million events …");
        rows.push(restart::from_snapshot_and_tail(rounds).await?);
    }
    if wanted("thirty channels") {
        eprintln!("thirty channels of every plugin …");
        rows.extend(channels::thirty(rounds).await?);
    }
    if wanted("wheel") {
        eprintln!("timer wheel against a heap …");
        rows.extend(wheel::against_heap(rounds));
    }
    if wanted("scrape") {
        eprintln!("metrics, written and scraped …");
        rows.extend(scrape::written(rounds)?);
        rows.push(scrape::while_taking_in(rounds).await?);
    }
    if wanted("durable") {
        eprintln!("durable path against a bare handler …");
        rows.push(ingest::durable_path(rounds).await?);
    }
    if wanted("memory") {
        eprintln!("memory of idle screens …");
        rows.push(screens::idle_memory(rounds).await?);
    }
    if wanted("fan-out") {
        eprintln!("fan-out under load …");
        rows.push(screens::busy_fan_out(rounds).await?);
    }
    if wanted("many screens") {
        eprintln!("many screens on six boards …");
        rows.extend(walls::many_screens(rounds).await?);
    }
    if wanted("storm") {
        eprintln!("a thousand screens that come back …");
        rows.push(walls::storm(rounds).await?);
    }
    if wanted("each event") {
        eprintln!("fan-out against servers that send each event …");
        rows.extend(walls::against_each_event(rounds).await?);
    }
    if wanted("page") {
        eprintln!("the wall's page in Chromium …");
        rows.extend(page::in_chromium(rounds).await?);
    }
    table::print(&process::machine(), &rows);
    Ok(())
}
