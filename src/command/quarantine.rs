//! `tablica quarantine`: look at input that could not be decoded, and have it decoded again.
//!
//! Works on the quarantine's file beside a running server. A retry is carried out by the
//! server; the command waits for it and tells what became of each input.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};

use super::StateFolder;
use crate::channel::quarantine::{Entry, EntryId, Filter, State, Store};
use crate::clock;
use crate::config::Environment;
use crate::event::UnixMs;

/// How often the command looks whether the server has done its part.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// Looks without a sign of a server before the command gives up: it takes requests each second.
const LOOKS_UNTIL_TAKEN_MAX: u32 = 25;

/// The arguments of `tablica quarantine`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where the server keeps its state.
    #[command(flatten)]
    pub folder: StateFolder,
    /// What to do.
    #[command(subcommand)]
    pub action: Action,
}

/// What to do with the quarantine.
#[derive(Debug, clap::Subcommand)]
pub enum Action {
    /// List what is in it, oldest first.
    List {
        /// Only of this channel.
        #[arg(long)]
        channel: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Show one entry.
    Show {
        /// Its number in the list.
        id: EntryId,
        /// Print the bytes of the input and nothing else.
        #[arg(long)]
        raw: bool,
    },
    /// Have the running server decode entries again.
    Retry {
        /// Their numbers in the list.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        ids: Vec<EntryId>,
        /// All whose input was kept.
        #[arg(long)]
        all: bool,
        /// With --all: only of this channel.
        #[arg(long, requires = "all")]
        channel: Option<String>,
    },
}

/// Carries it out; the exit code is 1 when an entry is not there or not decoded.
pub fn run(
    arguments: &Arguments,
    environment: &Environment,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let state_dir = arguments.folder.find(environment)?;
    let Some(store) = Store::open_existing(&state_dir)? else {
        writeln!(
            out,
            "There is no quarantine in {}: nothing has failed yet.",
            state_dir.display()
        )?;
        return Ok(ExitCode::SUCCESS);
    };
    match &arguments.action {
        Action::List { channel, json } => list(&store, channel.clone(), *json, out),
        Action::Show { id, raw } => show(&store, *id, *raw, out),
        Action::Retry { ids, channel, .. } => {
            let filter = Filter { channel: channel.clone(), ids: ids.clone() };
            retry(&store, &filter, || clock::pause(LOOK_EVERY), out)
        }
    }
}

fn list(
    store: &Store,
    channel: Option<String>,
    json: bool,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let entries = store.list(&Filter { channel, ids: Vec::new() }, false)?;
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(&entries)?)?;
    } else if entries.is_empty() {
        writeln!(out, "The quarantine is empty.")?;
    } else {
        let header = ("ID", "RECEIVED", "CHANNEL", "WHY", "STATE", "BYTES", "REASON");
        print_row(out, header)?;
        for entry in &entries {
            let (id, bytes) = (entry.id.to_string(), entry.bytes.to_string());
            let (time, state) = (time(entry.received_ms), state(entry));
            let class = entry.class.name();
            print_row(out, (&id, &time, &entry.channel, class, &state, &bytes, &entry.reason))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print_row(
    out: &mut impl Write,
    (id, received, channel, class, state, bytes, reason): (
        &str,
        &str,
        &str,
        &str,
        &str,
        &str,
        &str,
    ),
) -> io::Result<()> {
    writeln!(
        out,
        "{id:<6}  {received:20}  {channel:14}  {class:11}  {state:18}  {bytes:>8}  {reason}"
    )
}

fn state(entry: &Entry) -> String {
    match entry.state {
        State::Held if entry.attempts > 0 => format!("held, {} retried", entry.attempts),
        State::Held => "held".to_owned(),
        State::Requested => "retry requested".to_owned(),
        State::Running => "being retried".to_owned(),
        State::Decoded { events } => format!("decoded: {events} events"),
    }
}

fn time(ms: UnixMs) -> String {
    jiff::Timestamp::from_millisecond(ms)
        .map_or_else(|_| ms.to_string(), |time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn show(store: &Store, id: EntryId, raw: bool, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let entry = store.get(id)?.with_context(|| format!("there is no entry {id}"))?;
    if !raw {
        writeln!(out, "{}", serde_json::to_string_pretty(&entry)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    let Some(input) = entry.raw else {
        bail!("of entry {id} only the reason is kept: {}", entry.reason);
    };
    out.write_all(&input.body)?;
    Ok(ExitCode::SUCCESS)
}

/// Flags the entries, waits for the server, tells the outcomes. `pause` is the wait between
/// looks.
fn retry(
    store: &Store,
    filter: &Filter,
    mut pause: impl FnMut(),
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    let before = store.list(filter, false)?;
    let mut all_decoded = true;
    for id in &filter.ids {
        if !before.iter().any(|entry| entry.id == *id) {
            writeln!(out, "{id}: there is no such entry")?;
            all_decoded = false;
        }
    }
    let mut open = store.request(filter)?;
    for entry in before.iter().filter(|entry| !open.contains(&entry.id)) {
        match entry.state {
            // With --all these are not meant.
            _ if filter.ids.is_empty() => {}
            State::Held => {
                writeln!(out, "{}: only the reason is kept, there is nothing to retry", entry.id)?;
                all_decoded = false;
            }
            State::Requested | State::Running => {
                writeln!(out, "{}: is being retried already", entry.id)?;
                all_decoded = false;
            }
            State::Decoded { events } => {
                writeln!(out, "{}: was decoded before: {events} events", entry.id)?;
            }
        }
    }
    if open.is_empty() && before.is_empty() && filter.ids.is_empty() {
        writeln!(out, "There is nothing to retry.")?;
    }
    let mut idle_looks = 0;
    while !open.is_empty() {
        pause();
        let now = store.list(&Filter { ids: open.clone(), ..Filter::default() }, false)?;
        let waiting = open.len();
        open.retain(|id| now.iter().any(|entry| entry.id == *id && under_way(entry)));
        for entry in now.iter().filter(|entry| !under_way(entry)) {
            if let State::Decoded { events } = entry.state {
                writeln!(out, "{}: decoded: {events} events", entry.id)?;
            } else {
                writeln!(out, "{}: failed again: {}", entry.id, entry.reason)?;
                all_decoded = false;
            }
        }
        // A retry that runs is waited for; one that nobody takes up is not.
        let running = now.iter().any(|entry| entry.state == State::Running);
        idle_looks = if running || open.len() < waiting { 0 } else { idle_looks + 1 };
        if idle_looks >= LOOKS_UNTIL_TAKEN_MAX {
            let withdrawn = store.withdraw(&open)?;
            for id in &withdrawn {
                writeln!(out, "{id}: not retried: the server is not running")?;
            }
            all_decoded &= withdrawn.is_empty();
            open.retain(|id| !withdrawn.contains(id));
            idle_looks = 0;
        }
    }
    Ok(if all_decoded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn under_way(entry: &Entry) -> bool {
    matches!(entry.state, State::Requested | State::Running)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::host::FailureClass;
    use crate::channel::quarantine::{NewEntry, Raw, RawKind, Redelivery};
    use crate::config::model;

    fn folder_with_three() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("folder");
        let mut store =
            Store::open(&model::Quarantine::default(), folder.path()).expect("quarantine");
        let entries = [("tg", 1), ("tg", 2), ("shop", 3)].map(|(channel, n)| NewEntry {
            channel: channel.into(),
            plugin: "telegram 0.1.0".into(),
            received_ms: 1_795_305_600_000 + n,
            class: FailureClass::BadInput,
            reason: "no field update_id".into(),
            raw: Raw { kind: RawKind::Webhook, body: b"{}\xff".to_vec(), ..Raw::default() },
        });
        store.put(entries).expect("put");
        (folder, store)
    }

    fn command(folder: &tempfile::TempDir, action: Action) -> (String, anyhow::Result<ExitCode>) {
        let folder = StateFolder { config: None, state_dir: Some(folder.path().to_owned()) };
        let mut out = Vec::new();
        let arguments = Arguments { folder, action };
        let code = run(&arguments, &Environment::default(), &mut out);
        (String::from_utf8_lossy(&out).into_owned(), code)
    }

    #[test]
    fn the_list_says_what_failed_and_shows_no_input() {
        let (folder, _store) = folder_with_three();
        let (said, _) =
            command(&folder, Action::List { channel: Some("shop".into()), json: false });
        expect_test::expect![[r#"
            ID      RECEIVED              CHANNEL         WHY          STATE                  BYTES  REASON
            3       2026-11-22T00:00:00Z  shop            bad_input    held                       3  no field update_id
        "#]]
        .assert_eq(&said);
        let (said, _) = command(&folder, Action::List { channel: None, json: true });
        let listed: serde_json::Value = serde_json::from_str(&said).expect("JSON");
        assert_eq!(listed.as_array().map(Vec::len), Some(3));
        assert_eq!(listed[0]["raw"], serde_json::Value::Null);
    }

    #[test]
    fn the_input_itself_is_printed_on_request_only() {
        let (folder, _store) = folder_with_three();
        assert_eq!(command(&folder, Action::Show { id: 1, raw: true }).0, "{}\u{fffd}");
        let (said, _) = command(&folder, Action::Show { id: 1, raw: false });
        assert!(said.contains(r#""kind": "webhook""#) && !said.contains("{}"), "{said}");
        let (_, code) = command(&folder, Action::Show { id: 9, raw: false });
        assert_eq!(code.expect_err("missing").to_string(), "there is no entry 9");
    }

    #[test]
    fn a_retry_tells_what_the_server_made_of_each() {
        let (folder, mut server) = folder_with_three();
        let store = Store::open_existing(folder.path()).expect("open").expect("there");
        let mut out = Vec::new();
        let filter = Filter { channel: None, ids: vec![1, 3, 7] };
        let pause = || {
            for entry in server.take_requested().expect("take") {
                let failed =
                    Redelivery::Failed { class: FailureClass::Trap, reason: "crashed".into() };
                let decoded = Redelivery::Decoded { events: 2 };
                let outcome = if entry.id == 1 { decoded } else { failed };
                server.finish(entry.id, &outcome).expect("finish");
            }
        };
        let code = retry(&store, &filter, pause, &mut out).expect("retry");
        assert_eq!(
            String::from_utf8_lossy(&out),
            "7: there is no such entry\n1: decoded: 2 events\n3: failed again: crashed\n"
        );
        assert_eq!(code, ExitCode::FAILURE);
    }

    #[test]
    fn without_a_server_the_request_is_taken_back() {
        let (folder, mut server) = folder_with_three();
        let store = Store::open_existing(folder.path()).expect("open").expect("there");
        let mut out = Vec::new();
        let filter = Filter { channel: Some("shop".into()), ids: Vec::new() };
        retry(&store, &filter, || {}, &mut out).expect("retry");
        assert_eq!(String::from_utf8_lossy(&out), "3: not retried: the server is not running\n");
        assert!(server.take_requested().expect("take").is_empty());
    }
}
