//! `tablica rules`: the rules of alerts, for people to read and for a Prometheus to load.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;

use crate::alert::{self, files};
use crate::config::{self, Environment};
use crate::language::Language;

const MORE: &str = "\
Without --out it lists the alerts. With --out it writes the rules as files that Prometheus loads by
rule_files: without those of alerts.off, with links to alerts.grafana_url. Goals and thresholds are no
part of the files: the rules ask Tablica's own metrics for them.

Examples:
  tablica rules                                             which alerts there are
  tablica rules --config tablica.toml --out /etc/prometheus/tablica";

/// The arguments of `tablica rules`.
#[derive(Debug, clap::Args)]
#[command(after_help = MORE)]
pub struct Arguments {
    /// The config; without one the rules are as they ship.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder to write them into; it is made where it is not there.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Lists or writes them.
pub fn run(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    // Nobody is told anything here.
    let environment = Environment { skips_secrets: true, ..environment.clone() };
    let alerts = match &arguments.config {
        None => config::model::Alerts::default(),
        Some(file) => match config::load_with(Some(file), &environment) {
            Ok(config) => config.alerts,
            Err(problems) => {
                eprintln!("{problems}");
                return Ok(ExitCode::FAILURE);
            }
        },
    };
    let Some(folder) = &arguments.out else {
        list(&alerts.off, out)?;
        return Ok(ExitCode::SUCCESS);
    };
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, text) in files::written(&alerts) {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        writeln!(out, "{}", path.display())?;
    }
    writeln!(out, "Load them by rule_files: [\"{}/*.yml\"]", folder.display())?;
    Ok(ExitCode::SUCCESS)
}

fn list(off: &[String], out: &mut impl Write) -> anyhow::Result<()> {
    let rules = alert::shipped()?;
    let width = rules.alerts.iter().map(|alert| alert.name.len()).max().unwrap_or_default();
    for alert in &rules.alerts {
        let severity = alert.labels.get("severity").map_or("", String::as_str);
        let lasts = match alert.lasts_ms / 1000 {
            0 => "at once".to_owned(),
            seconds if seconds % 60 == 0 => format!("after {} min", seconds / 60),
            seconds => format!("after {seconds} s"),
        };
        let title = Language::English.say(&format!("alert-{}", alert.name));
        let is_off = if off.contains(&alert.name) { " (off)" } else { "" };
        writeln!(out, "{:width$}  {severity:6}  {lasts:12}  {title}{is_off}", alert.name)?;
    }
    Ok(())
}
