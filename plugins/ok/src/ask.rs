//! How requests are made, and how long to wait after a failure.

use tablica_plugin::{Command, Output, Piece, Request, pieces, secret};

/// How much longer than OK's own wait an answer may take.
pub(crate) const WATCHDOG_MS: u32 = 30_000;
const BACK_OFF_MS_MIN: u32 = 1_000;
const BACK_OFF_MS_MAX: u32 = 60_000;

/// The rounds of one way of asking. One request of it is under way at a time; beside it a watchdog
/// timer of the same name runs, so that a lost answer cannot end the asking.
pub(crate) struct Rounds {
    name: &'static str,
    round: u64,
    failures: u32,
}

impl Rounds {
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, round: 0, failures: 0 }
    }

    /// Rounds begin at the time, to differ from those of an earlier run.
    pub(crate) fn begin(&mut self, now_ms: u64) {
        self.round = now_ms;
    }

    pub(crate) fn is_current(&self, tag: &str) -> bool {
        tag == self.tag()
    }

    pub(crate) fn is_timer(&self, tag: &str) -> bool {
        tag == self.name
    }

    /// The next request: its tag, and the watchdog.
    pub(crate) fn next(&mut self, wait_ms: u32) -> (String, Command) {
        self.round = self.round.wrapping_add(1);
        (self.tag(), Command::timer(self.name, wait_ms.saturating_add(WATCHDOG_MS)))
    }

    pub(crate) fn went_well(&mut self) {
        self.failures = 0;
    }

    pub(crate) fn later(&self, delay_ms: u32) -> Output {
        Output { commands: vec![Command::timer(self.name, delay_ms)], ..Output::default() }
    }

    pub(crate) fn back_off(&mut self) -> Output {
        let delay_ms = BACK_OFF_MS_MIN << self.failures.min(6);
        self.failures = self.failures.saturating_add(1);
        self.later(delay_ms.min(BACK_OFF_MS_MAX))
    }

    fn tag(&self) -> String {
        format!("{}:{}", self.name, self.round)
    }
}

/// `GET graph/me/…` with the token; `query` goes behind it.
pub(crate) fn get(path: &str, query: &str, tag: &str) -> Request {
    Request::get(address(path, query), tag)
}

/// `POST graph/me/…` of JSON.
pub(crate) fn post(path: &str, body: &str, tag: &str) -> Request {
    Request::post_json(address(path, ""), body, tag)
}

fn address(path: &str, query: &str) -> Vec<Piece> {
    let start = format!("https://api.ok.ru/graph/me/{path}?access_token=");
    pieces![start, secret("access_token"), query.to_owned()]
}

/// What OK said goes back in an address: letters and digits as they are, the rest escaped.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}
