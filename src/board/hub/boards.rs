//! Which boards the hub shows: what the library says, taken up. It reads no file and renders nothing.

use std::sync::Arc;

use super::Core;
use crate::board::figures::Site;
use crate::board::file::Board;
use crate::board::library::Change;
use crate::board::shown::{Shown, count, pages, selectors};

impl Core {
    /// Takes up what has become of boards.
    pub(super) fn change_boards(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Put { board, source } if board.template.is_some() => {
                    self.put_template(board, source);
                }
                Change::Put { board, source } => {
                    self.remove_template(&board.id);
                    self.put(board, &source);
                }
                Change::Problem { id, source, problem } => {
                    let board = self.boards.get(&id).map(|shown| &shown.board);
                    let board = board.or_else(|| self.instances.template(&id));
                    let title =
                        board.map_or_else(|| id.clone(), |board| listed_title(board, &self.site));
                    self.published.describe(&id, &title, &source, Some(problem));
                }
                Change::Images(images) => {
                    self.house.images = Arc::new(images);
                    self.published.keep_images(Arc::clone(&self.house.images));
                }
                Change::Remove { id } => {
                    self.remove_template(&id);
                    self.remove(&id);
                }
            }
        }
        self.count_what_is_shown();
    }

    /// Shows a board, in place of what was shown by its id.
    pub(super) fn put(&mut self, board: Board, source: &str) {
        let title = listed_title(&board, &self.site);
        self.published.describe(&board.id, &title, source, None);
        self.published.explain(&board.id, board.explained());
        // Numbers go on, also those of one that was removed: its screens hold them.
        let seq = self.boards.get(&board.id).map_or(self.removed_seq, |it| it.seq);
        self.boards.insert(board.id.clone(), Shown::new(board, seq));
        self.keep_pages();
    }

    /// Shows a board no longer; its screens are told.
    pub(super) fn remove(&mut self, id: &str) {
        let seq = self.boards.remove(id).map_or(0, |shown| shown.seq);
        self.removed_seq = self.removed_seq.max(seq);
        self.published.remove(id);
        self.keep_pages();
    }

    /// Whoever asks pages of others whether they let themselves be shown is told of which.
    fn keep_pages(&self) {
        self.published.keep_pages(pages(self.boards.values()));
    }

    /// Things are called otherwise from now on.
    pub(super) fn title_as(&mut self, site: Arc<Site>) {
        self.site = site;
        self.title_policies();
        self.keep_choices();
        self.boards.values_mut().for_each(|shown| shown.is_titled_anew = true);
        // Titles stand in what they were made of.
        self.make_anew(|_| true);
    }

    /// Has the engine count what boards select by; what none does any more makes room. Boards of a
    /// template select by what it selects by: who opens one takes no place.
    pub(super) fn count_what_is_shown(&mut self) {
        let own = self.boards.iter().filter(|(id, _)| !self.instances.has(id));
        let own = own.map(|(_, shown)| &shown.board);
        let boards: Vec<&Board> = own.chain(self.instances.templates()).collect();
        self.engine.watch_only(boards.iter().flat_map(|board| selectors(board)));
        boards.iter().for_each(|board| count(board, &mut self.engine));
    }
}

/// What a board is called in lists.
pub(super) fn listed_title(board: &Board, site: &Site) -> String {
    let language = board.language(site);
    let title = board.title(language);
    board.template.as_ref().map_or(title.clone(), |template| template.any(&title, language))
}
