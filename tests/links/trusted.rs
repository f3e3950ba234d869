//! TLS: servers that an operator's own authority vouches for, and those that nobody does.

use std::path::{Path, PathBuf};

use futures_util::StreamExt;
use tablica::channel::egress::{Egress, Rules};
use tablica::channel::input::Method;
use tablica::channel::manifest::Manifest;
use tablica::channel::request::{Piece, Request};
use tablica::channel::status::LinkState;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use super::script::{C, Cut, P, Script, When, t};
use super::websockets::listen;
use super::{KEY, desk, heard, house, manifest, refusals, state};
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

/// Servers that are not as they should be, and what is said of them.
fn impostors(own: &Authority) -> [(TlsAcceptor, &'static str); 3] {
    let other = Authority::new("Other");
    [
        (own.server("desk.example"), "its certificate is for another name"),
        (own.expired_server("127.0.0.1"), "its certificate has expired"),
        (
            other.server("127.0.0.1"),
            "its certificate is signed by nobody whom this machine or ca_file trusts",
        ),
    ]
}

#[tokio::test]
async fn each_server_that_is_not_trusted_is_refused_with_its_reason() {
    let own = Authority::new("Own");
    let (_folder, file) = kept(&own);
    for (acceptor, reason) in impostors(&own) {
        let said = format!("no trusted TLS connection with AT: {reason}");
        // The other side goes away.
        let answers = async |stream| drop(acceptor.accept(stream).await);
        assert_eq!(refusals(answers, Some(&file)).await, [said.clone(), said]);
    }
}

/// Answers one request over TLS, if it comes so far.
async fn answer(server: TcpListener, acceptor: TlsAcceptor) {
    let (stream, _) = server.accept().await.unwrap();
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await.is_ok_and(|length| length > 2) {
        line.clear();
    }
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnews";
    // Who does not trust us has gone.
    if stream.write_all(answer).await.is_ok() {
        let _ = stream.shutdown().await;
    }
}

/// What a request to a server gives.
async fn asked(acceptor: TlsAcceptor, ca_file: Option<&Path>) -> (u16, String) {
    let (server, at) = listen().await;
    let mut channel = desk(&[&at]);
    channel.ca_file = ca_file.map(Path::to_owned);
    let egress =
        Egress::new(Rules::new(&channel, &Manifest::parse(&manifest()).unwrap(), None)).unwrap();
    let request = Request {
        method: Method::Get,
        url: vec![Piece::Bytes(format!("https://{at}/feed").into())],
        headers: Vec::new(),
        body: Vec::new(),
        tag: String::new(),
    };
    let (response, ()) = tokio::join!(egress.fetch(request), answer(server, acceptor));
    (response.status, String::from_utf8_lossy(&response.body).replace(&at, "AT"))
}

#[tokio::test]
async fn requests_trust_the_operators_own_authority_and_nobody_else() {
    let own = Authority::new("Own");
    let (_folder, file) = kept(&own);
    assert_eq!(asked(own.server("127.0.0.1"), Some(&file)).await, (200, "news".to_owned()));
    for (acceptor, reason) in impostors(&own) {
        let said = format!("no trusted TLS connection with AT: {reason}");
        assert_eq!(asked(acceptor, Some(&file)).await, (0, said));
    }
}

#[test]
fn a_ca_file_that_holds_no_authority_is_told_before_anything_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let mut channel = desk(&["desk.example"]);
    let manifest = Manifest::parse(&manifest()).unwrap();
    channel.ca_file = Some(folder.path().join("ca.pem"));
    let made = |channel| Egress::new(Rules::new(channel, &manifest, None)).map(drop);
    let said = made(&channel).unwrap_err().to_string();
    assert!(said.starts_with("ca_file cannot be read: "), "{said}");
    std::fs::write(folder.path().join("ca.pem"), "ask Anna").unwrap();
    let said = made(&channel).unwrap_err().to_string();
    assert!(said.starts_with("ca_file holds no certificate"), "{said}");
}
