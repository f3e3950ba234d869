//! Files on disk, the others' and our own.
//!
//! Of files that somebody else has put there only regular ones are opened: a named pipe waits for a
//! writer, a device may have no end, and a server that waits for one of them cannot stop. What the
//! server makes itself only its own user can read. Changes go through [`point`]s, at which tests let
//! the disk fail and the power be cut.

pub(crate) mod point;

use std::fs::{self, DirBuilder, File, FileType, Metadata, OpenOptions, Permissions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, FileTypeExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use rustix::fs::OFlags;

use point::{Point, at, sync_at};

/// Only the owner looks into such a folder.
pub(crate) const FOLDER_RIGHTS: u32 = 0o700;
/// Only the owner reads such a file.
pub(crate) const FILE_RIGHTS: u32 = 0o600;
/// Everybody reads a new file that people change, too, where the folder lets them.
pub(crate) const SHARED_RIGHTS: u32 = 0o644;
/// Bytes that are read before they are written.
const WRITTEN_AGAIN_AT_ONCE: usize = 1 << 20;

/// Opens a regular file for reading; never waits for a writer.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    // Before it is opened: opening a device may do something.
    must_be_regular(&fs::metadata(path)?)?;
    let at_once = OFlags::NONBLOCK.bits().cast_signed();
    let file =
        at(Point::Read(path), || OpenOptions::new().read(true).custom_flags(at_once).open(path))?;
    // Something else may have been put there in between.
    must_be_regular(&file.metadata()?)?;
    Ok(file)
}

/// The bytes of a regular file, at most so many.
pub(crate) fn read(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(bytes_max.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it is larger than {bytes_max} bytes"),
        ));
    }
    Ok(bytes)
}

/// The text of a regular file, of at most so many bytes.
pub(crate) fn read_to_string(path: &Path, bytes_max: u64) -> io::Result<String> {
    let bytes = read(path, bytes_max)?;
    String::from_utf8(bytes).map_err(|error| {
        io::Error::new(io::ErrorKind::InvalidData, format!("it is no UTF-8 text: {error}"))
    })
}

/// Says what stands at a path instead of a regular file.
pub(crate) fn must_be_regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let what = kind(metadata.file_type());
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("it is {what}, and must be a regular file"),
    ))
}

fn kind(file_type: FileType) -> &'static str {
    if file_type.is_dir() {
        "a folder"
    } else if file_type.is_fifo() {
        "a named pipe"
    } else if file_type.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

/// Makes a folder, and those above it, that only its owner can look into. One that is there stays
/// as it is. A new one survives a power cut.
pub(crate) fn create_private_folder(folder: &Path) -> io::Result<()> {
    let made = folder.ancestors().take_while(|it| !it.as_os_str().is_empty() && !it.exists());
    let parents: Vec<&Path> = made.filter_map(Path::parent).collect();
    at(Point::MakeFolder(folder), || {
        DirBuilder::new().recursive(true).mode(FOLDER_RIGHTS).create(folder)
    })?;
    for parent in parents {
        let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
        match sync_folder(parent) {
            // Somebody else's, in which one may write and not look.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {}
            synced => synced?,
        }
    }
    Ok(())
}

/// Opens a file to write to it, or makes one that only its owner can read; its content stays.
pub(crate) fn make(path: &Path) -> io::Result<File> {
    at(Point::Make { path, emptied: false }, || private().truncate(false).open(path))
}

/// As [`make`], and empties it.
pub(crate) fn make_empty(path: &Path) -> io::Result<File> {
    at(Point::Make { path, emptied: true }, || private().truncate(true).open(path))
}

/// Options for a file that is made, or written to, and that only its owner can read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(FILE_RIGHTS);
    options
}

/// Writes over a file's beginning, or makes it. Not on disk when this returns.
pub(crate) fn write_over(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = make(path)?;
    at(Point::Write(path), || file.write_all_at(bytes, 0))
}

/// Writes a file's bytes to their places once more, and puts them and its name on the disk: also
/// those that an earlier sync could not put there. Nobody else may write to it meanwhile.
pub(crate) fn write_again(path: &Path) -> io::Result<()> {
    let (from, to) = (open(path)?, make(path)?);
    let (mut bytes, mut place) = (vec![0; WRITTEN_AGAIN_AT_ONCE], 0);
    loop {
        let count = from.read_at(&mut bytes, place)?;
        if count == 0 {
            break;
        }
        at(Point::Write(path), || to.write_all_at(&bytes[..count], place))?;
        place += count as u64;
    }
    sync(path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Puts what was written to a file on the disk.
pub(crate) fn sync(path: &Path) -> io::Result<()> {
    sync_at(Point::Sync(path), || File::open(path)?.sync_all())
}

/// Gives a file another name, in the place of the one that has it. After a power cut it may have
/// the old one, unless the folder is synced.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    at(Point::Rename { from, to }, || fs::rename(from, to))
}

/// Removes a file. After a power cut it may be there again, unless the folder is synced.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    at(Point::Remove(path), || fs::remove_file(path))
}

/// Makes names that were created, renamed or removed in a folder survive a power cut.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    sync_at(Point::SyncFolder(folder), || File::open(folder)?.sync_all())
}

/// Writes a private file by way of a draft beside it: a crash leaves the old one or the new one,
/// whole. On disk when this returns.
pub(crate) fn replace(path: &Path, draft: &Path, pieces: &[&[u8]]) -> io::Result<()> {
    let mut file = make_empty(draft)?;
    at(Point::Write(draft), || pieces.iter().try_for_each(|piece| file.write_all(piece)))?;
    finish(&file, path, draft)
}

/// As [`replace`], of a file that people change, too: whoever could read it still can.
pub(crate) fn replace_shared(path: &Path, draft: &Path, pieces: &[&[u8]]) -> io::Result<()> {
    let rights = fs::metadata(path).map_or(SHARED_RIGHTS, |it| it.permissions().mode());
    let mut file = make_empty(draft)?;
    file.set_permissions(Permissions::from_mode(rights))?;
    at(Point::Write(draft), || pieces.iter().try_for_each(|piece| file.write_all(piece)))?;
    finish(&file, path, draft)
}

/// Puts a draft on the disk and in its place.
fn finish(file: &File, path: &Path, draft: &Path) -> io::Result<()> {
    sync_at(Point::Sync(draft), || file.sync_all())?;
    rename(draft, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_are_opened_and_only_so_much_is_read() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("note");
        fs::write(&path, "four").expect("write");
        assert_eq!(read_to_string(&path, 4).expect("it fits"), "four");
        let error = read(&path, 3).expect_err("too large").to_string();
        assert_eq!(error, "it is larger than 3 bytes");
        let error = open(folder.path()).expect_err("a folder").to_string();
        assert_eq!(error, "it is a folder, and must be a regular file");
        let error = read(Path::new("/dev/zero"), 9).expect_err("no end").to_string();
        assert_eq!(error, "it is a device, and must be a regular file");
        let socket = folder.path().join("socket");
        let _listening = std::os::unix::net::UnixListener::bind(&socket).expect("bind");
        let error = open(&socket).expect_err("a socket").to_string();
        assert_eq!(error, "it is a socket, and must be a regular file");
    }

    #[test]
    fn what_people_change_too_keeps_its_rights() {
        let folder = tempfile::tempdir().expect("folder");
        let (path, draft) = (folder.path().join("board"), folder.path().join("board.draft"));
        let mode = || fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        replace_shared(&path, &draft, &[b"one"]).expect("written");
        assert_eq!(mode(), SHARED_RIGHTS);
        fs::set_permissions(&path, Permissions::from_mode(0o660)).expect("changed");
        replace_shared(&path, &draft, &[b"two"]).expect("written");
        assert_eq!((mode(), read_to_string(&path, 9).expect("it").as_str()), (0o660, "two"));
        assert!(!draft.exists());
    }

    #[test]
    fn what_is_replaced_is_private_and_leaves_no_draft() {
        let folder = tempfile::tempdir().expect("folder");
        let inner = folder.path().join("a/b");
        create_private_folder(&inner).expect("made");
        let (path, draft) = (inner.join("note"), inner.join("note.draft"));
        fs::write(&draft, "longer, of a write that was cut off").expect("write");
        for text in ["one", "two"] {
            replace(&path, &draft, &[text.as_bytes(), b"!"]).expect("written");
            assert_eq!(read_to_string(&path, 9).expect("it fits"), format!("{text}!"));
        }
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&inner), mode(&path)), (FOLDER_RIGHTS, FILE_RIGHTS));
        assert!(!draft.exists());
    }
}
