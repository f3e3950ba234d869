//! `tablica board`: what whoever makes boards sees.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use expect_test::{Expect, expect};

use crate::support::schema;
use crate::support::server::tablica;

const CONFIG: &str = r#"
[boards]
dir = "boards"
[queue.sales]
[channel.phones]
plugin = "asterisk-queuelog"
file = "queue_log"
queue = "calls"
[policy.vip]
clock = "first_response"
target = "15m"
"#;

/// A tile with these lines.
fn tile(id: &str, kind: &str, x: u8, lines: &str) -> String {
    format!("[[tile]]\nid = \"{id}\"\ntype = \"{kind}\"\nx = {x}\ny = 0\nw = 4\nh = 4\n{lines}\n")
}

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("tablica.toml"), CONFIG).unwrap();
    fs::create_dir(folder.path().join("boards")).unwrap();
    folder
}

fn board(folder: &Path, arguments: &[&str]) -> Output {
    let mut command: Command = tablica();
    command.current_dir(folder).arg("board").args(arguments).output().expect("tablica runs")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn says(output: &Output, code: i32, expected: Expect) {
    expected.assert_eq(&said(output));
    assert_eq!(output.status.code(), Some(code), "{output:?}");
}

#[test]
fn every_mistake_and_every_doubtful_name_is_told_with_its_line() {
    let site = site();
    let text = [
        tile("a", "number", 0, "kpi = \"waitting\"\nqueue = \"saels\""),
        tile("b", "queue_table", 4, "queues = [\"sales\", \"cals\"]\ncolumns = [\"ofered\"]"),
        tile("c", "number", 8, "kpi = \"sla_met\"\npolicy = \"vpi\"\nchannel = \"phons\""),
        tile("d", "number", 12, "kpi = \"waiting\"\nqueue = \"calls\"\nchannel = \"phones\""),
    ];
    fs::write(site.path().join("boards/own.toml"), text.concat()).unwrap();
    let checked = board(site.path(), &["check"]);
    says(
        &checked,
        1,
        expect![[r#"
            boards/own.toml:8: tile `a`: unknown `kpi` "waitting"; did you mean `waiting`?
            boards/own.toml:18: tile `b`: unknown kpi "ofered"; did you mean `offered`?
            boards/own.toml:9: warning: tile `a`: the config has no queue "saels"; did you mean `sales`?
            boards/own.toml:17: warning: tile `b`: the config has no queue "cals"; did you mean `calls`?
            boards/own.toml:27: warning: tile `c`: the config has no policy "vpi"; did you mean `vip`?
            boards/own.toml:28: warning: tile `c`: the config has no channel "phons"; did you mean `phones`?
            2 problems, 4 warnings
        "#]],
    );
}

#[test]
fn doubtful_names_alone_are_warnings() {
    let site = site();
    let text = tile("a", "number", 0, "kpi = \"waiting\"\nqueue = \"night\"");
    fs::write(site.path().join("own.toml"), text).unwrap();
    let checked = board(site.path(), &["check", "own.toml"]);
    says(
        &checked,
        0,
        expect![[r#"
            own.toml:9: warning: tile `a`: the config has no queue "night"; known are calls, sales
            0 problems, 1 warning
        "#]],
    );
    let elsewhere = tempfile::tempdir().unwrap();
    fs::copy(site.path().join("own.toml"), elsewhere.path().join("own.toml")).unwrap();
    says(
        &board(elsewhere.path(), &["check", "own.toml"]),
        0,
        expect![[r#"
            own.toml: ok, 1 tiles
            note: no config: whether queues, channels and policies exist was not looked at (--config)
        "#]],
    );
}

#[test]
fn a_new_board_is_good_and_never_written_over_another() {
    let site = site();
    let made = board(site.path(), &["new", "sales-team"]);
    says(
        &made,
        0,
        expect![[r#"
            boards/sales-team.toml is written, as /wall/sales-team
            Look at it:   tablica board preview boards/sales-team.toml
            Then check:   tablica board check boards/sales-team.toml
        "#]],
    );
    let file = site.path().join("boards/sales-team.toml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("title = \"Sales team\"") && text.contains("# "), "{text}");
    says(
        &board(site.path(), &["check"]),
        0,
        expect![[r#"
            boards/sales-team.toml: ok, 6 tiles
        "#]],
    );
    let again = board(site.path(), &["new", "sales-team", "--from", "floor"]);
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(fs::read_to_string(&file).unwrap(), text, "the first one stays");
    for refused in [["new", "../x", "--from", "floor"], ["new", "x", "--from", "flor"]] {
        assert_eq!(board(site.path(), &refused).status.code(), Some(1), "{refused:?}");
    }
    assert!(board(site.path(), &["new", "floor", "--from", "floor"]).status.success());
    let listed = said(&board(site.path(), &["list"]));
    assert!(listed.lines().any(|line| line.starts_with("floor ") && line.ends_with("floor.toml")));
    assert!(listed.lines().any(|line| line.starts_with("promises ") && line.ends_with("shipped")));
}

#[test]
fn a_picture_has_the_asked_size_and_without_a_browser_it_is_said_what_is_missing() {
    let site = site();
    let missing = tablica()
        .current_dir(site.path())
        .env("PATH", site.path())
        .args(["board", "preview", "floor"])
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&missing.stderr).into_owned();
    if words.contains("without its front end") {
        return;
    }
    assert_eq!(missing.status.code(), Some(1));
    assert!(words.contains("Chromium") && words.contains("--browser"), "{words}");
    let pictures = ["quiet", "red"].map(|state| {
        let out = format!("pictures/{state}.png");
        let arguments = ["preview", "floor", "--state", state, "--size", "540x960", "--out", &out];
        let made = board(site.path(), &arguments);
        assert!(made.status.success(), "{made:?}");
        fs::read(site.path().join(out)).unwrap()
    });
    for picture in &pictures {
        assert_eq!(&picture[1..4], b"PNG");
        let side = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
        assert_eq!((side(16), side(20)), (540, 960));
    }
    assert_ne!(pictures[0], pictures[1]);
}

/// The schema that editors take is the reader's own, and every board that ships fits it.
#[test]
fn the_schema_that_is_kept_is_the_readers_and_boards_that_ship_fit_it() {
    let printed = tablica().args(["board", "schema"]).output().expect("tablica runs");
    let printed = String::from_utf8(printed.stdout).expect("text");
    expect_test::expect_file!["../docs/board.schema.json"].assert_eq(&printed);

    let schema: serde_json::Value = serde_json::from_str(&printed).expect("JSON");
    let document = serde_json::json!({
        "definitions": schema["definitions"],
        "components": { "schemas": { "board": schema } },
    });
    let differences = |text: &str| {
        let mut board: toml::Table = toml::from_str(text).expect("TOML");
        board.iter_mut().for_each(|(_, value)| dates_as_texts(value));
        schema::differences(&document, "board", &serde_json::to_value(&board).expect("JSON"))
    };
    for (file, text) in tablica::assets::boards() {
        assert_eq!(differences(text), Vec::<String>::new(), "{file}");
    }
    let floor = tablica::assets::boards().find(|(file, _)| *file == "floor.toml").expect("it").1;
    assert!(!differences(&floor.replacen("window =", "widnow =", 1)).is_empty());
    assert!(!differences(&floor.replacen("service_level", "servicelevel", 2)).is_empty());
}

/// Editors know TOML's dates as texts.
fn dates_as_texts(value: &mut toml::Value) {
    match value {
        toml::Value::Datetime(moment) => *value = toml::Value::String(moment.to_string()),
        toml::Value::Array(array) => array.iter_mut().for_each(dates_as_texts),
        toml::Value::Table(table) => table.iter_mut().for_each(|(_, value)| dates_as_texts(value)),
        _ => {}
    }
}
