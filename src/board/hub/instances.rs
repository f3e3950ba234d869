//! Boards of files with a parameter: opened when somebody looks, one for all who look at the same, and
//! closed when nobody has for a while. There are no more of them at once than a limit says.

use std::collections::BTreeMap;

use tokio::time::Instant;

use super::{Core, Which};
use crate::board::figures::Figures;
use crate::board::file::Board;
use crate::board::frame::Choice;
use crate::board::handle::{NotOpen, Wish};
use crate::board::parameter::{Kind, file_of, split};
use crate::board::parts::InstanceLimits;

/// The files with parameters, and which of their boards are open.
pub(super) struct Instances {
    limits: InstanceLimits,
    templates: BTreeMap<String, Held>,
    /// When somebody last looked at each that is open.
    open: BTreeMap<String, Instant>,
    /// How many names the engine knew when what can be chosen was listed last.
    names_listed: usize,
}

/// A file with a parameter, as it is now.
struct Held {
    board: Board,
    source: String,
}

impl Instances {
    pub(super) fn new(limits: InstanceLimits) -> Instances {
        Instances { limits, templates: BTreeMap::new(), open: BTreeMap::new(), names_listed: 0 }
    }

    /// The file of that name, as it was good last.
    pub(super) fn template(&self, id: &str) -> Option<&Board> {
        self.templates.get(id).map(|held| &held.board)
    }

    /// All of them.
    pub(super) fn templates(&self) -> impl Iterator<Item = &Board> {
        self.templates.values().map(|held| &held.board)
    }

    /// Whether a board is one of theirs.
    pub(super) fn has(&self, id: &str) -> bool {
        self.open.contains_key(id)
    }

    /// The one at which nobody looks now and at which nobody has looked for longest.
    fn left_longest(&self, is_watched: impl Fn(&str) -> bool) -> Option<String> {
        let left = self.open.iter().filter(|(id, _)| !is_watched(id));
        left.min_by_key(|(_, looked)| **looked).map(|(id, _)| id.clone())
    }
}

impl Core {
    /// Takes up a file with a parameter; boards of it that are open change with it.
    pub(super) fn put_template(&mut self, board: Board, source: String) {
        let id = board.id.clone();
        if self.boards.contains_key(&id) {
            // It was one board until now.
            self.remove(&id);
        }
        let title = super::boards::listed_title(&board, &self.site);
        let parameter = board.template.as_ref().map(|template| template.parameter.clone());
        self.published.describe(&id, &title, &source, None);
        self.published.leave_open(&id, parameter);
        self.instances.templates.insert(id.clone(), Held { board, source });
        self.keep_choices();
        self.make_anew(|file| file == id);
    }

    /// The file is gone, or has no parameter any more: its boards go with it.
    pub(super) fn remove_template(&mut self, id: &str) {
        if self.instances.templates.remove(id).is_none() {
            return;
        }
        self.published.leave_open(id, None);
        let of_file = self.instances.open.keys().filter(|board| file_of(board) == id);
        for board in of_file.cloned().collect::<Vec<_>>() {
            self.close(&board);
        }
    }

    /// Makes the open boards of some files anew.
    pub(super) fn make_anew(&mut self, is_of: impl Fn(&str) -> bool) {
        let of_files = self.instances.open.keys().filter(|board| is_of(file_of(board)));
        for id in of_files.cloned().collect::<Vec<_>>() {
            if !self.make(&id) {
                self.close(&id);
            }
        }
    }

    /// Opens a board, and answers who asked for it.
    pub(super) fn fulfil(&mut self, wish: Wish) {
        let opened = self.open(&wish.id);
        if let Some(answer) = wish.answer {
            // Who asked may have gone.
            let _ = answer.send(opened);
        }
    }

    fn open(&mut self, id: &str) -> Result<(), NotOpen> {
        let now = Instant::now();
        if let Some(looked) = self.instances.open.get_mut(id) {
            *looked = now;
            return Ok(());
        }
        // A queue may have come within this second.
        self.keep_choices();
        if !self.is_choice(id) {
            return Err(NotOpen::Unknown);
        }
        let instances_max = self.instances.limits.instances_max;
        if self.instances.open.len() >= instances_max {
            let left = self.instances.left_longest(|id| self.published.is_watched(id));
            self.close(&left.ok_or(NotOpen::Full { instances_max })?);
        }
        if !self.make(id) {
            return Err(NotOpen::Unknown);
        }
        self.instances.open.insert(id.to_owned(), now);
        self.publish(self.now_ms(), Which::One(id));
        Ok(())
    }

    fn is_choice(&self, id: &str) -> bool {
        let Some((file, value)) = split(id) else { return false };
        let Some(parameter) = self.published.parameter(file) else { return false };
        let choices = self.published.choices();
        let known = choices.get(&parameter.kind).map(Vec::as_slice).unwrap_or_default();
        known.iter().any(|choice| choice.name == value)
    }

    /// Makes a board of its file and its value. False where that is not possible.
    fn make(&mut self, id: &str) -> bool {
        let Some((file, value)) = split(id) else { return false };
        let Some(Held { board, source }) = self.instances.templates.get(file) else { return false };
        let Some(template) = &board.template else { return false };
        let title = self.site.title_of(template.parameter.kind, value);
        match template.with(file, value, title) {
            Ok(board) => {
                let source = source.clone();
                self.put(board, &source);
                true
            }
            Err(problems) => {
                let problem: Vec<String> = problems.iter().map(ToString::to_string).collect();
                tracing::warn!(
                    board = file,
                    problem = problem.join("\n"),
                    "no board can be made of this file"
                );
                false
            }
        }
    }

    fn close(&mut self, id: &str) {
        self.instances.open.remove(id);
        self.remove(id);
    }

    /// At each tick: closes what nobody looks at, and sees what can be chosen.
    pub(super) fn see_to_instances(&mut self) {
        if self.engine.names_known() != self.instances.names_listed {
            self.keep_choices();
        }
        let now = Instant::now();
        let mut idle = Vec::new();
        for (id, looked) in &mut self.instances.open {
            if self.published.is_watched(id) {
                *looked = now;
            } else if now.duration_since(*looked) >= self.instances.limits.idle {
                idle.push(id.clone());
            }
        }
        idle.iter().for_each(|id| self.close(id));
    }

    /// Publishes what boards can be opened for, of the kinds that files leave open.
    pub(super) fn keep_choices(&mut self) {
        self.instances.names_listed = self.engine.names_known();
        let templates = self.instances.templates().filter_map(|board| board.template.as_ref());
        let kinds = templates.map(|template| template.parameter.kind);
        let choices = kinds.map(|kind| {
            let figures: &dyn Figures = &self.engine;
            let names = match kind {
                Kind::Queue => figures.queues(),
                Kind::Channel => figures.channels(),
                Kind::Policy => self.site.policies.keys().cloned().collect(),
                Kind::Topic => figures.topics(),
            };
            // Contacts of which the network names no queue are nobody's.
            let named = names.into_iter().filter(|name| !name.is_empty());
            let choice =
                |name: String| Choice { title: self.site.title_of(kind, &name).to_owned(), name };
            (kind, named.map(choice).collect::<Vec<_>>())
        });
        let choices = choices.collect::<BTreeMap<_, _>>();
        self.published.keep_choices(choices);
    }
}
