//! Snapshots that can't be used are refused with a reason.

use super::script::*;
use crate::engine::{Engine, RestoreError, Rules};

fn bytes() -> Vec<u8> {
    let mut script = Script::on("phone");
    script.contact("c1", "sales").queued(0.0).answered(4.0);
    fold(&script.events, 10.0).snapshot()
}

fn refusal(rules: Rules, bytes: &[u8]) -> RestoreError {
    Engine::restore(rules, bytes).err().expect("a refusal")
}

#[test]
fn the_same_events_give_the_same_bytes() {
    assert_eq!(bytes(), bytes());
}

#[test]
fn bytes_of_something_else_are_refused() {
    assert_eq!(refusal(Rules::default(), b""), RestoreError::NotASnapshot);
    assert_eq!(refusal(Rules::default(), b"{\"json\":true}"), RestoreError::NotASnapshot);
}

#[test]
fn torn_or_changed_bytes_are_refused_wherever_it_happens() {
    let whole = bytes();
    for end in 8..whole.len() {
        let error = refusal(Rules::default(), &whole[..end]);
        assert!(matches!(error, RestoreError::Damaged(_)), "{end}: {error}");
    }
    for place in [14, whole.len() / 2, whole.len() - 1] {
        let mut changed = whole.clone();
        changed[place] ^= 1;
        let error = refusal(Rules::default(), &changed);
        assert_eq!(error, RestoreError::Damaged("its checksum is wrong".to_owned()));
    }
}

#[test]
fn another_format_is_named() {
    let mut other = bytes();
    other[8] = 0xff;
    assert_eq!(refusal(Rules::default(), &other), RestoreError::OtherFormat { found: 0xff });
}

#[test]
fn with_other_thresholds_everything_is_counted_anew() {
    let changed = rules_with("sales", |queue| {
        queue.answer_threshold = std::time::Duration::from_secs(30);
    });
    assert_eq!(refusal(changed, &bytes()), RestoreError::OtherRules);
    let mut formula = Rules::default();
    "sl_positive".clone_into(&mut formula.queues.default.service_level);
    assert!(Engine::restore(formula, &bytes()).is_ok(), "formulas are chosen when reading");
}
