//! Opening files that somebody else has put there. Only regular files: a named pipe waits for a
//! writer, a device may have no end, and a server that waits for one of them cannot stop.

use std::fs::{self, File, FileType, Metadata, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::OFlags;

/// Opens a regular file for reading; never waits for a writer.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    // Before it is opened: opening a device may do something.
    must_be_regular(&fs::metadata(path)?)?;
    let at_once = OFlags::NONBLOCK.bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(at_once).open(path)?;
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
}
