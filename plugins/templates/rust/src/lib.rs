//! {{network}}: its bytes in, events out.

//@ webhook socket tcp file document
use serde::Deserialize;
//@ poll
use serde::{Deserialize, Serialize};
//@
use tablica_plugin::*;
//@ poll

/// How often it asks.
const EVERY_MS: u32 = 10_000;
/// The longest wait that the network may ask for.
const WAIT_MS_MAX: u32 = 3_600_000;
/// Characters of a version of the list; longer ones are nobody's.
const VERSION_CHARS_MAX: usize = 200;
//@ document

/// Longer documents are none of this network's.
const DOCUMENT_BYTES_MAX: usize = 1 << 20;
//@

pub struct {{Type}} {
    settings: Settings,
    //@ poll
    seen: Seen,
    //@ document
    /// Of a document, what has come so far.
    begun: Vec<u8>,
    //@
}

//@ poll
/// What must survive a restart: bounded, and without anything about customers.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Seen {
    /// The newest message; none before the first answer. Ids above 2^53 are no floats.
    newest: Option<u64>,
    /// The list's version as the network names it: unchanged, it need not be sent again.
    etag: Option<String>,
    last_modified: Option<String>,
}

//@
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
            seen: Seen::default(),
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
        serde_json::to_vec(&self.seen).unwrap_or_default()
    }

    fn restore(&mut self, snapshot: &[u8]) -> Result<(), Failure> {
        // What cannot be read is of another version: begin as on the first day.
        self.seen = serde_json::from_slice(snapshot).unwrap_or_default();
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
            Input::Webhook(call) => Ok(self.event(decode(&call.body)?).into()),
            //@ file
            Input::Line(line) => Ok(self.event(decode(&line.bytes)?).into()),
            //@ poll
            Input::Timer(_) => Ok(self.ask()),
            Input::Response(answer) => self.answered(&answer),
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
        let mut request = Request::get(pieces!["https://api.{{name}}.example/v1/messages"], "messages")
            .header("authorization", pieces!["Bearer ", secret("key")]);
        if let Some(etag) = &self.seen.etag {
            request = request.header("if-none-match", pieces![etag.as_str()]);
        }
        if let Some(time) = &self.seen.last_modified {
            request = request.header("if-modified-since", pieces![time.as_str()]);
        }
        let commands = vec![Command::Fetch(request), Command::timer("poll", EVERY_MS)];
        Output { commands, ..Output::default() }
    }

    /// The list of the latest messages.
    fn answered(&mut self, answer: &Response) -> Result<Output, Failure> {
        match answer.status {
            200 => {}
            // Too often: the network says how many seconds to leave it alone.
            429 | 503 => return Ok(wait(answer)),
            // 304 is nothing new; of anything else the timer asks again.
            _ => return Ok(Output::default()),
        }
        let messages: Vec<Message> = decode(&answer.body)?;
        // What was there before the first answer is history, and is not counted.
        let known = self.seen.newest.unwrap_or(u64::MAX);
        let newest = messages.iter().map(|it| it.id).max();
        self.seen = Seen {
            newest: Some(newest.max(self.seen.newest).unwrap_or(0)),
            etag: version(answer, "etag"),
            last_modified: version(answer, "last-modified"),
        };
        let new = messages.into_iter().filter(|it| it.id > known);
        Ok(new.map(|it| self.event(it)).collect::<Vec<_>>().into())
    }
}

/// The same timer again replaces the one that runs.
fn wait(answer: &Response) -> Output {
    let seconds = header(answer, "retry-after").and_then(|it| it.parse::<u32>().ok());
    let wait_ms = seconds.map_or(EVERY_MS, |it| it.saturating_mul(1000));
    let timer = Command::timer("poll", wait_ms.clamp(EVERY_MS, WAIT_MS_MAX));
    Output { commands: vec![timer], ..Output::default() }
}

fn header<'a>(answer: &'a Response, name: &str) -> Option<&'a str> {
    let found = answer.headers.iter().find(|it| it.name.eq_ignore_ascii_case(name));
    found.map(|it| it.value.as_str())
}

fn version(answer: &Response, name: &str) -> Option<String> {
    header(answer, name).filter(|it| it.len() <= VERSION_CHARS_MAX).map(str::to_owned)
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
