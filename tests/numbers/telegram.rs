//! Where a polled bot goes on when Telegram has begun to count its updates anew.

use std::path::Path;

use serde_json::{Value, json};

use crate::not_yet::hold;
use crate::support::server::tablica;

fn answer(folder: &Path, name: &str, update: i64, message: i64) -> std::path::PathBuf {
    let file = folder.join(name);
    let message = json!({
        "message_id": message,
        "from": { "id": 733, "is_bot": false },
        "chat": { "id": 733, "type": "private" },
        "date": 1_777_888_800 + message,
        "text": "good morning",
    });
    let answer = json!({ "ok": true, "result": [{ "update_id": update, "message": message }] });
    std::fs::write(&file, answer.to_string()).expect("written");
    file
}

/// The offsets that the plugin asks for, after each of these answers.
fn offsets(updates: &[i64]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = folder.path().join("settings.json");
    std::fs::write(&settings, r#"{"mode":"poll"}"#).expect("written");
    let mut command = tablica();
    command.args(["plugin", "run", "telegram", "--as", "response", "--settings"]).arg(settings);
    command.arg("--input");
    for (number, update) in (1..).zip(updates) {
        command.arg(answer(folder.path(), &format!("{number}.json"), *update, number));
    }
    let output = command.output().expect("tablica runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let fetches = said.lines().filter_map(|line| {
        let line: Value = serde_json::from_str(line).expect("JSON");
        line.get("command").map(Value::to_string)
    });
    let asked = fetches.filter_map(|command| {
        let (_, rest) = command.split_once("offset")?;
        let digits = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
        Some(digits.chars().take_while(char::is_ascii_digit).collect())
    });
    asked.collect()
}

#[test]
fn the_next_update_is_behind_the_last_one() {
    hold("telegram::the_next_update_is_behind_the_last_one", || {
        let asked = offsets(&[700_000_010, 700_000_011]);
        assert_eq!(asked.last().map(String::as_str), Some("700000012"), "{asked:?}");
    });
}

/// After a quiet week the numbers may begin anywhere, also below.
#[test]
fn numbers_that_begin_anew_are_followed() {
    hold("telegram::numbers_that_begin_anew_are_followed", || {
        let asked = offsets(&[800_000_005, 90_000_031]);
        assert_eq!(asked.last().map(String::as_str), Some("90000032"), "{asked:?}");
    });
}
