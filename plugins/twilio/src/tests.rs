//! What samples cannot say: settings, garbage, restarts.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use super::*;

const NOW_MS: u64 = 1_795_348_800_000;

fn twilio(settings: &str) -> Twilio {
    Twilio::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn webhook(twilio: &mut Twilio, body: &str) -> Result<Output, Failure> {
    twilio.handle(NOW_MS, Input::Webhook(Webhook::post(body)))
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Twilio>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    for (settings, key) in [
        (r#"{"agent":{}}"#, "/agent: unknown field"),
        (r#"{"agents":{"client:anna":1}}"#, "/agents/client:anna: invalid type"),
        (r#"{"replies":"system"}"#, "/replies: unknown variant"),
        (r#"{"available":["Ready"],"offline":["ready "]}"#, "/offline: "),
        (r#"{"country_code":"+48"}"#, "/country_code: "),
    ] {
        match Twilio::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn what_is_broken_is_bad_input_and_names_the_field() {
    for (body, why) in [
        ("", "empty"),
        ("{", "EOF"),
        ("SmsStatus=received&AccountSid=AC1", "/MessageSid is missing"),
        ("SmsStatus=received&MessageSid=SM1&To=%2B48221234567", "/From is missing"),
        ("SmsStatus=received&MessageSid=SM1&From=%2B48600100200", "/To is missing"),
        ("EventType=task.created&WorkspaceSid=WS1", "/Sid is missing"),
        ("CallSid=&CallStatus=ringing", "/CallSid is missing"),
        ("EventType=onMessageAdded&ConversationSid=CH1", "/MessageSid is missing"),
    ] {
        match webhook(&mut twilio("{}"), body) {
            Err(Failure::BadInput(said)) => assert!(said.contains(why), "{body}: {said}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[test]
fn what_is_not_of_twilio_is_unsupported() {
    for body in ["a=b", "hello", "{}", r#"{"type":"x"}"#] {
        let result = webhook(&mut twilio("{}"), body);
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
}

#[test]
fn what_twilio_adds_later_is_accepted() {
    for body in [
        "AccountSid=AC1&Something=new",
        "EventType=task.danced&WorkspaceSid=WS1&Sid=EV1&TaskSid=WT1&TaskAttributes=no+json",
        "EventType=onTypingStarted&ConversationSid=CH1",
        "MessageSid=SM1&MessageStatus=thought&From=%2B48221234567&To=%2B48600100200",
        "CallSid=CA1&CallStatus=humming&ParentCallSid=CA0",
        r#"{"type":"com.twilio.anything","data":{}}"#,
        "[]",
    ] {
        let output =
            webhook(&mut twilio("{}"), body).unwrap_or_else(|failure| panic!("{failure:?}"));
        assert_eq!(output.events, [], "{body}");
        assert_eq!(output.reply.map(|reply| reply.status), Some(204));
    }
}

#[test]
fn calls_and_tasks_are_bounded_and_so_is_the_snapshot() {
    let mut twilio = twilio("{}");
    for number in 0..5_000 {
        let body = format!(
            "EventType=reservation.accepted&WorkspaceSid=WS1&Sid=EV{number:032}&TaskSid=WT{number:032}&ReservationSid=WR{number:032}&TaskQueueName=Parcels&WorkerName=anna%40acme.example"
        );
        assert_eq!(webhook(&mut twilio, &body).map(|output| output.events.len()), Ok(1));
    }
    let bytes = twilio.snapshot().len();
    assert!((100_000..300_000).contains(&bytes), "{bytes}");
}

#[test]
fn a_snapshot_that_is_none_is_refused() {
    assert!(matches!(twilio("{}").restore(b"{"), Err(Failure::Config(_))));
}
