//! A recording of a manager's bytes, decoded: `AMI_RECORDING=ami-events.raw cargo test … -- --ignored`.
//!
//! Prints the events in the journal's shape.

use super::*;

#[test]
#[ignore = "reads a file that AMI_RECORDING names"]
fn a_recording_is_decoded() {
    let Ok(path) = std::env::var("AMI_RECORDING") else { return };
    let bytes = std::fs::read(path).expect("a recording");
    let text = String::from_utf8_lossy(&bytes);
    let setup = Setup::new(r#"{"address":"127.0.0.1","username":"tablica"}"#);
    let mut manager = Manager::new(&setup).unwrap_or_else(|failure| panic!("{failure:?}"));
    let (mut now_ms, mut due_ms) = (0_u64, None::<u64>);
    let mut events: Vec<Event> = Vec::new();
    let mut take = |output: Output, now_ms: u64, due_ms: &mut Option<u64>| {
        for command in output.commands {
            if let Command::Timer(timer) = command
                && timer.tag == DUE
            {
                *due_ms = timer.after_ms.map(|after_ms| now_ms + u64::from(after_ms));
            }
        }
        events.extend(output.events);
    };
    for frame in text.split("\r\n\r\n") {
        let message = Message::parse(frame);
        let is_banner = frame.starts_with("Asterisk Call Manager");
        if let Some(at_ms) = message.timestamp_ms() {
            now_ms = now_ms.max(at_ms);
        }
        while let Some(at_ms) = due_ms.filter(|due_ms| *due_ms <= now_ms) {
            due_ms = None;
            let output = manager.handle(at_ms, Input::Timer(DUE.into()));
            take(output.expect("a timer"), at_ms, &mut due_ms);
        }
        if is_banner {
            let down = LinkDown::new(LINK, None, "the recording goes on");
            let output = manager.handle(now_ms, Input::Disconnected(down));
            take(output.expect("a link"), now_ms, &mut due_ms);
            let output = manager.handle(now_ms, Input::Connected(LinkUp::new(LINK)));
            take(output.expect("a link"), now_ms, &mut due_ms);
            let answer = Frame::text(LINK, "Response: Success\r\nActionID: tablica-login");
            let output = manager.handle(now_ms, Input::Frame(answer));
            take(output.expect("an answer"), now_ms, &mut due_ms);
        }
        let output = manager.handle(now_ms, Input::Frame(Frame::text(LINK, frame)));
        take(output.unwrap_or_else(|failure| panic!("{failure:?}: {frame}")), now_ms, &mut due_ms);
    }
    for event in &events {
        println!("{}", tablica_plugin::golden::event_line(event, "asterisk-ami", &[], now_ms));
    }
}
