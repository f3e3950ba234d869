//! A site of a network: the test takes each request in turn and says what becomes of it.

use std::fmt::Write as _;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::in_time;

pub(super) struct Site {
    listener: TcpListener,
    /// Its address and port.
    pub(super) at: String,
}

impl Site {
    pub(super) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap().to_string();
        Self { listener, at }
    }

    /// The next connection.
    pub(super) async fn called(&self) -> TcpStream {
        in_time("a connection", self.listener.accept()).await.unwrap().0
    }

    /// The next request, however long it takes.
    pub(super) async fn waits(&self) -> Asked {
        Asked::read(self.listener.accept().await.unwrap().0).await
    }

    /// The next request.
    pub(super) async fn asked(&self) -> Asked {
        in_time("a request", Asked::read(self.called().await)).await
    }

    /// Whether nobody has asked since, however often others had their turn.
    pub(super) async fn is_quiet(&self) -> bool {
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        // What waits is there at once; of what does not, nothing is heard in the meantime.
        tokio::select! {
            biased;
            _ = self.listener.accept() => false,
            () = async { for _ in 0..1_000 { tokio::task::yield_now().await } } => true,
        }
    }
}

/// A request that waits for its answer.
pub(super) struct Asked {
    stream: TcpStream,
    pub(super) method: String,
    /// Path and query.
    pub(super) uri: String,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Asked {
    async fn read(mut stream: TcpStream) -> Self {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.lines();
        let mut first = lines.next().unwrap().split(' ').map(str::to_owned);
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers =
            headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        let (method, uri) = (first.next().unwrap(), first.next().unwrap());
        let mut asked = Self { stream, method, uri, headers, body: String::new() };
        let length = asked.header("content-length").map_or(0, |it| it.parse().unwrap());
        let mut body = vec![0; length];
        asked.stream.read_exact(&mut body).await.unwrap();
        asked.body = String::from_utf8(body).unwrap();
        asked
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }

    /// Its body.
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{}: {error}", self.body))
    }

    /// The path, without its query.
    pub(super) fn path(&self) -> &str {
        self.uri.split_once('?').map_or(&self.uri, |(path, _)| path)
    }

    /// A parameter, of the query or of a form.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let query = self.uri.split_once('?').map_or("", |(_, query)| query);
        [query, &self.body].into_iter().find_map(|text| {
            let url = reqwest::Url::parse(&format!("http://site/?{text}")).unwrap();
            url.query_pairs().find(|(it, _)| it == name).map(|(_, value)| value.into_owned())
        })
    }

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> String {
        let mut head = format!("HTTP/1.1 {status} So\r\nConnection: close\r\n");
        for (name, value) in headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if status != 304 {
            let _ = write!(head, "Content-Length: {}\r\n", body.len());
        }
        format!("{head}\r\n{body}")
    }

    pub(super) async fn answers(mut self, status: u16, headers: &[(&str, &str)], body: &str) {
        let answer = Self::answer(status, headers, body);
        self.stream.write_all(answer.as_bytes()).await.unwrap();
        self.stream.shutdown().await.unwrap();
    }

    pub(super) async fn answers_json(self, status: u16, body: &Value) {
        let body = body.to_string();
        self.answers(status, &[("Content-Type", "application/json")], &body).await;
    }

    /// The connection breaks when half of the answer has been sent.
    pub(super) async fn breaks_off(mut self, headers: &[(&str, &str)], body: &str) {
        let answer = Self::answer(200, headers, body);
        let half = answer.len() - body.len() / 2;
        self.stream.write_all(&answer.as_bytes()[..half]).await.unwrap();
        self.stream.shutdown().await.unwrap();
    }

    /// It becomes a WebSocket.
    pub(super) async fn upgrades(mut self) -> WebSocketStream<TcpStream> {
        let key = self.header("sec-websocket-key").expect("it asks for a WebSocket");
        let accept = derive_accept_key(key.as_bytes());
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Accept: {accept}\r\n\r\n"
        );
        self.stream.write_all(answer.as_bytes()).await.unwrap();
        WebSocketStream::from_raw_socket(self.stream, Role::Server, None).await
    }
}
