//! Asking the script for the rows after the last ones. Ids of both tables only grow, so two numbers say where it stands.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tablica_plugin::{
    Command, Event, Failure, FeedState, Kind, Moment, Output, Pair, Request, Response, bad_input,
    config_error, pieces, poll, secret,
};

use crate::row;
use crate::settings::Settings;

/// Tag of the timer; a request's tag says from where on it asks, too.
const TAG: &str = "rows";
/// A request without an answer is asked again after so long.
const WATCHDOG_MS: u32 = 60_000;
/// Longest wait after failures.
const WAIT_MS_MAX: u32 = 300_000;
/// The script gives so many rows at once: then there are more.
const PAGE: usize = 500;

/// Ids of the last rows; none before the first answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cursor {
    entries: u64,
    events: u64,
}

#[derive(Deserialize)]
struct Answer<'a> {
    /// One by one, so that a broken row takes no others with it.
    #[serde(borrow)]
    rows: Vec<&'a RawValue>,
    next: Cursor,
}

/// Where asking stands.
#[derive(Debug, Default)]
pub(crate) struct Poll {
    pub(crate) cursor: Option<Cursor>,
    failures: u32,
}

impl Poll {
    /// A request, and the timer that stands by it.
    pub(crate) fn ask(&self, settings: &Settings) -> Output {
        // Without numbers the script says only where its tables end: what is there is history.
        let query = match self.cursor {
            Some(Cursor { entries, events }) => format!("?entries={entries}&events={events}"),
            None => String::new(),
        };
        let url = [settings.url.as_str(), &query].concat();
        let request = Request::get(pieces![url.as_str()], &self.tag())
            .header("authorization", pieces!["Bearer ", secret("token")]);
        Output {
            commands: vec![Command::Fetch(request), Command::timer(TAG, WATCHDOG_MS)],
            ..Output::default()
        }
    }

    fn tag(&self) -> String {
        match self.cursor {
            Some(Cursor { entries, events }) => format!("{TAG}:{entries}:{events}"),
            None => TAG.to_owned(),
        }
    }

    pub(crate) fn timer(&self, tag: &str, settings: &Settings) -> Output {
        if tag == TAG { self.ask(settings) } else { Output::default() }
    }

    pub(crate) fn answer(
        &mut self,
        response: &Response,
        settings: &Settings,
        now_ms: u64,
    ) -> Result<Output, Failure> {
        if response.tag != self.tag() {
            // Asked twice, and the other answer was there first.
            return Ok(Output::default());
        }
        match response.status {
            200 => {}
            401 | 403 => {
                // The timer by the request goes on asking.
                return Err(config_error("the script refuses the token: grant_secrets.token"));
            }
            _ => {
                self.failures = self.failures.saturating_add(1);
                let doubled = 5_000_u32.saturating_mul(1 << self.failures.min(6));
                let wait_ms = poll::retry_after(response, now_ms).unwrap_or(doubled);
                return Ok(wait(wait_ms.min(WAIT_MS_MAX)));
            }
        }
        let answer: Answer<'_> = serde_json::from_slice(&response.body)
            .map_err(|error| bad_input(format!("not the script's answer: {error}")))?;
        self.failures = 0;
        let mut events = Vec::new();
        let is_behind = self.cursor.is_some_and(|before| {
            answer.next.entries < before.entries || answer.next.events < before.events
        });
        if is_behind {
            // The database is an older one: what was counted of the newer one stays.
            let id = format!("gap:{}:{}", answer.next.entries, answer.next.events);
            events.push(Event::new(id, Moment::None, Kind::Feed(FeedState::Gap)));
        } else if let Some(before) = self.cursor {
            for (place, row) in answer.rows.iter().enumerate() {
                events.extend(decoded(row, settings, before, place));
            }
        }
        let has_more = self.cursor.is_some() && !is_behind && answer.rows.len() >= PAGE;
        let moved = self.cursor != Some(answer.next);
        self.cursor = Some(answer.next);
        let mut output = match has_more && moved {
            true => self.ask(settings),
            false => wait(settings.interval_s.saturating_mul(1000)),
        };
        output.events = events;
        Ok(output)
    }
}

fn wait(ms: u32) -> Output {
    Output { commands: vec![Command::timer(TAG, ms)], ..Output::default() }
}

/// The row's event; of a broken one that it was there. Its id says where: what is in it may name somebody.
fn decoded(row: &RawValue, settings: &Settings, before: Cursor, place: usize) -> Option<Event> {
    match row::decode(row.get().as_bytes(), settings) {
        Ok(event) => event,
        Err(_) => {
            let name = Pair { name: "undecodable_row".into(), value: String::new() };
            let id = format!("row:{}:{}:{place}", before.entries, before.events);
            Some(Event::new(id, Moment::None, Kind::Other(name)))
        }
    }
}
