//! One plugin, and what its networks, or somebody who pretends to be one, may do to it in any order.
//!
//! Holds for any script:
//! - No panic, and no call that takes longer than [`CALL_MAX`] of the processor's time.
//! - An output and a snapshot have the limits of a server whose operator has changed nothing.
//! - Each event has an id.
//! - Two instances to which the same happens say the same, and have the same snapshot.
//! - A plugin starts again from its own snapshot.
//! - Of a message's text nothing is in an event beside the text itself, nor in what the operator gets to
//!   read: reasons of failures and lines of the log, as the host shows them. Nor is it in the snapshot.

#![allow(clippy::panic, reason = "a panic is how a finding is told")]

use std::collections::BTreeMap;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tablica_plugin::{Command, Content, Document, Failure, Input, Kind, Output, Setup};

use crate::marked::{Marked, is_in, is_told_as_text, said_without};
use crate::samples::{Known, NOW_MS};
use crate::script::{Script, Turn};
use crate::{Native, Plugin};

/// One call, of an input of at most some ten kilobytes, with a fuzzer's counters in it.
pub const CALL_MAX: Duration = Duration::from_secs(1);
/// `call_events_max` of the config.
pub const EVENTS_MAX: usize = 20_000;
/// `call_commands_max` of the config.
pub const COMMANDS_MAX: usize = 1024;
/// `call_output_bytes_max` of the config.
pub const OUTPUT_BYTES_MAX: usize = 16 << 20;
/// `snapshot_bytes_max` of the config.
pub const SNAPSHOT_BYTES_MAX: usize = 4 << 20;
/// Texts of one script that are marked and looked for: each costs some further calls.
const MARKED_MAX: usize = 2;
/// Parts of one document.
const PARTS_MAX: usize = 64;
/// 2100-01-01: where a clock may stand.
const LATEST_MS: u64 = 4_102_444_800_000;

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Calls.
    pub inputs: usize,
    /// Events of all calls.
    pub events: usize,
    /// Calls that were refused.
    pub refused: usize,
    /// Texts that were marked and looked for.
    pub marked: usize,
}

/// Does to the plugin what these bytes say.
///
/// # Panics
/// When something does not hold.
pub fn attack(plugin: &Plugin, known: &Known, bytes: &[u8]) -> Outcome {
    let script = Script::read(bytes);
    let setup = known.setup(&script);
    // The host makes settings of the operator's TOML: they are an object always.
    let is_object = |text| matches!(serde_json::from_str(text), Ok(serde_json::Value::Object(_)));
    if !is_object(&setup.settings) {
        return Outcome::default();
    }
    let Some(mut attacked) = Attacked::start(plugin, known, setup) else {
        return Outcome::default();
    };
    // By such settings a text may be a queue's name. And a fuzzer learns the mark.
    if script.own_settings.is_some() || is_in(&String::from_utf8_lossy(bytes)) {
        attacked.marks_left = 0;
    }
    for turn in script.turns {
        match turn {
            Turn::Input(input) => attacked.give(input),
            Turn::Parts(document, part) => {
                parts(&document, part).for_each(|part| attacked.give(Input::Document(part)));
            }
            Turn::Restart => attacked.restart(None),
            Turn::Spoilt(left) => attacked.restart(Some(left)),
            Turn::At(ms) => attacked.now_ms = ms.min(LATEST_MS),
        }
    }
    attacked.snapshot();
    attacked.outcome
}

struct Attacked<'a> {
    plugin: &'a Plugin,
    known: &'a Known,
    setup: Setup,
    twins: [Box<dyn Native>; 2],
    now_ms: u64,
    /// Of the last fetch.
    tag: String,
    timers: BTreeMap<String, u32>,
    marks_left: usize,
    outcome: Outcome,
}

impl<'a> Attacked<'a> {
    /// None when the plugin refuses the settings.
    fn start(plugin: &'a Plugin, known: &'a Known, setup: Setup) -> Option<Self> {
        let (one, first) = plugin.start(&setup).ok()?;
        let (other, second) = plugin.start(&setup).unwrap_or_else(|failure| {
            panic!("{}: it started once, and then: {failure:?}", plugin.name)
        });
        let mut attacked = Self {
            plugin,
            known,
            setup,
            twins: [one, other],
            now_ms: NOW_MS,
            tag: String::new(),
            timers: BTreeMap::new(),
            marks_left: MARKED_MAX,
            outcome: Outcome::default(),
        };
        attacked.take(Ok(first), &Ok(second));
        Some(attacked)
    }

    fn give(&mut self, mut input: Input) {
        if !self.known.is_given(&input) {
            return;
        }
        match &mut input {
            Input::Webhook(call) => self.known.only_asked(&mut call.headers),
            Input::Response(response) if response.tag.is_empty() => {
                response.tag.clone_from(&self.tag);
            }
            Input::Timer(tag) if tag.is_empty() => {
                let Some((next, after_ms)) = self.timers.pop_first() else { return };
                self.now_ms = (self.now_ms + u64::from(after_ms)).min(LATEST_MS);
                *tag = next;
            }
            _ => {}
        }
        let before = (self.marks_left > 0).then(|| self.twins[0].snapshot());
        let begun = processor();
        let first = self.twins[0].handle(self.now_ms, input.clone());
        let took = processor().saturating_sub(begun);
        assert!(took <= CALL_MAX, "{}: a call took {took:?}: {input:?}", self.plugin.name);
        let second = self.twins[1].handle(self.now_ms, input.clone());
        if let (Some(before), Ok(output)) = (before, &first)
            && let Some(marked) = Marked::plant(&input, output)
        {
            self.marks_left -= 1;
            self.outcome.marked += 1;
            self.look_for(&marked, before);
        }
        self.outcome.inputs += 1;
        self.take(first, &second);
    }

    /// What was said, by both.
    fn take(&mut self, first: Result<Output, Failure>, second: &Result<Output, Failure>) {
        let name = self.plugin.name;
        // A rating that is no number differs from itself.
        if first != *second && format!("{first:?}") != format!("{second:?}") {
            panic!("{name}: two instances say different things: {first:?} and {second:?}");
        }
        let Ok(output) = first else {
            self.outcome.refused += 1;
            return;
        };
        let Output { events, commands, reply } = output;
        self.outcome.events += events.len();
        assert!(events.len() <= EVENTS_MAX, "{name}: {} events", events.len());
        assert!(commands.len() <= COMMANDS_MAX, "{name}: {} commands", commands.len());
        let bytes: usize = events.iter().map(length).sum();
        let bytes = bytes + reply.map_or(0, |reply| reply.body.len());
        assert!(bytes <= OUTPUT_BYTES_MAX, "{name}: {bytes} bytes");
        for event in &events {
            assert!(!event.id.is_empty(), "{name}: an event without an id: {event:?}");
        }
        for command in commands {
            match command {
                Command::Fetch(request) => self.tag = request.tag,
                Command::Timer(timer) => match timer.after_ms {
                    Some(after_ms) => drop(self.timers.insert(timer.tag, after_ms)),
                    None => drop(self.timers.remove(&timer.tag)),
                },
                _ => {}
            }
        }
    }

    fn snapshot(&self) -> Vec<u8> {
        let [first, second] = self.twins.each_ref().map(|twin| twin.snapshot());
        let name = self.plugin.name;
        if first != second {
            let [first, second] =
                [first, second].map(|it| String::from_utf8_lossy(&it).into_owned());
            panic!("{name}: two instances have different snapshots: {first} and {second}");
        }
        assert!(first.len() <= SNAPSHOT_BYTES_MAX, "{name}: a snapshot of {}", first.len());
        first
    }

    /// From the plugin's own snapshot, or from what is left of it.
    fn restart(&mut self, thousandths_left: Option<u16>) {
        let mut snapshot = self.snapshot();
        if let Some(left) = thousandths_left {
            snapshot.truncate(snapshot.len() * usize::from(left.min(1000)) / 1000);
        }
        let setup = Setup { snapshot: Some(snapshot), now_ms: self.now_ms, ..self.setup.clone() };
        let started = [(); 2].map(|()| self.plugin.start(&setup));
        match started {
            [Ok((one, first)), Ok((other, second))] => {
                self.twins = [one, other];
                self.timers.clear();
                self.take(Ok(first), &Ok(second));
            }
            // It goes on as if it had not been asked.
            _ if thousandths_left.is_some() => {}
            [first, second] => {
                let said = [first, second].map(|it| it.map(|_| ()));
                panic!("{}: it does not start from its own snapshot: {said:?}", self.plugin.name);
            }
        }
    }

    /// The same input with a mark in a text, and then damaged, to instances of their own.
    fn look_for(&self, marked: &Marked, before: Vec<u8>) {
        let name = self.plugin.name;
        let setup = Setup { snapshot: Some(before), now_ms: self.now_ms, ..self.setup.clone() };
        for (number, input) in marked.inputs().enumerate() {
            // `give` has not asked for a restart: a snapshot of a plugin with a link may be refused here.
            let Ok((mut plugin, _)) = self.plugin.start(&setup) else { return };
            let said = plugin.handle(self.now_ms, input.clone());
            // Where markup is taken out of a text, its words may stand elsewhere only, in a name.
            let is_whole = number == 0 && marked.is_only && is_told_as_text(&said);
            if let Some(place) = said_without(&said, is_whole) {
                panic!("{name}: the text of a message is in {place}: {input:?} became {said:?}");
            }
            let snapshot = plugin.snapshot();
            if is_whole && is_in(&String::from_utf8_lossy(&snapshot)) {
                let snapshot = String::from_utf8_lossy(&snapshot);
                panic!("{name}: the text of a message is in the snapshot {snapshot}");
            }
        }
    }
}

/// In about so many bytes an event goes to the host.
fn length(event: &tablica_plugin::Event) -> usize {
    let text = match &event.kind {
        Kind::Message(it) | Kind::Edited(it) => it.text.as_ref().map_or(0, String::len),
        Kind::Mention(it) => it.text.as_ref().map_or(0, String::len),
        Kind::Tagged(tags) => tags.iter().map(String::len).sum(),
        _ => 0,
    };
    let names = [&event.queue, &event.agent, &event.refers];
    let names: usize = names.into_iter().flatten().map(String::len).sum();
    let attrs: usize = event.attrs.iter().map(|it| it.name.len() + it.value.len()).sum();
    let customers: usize = event.customer.iter().map(String::len).sum();
    event.id.len() + event.interaction.len() + text + names + attrs + customers
}

fn parts(document: &Document, part: usize) -> impl Iterator<Item = Document> {
    let all = document.bytes.len();
    let part = part.clamp(all.div_ceil(PARTS_MAX).max(1), all.max(1));
    (0..all.div_ceil(part).max(1)).map(move |number| {
        let (from, to) = (number * part, ((number + 1) * part).min(all));
        Document {
            offset: from as u64,
            is_last: to == all,
            bytes: document.bytes[from..to].to_vec(),
            ..document.clone()
        }
    })
}

/// What this thread has had of the processor: a busy machine makes no finding.
fn processor() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// The bytes that a network gave.
pub fn body(input: &Input) -> Option<&[u8]> {
    Some(match input {
        Input::Webhook(it) => &it.body,
        Input::Response(it) => &it.body,
        Input::Line(it) => &it.bytes,
        Input::Document(it) if it.offset == 0 && it.is_last => &it.bytes,
        Input::Frame(it) => match &it.content {
            Content::Text(text) => text.as_bytes(),
            Content::Bytes(bytes) => bytes,
        },
        _ => return None,
    })
}
