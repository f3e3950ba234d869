//! {{network}}: its bytes in, events out.

use serde::Deserialize;
//@ poll
use tablica_plugin::poll::{Answered, Feed};
//@
use tablica_plugin::*;
//@ poll

/// How often it asks.
const EVERY_MS: u32 = 10_000;
/// The longest wait that the network may ask for.
const WAIT_MS_MAX: u32 = 3_600_000;
//@ document

/// Longer documents are none of this network's.
const DOCUMENT_BYTES_MAX: usize = 1 << 20;
//@

pub struct {{Type}} {
    settings: Settings,
    //@ poll
    /// What is known of the list of messages. It survives a restart: bounded, and without anything about
    /// customers.
    list: Feed,
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
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// Our own addresses: what they write is an answer.
    ours: Vec<String>,
}

impl Channel for {{Type}} {
    fn describe() -> Info {
        info("{{name}}", env!("CARGO_PKG_VERSION"), "{{network}}")
    }

    fn new(setup: &Setup) -> Result<Self, Failure> {
        Ok(Self {
            settings: settings(&setup.settings)?,
            //@ poll
            list: Feed::default(),
            //@ document
            begun: Vec::new(),
            //@
        })
    }
    //@ poll

    fn start(&mut self, _now_ms: u64) -> Result<Output, Failure> {
        Ok(self.ask())
    }

    fn snapshot(&self) -> Vec<u8> {
        self.list.to_bytes()
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        // What cannot be read is of another version: begin as on the first day.
        self.list = Feed::from_bytes(snapshot).unwrap_or_default();
        Ok(())
    }
    //@ socket tcp

    fn start(&mut self, _now_ms: u64) -> Result<Output, Failure> {
        Ok(connect())
    }
    //@

    //@ poll
    fn handle(&mut self, now_ms: u64, input: Input) -> Result<Output, Failure> {
    //@ webhook socket tcp file document
    fn handle(&mut self, _now_ms: u64, input: Input) -> Result<Output, Failure> {
    //@
        match input {
            //@ webhook
            Input::Webhook(call) => Ok(self.event(decode(&call.body)?).into()),
            //@ file
            Input::Line(line) => Ok(self.event(decode(&line.bytes)?).into()),
            //@ poll
            Input::Timer(_) => Ok(self.ask()),
            Input::Response(answer) => self.answered(&answer, now_ms),
            //@ socket
            Input::Frame(Frame { content: Content::Text(text), .. }) => {
                Ok(self.event(decode(text.as_bytes())?).into())
            }
            // The server waits longer each time that it fails.
            Input::Disconnected(_) => Ok(connect()),
            //@ tcp
            Input::Connected(_) => Ok(login()),
            Input::Frame(Frame { content: Content::Bytes(bytes), .. }) => {
                Ok(self.event(decode(&bytes)?).into())
            }
            Input::Frame(Frame { content: Content::Text(text), .. }) => {
                Ok(self.event(decode(text.as_bytes())?).into())
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
                Ok(self.event(decode(&whole)?).into())
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
        let request = Request::get(pieces!["https://api.{{name}}.example/v1/messages"], "messages")
            .header("authorization", pieces!["Bearer ", secret("key")]);
        // Unchanged, the list need not be sent again.
        let fetch = Command::Fetch(self.list.ask(request));
        Output { commands: vec![fetch, Command::timer("poll", EVERY_MS)], ..Output::default() }
    }

    /// The list of the latest messages.
    fn answered(&mut self, answer: &Response, now_ms: u64) -> Result<Output, Failure> {
        match self.list.answer(answer, now_ms) {
            Answered::Nothing => Ok(Output::default()),
            // The same timer again replaces the one that runs.
            Answered::Wait(ms) => {
                let timer = Command::timer("poll", ms.clamp(EVERY_MS, WAIT_MS_MAX));
                Ok(Output { commands: vec![timer], ..Output::default() })
            }
            Answered::Fresh(version) => {
                let messages: Vec<Message> = decode(&answer.body)?;
                let ids: Vec<String> = messages.iter().map(|it| it.id.to_string()).collect();
                // What was there before the first answer is history, and is not counted. With `gap` some
                // may be missing: ask for the next page where the network has one.
                let news = self.list.news(&ids);
                self.list.taken(version);
                let fresh = messages.into_iter().enumerate().filter(|(at, _)| news.fresh.contains(at));
                Ok(fresh.map(|(_, it)| self.event(it)).collect::<Vec<_>>().into())
            }
        }
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

impl {{Type}} {
    fn event(&self, it: Message) -> Event {
        let ours = self.settings.ours.contains(&it.from);
        let author = if ours { Author::Agent } else { Author::Customer };
        let message = tablica_plugin::Message::new(Medium::Message, author).text(it.text);
        // The id is the same on redelivery: duplicates are found by it.
        let at_ms = it.at.saturating_mul(1000);
        let event = Event::new(it.id.to_string(), at_ms, Kind::Message(message)).on(it.thread);
        match ours {
            true => event.agent(it.from),
            false => event.customer(format!("mail:{}", it.from)),
        }
    }
}

export_channel!({{Type}});

#[cfg(test)]
mod tests {
    #[test]
    fn samples() {
        tablica_plugin::golden::check::<super::{{Type}}>(env!("CARGO_MANIFEST_DIR"));
    }
}
