//! A simulated disk: the files are real, and beside them stands what of them would be there after a
//! power cut.
//!
//! Of each file it knows what was synced and each write since; of each folder the names that were
//! synced and each change of a name since. When the power is cut, any of these writes and changes are
//! left, each write in pieces of a sector: as POSIX allows it, and worse than most disks do. Among
//! writes to one place the last that is left wins, as a cache has only the newest. What a failed sync
//! was about may never come to the disk, though the next sync succeeds and reads show it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::fate::{Call, Cut, Fate, Plan, Verdict};
use super::real_files::{make_folder, put_bytes, to_index, walk, write_file};
use crate::files::point::{self, Inserted, Point};

/// What a disk writes whole or not at all.
const SECTOR: u64 = 512;

/// A file's place in the list, whatever it is called.
pub(super) type Node = usize;

enum Change {
    Bytes { at: u64, bytes: Vec<u8> },
    Length(u64),
}

/// A write that was not synced.
struct Write {
    change: Change,
    /// A sync of it failed: the system takes it to be done.
    is_forgotten: bool,
}

#[derive(Default)]
struct File {
    synced: Vec<u8>,
    writes: Vec<Write>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    Folder,
    File(Node),
}

/// A change of a name that was not synced.
#[derive(Clone)]
enum Naming {
    Put(PathBuf, Entry),
    Removed(PathBuf),
    Moved { from: PathBuf, to: PathBuf, entry: Entry },
}

type Names = BTreeMap<PathBuf, Entry>;

/// Everything behind one folder.
pub(super) struct Contents {
    root: PathBuf,
    files: Vec<File>,
    names: Names,
    synced_names: Names,
    namings: Vec<Naming>,
    dice: StdRng,
    pub(super) fate: Fate,
}

/// A disk, shared by all that use it.
pub(super) struct Disk(Mutex<Contents>);

/// All disks, for SQLite's calls.
static DISKS: RwLock<Vec<(PathBuf, Arc<Disk>)>> = RwLock::new(Vec::new());

/// As long as it is there, the disk is behind its folder.
pub(super) struct Mounted {
    root: PathBuf,
    _inserted: Inserted,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let mut disks = DISKS.write().unwrap_or_else(PoisonError::into_inner);
        disks.retain(|(root, _)| *root != self.root);
    }
}

/// The disk behind a path, if it is a simulated one.
pub(super) fn disk_of(path: &Path) -> Option<Arc<Disk>> {
    let disks = DISKS.read().unwrap_or_else(PoisonError::into_inner);
    let found = disks.iter().find(|(root, _)| path.starts_with(root));
    found.map(|(_, disk)| Arc::clone(disk))
}

impl Disk {
    /// An empty one behind a folder that is there.
    pub(super) fn mount(root: &Path, seed: u64) -> (Arc<Disk>, Mounted) {
        let contents = Contents {
            root: root.to_path_buf(),
            files: Vec::new(),
            names: Names::new(),
            synced_names: Names::new(),
            namings: Vec::new(),
            dice: StdRng::seed_from_u64(seed),
            fate: Fate::default(),
        };
        let disk = Arc::new(Disk(Mutex::new(contents)));
        let mut disks = DISKS.write().unwrap_or_else(PoisonError::into_inner);
        disks.push((root.to_path_buf(), Arc::clone(&disk)));
        let shared: Arc<dyn point::Disk> = Arc::<Disk>::clone(&disk);
        let mounted = Mounted { root: root.to_path_buf(), _inserted: point::insert(root, shared) };
        (disk, mounted)
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new life of the process begins.
    pub(super) fn begin(&self, plan: Plan) {
        self.lock().fate.begin(plan);
    }
}

impl Contents {
    /// A file that SQLite has opened; one that is not known was made just now.
    pub(super) fn opened(&mut self, path: &Path) -> Node {
        match self.names.get(path) {
            Some(Entry::File(node)) => *node,
            _ => self.made(path),
        }
    }

    fn made(&mut self, path: &Path) -> Node {
        self.files.push(File::default());
        let node = self.files.len() - 1;
        self.put(path, Entry::File(node));
        node
    }

    fn put(&mut self, path: &Path, entry: Entry) {
        self.names.insert(path.to_path_buf(), entry);
        self.namings.push(Naming::Put(path.to_path_buf(), entry));
    }

    pub(super) fn wrote(&mut self, node: Node, at: u64, bytes: &[u8]) {
        self.change(node, Change::Bytes { at, bytes: bytes.to_vec() });
    }

    pub(super) fn truncated(&mut self, node: Node, length: u64) {
        self.change(node, Change::Length(length));
    }

    fn change(&mut self, node: Node, change: Change) {
        self.files[node].writes.push(Write { change, is_forgotten: false });
    }

    pub(super) fn synced(&mut self, node: Node) {
        let file = &mut self.files[node];
        for write in file.writes.drain(..).filter(|write| !write.is_forgotten) {
            match write.change {
                Change::Bytes { at, bytes } => put_bytes(&mut file.synced, at, &bytes),
                Change::Length(length) => file.synced.resize(to_index(length), 0),
            }
        }
    }

    /// What had to be synced and could not may be taken for done.
    pub(super) fn sync_failed(&mut self, node: Node) {
        let dice = &mut self.dice;
        for write in &mut self.files[node].writes {
            write.is_forgotten |= dice.random::<bool>();
        }
    }

    pub(super) fn removed(&mut self, path: &Path) {
        if self.names.remove(path).is_some() {
            self.namings.push(Naming::Removed(path.to_path_buf()));
        }
    }

    fn moved(&mut self, from: &Path, to: &Path) {
        if let Some(entry) = self.names.remove(from) {
            self.names.insert(to.to_path_buf(), entry);
            let (from, to) = (from.to_path_buf(), to.to_path_buf());
            self.namings.push(Naming::Moved { from, to, entry });
        }
    }

    pub(super) fn synced_folder(&mut self, folder: &Path) {
        let (synced, others) = std::mem::take(&mut self.namings)
            .into_iter()
            .partition::<Vec<_>, _>(|naming| naming.folder() == Some(folder));
        self.namings = others;
        synced.iter().for_each(|naming| naming.apply(&mut self.synced_names));
    }

    /// The power is cut: the real files become what is left.
    pub(super) fn cut(&mut self, cut: Cut) -> io::Result<()> {
        // What SQLite keeps beside a file is made by the system itself.
        let mut others = Vec::new();
        walk(&self.root, &mut |path| {
            if !self.names.contains_key(path) {
                others.push((path.to_path_buf(), fs::read(path)?));
            }
            Ok(())
        })?;
        let mut names = std::mem::take(&mut self.synced_names);
        let namings = std::mem::take(&mut self.namings);
        let left = cut.left(&mut self.dice, namings.len());
        for (naming, _) in namings.iter().zip(left).filter(|(_, is_left)| *is_left) {
            naming.apply(&mut names);
        }
        let mut files = Vec::new();
        fs::remove_dir_all(&self.root)?;
        make_folder(&self.root)?;
        let mut kept = Names::new();
        // A folder comes before what is in it.
        for (path, entry) in names {
            let is_reachable = path.parent().is_some_and(|parent| {
                parent == self.root || kept.get(parent) == Some(&Entry::Folder)
            });
            if !is_reachable {
                continue;
            }
            match entry {
                Entry::Folder => make_folder(&path)?,
                Entry::File(node) => {
                    let synced = self.files[node].left(cut, &mut self.dice);
                    write_file(&path, &synced)?;
                    files.push(File { synced, writes: Vec::new() });
                }
            }
            let entry = match entry {
                Entry::Folder => Entry::Folder,
                Entry::File(_) => Entry::File(files.len() - 1),
            };
            kept.insert(path, entry);
        }
        for (path, bytes) in others {
            if path.parent().is_some_and(Path::is_dir) && self.dice.random() {
                write_file(&path, &bytes)?;
            }
        }
        (self.files, self.names, self.synced_names) = (files, kept.clone(), kept);
        Ok(())
    }
}

impl Naming {
    /// The folder that must be synced for it to last.
    fn folder(&self) -> Option<&Path> {
        let (Naming::Put(path, _) | Naming::Removed(path) | Naming::Moved { to: path, .. }) = self;
        path.parent()
    }

    fn apply(&self, names: &mut Names) {
        match self {
            Naming::Put(path, entry) => drop(names.insert(path.clone(), *entry)),
            Naming::Removed(path) => drop(names.remove(path)),
            Naming::Moved { from, to, entry } => {
                names.remove(from);
                names.insert(to.clone(), *entry);
            }
        }
    }
}

impl File {
    /// Its content after a power cut.
    fn left(&self, cut: Cut, dice: &mut StdRng) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        let pieces: Vec<Piece<'_>> = self.writes.iter().flat_map(Write::pieces).collect();
        let left = cut.left(dice, pieces.len());
        for (piece, is_left) in pieces.iter().zip(left) {
            match *piece {
                Piece::Bytes { at, bytes: new, is_forgotten } => {
                    if is_left && !is_forgotten {
                        put_bytes(&mut bytes, at, new);
                    } else if to_index(at) >= bytes.len() && dice.random_range(0..8) == 0 {
                        // The length came to the disk, and what is there did not.
                        bytes.resize(to_index(at) + new.len(), 0);
                    }
                }
                Piece::Length { length, is_forgotten } => {
                    if is_left && !is_forgotten {
                        bytes.resize(to_index(length), 0);
                    }
                }
            }
        }
        bytes
    }
}

/// Of a write, what a disk does at once.
#[derive(Clone, Copy)]
enum Piece<'a> {
    Bytes { at: u64, bytes: &'a [u8], is_forgotten: bool },
    Length { length: u64, is_forgotten: bool },
}

impl Write {
    fn pieces(&self) -> Vec<Piece<'_>> {
        let is_forgotten = self.is_forgotten;
        let (mut at, mut rest) = match &self.change {
            Change::Length(length) => return vec![Piece::Length { length: *length, is_forgotten }],
            Change::Bytes { at, bytes } => (*at, bytes.as_slice()),
        };
        let mut pieces = Vec::new();
        while !rest.is_empty() {
            let to_the_end = to_index(SECTOR - at % SECTOR);
            let (bytes, others) = rest.split_at(to_the_end.min(rest.len()));
            pieces.push(Piece::Bytes { at, bytes, is_forgotten });
            (at, rest) = (at + bytes.len() as u64, others);
        }
        pieces
    }
}

impl point::Disk for Disk {
    fn at(&self, point: Point<'_>, act: &mut dyn FnMut() -> io::Result<()>) -> io::Result<()> {
        let call = match point {
            Point::MakeFolder(_) => Call::MakeFolder,
            Point::Read(_) => Call::Read,
            Point::Make { .. } => Call::Make,
            Point::Write(_) => Call::Write,
            Point::Sync(_) => Call::Sync,
            Point::Rename { .. } => Call::Rename,
            Point::Remove(_) => Call::Remove,
            Point::SyncFolder(_) => Call::SyncFolder,
        };
        let mut disk = self.lock();
        match disk.fate.judge(call) {
            Verdict::Done => {}
            Verdict::Refused(refusal) => {
                if let Point::Sync(path) = point
                    && let Some(Entry::File(node)) = disk.names.get(path).copied()
                {
                    disk.sync_failed(node);
                }
                return Err(refusal.error());
            }
            Verdict::Dead => return Err(io::Error::other("the power is cut")),
        }
        act()?;
        match point {
            Point::Read(_) => {}
            Point::MakeFolder(path) => disk.made_folder(path),
            Point::Make { path, emptied } => {
                let node = disk.opened(path);
                if emptied {
                    disk.truncated(node, 0);
                }
            }
            Point::Write(path) => {
                let (node, bytes) = (disk.opened(path), fs::read(path)?);
                disk.wrote(node, 0, &bytes);
            }
            Point::Sync(path) => {
                let node = disk.opened(path);
                disk.synced(node);
            }
            Point::Rename { from, to } => disk.moved(from, to),
            Point::Remove(path) => disk.removed(path),
            Point::SyncFolder(path) => disk.synced_folder(path),
        }
        Ok(())
    }
}

impl Contents {
    fn made_folder(&mut self, path: &Path) {
        let ancestors = path.ancestors().take_while(|it| *it != self.root);
        let made: Vec<_> = ancestors.filter(|it| !self.names.contains_key(*it)).collect();
        made.into_iter().rev().for_each(|folder| self.put(folder, Entry::Folder));
    }
}
