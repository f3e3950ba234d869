//! What networks ask, and what they are answered.

use std::collections::BTreeMap;

use axum::http::HeaderMap;

use super::super::manifest::Manifest;
use super::super::verify::Door;
use super::*;
use crate::config::model::Secret;

const HEAD: &str = r#"
name = "guest"
version = "1"
api = "1"
network = "Nowhere"
[source]
kind = "webhook"
[[verify]]
scheme = "body-field"
field = "secret"
"#;

fn channel(secret: &str) -> Channel {
    let mut channel = Channel::new("shop", "guest");
    channel.secrets = vec![Secret::new(secret)];
    channel
}

fn given(mut channel: Channel, name: &str, texts: &[(&str, &str)]) -> Channel {
    let texts = texts.iter().map(|(key, text)| ((*key).to_owned(), vec![Secret::new(*text)]));
    channel.handshake.insert(name.to_owned(), texts.collect::<BTreeMap<_, _>>());
    channel
}

fn door(channel: &Channel, handshakes: &str) -> Door {
    let manifest = Manifest::parse(&format!("{HEAD}{handshakes}")).unwrap();
    Door::of(channel, &manifest).unwrap()
}

fn problem(channel: &Channel, handshakes: &str) -> String {
    let manifest = Manifest::parse(&format!("{HEAD}{handshakes}")).unwrap();
    Door::of(channel, &manifest).err().unwrap().to_string()
}

fn get(query: &str) -> Incoming {
    Incoming {
        method: Method::Get,
        query: Some(query.to_owned()),
        headers: HeaderMap::new(),
        body: bytes::Bytes::new(),
        remote: None,
        tail: None,
        origin: None,
    }
}

fn post(body: &str) -> Incoming {
    let mut headers = HeaderMap::new();
    headers.insert("content-length", body.len().into());
    let body = bytes::Bytes::copy_from_slice(body.as_bytes());
    Incoming { method: Method::Post, query: None, headers, body, ..get("") }
}

/// The answer's type and text; none when the request is refused.
fn answered(door: &Door, request: &Incoming) -> Option<(String, String)> {
    let admitted = door.admit(&Incoming { body: bytes::Bytes::new(), ..request.clone() }, 0);
    let answer = door.pass(request, 0);
    assert!(admitted.is_ok() || answer.is_err(), "refused by its head alone");
    let reply = answer.ok()?.expect("a handshake");
    assert_eq!(reply.status, 200);
    let text = String::from_utf8(reply.body.to_vec()).unwrap();
    let content_type = reply.headers.first().map(|(_, value)| value.clone());
    Some((content_type.unwrap_or_default(), text))
}

fn text(text: &str) -> Option<(String, String)> {
    Some(("text/plain".to_owned(), text.to_owned()))
}

#[test]
fn metas_challenge_is_repeated_to_who_knows_the_token() {
    let own = given(channel("app-secret"), "meta-challenge", &[("*", "verify-me")]);
    let shake = "[[handshake]]\nscheme = \"meta-challenge\"";
    let door = door(&own, shake);
    let asks = |query: &str| answered(&door, &get(query));
    let good = "hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=1158201444";
    assert_eq!(asks(good), text("1158201444"));
    let markup = "hub.mode=subscribe&hub.verify_token=verify-me&hub.challenge=%3Cscript%3E";
    assert_eq!(asks(markup), text("<script>"));
    for wrong in [
        "hub.mode=subscribe&hub.verify_token=app-secret&hub.challenge=1",
        "hub.mode=subscribe&hub.verify_token=&hub.challenge=1",
        "hub.mode=subscribe&hub.challenge=1",
        "hub.mode=unsubscribe&hub.verify_token=verify-me&hub.challenge=1",
        "hub.mode=subscribe&hub.verify_token=verify-me",
    ] {
        assert_eq!(asks(wrong), None, "{wrong}");
    }
    let long = format!("{good}{}", "1".repeat(300));
    assert_eq!(asks(&long), None, "a long challenge");
    // What is no handshake is a webhook, which is not signed here.
    assert_eq!(door.pass(&get("x=1"), 0), Err(NotVerified));
}

#[test]
fn without_a_token_of_its_own_metas_challenge_compares_with_the_secrets() {
    let door = door(&channel("s3cret"), "[[handshake]]\nscheme = \"meta-challenge\"");
    let asked = get("hub.mode=subscribe&hub.verify_token=s3cret&hub.challenge=42");
    assert_eq!(answered(&door, &asked), text("42"));
}

#[test]
fn xs_crc_is_signed_and_nothing_that_could_be_a_webhook() {
    let door = door(&channel("consumer-secret"), "[[handshake]]\nscheme = \"x-crc\"");
    let asks = |query: &str| answered(&door, &get(query));
    let signed = r#"{"response_token":"sha256=2gm1lG/BnSC3YBqNm6KI9OVxOxUpj0T9DtrpJ2uSUlQ="}"#;
    let expected = Some(("application/json".to_owned(), signed.to_owned()));
    assert_eq!(asks("crc_token=challenge-token-1&nonce=x"), expected);
    for forged in ["%7B%22for_user_id%22%3A%221%22%7D", "a+b", "", "%00", &"a".repeat(300)] {
        assert_eq!(asks(&format!("crc_token={forged}")), None, "{forged}");
    }
}

#[test]
fn a_challenge_is_repeated_only_to_the_network() {
    let door =
        door(&channel("s3cret"), "[[handshake]]\nscheme = \"echo\"\ntype = \"url_verification\"");
    let asks = |body: &str| answered(&door, &post(body));
    let good = r#"{"secret":"s3cret","challenge":"3eZbrw1aB","type":"url_verification"}"#;
    assert_eq!(asks(good), text("3eZbrw1aB"));
    for wrong in [
        r#"{"secret":"other","challenge":"3eZbrw1aB","type":"url_verification"}"#,
        r#"{"challenge":"3eZbrw1aB","type":"url_verification"}"#,
        r#"{"secret":"s3cret","type":"url_verification"}"#,
        r#"{"secret":"s3cret","challenge":{},"type":"url_verification"}"#,
    ] {
        assert_eq!(asks(wrong), None, "{wrong}");
    }
    let webhook = r#"{"secret":"s3cret","type":"event_callback","challenge":"x"}"#;
    assert_eq!(door.pass(&post(webhook), 0), Ok(None));
    let long =
        format!(r#"{{"secret":"s3cret","type":"url_verification","x":"{}"}}"#, "x".repeat(5000));
    assert_eq!(door.pass(&post(&long), 0), Ok(None), "too long for a handshake");
}

/// VK's own cases. Secrets belong to a channel here and not to a group: what their library lets pass
/// because no secret is set is refused.
#[test]
fn a_confirmation_is_answered_with_the_groups_text() {
    let shake = "[[handshake]]\nname = \"confirmation\"\nscheme = \"fixed\"\n\
                 type = \"confirmation\"\nby = \"group_id\"";
    let asked = r#"{"type": "confirmation", "group_id": 123456, "secret": "secret_123456"}"#;
    for (texts, expected) in [
        (&[("*", "confirmation_123456")][..], text("confirmation_123456")),
        (
            &[("123456", "confirmation_123456"), ("654321", "confirmation_1654321")],
            text("confirmation_123456"),
        ),
        (&[("654321", "confirmation_1654321")], None),
        (
            &[("*", "confirmation_1654321"), ("123456", "confirmation_123456")],
            text("confirmation_123456"),
        ),
        (
            &[("*", "confirmation_123456"), ("654321", "confirmation_1654321")],
            text("confirmation_123456"),
        ),
    ] {
        let own = given(channel("secret_123456"), "confirmation", texts);
        assert_eq!(answered(&door(&own, shake), &post(asked)), expected, "{texts:?}");
    }
    for secret in ["secret_654321", "another"] {
        let own = given(channel(secret), "confirmation", &[("*", "confirmation_123456")]);
        assert_eq!(answered(&door(&own, shake), &post(asked)), None, "{secret}");
        let bare = r#"{"type": "confirmation", "group_id": 123456}"#;
        assert_eq!(answered(&door(&own, shake), &post(bare)), None, "{secret}");
        // Where the network confirms before there is a secret, the author says so.
        let first = format!("{shake}\nverified = false");
        let said = answered(&door(&own, &first), &post(bare));
        assert_eq!(said, text("confirmation_123456"));
    }
}

#[test]
fn an_unsigned_confirmation_opens_the_door_to_nothing_else() {
    let own = given(channel("s3cret"), "fixed", &[("*", "1a2b3c")]);
    let manifest =
        HEAD.replace("body-field\"\nfield = \"secret\"", "token-header\"\nheader = \"X-Token\"");
    let shake = "[[handshake]]\nscheme = \"fixed\"\ntype = \"CONFIRMATION\"\n\
                 type_field = \"webhookType\"\nverified = false";
    let door = Door::of(&own, &Manifest::parse(&format!("{manifest}{shake}")).unwrap()).unwrap();
    assert_eq!(answered(&door, &post(r#"{"webhookType":"CONFIRMATION"}"#)), text("1a2b3c"));
    let other = post(r#"{"webhookType":"MESSAGE"}"#);
    assert_eq!(door.admit(&other, 0), Ok(()), "its body has to be looked at");
    assert_eq!(door.pass(&other, 0), Err(NotVerified));
    let long = post(&format!(r#"{{"webhookType":"CONFIRMATION","x":"{}"}}"#, "x".repeat(5000)));
    assert_eq!(door.admit(&long, 0), Err(NotVerified), "too long for a handshake");
    assert_eq!(door.pass(&long, 0), Err(NotVerified));
}

#[test]
fn a_ping_has_the_authors_answer() {
    let shake = "[[handshake]]\nname = \"ping\"\nscheme = \"fixed\"\ntype = \"1\"\n\
                 text = '{\"type\":1}'\ncontent_type = \"application/json\"";
    let door = door(&channel("s3cret"), shake);
    let pong = Some(("application/json".to_owned(), r#"{"type":1}"#.to_owned()));
    assert_eq!(answered(&door, &post(r#"{"type":1,"secret":"s3cret"}"#)), pong);
    assert_eq!(answered(&door, &post(r#"{"type":1}"#)), None);
}

#[test]
fn whoever_only_looks_is_told_that_it_is_there() {
    let both = "[[handshake]]\nscheme = \"ok\"\n[[handshake]]\nscheme = \"x-crc\"";
    let door = door(&channel("s3cret"), both);
    for method in [Method::Get, Method::Head] {
        let asked = Incoming { method, query: None, ..get("") };
        assert_eq!(answered(&door, &asked), Some((String::new(), String::new())));
    }
    assert!(answered(&door, &get("crc_token=a")).unwrap().1.contains("sha256="));
    assert_eq!(door.pass(&post("{}"), 0), Err(NotVerified));
}

#[test]
fn mistakes_of_the_operator_are_named() {
    let fixed = "[[handshake]]\nname = \"confirmation\"\nscheme = \"fixed\"\ntype = \"c\"";
    let said = problem(&channel("x"), fixed);
    assert!(
        said.contains("handshake.confirmation: the text") && said.contains("missing"),
        "{said}"
    );
    let said = problem(&given(channel("x"), "confirmation", &[("77", "t")]), fixed);
    assert!(said.contains("`77`: the network expects one text"), "{said}");
    let said = problem(&given(channel("x"), "conformation", &[("*", "t")]), fixed);
    assert!(
        said.contains("handshake.conformation") && said.contains("it knows confirmation"),
        "{said}"
    );
    let said =
        problem(&given(channel("x"), "x-crc", &[("*", "t")]), "[[handshake]]\nscheme = \"x-crc\"");
    assert!(said.contains("needs nothing for handshakes"), "{said}");
}

#[test]
fn mistakes_of_the_author_are_named() {
    let said = |shake: &str| Manifest::parse(&format!("{HEAD}{shake}")).unwrap_err().to_string();
    assert!(said("[[handshake]]\nscheme = \"echo\"").contains("needs `type`"));
    assert!(said("[[handshake]]\nscheme = \"ok\"\nfield = \"x\"").contains("`field` says nothing"));
    let twice = "[[handshake]]\nscheme = \"ok\"\n[[handshake]]\nscheme = \"ok\"";
    assert!(said(twice).contains("two of that name"), "{}", said(twice));
    let html = "[[handshake]]\nscheme = \"echo\"\ntype = \"x\"\ncontent_type = \"text/html\"";
    assert!(said(html).contains("content_type is `text/html`"), "{}", said(html));
    let both = "[[handshake]]\nscheme = \"fixed\"\ntype = \"x\"\nby = \"y\"\ntext = \"z\"";
    assert!(said(both).contains("one of yours"), "{}", said(both));
}
