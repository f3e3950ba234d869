//! A screen's socket, with as little memory as it needs.
//!
//! The library has a buffer for what it sends, which stays as large as the largest message: that of a
//! whole board is most of what an idle screen would cost. So texts go past it, from the one encoding
//! that all screens share to the socket. All else is the library's. It knows no board and no protocol
//! but RFC 6455.

use std::io;

use bytes::Buf;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

/// A screen says little: the library's own buffer of 128 KiB per connection would be most of a
/// screen's memory.
const READ_BUFFER_BYTES: usize = 512;
/// Longest message that a screen may send.
pub const MESSAGE_BYTES_MAX: usize = 1024;
/// Longest head of a frame that a server sends.
const HEAD_BYTES_MAX: usize = 10;

/// The server's end.
pub(super) struct Socket<S>(WebSocketStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    /// After the handshake.
    pub(super) async fn new(stream: S) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(0)
            .max_message_size(Some(MESSAGE_BYTES_MAX))
            .max_frame_size(Some(MESSAGE_BYTES_MAX));
        Socket(WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await)
    }

    /// What the other side says; none when it has gone.
    pub(super) async fn hear(&mut self) -> Option<Result<Message, Error>> {
        self.0.next().await
    }

    /// Sends a text of any length, without a copy of it. Not to be given up halfway by whoever goes
    /// on with the socket.
    pub(super) async fn text(&mut self, text: &str) -> Result<(), Error> {
        let mut head = [0; HEAD_BYTES_MAX];
        let mut left = &mut head[..];
        let header = FrameHeader { opcode: OpCode::Data(Data::Text), ..FrameHeader::default() };
        header.format(text.len() as u64, &mut left)?;
        let length = HEAD_BYTES_MAX - left.len();
        // An answer to a ping may have been sent in part.
        self.0.flush().await?;
        let stream = self.0.get_mut();
        stream.write_all_buf(&mut (&head[..length]).chain(text.as_bytes())).await?;
        stream.flush().await?;
        Ok(())
    }

    /// Sends what is no text.
    pub(super) async fn send(&mut self, message: Message) -> Result<(), Error> {
        if message.is_text() {
            return Err(Error::Io(io::Error::other("texts have a way of their own")));
        }
        self.0.send(message).await
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::duplex;

    use super::*;

    /// By the library's own client, of each length that has another head, and with pings in between.
    #[tokio::test]
    async fn texts_of_any_length_arrive_whole_and_in_order() {
        let (ours, theirs) = duplex(1000);
        let mut client = WebSocketStream::from_raw_socket(theirs, Role::Client, None).await;
        let lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000];
        let sending = tokio::spawn(async move {
            let mut socket = Socket::new(ours).await;
            for length in lengths {
                socket.text(&"ż".repeat(length)).await.expect("sent");
                let heard = socket.hear().await.expect("a message").expect("good");
                assert!(matches!(heard, Message::Ping(_)), "{heard}");
            }
            socket.send(Message::Close(None)).await.expect("sent");
        });
        for length in lengths {
            let text = loop {
                match client.next().await.expect("a message").expect("good") {
                    Message::Text(text) => break text,
                    Message::Pong(_) => {}
                    other => unreachable!("{other}"),
                }
            };
            assert_eq!(text.as_str(), "ż".repeat(length));
            client.send(Message::Ping("?".into())).await.expect("sent");
        }
        sending.await.expect("no panic");
    }
}
