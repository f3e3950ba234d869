//! Screens: snapshot, deltas, resume, slow and silent ones, limits, reload, stop.

use std::fs;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tablica::screen::Limits;

use super::server::{Options, Server, ask, waiting_call};
use crate::support::wait::until_so;

/// A board that never changes by itself.
const STILL: &str = "title = \"Still\"\n[[tile]]\nid = \"clock\"\ntype = \"clock\"\n\
    x = 0\ny = 0\nw = 24\nh = 12\n";

/// A board with one number on it.
const WAITING: &str = "title = \"Waiting\"\n[[tile]]\nid = \"w\"\ntype = \"number\"\n\
    kpi = \"waiting\"\nx = 0\ny = 0\nw = 24\nh = 12\n";

/// A board whose every change is large.
const FAT: &str = "[[tile]]\nid = \"q\"\ntype = \"queue_table\"\nrows_max = 500\n\
    x = 0\ny = 0\nw = 24\nh = 12\n";

fn boards(files: &[(&str, &str)]) -> (tempfile::TempDir, Options) {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(dir.path().join(name), text).expect("written");
    }
    let options = Options { boards: Some(dir.path().to_owned()), ..Options::default() };
    (dir, options)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_gets_a_snapshot_and_then_deltas_without_a_gap() {
    let mut server = Server::start(Options::default()).await;
    let mut screen = server.screen("floor").await;
    let snapshot = screen.next().await;
    assert_eq!(snapshot["type"], "snapshot");
    assert_eq!(snapshot["build"], "build-1");
    assert_eq!(snapshot["board"]["id"], "floor");
    assert_eq!(snapshot["board"]["columns"], 24);
    let tiles = snapshot["board"]["tiles"].as_array().expect("a list");
    for tile in tiles {
        let id = tile["id"].as_str().expect("an id");
        assert!(snapshot["tiles"][id]["state"].is_string(), "{id} has no value");
    }

    let mut seq = snapshot["seq"].as_u64().expect("a number");
    let (mut shown, mut deltas) = (0, 0);
    for call in 1..=5_u64 {
        server.call_waits("sales").await;
        while shown < call {
            let message = screen.next().await;
            assert_eq!(message["epoch"], snapshot["epoch"]);
            let own = seq;
            seq = message["seq"].as_u64().expect("a number");
            match message["type"].as_str().expect("a type") {
                "heartbeat" => assert_eq!(seq, own),
                "delta" => {
                    assert_eq!((message["prev"].as_u64(), seq), (Some(own), own + 1));
                    assert!(message["tiles"].get("clock").is_none(), "it did not change");
                    deltas += 1;
                }
                // On a busy machine even this wall may be too slow for a frame.
                "snapshot" => assert!(seq > own + 1),
                other => unreachable!("{other}"),
            }
            if let Some(text) = message["tiles"]["waiting"]["text"].as_str() {
                shown = text.parse().expect("a number");
            }
        }
    }
    assert!(deltas > 0);
    assert_eq!(shown, 5);
    server.stop_hub().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_wall_gets_heartbeats() {
    let (_dir, options) = boards(&[("still.toml", STILL)]);
    let server = Server::start(options).await;
    let mut screen = server.screen("still").await;
    let snapshot = screen.next().await;
    for _ in 0..2 {
        let message = screen.next().await;
        assert_eq!(message["type"], "heartbeat");
        assert_eq!(message["seq"], snapshot["seq"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_that_comes_back_goes_on_where_it_was() {
    let (_dir, options) = boards(&[("waiting.toml", WAITING)]);
    let mut server = Server::start(options).await;
    let mut screen = server.screen("waiting").await;
    let snapshot = screen.next().await;
    screen.leave().await;
    let (epoch, seq) = (snapshot["epoch"].as_str().expect("text"), &snapshot["seq"]);

    let resume = format!("waiting?epoch={epoch}&seq={seq}");
    let mut screen = server.screen(&resume).await;
    let resumed = screen.next().await;
    assert_eq!((&resumed["type"], &resumed["seq"]), (&"resumed".into(), seq));
    server.call_waits("sales").await;
    let delta = screen.next_of("delta").await;
    assert_eq!(&delta["prev"], seq);

    // One state behind: told to go on, and given what it lacks.
    let mut late = server.screen(&resume).await;
    assert_eq!(late.next().await["type"], "resumed");
    assert_eq!(&late.next_of("delta").await["prev"], seq);

    // Two states behind, of another run, or unreadable: everything anew.
    server.call_waits("sales").await;
    screen.next_of("delta").await;
    for stale in [resume, format!("waiting?epoch=old&seq={seq}"), "waiting?epoch=x&seq=y".into()] {
        let first = server.screen(&stale).await.next().await;
        assert_eq!(first["type"], "snapshot", "{stale}");
        assert_eq!(first["tiles"]["w"]["text"], "2");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_wall_gets_the_newest_state_instead_of_a_queue() {
    let (_dir, mut options) = boards(&[("fat.toml", FAT)]);
    options.frames_per_second_max = 1000;
    let mut server = Server::start(options).await;
    let calls = (0..60).flat_map(|n| waiting_call(&format!("first-{n}"), &format!("queue-{n}")));
    server.say(calls.collect()).await;
    let mut screen = server.small_screen("fat").await;
    // It does not read. Frames go out until nothing more fits on the way to it.
    let mut frames = 0;
    loop {
        let before = server.hub.newest("fat").expect("shown").seq;
        server.call_waits("queue-0").await;
        let hub = server.hub.clone();
        until_so("the next frame", || hub.newest("fat").expect("shown").seq > before).await;
        frames += 1;
        let sent = server.screens.list()[0].sent_seq;
        if server.hub.newest("fat").expect("shown").seq > sent + 20 {
            break;
        }
        assert!(frames < 5_000, "the server queues for a screen that does not read");
    }
    // It reads again.
    let newest = server.hub.newest("fat").expect("shown").seq;
    let (mut seq, mut messages, mut jumps) = (None, 0, 0);
    while seq.is_none_or(|seq| seq < newest) {
        let message = screen.next().await;
        messages += 1;
        match message["type"].as_str().expect("a type") {
            "delta" => assert_eq!(message["prev"].as_u64(), seq),
            "snapshot" if seq.is_some() => jumps += 1,
            "snapshot" | "heartbeat" => {}
            other => unreachable!("{other}"),
        }
        seq = message["seq"].as_u64();
    }
    assert!(jumps >= 1, "what it missed came as a snapshot");
    assert!(messages < frames, "{messages} messages for {frames} frames");
    assert!(server.screens.counters.conflated.load(Ordering::Relaxed) >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_knows_what_each_wall_shows() {
    let (_dir, options) = boards(&[("still.toml", STILL)]);
    let server = Server::start(options).await;
    let mut screen = server.screen("still").await;
    let snapshot = screen.next().await;
    let shown = || server.screens.list().into_iter().next().expect("one screen");
    assert_eq!((shown().painted_seq, shown().board.as_str()), (0, "still"));
    screen.painted(&snapshot).await;
    until_so("the acknowledgement", || shown().painted_seq == snapshot["seq"]).await;
    let heartbeat = screen.next_of("heartbeat").await;
    until_so("the picture to be old", || shown().picture_age_ms > 0).await;
    screen.painted(&heartbeat).await;
    until_so("the picture to be new", || shown().picture_age_ms == 0).await;

    // What it cannot have painted, and what is not of the protocol, changes nothing.
    screen.say(r#"{"type":"painted","epoch":"other","seq":1}"#.into()).await;
    screen.say("hello".into()).await;
    let strange = &server.screens.counters.strange;
    until_so("the strange message", || strange.load(Ordering::Relaxed) == 1).await;
    assert_eq!(shown().painted_seq, snapshot["seq"]);
    screen.leave().await;
    until_so("the seat to be free", || server.screens.open() == 0).await;
    assert!(server.screens.list().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_board_is_refused_with_the_boards_there_are() {
    let server = Server::start(Options::default()).await;
    let answer = server.try_screen("flor").await.err().expect("refused");
    assert_eq!(answer.status, 404);
    assert_eq!(
        answer.problem().1["valid"],
        serde_json::json!([
            "floor",
            "health",
            "lead",
            "management",
            "phones",
            "promises",
            "quality",
            "social",
            "team",
            "week",
            "written"
        ])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn more_walls_than_allowed_are_told_to_come_later() {
    let screens = Limits { screens_max: 1, ..Limits::default() };
    let server = Server::start(Options { screens, ..Options::default() }).await;
    let screen = server.screen("floor").await;
    let answer = server.try_screen("floor").await.err().expect("refused");
    assert_eq!((answer.status, answer.problem().0.as_str()), (503, "too-many-screens"));
    assert!(answer.head.contains("retry-after"), "{}", answer.head);
    assert_eq!(server.screens.counters.refused.load(Ordering::Relaxed), 1);
    screen.leave().await;
    until_so("the seat to be free", || server.screens.open() == 0).await;
    assert_eq!(server.screen("floor").await.next().await["type"], "snapshot");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_that_says_nothing_any_more_is_closed() {
    let screens = Limits { silence_max: Duration::from_millis(200), ..Limits::default() };
    let server = Server::start(Options { screens, ..Options::default() }).await;
    // Whoever does not read does not answer pings either.
    let _screen = server.screen("floor").await;
    let closed = &server.screens.counters.closed_silent;
    until_so("the silent screen to be closed", || closed.load(Ordering::Relaxed) == 1).await;
    until_so("the seat to be free", || server.screens.open() == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wall_that_talks_too_much_is_closed() {
    let server = Server::start(Options::default()).await;
    let mut screen = server.screen("floor").await;
    for _ in 0..200 {
        // It may be closed before it has said all.
        if !screen.can_say("{}".into()).await {
            break;
        }
    }
    let closed = &server.screens.counters.closed_noisy;
    until_so("the noisy screen to be closed", || closed.load(Ordering::Relaxed) == 1).await;

    let mut screen = server.screen("floor").await;
    screen.say("x".repeat(5000)).await;
    until_so("the long message to end it", || server.screens.open() == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_another_site_may_not_listen() {
    let server = Server::start(Options::default()).await;
    let headers = "Origin: http://evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let answer = ask(server.public, "GET /ws/v1/boards/floor", headers, b"").await;
    assert_eq!((answer.status, answer.problem().0.as_str()), (403, "other-origin"));
    let answer = server.get("/ws/v1/boards/floor").await;
    assert_eq!(answer.problem().0, "not-a-websocket");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_board_file_is_on_the_wall_at_once_and_a_bad_one_never() {
    let (dir, options) = boards(&[("own.toml", STILL)]);
    let server = Server::start(options).await;
    let mut screen = server.screen("own").await;
    let first = screen.next().await;
    assert_eq!(first["board"]["title"], "Still");

    fs::write(dir.path().join("own.toml"), WAITING).expect("written");
    let second = screen.next_of("snapshot").await;
    assert_eq!(second["board"]["title"], "Waiting");
    assert!(second["seq"].as_u64() > first["seq"].as_u64());

    fs::write(dir.path().join("own.toml"), format!("{WAITING}colour = \"red\"\n"))
        .expect("written");
    let listed = || server.hub.boards().into_iter().find(|board| board.id == "own").expect("own");
    // Between the file's emptying and its writing it has another problem.
    let is_told = || listed().problem.is_some_and(|problem| problem.contains("unknown key"));
    until_so("the problem to be told", is_told).await;
    let problem = listed().problem.expect("told");
    assert!(problem.contains("own.toml:10: tile `w`: unknown key `colour`"), "{problem}");
    assert!(listed().shown);
    let kept = server.get("/api/v1/boards/own").await.json();
    assert_eq!(kept["board"]["title"], "Waiting");

    fs::remove_file(dir.path().join("own.toml")).expect("removed");
    let code = loop {
        if let Err(code) = screen.next_or_close().await {
            break code;
        }
    };
    assert_eq!(code, 1001);
    assert_eq!(server.get("/wall/own").await.status, 404);

    // It is back with other content: who held the old one is not told to go on from there.
    fs::write(dir.path().join("own.toml"), STILL).expect("written");
    until_so("the board to be back", || server.hub.newest("own").is_some()).await;
    let epoch = second["epoch"].as_str().expect("an epoch");
    for seq in 1..=second["seq"].as_u64().expect("a number") {
        let mut screen = server.screen(&format!("own?epoch={epoch}&seq={seq}")).await;
        let back = screen.next().await;
        assert_eq!((&back["type"], &back["board"]["title"]), (&"snapshot".into(), &"Still".into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_keeps_the_last_state_and_tells_the_walls() {
    let mut server = Server::start(Options::default()).await;
    let mut screen = server.screen("floor").await;
    assert_eq!(screen.next().await["type"], "snapshot");
    for _ in 0..10 {
        server.call_waits("sales").await;
    }
    server.stop().await;
    let kept = server.kept.lock().expect("no panic").last().copied().expect("a snapshot");
    assert_eq!(kept.0, server.sequence(), "everything that was handed over is in it");
    assert_eq!(server.hub.applied(), server.sequence());
    let code = loop {
        if let Err(code) = screen.next_or_close().await {
            break code;
        }
    };
    assert_eq!(code, 1001);
    assert!(server.hub.ask(|_, _| ()).await.is_err());
}
