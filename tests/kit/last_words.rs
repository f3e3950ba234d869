//! What is known of a plugin that dies: its panic, where that was, and the functions it was in.

use std::fs;

use super::{shell, well};

const DIES: &str = r#"
use tablica_plugin::*;

pub struct Bell;

impl Channel for Bell {
    fn describe() -> Info {
        info("bell", env!("CARGO_PKG_VERSION"), "Front desk bell")
    }

    fn new(_setup: &Setup) -> Result<Self, Failure> {
        Ok(Bell)
    }

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        let Input::Webhook(call) = input else { return Ok(Output::default()) };
        let body = String::from_utf8_lossy(&call.body).into_owned();
        if body.contains("deep") {
            return Err(bad_input(go_down(&body, 1)));
        }
        look_up(&body);
        Ok(Output::default())
    }
}

#[inline(never)]
fn look_up(caller: &str) {
    panic!("no agent for {caller:?}");
}

#[inline(never)]
fn go_down(body: &str, depth: u64) -> String {
    let deeper = format!("{depth}{}", go_down(body, depth + 1));
    std::hint::black_box(deeper)
}

export_channel!(Bell);
"#;

#[test]
fn a_plugin_that_dies_says_where() {
    let folder = tempfile::tempdir().unwrap();
    well(folder.path(), "tablica plugin new bell --source webhook");
    let bell = folder.path().join("bell");
    fs::write(bell.join("src/lib.rs"), DIES).unwrap();
    fs::write(bell.join("panic"), "+48 600 777 123").unwrap();
    fs::write(bell.join("overflow"), "deep").unwrap();
    well(&bell, "tablica plugin build");
    let died = |input: &str| {
        let output = shell(&bell, &format!("tablica plugin run bell.wasm --input {input}"));
        assert!(!output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let said = died("panic");
    let line = 1 + DIES.lines().position(|line| line.contains("panic!")).unwrap();
    let place = format!("it panicked at src/lib.rs:{line}:5: no agent for");
    assert!(said.contains(&place) && said.contains("+48 600 777 123"), "{said}");
    assert!(said.contains("bell::look_up"), "{said}");
    let said = died("overflow");
    assert!(said.contains("stack overflow") && said.contains("bell::go_down"), "{said}");
}
