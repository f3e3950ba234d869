//! What Prometheus makes of the counters is what the API says, to the last contact, over restarts: for
//! each formula of service level, volumes, abandonment and first responses.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::support::prometheus::{Alertmanager, Prometheus};
use crate::support::server::{Server, Site, append, unix_seconds};
use crate::support::wait_for;

/// So many calls of each kind come to each queue in each of the three parts of the day. In time are 20 s,
/// short is up to 5 s: answered in time and later, given up at once, in time and later, sent away.
const CALLS: [(u64, &str, u64); 6] = [
    (7, "CONNECT", 12),
    (4, "CONNECT", 45),
    (2, "ABANDON", 3),
    (3, "ABANDON", 15),
    (5, "ABANDON", 90),
    (2, "EXITWITHTIMEOUT", 30),
];
/// A queue for each formula, with the share in time that its definition gives for those calls.
const QUEUES: [(&str, f64); 6] = [
    ("sl_offered", 7.0 / 23.0),
    ("sl_offered_net", 7.0 / 21.0),
    ("sl_short_positive", 9.0 / 23.0),
    ("sl_ignore", 7.0 / 16.0),
    ("sl_positive", 12.0 / 23.0),
    ("sl_answered", 7.0 / 11.0),
];
const PARTS: u64 = 3;
const SCRAPED_WITHIN: Duration = Duration::from_secs(60);

fn site() -> Site {
    let queue = |(formula, _): &(&str, f64)| {
        format!("[queue.{formula}]\nservice_level = \"{formula}\"\nanswer_threshold = \"20s\"\n\n")
    };
    let mut queues: String = QUEUES.iter().map(queue).collect();
    queues += "[queue.forms]\nreply_threshold = \"60s\"\n";
    Site::new(&queues).with_fixed_ports()
}

/// A part of the day's calls, as the telephone switch writes them: all of them long over.
fn calls(part: u64) -> String {
    let mut lines = Vec::new();
    for (queue, _) in QUEUES {
        let mut at = unix_seconds() - 7200 + i64::try_from(part).expect("few") * 1200;
        for (kind, (count, end, wait)) in CALLS.iter().enumerate() {
            for number in 0..*count {
                let call = format!("{queue}-{part}-{kind}-{number}");
                lines.push((at, format!("{call}|{queue}|NONE|ENTERQUEUE||600100200|1")));
                let (agent, details) = match *end {
                    "CONNECT" => ("Agent/7", format!("{wait}|leg-{call}|3")),
                    _ => ("NONE", format!("1|1|{wait}")),
                };
                let left = at + i64::try_from(*wait).expect("short");
                lines.push((left, format!("{call}|{queue}|{agent}|{end}|{details}")));
                at += 20;
            }
        }
    }
    lines.sort();
    lines.iter().map(|(at, line)| format!("{at}|{line}\n")).collect()
}

/// A part of the day's forms: two answered within half a minute, one after five.
async fn forms(server: &Server, part: u64) {
    for (number, seconds) in [30, 30, 300].into_iter().enumerate() {
        let asked = unix_seconds() - 5000;
        let form = |id: &str, at: i64, author: &str| {
            format!(
                r#"{{"id":"{part}-{number}-{id}","interaction":"f-{part}-{number}","time":{at},"author":"{author}","text":"Hello"}}"#
            )
        };
        for body in [form("q", asked, "customer"), form("a", asked + seconds, "agent")] {
            let answer = server.webform(&body).await;
            assert!(answer.status().is_success(), "{:?}", answer.text().await);
        }
    }
}

/// One figure of each queue as the API has it.
async fn said(server: &Server, id: &str, queues: &[&str]) -> BTreeMap<String, f64> {
    let mut figures = BTreeMap::new();
    for queue in queues {
        let figure = server.kpi(id, &format!("window=24h&queue={queue}")).await;
        figures.insert((*queue).to_owned(), figure.unwrap_or_else(|| panic!("{id} of {queue}")));
    }
    figures
}

fn assert_same(what: &str, prometheus: &BTreeMap<String, f64>, api: &BTreeMap<String, f64>) {
    let is_same = |(queue, figure): (&String, &f64)| {
        prometheus.get(queue).is_some_and(|found| (found - figure).abs() < 1e-12)
    };
    assert!(api.iter().all(is_same), "{what}: {prometheus:?}, and the API says {api:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn promql_and_the_api_agree_to_the_last_contact_for_all_six_formulas() {
    let site = site();
    let mut server = site.start().await;
    let admin = server.admin_authority().parse().expect("an address");
    let started =
        tokio::task::spawn_blocking(move || Prometheus::start(admin, &Alertmanager::start()));
    let prometheus = started.await.expect("Prometheus");
    for part in 0..PARTS {
        append(&site.queue_log(), &calls(part));
        forms(&server, part).await;
        let so_far = (part + 1) as f64;
        for (queue, _) in QUEUES {
            server.settles("offered", &format!("window=24h&queue={queue}"), 23.0 * so_far).await;
        }
        server.settles("offered", "window=24h&queue=forms", 3.0 * so_far).await;
        server = match part {
            0 => {
                server.kill();
                site.start().await
            }
            1 => {
                assert!(server.stop().success());
                site.start().await
            }
            _ => server,
        };
    }
    let offered = "sum by (queue) (tablica_offered_total)";
    let prometheus = tokio::task::spawn_blocking(move || {
        wait_for("all contacts to be scraped", SCRAPED_WITHIN, || {
            let offered = prometheus.values(offered, "queue").ok()?;
            let all = offered.values().sum::<f64>() == (6.0 * 23.0 + 3.0) * PARTS as f64;
            all.then_some(())
        });
        prometheus
    })
    .await
    .expect("the contacts");
    let values = |expr: &str| prometheus.values(expr, "queue").expect("values");

    let calls = QUEUES.map(|(queue, _)| queue);
    let by_counters = values(
        "sum by (queue) (tablica_sl_in_time_total) / sum by (queue) (tablica_sl_decided_total)",
    );
    let defined: BTreeMap<String, f64> = QUEUES.map(|(queue, it)| (queue.to_owned(), it)).into();
    assert_same("service level by its definition", &by_counters, &defined);
    assert_same("service level", &by_counters, &said(&server, "service_level", &calls).await);
    for (queue, _) in QUEUES {
        // The queue's formula, whatever it is, and the API's answer of that name.
        let named = said(&server, queue, &[queue]).await;
        assert_same(queue, &by_counters, &named);
    }
    assert_same("volume", &values(offered), &said(&server, "offered", &calls).await);
    let given_up =
        values("sum by (queue) (tablica_abandoned_total) / sum by (queue) (tablica_offered_total)");
    assert_same("abandon rate", &given_up, &said(&server, "abandon_rate", &calls).await);
    let net = values(
        "(sum by (queue) (tablica_abandoned_total) - sum by (queue) (tablica_abandoned_short_total)) \
         / (sum by (queue) (tablica_offered_total) - sum by (queue) (tablica_abandoned_short_total))",
    );
    assert_same("abandon rate (net)", &net, &said(&server, "abandon_rate_net", &calls).await);

    let forms = ["forms"];
    let in_time = values(
        "sum by (queue) (tablica_first_response_seconds_bucket{le=~\"60(.0)?\"}) \
         / sum by (queue) (tablica_first_response_seconds_count)",
    );
    assert_same("first responses in time", &in_time, &said(&server, "service_level", &forms).await);
    let mean = values(
        "sum by (queue) (tablica_first_response_seconds_sum) \
         / sum by (queue) (tablica_first_response_seconds_count)",
    );
    assert_same("first response", &mean, &said(&server, "frt", &forms).await);
    assert_same("first response by hand", &mean, &[("forms".to_owned(), 120.0)].into());

    // A restart is no reset: what grew before it is not counted once more.
    for counter in ["offered", "abandoned", "sl_decided", "sl_in_time"] {
        let resets = values(&format!("sum by (queue) (resets(tablica_{counter}_total[1h]))"));
        let has_each = calls.iter().all(|queue| resets.contains_key(*queue));
        assert!(has_each && resets.values().all(|it| *it == 0.0), "{counter}: {resets:?}");
    }
}
