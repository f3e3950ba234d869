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
    /// The same compressed, the smallest first.
    pub packed: &'static [Packed],
}

/// An embedded file as a browser may be sent it to save bytes. The front end's build makes them.
#[derive(Clone, Debug)]
pub struct Packed {
    /// For `Content-Encoding`.
    pub coding: &'static str,
    /// The compressed content.
    pub bytes: &'static [u8],
    /// For `ETag`: another one than the plain file's, since other bytes are sent.
    pub tag: String,
}

/// Codings, the better one first, and what their files' names end with.
const CODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The front end's file at `path` (`wall.html`, `fonts/x.woff2`), if it was built.
pub fn ui(path: &str) -> Option<Asset> {
    // Those are other shapes of a file, and no files.
    if CODINGS.iter().any(|(_, ending)| path.ends_with(ending)) {
        return None;
    }
    let at = place(path)?;
    let (path, bytes) = UI[at];
    let Tagged { tag, packed } = &TAGS[at];
    Some(Asset { path, bytes, mime: mime(path), tag, packed })
}

fn place(path: &str) -> Option<usize> {
    UI.binary_search_by(|(name, _)| (*name).cmp(path)).ok()
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
static TAGS: LazyLock<Vec<Tagged>> = LazyLock::new(|| {
    UI.iter()
        .map(|(path, bytes)| {
            let hash = hex::encode(&Sha256::digest(bytes)[..8]);
            let packed = CODINGS.iter().filter_map(|(coding, ending)| {
                let at = place(&format!("{path}{ending}"))?;
                Some(Packed { coding, bytes: UI[at].1, tag: format!("\"{hash}-{coding}\"") })
            });
            Tagged { tag: format!("\"{hash}\""), packed: packed.collect() }
        })
        .collect()
});

/// What is known of a file beside its bytes.
struct Tagged {
    tag: String,
    packed: Vec<Packed>,
}

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
            let is_packed = path.ends_with(".br") || path.ends_with(".gz");
            let found = ui(path).map(|asset| asset.bytes.len());
            assert_eq!(found, (!is_packed).then_some(bytes.len()), "{path}");
        }
        assert!(ui("../Cargo.toml").is_none());
    }

    #[test]
    fn the_build_has_packed_all_text_and_nothing_else() {
        for (path, _) in UI.iter().filter(|(path, _)| ui(path).is_some()) {
            let asset = ui(path).expect("found above");
            let codings: Vec<_> = asset.packed.iter().map(|packed| packed.coding).collect();
            let is_text = [".html", ".js", ".css"].iter().any(|ending| path.ends_with(ending));
            assert_eq!(codings, if is_text { vec!["br", "gzip"] } else { vec![] }, "{path}");
            for packed in asset.packed {
                assert!(packed.bytes.len() < asset.bytes.len(), "{path} {}", packed.coding);
                assert_ne!(packed.tag, asset.tag);
            }
        }
    }

    #[test]
    fn fonts_are_named_by_their_content() {
        for (path, _) in UI.iter().filter(|(path, _)| path.ends_with(".woff2")) {
            // `-` and eight characters, of which one may be `-`, too.
            let name = path.trim_end_matches(".woff2");
            let hash = name.get(name.len().saturating_sub(9)..).unwrap_or_default();
            let is_hash = hash.starts_with('-') && hash != "-normal";
            assert!(is_hash, "{path} has no hash in its name");
        }
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
