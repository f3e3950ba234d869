//! What a plugin asks for and may not have, by links and by requests, on a real server: the status names the
//! line that gives it and the file that it belongs to, and the log says so once.

use std::fs;

use super::script::{C, Cut, P, Script, t};
use crate::hostile::guests;
use crate::support::server::{SECRET, Server, Site, client};
use crate::support::wait::{until, until_async};

/// What both plugins declare.
const RIGHTS: &str = r#"
[fetch]
hosts = ["declared.example", "granted.example"]
[secrets.key]
hosts = ["granted.example"]
about = "Of the console"
[oauth.desk]
token_url = "https://granted.example/token"
hosts = ["granted.example"]
about = "Of the admin"
"#;

fn manifest(name: &str, source: &str) -> String {
    format!(
        "name = \"{name}\"\nversion = \"0.1.0\"\napi = \"1\"\nnetwork = \"Nowhere\"\nmedium = \"message\"\n\
         summary = \"A guest of the tests\"\n[on_bad_input]\nstatus = 422\n[source]\nkind = \"{source}\"\n\
         {RIGHTS}"
    )
}

/// What is lacking of hosts.
fn hosts(channel: &str, plugin: &str) -> [String; 2] {
    [
        format!(
            "undeclared.example is not declared: write `hosts = [\"declared.example\", \
             \"granted.example\", \"undeclared.example\"]` to [fetch] in the plugin.toml of {plugin}"
        ),
        format!(
            "declared.example is not granted: write `grant_hosts = [\"granted.example\", \
             \"declared.example\"]` to [channel.{channel}] in tablica.toml"
        ),
    ]
}

/// What the secret is lacking that is declared.
fn key(channel: &str) -> String {
    let variable = channel.to_uppercase();
    format!(
        "the secret key is missing: write `key = {{ env = \"{variable}_KEY\" }}` to \
         [channel.{channel}.grant_secrets] in tablica.toml (Of the console)"
    )
}

/// Waits until the status lacks all of this and nothing else, and the log has said each once.
async fn lacks(server: &Server, channel: &str, mut expected: Vec<String>) {
    expected.sort();
    until_async(&format!("{channel} lacks {expected:#?}"), async || {
        let status = server.json("/api/v1/channels").await;
        let mut channels = status["channels"].as_array().unwrap().iter();
        let told = channels.find(|it| it["name"] == channel).unwrap()["lacks"].clone();
        let mut lacks = serde_json::from_value::<Vec<String>>(told).unwrap();
        lacks.sort();
        assert!(lacks.iter().all(|it| expected.contains(it)), "{lacks:#?}");
        lacks == expected
    })
    .await;
    for line in expected {
        let told =
            || server.output().matches(&format!("channel=\"{channel}\" lacks={line}")).count();
        until("the log says it", || told() > 0);
        assert_eq!(told(), 1, "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_links_lack_is_in_the_log_once_and_in_the_status() {
    let site = Site::new(
        "[channel.lines]\nplugin = \"scripted.wasm\"\ngrant_hosts = [\"granted.example\"]\nlimits.links_max = 6\n",
    );
    let to = |host: &str, secret: Option<&'static str>| {
        let address = t(format!("wss://{host}.example/"));
        std::iter::once(address).chain(secret.map(P::Secret)).collect()
    };
    let connect = |link, host: &str, secret| C::Connect(link, to(host, secret), Cut::Messages);
    let plugin = Script::start(&[
        connect("a", "undeclared", None),
        connect("b", "declared", None),
        connect("c", "granted", Some("key")),
        connect("d", "granted", Some("other")),
        connect("e", "granted", Some("desk")),
        // The same as before.
        connect("f", "undeclared", None),
    ])
    .pack(&manifest("scripted", "socket"));
    fs::write(site.path("scripted.wasm"), plugin).unwrap();
    let server = site.start().await;
    let mut expected: Vec<String> = hosts("lines", "scripted").into();
    expected.extend([
        key("lines"),
        "the secret other is not declared: write [secrets.other] with `hosts` to the plugin.toml of \
         scripted"
            .to_owned(),
        "the account desk is missing: write `client_id` to [channel.lines.oauth.desk] in tablica.toml \
         (Of the admin)"
            .to_owned(),
    ]);
    lacks(&server, "lines", expected).await;
    assert!(server.stop().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_requests_lack_is_in_the_log_once_however_often_they_are_made() {
    let site = Site::new(
        "[channel.shop]\nplugin = \"following.wasm\"\ngrant_hosts = [\"granted.example\"]\n\
         secret = { env = \"TABLICA_TEST_SECRET\" }\n",
    );
    let verify = "[[verify]]\nscheme = \"token-header\"\nheader = \"X-Token\"\n";
    let manifest = manifest("following", "webhook") + verify;
    let guest = fs::read_to_string(guests::folder().join("following.wat")).unwrap();
    let plugin = guests::from_parts(guests::PRELUDE, "following", &guest, &manifest);
    fs::write(site.path("following.wasm"), plugin).unwrap();
    let server = site.start().await;
    // Behind `=` it puts the secret `key`.
    for page in ["undeclared.example/", "declared.example/", "granted.example/?k="] {
        for _ in 0..3 {
            let to_shop = client().post(server.url("/in/shop")).header("X-Token", SECRET);
            let answer = to_shop.body(format!("https://{page}")).send().await.unwrap();
            assert_eq!(answer.status(), 200);
        }
    }
    let mut expected: Vec<String> = hosts("shop", "following").into();
    expected.push(key("shop"));
    lacks(&server, "shop", expected).await;
    assert!(server.stop().success());
}
