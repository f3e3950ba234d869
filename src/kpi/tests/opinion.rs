//! What customers think of it, and how often they have to come: worked examples.

use crate::config::model::Clock;
use crate::engine::tests::script::*;
use crate::engine::{ChannelRules, Engine, Rules};
use crate::event::{Author, CustomerKey, Event, Kind, Mention, Rated, Resolved, Sentiment};
use crate::kpi::value::Figure;
use crate::scope::{Selector, Window};

const HOUR: f64 = 3600.0;
const DAY: f64 = 24.0 * HOUR;

/// Each rating on a contact of its own.
fn rated(ratings: &[(f64, f64)]) -> Vec<Event> {
    let mut script = Script::on("chat");
    for (number, (score, scale)) in ratings.iter().enumerate() {
        script.contact(&format!("c{number}"), "care").wrote(0.0, Author::Customer);
        script.kind(10.0, Kind::RatingRequested).rated(20.0, *score, *scale);
    }
    script.events
}

fn sentence(engine: &crate::engine::Engine, id: &str) -> String {
    value(engine, id, &all(), Window::Today).receipt.sentence
}

#[test]
fn four_and_five_of_five_are_satisfied() {
    let engine = fold(&rated(&[(5.0, 5.0), (4.0, 5.0), (3.0, 5.0), (1.0, 5.0)]), 60.0);
    assert_eq!(shown(&engine, "csat", &all(), Window::Today), "50.00 %");
    assert_eq!(shown(&engine, "rating", &all(), Window::Today), "65.00 %");
    assert_eq!(shown(&engine, "rating_response_rate", &all(), Window::Today), "100.00 %");
    assert_eq!(
        sentence(&engine, "csat"),
        "2 of 4 ratings today were positive (at least 4 of 5); \
         4 of 4 customers who were asked answered (100.00 %)."
    );
}

#[test]
fn promoters_less_detractors() {
    // 10 and 9 promote, 7 and 8 do neither, 0 to 6 detract; a scale to five says nothing.
    let scores = [10.0, 10.0, 9.0, 9.0, 9.0, 8.0, 7.0, 7.0, 6.0, 0.0];
    let mut ratings = scores.map(|score| (score, 10.0)).to_vec();
    ratings.push((5.0, 5.0));
    let engine = fold(&rated(&ratings), 60.0);
    assert_eq!(number(&engine, "nps", &all(), Window::Today), 30.0);
    let engine = fold(&rated(&[(0.0, 10.0)]), 60.0);
    assert_eq!(number(&engine, "nps", &all(), Window::Today), -100.0);
}

#[test]
fn good_ratings_for_each_bad_one() {
    let ratings = [10.0, 9.0, 8.0, 8.0, 8.0, 7.0, 4.0, 3.0, 1.0].map(|score| (score, 10.0));
    let engine = fold(&rated(&ratings), 60.0);
    assert_eq!(number(&engine, "csi", &all(), Window::Today), 2.5);
    let engine = fold(&rated(&ratings[..6]), 60.0);
    assert_eq!(shown(&engine, "csi", &all(), Window::Today), "no data");
    assert!(sentence(&engine, "csi").starts_with("∞ (5): 5 good ratings"));
    let engine = fold(&rated(&ratings[5..7]), 60.0);
    assert!(sentence(&engine, "csi").starts_with("None of the ratings today was good"));
}

#[test]
fn a_dimension_is_no_overall_rating() {
    let mut script = Script::on("chat");
    script.contact("c1", "care").wrote(0.0, Author::Customer);
    let clear = Rated { dimension: "clear".to_owned(), score: 2.0, scale: 5.0 };
    script.rated(10.0, 5.0, 5.0).kind(11.0, Kind::Rated(clear));
    let engine = fold(&script.events, 60.0);
    let of =
        |dimension: &str| Selector { dimension: Some(dimension.to_owned()), ..Selector::default() };
    assert_eq!(shown(&engine, "csat", &all(), Window::Today), "100.00 %");
    assert_eq!(shown(&engine, "rating", &of("clear"), Window::Today), "40.00 %");
    assert_eq!(shown(&engine, "rating", &of("overall"), Window::Today), "100.00 %");
    assert_eq!(shown(&engine, "rating", &of("easy"), Window::Today), "no data");
    assert_eq!(shown(&engine, "csi", &of("clear"), Window::Today), "not applicable");
    assert!(sentence(&engine, "csat").ends_with("how many customers were asked is not known."));
}

fn visit(script: &mut Script, name: &str, second: f64, customer: &str) {
    script.contact(name, "care").wrote(second, Author::Customer);
    let customer = CustomerKey(customer.to_owned());
    script.events.last_mut().expect("just written").customer = vec![customer];
}

#[test]
fn first_contact_resolution_is_of_the_window_a_week_ago() {
    let mut script = Script::on("mail");
    for (number, customer) in ["a", "b", "c", "d"].into_iter().enumerate() {
        visit(&mut script, &format!("first {customer}"), number as f64 * HOUR, customer);
    }
    visit(&mut script, "again", 3.0 * DAY, "b");
    visit(&mut script, "too late to count", 9.0 * DAY, "c");
    let repeat = |days: f64| {
        let known: Vec<_> =
            script.events.iter().filter(|event| event.at_ms <= at(days * DAY)).cloned().collect();
        fold(&known, days * DAY)
    };
    let at_noon = repeat(7.0 + 4.0 / 24.0);
    assert_eq!(number(&at_noon, "fcr", &all(), Window::Today), 0.75);
    let receipt = value(&at_noon, "fcr", &all(), Window::Today).receipt;
    assert_eq!(
        receipt.sentence,
        "After 3 of 4 written contacts from 2026-03-02 00:00 to 12:00 the customer did not come \
         again within 7 days, on whatever channel."
    );
    assert_eq!((receipt.window.from_ms, receipt.window.to_ms), (at(-8.0 * HOUR), at(4.0 * HOUR)));
    assert_eq!(shown(&repeat(6.0), "fcr", &all(), Window::Today), "no data");
    assert_eq!(number(&repeat(3.0), "repeat_contacts", &all(), Window::Today), 1.0);
    assert_eq!(number(&repeat(9.0), "repeat_contacts", &all(), Window::Today), 0.0);
}

#[test]
fn settled_by_nobody_of_ours_and_opened_again() {
    let mut script = Script::on("desk");
    for (name, by) in
        [("1", Author::Bot), ("2", Author::Customer), ("3", Author::Agent), ("4", Author::Agent)]
    {
        script.contact(name, "care").wrote(0.0, Author::Customer);
        script.kind(10.0, Kind::Resolved(Resolved { by }));
    }
    script.kind(20.0, Kind::Reopened);
    let engine = fold(&script.events, 60.0);
    assert_eq!(number(&engine, "automation_rate", &all(), Window::Today), 0.5);
    assert_eq!(number(&engine, "reopen_rate", &all(), Window::Today), 0.25);
}

#[test]
fn the_first_answer_is_a_customers_or_ours() {
    let mut script = Script::on("forum");
    script.contact("1", "").wrote(0.0, Author::Customer).wrote(5.0, Author::Peer);
    script.wrote(9.0, Author::Agent);
    script.contact("2", "").wrote(0.0, Author::Customer).wrote(5.0, Author::Agent);
    script.wrote(9.0, Author::Peer);
    script.contact("3", "").wrote(0.0, Author::Customer).wrote(1.0, Author::Bot);
    script.contact("4", "").wrote(0.0, Author::Customer).wrote(5.0, Author::Agent);
    let engine = fold(&script.events, 60.0);
    assert_eq!(number(&engine, "peer_answer_rate", &all(), Window::Today), 1.0 / 3.0);
}

#[test]
fn what_has_no_price_is_left_out_and_named() {
    let mut rules = Rules::default();
    let cost = |cost_per_contact| ChannelRules { cost_per_contact, ..ChannelRules::default() };
    rules.channels.insert("phone".to_owned(), cost(Some(6.0)));
    rules.channels.insert("chat".to_owned(), cost(Some(0.5)));
    rules.channels.insert("forum".to_owned(), cost(None));
    let mut events = Vec::new();
    for (channel, contacts) in [("phone", 1), ("chat", 3), ("forum", 2)] {
        let mut script = Script::on(channel);
        for contact in 0..contacts {
            script.contact(&format!("{contact}"), "").wrote(0.0, Author::Customer);
        }
        events.append(&mut script.events);
    }
    let engine = fold_with(rules, &events, 60.0);
    assert_eq!(number(&engine, "cost", &all(), Window::Today), 7.5);
    assert_eq!(number(&engine, "cost_per_contact", &all(), Window::Today), 1.875);
    assert_eq!(
        sentence(&engine, "cost"),
        "4 written contacts today cost 7.50 EUR in all; \
         not counted: 2 of channels without cost_per_contact (forum)."
    );
    let forum = Selector::channel("forum");
    assert_eq!(shown(&engine, "cost", &forum, Window::Today), "no data");
}

#[test]
fn complaints_have_an_owner_and_a_time() {
    let policies = vec![policy(Clock::FirstResponse, 60, true)];
    let rules = Rules { policies, ..Rules::default() };
    let mut script = Script::on("mail");
    for contact in 0..6 {
        script.contact(&format!("{contact}"), "care").complained(0.0);
        script.agent("ann").wrote(30.0 + f64::from(contact) * 10.0, Author::Agent);
        script.kind(200.0, Kind::Resolved(Resolved::default()));
    }
    script.contact("other", "care").wrote(0.0, Author::Customer);
    script.contact("waits", "shop").complained(0.0);
    script.events.sort_by_key(|event| event.at_ms);
    let engine = fold_with(rules, &script.events, 300.0);
    let ann = Selector { agent: Some("ann".to_owned()), ..Selector::default() };
    assert_eq!(number(&engine, "complaints", &all(), Window::Today), 7.0);
    assert_eq!(number(&engine, "complaints", &ann, Window::Today), 6.0);
    assert_eq!(number(&engine, "complaints_resolved", &ann, Window::Today), 6.0);
    assert_eq!(number(&engine, "complaint_resolution_time", &all(), Window::Today), 200.0);
    assert_eq!(number(&engine, "complaint_share", &all(), Window::Today), 7.0 / 8.0);
    // 30, 40, 50 and 60 s are in time; 70, 80 and the one that still waits are not.
    assert_eq!(number(&engine, "complaints_in_time", &all(), Window::Today), 4.0 / 7.0);
    assert_eq!(number(&engine, "complaints_in_time", &ann, Window::Today), 4.0 / 6.0);
    assert_eq!(number(&engine, "complaints_overdue", &all(), Window::Now), 1.0);
    assert_eq!(number(&engine, "complaints_overdue", &queue("shop"), Window::Now), 1.0);
    let engine = fold(&script.events, 300.0);
    assert_eq!(shown(&engine, "complaints_in_time", &all(), Window::Today), "not applicable");
}

/// So many mentions within an hour, that many seconds after the beginning.
fn mentioned(script: &mut Script, second: f64, count: u32, sentiment: Sentiment) {
    for number in 0..count {
        let mention = Mention { public: true, sentiment, ..Mention::default() };
        script.contact("", "").kind(second + f64::from(number), Kind::Mention(mention));
    }
}

#[test]
fn a_jump_is_told_in_standard_deviations() {
    let week = 7.0 * DAY;
    let mut script = Script::on("twitter");
    for (number, count) in [2, 4, 4, 6].into_iter().enumerate() {
        mentioned(&mut script, number as f64 * week, count, Sentiment::Neutral);
    }
    mentioned(&mut script, 4.0 * week, 12, Sentiment::Negative);
    let fold_until = |until: f64| {
        let known: Vec<_> =
            script.events.iter().filter(|event| event.at_ms < at(until)).cloned().collect();
        fold(&known, until)
    };
    // Mean 4, sample deviation √(8/3).
    let engine = fold_until(4.0 * week + HOUR);
    let jump = number(&engine, "mentions_jump", &all(), Window::Now);
    assert!((jump - 8.0 / (8.0_f64 / 3.0).sqrt()).abs() < 1e-9, "{jump}");
    let receipt = value(&engine, "mentions_jump", &all(), Window::Now).receipt;
    assert_eq!(
        receipt.sentence,
        "12 mentions from 2026-03-30 08:00 to 09:00; usual in this hour of the week are 4.0 \
         (standard deviation 1.6), so it is 4.9 deviations from that: a jump, which is flagged \
         from 3."
    );
    let counts: Vec<_> = receipt.counts.iter().map(|count| count.value).collect();
    assert_eq!(counts, [12, 6, 4, 4, 2]);
    assert_eq!(shown(&engine, "net_sentiment", &all(), Window::Today), "-1.00");
    assert_eq!(shown(&engine, "negative_share", &all(), Window::Today), "100.00 %");
    // Two weeks say nothing of what is usual.
    let early = fold_until(2.0 * week + HOUR);
    assert_eq!(shown(&early, "mentions_jump", &all(), Window::Now), "no data");
}

#[test]
fn weeks_that_are_all_alike_hide_no_jump() {
    let week = 7.0 * DAY;
    let jump = |usual: u32, now: u32| {
        let mut script = Script::on("twitter");
        // The feed is known in all four weeks, even where the hour was empty.
        for number in 0..4 {
            let begin = f64::from(number) * week;
            mentioned(&mut script, begin, usual, Sentiment::Neutral);
            mentioned(&mut script, begin + 3.0 * HOUR, 1, Sentiment::Neutral);
        }
        mentioned(&mut script, 4.0 * week + 1.0, now, Sentiment::Negative);
        let engine = fold(&script.events, 4.0 * week + HOUR);
        let value = value(&engine, "mentions_jump", &all(), Window::Now);
        let Figure::Number(far) = value.figure else { unreachable!("{:?}", value.figure) };
        (far, value.receipt.sentence)
    };
    // √9 = 3, and at least 1.
    assert_eq!([jump(9, 9).0, jump(9, 21).0, jump(9, 3).0], [0.0, 4.0, -2.0]);
    assert_eq!([jump(0, 0).0, jump(0, 2).0, jump(0, 5).0], [0.0, 2.0, 5.0]);
    assert_eq!(
        jump(9, 21).1,
        "21 mentions from 2026-03-30 08:00 to 09:00; usual in this hour of the week are 9.0 \
         (always the same; the deviation of a count by chance is 3.0), so it is 4.0 deviations \
         from that: a jump, which is flagged from 3."
    );
}

/// The jump of mentions at a moment of the fifth Monday, of these on each Monday before.
fn jumps(usual: &[f64], today: &[f64], moments: impl Iterator<Item = f64>) -> Vec<(f64, f64)> {
    let week = 7.0 * DAY;
    let mut script = Script::on("twitter");
    for number in 0..5 {
        let seconds = if number < 4 { usual } else { today };
        for second in seconds {
            mentioned(&mut script, f64::from(number) * week + second, 1, Sentiment::Neutral);
        }
    }
    let mut engine = Engine::new(Rules::default());
    let mut events = script.events.iter().peekable();
    let mut told = Vec::new();
    for moment in moments {
        let now_ms = at(4.0 * week + moment);
        while let Some(event) = events.next_if(|event| event.at_ms <= now_ms) {
            engine.apply(event, event.known_ms());
        }
        engine.tick(now_ms);
        let value = value(&engine, "mentions_jump", &all(), Window::Now);
        let Figure::Number(far) = value.figure else { unreachable!("{:?}", value.figure) };
        let window = value.receipt.window;
        assert_eq!(window.to_ms - window.from_ms, 3_600_000, "a whole hour");
        assert!(window.to_ms <= now_ms && window.to_ms > now_ms - 900_000, "the last one");
        told.push((moment, far));
    }
    told
}

#[test]
fn what_is_always_the_same_never_jumps() {
    let minutes: Vec<_> = (0..240).map(|minute| f64::from(minute) * 60.0).collect();
    let moments = (0..130).map(|number| HOUR + f64::from(number) * 83.0);
    for (moment, far) in jumps(&minutes, &minutes, moments) {
        assert_eq!(far, 0.0, "at second {moment}");
    }
}

#[test]
fn a_surge_is_seen_when_its_hour_is_full_and_within_a_quarter_when_it_is_great() {
    let minutes: Vec<_> = (0..240).map(|minute| f64::from(minute) * 60.0).collect();
    // From 09:07 on three times as many: 107 within an hour are more than 60 + 3 · √60.
    let begun = HOUR + 420.0;
    let surge = (0..120).map(|more| begun + f64::from(more) * 30.0);
    let mut surging: Vec<_> = minutes.iter().copied().chain(surge).collect();
    surging.sort_by(f64::total_cmp);
    let moments = (0..120).map(|number| HOUR + f64::from(number) * 60.0);
    let told = jumps(&minutes, &surging, moments);
    let first = told.iter().find(|(_, far)| *far >= 3.0).expect("it is seen");
    assert_eq!(first.0, HOUR + 1800.0, "at 09:30");
    assert!(told.iter().filter(|(moment, _)| *moment < begun).all(|(_, far)| *far == 0.0));
}
