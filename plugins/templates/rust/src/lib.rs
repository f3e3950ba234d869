//! {{network}}: its bytes in, events out.

use serde::Deserialize;
use tablica_plugin::*;
//@ poll

/// How often it asks.
const EVERY_MS: u32 = 10_000;
//@ document

/// Longer documents are none of this network's.
const DOCUMENT_BYTES_MAX: usize = 1 << 20;
//@

#[derive(Default)]
pub struct {{Type}} {
    //@ poll
    /// The last message that was seen. Ids above 2^53 are no floats.
    after: u64,
    //@ document
    /// Of a document, what has come so far.
    begun: Vec<u8>,
    //@
}

/// A message as the network writes it. Fields that are not here are passed over.
#[derive(Deserialize)]
struct Message {
    id: u64,
    thread: String,
    from: String,
    /// In seconds.
    at: u64,
    text: String,
}

/// The operator's `[channel.NAME.settings]`. What is in none of these fields is named as a mistake.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {}

impl Channel for {{Type}} {
    fn describe() -> Info {
        info("{{name}}", env!("CARGO_PKG_VERSION"), "{{network}}")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        let Settings {} = settings(&setup.settings)?;
        Ok(Self::default())
    }
    //@ poll

    fn start(&mut self, _now_ms: u64) -> Result<Output, Failure> {
        Ok(self.ask())
    }

    fn snapshot(&self) -> Vec<u8> {
        self.after.to_string().into_bytes()
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        let text = String::from_utf8_lossy(snapshot);
        self.after = text.parse().unwrap_or_default();
        Ok(())
    }
    //@ socket tcp

    fn start(&mut self, _now_ms: u64) -> Result<Output, Failure> {
        Ok(connect())
    }
    //@

    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
        match input {
            //@ webhook
            Input::Webhook(call) => Ok(event(decode(&call.body)?).into()),
            //@ file
            Input::Line(line) => Ok(event(decode(&line.bytes)?).into()),
            //@ poll
            Input::Timer(_) => Ok(self.ask()),
            // Not the network's answer: the timer asks again.
            Input::Response(answer) if answer.status != 200 => Ok(Output::default()),
            Input::Response(answer) => {
                let messages: Vec<Message> = decode(&answer.body)?;
                self.after = messages.iter().map(|it| it.id).fold(self.after, u64::max);
                Ok(messages.into_iter().map(event).collect::<Vec<_>>().into())
            }
            //@ socket
            Input::Frame(Frame { content: Content::Text(text), .. }) => {
                Ok(event(decode(text.as_bytes())?).into())
            }
            // The server waits longer each time that it fails.
            Input::Disconnected(_) => Ok(connect()),
            //@ tcp
            Input::Connected(_) => Ok(login()),
            Input::Frame(Frame { content: Content::Bytes(bytes), .. }) => {
                Ok(event(decode(&bytes)?).into())
            }
            Input::Frame(Frame { content: Content::Text(text), .. }) => {
                Ok(event(decode(text.as_bytes())?).into())
            }
            // The server waits longer each time that it fails.
            Input::Disconnected(_) => Ok(connect()),
            //@ document
            Input::Document(part) => {
                if part.offset == 0 {
                    self.begun.clear();
                }
                if self.begun.len() + part.bytes.len() > DOCUMENT_BYTES_MAX {
                    self.begun = Vec::new();
                    return Err(unsupported("the document is too long"));
                }
                self.begun.extend(part.bytes);
                if !part.is_last {
                    return Ok(Output::default());
                }
                let whole = std::mem::take(&mut self.begun);
                Ok(event(decode(&whole)?).into())
            }
            //@
            _ => Ok(Output::default()),
        }
    }
    //@ document

    fn snapshot(&self) -> Vec<u8> {
        self.begun.clone()
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        self.begun = snapshot.to_vec();
        Ok(())
    }
    //@
}
//@ poll

impl {{Type}} {
    /// A timer runs beside each request, or a lost one would be the last.
    fn ask(&self) -> Output {
        let url = format!("https://api.{{name}}.example/v1/messages?after={}", self.after);
        let request = Request::get(pieces![url], "messages")
            .header("authorization", pieces!["Bearer ", secret("key")]);
        let commands = vec![Command::Fetch(request), Command::timer("poll", EVERY_MS)];
        Output { commands, ..Output::default() }
    }
}
//@ socket

fn connect() -> Output {
    let authorization =
        Header { name: "authorization".into(), value: pieces!["Bearer ", secret("key")] };
    let commands = vec![Command::Connect(Connect {
        link: "main".into(),
        address: pieces!["wss://api.{{name}}.example/v1/events"],
        headers: vec![authorization],
        protocols: Vec::new(),
        framing: Framing::Messages,
    })];
    Output { commands, ..Output::default() }
}
//@ tcp

fn connect() -> Output {
    let commands = vec![Command::Connect(Connect {
        link: "main".into(),
        address: pieces!["tls://switch.{{name}}.example:5039"],
        headers: Vec::new(),
        protocols: Vec::new(),
        framing: Framing::Until(b"\n".to_vec()),
    })];
    Output { commands, ..Output::default() }
}

fn login() -> Output {
    let data = pieces!["login ", secret("key"), "\n"];
    let commands = vec![Command::Send(Outgoing { link: "main".into(), is_text: false, data })];
    Output { commands, ..Output::default() }
}
//@

/// What is no JSON of this shape is bad input: it goes to quarantine, where an operator sees it.
fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes).map_err(|error| bad_input(error.to_string()))
}

fn event(it: Message) -> Event {
    let message = tablica_plugin::Message::new(Medium::Message, Author::Customer).text(it.text);
    // The same on redelivery: duplicates are found by it.
    Event::new(it.id.to_string(), it.at.saturating_mul(1000), Kind::Message(message))
        .on(it.thread)
        .customer(format!("mail:{}", it.from))
}

export_channel!({{Type}});

#[cfg(test)]
mod tests {
    #[test]
    fn samples() {
        tablica_plugin::golden::check::<super::{{Type}}>(env!("CARGO_MANIFEST_DIR"));
    }
}
