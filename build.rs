//! Embeds what the server carries along: the front end, the shipped plugins and boards.
//!
//! Scans three folders and writes a table of `include_bytes!` to `$OUT_DIR/embedded.rs`, which
//! `src/assets.rs` includes. A folder that is not there yet gives an empty table: the server
//! still builds, and the wall says what is missing.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The tables: name in the generated code, folder, file name extension (none: every file).
const TABLES: [(&str, &str, Option<&str>); 3] = [
    ("UI", "dashboards/app/dist", None),
    ("PLUGINS", "plugins/dist", Some("wasm")),
    ("BOARDS", "dashboards/boards", Some("toml")),
];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    let mut code = String::new();
    println!("cargo::rerun-if-changed=build.rs");
    for (name, folder, extension) in TABLES {
        let folder = root.join(folder);
        // Cargo would run this script on every build for a folder that is not there, and never
        // for one that it was not told of; an empty one costs nothing. Where the tree is
        // read-only the folder stays missing, and its table empty.
        let _ = fs::create_dir_all(&folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files = Vec::new();
        if folder.is_dir() {
            list(&folder, &mut files)?;
        }
        files.retain(|file| match extension {
            Some(wanted) => file.extension().is_some_and(|found| found == wanted),
            None => true,
        });
        let mut named = Vec::new();
        for file in files {
            let relative = file.strip_prefix(&folder).map_err(io::Error::other)?;
            named.push((relative.to_string_lossy().replace('\\', "/"), file));
        }
        named.sort(); // by name: files are looked up by binary search
        let _ = writeln!(code, "static {name}: &[(&str, &[u8])] = &[");
        for (relative, file) in named {
            let _ = writeln!(code, "    ({relative:?}, include_bytes!({file:?})),");
        }
        code.push_str("];\n");
    }
    // Written only when different, so that an unchanged table does not rebuild the crate.
    let target = out.join("embedded.rs");
    if fs::read_to_string(&target).ok().as_deref() != Some(code.as_str()) {
        fs::write(target, code)?;
    }
    Ok(())
}

fn list(folder: &Path, into: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, into)?;
        } else {
            into.push(path);
        }
    }
    Ok(())
}
