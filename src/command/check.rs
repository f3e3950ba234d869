//! `tablica check`: everything that is wrong with a config, before a server starts with it.
//!
//! The loader finds what the file alone shows. What needs other parts of the house (is the
//! plugin there, are the boards valid) comes in as a function, so that this module knows neither.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use crate::config::model::{Config, Contacts};
use crate::config::units::format_duration;
use crate::config::{Environment, Problem, Problems, load_with};

/// The arguments of `tablica check`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The config to check.
    #[arg(long, value_name = "FILE", default_value = "tablica.toml")]
    pub config: PathBuf,
    /// Print problems and summary as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Checks and prints; the exit code is 1 when there are problems. `parts` checks what only other
/// parts of the house can judge: what is wrong, and what a good config may lack.
pub fn run(
    arguments: &Arguments,
    environment: &Environment,
    parts: impl Fn(&Config) -> (Vec<Problem>, Vec<String>),
    out: &mut impl Write,
) -> io::Result<ExitCode> {
    let file = arguments.config.display();
    match checked(arguments, environment, parts) {
        Ok((config, remarks)) if arguments.json => {
            writeln!(
                out,
                "{}",
                json!({
                    "ok": true,
                    "problems": [],
                    "remarks": remarks,
                    "summary": summary(&config),
                })
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Ok((config, remarks)) => {
            writeln!(out, "{file}: ok")?;
            print_summary(&config, out)?;
            for remark in remarks {
                writeln!(out, "note: {remark}")?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(problems) if arguments.json => {
            writeln!(out, "{}", json!({ "ok": false, "problems": problems }))?;
            Ok(ExitCode::FAILURE)
        }
        Err(problems) => {
            writeln!(out, "{problems}")?;
            Ok(ExitCode::FAILURE)
        }
    }
}

fn checked(
    arguments: &Arguments,
    environment: &Environment,
    parts: impl Fn(&Config) -> (Vec<Problem>, Vec<String>),
) -> Result<(Config, Vec<String>), Problems> {
    let config = load_with(Some(&arguments.config), environment)?;
    let (problems, remarks) = parts(&config);
    let problems: Vec<Problem> =
        problems.into_iter().map(|problem| config.places.locate(problem)).collect();
    if problems.is_empty() { Ok((config, remarks)) } else { Err(Problems::from(problems)) }
}

fn summary(config: &Config) -> serde_json::Value {
    let channels: Vec<_> = config
        .channels
        .values()
        .map(|channel| json!({ "name": channel.name, "plugin": channel.plugin }))
        .collect();
    json!({
        "channels": channels,
        "queues": config.queues.named.keys().collect::<Vec<_>>(),
        "listen": config.server.listen.to_string(),
        "admin_listen": config.server.admin_listen.to_string(),
        "state_dir": config.server.state_dir,
    })
}

fn print_summary(config: &Config, out: &mut impl Write) -> io::Result<()> {
    let listed = |names: Vec<String>| {
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    let channels = config.channels.values();
    let channels = channels.map(|channel| format!("{} ({})", channel.name, channel.plugin));
    writeln!(out, "  channels   {}", listed(channels.collect()))?;
    writeln!(out, "  queues     {}", listed(config.queues.named.keys().cloned().collect()))?;
    writeln!(out, "  walls, API {}", config.server.listen)?;
    writeln!(out, "  metrics    {}", config.server.admin_listen)?;
    writeln!(out, "  state      {}", config.server.state_dir.display())?;
    print_memory(&config.contacts, out)
}

/// Memory of one contact with its figures, roughly: calls take less, long conversations more.
const CONTACT_BYTES: f64 = 900.0;
/// Memory of the id of one event.
const ID_BYTES: f64 = 14.0;

/// How long the promises of `[contacts]` hold at which rate, and what they may cost.
fn print_memory(contacts: &Contacts, out: &mut impl Write) -> io::Result<()> {
    let Contacts { contacts_max, duplicate_ids_max, .. } = *contacts;
    let gigabytes = |count: usize, each: f64| count as f64 * each / 1e9;
    writeln!(
        out,
        "  memory     at most {contacts_max} contacts (about {:.1} GB) and {duplicate_ids_max} ids \
         of events (about {:.1} GB)",
        gigabytes(contacts_max, CONTACT_BYTES),
        gigabytes(duplicate_ids_max, ID_BYTES),
    )?;
    let window = contacts.duplicate_window;
    writeln!(
        out,
        "             duplicates are known for {} at up to {:.0} events a second on average",
        format_duration(window),
        duplicate_ids_max as f64 / window.as_secs_f64(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        text: &str,
        json: bool,
        parts: impl Fn(&Config) -> Vec<Problem>,
    ) -> (String, ExitCode) {
        let folder = tempfile::tempdir().expect("folder");
        let config = folder.path().join("tablica.toml");
        std::fs::write(&config, text).expect("write");
        let mut out = Vec::new();
        let parts = |config: &Config| (parts(config), vec!["a secret may be missing".to_owned()]);
        let code = run(&Arguments { config, json }, &Environment::default(), parts, &mut out)
            .expect("run");
        let said = String::from_utf8(out).expect("utf-8");
        (said.replace(&format!("{}/", folder.path().display()), ""), code)
    }

    const GOOD: &str = "[queue.Sales]\n[channel.tg]\nplugin = 'telegram'\n";

    #[test]
    fn a_good_config_is_ok_and_summed_up() {
        let (said, code) = check(GOOD, false, |_| Vec::new());
        expect_test::expect![[r#"
            tablica.toml: ok
              channels   tg (telegram)
              queues     Sales
              walls, API 127.0.0.1:8080
              metrics    127.0.0.1:9464
              state      ./state
              memory     at most 2000000 contacts (about 1.8 GB) and 64000000 ids of events (about 0.9 GB)
                         duplicates are known for 2d at up to 370 events a second on average
            note: a secret may be missing
        "#]]
        .assert_eq(&said);
        assert_eq!(code, ExitCode::SUCCESS);
    }

    #[test]
    fn what_another_part_finds_is_located_by_its_key() {
        let (said, code) = check(GOOD, false, |config| {
            config
                .channels
                .values()
                .map(|channel| {
                    let key = format!("channel.{}.plugin", channel.name);
                    Problem::about(key, "there is no plugin telegram", "one of webform")
                })
                .collect()
        });
        assert_eq!(
            said,
            "tablica.toml:3: channel.tg.plugin: there is no plugin telegram; expected one of webform\n1 problem\n"
        );
        assert_eq!(code, ExitCode::FAILURE);
    }

    #[test]
    fn problems_are_given_as_json_on_request() {
        let (said, code) = check("[server]\nlisen = 1\n", true, |_| Vec::new());
        let said: serde_json::Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(said["ok"], false);
        assert_eq!(said["problems"][0]["suggestion"], "listen");
        assert_eq!(code, ExitCode::FAILURE);
    }
}
