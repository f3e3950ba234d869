//! An event that comes again is counted once, at the rates and for as long as the config says.

use std::collections::HashMap;
use std::time::Duration;

use proptest::prelude::*;

use super::script::*;
use crate::engine::duplicates::Duplicates;
use crate::engine::rules::Limits;
use crate::engine::{Engine, NewIds, Rules};
use crate::event::{Event, UnixMs};

const HOUR_MS: UnixMs = 3_600_000;

fn rules(duplicate_ids_max: usize) -> Rules {
    let mut rules = Rules::default();
    rules.contacts.duplicate_ids_max = duplicate_ids_max;
    rules
}

fn event(channel: &str, number: usize) -> Event {
    let mut script = Script::on(channel);
    script.contact(&format!("c{number}"), "sales").queued(0.0);
    let mut event = script.events.remove(0);
    event.id = format!("id-{number}");
    event
}

fn duplicates(engine: &Engine, channel: &str) -> u64 {
    engine.faults().find(|(name, _)| *name == channel).map_or(0, |(_, faults)| faults.duplicates)
}

/// As a network's own ids look when they are hashed.
fn hashed(number: u64) -> u64 {
    crate::engine::intern::scoped_hash(0, &number.to_string())
}

#[test]
fn three_million_events_of_two_days_are_all_recognised_and_then_forgotten() {
    let limits = Limits::of(&Rules::default().contacts);
    let mut seen = Duplicates::default();
    let at = |number: u64| number as UnixMs * 47 * HOUR_MS / 3_000_000;
    for number in 0..3_000_000 {
        assert!(seen.insert(0, hashed(number), at(number), &limits));
        assert_eq!(seen.make_room(&limits), 0, "nothing is forgotten early");
        seen.forget(at(number), &limits);
    }
    for number in (0..3_000_000).step_by(1009) {
        assert!(!seen.insert(0, hashed(number), 48 * HOUR_MS, &limits), "{number} is a duplicate");
    }
    seen.forget((47 + 48) * HOUR_MS + 1, &limits);
    assert_eq!(seen.len(), 0, "memory is given back");
    assert!(seen.insert(0, hashed(0), 96 * HOUR_MS, &limits));
}

#[test]
fn a_flood_on_one_channel_does_not_make_another_one_forget() {
    let mut engine = Engine::new(rules(10_000));
    for number in 0..100 {
        engine.apply(&event("mail", number), at(0.0));
    }
    for number in 0..50_000 {
        engine.apply(&event("flood", number), at(1.0));
    }
    let forgotten = engine.limits_hit().ids_evicted;
    assert!((40_100..41_000).contains(&forgotten), "{forgotten} of the flood's own are forgotten");
    for number in 0..100 {
        engine.apply(&event("mail", number), at(2.0));
    }
    assert_eq!(duplicates(&engine, "mail"), 100);
    for number in 49_000..50_000 {
        engine.apply(&event("flood", number), at(2.0));
    }
    assert_eq!(duplicates(&engine, "flood"), 1000, "the newest of the flood are known, too");
}

/// An engine that took 300 events on two channels, its ids handed out after each hundred.
fn handed_out() -> (Engine, Vec<NewIds>) {
    let mut engine = Engine::new(rules(1_000_000));
    let mut batches = Vec::new();
    for number in 0..300 {
        let channel = ["mail", "phone"][number % 2];
        engine.apply(&event(channel, number), at(number as f64));
        if number % 100 == 99 {
            batches.push(engine.take_new_ids());
        }
    }
    (engine, batches)
}

fn take_all_again(engine: &mut Engine) -> u64 {
    for number in 0..300 {
        engine.apply(&event(["mail", "phone"][number % 2], number), at(400.0));
    }
    duplicates(engine, "mail") + duplicates(engine, "phone")
}

#[test]
fn a_snapshot_with_the_ids_that_were_handed_out_recognises_all_of_them() {
    let (engine, batches) = handed_out();
    let mut restored = Engine::restore(rules(1_000_000), &engine.snapshot()).unwrap();
    assert_eq!(restored.ids_needed(), Some(1..=3));
    for piece in batches.iter().flat_map(|batch| &batch.pieces) {
        restored.remember_ids(piece);
    }
    assert_eq!(restored.ids_needed(), None);
    assert_eq!(take_all_again(&mut restored), 300);
}

#[test]
fn what_was_not_handed_out_is_in_the_snapshot() {
    let mut engine = Engine::new(rules(1_000_000));
    for number in 0..300 {
        engine.apply(&event(["mail", "phone"][number % 2], number), at(1.0));
    }
    let mut restored = Engine::restore(rules(1_000_000), &engine.snapshot()).unwrap();
    assert_eq!(restored.ids_needed(), None);
    assert_eq!(take_all_again(&mut restored), 300);
}

#[test]
fn ids_that_are_missing_or_damaged_are_noticed() {
    let (engine, batches) = handed_out();
    let snapshot = engine.snapshot();
    let is_noticed = |pieces: &[Vec<u8>]| {
        let mut restored = Engine::restore(rules(1_000_000), &snapshot).unwrap();
        pieces.iter().for_each(|piece| restored.remember_ids(piece));
        // A number that leads to the same part does no harm.
        restored.ids_needed().is_some() || take_all_again(&mut restored) == 300
    };
    let pieces: Vec<Vec<u8>> = batches.into_iter().flat_map(|batch| batch.pieces).collect();
    assert!(is_noticed(&pieces[1..]), "one is missing");
    for place in 0..pieces[0].len() {
        let mut damaged = pieces.clone();
        damaged[0][place] ^= 1;
        assert!(is_noticed(&damaged), "byte {place} is another one");
        damaged[0].truncate(place);
        assert!(is_noticed(&damaged), "it ends at {place}");
    }
}

#[test]
fn after_a_loss_all_ids_are_handed_out_anew() {
    let (mut engine, _) = handed_out();
    engine.hand_out_ids_anew();
    let all = engine.take_new_ids();
    assert_eq!((all.batch, all.needed_from), (4, 4));
    let mut restored = Engine::restore(rules(1_000_000), &engine.snapshot()).unwrap();
    assert_eq!(restored.ids_needed(), Some(4..=4));
    all.pieces.iter().for_each(|piece| restored.remember_ids(piece));
    assert_eq!(restored.ids_needed(), None);
    assert_eq!(take_all_again(&mut restored), 300);
}

/// What happens to the ids of a site.
#[derive(Clone, Debug)]
enum Step {
    Event { channel: u16, id: u64, after_ms: UnixMs },
    HandOut,
    Restart,
    Lose,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0u16..3, 0u64..40, 0i64..400)
            .prop_map(|(channel, id, after_ms)| Step::Event { channel, id, after_ms }),
        2 => Just(Step::HandOut),
        1 => Just(Step::Restart),
        1 => Just(Step::Lose),
    ]
}

proptest! {
    /// Within the window every id is recognised, an eighth of it later none is, whatever is handed
    /// out, restarted and lost meanwhile.
    #[test]
    fn an_id_is_known_for_the_window_and_up_to_an_eighth_longer(
        steps in prop::collection::vec(step(), 1..200),
    ) {
        const WINDOW_MS: UnixMs = 8000;
        let mut contacts = Rules::default().contacts;
        contacts.duplicate_window = Duration::from_millis(WINDOW_MS as u64);
        let limits = Limits::of(&contacts);
        let (mut seen, mut stored) = (Duplicates::default(), Vec::<NewIds>::new());
        let mut known = HashMap::<(u16, u64), UnixMs>::new();
        let mut now_ms = 1_000_000;
        for step in steps {
            match step {
                Step::Event { channel, id, after_ms } => {
                    now_ms += after_ms;
                    seen.forget(now_ms, &limits);
                    let is_new = seen.insert(channel, hashed(id), now_ms, &limits);
                    let since = known.get(&(channel, id)).map(|last| now_ms - last);
                    match since {
                        Some(since) if since <= WINDOW_MS => prop_assert!(!is_new),
                        Some(since) if since <= WINDOW_MS + WINDOW_MS / 8 => {}
                        _ => prop_assert!(is_new),
                    }
                    if is_new {
                        known.insert((channel, id), now_ms);
                    }
                }
                Step::HandOut => {
                    let batch = seen.take_new();
                    stored.retain(|it| it.batch >= batch.needed_from);
                    stored.push(batch);
                }
                Step::Restart => {
                    let bytes = postcard::to_stdvec(&seen).unwrap();
                    seen = postcard::from_bytes(&bytes).unwrap();
                    seen.rebuild();
                    for piece in stored.iter().flat_map(|batch| &batch.pieces) {
                        seen.remember(piece);
                    }
                    prop_assert!(seen.is_whole());
                }
                Step::Lose => {
                    stored.clear();
                    seen.hand_out_anew();
                }
            }
        }
    }
}
