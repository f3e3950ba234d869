//! The pictures of the boards' folder: what lies in its `images/`, kept in memory and served by the
//! hash of its content, so that a changed picture has another address and an old one is never shown.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{fs, io};

use axum::body::Bytes;
use sha2::{Digest, Sha256};

use crate::files;
use crate::words::words;

/// Below the boards' folder.
const FOLDER: &str = "images";
/// What a wall's browser shows and what stands still: how a file's name ends, and its type.
const TYPES: [(&str, &str); 5] = [
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("svg", "image/svg+xml"),
];
/// Bytes of a hash that stand in an address.
const HASH_BYTES: usize = 12;

/// How much may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageLimits {
    /// Of one picture (`boards.image_bytes_max`).
    pub image_bytes_max: u64,
    /// Of all together (`boards.images_bytes_max`).
    pub images_bytes_max: u64,
}

impl Default for ImageLimits {
    fn default() -> Self {
        ImageLimits { image_bytes_max: 4 << 20, images_bytes_max: 32 << 20 }
    }
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its content's hash, with the ending of its type: the last part of its address.
    pub address: String,
    /// For `Content-Type`.
    pub mime: &'static str,
    /// Its content.
    pub bytes: Bytes,
}

words! {
    /// Why a picture is not there. Few and fixed: it is a metric's label.
    pub enum LeftOut [name, from_name] {
        /// It is larger than `boards.image_bytes_max`.
        TooLarge = "image_bytes_max",
        /// With it, all would be larger than `boards.images_bytes_max`.
        TooMany = "images_bytes_max",
        /// It cannot be read.
        Unreadable = "unreadable",
    }
}

words! {
    /// How a picture fills its tile.
    pub enum Fit [id, from_id] {
        /// All of it is seen, and something may stay empty beside it.
        Contain = "contain",
        /// It fills the tile, and something of it may not be seen.
        Cover = "cover",
    }
}

/// All pictures, by file name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images(BTreeMap<String, Result<Image, LeftOut>>);

impl Images {
    /// Those of a folder of boards, as they are now.
    pub fn of_boards(boards: &Path, limits: ImageLimits) -> Images {
        Folder::of(boards, limits).changed().unwrap_or_default()
    }

    /// One by its file's name; nothing where there is no such file.
    pub fn named(&self, file: &str) -> Option<Result<&Image, LeftOut>> {
        self.0.get(file).map(|found| found.as_ref().map_err(|why| *why))
    }

    /// One by its address.
    pub fn at(&self, address: &str) -> Option<&Image> {
        self.0.values().filter_map(|found| found.as_ref().ok()).find(|it| it.address == address)
    }

    /// The files that boards can show, by name.
    pub fn names(&self) -> Vec<String> {
        self.0.iter().filter(|(_, found)| found.is_ok()).map(|(name, _)| name.clone()).collect()
    }

    /// How many are left out for that reason.
    pub fn left_out(&self, why: LeftOut) -> usize {
        self.0.values().filter(|found| found.as_ref().err() == Some(&why)).count()
    }

    /// Those of a test.
    #[cfg(test)]
    pub(super) fn of(
        images: impl IntoIterator<Item = (&'static str, Result<Image, LeftOut>)>,
    ) -> Images {
        Images(images.into_iter().map(|(name, image)| (name.to_owned(), image)).collect())
    }
}

/// Whether a board may name that file: a name without a folder, of a type that is shown.
pub fn is_name(file: &str) -> bool {
    !file.contains(['/', '\\']) && mime(file).is_some()
}

/// The endings that are known, for messages.
pub fn endings() -> String {
    TYPES.map(|(ending, _)| ending).join(", ")
}

fn mime(file: &str) -> Option<(&'static str, &'static str)> {
    let (stem, ending) = file.rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    TYPES.into_iter().find(|(known, _)| !stem.is_empty() && *known == ending)
}

/// Looks at the folder of pictures now and then.
pub(super) struct Folder {
    dir: PathBuf,
    limits: ImageLimits,
    /// How the files were when they were read.
    seen: Seen,
}

/// The files by name: when each was changed, and how long it is.
type Seen = BTreeMap<String, (Option<SystemTime>, u64)>;

impl Folder {
    /// The pictures of a folder of boards.
    pub(super) fn of(boards: &Path, limits: ImageLimits) -> Folder {
        Folder { dir: boards.join(FOLDER), limits, seen: BTreeMap::new() }
    }

    pub(super) fn limit(&mut self, limits: ImageLimits) {
        self.limits = limits;
    }

    /// All pictures, if any file differs from what it was the last time.
    pub(super) fn changed(&mut self) -> Option<Images> {
        let found = match look(&self.dir) {
            Ok(found) => found,
            // Most sites have no pictures.
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            // What was there stays: the disk may come back.
            Err(_) => return None,
        };
        if found == self.seen {
            return None;
        }
        self.seen = found;
        Some(self.read())
    }

    fn read(&self) -> Images {
        let mut left_bytes = self.limits.images_bytes_max;
        let read = self.seen.iter().filter_map(|(file, (_, length))| {
            let (ending, mime) = mime(file)?;
            let image = self.read_one(file, ending, mime, *length, left_bytes);
            match &image {
                Ok(image) => left_bytes = left_bytes.saturating_sub(image.bytes.len() as u64),
                Err(why) => {
                    let why = why.name();
                    let path = self.dir.join(file);
                    tracing::warn!(path = %path.display(), why, "a picture for boards is left out");
                }
            }
            Some((file.clone(), image))
        });
        Images(read.collect())
    }

    fn read_one(
        &self,
        file: &str,
        ending: &str,
        mime: &'static str,
        length: u64,
        left_bytes: u64,
    ) -> Result<Image, LeftOut> {
        let most = self.limits.image_bytes_max;
        if length > most {
            return Err(LeftOut::TooLarge);
        }
        let read = files::read(&self.dir.join(file), most);
        let bytes = Bytes::from(read.map_err(|error| match error.kind() {
            io::ErrorKind::FileTooLarge => LeftOut::TooLarge,
            _ => LeftOut::Unreadable,
        })?);
        if bytes.len() as u64 > left_bytes {
            return Err(LeftOut::TooMany);
        }
        let hash = hex::encode(&Sha256::digest(&bytes)[..HASH_BYTES]);
        Ok(Image { address: format!("{hash}.{ending}"), mime, bytes })
    }
}

fn look(dir: &Path) -> io::Result<Seen> {
    let mut found = Seen::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        // A file that vanished in between is simply not there.
        let Ok(metadata) = fs::metadata(entry.path()) else { continue };
        if is_name(&name) {
            found.insert(name, (metadata.modified().ok(), metadata.len()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(dir: &Path, image_bytes_max: u64, images_bytes_max: u64) -> Folder {
        fs::create_dir(dir.join(FOLDER)).expect("mkdir");
        Folder::of(dir, ImageLimits { image_bytes_max, images_bytes_max })
    }

    #[test]
    fn a_changed_picture_has_another_address() {
        let dir = tempfile::tempdir().expect("tempdir");
        let mut folder = folder(dir.path(), 100, 100);
        assert_eq!(folder.changed(), None, "an empty folder is as none");
        let file = dir.path().join("images/logo.PNG");
        fs::write(&file, b"one").expect("write");
        fs::write(dir.path().join("images/notes.txt"), b"no picture").expect("write");
        let first = folder.changed().expect("a new picture");
        let address = |images: &Images| {
            let image = images.named("logo.PNG").expect("it is there").expect("it is kept");
            assert_eq!(images.at(&image.address), Some(image));
            (image.address.clone(), image.mime)
        };
        // By definition: the beginning of the SHA-256 of "one".
        assert_eq!(address(&first), ("7692c3ad3540bb803c020b3a.png".to_owned(), "image/png"));
        assert!(first.named("notes.txt").is_none());
        assert_eq!(folder.changed(), None, "nothing is read twice");
        fs::write(&file, b"other").expect("write");
        assert_ne!(address(&folder.changed().expect("changed")), address(&first));
        fs::remove_file(&file).expect("remove");
        assert_eq!(folder.changed(), Some(Images::default()));
    }

    #[test]
    fn what_is_too_large_is_left_out_and_the_others_stay() {
        let dir = tempfile::tempdir().expect("tempdir");
        let mut folder = folder(dir.path(), 4, 6);
        for (name, length) in [("a.png", 5), ("b.svg", 4), ("c.jpg", 3), ("d.webp", 2)] {
            fs::write(dir.path().join("images").join(name), vec![b'x'; length]).expect("write");
        }
        let images = folder.changed().expect("new pictures");
        let kept = |name| images.named(name).map(|it| it.map(|image| image.bytes.len()));
        assert_eq!(kept("a.png"), Some(Err(LeftOut::TooLarge)));
        assert_eq!(kept("b.svg"), Some(Ok(4)));
        assert_eq!(kept("c.jpg"), Some(Err(LeftOut::TooMany)));
        assert_eq!(kept("d.webp"), Some(Ok(2)));
    }

    #[test]
    fn a_board_cannot_name_a_file_elsewhere() {
        assert!(is_name("logo.svg") && is_name("Плакат 1.jpeg"));
        for name in ["../secret.png", "a/b.png", "a\\b.png", "logo", ".png", "page.html", "a.gif"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
