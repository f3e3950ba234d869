//! What the binary carries along: front end, shipped plugins, shipped boards.
//!
//! `build.rs` embeds the files; this module only finds them. Nothing here reads a disk, so the
//! server runs from any folder. A front end that was not built is an empty table.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// An embedded file of the front end.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Path below the front end's folder, with `/`.
    pub path: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
    /// For `Content-Type`.
    pub mime: &'static str,
    /// Differs where the content does; for `ETag`, with its quotes.
    pub tag: &'static str,
}

/// The front end's file at `path` (`wall.html`, `fonts/x.woff2`), if it was built.
pub fn ui(path: &str) -> Option<Asset> {
    let at = UI.binary_search_by(|(name, _)| name.cmp(&path)).ok()?;
    let (path, bytes) = UI[at];
    Some(Asset { path, bytes, mime: mime(path), tag: &TAGS[at] })
}

/// A shipped plugin's component by name (`telegram`).
pub fn plugin(name: &str) -> Option<&'static [u8]> {
    plugins().find(|(found, _)| *found == name).map(|(_, bytes)| bytes)
}

/// All shipped plugins: name and component.
pub fn plugins() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    PLUGINS.iter().map(|(file, bytes)| (file.trim_end_matches(".wasm"), *bytes))
}

/// All shipped boards: file name (`floor.toml`) and text.
pub fn boards() -> impl Iterator<Item = (&'static str, &'static str)> {
    // Board files are text: one that is not would fail the test below, not a site.
    BOARDS.iter().filter_map(|(file, bytes)| Some((*file, std::str::from_utf8(bytes).ok()?)))
}

/// Identifies the embedded front end, as its build stamped it into its pages. A page that was
/// loaded from another build reloads itself. Empty where the front end was not built.
pub fn build_id() -> &'static str {
    ui("build.txt")
        .and_then(|stamp| std::str::from_utf8(stamp.bytes).ok())
        .unwrap_or_default()
        .trim()
}

/// One for each file of the front end, in its order.
static TAGS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let hash = |bytes: &[u8]| hex::encode(&Sha256::digest(bytes)[..8]);
    UI.iter().map(|(_, bytes)| format!("\"{}\"", hash(bytes))).collect()
});

fn mime(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_board_is_text() {
        assert_eq!(boards().count(), BOARDS.len());
        assert!(boards().any(|(file, _)| file == "floor.toml"));
    }

    #[test]
    fn tables_are_sorted_so_that_files_are_found() {
        assert!(UI.is_sorted_by_key(|(path, _)| *path));
        for (path, bytes) in UI {
            assert_eq!(ui(path).map(|asset| asset.bytes.len()), Some(bytes.len()), "{path}");
        }
        assert!(ui("../Cargo.toml").is_none());
    }

    #[test]
    fn the_page_and_the_server_agree_on_the_build() {
        match ui("wall.html") {
            Some(page) => {
                let page = String::from_utf8_lossy(page.bytes);
                assert!(page.contains(&format!("data-build=\"{}\"", build_id())), "{page}");
            }
            None => assert_eq!(build_id(), ""),
        }
    }
}
