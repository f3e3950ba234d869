//! `tablica plugin` on the guests: what an author and an operator see.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use serde_json::{Value, json};
use tablica::command::plugin::{Arguments, Shipped, run};
use tablica::event::{Event, Kind};

use super::guests;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    plugin: Arguments,
}

/// What is printed, and whether all went well.
fn tablica_plugin(arguments: &[&str]) -> Result<(String, bool), String> {
    let words = ["plugin"].iter().chain(arguments);
    let cli = Cli::try_parse_from(words).map_err(|error| error.to_string())?;
    let good: &'static [u8] = Box::leak(guests::plugin("good").to_vec().into_boxed_slice());
    let shipped =
        Shipped { names: &["good"], plugin: &move |name| (name == "good").then_some(good) };
    let mut out = Vec::new();
    let code = run(&cli.plugin, &shipped, &mut out).map_err(|error| format!("{error:#}"))?;
    Ok((String::from_utf8(out).unwrap(), code == ExitCode::SUCCESS))
}

fn write(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn run_prints_events_that_replay_reads_and_the_price_of_each_call() {
    let folder = tempfile::tempdir().unwrap();
    let one = write(folder.path(), "one.json", "id-1");
    let two = write(folder.path(), "two.json", "id-2");
    let now = "2026-11-22T12:00:00Z";
    let (text, well) =
        tablica_plugin(&["run", "good", "--input", &one, &two, "--now", now]).unwrap();
    assert!(well);
    let lines = lines(&text);
    assert_eq!(lines.len(), 5, "{text}");
    assert_eq!(lines[0]["call"]["input"], "init");
    let event: Event = serde_json::from_value(lines[1].clone()).unwrap();
    assert_eq!((event.id.as_str(), event.channel.as_str()), ("id-1", "good"));
    assert_eq!((event.at_ms, event.received_ms), (1_795_348_800_000, 0));
    assert_eq!(event.kind, Kind::Queued);
    assert_eq!(lines[2]["call"]["input"], one);
    assert_eq!(lines[2]["call"]["events"], 1);
    assert!(lines[2]["call"]["memory_bytes"].as_u64().unwrap() >= 4 << 16);
    assert!(lines[2]["call"]["micros"].is_u64());
    assert_eq!(lines[4]["call"]["input"], two);
}

#[test]
fn run_prints_commands_failures_and_goes_on_after_a_trap() {
    let folder = tempfile::tempdir().unwrap();
    let asking = write(folder.path(), "asking.wasm", guests::plugin("asking"));
    let fetch = write(folder.path(), "fetch", "fetch me");
    let (text, well) = tablica_plugin(&["run", &asking, "--input", &fetch]).unwrap();
    assert!(well);
    assert_eq!(lines(&text)[2]["command"]["fetch"]["tag"], "fetch me");

    let counting = write(folder.path(), "counting.wasm", guests::plugin("counting"));
    let poison = write(folder.path(), "poison", "x");
    let (text, well) = tablica_plugin(&["run", &counting, "--input", &poison, &fetch]).unwrap();
    assert!(!well, "a failure is an exit code");
    let lines = lines(&text);
    assert_eq!(lines[1]["failure"]["class"], "trap");
    assert_eq!(lines[1]["failure"]["file"], poison);
    assert_eq!(lines[2]["id"], "fetch me");
}

#[test]
fn run_says_what_is_wrong_with_its_arguments() {
    let folder = tempfile::tempdir().unwrap();
    let input = write(folder.path(), "input", "x");
    let error = |arguments: &[&str]| tablica_plugin(arguments).unwrap_err();
    let nowhere = error(&["run", "goood", "--input", &input]);
    assert!(nowhere.contains("neither a file, nor a folder, nor a plugin that ships"), "{nowhere}");
    let kind = error(&["run", "good", "--input", &input, "--as", "xml"]);
    assert!(kind.contains("`xml` is none of webhook, response, line, document"), "{kind}");
    let time = error(&["run", "good", "--input", &input, "--now", "noon"]);
    assert!(time.contains("2026-11-22T12:00:00Z"), "{time}");
    let missing = error(&["run", "good", "--input", "/no/such/file"]);
    assert!(missing.contains("cannot read /no/such/file"), "{missing}");
}

#[test]
fn test_compares_samples_with_what_the_sandbox_makes_of_them() {
    let root = tempfile::tempdir().unwrap();
    let plugin = guests::plugin("good");
    let folder = root.path().join("good");
    write(&folder, "good.wasm", plugin);
    write(&folder, "samples/a.json", "id-a");
    write(&folder, "samples/b.json", "id-b");
    let event = |id: &str| {
        let at_ms = 1_795_348_800_000_i64;
        json!({ "id": id, "channel": "good", "at_ms": at_ms, "interaction": id, "kind": "queued" })
    };
    let good = format!("{}\n{}\n", event("id-a"), event("id-b"));
    let expect = write(&folder, "samples/ab.events.jsonl", &good);
    let manifest = guests::manifest("good")
        + r#"
[[sample]]
file = ["samples/a.json", "samples/b.json"]
as = "webhook"
expect = "samples/ab.events.jsonl"
about = "Two webhooks"
"#;
    write(&folder, "plugin.toml", manifest);

    let folder = folder.to_str().unwrap();
    let (text, well) = tablica_plugin(&["test", folder]).unwrap();
    assert!(well, "{text}");
    assert!(text.contains("ok      samples/ab.events.jsonl (2 events)"), "{text}");

    fs::write(&expect, good.replace("id-b", "id-c")).unwrap();
    let (text, well) = tablica_plugin(&["test", folder]).unwrap();
    assert!(!well);
    assert!(text.contains("good: 0 of 1 samples as expected"), "{text}");
}

#[test]
fn list_and_inspect_tell_what_a_plugin_asks_for() {
    let (text, _) = tablica_plugin(&["list"]).unwrap();
    assert_eq!(text, "good  0.1.0  A guest of the tests\n");
    let (text, _) = tablica_plugin(&["inspect", "good"]).unwrap();
    let rows =
        ["contract     1.0.0", "sources      webhook, file", "token-header in X-Token", "422"];
    for row in rows {
        assert!(text.contains(row), "{row} in\n{text}");
    }
    assert!(!text.contains("differs"), "{text}");
}
