//! The quarantine on disk: what it keeps, what it lets go, what it counts.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::super::RawKind;
use super::*;

fn settings(keep: Duration, entries_max: usize, bytes_max: usize) -> model::Quarantine {
    model::Quarantine { keep, entries_max, bytes_max }
}

fn entry(channel: &str, received_ms: UnixMs, body: &[u8]) -> NewEntry {
    NewEntry {
        channel: channel.into(),
        plugin: "telegram 0.1.0".into(),
        received_ms,
        class: FailureClass::BadInput,
        reason: "no field update_id".into(),
        raw: Raw {
            kind: RawKind::Webhook,
            method: "POST".into(),
            headers: vec![
                ("Content-Type".into(), "application/json".into()),
                ("X-Telegram-Bot-Api-Secret-Token".into(), "s3cr3t".into()),
            ],
            body: body.to_vec(),
            ..Raw::default()
        },
    }
}

const WEEK: Duration = Duration::from_secs(7 * 86_400);

#[test]
fn an_input_is_kept_whole_but_for_its_secrets_and_for_the_owner_alone() {
    let folder = tempfile::tempdir().expect("folder");
    let mut store = Store::open(&settings(WEEK, 10, 1000), folder.path()).expect("open");
    let (ids, _) = store.put([entry("tg", 5, b"{}")]).expect("put");
    let kept = store.get(ids[0]).expect("get").expect("entry");
    let raw = kept.raw.expect("input");
    assert_eq!((raw.kind, raw.body.as_slice()), (RawKind::Webhook, b"{}".as_slice()));
    assert_eq!(raw.headers, [("Content-Type".to_owned(), "application/json".to_owned())]);
    for file in fs::read_dir(folder.path()).expect("folder") {
        let file = file.expect("file");
        let mode = file.metadata().expect("metadata").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{:?}", file.file_name());
    }
}

#[test]
fn with_keep_zero_only_the_reason_is_on_disk() {
    let folder = tempfile::tempdir().expect("folder");
    let mut store = Store::open(&settings(Duration::ZERO, 10, 1000), folder.path()).expect("open");
    let (ids, _) = store.put([entry("tg", 5, b"MARKER")]).expect("put");
    let kept = store.get(ids[0]).expect("get").expect("entry");
    assert_eq!((kept.raw, kept.bytes), (None, 6));
    assert_eq!(kept.reason, "no field update_id");
    assert!(store.request(&Filter::default()).expect("request").is_empty());
    for file in fs::read_dir(folder.path()).expect("folder") {
        let bytes = fs::read(file.expect("file").path()).expect("read");
        assert!(!bytes.windows(6).any(|window| window == b"MARKER"));
    }
}

#[test]
fn the_oldest_make_room_and_are_counted() {
    let folder = tempfile::tempdir().expect("folder");
    let mut store = Store::open(&settings(WEEK, 3, 100), folder.path()).expect("open");
    let five = (0..5).map(|n| entry("tg", n, b"x"));
    let (ids, dropped) = store.put(five).expect("put");
    assert_eq!((ids.len(), dropped.by_limit, store.entries()), (5, 2, 3));
    let (_, dropped) = store.put([entry("tg", 9, &[b'y'; 99])]).expect("put");
    assert_eq!(dropped.by_limit, 2, "bytes_max leaves room for one old entry");
    let left = store.list(&Filter::default(), false).expect("list");
    assert_eq!(left.iter().map(|entry| entry.received_ms).collect::<Vec<_>>(), [4, 9]);
    // Larger than everything allowed: its reason is kept, and nobody has to go for it.
    let (ids, dropped) = store.put([entry("tg", 10, &[b'z'; 101])]).expect("put");
    assert_eq!((dropped.by_limit, store.entries()), (0, 3));
    assert_eq!(store.get(ids[0]).expect("get").expect("entry").raw, None);
    // The measures survive a restart.
    drop(store);
    let store = Store::open(&settings(WEEK, 3, 100), folder.path()).expect("open");
    assert_eq!((store.entries, store.bytes), (3, 100));
}

#[test]
fn entries_expire() {
    let folder = tempfile::tempdir().expect("folder");
    let mut store =
        Store::open(&settings(Duration::from_millis(50), 10, 100), folder.path()).expect("open");
    store.put([entry("tg", 100, b"x"), entry("tg", 160, b"y")]).expect("put");
    assert_eq!(store.expire(200).expect("expire"), 1);
    assert_eq!((store.entries, store.bytes), (1, 1));
}

#[test]
fn a_retry_goes_from_the_command_to_the_server_and_back() {
    let folder = tempfile::tempdir().expect("folder");
    let mut server = Store::open(&settings(WEEK, 10, 1000), folder.path()).expect("open");
    server.put([entry("tg", 1, b"a"), entry("tg", 2, b"b"), entry("fb", 3, b"c")]).expect("put");
    let command = Store::open_existing(folder.path()).expect("open").expect("there");

    let filter = Filter { channel: Some("tg".into()), ids: Vec::new() };
    assert_eq!(command.request(&filter).expect("request"), [1, 2]);
    let taken = server.take_requested().expect("take");
    assert_eq!(taken.iter().map(|entry| entry.id).collect::<Vec<_>>(), [1, 2]);
    assert!(command.withdraw(&[1, 2]).expect("withdraw").is_empty(), "they are under way");
    server.finish(1, &Redelivery::Decoded { events: 3 }).expect("finish");
    let failed = Redelivery::Failed { class: FailureClass::Trap, reason: "unreachable".into() };
    server.finish(2, &failed).expect("finish");

    let decoded = command.get(1).expect("get").expect("entry");
    assert_eq!((decoded.state, decoded.raw), (State::Decoded { events: 3 }, None));
    let held = command.get(2).expect("get").expect("entry");
    assert_eq!((held.state, held.attempts, held.class), (State::Held, 1, FailureClass::Trap));
    assert_eq!(held.reason, "unreachable");
    assert!(held.raw.is_some(), "it can be tried again");
}

#[test]
fn a_retry_that_the_server_did_not_finish_is_taken_up_after_its_restart() {
    let folder = tempfile::tempdir().expect("folder");
    let settings = settings(WEEK, 10, 1000);
    let mut server = Store::open(&settings, folder.path()).expect("open");
    server.put([entry("tg", 1, b"a")]).expect("put");
    server.request(&Filter::default()).expect("request");
    assert_eq!(server.take_requested().expect("take").len(), 1);
    drop(server);
    let mut server = Store::open(&settings, folder.path()).expect("open");
    assert_eq!(server.take_requested().expect("take").len(), 1);
}
