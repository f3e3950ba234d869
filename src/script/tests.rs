//! The language: what it says, and what it says of mistakes.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::{Outcome, Script, parse};
use crate::event::{Event, Kind};

mod mistakes;

fn read(text: &str) -> Script {
    match parse(text, "a.wall", None) {
        Ok(script) => script,
        Err(mistakes) => unreachable!("{mistakes}"),
    }
}

fn met(count: usize) -> Outcome {
    Outcome { met: count, failures: Vec::new() }
}

/// One line's events, on a day, with something to expect.
fn events(line: &str) -> Vec<Event> {
    let script = read(&format!("on 2026-03-02\n{line}\n09:00 expect waiting 0\n"));
    script.events.into_iter().map(|(_, event)| event).collect()
}

/// Each event's kind as JSON, with queue and agent.
fn told(lines: &str, expected: Expect) {
    let events = events(lines).into_iter().map(|event| {
        let kind = serde_json::to_string(&event.kind).expect("JSON");
        let queue = event.queue.map(|queue| format!(" in {queue}")).unwrap_or_default();
        let agent = event.agent.map(|agent| format!(" by {agent}")).unwrap_or_default();
        format!("{} on {}{queue}{agent}: {kind}\n", event.interaction, event.channel)
    });
    expected.assert_eq(&events.collect::<String>());
}

#[test]
fn a_calls_course() {
    told(
        "09:00:00 call 1 on pbx queued sales from +48600100200, tg:77
         09:00:05 call 1 rings at anna
         09:00:15 call 1 missed by anna rang 10s
         09:00:20 call 1 answered by ben waited 18s rang 3s
         09:01 call 1 held
         09:02 call 1 resumed
         09:03 call 1 transferred to support by ben attended
         09:03 call 1 answered by celina
         09:05 call 1 ended by customer talked 2m hold 5s
         09:06 call 1 wrapped up by celina
         09:06 call 2 queued \"Customer care\"
         09:07 call 2 abandoned waited 59s
         09:06 call 3 queued sales
         09:07 call 3 left because queue full
         09:08 call 4 opened outbound by anna
         09:09 call 4 transferred to agent ben blind",
        expect![[r#"
            call 1 on pbx in sales: "queued"
            call 1 on pbx in sales by anna: "offered_to_agent"
            call 1 on pbx in sales by anna: {"ring_missed":{"ring_ms":10000}}
            call 1 on pbx in sales by ben: {"answered":{"wait_ms":18000,"ring_ms":3000}}
            call 1 on pbx in sales: "held"
            call 1 on pbx in sales: "resumed"
            call 1 on pbx in sales by ben: {"transferred":{"to_queue":"support","way":"attended"}}
            call 1 on pbx in support by celina: {"answered":{}}
            call 1 on pbx in support: {"talk_ended":{"talk_ms":120000,"hold_ms":5000,"by":"customer"}}
            call 1 on pbx in support by celina: "wrapped_up"
            call 2 on call in Customer care: "queued"
            call 3 on call in sales: "queued"
            call 2 on call in Customer care: {"abandoned":{"wait_ms":59000}}
            call 3 on call in sales: {"left":{"reason":"queue_full"}}
            call 4 on call by anna: {"opened":{"medium":"call","direction":"outbound","public":false}}
            call 4 on call: {"transferred":{"to_agent":"ben","way":"blind"}}
        "#]],
    );
}

#[test]
fn a_conversations_course() {
    told(
        "09:00 mail 3 on support public complaint topic billing, \"late parcel\" priority high \
                written by customer from jan@example.org sentiment negative in care
         09:10 mail 3 reply by bot private
         09:15 mail 3 note by anna length 40
         09:15 mail 3 assigned to ben
         09:20 mail 3 reply by anna language pl length 120
         09:30 mail 3 resolved by anna
         09:40 mail 3 reopened
         09:50 mail 3 prioritized priority urgent
         09:50 mail 3 priority low
         10:00 mail 3 resolved by customer
         10:01 mail 3 rating requested
         10:02 mail 3 rated 9 of 10 for clear by anna
         10:03 mail 3 tagged refund, \"late parcel\"
         10:04 comment 5 written spam
         10:05 comment 5 removed by agent
         10:06 mention 6 on twitter negative topic billing
         10:07 chat 7 queued care
         10:08 ticket 8 reply by peer
         10:09 visit 9 other counter 4",
        expect![[r#"
            mail 3 on support in care: {"message":{"medium":"mail","author":"customer","public":true,"length":0,"sentiment":"negative","topics":["billing","late parcel"],"complaint":true}}
            mail 3 on support in care: {"prioritized":{"priority":"high"}}
            mail 3 on support in care: {"message":{"medium":"mail","author":"bot","public":false,"length":0,"sentiment":"unknown"}}
            mail 3 on support in care by anna: {"message":{"medium":"mail","author":"agent","public":false,"note":true,"length":40,"sentiment":"unknown"}}
            mail 3 on support in care by ben: "assigned"
            mail 3 on support in care by anna: {"message":{"medium":"mail","author":"agent","public":true,"length":120,"language":"pl","sentiment":"unknown"}}
            mail 3 on support in care by anna: {"resolved":{"by":"agent"}}
            mail 3 on support in care: "reopened"
            mail 3 on support in care: {"prioritized":{"priority":"urgent"}}
            mail 3 on support in care: {"prioritized":{"priority":"low"}}
            mail 3 on support in care: {"resolved":{"by":"customer"}}
            mail 3 on support in care: "rating_requested"
            mail 3 on support in care by anna: {"rated":{"dimension":"clear","score":9.0,"scale":10.0}}
            mail 3 on support in care: {"tagged":["refund","late parcel"]}
            comment 5 on comment: {"message":{"medium":"comment","author":"customer","public":true,"length":0,"sentiment":"unknown","spam":true}}
            comment 5 on comment: {"removed":{"by":"agent"}}
            mention 6 on twitter: {"mention":{"public":true,"sentiment":"negative","topics":["billing"]}}
            chat 7 on chat in care: {"opened":{"medium":"chat","direction":"inbound","public":false}}
            chat 7 on chat in care: "queued"
            ticket 8 on ticket: {"message":{"medium":"ticket","author":"peer","public":false,"length":0,"sentiment":"unknown"}}
            visit 9 on visit: {"other":{"name":"counter","value":"4"}}
        "#]],
    );
}

#[test]
fn agents_and_feeds() {
    told(
        "09:00 agent anna available
         09:00 agent ben paused for lunch
         09:00 agent celina on pbx holding in sales
         09:00 agent anna after-work
         09:00 feed telegram down
         09:01 chat 1 on webchat reply by anna",
        expect![[r#"
             on webchat by anna: {"agent_state":{"status":"available"}}
             on call by ben: {"agent_state":{"status":"paused","reason":"lunch"}}
             on pbx in sales by celina: {"agent_state":{"status":"hold"}}
             on webchat by anna: {"agent_state":{"status":"after_work"}}
             on telegram: {"feed":{"state":"down"}}
            chat 1 on webchat by anna: {"message":{"medium":"chat","author":"agent","public":false,"length":0,"sentiment":"unknown"}}
        "#]],
    );
}

#[test]
fn the_same_person_has_the_same_key_and_no_name() {
    let events = events(
        "09:00 call 1 queued from +48601222333\n\
         09:00 chat 1 written from tg:7, \"tel:+48 601-222-333\"\n\
         09:00 call 2 queued from anonymous",
    );
    assert_eq!(events[0].customer[0], events[1].customer[1]);
    assert_ne!(events[0].customer[0], events[1].customer[0]);
    assert_eq!(events[2].customer, [], "nobody");
    assert!(!format!("{events:?}").contains("601"));
}

#[test]
fn many_at_once() {
    let events = events("09:00 every 30s 3 times call s{n} queued sales");
    let said: Vec<_> =
        events.iter().map(|event| (event.interaction.as_str(), event.at_ms % 3_600_000)).collect();
    assert_eq!(said, [("call s1", 0), ("call s2", 30_000), ("call s3", 60_000)]);
    assert_eq!(events[0].kind, Kind::Queued);
}

#[test]
fn a_line_without_a_time_happens_with_the_one_above() {
    let script = read("on 2026-03-02\n09:00 call 1 queued\ncall 2 queued\nexpect waiting 2\n");
    assert_eq!(script.events[1].1.at_ms, script.stops[0].place().0);
    assert_eq!(script.run(), met(1));
}

#[test]
fn an_expectation_sees_what_is_written_above_it() {
    let script = read(
        "on 2026-03-02
         09:00 expect waiting no data
         09:00 call 1 queued
         09:00 expect waiting 1
         09:00 call 2 queued
         08:59 call 3 queued
         09:01 expect waiting 3
         09:00 expect waiting 3",
    );
    // The call of 08:59 was there before all of them.
    let outcome = script.run();
    let lines: Vec<_> = outcome.failures.iter().map(|failure| failure.line).collect();
    assert_eq!((outcome.met, lines), (2, vec![2, 4]));
}

#[test]
fn what_is_known_late_counts_late() {
    let script = read(
        "on 2026-03-02
         09:00 call 1 queued sales
         09:00:10 call 1 answered by anna known 09:05
         09:01 expect waiting 1
         09:05 expect waiting 0
         expect asa 10s
         09:20 call 2 queued sales twice
         09:21 expect offered 2
         next day
         08:00 call 3 queued sales
         2026-03-04 08:00 expect waiting 0
         08:01 expect waiting 1",
    );
    // The last line is of the day that was begun last, not of the single date above it.
    assert_eq!(script.run(), met(6));
}

#[test]
fn a_restart_forgets_nothing_that_was_counted() {
    let script = read(
        "config
         [queue.sales]
         answer_threshold = '30s'
         end
         on 2026-03-02
         09:00 server restarted
         09:00 call 1 queued sales
         09:00:20 server restarted
         09:00:25 call 1 answered by anna
         09:01 call 2 queued sales
         server restarted
         09:05 server restarted
         expect waiting{queue=sales} 1
         expect asa{window=15m} 25s
         expect service_level{kind=call} 50 %
         2026-03-06 09:00 server restarted
         2026-03-12 09:00 server restarted
         2026-03-14 09:00 expect waiting 0
         2026-03-14 09:00 call 3 queued sales
         expect waiting 1
         expect volume 1",
    );
    assert_eq!(script.run(), met(6));
}

#[test]
fn what_names_no_queue_gets_that_of_its_channel() {
    let script = read(
        "config
         [channel.social]
         queue = 'community'
         end
         on 2026-03-02
         09:00 post 1 on social written by customer
         09:00 post 2 on social in press written by customer
         09:00 post 3 on elsewhere written by customer
         09:10 expect offered{queue=community} 1
         expect offered{queue=press} 1
         expect offered 3",
    );
    assert_eq!(script.run(), met(3));
}

#[test]
fn failures_say_what_came_instead_and_why() {
    let outcome = read(
        "on 2026-03-02
         09:00 call 1 queued sales
         09:00:10 call 1 answered by anna
         09:20 expect feed call live
         09:20 expect receipt asa \"0:12\"
         09:20 expect asa{queue=sales, window=30m} > 10s
         09:20 expect asa{queue=vip} 10s",
    )
    .run();
    let said = outcome.failures.iter().map(|failure| format!("{}: {failure}\n", failure.line));
    expect![[r#"
        4: 09:20 expect feed call live
          expected  live
          got       late
          because   its last event came 19:50 before
        5: 09:20 expect receipt asa "0:12"
          expected  a sentence with "0:12"
          got       "1 call answered today had waited 0:10."
          because   1 call answered today had waited 0:10.
          formula   asa = Σ wait of answered / answered
          counts    answered 1, wait_ms 10000
          feeds     call late
        6: 09:20 expect asa{queue=sales, window=30m} > 10s
          expected  asa{queue=sales,window=30m} > 10s
          got       0:10 (10.000 s)
          because   1 call answered in the last 30 minutes had waited 0:10.
          formula   asa = Σ wait of answered / answered
          counts    answered 1, wait_ms 10000
          feeds     call late
        7: 09:20 expect asa{queue=vip} 10s
          expected  asa{queue=vip} 10s
          got       no data
          because   No contacts were answered today.
          formula   asa = Σ wait of answered / answered
          counts    answered 0, wait_ms 0
    "#]]
    .assert_eq(&said.collect::<String>());
}

#[test]
fn what_a_report_or_an_annotation_shows_otherwise_is_told_with_its_reason() {
    let script = read(
        "on 2026-03-02 Europe/Warsaw
09:00 call 1 queued sales
10:00 annotate outage \"VPN\"
10:00 call 2 queued sales
11:00 expect contacts before \"VPN\" 2
      expect contacts after \"Mailing\" 1
next day
08:00 expect report volume 3
      expect report asa{queue=sales} 10s
      expect report waiting 0",
    );
    let said = script.run().failures.into_iter().map(|failure| format!("{failure}\n"));
    expect![[r#"
        11:00 expect contacts before "VPN" 2
          expected  contacts before "VPN" 2
          got       1
          because   counted 2026-03-02 09:00 to 10:00
        expect contacts after "Mailing" 1
          expected  contacts after "Mailing" 1
          got       no such annotation by then
          because   known are "VPN"
        08:00 expect report volume 3
          expected  report volume 3
          got       2
          because   the report of 2026-03-02
        expect report asa{queue=sales} 10s
          expected  report asa{queue=sales} 10s
          got       no data
          because   the report of 2026-03-02
        expect report waiting 0
          expected  report waiting 0
          got       nothing
          because   a daily report shows it neither at its head nor by that
    "#]]
    .assert_eq(&said.collect::<String>());
}

/// Lines of the words that the language knows, in any order.
fn babble() -> impl Strategy<Value = String> {
    const WORDS: &str = "config end on next day 2026-03-02 2026-10-25 Europe/Warsaw 02:30 09:00 \
        09:00:30 every 30s 3 times call chat mail mention agent feed 1 {n} telegram queued \
        answered written reply rated 4 of 5 left because callback transferred to ended wrapped up \
        annotate campaign until report contacts before after by anna from +48, tg:7 known twice server restarted note assigned public priority high expect receipt service_level \
        {queue=sales} waiting{ volume{window=5m} } = 100 % 1m30s no data \"open # , > <=";
    let words: Vec<&str> = WORDS.split_whitespace().collect();
    let word = prop_oneof![
        8 => proptest::sample::select(words).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    let blank = proptest::sample::select(vec![" ", " ", " ", "\n", "\n09:00 ", "\n09:00 call 1 "]);
    proptest::collection::vec((word, blank), 0..60)
        .prop_map(|words| words.into_iter().map(|(word, blank)| word + blank).collect())
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_fail(text in "(?s).{0,200}") {
        let _ = parse(&text, "a.wall", None).map(|script| script.run());
    }

    #[test]
    fn no_order_of_known_words_makes_it_fail(text in babble()) {
        for text in [text.clone(), format!("on 2026-03-02\n{text}\n09:00 expect volume 0\n")] {
            match parse(&text, "a.wall", None) {
                Ok(script) => { script.run(); }
                Err(mistakes) => assert!(mistakes.to_string().starts_with("a.wall:")),
            }
        }
    }
}
