//! A webhook that nobody calls, one that is called with a wrong secret, and one that works: told apart on the
//! page of channels, in the API and on walls.

use serde_json::Value;

use crate::support::faketime;
use crate::support::server::{Server, Site, client, get, tablica, telegram_message};
use crate::support::wait::until_async;

async fn calls_with(server: &Server, secret: &str) -> u16 {
    let call = client().post(server.url("/in/telegram")).body(telegram_message(1, 2, "hello"));
    let call = call.header("content-type", "application/json");
    let call = call.header("X-Telegram-Bot-Api-Secret-Token", secret);
    call.send().await.expect("an answer").status().as_u16()
}

async fn webhook(server: &Server, channel: &str) -> Value {
    let all = server.json("/api/v1/channels").await;
    let all = all["channels"].as_array().expect("channels").clone();
    all.into_iter().find(|it| it["name"] == channel).expect("the channel")["webhook"].clone()
}

/// What walls say of the feed.
async fn feed(server: &Server) -> (String, Option<String>) {
    let number = server.json("/api/v1/kpis/offered/receipt?channel=telegram").await;
    let feed = &number["coverage"]["channels"][0];
    let text = |key: &str| feed[key].as_str().map(str::to_owned);
    (text("feed").expect("a feed"), text("why"))
}

async fn page(server: &Server) -> String {
    let page = get(server.admin_url("/admin/channels")).await.expect("a page");
    let page = page.text().await.expect("text");
    page.split("id=\"channel-telegram\"").nth(1).expect("the channel").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_is_refused_is_told_from_one_that_nobody_calls() {
    let site = Site::new("");
    site.configure("[server]", "[server]\nclock_hold = \"1s\"");
    let offset = site.path("offset");
    std::fs::write(&offset, "+0\n").expect("written");
    let mut command = tablica();
    faketime::fake(&mut command)
        .env("FAKETIME_TIMESTAMP_FILE", &offset)
        .env("FAKETIME_NO_CACHE", "1");
    let server = site.start_by(command).await;

    assert_eq!(webhook(&server, "telegram").await["state"], "never");
    assert_eq!(webhook(&server, "pbx").await, Value::Null, "a file is no webhook");
    let said = page(&server).await;
    assert!(said.contains("None since the start of the server"), "{said}");
    assert_eq!(feed(&server).await, ("no_data".to_owned(), None));

    // Whoever sets it up sees the first refusal on the page; one stranger's burst is no feed.
    for _ in 0..4 {
        assert_eq!(calls_with(&server, "another-secret-0123456789").await, 401);
    }
    let told = webhook(&server, "telegram").await;
    assert_eq!((&told["state"], &told["refused"]), (&"refused".into(), &4.into()));
    let said = page(&server).await;
    assert!(said.contains("requests are refused") && said.contains("4 refused since"), "{said}");
    assert_eq!(feed(&server).await, ("no_data".to_owned(), None));

    // They go on for more than a minute.
    let part = offset.with_extension("part");
    std::fs::write(&part, "+90\n").expect("written");
    std::fs::rename(part, &offset).expect("renamed");
    until_async("the feed to be told as refused", async || {
        calls_with(&server, "another-secret-0123456789").await;
        feed(&server).await == ("silent".to_owned(), Some("webhook".to_owned()))
    })
    .await;
    server.tells("the signature or the secret is wrong");
    let lines = server.output();
    assert_eq!(lines.matches("the signature or the secret is wrong").count(), 1, "{lines}");

    // The secret is set right.
    let answer = server.telegram(&telegram_message(7, 2, "hello")).await.expect("an answer");
    assert!(answer.status().is_success());
    until_async("the feed to be live", async || feed(&server).await == ("live".to_owned(), None))
        .await;
    let told = webhook(&server, "telegram").await;
    assert_eq!((&told["state"], &told["refused"]), (&"taken".into(), &0.into()));
    // Strangers do not change that while the network is heard; they are counted.
    assert_eq!(calls_with(&server, "x").await, 401);
    let said = page(&server).await;
    assert!(
        said.contains("The last one at") && said.contains("1 of others refused since"),
        "{said}"
    );
    assert_eq!(feed(&server).await, ("live".to_owned(), None));
    let process = server.pid();
    server.kill();
    faketime::forget(process);
}
