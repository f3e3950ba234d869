//! The same bytes mean the same whenever they come: at once, as they happen, or after a while.

use super::*;

const SAMPLES: [&str; 6] = [
    include_str!("../../samples/ways-out-1.ami"),
    include_str!("../../samples/conference-1.ami"),
    include_str!("../../samples/hung-up-meanwhile-1.ami"),
    include_str!("../../samples/wrap-up-1.ami"),
    include_str!("../../samples/no-channel-1.ami"),
    include_str!("../../samples/taken-back-1.ami"),
];
const CALLED_BACK: [&str; 4] = [
    include_str!("../../samples/called-back-1.ami"),
    include_str!("../../samples/called-back-2.ami"),
    include_str!("../../samples/called-back-3.ami"),
    include_str!("../../samples/called-back-4.ami"),
];
const SETTINGS: &str = r#"{"address":"127.0.0.1","username":"tablica","wrap_up":"3s"}"#;

/// When a message that happened then comes, by the host's clock.
type Comes = fn(u64) -> u64;

/// What is told when messages come so, and the host's timers fire.
fn told(text: &str, comes: Comes) -> Vec<Event> {
    let mut manager = started(SETTINGS);
    let (mut due_ms, mut events) = (None::<u64>, Vec::new());
    let mut now_ms = 0;
    let mut take = |output: Output, now_ms: u64, due_ms: &mut Option<u64>| {
        for command in output.commands {
            if let Command::Timer(timer) = command {
                *due_ms = timer.after_ms.map(|after_ms| now_ms + u64::from(after_ms));
            }
        }
        events.extend(output.events);
    };
    for frame in text.split("\n\n").filter(|frame| !frame.is_empty()) {
        let at_ms = Message::parse(frame).timestamp_ms().unwrap_or_default();
        now_ms = now_ms.max(comes(at_ms));
        while let Some(at_ms) = due_ms.take_if(|due_ms| *due_ms <= now_ms) {
            let output = manager.handle(at_ms, Input::Timer(DUE.into()));
            take(output.unwrap_or_default(), at_ms, &mut due_ms);
        }
        let output = manager.handle(now_ms, Input::Frame(Frame::text(LINK, frame)));
        take(output.unwrap_or_default(), now_ms, &mut due_ms);
    }
    while let Some(at_ms) = due_ms.take() {
        let output = manager.handle(at_ms, Input::Timer(DUE.into()));
        take(output.unwrap_or_default(), at_ms, &mut due_ms);
    }
    // Silence tells at another moment what the next event would.
    events.sort_by(|a, b| a.id.cmp(&b.id));
    events
}

#[test]
fn when_messages_come_makes_no_difference() {
    let ways: [Comes; 5] = [
        |_| NOW_MS,
        |at_ms| at_ms,
        |at_ms| at_ms + 7_777,
        |at_ms| at_ms + 86_400_000,
        // Each half minute, what has gathered.
        |at_ms| (at_ms + 30_000) / 30_000 * 30_000,
    ];
    for text in SAMPLES.map(str::to_owned).into_iter().chain([CALLED_BACK.concat()]) {
        let at_once = told(&text, ways[0]);
        assert!(!at_once.is_empty());
        for comes in &ways[1..] {
            assert_eq!(told(&text, *comes), at_once);
        }
    }
}
