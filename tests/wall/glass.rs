//! A screen of the scenarios: what it is told, and what it says.

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, tungstenite::Message};

use super::server::PATIENCE;

/// A wall, as the browser has it.
pub(super) struct Screen {
    pub(super) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Screen {
    /// The next message, or how it was closed.
    pub(super) async fn next_or_close(&mut self) -> Result<Value, u16> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.socket.next()).await;
            match message.expect("something in time") {
                Some(Ok(Message::Text(text))) => {
                    return Ok(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Close(frame))) => {
                    return Err(frame.map_or(1005, |frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// The next message.
    pub(super) async fn next(&mut self) -> Value {
        self.next_or_close().await.expect("still open")
    }

    /// The next message of a type.
    pub(super) async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let message = self.next().await;
            if message["type"] == kind {
                return message;
            }
        }
    }

    pub(super) async fn say(&mut self, text: String) {
        assert!(self.can_say(text).await, "it is closed");
    }

    /// Says something, unless it has been closed.
    pub(super) async fn can_say(&mut self, text: String) -> bool {
        self.socket.send(Message::Text(text.into())).await.is_ok()
    }

    pub(super) async fn painted(&mut self, message: &Value) {
        let (epoch, seq) = (&message["epoch"], &message["seq"]);
        self.say(format!(r#"{{"type":"painted","epoch":{epoch},"seq":{seq}}}"#)).await;
    }

    pub(super) async fn leave(mut self) {
        let _ = self.socket.close(None).await;
    }
}
