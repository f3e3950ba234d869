//! One board on the walls: what its screens have been told, and what they are told next.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::figures::Scene;
use super::file::{Board, Placed, utc_offset_ms};
use super::frame::{Content, Epoch, Frame, quoted};
use super::held::Held;
use super::notice::Notice;
use crate::engine::Engine;
use crate::scope::Selector;

/// A board that is shown, and what its screens have been told.
pub(super) struct Shown {
    pub(super) board: Board,
    pub(super) layout: Arc<str>,
    pub(super) utc_offset_ms: i64,
    pub(super) notice: Option<Notice>,
    /// What is called otherwise since the layout was made stands in it, too.
    pub(super) is_titled_anew: bool,
    pub(super) seq: u64,
    pub(super) content: Option<Arc<Content>>,
    /// What each tile looked like last, so that no colour flickers.
    pub(super) held: Vec<Held>,
    /// A frame went out since the last heartbeat.
    pub(super) moved: bool,
}

/// Tiles that learn the past learn so much of it with each look: all have learnt theirs by then.
const LOOKS: usize = 35;

/// The first frame of a board that nobody watches: a picture of its own.
pub fn picture(board: Board, scene: &Scene<'_>, build: &'static str) -> Option<Frame> {
    for _ in 0..LOOKS {
        for placed in &board.tiles {
            placed.tile.render(scene);
        }
    }
    Shown::new(board, 0).render(scene, &Epoch::from("picture"), build)
}

/// A board that nobody shows, as it is at this moment: each tile is looked at once. The frame has the
/// number that whoever asked gave it.
pub fn sketch(board: &Board, scene: &Scene<'_>, seq: u64, build: &'static str) -> Frame {
    let tile = |placed: &Placed| (quoted(&placed.id), placed.tile.render(scene).into());
    let tiles = board.tiles.iter().map(tile).collect();
    let content = Content { build, layout: board.layout(scene).into(), tiles };
    Frame::new(Epoch::from("sketch"), seq, None, scene.now_ms, Arc::new(content), &[])
}

/// What the tiles of a board select by.
pub(super) fn selectors(board: &Board) -> impl Iterator<Item = &Selector> {
    board.tiles.iter().flat_map(|placed| placed.tile.selectors())
}

/// Has the engine count what a board shows.
pub(super) fn count(board: &Board, engine: &mut Engine) {
    for selector in selectors(board) {
        if !engine.watch(selector) {
            tracing::warn!(
                board = board.id,
                "too many things are counted together already: a tile stays empty"
            );
        }
    }
}

/// The pages of others that boards show, each once.
pub(super) fn pages<'a>(boards: impl Iterator<Item = &'a Shown>) -> Vec<String> {
    let tiles = boards.flat_map(|shown| &shown.board.tiles);
    let pages: BTreeSet<&str> = tiles.filter_map(|placed| placed.tile.page()).collect();
    pages.into_iter().map(str::to_owned).collect()
}

impl Shown {
    pub(super) fn new(board: Board, seq: u64) -> Shown {
        Shown {
            held: board.tiles.iter().map(|_| Held::default()).collect(),
            board,
            layout: Arc::from(""),
            utc_offset_ms: 0,
            notice: None,
            is_titled_anew: false,
            seq,
            content: None,
            moved: false,
        }
    }

    /// The next frame, if anything on the board differs from the last one.
    pub(super) fn render(
        &mut self,
        scene: &Scene<'_>,
        epoch: &Epoch,
        build: &'static str,
    ) -> Option<Frame> {
        let offset = utc_offset_ms(scene.now_ms, scene.site);
        let last = self.content.take();
        // The layout knows the zone's offset: summer time is a new layout. So is a notice.
        let is_titled_anew = std::mem::take(&mut self.is_titled_anew);
        if last.is_none()
            || is_titled_anew
            || (offset, scene.notice) != (self.utc_offset_ms, self.notice)
        {
            self.layout = self.board.layout(scene).into();
            (self.utc_offset_ms, self.notice) = (offset, scene.notice);
        }
        let same_layout =
            last.as_ref().is_some_and(|content| Arc::ptr_eq(&content.layout, &self.layout));
        let mut changed = Vec::new();
        let mut tiles = Vec::with_capacity(self.board.tiles.len());
        for (at, placed) in self.board.tiles.iter().enumerate() {
            let value = placed.tile.render(&Scene { held: self.held.get(at), ..*scene });
            match last.as_ref().map(|content| &content.tiles[at]) {
                Some((id, before)) if **before == *value => {
                    tiles.push((Arc::clone(id), Arc::clone(before)));
                }
                before => {
                    let id = before.map_or_else(|| quoted(&placed.id), |(id, _)| Arc::clone(id));
                    tiles.push((id, value.into()));
                    changed.push(at);
                }
            }
        }
        if same_layout && changed.is_empty() {
            self.content = last;
            return None;
        }
        let prev = same_layout.then_some(self.seq);
        self.seq += 1;
        self.moved = true;
        let content = Arc::new(Content { build, layout: Arc::clone(&self.layout), tiles });
        self.content = Some(Arc::clone(&content));
        Some(Frame::new(Arc::clone(epoch), self.seq, prev, scene.now_ms, content, &changed))
    }
}
