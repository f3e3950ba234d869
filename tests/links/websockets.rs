//! WebSockets: what is agreed on, kept alive, closed, replaced, and opened elsewhere.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tablica::channel::status::{LinkState, ReloadResult};
use tablica::event::FeedState;
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async};

use super::script::{C, Cut, P, Script, When, t};
use super::{KEY, desk, hasty, heard, house, manifest, state};
use crate::support::wait::until_so;

pub(super) async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    (listener, address)
}

/// Takes the next connection as a WebSocket's server; it, and what it was asked with.
#[allow(clippy::result_large_err, reason = "as the library's callback is")]
async fn accept(listener: &TcpListener) -> (WebSocketStream<TcpStream>, Request) {
    let (stream, _) = listener.accept().await.unwrap();
    let mut asked = None;
    let socket = accept_hdr_async(stream, |request: &Request, mut response: Response| {
        asked = Some(request.clone());
        let protocols = request.headers().get("sec-websocket-protocol");
        if let Some(first) = protocols.and_then(|it| it.to_str().ok()?.split(", ").next()) {
            let headers = response.headers_mut();
            headers.insert("sec-websocket-protocol", first.parse().unwrap());
            headers.insert("set-cookie", HeaderValue::from_static("a=b"));
        }
        Ok(response)
    });
    let socket = socket.await.unwrap();
    (socket, asked.unwrap())
}

pub(crate) async fn says(socket: &mut WebSocketStream<TcpStream>, texts: &[&str]) {
    for text in texts {
        socket.send(Message::text(*text)).await.unwrap();
    }
}

/// The next text from the other side.
pub(crate) async fn hears(socket: &mut WebSocketStream<TcpStream>) -> String {
    loop {
        match socket.next().await.expect("it goes on").unwrap() {
            Message::Text(text) => return text.to_string(),
            Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// With which code the other side closes.
async fn is_closed_with(socket: &mut WebSocketStream<TcpStream>) -> Option<u16> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return None,
        }
    }
}

#[tokio::test]
async fn a_session_is_resumed_where_the_server_said_and_from_where_it_stood() {
    let (first, at) = listen().await;
    let (second, there) = listen().await;
    let plugin =
        Script::start(&[C::Connect("main", vec![t(format!("ws://{at}/gateway"))], Cut::Messages)])
            .on(When::Frame("hello"), &[C::Send("main", vec![t("identify")]), C::Timer("beat", 20)])
            .on(
                When::Timer("beat"),
                &[C::Send("main", vec![t("beat "), P::Slot("seq")]), C::Timer("beat", 20)],
            )
            .keeping(When::Frame("ready "), "address", &[])
            .keeping(When::Frame("seq "), "seq", &[])
            .on(
                When::Down(4009),
                &[
                    C::Connect("main", vec![P::Slot("address")], Cut::Messages),
                    C::Send("main", vec![t("resume "), P::Slot("seq")]),
                ],
            )
            .pack(&manifest());
    let house = house(desk(&[&at, &there]), &plugin);

    let (mut socket, asked) = accept(&first).await;
    assert_eq!(asked.uri(), "/gateway");
    says(&mut socket, &["hello"]).await;
    assert_eq!(hears(&mut socket).await, "identify");
    says(&mut socket, &[&format!("ready ws://{there}/again?v=10"), "seq 7", "event 7"]).await;
    while hears(&mut socket).await != "beat 7" {}
    assert_eq!(state(&house, "main"), Some(LinkState::Up));
    let close = CloseFrame { code: 4009.into(), reason: "Session timed out".into() };
    socket.close(Some(close)).await.unwrap();

    let (mut socket, asked) = accept(&second).await;
    assert_eq!(asked.uri(), "/again?v=10");
    assert_eq!(hears(&mut socket).await, "resume 7");
    says(&mut socket, &["event 8"]).await;
    heard(&house, "event 8").await;
    heard(&house, "the network's side closed it: Session timed out").await;
    let feed = house.disk.feed("desk");
    assert_eq!(feed, [FeedState::Up, FeedState::Down, FeedState::Up]);

    // The server stops, and says so.
    let stopped = house.registry.stop(Duration::from_secs(10));
    let (left, code) = tokio::join!(stopped, is_closed_with(&mut socket));
    assert_eq!((left, code), (vec![], Some(1001)));
}

#[tokio::test]
async fn a_handshake_carries_secrets_and_protocols_and_what_comes_shows_none() {
    let (server, at) = listen().await;
    let address = vec![t(format!("ws://{at}/events?token=")), P::Secret("key")];
    let header = ("authorization", vec![t("Bearer "), P::Secret("key")]);
    let plugin = Script::start(&[C::Shake("main", address, header, vec!["chat.v2", "chat.v1"])])
        .on(When::Frame("more"), &[C::Send("main", vec![t("log in "), P::Secret("key")])])
        .on(When::Frame("enough"), &[C::Close("main", 4000)])
        .pack(&manifest());
    let house = house(desk(&[&at]), &plugin);

    let (mut socket, asked) = accept(&server).await;
    assert_eq!(asked.uri(), format!("/events?token={KEY}").as_str());
    assert_eq!(asked.headers()["authorization"], format!("Bearer {KEY}").as_str());
    assert_eq!(asked.headers()["sec-websocket-protocol"], "chat.v2, chat.v1");
    says(&mut socket, &["more"]).await;
    assert_eq!(hears(&mut socket).await, format!("log in {KEY}"));
    says(&mut socket, &[&format!("you said {KEY}"), "enough"]).await;
    assert_eq!(is_closed_with(&mut socket).await, Some(4000));
    heard(&house, "you said {secret:key}").await;
    heard(&house, "the plugin closed it").await;
    assert!(house.disk.ids("desk").iter().all(|id| !id.contains(KEY)));
    let status = &house.status("desk").links[0];
    assert_eq!((status.state, status.code), (LinkState::Down, Some(4000)));
    // It is as the plugin wants it.
    assert_eq!(house.disk.feed("desk"), [FeedState::Up]);
}

#[tokio::test]
async fn a_link_of_the_same_name_takes_the_place_of_the_other_without_a_word() {
    let (server, at) = listen().await;
    let connect = C::Connect("main", vec![t(format!("ws://{at}/"))], Cut::Messages);
    let plugin = Script::start(std::slice::from_ref(&connect))
        .on(When::Frame("again"), &[connect])
        .pack(&manifest());
    let house = house(desk(&[&at]), &plugin);
    let (mut old, _) = accept(&server).await;
    says(&mut old, &["again"]).await;
    assert_eq!(is_closed_with(&mut old).await, Some(1001));
    let (mut new, _) = accept(&server).await;
    says(&mut new, &["here"]).await;
    heard(&house, "here").await;
    assert_eq!(house.disk.ids("desk"), ["main", "again", "main", "here"]);
    assert_eq!(house.status("desk").links.len(), 1);
}

#[tokio::test]
async fn a_giant_frame_closes_the_link() {
    let (server, at) = listen().await;
    let address = vec![t(format!("ws://{at}/"))];
    let plugin = Script::start(&[C::Connect("main", address, Cut::Messages)]).pack(&manifest());
    let house = house(desk(&[&at]), &plugin);
    let (mut socket, _) = accept(&server).await;
    says(&mut socket, &[&"x".repeat(1 << 20)]).await;
    let (sent, code) = {
        let (mut sink, mut stream) = socket.split();
        let giant = sink.send(Message::text("x".repeat((1 << 20) + 1)));
        let code = async {
            loop {
                match stream.next().await {
                    Some(Ok(Message::Close(frame))) => return frame.map(|it| u16::from(it.code)),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return None,
                }
            }
        };
        tokio::join!(giant, code)
    };
    assert_eq!(code, Some(1009), "{sent:?}");
    heard(&house, "a frame is longer than 1048576 bytes (limits.frame_bytes_max)").await;
    let status = house.status("desk");
    assert_eq!(status.limited.get("frames"), Some(&1));
    assert_eq!(status.links[0].code, Some(1009));
    assert_eq!(status.inputs, 3, "it opened, a frame that is as long as may be, it is down");
}

#[tokio::test]
async fn another_build_of_the_plugin_connects_by_itself() {
    let (server, at) = listen().await;
    let script = |says: &str| {
        let connect = C::Connect("main", vec![t(format!("ws://{at}/"))], Cut::Messages);
        Script::start(&[connect, C::Send("main", vec![t(says)])]).pack(&manifest())
    };
    let channel = desk(&[&at]);
    let house = house(channel.clone(), &script("first"));
    let (mut old, _) = accept(&server).await;
    assert_eq!(hears(&mut old).await, "first");

    let reloaded = house.reload_with(&channel, script("second"), &hasty).await;
    assert_eq!(reloaded, Ok(Some(ReloadResult::Changed)));
    assert_eq!(is_closed_with(&mut old).await, Some(1001));
    let (mut new, _) = accept(&server).await;
    assert_eq!(hears(&mut new).await, "second");
    until_so("up", || state(&house, "main") == Some(LinkState::Up)).await;
    until_so("the feed", || {
        house.disk.feed("desk") == [FeedState::Up, FeedState::Down, FeedState::Up]
    })
    .await;
}

#[tokio::test]
async fn a_plugin_that_starts_again_after_a_fault_connects_again() {
    let (server, at) = listen().await;
    let connect = C::Connect("main", vec![t(format!("ws://{at}/"))], Cut::Messages);
    let plugin = Script::start(&[connect]).dies(When::Frame("poison")).pack(&manifest());
    let house = house(desk(&[&at]), &plugin);
    let (mut old, _) = accept(&server).await;
    says(&mut old, &["poison"]).await;
    assert_eq!(is_closed_with(&mut old).await, Some(1001));
    let (mut new, _) = accept(&server).await;
    says(&mut new, &["here"]).await;
    heard(&house, "here").await;
    assert_eq!(house.status("desk").links.len(), 1);
    let quarantined = house.quarantined();
    assert_eq!(quarantined.len(), 1);
    assert_eq!(quarantined[0].input.bytes(), b"poison");
    assert_eq!(house.disk.feed("desk"), [FeedState::Up, FeedState::Down, FeedState::Up]);
}
