//! Properties of what is not kept but derived again: what contacts count as.

use proptest::prelude::*;
use proptest::sample::Index;

use super::orders::{END, arriving, engine, figures, selectors};
use super::script::*;
use super::traffic::{rules, traffic};
use crate::engine::ids::Class;
use crate::engine::{Engine, Standing};
use crate::event::{Author, Kind, Medium, Message, Opened};
use crate::scope::Selector;

/// A message may say that it belongs to a call: then the contact is one, as if that had been known
/// from the beginning.
#[test]
fn what_a_contact_is_made_of_may_be_told_last() {
    let mut script = Script::on("desk");
    script.contact("x", "sales").wrote(0.0, Author::Customer).wrote(60.0, Author::Agent);
    let message = Message { medium: Medium::Call, author: Author::Customer, ..Message::default() };
    script.kind(120.0, Kind::Message(message));
    let (mut in_order, mut at_once) = (engine(), engine());
    for event in &script.events {
        in_order.apply(event, event.at_ms);
    }
    for event in script.events.iter().rev() {
        at_once.apply(event, at(120.0));
    }
    assert_eq!(figures(&in_order, &[all()]), figures(&at_once, &[all()]));
}

/// Two engines that go through the same events, of which one keeps where older facts lead.
fn kept_and_not() -> [Engine; 2] {
    [8, usize::MAX].map(|many_facts| {
        let mut engine = engine();
        engine.limits.many_facts = many_facts;
        engine
    })
}

/// What a contact is made of is what the first of its facts says that says it: a late one, too, and
/// one after many that say nothing.
#[test]
fn the_first_medium_told_holds_where_older_facts_are_kept() {
    let of = |medium| Selector { kind: Some(medium), ..all() };
    let opened = |medium| Kind::Opened(Opened { medium, ..Opened::default() });
    let assigned = |script: &mut Script, from: u16| {
        for minute in from..from + 20 {
            script.kind(60.0 * f64::from(minute), Kind::Assigned);
        }
    };
    let mut told_late = Script::on("desk");
    told_late.contact("late", "sales");
    assigned(&mut told_late, 0);
    told_late.wrote(1260.0, Author::Peer);
    told_late.kind(1230.0, opened(Medium::Chat));
    let mut told_between = Script::on("desk");
    told_between.contact("between", "sales");
    assigned(&mut told_between, 0);
    told_between.kind(1230.0, opened(Medium::Message));
    assigned(&mut told_between, 21);
    for (script, medium) in [(told_late, Medium::Chat), (told_between, Medium::Message)] {
        let mut engines = kept_and_not();
        for engine in &mut engines {
            assert!(engine.watch(&of(medium)));
            script
                .events
                .iter()
                .for_each(|event| engine.apply(event, event.known_ms().max(engine.now_ms())));
            engine.tick(at(3600.0));
        }
        let [kept, not_kept] = engines.each_ref().map(|it| figures(it, &[of(medium)]));
        assert_eq!(kept, not_kept);
        let volume = format!(r#"volume [("kind", "{}")] 24h: Number(1.0)"#, medium.word());
        assert!(kept.iter().any(|it| it.starts_with(&volume)), "{kept:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// What a contact counts as is derived again when somebody asks to count it by something
    /// else: the same as if it had been counted so from the beginning.
    #[test]
    fn a_late_question_finds_what_an_early_one_would_have(
        events in traffic(),
        delays in prop::collection::vec(0..7200i64, 1..50),
        asked_after in any::<Index>(),
    ) {
        let by_kind = |agent: Option<&str>| Selector {
            kind: Some(Medium::Message),
            agent: agent.map(str::to_owned),
            ..all()
        };
        let asked = [by_kind(None), by_kind(Some("ann")), by_kind(Some("ben"))];
        let (mut early, mut late) = (Engine::new(rules()), Engine::new(rules()));
        asked.iter().for_each(|selector| assert!(early.watch(selector)));
        let asked_after = asked_after.index(events.len());
        for (place, (event, delay)) in events.iter().zip(delays.iter().cycle()).enumerate() {
            let known_ms = early.now_ms().max(event.at_ms + delay * 1000);
            early.apply(event, known_ms);
            late.apply(event, known_ms);
            if place == asked_after {
                asked.iter().for_each(|selector| assert!(late.watch(selector)));
            }
        }
        let end_ms = early.now_ms().max(at(END));
        early.tick(end_ms);
        late.tick(end_ms);
        for (early, late) in figures(&early, &asked).into_iter().zip(figures(&late, &asked)) {
            prop_assert_eq!(early, late);
        }
    }

    /// Of a contact with many facts it is kept where the older ones lead. That shows in no figure,
    /// also where events come late, or among those of which it is kept.
    #[test]
    fn where_older_facts_lead_can_be_kept(
        events in traffic(),
        delays in prop::collection::vec(0..900i64, 1..50),
        facts_max in 10..64usize,
    ) {
        let [mut kept, mut not_kept] = kept_and_not();
        (kept.limits.facts_max, not_kept.limits.facts_max) = (facts_max, facts_max);
        for (place, (known_ms, event)) in arriving(&events, &delays).into_iter().enumerate() {
            kept.apply(event, known_ms);
            not_kept.apply(event, known_ms);
            if place % 4 > 0 {
                continue; // To write all figures takes longer than to fold an event.
            }
            let both = [&kept, &not_kept].map(|it| figures(it, &[all()]));
            prop_assert_eq!(&both[0], &both[1], "after {}", event.id);
        }
        for seconds in [END, END + 86_400.0] {
            kept.tick(at(seconds));
            not_kept.tick(at(seconds));
            let asked = selectors();
            let both = [&kept, &not_kept].map(|it| figures(it, &asked));
            prop_assert_eq!(&both[0], &both[1]);
        }
    }

    /// When everything is over, nobody waits and no promise runs, wherever that is counted.
    #[test]
    fn nothing_live_is_left_behind(
        events in traffic(),
        delays in prop::collection::vec(0..7200i64, 1..50),
        facts_max in 4..64usize,
    ) {
        let mut engine = engine();
        engine.limits.facts_max = facts_max;
        for (event, delay) in events.iter().zip(delays.iter().cycle()) {
            let known_ms = engine.now_ms().max(event.at_ms + delay * 1000);
            engine.apply(event, known_ms);
        }
        engine.tick(at(90.0 * 86_400.0));
        for cell in engine.state.cells.cells() {
            let live = Standing::ALL.map(|standing| cell.standing(standing));
            prop_assert_eq!(live, [0; 4], "{:?}", engine.selector_of(&cell.slice));
            prop_assert_eq!((cell.waiting(), cell.deadline_ms()), (0, None));
            let waiters = [Class::Voice, Class::Written].map(|class| cell.waiters.of(class).len());
            prop_assert_eq!(waiters, [0, 0]);
        }
        prop_assert!(engine.state.contacts.is_empty());
    }
}
