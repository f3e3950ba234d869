//! TLS: servers that an operator's own authority vouches for, and those that nobody does.

use std::path::{Path, PathBuf};

use futures_util::StreamExt;
use tablica::channel::status::LinkState;
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use super::script::{C, Cut, P, Script, When, t};
use super::websockets::listen;
use super::{KEY, desk, heard, house, manifest, state};
use crate::support::authority::Authority;
use crate::support::wait::until_so;

/// A folder with the authority's certificate in a file.
fn kept(authority: &Authority) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    std::fs::write(&file, authority.pem()).unwrap();
    (folder, file)
}

#[tokio::test]
async fn links_over_tls_are_opened_to_servers_of_the_operators_own_authority() {
    let own = Authority::new("Own");
    let (_folder, file) = kept(&own);
    let (server, at) = listen().await;
    let secret = vec![t("login "), P::Secret("key")];
    let plugin =
        Script::start(&[C::Connect("line", vec![t(format!("tls://{at}"))], Cut::Until("\n"))])
            .on(
                When::Frame("hello"),
                &[
                    C::Connect("talk", vec![t(format!("wss://{at}/talk"))], Cut::Messages),
                    C::Send("talk", secret),
                ],
            )
            .pack(&manifest());
    let mut channel = desk(&[&at]);
    channel.ca_file = Some(file);
    let house = house(channel, &plugin);
    let acceptor = own.server("127.0.0.1");

    let (stream, _) = server.accept().await.unwrap();
    let mut line = acceptor.accept(stream).await.unwrap();
    line.write_all(b"hello\n").await.unwrap();
    line.flush().await.unwrap();
    let (stream, _) = server.accept().await.unwrap();
    let mut talk = accept_async(acceptor.accept(stream).await.unwrap()).await.unwrap();
    let said = talk.next().await.unwrap().unwrap();
    assert_eq!(said, Message::text(format!("login {KEY}")), "a secret goes over TLS");
    heard(&house, "hello").await;
    let is_up = |link| state(&house, link) == Some(LinkState::Up);
    until_so("both are up", || is_up("line") && is_up("talk")).await;
}

/// Why links are not opened to a server.
async fn refusals(acceptor: TlsAcceptor, ca_file: &Path) -> Vec<String> {
    let (server, at) = listen().await;
    let address = |scheme: &str| vec![t(format!("{scheme}://{at}"))];
    let plugin = Script::start(&[
        C::Connect("a", address("wss"), Cut::Messages),
        C::Connect("b", address("tls"), Cut::Chunks),
    ])
    .pack(&manifest());
    let mut channel = desk(&[&at]);
    channel.ca_file = Some(ca_file.to_owned());
    let house = house(channel, &plugin);
    let speaks = async {
        loop {
            let (stream, _) = server.accept().await.unwrap();
            // The other side goes away.
            drop(acceptor.accept(stream).await);
        }
    };
    let down = until_so("refused", || {
        ["a", "b"].iter().all(|link| state(&house, link) == Some(LinkState::Down))
    });
    tokio::select! {
        () = speaks => {}
        () = down => {}
    }
    let links = house.status("desk").links;
    links.into_iter().map(|it| it.reason.unwrap().replace(&at, "AT")).collect()
}

#[tokio::test]
async fn each_server_that_is_not_trusted_is_refused_with_its_reason() {
    let (own, other) = (Authority::new("Own"), Authority::new("Other"));
    let (_folder, file) = kept(&own);
    let cases = [
        (own.server("desk.example"), "its certificate is for another name"),
        (own.expired_server("127.0.0.1"), "its certificate has expired"),
        (
            other.server("127.0.0.1"),
            "its certificate is signed by nobody whom this machine or ca_file trusts",
        ),
    ];
    for (acceptor, reason) in cases {
        let said = format!("no trusted TLS connection with AT: {reason}");
        assert_eq!(refusals(acceptor, &file).await, [said.clone(), said]);
    }
}
