//! Documents by a real server and from a real folder: what a kill in the middle of one leaves, and what many
//! of them take.

mod many;

use std::fs;
use std::path::PathBuf;

use crate::hostile::guests;
use crate::support::server::{Server, Site};
use crate::support::wait::until_async;

/// A long mail, and in how large parts it comes.
const MAIL_BYTES: usize = 25_000_000;
const PART_BYTES: usize = 64 << 10;
/// How many they are.
const PARTS: u64 = MAIL_BYTES.div_ceil(PART_BYTES) as u64;
/// The host tells the plugin that the folder can be read, before the first document.
const CONNECTED: u64 = 1;
/// After so many parts that one server has given, it is killed.
const KILLED_AFTER: [u64; 7] = [1, 2, 30, 90, 150, 250, PARTS - 1];
/// What the desk was given.
const OFFERED: &str = "channel=desk&window=today";
const MANIFEST: &str = r#"
name = "reader"
version = "0.1.0"
api = "1"
network = "Nowhere"
medium = "mail"
summary = "A guest of the tests"
[source]
kind = "document"
[on_bad_input]
status = 422
"#;

/// A site whose channel `desk` reads documents: each part of one is a contact of its own.
fn desk(keys: &str) -> Site {
    let site = Site::new(&format!(
        "[channel.desk]\nplugin = \"reader.wasm\"\nqueue = \"desk\"\n\
         documents_from = \"beginning\"\n{keys}\n"
    ));
    let plugin =
        guests::from_parts(guests::PRELUDE, "reader", include_str!("reader.wat"), MANIFEST);
    fs::write(site.path("reader.wasm"), plugin).unwrap();
    site
}

/// A site with a mail room.
fn mail_room() -> Site {
    let site = desk(&format!("maildir = \"mails\"\ndocument_part_bytes = {PART_BYTES}"));
    for folder in ["new", "cur", "tmp"] {
        fs::create_dir_all(site.path("mails").join(folder)).unwrap();
    }
    site
}

/// As a mail server delivers: written elsewhere, and renamed.
fn deliver(site: &Site, name: &str, bytes: &[u8]) {
    let draft: PathBuf = site.path("mails/tmp").join(name);
    fs::write(&draft, bytes).unwrap();
    fs::rename(draft, site.path("mails/new").join(name)).unwrap();
}

/// Parts that this server has given to the plugin.
async fn parts_given(server: &Server) -> u64 {
    let channels = server.json("/api/v1/channels").await;
    let mut channels = channels["channels"].as_array().unwrap().iter();
    let desk = channels.find(|it| it["name"] == "desk").unwrap();
    desk["inputs"].as_u64().unwrap().saturating_sub(CONNECTED)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_a_long_mail_it_is_given_anew_and_counts_once() {
    let site = mail_room();
    let mail: Vec<u8> = (0..MAIL_BYTES).map(|at| (at % 251) as u8).collect();
    deliver(&site, "1700000000.M1P2.host", &mail);
    let mut killed_in_the_middle = 0;
    for after in KILLED_AFTER {
        let server = site.start().await;
        until_async(&format!("{after} parts are given"), async || {
            parts_given(&server).await >= after
        })
        .await;
        // What counts never counts twice, however often the mail has begun.
        let offered = server.kpi("offered", OFFERED).await.unwrap_or_default();
        assert!(offered <= PARTS as f64, "{offered} of {PARTS}");
        killed_in_the_middle += usize::from(parts_given(&server).await < PARTS);
        server.kill();
    }
    assert!(killed_in_the_middle > 3, "only {killed_in_the_middle} kills came before its end");

    let server = site.start().await;
    server.settles("offered", OFFERED, PARTS as f64).await;
    deliver(&site, "1700000001.M1P2.host", b"the next one");
    server.settles("offered", OFFERED, (PARTS + 1) as f64).await;
    server.counts("tablica_quarantine_entries", 0).await;
    server.kill();

    // All of it is on disk: nothing is given once more.
    let server = site.start().await;
    deliver(&site, "1700000002.M1P2.host", b"one more");
    server.settles("offered", OFFERED, (PARTS + 2) as f64).await;
    assert_eq!(parts_given(&server).await, 1, "only the new one");
    assert!(server.stop().success());
}
