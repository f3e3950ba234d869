//! `cargo xtask fuzz`: libFuzzer at the targets of `fuzz/`, one after another, and a table of what came
//! of it. Gets what it needs: a nightly toolchain and cargo-fuzz, the latter into the cache.
//!
//! What the fuzzer learns is kept in the cache, so that the next run goes on from there; inputs that
//! were findings are in `fuzz/findings` of the cache. No AddressSanitizer: our code denies `unsafe`, and
//! it would halve what is tried in a minute.
//!
//! Every plugin that ships is a target, `plugin:NAME`, by its folder alone. All of them are one program,
//! which is told the name, and begins with the plugin's own samples.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};

use crate::place::Place;
use crate::plugins;
use crate::step::Steps;
use crate::tools::{answer, which};

/// Longest input that is tried: what is found by longer ones is found by shorter ones, later.
const INPUT_BYTES_MAX: u32 = 8 << 10;
/// Longest input that is kept in the repository, as the test of the kept inputs has it.
const KEPT_BYTES_MAX: u32 = 16 << 10;
/// The same for plugins, whose inputs are whole conversations: as `SEED_BYTES_MAX` of plugins/shipped.
const PLUGIN_INPUT_BYTES_MAX: u32 = 32 << 10;
/// What a plugin's target begins with; its file in `fuzz/fuzz_targets` is this without the colon.
const OF_PLUGIN: &str = "plugin:";
/// An input that takes longer is a finding.
const INPUT_SECONDS_MAX: u32 = 10;
/// A process that takes more is a finding; `fuzz/src/lib.rs` ends it before.
const MEMORY_MIB_MAX: u32 = 2048;

/// What the fuzzer can be told.
#[derive(clap::Args)]
pub(crate) struct FuzzArgs {
    /// Only this target, such as `http_door` or `plugin:meta`; `plugin` is all plugins. All without one
    target: Option<String>,
    /// How long for each target
    #[arg(long, default_value_t = 10, value_name = "N")]
    minutes: u32,
    /// Then take the inputs that reach more than the kept ones into fuzz/corpus, and leave out those
    /// that reach nothing new
    #[arg(long)]
    keep: bool,
}

/// What came of one target.
struct Outcome {
    target: String,
    figures: Figures,
    findings: Vec<PathBuf>,
    /// It ended as it should.
    ended_well: bool,
}

/// Runs the targets; the exit code is 1 when anything was found.
pub(crate) fn run(args: &FuzzArgs, place: &Place, steps: &mut Steps) -> anyhow::Result<ExitCode> {
    let all = targets(place)?;
    let targets = match &args.target {
        None => all,
        Some(target) if all.contains(target) => vec![target.clone()],
        Some(target) if target == "plugin" => {
            all.into_iter().filter(|it| it.starts_with(OF_PLUGIN)).collect()
        }
        Some(target) => bail!("there is no target `{target}`; there are {}", all.join(", ")),
    };
    let tools = Tools::get(place, steps)?;
    let mut outcomes = Vec::new();
    for target in targets {
        let mut build = tools.fuzz(place, "build", &target);
        // The first plugin's program is that of all.
        let is_built = target.starts_with(OF_PLUGIN)
            && outcomes.iter().any(|it: &Outcome| it.target.starts_with(OF_PLUGIN));
        if !is_built {
            steps.run(&format!("build fuzz target {target}"), &mut build)?;
        }
        outcomes.push(fuzz(&target, args.minutes, &tools, place, steps)?);
        // What is kept of a plugin are its samples.
        if args.keep && !target.starts_with(OF_PLUGIN) {
            keep(&target, &tools, place, steps)?;
        }
    }
    print_table(&outcomes, args.minutes);
    let is_well = outcomes.iter().all(|it| it.findings.is_empty() && it.ended_well);
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// By their files; of plugins by their folders.
fn targets(place: &Place) -> anyhow::Result<Vec<String>> {
    let folder = place.root.join("fuzz/fuzz_targets");
    let entries = fs::read_dir(&folder).with_context(|| format!("no {}", folder.display()))?;
    let mut targets = Vec::new();
    for entry in entries {
        let path = entry?.path();
        targets.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    targets.retain(|target| target != "plugin");
    targets.sort();
    targets.extend(plugins::names(place)?.iter().map(|name| format!("{OF_PLUGIN}{name}")));
    Ok(targets)
}

/// cargo-fuzz and what it builds with.
struct Tools {
    path: OsString,
}

impl Tools {
    fn get(place: &Place, steps: &mut Steps) -> anyhow::Result<Self> {
        if which("rustup").is_none() {
            bail!("the fuzzer needs a nightly compiler, which rustup gets: see https://rustup.rs");
        }
        if answer("rustup", &["run", "nightly", "rustc", "--version"]).is_none() {
            let mut install = place.command("rustup".as_ref());
            install.args(["toolchain", "install", "nightly", "--profile", "minimal"]);
            steps.run("rustup toolchain install nightly", &mut install)?;
        }
        let root = place.cache.join("fuzz/tools");
        if which("cargo-fuzz").is_none() && !root.join("bin/cargo-fuzz").is_file() {
            let mut install = place.cargo(&["install", "cargo-fuzz", "--locked", "--root"]);
            steps.run("cargo install cargo-fuzz", install.arg(&root))?;
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = std::iter::once(root.join("bin"));
        let path = std::env::join_paths(own.chain(std::env::split_paths(&path)))?;
        Ok(Self { path })
    }

    /// `cargo fuzz ACTION TARGET` by the nightly compiler.
    fn fuzz(&self, place: &Place, action: &str, target: &str) -> Command {
        let mut command = place.command("rustup".as_ref());
        command.args(["run", "nightly", "cargo", "fuzz", action, "--sanitizer", "none"]);
        command.args(["--codegen-units", "16"]);
        match target.strip_prefix(OF_PLUGIN) {
            Some(name) => {
                command.args(["--no-default-features", "--features", "plugins", "plugin"]);
                command.env("TABLICA_FUZZ_PLUGIN", name);
            }
            None => drop(command.arg(target)),
        }
        command.env("PATH", &self.path);
        command.env("CARGO_TARGET_DIR", place.cache.join("fuzz/target"));
        command
    }
}

/// Where a target's inputs are: in the repository, and what was learned since.
struct Folders {
    kept: PathBuf,
    learned: PathBuf,
    findings: PathBuf,
}

impl Folders {
    fn of(target: &str, place: &Place) -> anyhow::Result<Self> {
        let cache = place.cache.join("fuzz");
        let target = target.replace(':', "-");
        let kept = match target.strip_prefix("plugin-") {
            // Made anew of its samples in each run.
            Some(name) => cache.join("samples").join(name),
            None => place.root.join("fuzz/corpus").join(&target),
        };
        let folders = Self {
            kept,
            learned: cache.join("corpus").join(&target),
            findings: cache.join("findings").join(&target),
        };
        for folder in [&folders.kept, &folders.learned, &folders.findings] {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
        }
        Ok(folders)
    }
}

fn fuzz(
    target: &str,
    minutes: u32,
    tools: &Tools,
    place: &Place,
    steps: &mut Steps,
) -> anyhow::Result<Outcome> {
    let folders = Folders::of(target, place)?;
    let before = files(&folders.findings)?;
    let is_plugin = target.starts_with(OF_PLUGIN);
    let mut command = tools.fuzz(place, "run", target);
    if is_plugin {
        fs::remove_dir_all(&folders.kept)?;
        fs::create_dir_all(&folders.kept)?;
        command.env("TABLICA_FUZZ_SEEDS", &folders.kept);
    }
    command.args([&folders.learned, &folders.kept]).arg("--");
    command.arg(format!("-max_total_time={}", u64::from(minutes) * 60));
    command.arg(format!("-artifact_prefix={}/", folders.findings.display()));
    command.arg("-print_final_stats=1");
    command.args(limits(if is_plugin { PLUGIN_INPUT_BYTES_MAX } else { INPUT_BYTES_MAX }));
    let dictionary = if is_plugin { "plugin" } else { target };
    let words = place.root.join(format!("fuzz/dictionaries/{dictionary}.dict"));
    if words.is_file() {
        command.arg(format!("-dict={}", words.display()));
    }
    let finished = steps.attempt(&format!("fuzz {target}"), &mut command)?;
    let mut findings = files(&folders.findings)?;
    findings.retain(|finding| !before.contains(finding));
    Ok(Outcome {
        target: target.to_owned(),
        figures: Figures::read(&finished.text),
        findings,
        ended_well: finished.status.success(),
    })
}

fn limits(bytes: u32) -> [String; 3] {
    [
        format!("-max_len={bytes}"),
        format!("-timeout={INPUT_SECONDS_MAX}"),
        format!("-rss_limit_mb={MEMORY_MIB_MAX}"),
    ]
}

/// Replaces the kept inputs by as few as reach the same as all that are known.
fn keep(target: &str, tools: &Tools, place: &Place, steps: &mut Steps) -> anyhow::Result<()> {
    let folders = Folders::of(target, place)?;
    let fewest = place.cache.join("fuzz/fewest").join(target);
    if fewest.exists() {
        fs::remove_dir_all(&fewest)?;
    }
    fs::create_dir_all(&fewest)?;
    let mut command = tools.fuzz(place, "run", target);
    command.args([&fewest, &folders.kept, &folders.learned]);
    command.args(["--", "-set_cover_merge=1", "-use_counters=0"]).args(limits(KEPT_BYTES_MAX));
    steps.run(&format!("keep inputs of {target}"), &mut command)?;
    let few = files(&fewest)?;
    if few.is_empty() {
        bail!("no input of {target} is left: the kept ones stay as they are");
    }
    fs::remove_dir_all(&folders.kept)?;
    fs::create_dir_all(&folders.kept)?;
    for file in few {
        let name = file.file_name().context("a file without a name")?;
        fs::copy(&file, folders.kept.join(name))?;
    }
    Ok(())
}

fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}

/// What libFuzzer says of a run.
#[derive(Debug, Default, PartialEq, Eq)]
struct Figures {
    executions: u64,
    a_second: u64,
    /// Edges of the program that were reached.
    coverage: u64,
}

impl Figures {
    /// From its lines `#4096 pulse cov: 4711 ft: …` and `stat::number_of_executed_units: 12`. A run
    /// that ends by a finding prints no statistics: then the number of the last line counts.
    fn read(text: &str) -> Self {
        let mut figures = Self::default();
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let number = |at: usize| words.get(at).and_then(|it| it.parse::<u64>().ok());
            match words.first() {
                Some(&"stat::number_of_executed_units:") => {
                    figures.executions = number(1).unwrap_or(figures.executions);
                }
                Some(&"stat::average_exec_per_sec:") => {
                    figures.a_second = number(1).unwrap_or(figures.a_second);
                }
                Some(first) if first.starts_with('#') => {
                    let after = |name: &str| {
                        let at = words.iter().position(|word| *word == name)?;
                        number(at + 1)
                    };
                    figures.executions = first[1..].parse().unwrap_or(figures.executions);
                    figures.coverage = after("cov:").unwrap_or(figures.coverage);
                    figures.a_second = after("exec/s:").unwrap_or(figures.a_second);
                }
                _ => {}
            }
        }
        figures
    }
}

fn print_table(outcomes: &[Outcome], minutes: u32) {
    println!();
    println!(
        "{:<25}{:>12}{:>10}{:>10}{:>10}",
        "target", "executions", "a second", "edges", "found"
    );
    for Outcome { target, figures: Figures { executions, a_second, coverage }, findings, .. } in
        outcomes
    {
        let found = findings.len();
        println!("{target:<25}{executions:>12}{a_second:>10}{coverage:>10}{found:>10}");
    }
    println!("{minutes} minutes for each");
    for Outcome { target, findings, ended_well, .. } in outcomes {
        for finding in findings {
            println!("{target}: {}", finding.display());
        }
        if findings.is_empty() && !ended_well {
            println!("{target}: ended before its time, see its log");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libfuzzers_figures_are_read() {
        let text = "#2\tINITED cov: 12 ft: 20 corp: 1/1b exec/s: 0 rss: 30Mb\n\
                    #4096\tpulse  cov: 4711 ft: 9000 corp: 12/1Kb lim: 4096 exec/s: 819 rss: 31Mb\n";
        let on_its_way = Figures { executions: 4096, a_second: 819, coverage: 4711 };
        assert_eq!(Figures::read(text), on_its_way);
        let ended = "#5000\tDONE   cov: 4712 ft: 9001 exec/s: 833 rss: 31Mb\nDone 5000 runs in 6 second(s)\n\
                     stat::number_of_executed_units: 5001\nstat::average_exec_per_sec:     834\n";
        let whole = Figures { executions: 5001, a_second: 834, coverage: 4712 };
        assert_eq!(Figures::read(&[text, ended].concat()), whole);
        assert_eq!(Figures::read("error: no such target"), Figures::default());
    }
}
