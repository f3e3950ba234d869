//! Runs one thing after another and says so: what, how long it has taken, how long it usually
//! takes. What the tools print goes to a log and is shown when they fail.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::failures;
use crate::place::Place;

/// How often a step looks whether it is done.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How often it says so where lines cannot be rewritten.
const SAY_EVERY: Duration = Duration::from_secs(30);
/// Lines of a failed step's log that are shown.
const SHOWN_MAX: usize = 150;

/// What a finished step printed, and whether it succeeded.
pub(crate) struct Finished {
    /// Standard output and error, as they came.
    pub(crate) text: String,
    /// How the command ended.
    pub(crate) status: ExitStatus,
}

/// The steps of one task.
pub(crate) struct Steps {
    verbose: bool,
    rewrites: bool,
    logs: PathBuf,
    times_file: PathBuf,
    times: BTreeMap<String, f64>,
}

impl Steps {
    /// Reads how long steps took before.
    pub(crate) fn new(place: &Place, verbose: bool) -> anyhow::Result<Self> {
        let logs = place.cache.join("logs");
        fs::create_dir_all(&logs)?;
        let times_file = place.cache.join("step-seconds");
        let times = fs::read_to_string(&times_file)
            .unwrap_or_default()
            .lines()
            .filter_map(|line| {
                let (seconds, name) = line.split_once(' ')?;
                Some((name.to_owned(), seconds.parse().ok()?))
            })
            .collect();
        let rewrites = std::io::stdout().is_terminal() && !verbose;
        Ok(Self { verbose, rewrites, logs, times_file, times })
    }

    /// Says that a step needs nothing.
    pub(crate) fn skip(&self, name: &str, why: &str) {
        println!("  - {name}: {why}");
    }

    /// Runs a command; an error when it fails.
    pub(crate) fn run(&mut self, name: &str, command: &mut Command) -> anyhow::Result<String> {
        let finished = self.attempt(name, command)?;
        if !finished.status.success() {
            bail!("{name} failed ({})", finished.status);
        }
        Ok(finished.text)
    }

    /// Runs a command; its failure is for the caller to judge, what it printed is shown then.
    pub(crate) fn attempt(
        &mut self,
        name: &str,
        command: &mut Command,
    ) -> anyhow::Result<Finished> {
        let log_path = self.logs.join(format!("{}.log", name.replace([' ', '/'], "-")));
        let log = File::create(&log_path)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let begun = Instant::now();
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        self.begin(name);
        let mut shown = File::open(&log_path)?;
        let mut said = begun;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            std::thread::sleep(LOOK_EVERY);
            if self.verbose {
                std::io::copy(&mut shown, &mut std::io::stdout())?;
            } else if self.rewrites {
                self.rewrite(&format!("  … {name} {}", self.progress(name, begun)));
            } else if said.elapsed() >= SAY_EVERY {
                said = Instant::now();
                println!("  … {name} {}", self.progress(name, begun));
            }
        };
        let text = whole_text(&mut File::open(&log_path)?)?;
        if self.verbose {
            std::io::copy(&mut shown, &mut std::io::stdout())?;
        }
        self.end(name, status.success(), begun);
        if !status.success() && !self.verbose {
            if !failures::show(&text) {
                show_end(&text);
            }
            println!("    all of it: {}", log_path.display());
        }
        Ok(Finished { text, status })
    }

    fn begin(&self, name: &str) {
        if !self.rewrites {
            match self.times.get(name) {
                Some(usual) if *usual >= 2.0 => {
                    println!("  … {name} (usually {})", seconds(*usual));
                }
                _ => println!("  … {name}"),
            }
        }
    }

    fn end(&mut self, name: &str, well: bool, begun: Instant) {
        let took = begun.elapsed().as_secs_f64();
        let mark = if well { "✓" } else { "✗" };
        let line = format!("  {mark} {name} {}", self.progress(name, begun));
        if self.rewrites {
            self.rewrite(&line);
            println!();
        } else {
            println!("{line}");
        }
        if well {
            // The mean of what was usual and what is: a change of the machine shows soon.
            let usual = self.times.get(name).map_or(took, |usual| (usual + took) / 2.0);
            self.times.insert(name.to_owned(), usual);
            let lines: String =
                self.times.iter().map(|(name, seconds)| format!("{seconds:.1} {name}\n")).collect();
            // A lost memory of times is no reason to fail.
            let _ = fs::write(&self.times_file, lines);
        }
    }

    fn progress(&self, name: &str, begun: Instant) -> String {
        let took = seconds(begun.elapsed().as_secs_f64());
        match self.times.get(name) {
            Some(usual) if *usual >= 2.0 => format!("{took} (usually {})", seconds(*usual)),
            _ => took,
        }
    }

    fn rewrite(&self, line: &str) {
        print!("\r\x1b[2K{line}");
        // The terminal is gone: nobody to tell.
        let _ = std::io::stdout().flush();
    }
}

fn whole_text(file: &mut File) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The last lines of a log, indented.
pub(crate) fn show_end(text: &str) {
    let lines: Vec<_> = text.lines().collect();
    let left_out = lines.len().saturating_sub(SHOWN_MAX);
    if left_out > 0 {
        println!("    … {left_out} lines before");
    }
    for line in &lines[left_out..] {
        println!("    {line}");
    }
}

fn seconds(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    if whole < 100 { format!("{whole} s") } else { format!("{}:{:02} min", whole / 60, whole % 60) }
}
