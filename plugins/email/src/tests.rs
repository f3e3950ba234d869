//! What samples cannot say: failures, settings, restarts, bounds.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Author, Command, Document, Kind, Message, Moment, Response, Webhook};

use super::*;
use crate::stream::HEAD_BYTES_MAX;

const OWN: &str = r#"{"own_domains":["shop.example"],"own_addresses":["support@shop.example"]}"#;
const NOW_MS: u64 = 1_795_348_800_000;

fn email(settings: &str) -> Email {
    Email::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn post(email: &mut Email, body: &str) -> Result<Output, Failure> {
    email.handle(NOW_MS, Input::Webhook(Webhook::post(body)))
}

fn mail(headers: &str) -> String {
    format!(
        "From: anna@example.com\r\nTo: support@shop.example\r\nSubject: x\r\n{headers}\r\nHello\r\n"
    )
}

fn document(name: &str, offset: u64, is_last: bool, bytes: &[u8]) -> Input {
    Input::Document(Document {
        name: name.into(),
        media_type: "message/rfc822".into(),
        at: Moment::Utc(NOW_MS),
        offset,
        is_last,
        bytes: bytes.into(),
    })
}

#[test]
fn samples() {
    tablica_plugin::golden::check::<Email>(env!("CARGO_MANIFEST_DIR"));
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let cases = [
        (r#"{"own":["a"]}"#, "/own: unknown field"),
        (r#"{"own_domains":["a.example","anna@b.example"]}"#, "/own_domains/1: "),
        (r#"{"own_domains":[""]}"#, "/own_domains/0: "),
        (r#"{"own_addresses":["support"]}"#, "/own_addresses/0: "),
        (r#"{"mailboxes":{"sales":"sales"}}"#, "/mailboxes/sales: "),
        (r#"{"mailboxes":{"a@b.example":" "}}"#, "/mailboxes/a@b.example: "),
        (r#"{"plus":"always"}"#, "/plus: unknown variant"),
        (r#"{"subject_tags":["a",""]}"#, "/subject_tags/1: "),
    ];
    for (settings, key) in cases {
        match Email::new(&Setup::new(settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn what_is_no_mail_is_bad_input() {
    for body in ["", " ", "hello", "{", "[", "[1", "--x", "--x\r\n\r\n--x--", "<html>"] {
        let result = post(&mut email(OWN), body);
        let is_refused = matches!(result, Err(Failure::BadInput(_) | Failure::Unsupported(_)));
        assert!(is_refused, "{body}: {result:?}");
    }
}

#[test]
fn what_no_provider_sends_is_unsupported() {
    for body in ["{}", r#"{"hello":"world"}"#, "name=Anna&text=Hello", r#"{"eventType":"x"}"#] {
        let result = post(&mut email(OWN), body);
        assert!(matches!(result, Err(Failure::Unsupported(_))), "{body}: {result:?}");
    }
}

#[test]
fn a_reason_holds_nothing_that_somebody_wrote() {
    let body = r#"{"FromFull":{"Email":5},"TextBody":"my secret"}"#;
    let Err(Failure::BadInput(why)) = post(&mut email(OWN), body) else { panic!("refused") };
    assert!(why.starts_with("JSON: Data at line 1"), "{why}");
}

#[test]
fn only_the_beginning_of_a_long_mail_is_kept() {
    let mut email = email(OWN);
    let head = mail("Message-ID: <long@mail.example.com>\r\nContent-Type: text/plain\r\n");
    assert_eq!(
        email.handle(NOW_MS, document("a", 0, false, head.as_bytes())),
        Ok(Output::default())
    );
    let part = vec![b'x'; 256 * 1024];
    let mut offset = head.len() as u64;
    for _ in 0..100 {
        let output = email.handle(NOW_MS, document("a", offset, false, &part));
        assert_eq!(output, Ok(Output::default()));
        offset += part.len() as u64;
    }
    let output = email.handle(NOW_MS, document("a", offset, true, &part)).unwrap_or_default();
    let [event] = output.events.as_slice() else { panic!("{output:?}") };
    let Kind::Message(message) = &event.kind else { panic!("{event:?}") };
    assert!(message.length as usize <= HEAD_BYTES_MAX, "{}", message.length);
    assert!(message.text.as_ref().is_some_and(|it| it.len() <= 16 * 1024));
}

#[test]
fn a_part_without_those_before_it_is_refused_and_a_new_beginning_taken() {
    let mut email = email(OWN);
    let whole = mail("Message-ID: <a@mail.example.com>\r\n");
    assert!(email.handle(NOW_MS, document("a", 5, true, b"x")).is_err());
    let half = email.handle(NOW_MS, document("a", 0, false, &whole.as_bytes()[..20]));
    assert_eq!(half, Ok(Output::default()));
    let output = email.handle(NOW_MS, document("a", 0, true, whole.as_bytes()));
    assert_eq!(output.map(|it| it.events.len()), Ok(1));
}

#[test]
fn conversations_are_known_after_a_restart_and_other_bytes_are_no_snapshot() {
    let mut before = email(OWN);
    let first =
        post(&mut before, &mail("Message-ID: <a@x.example>\r\nReferences: <root@x.example>\r\n"));
    let mut after = email(OWN);
    assert_eq!(after.restore(&before.snapshot()), Ok(()));
    let second =
        post(&mut after, &mail("Message-ID: <b@x.example>\r\nIn-Reply-To: <a@x.example>\r\n"));
    let interaction =
        |output: Result<Output, Failure>| output.map(|it| it.events[0].interaction.clone());
    assert_eq!(interaction(first), interaction(second));
    assert!(matches!(after.restore(b"{}"), Err(Failure::Config(_))));
}

#[test]
fn a_topic_is_confirmed_where_its_host_is_granted_and_is_one_of_sns() {
    let ask = |hosts: &[&str], url: &str| {
        let hosts = hosts.iter().map(|it| (*it).to_owned()).collect();
        let mut email = Email::new(&Setup { hosts, ..Setup::new("{}") })?;
        let body = format!(
            r#"{{"Type":"SubscriptionConfirmation","TopicArn":"t","SubscribeURL":"{url}"}}"#
        );
        post(&mut email, &body).map(|it| it.commands)
    };
    let url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription";
    let granted = ask(&["sns.eu-west-1.amazonaws.com"], url).unwrap_or_default();
    assert!(matches!(granted.as_slice(), [Command::Fetch(_)]), "{granted:?}");
    for (hosts, url) in [
        (&["sns.us-east-1.amazonaws.com"][..], url),
        (&[], url),
        (&["evil.example"], "https://evil.example/?Action=ConfirmSubscription"),
        (&["sns.a.example"], "https://sns.a.example/.amazonaws.com"),
    ] {
        let commands = ask(hosts, url).unwrap_or_default();
        assert!(matches!(commands.as_slice(), [Command::Log(_)]), "{url}: {commands:?}");
    }
    let mut email = email("{}");
    let refused = email.handle(NOW_MS, Input::Response(Response::new(403, "", "confirm")));
    assert_eq!(refused.map(|it| it.commands.len()), Ok(1));
}

#[test]
fn without_own_addresses_everybody_is_a_customer() {
    let body =
        mail("Message-ID: <a@x.example>\r\n").replace("anna@example.com", "ola@shop.example");
    let output = post(&mut email("{}"), &body).unwrap_or_default();
    assert_eq!(output.events[0].customer, ["mail:ola@shop.example"]);
}

#[test]
fn cut_off_anywhere_it_never_panics() {
    for name in [
        "bounce-3-failed.eml",
        "sendgrid-1-charsets.multipart",
        "mailgun-5-attachment.multipart",
        "mailgun-1-question.form",
        "ses-1-utf8.json",
        "postmark-1-parsed.json",
        "sendgrid-events.json",
    ] {
        let bytes = std::fs::read(format!("{}/samples/{name}", env!("CARGO_MANIFEST_DIR")))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        for length in (0..bytes.len()).step_by(7) {
            let call = Webhook::post(bytes[..length].to_vec());
            let _ = email(OWN).handle(NOW_MS, Input::Webhook(call));
        }
    }
}

/// The time and the customers of what a file of samples is, or nothing.
fn told(name: &str) -> Option<(Moment, Vec<String>, Message)> {
    let bytes = std::fs::read(format!("{}/samples/{name}", env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let output = email(OWN).handle(NOW_MS, Input::Webhook(Webhook::post(bytes)));
    let event = output.unwrap_or_else(|failure| panic!("{name}: {failure:?}")).events.pop()?;
    let Kind::Message(message) = event.kind else { panic!("{:?}", event.kind) };
    Some((event.at, event.customer, message))
}

#[test]
fn the_clock_of_the_server_that_took_it_last_counts_and_a_senders_never_years_behind() {
    for (name, at) in [
        // 2026-11-22T11:45:00.123Z and so on.
        ("clock-1-fraction.eml", Moment::Utc(1_795_347_900_123)),
        ("clock-2-zone-name.eml", Moment::Utc(1_795_347_960_000)),
        ("clock-3-unreadable.eml", Moment::Utc(1_795_348_020_000)),
        ("clock-4-years-old.eml", Moment::None),
        ("clock-5-mark.eml", Moment::Utc(1_795_348_080_000)),
        ("clock-6-mbox.eml", Moment::Utc(1_795_348_140_000)),
    ] {
        let (found, customers, _) = told(name).unwrap_or_else(|| panic!("{name}"));
        assert_eq!((found, customers.len()), (at, 1), "{name}");
    }
}

#[test]
fn what_came_through_a_group_of_ours_is_what_it_was() {
    let who = |name: &str| told(name).map(|(_, customers, it)| (it.author, customers.join(" ")));
    let anna = || "mail:anna@example.com".to_owned();
    assert_eq!(who("group-1-question.eml"), Some((Author::Customer, anna())));
    // The group in Cc is ours, so the only one outside is the customer.
    assert_eq!(who("group-2-answer.eml"), Some((Author::Agent, anna())));
    let piotr = "mail:piotr@example.com".to_owned();
    assert_eq!(who("group-3-rewritten.eml"), Some((Author::Customer, piotr)));
    for name in [
        "group-4-out-of-office.eml",
        "group-5-newsletter.eml",
        "group-6-strangers-list.eml",
        "group-7-bulk.eml",
    ] {
        assert_eq!(who(name), None, "{name}");
    }
}

#[test]
fn a_byte_order_mark_before_a_providers_json_is_none_of_it() {
    let json =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/samples/postmark-1-parsed.json"));
    let body = [b"\xef\xbb\xbf".as_slice(), &json.unwrap_or_default()].concat();
    let output = email(OWN).handle(NOW_MS, Input::Webhook(Webhook::post(body)));
    assert_eq!(output.map(|it| it.events.len()), Ok(1));
}

#[test]
fn a_time_that_no_clock_shows_is_none_to_the_host() {
    for timestamp in ["1e308", "-1e308", "-0.5", "18446744073709551616"] {
        let body = format!(
            r#"{{"event-data":{{"id":"1","event":"delivered","timestamp":{timestamp},"message":{{"headers":{{"message-id":"a@shop.example"}}}}}}}}"#
        );
        let events = post(&mut email(OWN), &body).unwrap_or_default().events;
        let [event] = events.as_slice() else { panic!("{timestamp}: {events:?}") };
        // More than the host's clock can hold is no time, as 0 is none.
        let is_none = match event.at {
            Moment::None => true,
            Moment::Utc(ms) => i64::try_from(ms).is_err(),
            Moment::Local(_) => false,
        };
        assert!(is_none, "{timestamp}: {event:?}");
    }
}
