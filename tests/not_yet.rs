//! Promises that are written down and not kept yet. What is listed here must fail: whoever mends one
//! of them has to take it off, so that the list only gets shorter.

use std::panic::{self, UnwindSafe};
use std::path::Path;

/// Scripts of `tests/scripts` by file, tests of `tests/numbers` by module and name; and why.
pub(crate) const NOT_YET: &[(&str, &str)] = &[];

/// Why it is not kept yet, if that is known.
pub(crate) fn reason(name: &str) -> Option<&'static str> {
    NOT_YET.iter().find(|(listed, _)| *listed == name).map(|(_, reason)| *reason)
}

/// Runs a test of `tests/numbers`: one that is listed must fail.
pub(crate) fn hold(name: &str, test: impl FnOnce() + UnwindSafe) {
    match (reason(name), panic::catch_unwind(test)) {
        (None, Err(failure)) => panic::resume_unwind(failure),
        (Some(_), Ok(())) => panic!("{name} holds by now: take it off NOT_YET"),
        (None, Ok(())) | (Some(_), Err(_)) => {}
    }
}

#[test]
fn what_is_listed_exists_and_is_listed_once() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for (place, (name, _)) in NOT_YET.iter().enumerate() {
        let again = NOT_YET[..place].iter().any(|(before, _)| before == name);
        assert!(!again, "{name} is listed twice");
        let exists = match name.split_once("::") {
            Some((module, test)) => {
                let source = tests.join(format!("numbers/{module}.rs"));
                let source = std::fs::read_to_string(source).unwrap_or_default();
                source.contains(&format!("fn {test}()"))
            }
            None => tests.join("scripts").join(name).is_file(),
        };
        assert!(exists, "there is no {name}");
    }
}
