//! Rules that take the place of others in an engine that counts.

use std::collections::BTreeSet;
use std::time::Duration;

use super::script::*;
use crate::engine::{ChannelRules, Engine, Rules};
use crate::event::KindName;

/// An engine that has heard of two channels, of which its rules name one.
fn engine() -> Engine {
    let mut rules = Rules::default();
    rules.channels.insert("phone".to_owned(), ChannelRules::default());
    let mut engine = Engine::new(rules);
    for channel in ["phone", "mail"] {
        let mut script = Script::on(channel);
        script.contact(&format!("{channel}-1"), "sales").queued(0.0).answered(4.0);
        for event in &script.events {
            engine.apply(event, event.at_ms);
        }
    }
    engine
}

fn with(change: impl FnOnce(&mut Rules)) -> Rules {
    let mut rules = engine().rules().clone();
    change(&mut rules);
    rules
}

#[test]
fn rules_by_which_nothing_was_counted_are_adopted_and_a_snapshot_is_by_them() {
    for rules in [
        with(|rules| rules.queues.default.goal = 0.5),
        with(|rules| {
            let phone = rules.channels.get_mut("phone").expect("it");
            phone.silent_after_ms = 1;
            phone.cost_per_contact = Some(2.0);
        }),
        // It was never heard of.
        with(|rules| {
            let tells = Some(BTreeSet::from([KindName::Message]));
            let chat = ChannelRules { tells, ..ChannelRules::default() };
            rules.channels.insert("chat".to_owned(), chat);
        }),
    ] {
        let mut engine = engine();
        assert!(engine.takes(&rules) && engine.adopt(&rules), "{rules:?}");
        assert_eq!(engine.rules().channels, rules.channels);
        assert!(rules.channels.keys().all(|name| engine.channels().any(|known| known == name)));
        let restored = Engine::restore(rules, &engine.snapshot()).expect("it is by these rules");
        assert_eq!(restored.version(), engine.version());
    }
}

#[test]
fn by_rules_that_count_otherwise_everything_must_be_counted_anew() {
    for rules in [
        with(|rules| rules.queues.default.answer_threshold = Duration::from_secs(3)),
        with(|rules| rules.contacts.idle_gap = Duration::from_secs(3)),
        with(|rules| drop(rules.channels.remove("phone"))),
        with(|rules| {
            let tells = Some(BTreeSet::from([KindName::Message]));
            rules.channels.get_mut("phone").expect("it").tells = tells;
        }),
        // No rule named it, but it was heard of.
        with(|rules| drop(rules.channels.insert("mail".to_owned(), ChannelRules::default()))),
    ] {
        let mut engine = engine();
        let before = engine.snapshot();
        assert!(!engine.takes(&rules) && !engine.adopt(&rules), "{rules:?}");
        assert_eq!(engine.snapshot(), before, "nothing has changed");
    }
}
