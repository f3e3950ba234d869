//! A real Prometheus and a real Alertmanager, scraping whatever a scenario runs.
//!
//! They load the rules that ship, not copies. Both are found by name (Debian: `prometheus`,
//! `prometheus-alertmanager`), write to folders of their own and end with the scenario.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::http::{free_address, get};
use super::process::Watched;
use super::wait_for;

const START_MAX: Duration = Duration::from_secs(30);

/// The folder with the rules that ship.
pub(crate) fn rules_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("grafana/rules")
}

/// Files with that extension in a folder, in order.
pub(crate) fn files(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}

/// Runs promtool with something on its standard input.
pub(crate) fn promtool(args: &[&str], files: &[PathBuf], input: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let stdin = folder.path().join("input");
    fs::write(&stdin, input).unwrap();
    Command::new("promtool")
        .args(args)
        .args(files)
        .stdin(fs::File::open(stdin).unwrap())
        .output()
        .expect("promtool (Debian: prometheus)")
}

/// Panics with promtool's own words unless it was content and had nothing to remark.
pub(crate) fn check_metrics(text: &str) {
    let output = promtool(&["check", "metrics"], &[], text);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.trim().is_empty(), "promtool check metrics: {said}");
}

/// A Prometheus that scrapes and evaluates every second.
pub(crate) struct Prometheus {
    address: SocketAddr,
    _process: Watched,
    _folder: TempDir,
}

impl Prometheus {
    /// Starts one that scrapes `/metrics` at `target` with the rules that ship, and sends alerts
    /// to the Alertmanager.
    pub(crate) fn start(target: SocketAddr, alertmanager: &Alertmanager) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("prometheus.yml");
        let rules = rules_dir().join("*.yml");
        let alertmanager = alertmanager.address;
        fs::write(
            &config,
            format!(
                "global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [{rules:?}]
scrape_configs:
  - {{job_name: tablica, static_configs: [{{targets: [{target:?}]}}]}}
alerting:
  alertmanagers: [{{static_configs: [{{targets: [{alertmanager:?}]}}]}}]
",
                target = target.to_string(),
                alertmanager = alertmanager.to_string(),
            ),
        )
        .unwrap();
        let address = free_address();
        let mut command = Command::new("prometheus");
        command
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--log.level=error");
        let process = Watched::start(&mut command);
        wait_for("Prometheus to be ready", START_MAX, || get(address, "/-/ready"));
        Self { address, _process: process, _folder: folder }
    }

    /// Waits until an alert with these labels fires; gives it as Prometheus has it.
    pub(crate) fn wait_for_alert(
        &self,
        name: &str,
        labels: &[(&str, &str)],
        limit: Duration,
    ) -> Value {
        wait_for(&format!("{name} to fire"), limit, || {
            let alerts: Value = serde_json::from_str(&get(self.address, "/api/v1/alerts")?).ok()?;
            find(&alerts["data"]["alerts"], name, labels).filter(|alert| alert["state"] == "firing")
        })
    }

    /// Waits until it has scraped a series of this name with these labels.
    pub(crate) fn wait_for_sample(&self, name: &str, labels: &[(&str, &str)], limit: Duration) {
        wait_for(&format!("a sample of {name}"), limit, || {
            let answer = get(self.address, &format!("/api/v1/query?query={name}"))?;
            let answer: Value = serde_json::from_str(&answer).ok()?;
            let series = answer["data"]["result"].as_array()?;
            let has = |series: &Value| {
                labels.iter().all(|(label, value)| series["metric"][*label] == *value)
            };
            series.iter().any(has).then_some(())
        });
    }

    /// What an expression gives at this moment: how many series, or Prometheus' own words against it.
    pub(crate) fn ask(&self, expr: &str) -> Result<usize, String> {
        self.series(expr).map(|series| series.len())
    }

    /// What an expression gives at this moment, by one of its labels.
    pub(crate) fn values(&self, expr: &str, label: &str) -> Result<BTreeMap<String, f64>, String> {
        let value = |series: &Value| {
            let name = series["metric"][label].as_str().unwrap_or_default().to_owned();
            let value = series["value"][1].as_str().and_then(|it| it.parse().ok());
            Ok((name, value.ok_or_else(|| format!("no value in {series}"))?))
        };
        self.series(expr)?.iter().map(value).collect()
    }

    fn series(&self, expr: &str) -> Result<Vec<Value>, String> {
        let query: String = expr
            .bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
                _ => format!("%{byte:02X}"),
            })
            .collect();
        let answer = get(self.address, &format!("/api/v1/query?query={query}"))
            .ok_or_else(|| format!("Prometheus does not take {expr}"))?;
        let answer: Value = serde_json::from_str(&answer).map_err(|error| error.to_string())?;
        let result = answer["data"]["result"].as_array();
        result.cloned().ok_or_else(|| format!("no result of {expr}"))
    }

    /// The alerts that are pending or firing.
    pub(crate) fn alerts(&self) -> Vec<Value> {
        let alerts = get(self.address, "/api/v1/alerts").expect("Prometheus answers");
        let alerts: Value = serde_json::from_str(&alerts).unwrap();
        alerts["data"]["alerts"].as_array().cloned().unwrap_or_default()
    }
}

/// An Alertmanager that passes alerts on to nobody.
pub(crate) struct Alertmanager {
    address: SocketAddr,
    _process: Watched,
    _folder: TempDir,
}

impl Alertmanager {
    /// Starts one.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("alertmanager.yml");
        fs::write(&config, "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n").unwrap();
        let address = free_address();
        let mut command = Command::new("prometheus-alertmanager");
        command
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.path={}", folder.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--cluster.listen-address=")
            .arg("--log.level=error")
            .stderr(Stdio::inherit());
        let process = Watched::start(&mut command);
        wait_for("Alertmanager to be ready", START_MAX, || get(address, "/-/ready"));
        Self { address, _process: process, _folder: folder }
    }

    /// Waits until an alert with these labels has arrived.
    pub(crate) fn wait_for_alert(
        &self,
        name: &str,
        labels: &[(&str, &str)],
        limit: Duration,
    ) -> Value {
        wait_for(&format!("{name} to arrive at the Alertmanager"), limit, || {
            let alerts = serde_json::from_str(&get(self.address, "/api/v2/alerts")?).ok()?;
            find(&alerts, name, labels)
        })
    }
}

fn find(alerts: &Value, name: &str, labels: &[(&str, &str)]) -> Option<Value> {
    let fits = |alert: &&Value| {
        let has = |(label, value): &(&str, &str)| alert["labels"][*label] == *value;
        has(&("alertname", name)) && labels.iter().all(has)
    };
    alerts.as_array()?.iter().find(fits).cloned()
}
