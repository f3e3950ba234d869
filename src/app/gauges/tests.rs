//! What the engine's figures are as metrics.

use std::collections::BTreeMap;
use std::time::Duration;

use super::*;
use crate::config;
use crate::config::model::Queue;
use crate::engine::Rules;
use crate::event::{Answered, Author, Event, Kind, Medium, Message, Opened};
use crate::telemetry::Exporter;

const CONFIG: &str = r#"
[queue.sales]
goal = 0.8
service_level = "sl_offered_net"
[queue.night]
service_level = "sl_offered_net"
[policy.mail]
kinds = ["mail"]
clock = "first_response"
target = "1m"
goal = 0.8
"#;
/// 2026-03-02 12:00 UTC.
const NOON_MS: UnixMs = 1_772_452_800_000;

fn event(id: &str, at_ms: UnixMs, contact: &str, queue: &str, kind: Kind) -> Event {
    Event {
        id: id.to_owned(),
        channel: "phone".to_owned(),
        at_ms,
        received_ms: at_ms,
        interaction: contact.to_owned(),
        queue: Some(queue.to_owned()),
        agent: None,
        customer: Vec::new(),
        kind,
        order: None,
        refers: None,
        same_as: None,
        attrs: BTreeMap::new(),
    }
}

/// A call that was answered, one that waits, and a mail whose reply is late.
fn engine(rules: Rules) -> Engine {
    let mut engine = Engine::new(rules);
    let opened = |medium| Kind::Opened(Opened { medium, ..Opened::default() });
    let mail = Message { medium: Medium::Mail, author: Author::Customer, ..Message::default() };
    let events = [
        event("1", NOON_MS, "a", "sales", opened(Medium::Call)),
        event("2", NOON_MS, "a", "sales", Kind::Queued),
        event("3", NOON_MS + 5_000, "a", "sales", Kind::Answered(Answered::default())),
        event("4", NOON_MS + 6_000, "b", "sales", opened(Medium::Call)),
        event("5", NOON_MS + 6_000, "b", "sales", Kind::Queued),
        event("6", NOON_MS + 7_000, "c", "care", Kind::Message(mail)),
        event("6", NOON_MS + 7_000, "c", "care", Kind::Queued),
    ];
    for event in &events {
        engine.apply(event, event.at_ms);
    }
    engine
}

#[test]
fn the_engine_says_its_figures_by_queue_policy_and_channel() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("tablica.toml");
    std::fs::write(&file, CONFIG).expect("written");
    let config = config::load(Some(&file)).expect("a good config");
    let mut engine = engine(Rules::from(&config));
    let now_ms = NOON_MS + 7_000 + 90_000;
    engine.tick(now_ms);

    let silent_after = BTreeMap::from([
        ("phone".to_owned(), Duration::from_secs(3600)),
        ("chat".to_owned(), Duration::from_secs(60)),
    ]);
    let (recorder, exporter) = Exporter::build(&config.queues);
    metrics::with_local_recorder(&recorder, || {
        let moment = Moment { engine: &engine, now_ms };
        queues::publish(&moment, &config.queues);
        queues::publish_flows(&moment);
        policies::publish(&moment);
        channels::publish(&moment, &silent_after);
        slowly::Slowly::default().publish(&moment);
        agents::publish(&moment);
    });
    let text = exporter.render_here();
    for line in [
        "tablica_queue_goal_ratio{queue=\"sales\"} 0.8",
        "tablica_waiting{queue=\"sales\"} 1",
        "tablica_waiting{queue=\"night\"} 0",
        "tablica_longest_wait_seconds{queue=\"sales\"} 91",
        "tablica_sl_decided_total{queue=\"sales\"} 2",
        "tablica_sl_in_time_total{queue=\"sales\"} 1",
        "tablica_sl_decided_total{queue=\"night\"} 0",
        "tablica_service_level_ratio{queue=\"sales\",window=\"15m\",formula=\"sl_offered_net\"} 0.5",
        "tablica_service_level_ratio{queue=\"night\",window=\"15m\",formula=\"sl_offered_net\"} NaN",
        "tablica_queue_recovery_contacts{queue=\"night\"} NaN",
        "tablica_offered_total{channel=\"phone\",queue=\"sales\"} 2",
        "tablica_answered_total{channel=\"phone\",queue=\"sales\"} 1",
        "tablica_unanswered{channel=\"phone\",queue=\"care\"} 1",
        "tablica_policy_goal_ratio{policy=\"mail\"} 0.8",
        "tablica_policy_clocks{policy=\"mail\",channel=\"phone\",queue=\"care\",state=\"breached\"} 1",
        "tablica_policy_breached_total{policy=\"mail\",channel=\"phone\",queue=\"care\"} 1",
        "tablica_channel_feed{channel=\"phone\",health=\"live\"} 1",
        "tablica_channel_feed{channel=\"phone\",health=\"silent\"} 0",
        "tablica_channel_feed{channel=\"chat\",health=\"no_data\"} 1",
        "tablica_channel_silent_after_seconds{channel=\"chat\"} 60",
        "tablica_events_duplicate_total{channel=\"phone\"} 1",
        "tablica_jump_deviations{channel=\"phone\",of=\"mentions\"} NaN",
        "tablica_agents{state=\"after_work\"} 0",
        "tablica_agents_required{queue=\"sales\"} NaN",
        "tablica_agents_present{queue=\"sales\"} NaN",
        "tablica_public_overdue{channel=\"phone\",queue=\"care\"} 0",
        "tablica_contacts_48h{channel=\"phone\",fate=\"reached\"} 1",
        "tablica_contacts_48h{channel=\"phone\",fate=\"never_answered\"} 0",
        "tablica_contacts_48h{channel=\"phone\",fate=\"open\"} 2",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
}

/// Each queue costs a second's work: of a config with a hundred thousand, the engine would answer
/// nobody any more.
#[test]
fn of_a_hundred_thousand_queues_only_those_are_looked_at_that_are_told_apart() {
    let mut published = Vec::new();
    for queues in [10_000, 100_000] {
        let mut config = Config::default();
        let named = (0..queues).map(|number| (format!("queue-{number:06}"), Queue::default()));
        config.queues.named = named.collect();
        let mut engine = Engine::new(Rules::from(&config));
        engine.tick(NOON_MS);
        let (recorder, exporter) = Exporter::build(&config.queues);
        metrics::with_local_recorder(&recorder, || {
            begin::at_zero(&config);
            let moment = Moment { engine: &engine, now_ms: NOON_MS };
            queues::publish(&moment, &config.queues);
            queues::publish_flows(&moment);
        });
        let text = exporter.render_here();
        published.push(text.lines().filter(|line| line.starts_with("tablica_")).count());
        let waiting = text.lines().filter(|line| line.starts_with("tablica_waiting{"));
        assert!((900..=1000).contains(&waiting.count()));
    }
    assert_eq!(published[0], published[1], "ten times the queues are no more work");
}
