//! Compiled plugins, kept in a folder so that a restart does not compile again.
//!
//! A compiled plugin is machine code that wasmtime runs as it is: loading a foreign one would
//! give away everything. So the folder belongs to the operator alone (0700), a file is looked up
//! only under a name that we computed from the plugin's content and the engine's settings, and
//! its checksum must match. Anything odd means compiling again.
//!
//! The code is mapped from its file, not read into memory: of thirty plugins most code never runs,
//! and what does not run then takes no memory. So the checksum stands in a file beside it.
//!
//! Who compiles for the folder holds its lock, in this process and in others: one plugin is compiled
//! at a time, and a second that waits for the same one finds it.

use std::collections::hash_map::DefaultHasher;
use std::fs::{self, File, TryLockError};
use std::hash::{Hash, Hasher};
use std::io::{self, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use rustix::process::geteuid;
use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::clock;
use crate::files;

const FOLDER: &str = "compiled-plugins";
const LOCK: &str = "lock";
const CODE: &str = "cwasm";
const CHECKSUM: &str = "sha256";
const DRAFT: &str = "draft";
/// Larger ones are not of our making.
const CHECKSUM_BYTES_MAX: u64 = 64;
const PIECE_BYTES: usize = 64 << 10;
/// Who holds the lock compiles, and is bounded in that. One that stands still is not waited for longer.
const LOCK_WAIT_MAX: Duration = Duration::from_secs(10 * 60);
/// How often the lock is looked at.
const LOCK_EVERY: Duration = Duration::from_millis(50);

/// Whether there are compiled plugins below a folder.
pub fn is_cache(state_dir: &Path) -> bool {
    state_dir.join(FOLDER).is_dir()
}

/// Where commands that have no server's state keep compiled plugins, by the user's own convention.
pub fn users_cache() -> Option<PathBuf> {
    let named = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let named = named.filter(|folder| folder.is_absolute());
    let folder = named.or_else(|| Some(std::env::home_dir()?.join(".cache")))?;
    Some(folder.join("tablica"))
}

pub(super) struct Cache {
    folder: PathBuf,
    /// Differs between wasmtime versions, processors and settings.
    engine_key: String,
    kept_bytes_max: u64,
}

impl Cache {
    /// Makes the folder, or checks that nobody else can write into the one that is there.
    pub(super) fn open(state_dir: &Path, engine: &Engine, kept_bytes_max: u64) -> io::Result<Self> {
        let folder = state_dir.join(FOLDER);
        files::create_private_folder(&folder)?;
        let metadata = fs::metadata(&folder)?;
        let denied = |why: String| {
            let why = format!("{} {why}", folder.display());
            Err(io::Error::new(io::ErrorKind::PermissionDenied, why))
        };
        let mode = metadata.permissions().mode() & 0o777;
        if mode != files::FOLDER_RIGHTS {
            return denied(format!("has mode {mode:o}; it must be 700"));
        }
        // Root may look into everybody's folder, and must not run what somebody else has put there.
        if metadata.uid() != geteuid().as_raw() {
            return denied("belongs to another user".to_owned());
        }
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        let engine_key = format!("{:016x}", hasher.finish());
        Ok(Self { folder, engine_key, kept_bytes_max })
    }

    /// The plugin as it was compiled before.
    pub(super) fn find(&self, engine: &Engine, bytes: &[u8]) -> Option<Component> {
        let path = self.path(bytes);
        match load(engine, &path) {
            Ok(component) => return Some(component),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "compiled plugin is compiled anew");
            }
        }
        None
    }

    /// Waits until nobody else compiles for this folder. Where there can be no lock there is none: it
    /// saves memory, and nothing is wrong without it.
    pub(super) fn lock(&self) -> Option<File> {
        let path = self.folder.join(LOCK);
        let locked = || -> io::Result<File> {
            let file = files::make(&path)?;
            let began = clock::monotonic();
            loop {
                match file.try_lock() {
                    Ok(()) => return Ok(file),
                    Err(TryLockError::WouldBlock) if began.elapsed() < LOCK_WAIT_MAX => {
                        clock::pause(LOCK_EVERY);
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        };
        match locked() {
            Ok(file) => Some(file),
            Err(error) => {
                let path = path.display();
                tracing::warn!(%path, %error, "a plugin is compiled without the lock");
                None
            }
        }
    }

    /// Keeps a plugin's code, and drops what was not used for longest where there is too much. Whoever
    /// calls this holds the lock.
    pub(super) fn keep(&self, bytes: &[u8], code: &[u8]) {
        let path = self.path(bytes);
        if let Err(error) = store(&path, code).and_then(|()| self.drop_the_oldest(&path)) {
            tracing::warn!(path = %path.display(), %error, "compiled plugin is not kept");
        }
    }

    fn drop_the_oldest(&self, newest: &Path) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let (path, metadata) = (entry.path(), entry.metadata()?);
            let is = |extension: &str| path.extension().is_some_and(|it| it == extension);
            if is(DRAFT) || is(CHECKSUM) && !path.with_extension(CODE).exists() {
                // Of a process that was ended while it wrote or removed.
                fs::remove_file(&path)?;
            } else if is(CODE) && path != newest {
                files.push((metadata.modified()?, metadata.len(), path));
            }
        }
        files.sort();
        let mut kept_bytes = fs::metadata(newest)?.len();
        kept_bytes += files.iter().map(|(_, bytes, _)| bytes).sum::<u64>();
        for (_, bytes, path) in files {
            if kept_bytes <= self.kept_bytes_max {
                break;
            }
            fs::remove_file(&path)?;
            remove_if_there(&path.with_extension(CHECKSUM))?;
            kept_bytes -= bytes;
        }
        Ok(())
    }

    fn path(&self, bytes: &[u8]) -> PathBuf {
        let content = hex::encode(Sha256::digest(bytes));
        self.folder.join(format!("{content}-{}.{CODE}", self.engine_key))
    }
}

fn load(engine: &Engine, path: &Path) -> io::Result<Component> {
    let corrupt = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let sum = checksum(File::open(path)?)?;
    let vouched = match files::read(&path.with_extension(CHECKSUM), CHECKSUM_BYTES_MAX) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(corrupt("its checksum is missing"));
        }
        vouched => vouched?,
    };
    if sum.as_slice() != vouched {
        return Err(corrupt("its checksum is wrong"));
    }
    // SAFETY: as in `runnable`; and no file of this folder is ever written to: a new one takes its
    // name, and the old one stays whole for as long as it is mapped.
    #[allow(unsafe_code, reason = "wasmtime cannot check machine code; where it comes from does")]
    let component = unsafe { Component::deserialize_file(engine, path) };
    let component = component.map_err(|error| corrupt(&format!("{error:#}")))?;
    // Its age is counted from its last use. Where it cannot be set, it is compiled again some day.
    let now = UNIX_EPOCH + Duration::from_millis(clock::now_ms().max(0).cast_unsigned());
    let _ = File::open(path).and_then(|file| file.set_modified(now));
    Ok(component)
}

/// Piece by piece: a whole file's memory would stay with the process after the start.
fn checksum(mut file: File) -> io::Result<[u8; 32]> {
    let mut digest = Sha256::new();
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(digest.finalize().into()),
            read => digest.update(&piece[..read]),
        }
    }
}

/// Code that is in memory, made to run; where there is a folder it is rather mapped from its file.
pub(super) fn runnable(engine: &Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: the code was made by wasmtime, in this process or in one of this very program that
    // gave it back through a pipe; or it was put by `store` into a folder that only this user can
    // write to, under a name derived from the plugin's content, and its checksum holds.
    #[allow(unsafe_code, reason = "wasmtime cannot check machine code; where it comes from does")]
    unsafe {
        Component::deserialize(engine, code)
    }
}

/// Two processes may compile the same plugin: each has drafts of its own. The checksum comes last:
/// code without it is compiled again.
fn store(path: &Path, code: &[u8]) -> io::Result<()> {
    let put = |path: &Path, extension: &str, bytes: &[u8]| {
        let draft = path.with_extension(format!("{extension}.{}.{DRAFT}", std::process::id()));
        files::replace(&path.with_extension(extension), &draft, &[bytes])
    };
    remove_if_there(&path.with_extension(CHECKSUM))?;
    put(path, CODE, code)?;
    put(path, CHECKSUM, &Sha256::digest(code))
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";
    const KEPT: u64 = 1 << 20;

    /// The one file of code in a folder, beside which only its checksum is.
    fn only_code(folder: &Path) -> PathBuf {
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        let [code, checksum] = files.try_into().unwrap();
        assert_eq!(code.with_extension(CHECKSUM), checksum);
        code
    }

    fn code(engine: &Engine) -> Vec<u8> {
        engine.precompile_component(EMPTY).unwrap()
    }

    #[test]
    fn a_compiled_plugin_is_kept_privately_and_found_again() {
        let state = tempfile::tempdir().unwrap();
        let engine = Engine::default();
        assert!(!is_cache(state.path()));
        let cache = Cache::open(state.path(), &engine, KEPT).unwrap();
        assert!(is_cache(state.path()));
        assert!(cache.find(&engine, EMPTY).is_none());
        cache.keep(EMPTY, &code(&engine));

        let path = only_code(&state.path().join(FOLDER));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(&path.with_extension(CHECKSUM)), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        assert!(cache.find(&engine, EMPTY).is_some());
        assert!(cache.find(&engine, b"another").is_none());
    }

    #[test]
    fn a_corrupt_file_is_not_run() {
        let state = tempfile::tempdir().unwrap();
        let engine = Engine::default();
        let cache = Cache::open(state.path(), &engine, KEPT).unwrap();
        cache.keep(EMPTY, &code(&engine));
        let path = only_code(&state.path().join(FOLDER));
        let checksum = path.with_extension(CHECKSUM);
        let good = fs::read(&path).unwrap();

        for bad in [&good[..10], &good[..good.len() - 1], b"not code"] {
            fs::write(&path, bad).unwrap();
            assert!(cache.find(&engine, EMPTY).is_none());
            cache.keep(EMPTY, &code(&engine));
            assert_eq!(fs::read(&path).unwrap(), good);
        }
        fs::remove_file(&checksum).unwrap();
        assert!(cache.find(&engine, EMPTY).is_none(), "nobody vouches for it");
        cache.keep(EMPTY, &code(&engine));
        assert!(cache.find(&engine, EMPTY).is_some());
    }

    #[test]
    fn what_runs_outlives_its_file() {
        let state = tempfile::tempdir().unwrap();
        let engine = Engine::default();
        let cache = Cache::open(state.path(), &engine, KEPT).unwrap();
        cache.keep(EMPTY, &code(&engine));
        let component = cache.find(&engine, EMPTY).unwrap();
        cache.keep(EMPTY, &code(&engine));
        fs::remove_dir_all(state.path().join(FOLDER)).unwrap();
        assert_eq!(component.serialize().unwrap(), code(&engine));
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first_and_drafts_of_the_dead_with_it() {
        let state = tempfile::tempdir().unwrap();
        let engine = Engine::default();
        let code = code(&engine);
        let one = code.len() as u64;
        let cache = Cache::open(state.path(), &engine, 2 * one).unwrap();
        let plugins: [&[u8]; 3] = [b"a", b"b", b"c"];
        for (plugin, second) in plugins.iter().zip(1..) {
            cache.keep(plugin, &code);
            let used = UNIX_EPOCH + Duration::from_secs(second);
            let file = File::open(cache.path(plugin)).unwrap();
            file.set_modified(used).unwrap();
            if second == 2 {
                assert!(cache.find(&engine, b"a").is_some(), "it is used");
                fs::write(cache.folder.join("x.1.draft"), "half").unwrap();
                fs::write(cache.folder.join("y.sha256"), "of code that is gone").unwrap();
            }
        }
        let is_kept = plugins.map(|plugin| cache.path(plugin).exists());
        assert_eq!(is_kept, [true, false, true]);
        assert_eq!(fs::read_dir(&cache.folder).unwrap().count(), 4, "no draft, no lone checksum");
        let cache = Cache::open(state.path(), &engine, 1).unwrap();
        cache.keep(b"d", &code);
        assert_eq!(only_code(&cache.folder), cache.path(b"d"), "the newest stays");
    }

    #[test]
    fn one_compiles_at_a_time() {
        let state = tempfile::tempdir().unwrap();
        let engine = Engine::default();
        let (one, other) =
            [(); 2].map(|()| Cache::open(state.path(), &engine, KEPT).unwrap()).into();
        let held = one.lock().unwrap();
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| other.lock().is_some());
            assert!(File::open(one.folder.join(LOCK)).unwrap().try_lock().is_err(), "it is held");
            drop(held);
            assert!(waits.join().unwrap());
        });
    }

    #[test]
    fn a_folder_that_others_may_enter_is_not_used() {
        let state = tempfile::tempdir().unwrap();
        let folder = state.path().join(FOLDER);
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        let error = Cache::open(state.path(), &Engine::default(), KEPT).err().unwrap();
        assert!(error.to_string().contains("must be 700"), "{error}");
    }
}
