//! Short ways to ask for links and to send on them.

use crate::{
    Close, Command, Connect, Content, Frame, Framing, Header, LengthPrefix, LinkDown, LinkUp,
    Outgoing, Piece,
};

impl Command {
    /// Open a link: a WebSocket at `wss://HOST/PATH`, or a stream at `tls://HOST:PORT`. The plugin hears
    /// `Input::Connected` or `Input::Disconnected`.
    ///
    /// ```
    /// use tablica_plugin::*;
    ///
    /// // A WebSocket, with a secret in its handshake.
    /// let gateway = Connect::new("gateway", pieces!["wss://gateway.bell.example/?v=1"])
    ///     .header("authorization", pieces!["Bearer ", secret("token")])
    ///     .protocol("bell.v1");
    ///
    /// // A stream of text, cut at its empty lines; the log-in is queued until it is open.
    /// let pbx = Connect::new("pbx", pieces!["tls://pbx.example:5039"]).until("\r\n\r\n");
    /// let mut login = pieces!["Action: Login\r\nUsername: wall\r\nSecret: "];
    /// login.extend(pieces![secret("password"), "\r\n\r\n"]);
    ///
    /// let commands = vec![
    ///     Command::connect(gateway),
    ///     Command::send_text("gateway", pieces![r#"{"op":2}"#]),
    ///     Command::connect(pbx),
    ///     Command::send_bytes("pbx", login),
    /// ];
    /// # assert_eq!(commands.len(), 4);
    /// ```
    pub fn connect(link: Connect) -> Self {
        Self::Connect(link)
    }

    /// Send a WebSocket's text message.
    pub fn send_text(link: impl Into<String>, text: impl Into<Vec<Piece>>) -> Self {
        Self::Send(Outgoing { link: link.into(), is_text: true, data: text.into() })
    }

    /// Send a WebSocket's binary message, or bytes of a stream.
    pub fn send_bytes(link: impl Into<String>, bytes: impl Into<Vec<Piece>>) -> Self {
        Self::Send(Outgoing { link: link.into(), is_text: false, data: bytes.into() })
    }

    /// Close a link, after what was sent; `code` is a WebSocket's, such as 1000.
    pub fn close(link: impl Into<String>, code: u16) -> Self {
        Self::Close(Close { link: link.into(), code })
    }
}

impl Connect {
    /// Of WebSockets the messages are the frames; a stream comes in chunks, if nothing else is said.
    pub fn new(link: impl Into<String>, address: impl Into<Vec<Piece>>) -> Self {
        let address = address.into();
        let is_websocket = match address.first() {
            Some(Piece::Bytes(bytes)) => bytes.starts_with(b"ws"),
            _ => false,
        };
        Self {
            link: link.into(),
            address,
            headers: Vec::new(),
            protocols: Vec::new(),
            framing: if is_websocket { Framing::Messages } else { Framing::Chunks },
        }
    }

    /// With one more header in the handshake.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Vec<Piece>>) -> Self {
        self.headers.push(Header { name: name.into(), value: value.into() });
        self
    }

    /// With one more protocol to choose from.
    #[must_use]
    pub fn protocol(mut self, name: impl Into<String>) -> Self {
        self.protocols.push(name.into());
        self
    }

    /// Frames end with these bytes, which are left out.
    #[must_use]
    pub fn until(mut self, end: impl Into<Vec<u8>>) -> Self {
        self.framing = Framing::Until(end.into());
        self
    }

    /// Before each frame stands its length.
    #[must_use]
    pub fn prefixed(mut self, prefix: LengthPrefix) -> Self {
        self.framing = Framing::Prefixed(prefix);
        self
    }
}

impl Frame {
    /// A text message as a test gives it.
    pub fn text(link: impl Into<String>, text: impl Into<String>) -> Self {
        Self { link: link.into(), content: Content::Text(text.into()) }
    }

    /// A frame of a stream as a test gives it.
    pub fn new(link: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { link: link.into(), content: Content::Bytes(bytes.into()) }
    }
}

impl LinkUp {
    /// An open link as a test gives it.
    pub fn new(link: impl Into<String>) -> Self {
        Self { link: link.into(), protocol: None, headers: Vec::new() }
    }
}

impl LinkDown {
    /// A link that is down, as a test gives it.
    pub fn new(link: impl Into<String>, code: Option<u16>, reason: impl Into<String>) -> Self {
        Self { link: link.into(), code, reason: reason.into() }
    }
}
