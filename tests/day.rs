//! A day of 200,000 events through `tablica replay`: the same bytes whenever it is asked.

use std::io::Write;

use crate::support::center::Center;
use crate::support::day;
use crate::support::server::tablica;

#[test]
fn a_day_replayed_twice_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("day.jsonl");
    let mut lines = Vec::new();
    for event in day::events(&Center::USUAL) {
        serde_json::to_writer(&mut lines, &event).unwrap();
        writeln!(lines).unwrap();
    }
    std::fs::write(&file, lines).unwrap();
    let replayed = || {
        let mut replay = tablica();
        replay.arg("replay").arg("--events").arg(&file);
        replay.args(["--from", "2026-03-02T07:00:00Z", "--to", "2026-03-02T21:00:00Z"]);
        replay.args(["--step", "1h", "--format", "json"]);
        let output = replay.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    // Side by side: neither knows of the other.
    let (once, again) = std::thread::scope(|scope| {
        let (once, again) = (scope.spawn(replayed), scope.spawn(replayed));
        (once.join().unwrap(), again.join().unwrap())
    });
    assert!(once == again, "the bytes differ");
    let document: serde_json::Value = serde_json::from_str(&once).unwrap();
    let steps = document["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 15);
    let offered = |step: &serde_json::Value| {
        let kpis = step["kpis"].as_array().unwrap().iter();
        let mut all =
            kpis.filter(|kpi| kpi["kpi"] == "offered" && kpi["selector"] == serde_json::json!({}));
        all.next().unwrap()["figure"]["value"].as_f64().unwrap()
    };
    let by_hour: Vec<f64> = steps[1..].iter().map(offered).collect();
    assert!(by_hour.is_sorted(), "today only grows: {by_hour:?}");
    assert!(by_hour.last().is_some_and(|all| *all > 30_000.0), "{by_hour:?}");
}
