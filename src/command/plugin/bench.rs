//! `tablica plugin bench`: what an input costs, over a plugin's samples.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use super::find::Shipped;
use super::play;
use super::subject::Subject;
use super::workbench;
use crate::clock;

/// The arguments of `tablica plugin bench`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    of: Subject,
    /// For how long to repeat the samples
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    seconds: u64,
}

pub(super) fn run(
    arguments: &Arguments,
    shipped: &Shipped<'_>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let loaded = arguments.of.load(shipped)?;
    let scripts = loaded.scripts()?;
    anyhow::ensure!(!scripts.is_empty(), "there is no [[sample]] to measure with");
    let (mut starts, mut inputs) = (Vec::new(), Vec::new());
    let (mut events, mut memory_bytes) = (0, 0);
    let begun = clock::monotonic();
    let length = Duration::from_secs(arguments.seconds);
    while inputs.is_empty() || begun.elapsed() < length {
        for script in &scripts {
            play::run(&loaded.plugin, script, workbench::limits(), |turn, said| {
                let Some(price) = said.price else { return Ok(()) };
                let took = if turn.is_some() { &mut inputs } else { &mut starts };
                took.push(price.elapsed);
                memory_bytes = memory_bytes.max(price.memory_bytes);
                events += said.result.map_or(0, |output| output.events.len());
                Ok(())
            })?;
        }
        anyhow::ensure!(!inputs.is_empty(), "no sample hands anything in");
    }
    let busy: Duration = inputs.iter().sum();
    inputs.sort_unstable();
    starts.sort_unstable();
    let micros = |took: Duration| took.as_secs_f64() * 1e6;
    let per_second = |count: usize| count as f64 / busy.as_secs_f64().max(f64::MIN_POSITIVE);
    writeln!(out, "inputs      {}", inputs.len())?;
    writeln!(out, "median      {:.0} µs an input", micros(part(&inputs, 50)))?;
    writeln!(out, "p99         {:.0} µs an input", micros(part(&inputs, 99)))?;
    writeln!(out, "start       {:.0} µs (median)", micros(part(&starts, 50)))?;
    writeln!(out, "inputs/s    {:.0}", per_second(inputs.len()))?;
    writeln!(out, "events/s    {:.0}", per_second(events))?;
    writeln!(out, "memory      {} bytes at most", memory_bytes)?;
    Ok(ExitCode::SUCCESS)
}

/// The value below which so many in a hundred are.
fn part(sorted: &[Duration], percent: usize) -> Duration {
    sorted.get(sorted.len() * percent / 100).or(sorted.last()).copied().unwrap_or_default()
}
