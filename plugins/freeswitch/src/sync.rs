//! What the lists of mod_callcenter say after connecting: who waits, who talks, what agents do.

use std::collections::{BTreeSet, VecDeque};

use tablica_plugin::{Event, Kind, Moment, fingerprint_of, identity};

use crate::settings::Settings;
use crate::state::{Entry, State, Taken, abandoned};
use crate::table::{Row, Table};

/// Each is asked for its members, one after the other.
const QUEUES_MAX: usize = 1_000;

/// `agent list`; whether it was one.
pub(crate) fn agents(body: &str, state: &mut State, events: &mut Vec<Event>) -> bool {
    // A dial string may be `user/101|user/102`.
    let Some(table) = Table::parse(body, "contact") else { return false };
    for row in table.rows() {
        let (Some(name), Some(status)) = (row.get("name"), row.get("status")) else { continue };
        let word = (status, row.get("state").unwrap_or_default());
        let wrap_up_ms = row.ms("wrap_up_time").unwrap_or(0);
        let Some(said) = state.agents.listed(name, word, wrap_up_ms) else { continue };
        let since_ms = row.ms("last_status_change").unwrap_or(0);
        let id = format!("agent:{:016x}:{since_ms}:{status}", fingerprint_of([name], 0xff));
        let event = Event::new(id, Moment::from(since_ms), Kind::AgentState(said));
        events.push(event.agent(name));
    }
    true
}

/// `queue list`: their names. One with a space in it cannot be asked for.
pub(crate) fn queues(body: &str) -> VecDeque<String> {
    let Some(table) = Table::parse(body, "") else { return VecDeque::new() };
    let names = table.rows().filter_map(|row| row.get("name").map(str::to_owned));
    names.filter(|name| !name.contains(char::is_whitespace)).take(QUEUES_MAX).collect()
}

/// `queue list members`.
pub(crate) fn members(
    body: &str,
    settings: &Settings,
    state: &mut State,
    doubted: &mut BTreeSet<String>,
    events: &mut Vec<Event>,
) {
    let Some(table) = Table::parse(body, "cid_name") else { return };
    for row in table.rows() {
        let Some(member) = row.get("uuid") else { continue };
        match row.get("state") {
            Some("Abandoned") => gave_up(&row, member, state, doubted, events),
            Some(word) => {
                let Some(entry) = entry(&row, member, settings) else { continue };
                let is_known = doubted.remove(&entry.session);
                listed(&row, word, &entry, is_known, state, events);
            }
            None => {}
        }
    }
}

fn listed(
    row: &Row<'_, '_>,
    word: &str,
    entry: &Entry,
    is_known: bool,
    state: &mut State,
    events: &mut Vec<Event>,
) {
    let joined = row.ms("rejoined_epoch").or(row.ms("joined_epoch"));
    match word {
        "Waiting" | "Trying" => state.waits(entry, joined, events),
        // Members stay listed as answered for hours when their end was missed: only calls that were seen
        // waiting count.
        "Answered" if is_known => {
            state.waits(entry, joined, events);
            let at = row.ms("bridge_epoch");
            let wait_ms = at.zip(joined).and_then(|(at, joined)| at.checked_sub(joined));
            let agent = row.get("serving_agent").filter(|agent| *agent != "ring-all");
            let agent = agent.map(str::to_owned);
            let taken = Taken { at, agent, leg: None, wait_ms, ring_ms: None };
            state.taken(entry, &taken, events);
        }
        _ => {}
    }
}

/// An abandoned place has no call any more; it is one that was seen waiting, or is history.
fn gave_up(
    row: &Row<'_, '_>,
    member: &str,
    state: &mut State,
    doubted: &mut BTreeSet<String>,
    events: &mut Vec<Event>,
) {
    let Some(session) = state.calls.of_member(member) else { return };
    if !doubted.remove(&session) {
        return;
    }
    let at = row.ms("abandoned_epoch");
    let joined = row.ms("joined_epoch");
    let wait_ms = at.zip(joined).and_then(|(at, joined)| at.checked_sub(joined));
    let entry = Entry {
        session,
        member: member.to_owned(),
        queue: row.get("queue").unwrap_or_default().to_owned(),
        customer: None,
    };
    state.left(&entry, at, abandoned(wait_ms), events);
}

fn entry(row: &Row<'_, '_>, member: &str, settings: &Settings) -> Option<Entry> {
    let country = settings.country_code.as_deref();
    let number = row.get("cid_number");
    Some(Entry {
        session: row.get("session_uuid")?.to_owned(),
        member: member.to_owned(),
        queue: row.get("queue").unwrap_or_default().to_owned(),
        customer: number.and_then(|number| identity::phone(number, country)),
    })
}
