//! Compiled plugins, kept in the state folder so that a restart does not compile again.
//!
//! A compiled plugin is machine code that wasmtime runs as it is: loading a foreign one would
//! give away everything. So the folder belongs to the operator alone (0700), a file is looked up
//! only under a name that we computed from the plugin's content and the engine's settings, and
//! its checksum must match. Anything odd means compiling again.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use super::elsewhere::ElsewhereError;
use crate::files;

const FOLDER: &str = "compiled-plugins";
const CHECKSUM_BYTES: usize = 32;
/// Larger files are not of our making.
const FILE_BYTES_MAX: u64 = 1 << 30;

pub(super) struct Cache {
    folder: PathBuf,
    /// Differs between wasmtime versions, processors and settings.
    engine_key: String,
    elsewhere: Elsewhere,
}

/// Compiles outside of this process.
type Elsewhere = fn(&[u8]) -> Result<Vec<u8>, ElsewhereError>;

impl Cache {
    /// Makes the folder, or checks that nobody else can write into the one that is there.
    pub(super) fn open(
        state_dir: &Path,
        engine: &Engine,
        elsewhere: Elsewhere,
    ) -> io::Result<Self> {
        let folder = state_dir.join(FOLDER);
        files::create_private_folder(&folder)?;
        let mode = fs::metadata(&folder)?.permissions().mode() & 0o777;
        if mode != 0o700 {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                format!("{} has mode {mode:o}; it must be 700", folder.display()),
            ));
        }
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Ok(Self { folder, engine_key: format!("{:016x}", hasher.finish()), elsewhere })
    }

    pub(super) fn component(&self, engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Component> {
        let path = self.path(bytes);
        match load(engine, &path) {
            Ok(component) => return Ok(component),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "compiled plugin is compiled anew");
            }
        }
        let (component, code) = self.compiled(engine, bytes)?;
        if let Err(error) = store(&path, &code) {
            tracing::warn!(path = %path.display(), %error, "compiled plugin is not kept");
        }
        Ok(component)
    }

    /// By another process, or in here where there can be none, or none whose code fits.
    fn compiled(&self, engine: &Engine, bytes: &[u8]) -> wasmtime::Result<(Component, Vec<u8>)> {
        let why = match (self.elsewhere)(bytes) {
            Ok(code) => match runnable(engine, &code) {
                Ok(component) => return Ok((component, code)),
                Err(error) => format!("{error:#}"),
            },
            // It would be the same in here.
            Err(
                error @ (ElsewhereError::Ended
                | ElsewhereError::TooLong
                | ElsewhereError::Impossible(_)),
            ) => {
                return Err(wasmtime::Error::msg(error.to_string()));
            }
            Err(error) => error.to_string(),
        };
        tracing::debug!(why, "a plugin is compiled in the server's own process");
        let component = Component::from_binary(engine, bytes)?;
        let code = component.serialize()?;
        Ok((component, code))
    }

    fn path(&self, bytes: &[u8]) -> PathBuf {
        let content = hex::encode(Sha256::digest(bytes));
        self.folder.join(format!("{content}-{}.cwasm", self.engine_key))
    }
}

fn load(engine: &Engine, path: &Path) -> io::Result<Component> {
    let file = files::read(path, FILE_BYTES_MAX)?;
    let corrupt = |why: &str| io::Error::new(io::ErrorKind::InvalidData, why.to_owned());
    let (checksum, code) =
        file.split_at_checked(CHECKSUM_BYTES).ok_or_else(|| corrupt("it is cut off"))?;
    if Sha256::digest(code).as_slice() != checksum {
        return Err(corrupt("its checksum is wrong"));
    }
    runnable(engine, code).map_err(|error| corrupt(&format!("{error:#}")))
}

fn runnable(engine: &Engine, code: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: the code was made by wasmtime, in this process or in one of this very program that
    // gave it back through a pipe; or it was put by `store` into a folder that only this user can
    // write to, under a name derived from the plugin's content, and its checksum holds.
    #[allow(unsafe_code, reason = "wasmtime cannot check machine code; where it comes from does")]
    unsafe {
        Component::deserialize(engine, code)
    }
}

/// Two processes may compile the same plugin: each has a draft of its own.
fn store(path: &Path, code: &[u8]) -> io::Result<()> {
    let draft = path.with_extension(format!("{}.draft", std::process::id()));
    files::replace(path, &draft, &[&Sha256::digest(code), code])
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

    fn nowhere(_: &[u8]) -> Result<Vec<u8>, ElsewhereError> {
        Err(ElsewhereError::Refused("no such program".to_owned()))
    }

    fn only_file(folder: &Path) -> PathBuf {
        let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files.remove(0)
    }

    #[test]
    fn a_compiled_plugin_is_kept_privately_and_found_again() {
        let state = tempfile::tempdir().unwrap();
        let engine = Engine::default();
        let cache = Cache::open(state.path(), &engine, nowhere).unwrap();
        cache.component(&engine, EMPTY).unwrap();

        let path = only_file(&state.path().join(FOLDER));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        assert!(load(&engine, &path).is_ok());
    }

    #[test]
    fn what_another_process_compiled_is_kept_and_what_ended_it_is_an_error() {
        let state = tempfile::tempdir().unwrap();
        let engine = Engine::default();
        let there = |bytes: &[u8]| Ok(Engine::default().precompile_component(bytes).unwrap());
        let cache = Cache::open(state.path(), &engine, there).unwrap();
        cache.component(&engine, EMPTY).unwrap();
        let path = only_file(&state.path().join(FOLDER));
        assert!(load(&engine, &path).is_ok());

        fs::remove_file(&path).unwrap();
        let cache = Cache::open(state.path(), &engine, |_| Err(ElsewhereError::Ended)).unwrap();
        let error = cache.component(&engine, EMPTY).err().unwrap();
        assert!(error.to_string().contains("MiB of memory"), "{error}");
        // Code that is none is not run.
        let cache = Cache::open(state.path(), &engine, |_| Ok(b"no code".to_vec())).unwrap();
        cache.component(&engine, EMPTY).unwrap();
    }

    #[test]
    fn a_corrupt_file_is_compiled_anew() {
        let state = tempfile::tempdir().unwrap();
        let engine = Engine::default();
        let cache = Cache::open(state.path(), &engine, nowhere).unwrap();
        cache.component(&engine, EMPTY).unwrap();
        let path = only_file(&state.path().join(FOLDER));
        let good = fs::read(&path).unwrap();

        for bad in [&good[..10], &good[..good.len() - 1], b"not code"] {
            fs::write(&path, bad).unwrap();
            assert!(load(&engine, &path).is_err());
            cache.component(&engine, EMPTY).unwrap();
            assert_eq!(fs::read(&path).unwrap(), good);
        }
    }

    #[test]
    fn a_folder_that_others_may_enter_is_not_used() {
        let state = tempfile::tempdir().unwrap();
        let folder = state.path().join(FOLDER);
        fs::create_dir(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        let error = Cache::open(state.path(), &Engine::default(), nowhere).err().unwrap();
        assert!(error.to_string().contains("must be 700"), "{error}");
    }
}
