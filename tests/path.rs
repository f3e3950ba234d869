//! The whole path through a real server: a network's raw bytes go in at the front door, and the
//! API, the board and the metrics tell of them.

use crate::support::server::{Site, append, client, get, telegram_message, unix_seconds};

#[tokio::test(flavor = "multi_thread")]
async fn a_telegram_conversation_is_offered_waits_and_is_answered() {
    let site = Site::new("");
    let server = site.start().await;

    let answer = server.telegram(&business(1, 4001, 4001)).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    server.settles("offered", "channel=telegram&window=today", 1.0).await;
    server.settles("unanswered_now", "channel=telegram", 1.0).await;

    // The owner of the business account writes back: a human answer.
    let answer = server.telegram(&business(2, 4001, 7)).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    server.settles("answered", "channel=telegram&window=today", 1.0).await;
    server.settles("unanswered_now", "channel=telegram", 0.0).await;

    let receipt = server.json("/api/v1/kpis/frt/receipt?channel=telegram&window=today").await;
    assert_eq!(receipt["receipt"]["window"]["window"], "today");
    assert_eq!(receipt["coverage"]["channels"][0]["channel"], "telegram");
    assert_eq!(receipt["coverage"]["channels"][0]["feed"], "live");
    assert!(receipt["receipt"]["sentence"].as_str().is_some_and(|text| text.len() > 20));

    let board = server.json("/api/v1/boards/floor").await;
    assert!(board["tiles"].as_object().is_some_and(|tiles| tiles.len() >= 8), "{board}");
    server.counts(r#"tablica_offered_total{channel="telegram",queue="messages"}"#, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_come_from_the_queue_log_and_go_on_after_a_restart() {
    let site = Site::new("[queue.sales]\nanswer_threshold = \"20s\"");
    let now = unix_seconds();
    append(
        &site.queue_log(),
        &format!(
            "{a}|call-1|sales|NONE|ENTERQUEUE||600100200|1\n\
             {b}|call-1|sales|Agent/7|CONNECT|5|call-1-leg|3\n\
             {c}|call-2|sales|NONE|ENTERQUEUE||600100201|1\n",
            a = now - 60,
            b = now - 55,
            c = now - 50
        ),
    );
    let server = site.start().await;
    server.settles("offered", "queue=sales&window=today", 2.0).await;
    server.settles("answered", "queue=sales&window=today", 1.0).await;
    server.settles("waiting", "queue=sales", 1.0).await;
    // The second caller has been waiting for longer than 20 s: late now, not when it ends.
    server.settles("sl_offered", "queue=sales&window=60m", 0.5).await;
    assert!(server.stop().success());

    append(&site.queue_log(), &format!("{now}|call-2|sales|NONE|ABANDON|1|1|50\n"));
    let server = site.start().await;
    server.settles("abandoned", "queue=sales&window=today", 1.0).await;
    server.settles("offered", "queue=sales&window=today", 2.0).await;
    server.settles("waiting", "queue=sales", 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_log_that_longer_copies_of_itself_replace_is_counted_once() {
    let site = Site::new("");
    let now = unix_seconds();
    let calls = |count: i64| -> String {
        let call = |n| format!("{}|call-{n}|sales|NONE|ENTERQUEUE||60010020{n}|1\n", now - 60 + n);
        (1..=count).map(call).collect()
    };
    append(&site.queue_log(), &calls(6));
    let server = site.start().await;
    server.settles("offered", "queue=sales&window=today", 6.0).await;
    for count in [7, 8] {
        let copy = site.queue_log().with_extension("copy");
        append(&copy, &calls(count));
        std::fs::rename(&copy, site.queue_log()).expect("replaced");
        server.settles("offered", "queue=sales&window=today", count as f64).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_signature_is_refused_and_counted_and_the_plugin_is_not_called() {
    let site = Site::new("");
    let server = site.start().await;
    let answer = client()
        .post(server.url("/in/telegram"))
        .header("X-Telegram-Bot-Api-Secret-Token", "guessed")
        .body(telegram_message(1, 4001, "hello"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    server.counts(r#"tablica_signature_failures_total{channel="telegram"}"#, 1).await;
    server.counts(r#"tablica_plugin_calls_total{channel="telegram"}"#, 0).await;
    assert_eq!(server.kpi("offered", "channel=telegram&window=today").await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_over_the_limit_is_refused_before_it_is_read() {
    let site = Site::new("");
    let server = site.start().await;
    let answer = server.telegram(&"x".repeat(2 * 1024 * 1024)).await;
    // The server answers while the body is still being sent; a client may see only the close.
    if let Ok(answer) = answer {
        assert_eq!(answer.status(), 413);
    }
    server.counts("tablica_body_too_large_total", 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_decoded_waits_in_quarantine_for_the_operator() {
    let site = Site::new("");
    let server = site.start().await;
    let answer = server.telegram("this is not an update").await.expect("an answer");
    assert_eq!(answer.status(), 200, "Telegram would retry anything else for ever");

    let list = site.command(&["quarantine", "list"]);
    let text = String::from_utf8_lossy(&list.stdout).into_owned();
    assert!(list.status.success() && text.contains("telegram"), "{text}");
    let retry = site.command(&["quarantine", "retry", "--all"]);
    let text = String::from_utf8_lossy(&retry.stdout).into_owned();
    assert!(text.contains("failed again") || text.contains("not decoded"), "{text}");
    let series = r#"tablica_quarantined_total{channel="telegram",reason="bad_input"}"#;
    server.counts(series, 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_board_is_answered_with_the_boards_there_are() {
    let site = Site::new("");
    let server = site.start().await;
    let answer = get(server.url("/wall/no-such-board")).await.expect("an answer");
    assert_eq!(answer.status(), 404);
    let page = answer.text().await.expect("a page");
    assert!(page.contains("no-such-board") && page.contains("href=\"floor\""), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_form_of_the_sites_own_counts_without_a_plugin_being_written() {
    let site = Site::new("");
    let server = site.start().await;
    let body = serde_json::json!({
        "id": "f-1", "time": unix_seconds(), "interaction": "form-1", "kind": "opened",
        "customer": "ada@example.org", "text": "please call me back"
    })
    .to_string();
    let answer = server.webform(&body).await;
    assert!(answer.status().is_success(), "{:?}", answer.text().await);
    server.settles("offered", "channel=webform&queue=forms&window=today", 1.0).await;
    // The same delivery again: a duplicate, not a second contact.
    assert!(server.webform(&body).await.status().is_success());
    server.counts("tablica_events_duplicate_total{channel=\"webform\"}", 1).await;
    assert_eq!(server.kpi("offered", "channel=webform&window=today").await, Some(1.0));
}

/// A message in a business account's chat with a customer.
fn business(update: u64, customer: u64, from: u64) -> String {
    serde_json::json!({
        "update_id": update,
        "business_message": {
            "business_connection_id": "b1",
            "message_id": update,
            "from": {"id": from, "is_bot": false, "first_name": "Somebody"},
            "chat": {"id": customer, "type": "private", "first_name": "Customer"},
            "date": unix_seconds(),
            "text": "about my order"
        }
    })
    .to_string()
}
