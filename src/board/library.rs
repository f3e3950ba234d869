//! Where boards come from: those that ship, and the operator's folder over them.
//!
//! [`Library::refresh`] reports what changed since the last time. It reads a disk, so it runs on
//! a blocking thread; [`watch`] does that every while and hands the changes to the hub. A file
//! that became bad is reported as a problem and changes nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use std::{fs, io};

use tokio::sync::mpsc;

use super::file::{Board, FILE_BYTES_MAX, Named};
use super::images::{self, ImageLimits, Images};
use crate::assets;
use crate::config::Problem;
use crate::files;

/// Where shipped boards are said to come from.
const SHIPPED: &str = "shipped";

/// What became of a board.
pub enum Change {
    /// New, or new content.
    Put {
        /// Its content.
        board: Board,
        /// `shipped`, or the file's path.
        source: String,
    },
    /// Its file is bad: what was shown stays.
    Problem {
        /// The board.
        id: String,
        /// The file's path.
        source: String,
        /// Each problem on a line of its own.
        problem: String,
    },
    /// The pictures of the folder are others.
    Images(Images),
    /// Its file is gone, and none ships with that name.
    Remove {
        /// The board.
        id: String,
    },
}

/// All boards of this server.
pub struct Library {
    dir: Option<PathBuf>,
    images: Option<images::Folder>,
    /// The operator's files as they were read last.
    known: BTreeMap<String, Stamp>,
    /// Boards that were handed out and can be shown.
    shown: BTreeSet<String>,
    first: bool,
    /// The folder could not be read the last time; said once.
    unreadable: bool,
}

/// Tells one state of a file from another.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
}

impl Library {
    /// The shipped boards and those in `dir`.
    pub fn new(dir: Option<PathBuf>) -> Library {
        Library {
            images: dir.as_deref().map(|dir| images::Folder::of(dir, ImageLimits::default())),
            dir,
            known: BTreeMap::new(),
            shown: BTreeSet::new(),
            first: true,
            unreadable: false,
        }
    }

    /// Keeps pictures by these limits.
    #[must_use]
    pub fn keeping_images(mut self, limits: ImageLimits) -> Library {
        if let Some(images) = &mut self.images {
            images.limit(limits);
        }
        self
    }

    /// What changed since the last call; the first call reports everything.
    pub fn refresh(&mut self) -> Vec<Change> {
        // Pictures first: a new board finds its own.
        let images = self.images.as_mut().and_then(images::Folder::changed);
        let mut changes: Vec<Change> = images.map(Change::Images).into_iter().collect();
        let found = match self.scan() {
            Ok(found) => {
                self.unreadable = false;
                found
            }
            Err(error) => {
                if !std::mem::replace(&mut self.unreadable, true) {
                    let dir = self.dir.as_deref().unwrap_or(Path::new("")).display();
                    tracing::warn!(%dir, %error, "the folder of boards cannot be read; boards stay as they are");
                }
                self.known.clone()
            }
        };
        if std::mem::take(&mut self.first) {
            for (id, text) in shipped().filter(|(id, _)| !found.contains_key(*id)) {
                self.put_shipped(id, text, &mut changes);
            }
        }
        for (id, stamp) in &found {
            if self.known.get(id) != Some(stamp) {
                self.read(id, &mut changes);
            }
        }
        let gone = self.known.keys().filter(|id| !found.contains_key(*id));
        for id in gone.cloned().collect::<Vec<_>>() {
            match shipped().find(|(name, _)| *name == id) {
                Some((_, text)) => self.put_shipped(&id, text, &mut changes),
                None => {
                    self.shown.remove(&id);
                    changes.push(Change::Remove { id });
                }
            }
        }
        self.known = found;
        changes
    }

    /// The operator's files, by board.
    fn scan(&self) -> io::Result<BTreeMap<String, Stamp>> {
        let Some(dir) = &self.dir else { return Ok(BTreeMap::new()) };
        let mut found = BTreeMap::new();
        for (id, path) in files_in(dir)? {
            // A file that vanished in between is simply not there.
            let Ok(metadata) = fs::metadata(&path) else { continue };
            let stamp = Stamp { modified: metadata.modified().ok(), bytes: metadata.len() };
            found.insert(id, stamp);
        }
        Ok(found)
    }

    fn read(&mut self, id: &str, changes: &mut Vec<Change>) {
        let Some(dir) = &self.dir else { return };
        let path = dir.join(format!("{id}.toml"));
        let source = path.display().to_string();
        let problem = match look(&path).0.map_err(|problems| lines(&problems)) {
            Ok(board) => {
                self.shown.insert(id.to_owned());
                changes.push(Change::Put { board, source });
                return;
            }
            Err(problem) => problem,
        };
        tracing::warn!(board = id, problem, "bad board file; what was shown stays");
        // A shipped board is better than none while the site's own is bad.
        if !self.shown.contains(id)
            && let Some((_, text)) = shipped().find(|(name, _)| *name == id)
        {
            self.put_shipped(id, text, changes);
        }
        changes.push(Change::Problem { id: id.to_owned(), source, problem });
    }

    fn put_shipped(&mut self, id: &str, text: &str, changes: &mut Vec<Change>) {
        match Board::parse(id, &format!("{id}.toml"), text) {
            Ok(board) => {
                self.shown.insert(id.to_owned());
                changes.push(Change::Put { board, source: SHIPPED.to_owned() });
            }
            // A test holds that this does not happen.
            Err(problems) => changes.push(Change::Problem {
                id: id.to_owned(),
                source: SHIPPED.to_owned(),
                problem: lines(&problems),
            }),
        }
    }
}

/// The boards that ship: id and text.
pub fn shipped() -> impl Iterator<Item = (&'static str, &'static str)> {
    assets::boards().filter_map(|(file, text)| Some((file.strip_suffix(".toml")?, text)))
}

/// The board files of a folder, by board.
pub fn files_in(dir: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let Some(id) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        found.insert(id.to_owned(), path);
    }
    Ok(found)
}

/// Whether that can be a board's name.
pub fn is_name(id: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    !id.is_empty() && id.chars().all(fits)
}

/// A board file as it is now, and the things of the site that it names.
pub fn look(path: &Path) -> (Result<Board, Vec<Problem>>, Vec<Named>) {
    let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let source = path.display().to_string();
    let whole = |words: String| (Err(vec![Problem::in_file(&source, &words, "")]), Vec::new());
    if !is_name(id) {
        return whole(
            "a board's name is part of its address; use letters, digits, `-` and `_`".to_owned(),
        );
    }
    match files::read_to_string(path, FILE_BYTES_MAX) {
        Ok(text) => Board::look(id, &source, &text),
        Err(error) => whole(error.to_string()),
    }
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Looks for changes every `every`, until nobody wants them any more.
pub async fn watch(mut library: Library, every: Duration, changes: mpsc::Sender<Vec<Change>>) {
    let mut tick = tokio::time::interval(every);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    // Its first tick comes at once, and the library has just been read.
    tick.tick().await;
    loop {
        tokio::select! {
            _ = tick.tick() => {}
            () = changes.closed() => return,
        }
        let refreshed = tokio::task::spawn_blocking(move || {
            let found = library.refresh();
            (library, found)
        });
        let Ok((returned, found)) = refreshed.await else { return };
        library = returned;
        if !found.is_empty() && changes.send(found).await.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    const GOOD: &str =
        "title = \"Own\"\n[[tile]]\nid = \"t\"\ntype = \"clock\"\nx = 0\ny = 0\nw = 2\nh = 2\n";

    fn told(changes: Vec<Change>) -> Vec<String> {
        let mut told: Vec<String> = changes
            .into_iter()
            .map(|change| match change {
                Change::Put { board, source } if source == SHIPPED => format!("ship {}", board.id),
                Change::Put { board, .. } => {
                    format!("put {} {}", board.id, board.title(Language::English))
                }
                Change::Problem { id, .. } => format!("problem {id}"),
                Change::Images(_) => "images".to_owned(),
                Change::Remove { id } => format!("remove {id}"),
            })
            .collect();
        told.sort();
        told
    }

    #[test]
    fn the_sites_folder_goes_before_what_ships() {
        let dir = tempfile::tempdir().expect("tempdir");
        let write = |file: &str, text: &str| fs::write(dir.path().join(file), text).expect("write");
        write("own.toml", GOOD);
        write("notes.txt", "not a board");
        let mut library = Library::new(Some(dir.path().to_owned()));
        assert_eq!(
            told(library.refresh()),
            [
                "put own Own",
                "ship floor",
                "ship health",
                "ship lead",
                "ship management",
                "ship phones",
                "ship promises",
                "ship quality",
                "ship queue",
                "ship social",
                "ship team",
                "ship week",
                "ship written"
            ]
        );
        assert_eq!(told(library.refresh()), [""; 0]);

        write("floor.toml", &GOOD.replace("Own", "Our floor"));
        assert_eq!(told(library.refresh()), ["put floor Our floor"]);
        write("floor.toml", "title = \"broken");
        assert_eq!(told(library.refresh()), ["problem floor"]);
        assert_eq!(told(library.refresh()), [""; 0], "said once");

        fs::remove_file(dir.path().join("floor.toml")).expect("remove");
        fs::remove_file(dir.path().join("own.toml")).expect("remove");
        assert_eq!(told(library.refresh()), ["remove own", "ship floor"]);
    }

    #[test]
    fn a_bad_file_at_the_start_leaves_the_shipped_board() {
        let dir = tempfile::tempdir().expect("tempdir");
        fs::write(dir.path().join("floor.toml"), "tile = 3").expect("write");
        fs::write(dir.path().join("a b.toml"), GOOD).expect("write");
        let mut library = Library::new(Some(dir.path().to_owned()));
        assert_eq!(
            told(library.refresh()),
            [
                "problem a b",
                "problem floor",
                "ship floor",
                "ship health",
                "ship lead",
                "ship management",
                "ship phones",
                "ship promises",
                "ship quality",
                "ship queue",
                "ship social",
                "ship team",
                "ship week",
                "ship written"
            ]
        );
    }

    #[test]
    fn an_unreadable_folder_takes_no_board_away() {
        let dir = tempfile::tempdir().expect("tempdir");
        let boards = dir.path().join("boards");
        fs::create_dir(&boards).expect("mkdir");
        fs::write(boards.join("own.toml"), GOOD).expect("write");
        let mut library = Library::new(Some(boards.clone()));
        library.refresh();
        fs::rename(&boards, dir.path().join("elsewhere")).expect("rename");
        assert_eq!(told(library.refresh()), [""; 0]);
    }
}
