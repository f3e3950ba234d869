//! A board's picture, encoded once for all screens, and where the newest one is found.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use axum::extract::ws::Utf8Bytes;
use dashmap::DashMap;
use tokio::sync::watch;

use super::framing::Framing;
use super::images::Images;
use super::parameter::{Kind, Parameter};
use super::tile::Explained;
use crate::event::UnixMs;

/// Names one run of the server: sequence numbers of different runs are not comparable.
pub type Epoch = Arc<str>;

/// An epoch from the moment the server started: two starts differ by more than a millisecond.
pub fn epoch(started_ms: UnixMs) -> Epoch {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut rest = started_ms.unsigned_abs();
    let mut text = Vec::new();
    loop {
        text.push(DIGITS[usize::try_from(rest % 36).unwrap_or(0)]);
        rest /= 36;
        if rest == 0 {
            break;
        }
    }
    text.reverse();
    String::from_utf8_lossy(&text).into()
}

/// One state of a board. Screens that hold the state `prev` need only [`Frame::delta`]; all
/// others need [`Frame::snapshot`].
pub struct Frame {
    /// This run of the server.
    pub epoch: Epoch,
    /// Grows by one with each change.
    pub seq: u64,
    /// The state that `delta` builds on; `None` where it builds on nothing, because the board's
    /// layout is new.
    pub prev: Option<u64>,
    /// When it was rendered.
    pub at_ms: UnixMs,
    /// What changed, as sent to screens. Empty where `prev` is `None`.
    pub delta: Utf8Bytes,
    /// Says that nothing changed since this very state; only on frames published for that.
    pub heartbeat: Option<Utf8Bytes>,
    content: Arc<Content>,
    snapshot: OnceLock<Utf8Bytes>,
}

/// A board's whole state, in encoded pieces.
pub(super) struct Content {
    /// Hash of the front end.
    pub(super) build: &'static str,
    /// The layout's JSON.
    pub(super) layout: Arc<str>,
    /// Each tile's id, quoted, and the JSON of its value.
    pub(super) tiles: Vec<(Arc<str>, Arc<str>)>,
}

impl Frame {
    /// A new state: `changed` are the tiles that differ from the state `prev`.
    pub(super) fn new(
        epoch: Epoch,
        seq: u64,
        prev: Option<u64>,
        at_ms: UnixMs,
        content: Arc<Content>,
        changed: &[usize],
    ) -> Frame {
        let delta = prev.map_or_else(Utf8Bytes::default, |prev| {
            let mut text = format!(
                r#"{{"type":"delta","epoch":"{epoch}","seq":{seq},"prev":{prev},"at_ms":{at_ms},"tiles":"#
            );
            write_tiles(&mut text, changed.iter().map(|at| &content.tiles[*at]));
            text.push('}');
            text.into()
        });
        let snapshot = OnceLock::new();
        Frame { epoch, seq, prev, at_ms, delta, heartbeat: None, content, snapshot }
    }

    /// The same state a while later.
    pub(super) fn still(&self, at_ms: UnixMs) -> Frame {
        Frame {
            epoch: Arc::clone(&self.epoch),
            seq: self.seq,
            prev: self.prev,
            at_ms,
            delta: self.delta.clone(),
            heartbeat: Some(self.short("heartbeat", self.seq, at_ms)),
            content: Arc::clone(&self.content),
            snapshot: OnceLock::new(),
        }
    }

    /// The whole state. Assembled by the first screen that needs it, then shared.
    pub fn snapshot(&self) -> &Utf8Bytes {
        self.snapshot.get_or_init(|| {
            let (epoch, seq, at_ms) = (&self.epoch, self.seq, self.at_ms);
            let Content { build, layout, tiles } = &*self.content;
            let mut text = format!(
                r#"{{"type":"snapshot","epoch":"{epoch}","seq":{seq},"at_ms":{at_ms},"build":"{build}","board":{layout},"tiles":"#
            );
            write_tiles(&mut text, tiles.iter());
            text.push('}');
            text.into()
        })
    }

    /// Tells a screen that came back that it may go on from the state it has.
    pub fn resumed(&self, seq: u64) -> Utf8Bytes {
        self.short("resumed", seq, self.at_ms)
    }

    /// The board's layout, as JSON.
    pub fn layout(&self) -> &str {
        &self.content.layout
    }

    fn short(&self, kind: &str, seq: u64, at_ms: UnixMs) -> Utf8Bytes {
        let epoch = &self.epoch;
        format!(r#"{{"type":"{kind}","epoch":"{epoch}","seq":{seq},"at_ms":{at_ms}}}"#).into()
    }
}

/// A tile's id as a JSON key.
pub(super) fn quoted(id: &str) -> Arc<str> {
    serde_json::Value::from(id).to_string().into()
}

fn write_tiles<'a>(text: &mut String, tiles: impl Iterator<Item = &'a (Arc<str>, Arc<str>)>) {
    text.push('{');
    for (at, (id, value)) in tiles.enumerate() {
        if at > 0 {
            text.push(',');
        }
        text.push_str(id);
        text.push(':');
        text.push_str(value);
    }
    text.push('}');
}

/// The newest frame of each board: written by the hub, watched by the screens.
#[derive(Default)]
pub struct Published {
    boards: DashMap<String, Entry>,
    images: ArcSwap<Images>,
    choices: ArcSwap<BTreeMap<Kind, Vec<Choice>>>,
    /// Pages within walls, by address, and what is known of them.
    pages: ArcSwap<Vec<String>>,
    framing: ArcSwap<Framing>,
}

/// One of the things that a board can be opened for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name, as in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
}

/// A board that exists, whether or not it can be shown.
struct Entry {
    title: String,
    source: String,
    problem: Option<String>,
    /// There is a board for each of something, and none by itself.
    parameter: Option<Parameter>,
    frames: Option<watch::Sender<Arc<Frame>>>,
    explained: Arc<[Explained]>,
}

/// A board in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[schema(as = ListedBoard)]
pub struct Listed {
    /// The last part of its address.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where its file is: `shipped` or the file's path.
    pub source: String,
    /// It can be looked at.
    pub shown: bool,
    /// There is one for each `queue`, `channel`, `policy` or `topic`, at `{id}:{name}`, and none by
    /// itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<&'static str>,
    /// What is wrong with the file as it is now; an older state of it is shown, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl Published {
    /// A board's frames, from the newest on. The sender's end is dropped when the board goes.
    pub fn watch(&self, board: &str) -> Option<watch::Receiver<Arc<Frame>>> {
        self.boards.get(board)?.frames.as_ref().map(watch::Sender::subscribe)
    }

    /// A board's newest frame.
    pub fn newest(&self, board: &str) -> Option<Arc<Frame>> {
        let entry = self.boards.get(board)?;
        entry.frames.as_ref().map(|frames| Arc::clone(&frames.borrow()))
    }

    /// What a board's tiles show, for whoever wants to know how it is made.
    pub fn explained(&self, board: &str) -> Option<Arc<[Explained]>> {
        Some(Arc::clone(&self.boards.get(board)?.explained))
    }

    /// Every board, by id.
    pub fn list(&self) -> Vec<Listed> {
        let mut list: Vec<Listed> = self
            .boards
            .iter()
            .map(|entry| Listed {
                id: entry.key().clone(),
                title: entry.title.clone(),
                source: entry.source.clone(),
                shown: entry.frames.is_some(),
                problem: entry.problem.clone(),
                each: entry.parameter.as_ref().map(|parameter| parameter.kind.id()),
            })
            .collect();
        list.sort_by(|a, b| a.id.cmp(&b.id));
        list
    }

    /// The pictures that tiles name.
    pub fn images(&self) -> Arc<Images> {
        self.images.load_full()
    }

    /// The pages that tiles show, each once, by address.
    pub fn pages(&self) -> Arc<Vec<String>> {
        self.pages.load_full()
    }

    /// Which of them let themselves be shown.
    pub fn framing(&self) -> Arc<Framing> {
        self.framing.load_full()
    }

    /// Tiles show these pages.
    pub(super) fn keep_pages(&self, pages: Vec<String>) {
        self.pages.store(Arc::new(pages));
    }

    /// Something else is known of them.
    pub(super) fn keep_framing(&self, framing: Framing) {
        self.framing.store(Arc::new(framing));
    }

    /// There are other pictures.
    pub(super) fn keep_images(&self, images: Arc<Images>) {
        self.images.store(images);
    }

    /// Makes a board known, or changes what is said about it.
    pub(super) fn describe(&self, id: &str, title: &str, source: &str, problem: Option<String>) {
        let mut entry = self.boards.entry(id.to_owned()).or_insert_with(|| Entry {
            title: String::new(),
            source: String::new(),
            problem: None,
            parameter: None,
            frames: None,
            explained: Arc::default(),
        });
        title.clone_into(&mut entry.title);
        source.clone_into(&mut entry.source);
        entry.problem = problem;
    }

    /// What a board's file leaves open, if anything.
    pub fn parameter(&self, board: &str) -> Option<Parameter> {
        self.boards.get(board)?.parameter.clone()
    }

    /// The file of a board, which was described before, leaves something open, or nothing any more.
    pub(super) fn leave_open(&self, id: &str, parameter: Option<Parameter>) {
        if let Some(mut entry) = self.boards.get_mut(id) {
            entry.parameter = parameter;
        }
    }

    /// What boards can be opened for, by kind.
    pub fn choices(&self) -> Arc<BTreeMap<Kind, Vec<Choice>>> {
        self.choices.load_full()
    }

    /// There are others.
    pub(super) fn keep_choices(&self, choices: BTreeMap<Kind, Vec<Choice>>) {
        if **self.choices.load() != choices {
            self.choices.store(Arc::new(choices));
        }
    }

    /// Whether a screen shows a board now.
    pub(super) fn is_watched(&self, board: &str) -> bool {
        let entry = self.boards.get(board);
        let frames = entry.as_ref().and_then(|entry| entry.frames.as_ref());
        frames.is_some_and(|frames| frames.receiver_count() > 0)
    }

    /// Says what the tiles of a board show, which was described before.
    pub(super) fn explain(&self, id: &str, tiles: Vec<Explained>) {
        if let Some(mut entry) = self.boards.get_mut(id) {
            entry.explained = tiles.into();
        }
    }

    /// Makes a frame the newest of its board, which was described before.
    pub(super) fn publish(&self, board: &str, frame: Frame) {
        let frame = Arc::new(frame);
        if let Some(mut entry) = self.boards.get_mut(board) {
            match &entry.frames {
                Some(frames) => {
                    frames.send_replace(frame);
                }
                None => entry.frames = Some(watch::Sender::new(frame)),
            }
        }
    }

    /// Forgets a board; its screens are told by the closed channel.
    pub(super) fn remove(&self, board: &str) {
        self.boards.remove(board);
    }

    /// Forgets all: the server stops.
    pub(super) fn clear(&self) {
        self.boards.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(value: &str) -> Arc<Content> {
        let tile = (Arc::from(r#""w""#), Arc::from(value));
        Arc::new(Content { build: "b", layout: Arc::from(r#"{"id":"floor"}"#), tiles: vec![tile] })
    }

    #[test]
    fn messages_are_the_protocols() {
        let first = Frame::new("k3".into(), 1, None, 100, content("1"), &[]);
        assert_eq!(
            first.snapshot().as_str(),
            r#"{"type":"snapshot","epoch":"k3","seq":1,"at_ms":100,"build":"b","board":{"id":"floor"},"tiles":{"w":1}}"#
        );
        let second = Frame::new("k3".into(), 2, Some(1), 200, content("2"), &[0]);
        assert_eq!(
            second.delta.as_str(),
            r#"{"type":"delta","epoch":"k3","seq":2,"prev":1,"at_ms":200,"tiles":{"w":2}}"#
        );
        let still = second.still(1200);
        assert_eq!(
            still.heartbeat.as_deref(),
            Some(r#"{"type":"heartbeat","epoch":"k3","seq":2,"at_ms":1200}"#)
        );
        assert_eq!(still.delta, second.delta);
        assert_eq!(
            still.resumed(2).as_str(),
            r#"{"type":"resumed","epoch":"k3","seq":2,"at_ms":1200}"#
        );
    }

    #[test]
    fn epochs_of_different_starts_differ() {
        assert_eq!(&*epoch(0), "0");
        assert_eq!(&*epoch(1_700_000_000_000), "loyw3v28");
        assert_ne!(epoch(1), epoch(2));
    }

    #[test]
    fn a_board_with_a_problem_and_no_picture_is_listed() {
        let published = Published::default();
        published.describe("own", "Own", "own.toml", Some("own.toml:1: bad".into()));
        assert!(published.watch("own").is_none());
        let list = published.list();
        assert_eq!((list[0].shown, list[0].problem.as_deref()), (false, Some("own.toml:1: bad")));
        published.publish("own", Frame::new("e".into(), 1, None, 0, content("1"), &[]));
        assert_eq!(published.newest("own").map(|frame| frame.seq), Some(1));
        published.remove("own");
        assert!(published.list().is_empty());
    }
}
