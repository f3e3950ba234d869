//! Screens that say nothing, in very many words.

use std::sync::atomic::Ordering;

use futures_util::FutureExt as _;
use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use super::server::{Options, PATIENCE, Server};
use crate::support::wait::until_so;

/// The beginning of a text in pieces, and pieces of no length: none of them is ever a message.
const BEGINNING: [u8; 6] = [0x01, 0x80, 0, 0, 0, 0];
const EMPTY_PIECE: [u8; 6] = [0x00, 0x80, 0, 0, 0, 0];

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_sends_empty_fragments_without_end_is_closed() {
    let server = Server::start(Options::default()).await;
    let mut screen = server.screen("floor").await;
    screen.next_of("snapshot").await;
    let socket = screen.socket.get_mut();
    socket.write_all(&BEGINNING).await.expect("sent");
    let pieces = EMPTY_PIECE.repeat(1000);
    let flood = async { while socket.write_all(&pieces).await.is_ok() {} };
    timeout(PATIENCE, flood).await.expect("the server ends it");
    let closed = &server.screens.counters.closed_noisy;
    until_so("the noisy screen to be counted", || closed.load(Ordering::Relaxed) == 1).await;
    until_so("the seat to be free", || server.screens.open() == 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_screen_that_acknowledges_every_frame_stays() {
    let options = Options { frames_per_second_max: 30, ..Options::default() };
    let mut server = Server::start(options).await;
    let mut screen = server.screen("floor").await;
    let mut seq = 0;
    while seq < 60 {
        server.call_waits("sales").await;
        let message = screen.next().await;
        seq = seq.max(message["seq"].as_u64().expect("a number"));
        screen.painted(&message).await;
    }
    assert!(screen.socket.close(None).now_or_never().is_some_and(|closed| closed.is_ok()));
    assert_eq!(server.screens.counters.closed_noisy.load(Ordering::Relaxed), 0);
    server.stop_hub().await;
}
