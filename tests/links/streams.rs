//! Streams: a telephone system's log-in, what is cut off, and a server that never stops.

use md5::{Digest as _, Md5};
use tablica::channel::status::LinkState;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::script::{C, Cut, P, Script, When, t};
use super::websockets::listen;
use super::{KEY, desk, heard, house, manifest, state};
use crate::support::wait::until_so;

/// What the other side says up to these bytes.
async fn hears(stream: &mut TcpStream, end: &str) -> String {
    let mut said = Vec::new();
    while !said.ends_with(end.as_bytes()) {
        said.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(said).unwrap()
}

#[tokio::test]
async fn a_challenge_is_answered_with_a_digest_that_the_plugin_never_sees() {
    let (server, at) = listen().await;
    let plugin = Script::start(&[
        C::Connect("ami", vec![t(format!("tcp://{at}"))], Cut::Until("\r\n\r\n")),
        C::Send("ami", vec![t("Action: Challenge\r\nAuthType: MD5\r\n\r\n")]),
    ])
    .keeping(
        When::Frame("Call Manager/7\r\nResponse: Success\r\nChallenge: "),
        "challenge",
        &[C::Send(
            "ami",
            vec![t("Action: Login\r\nKey: "), P::Md5("challenge", "key"), t("\r\n\r\n")],
        )],
    )
    .pack(&manifest());
    let house = house(desk(&[&at]), &plugin);

    let (mut stream, _) = server.accept().await.unwrap();
    stream.write_all(b"Call Manager/7\r\n").await.unwrap();
    assert_eq!(hears(&mut stream, "\r\n\r\n").await, "Action: Challenge\r\nAuthType: MD5\r\n\r\n");
    stream.write_all(b"Response: Success\r\nChallenge: 840415273\r\n\r\n").await.unwrap();
    let key = hex::encode(Md5::digest(format!("840415273{KEY}")));
    let login = format!("Action: Login\r\nKey: {key}\r\n\r\n");
    assert_eq!(hears(&mut stream, "Key: ").await + &hears(&mut stream, "\r\n\r\n").await, login);

    // It comes in parts, as streams do.
    let (one, two) = key.split_at(20);
    for part in [&format!("Message: {KEY} {one}"), &format!("{two}\r\n\r"), "\nEvent: Ha"] {
        stream.write_all(part.as_bytes()).await.unwrap();
        stream.flush().await.unwrap();
    }
    heard(&house, "Message: {secret:key} {secret:computed}").await;
    drop(stream);
    heard(
        &house,
        "the network's side ended it in the middle of a frame: 9 bytes of it were dropped",
    )
    .await;
    assert!(house.disk.ids("desk").iter().all(|id| !id.contains(KEY) && !id.contains(&key)));
}

#[tokio::test]
async fn frames_are_cut_by_their_lengths_and_chunks_come_as_they_are() {
    let (server, at) = listen().await;
    let address = || vec![t(format!("tcp://{at}"))];
    let plugin = Script::start(&[C::Connect("lengths", address(), Cut::Prefixed(4, true, true))])
        .on(When::Frame("second"), &[C::Connect("lengths", address(), Cut::Chunks)])
        .pack(&manifest());
    let house = house(desk(&[&at]), &plugin);
    let (mut stream, _) = server.accept().await.unwrap();
    stream.write_all(b"\x09\0\0\0first\x0a\0\0\0second").await.unwrap();
    let (mut stream, _) = server.accept().await.unwrap();
    stream.write_all(b"as it is\n").await.unwrap();
    heard(&house, "as it is\n").await;
    assert_eq!(house.disk.ids("desk"), ["lengths", "first", "second", "lengths", "as it is\n"]);
}

/// So much may be on its way in the system's own buffers and in ours.
const ON_ITS_WAY: usize = 16 << 20;

#[tokio::test]
async fn a_server_that_never_stops_waits_for_the_plugin_and_nothing_is_lost() {
    const FRAMES: usize = 3000;
    const FRAME_BYTES: usize = 10_240;
    let (server, at) = listen().await;
    let address = vec![t(format!("tcp://{at}"))];
    let plugin = Script::start(&[C::Connect("flood", address, Cut::Until("\n"))]).pack(&manifest());
    let mut channel = desk(&[&at]);
    channel.limits.events_per_second_max = 300;
    let house = house(channel, &plugin);
    let (mut stream, _) = server.accept().await.unwrap();
    let mut most = 0;
    for i in 0..FRAMES {
        let line = format!("{i:06} {:x<width$}\n", "", width = FRAME_BYTES - 8);
        stream.write_all(line.as_bytes()).await.unwrap();
        let taken = house.status("desk").inputs as usize;
        most = most.max(i.saturating_sub(taken) * FRAME_BYTES);
    }
    assert!(most <= ON_ITS_WAY, "{most} bytes were on their way");
    until_so("all frames", || house.disk.ids("desk").len() > FRAMES).await;
    let ids = house.disk.ids("desk");
    let numbers = ids.iter().skip(1).map(|id| id[..6].parse::<usize>().unwrap());
    assert!(numbers.eq(0..FRAMES), "in order, and each once");
    assert!(house.status("desk").limited["events"] > 0);
    assert_eq!(state(&house, "flood"), Some(LinkState::Up));
}

#[tokio::test]
async fn what_a_server_does_not_take_is_refused_when_too_much_waits() {
    let (server, at) = listen().await;
    let long = "x".repeat(20_000);
    let lines: Vec<C> = (0..200).map(|_| C::Send("main", vec![t(long.as_str())])).collect();
    let start = [C::Connect("main", vec![t(format!("tcp://{at}"))], Cut::Chunks)];
    let plugin = Script::start(&[&start[..], &lines[..2]].concat()).pack(&manifest());
    let mut channel = desk(&[&at]);
    channel.limits.link_queue_bytes_max = 30_000;
    let house = house(channel, &plugin);
    let (mut stream, _) = server.accept().await.unwrap();
    let mut got = vec![0; 20_000];
    stream.read_exact(&mut got).await.unwrap();
    until_so("refused", || house.status("desk").limited.get("link_queue") == Some(&1)).await;
    assert_eq!(house.status("desk").commands_refused, 1);
}
