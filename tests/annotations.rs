//! Annotations of a real server: through a kill -9, and with a file that has mistakes.

use serde_json::{Value, json};

use crate::support::server::{Server, Site, client};
use crate::support::wait::until_async;

async fn listed(server: &Server) -> Value {
    server.json("/api/v1/annotations").await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_with_201_is_there_after_a_kill() {
    let site = Site::new("");
    let server = site.start().await;
    let outage = json!({ "kind": "outage", "title": "VPN", "from": "2026-03-02 09:00" });
    let answer = client()
        .post(server.admin_url("/api/v1/annotations"))
        .header("content-type", "application/json")
        .body(outage.to_string())
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status().as_u16(), 201);
    let before = listed(&server).await;
    server.kill();
    let server = site.start().await;
    assert_eq!(listed(&server).await, before);
    assert_eq!(before["annotations"][0]["title"], "VPN");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_file_is_named_by_check_and_hurts_no_server() {
    let site = Site::new("[annotations]\nfile = \"annotations.toml\"\n");
    let write = |text: &str| std::fs::write(site.path("annotations.toml"), text).expect("written");
    write("[[annotation]]\nkind = \"campain\"\ntitle = \"Mailing\"\nfrom = 2026-03-02\n");
    let checked = site.command(&["check"]);
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&checked.stdout),
        String::from_utf8_lossy(&checked.stderr)
    );
    assert!(!checked.status.success());
    assert!(said.contains("annotations.toml:2: annotation: `kind` is an unknown kind"), "{said}");

    let server = site.start().await;
    let bad = listed(&server).await;
    assert!(bad["problem"].as_str().expect("said").contains("did you mean `campaign`?"), "{bad}");
    write("[[annotation]]\nkind = \"campaign\"\ntitle = \"Mailing\"\nfrom = 2026-03-02\n");
    until_async("the mended file to be read", async || {
        listed(&server).await["annotations"][0]["source"] == "file"
    })
    .await;
    assert_eq!(listed(&server).await["problem"], Value::Null);
}
