//! SQLite's way to a simulated disk: a VFS that hands every call on to SQLite's own for the real
//! file, asks the disk before whether it may, and tells it afterwards what was done.
//!
//! It is SQLite's default in this process from the first simulation on. Files that no simulated disk
//! is behind are opened by SQLite's own VFS, and this one does not see them again.

#![allow(unsafe_code, reason = "SQLite asks for its files through C functions, in tests alone")]

use std::ffi::{CStr, OsStr, c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr;
use std::slice;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Once};

use rusqlite::ffi;

use super::disk::{Disk, Node, disk_of};
use super::fate::{Call, Refusal, Verdict};

/// SQLite's own VFS.
static REAL: AtomicPtr<ffi::sqlite3_vfs> = AtomicPtr::new(ptr::null_mut());

/// An open file as SQLite has it. SQLite's own file follows it in the same memory.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    /// A box, from the opening to the closing.
    open: *mut Open,
}

struct Open {
    disk: Arc<Disk>,
    node: Node,
    /// The first sync puts its name on the disk, too: the folder in which it was made.
    made_in: Option<PathBuf>,
}

/// Makes it the default of this process.
pub(super) fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: SQLite's default VFS lives as long as the process. Ours begins as a copy of it and
        // is leaked, so that it does, too.
        unsafe {
            let real = ffi::sqlite3_vfs_find(ptr::null());
            let ours = Box::leak(Box::new(*real));
            REAL.store(real, Ordering::Release);
            ours.szOsFile += size_of::<File>() as c_int;
            ours.pNext = ptr::null_mut();
            ours.zName = c"torture".as_ptr();
            ours.xOpen = Some(open);
            ours.xDelete = Some(delete);
            ffi::sqlite3_vfs_register(ours, 1);
        }
    });
}

/// What SQLite is told of a call that is refused.
fn code(refusal: Refusal, broken: c_int) -> c_int {
    match refusal {
        Refusal::Broken => broken,
        Refusal::Full => ffi::SQLITE_FULL,
    }
}

/// SQLite's own file, and what it is called by.
///
/// # Safety
/// `file` was opened by [`open`] and is not closed.
unsafe fn real(file: *mut ffi::sqlite3_file) -> (*mut ffi::sqlite3_file, ffi::sqlite3_io_methods) {
    // SAFETY: `szOsFile` made room for both, one after the other; `open` has opened the second.
    unsafe {
        let real = file.cast::<File>().add(1).cast::<ffi::sqlite3_file>();
        (real, *(*real).pMethods)
    }
}

/// # Safety
/// `file` was opened by [`open`], is not closed, and is used by one thread at a time.
unsafe fn opened<'a>(file: *mut ffi::sqlite3_file) -> &'a mut Open {
    // SAFETY: the box is there from the opening to the closing; SQLite lets one thread in at a time.
    unsafe { &mut *(*file.cast::<File>()).open }
}

/// # Safety
/// `name` is a C string, as SQLite's names are.
unsafe fn path(name: *const c_char) -> PathBuf {
    // SAFETY: as the caller says.
    let bytes = unsafe { CStr::from_ptr(name) }.to_bytes();
    Path::new(OsStr::from_bytes(bytes)).to_path_buf()
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let vfs = REAL.load(Ordering::Acquire);
    // SAFETY: SQLite calls with memory of `szOsFile` bytes and a name that is null or a C string. Its
    // own VFS gets its own part of that memory, or all of it.
    unsafe {
        let Some(real_open) = (*vfs).xOpen else { return ffi::SQLITE_CANTOPEN };
        let found = (!name.is_null()).then(|| path(name)).and_then(|it| Some((disk_of(&it)?, it)));
        let Some((disk, path)) = found else {
            return real_open(vfs, name, file, flags, out_flags);
        };
        (*file).pMethods = ptr::null();
        match disk.lock().fate.judge(Call::Open) {
            Verdict::Done => {}
            Verdict::Refused(refusal) => return code(refusal, ffi::SQLITE_CANTOPEN),
            Verdict::Dead => return ffi::SQLITE_CANTOPEN,
        }
        let is_new = !path.exists();
        if is_new && flags & ffi::SQLITE_OPEN_CREATE != 0 {
            match disk.lock().fate.judge(Call::Make) {
                Verdict::Done => {}
                Verdict::Refused(_) | Verdict::Dead => return ffi::SQLITE_CANTOPEN,
            }
        }
        let inner = file.cast::<File>().add(1).cast::<ffi::sqlite3_file>();
        let result = real_open(vfs, name, inner, flags, out_flags);
        if result != ffi::SQLITE_OK {
            return result;
        }
        let node = disk.lock().opened(&path);
        // As SQLite's own does for what it makes beside a database.
        let is_beside = flags & (ffi::SQLITE_OPEN_WAL | ffi::SQLITE_OPEN_MAIN_JOURNAL) != 0;
        let made_in = path.parent().filter(|_| is_beside).map(Path::to_path_buf);
        (*file.cast::<File>()).open = Box::into_raw(Box::new(Open { disk, node, made_in }));
        (*file).pMethods = &raw const METHODS;
        ffi::SQLITE_OK
    }
}

unsafe extern "C" fn delete(
    _: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_folder: c_int,
) -> c_int {
    let vfs = REAL.load(Ordering::Acquire);
    // SAFETY: SQLite calls with a C string; its own VFS gets the same.
    unsafe {
        let Some(real_delete) = (*vfs).xDelete else { return ffi::SQLITE_IOERR_DELETE };
        let path = path(name);
        let Some(disk) = disk_of(&path) else { return real_delete(vfs, name, sync_folder) };
        match disk.lock().fate.judge(Call::Remove) {
            Verdict::Done => {}
            Verdict::Refused(_) | Verdict::Dead => return ffi::SQLITE_IOERR_DELETE,
        }
        let result = real_delete(vfs, name, 0);
        if result == ffi::SQLITE_OK {
            let mut disk = disk.lock();
            disk.removed(&path);
            if sync_folder != 0
                && let Some(folder) = path.parent()
            {
                disk.synced_folder(folder);
            }
        }
        result
    }
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes what `open` has opened, once.
    unsafe {
        let (real, methods) = real(file);
        drop(Box::from_raw((*file.cast::<File>()).open));
        methods.xClose.map_or(ffi::SQLITE_OK, |call| call(real))
    }
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    to: *mut c_void,
    count: c_int,
    at: i64,
) -> c_int {
    // SAFETY: SQLite calls with a file of `open`'s and memory of `count` bytes.
    unsafe {
        match opened(file).disk.lock().fate.judge(Call::Read) {
            Verdict::Done => {}
            Verdict::Refused(_) | Verdict::Dead => return ffi::SQLITE_IOERR_READ,
        }
        let (real, methods) = real(file);
        methods.xRead.map_or(ffi::SQLITE_IOERR_READ, |call| call(real, to, count, at))
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    count: c_int,
    at: i64,
) -> c_int {
    // SAFETY: SQLite calls with a file of `open`'s and memory of `count` bytes.
    unsafe {
        let open = opened(file);
        let (real, methods) = real(file);
        let Some(real_write) = methods.xWrite else { return ffi::SQLITE_IOERR_WRITE };
        let mut disk = open.disk.lock();
        let (count, refused) = match disk.fate.judge(Call::Write) {
            Verdict::Done => (count, None),
            // A part of it may have been written.
            Verdict::Refused(refusal) => (count / 2, Some(refusal)),
            Verdict::Dead => return ffi::SQLITE_IOERR_WRITE,
        };
        let result = real_write(real, from, count, at);
        if result == ffi::SQLITE_OK {
            let bytes = slice::from_raw_parts(from.cast::<u8>(), count.unsigned_abs() as usize);
            disk.wrote(open.node, at.unsigned_abs(), bytes);
        }
        refused.map_or(result, |refusal| code(refusal, ffi::SQLITE_IOERR_WRITE))
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, length: i64) -> c_int {
    // SAFETY: SQLite calls with a file of `open`'s.
    unsafe {
        let open = opened(file);
        let (real, methods) = real(file);
        let mut disk = open.disk.lock();
        if disk.fate.judge(Call::Truncate) != Verdict::Done {
            return ffi::SQLITE_IOERR_TRUNCATE;
        }
        let result = methods.xTruncate.map_or(ffi::SQLITE_IOERR, |call| call(real, length));
        if result == ffi::SQLITE_OK {
            disk.truncated(open.node, length.unsigned_abs());
        }
        result
    }
}

/// The real file is not synced: that would cost time, and the power is not really cut.
unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _: c_int) -> c_int {
    // SAFETY: SQLite calls with a file of `open`'s.
    let open = unsafe { opened(file) };
    let mut disk = open.disk.lock();
    match disk.fate.judge(Call::Sync) {
        Verdict::Done => {}
        Verdict::Refused(_) => {
            disk.sync_failed(open.node);
            return ffi::SQLITE_IOERR_FSYNC;
        }
        Verdict::Dead => return ffi::SQLITE_IOERR_FSYNC,
    }
    disk.synced(open.node);
    if let Some(folder) = open.made_in.take() {
        disk.synced_folder(&folder);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn map_shared(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: SQLite calls with a file of `open`'s; its own VFS gets the rest as it is.
    unsafe {
        let (real, methods) = real(file);
        if extend != 0 {
            match opened(file).disk.lock().fate.judge(Call::SharedMemory) {
                Verdict::Done => {}
                Verdict::Refused(refusal) => return code(refusal, ffi::SQLITE_IOERR_SHMSIZE),
                Verdict::Dead => return ffi::SQLITE_IOERR_SHMMAP,
            }
        }
        let call = methods.xShmMap;
        call.map_or(ffi::SQLITE_IOERR_SHMMAP, |call| call(real, region, size, extend, out))
    }
}

/// Once the process is dead it can no longer remove the shared memory of its connections.
unsafe extern "C" fn unmap_shared(file: *mut ffi::sqlite3_file, remove: c_int) -> c_int {
    // SAFETY: SQLite calls with a file of `open`'s.
    unsafe {
        let (real, methods) = real(file);
        let remove = if opened(file).disk.lock().fate.is_dead() { 0 } else { remove };
        methods.xShmUnmap.map_or(ffi::SQLITE_OK, |call| call(real, remove))
    }
}

/// Calls that change nothing on the disk, handed on as they are.
macro_rules! hand_on {
    ($($name:ident = $method:ident($($argument:ident: $type:ty),*) -> $result:ty, $without:expr;)*) => {
        $(unsafe extern "C" fn $name(file: *mut ffi::sqlite3_file $(, $argument: $type)*) -> $result {
            // SAFETY: SQLite calls with a file of `open`'s; its own VFS gets the rest as it is.
            unsafe {
                let (real, methods) = real(file);
                methods.$method.map_or($without, |call| call(real $(, $argument)*))
            }
        })*
    };
}

hand_on! {
    file_size = xFileSize(out: *mut i64) -> c_int, ffi::SQLITE_IOERR_FSTAT;
    lock = xLock(level: c_int) -> c_int, ffi::SQLITE_IOERR_LOCK;
    unlock = xUnlock(level: c_int) -> c_int, ffi::SQLITE_IOERR_UNLOCK;
    check_lock = xCheckReservedLock(out: *mut c_int) -> c_int, ffi::SQLITE_IOERR;
    control = xFileControl(what: c_int, with: *mut c_void) -> c_int, ffi::SQLITE_NOTFOUND;
    sector_size = xSectorSize() -> c_int, 0;
    characteristics = xDeviceCharacteristics() -> c_int, 0;
    lock_shared = xShmLock(at: c_int, count: c_int, flags: c_int) -> c_int, ffi::SQLITE_IOERR_LOCK;
    barrier = xShmBarrier() -> (), ();
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_lock),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(map_shared),
    xShmLock: Some(lock_shared),
    xShmBarrier: Some(barrier),
    xShmUnmap: Some(unmap_shared),
    xFetch: None,
    xUnfetch: None,
};
