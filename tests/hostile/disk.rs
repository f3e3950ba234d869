//! A journal in memory that the test holds in hand.

use std::collections::BTreeMap;
use std::sync::Mutex;

use tablica::channel::Sink;
use tablica::event::{Event, FeedState, Kind};
use tablica::journal::{Append, JournalError};

/// How the disk behaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    #[default]
    Writes,
    /// Takes appends and says nothing of their fate until released.
    Holds,
    Fails,
}

/// A journal in memory.
#[derive(Default)]
pub(crate) struct Disk(Mutex<DiskState>);

#[derive(Default)]
struct DiskState {
    mode: Mode,
    /// A channel whose events are not remembered.
    forgotten: Option<String>,
    held: Vec<Append>,
    events: Vec<Event>,
    cursors: BTreeMap<(String, &'static str), Vec<u8>>,
}

impl DiskState {
    fn write(&mut self, append: Append) {
        let forgotten = self.forgotten.as_deref();
        let kept = append.events.into_iter().filter(|it| forgotten != Some(it.channel.as_str()));
        self.events.extend(kept);
        for cursor in append.cursors {
            self.cursors.insert((cursor.channel, cursor.part), cursor.bytes);
        }
        for done in append.done {
            let _ = done.send(Ok(()));
        }
    }
}

fn unwritable() -> JournalError {
    JournalError::Unwritable { path: "journal".into(), reason: "no space left".into() }
}

impl Sink for Disk {
    fn append(&self, append: Append) -> Result<(), (Append, JournalError)> {
        let mut state = self.0.lock().unwrap();
        match state.mode {
            Mode::Writes => state.write(append),
            Mode::Holds => state.held.push(append),
            Mode::Fails => {
                for done in append.done {
                    let _ = done.send(Err(unwritable()));
                }
            }
        }
        Ok(())
    }
}

impl Disk {
    pub(crate) fn set(&self, mode: Mode) {
        self.0.lock().unwrap().mode = mode;
    }

    /// Writes a channel's events without remembering them, as a disk does.
    pub(crate) fn forget(&self, channel: &str) {
        self.0.lock().unwrap().forgotten = Some(channel.to_owned());
    }

    pub(crate) fn held(&self) -> usize {
        self.0.lock().unwrap().held.len()
    }

    /// Writes what was held, or loses it.
    pub(crate) fn release(&self, well: bool) {
        let mut state = self.0.lock().unwrap();
        for append in std::mem::take(&mut state.held) {
            if well {
                state.write(append);
            } else {
                for done in append.done {
                    let _ = done.send(Err(unwritable()));
                }
            }
        }
    }

    /// The ids of a channel's events that a network sent, in order.
    pub(crate) fn ids(&self, channel: &str) -> Vec<String> {
        let state = self.0.lock().unwrap();
        let of_channel = state.events.iter().filter(|event| event.channel == channel);
        let sent = of_channel.filter(|event| !matches!(event.kind, Kind::Feed(_)));
        sent.map(|event| event.id.clone()).collect()
    }

    /// A channel's events, in order.
    pub(crate) fn events(&self, channel: &str) -> Vec<Event> {
        let state = self.0.lock().unwrap();
        state.events.iter().filter(|event| event.channel == channel).cloned().collect()
    }

    pub(crate) fn feed(&self, channel: &str) -> Vec<FeedState> {
        let state = self.0.lock().unwrap();
        let of_channel = state.events.iter().filter(|event| event.channel == channel);
        of_channel
            .filter_map(|event| match event.kind {
                Kind::Feed(feed) => Some(feed.state),
                _ => None,
            })
            .collect()
    }

    pub(crate) fn cursor(&self, channel: &str, part: &'static str) -> Option<Vec<u8>> {
        self.0.lock().unwrap().cursors.get(&(channel.to_owned(), part)).cloned()
    }
}
