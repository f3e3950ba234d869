//! Keys on disk: drawn once, rotated, forgotten in time.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::file::FIRST_FILE;
use super::*;

const DAY: Millis = 24 * 60 * 60 * 1000;
const NOW: UnixMs = 1_795_305_600_000;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("folder")
}

/// What the customers' key, the one before it and the ids' key make of the same text.
fn hashes(ring: &KeyRing) -> (String, Option<String>, String) {
    let keys = ring.keys();
    let hash = |key: &Key| key.hash(3, &["+1"]);
    (hash(&keys.customer), keys.previous.as_ref().map(hash), hash(&keys.ids))
}

fn open(folder: &tempfile::TempDir, now_ms: UnixMs) -> KeyRing {
    KeyRing::open(folder.path(), now_ms, false).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn keys_are_drawn_once_and_are_the_owners_alone() {
    let folder = folder();
    let first = hashes(&open(&folder, NOW));
    assert_eq!(first, hashes(&open(&folder, NOW + DAY)));
    assert_ne!(first.0, first.2);
    let path = path_of(folder.path());
    let mode = |path: &Path| fs::metadata(path).expect("metadata").permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().expect("folder")), 0o700);
}

#[test]
fn a_rotation_links_old_and_new_for_the_overlap_and_then_forgets_the_old() {
    let folder = folder();
    let ring = open(&folder, NOW);
    let (old, none, ids) = hashes(&ring);
    assert_eq!(none, None);
    assert!(!ring.refresh(NOW).expect("refreshed"), "nothing changed");

    let rotated = rotate(folder.path(), 10 * DAY, false, NOW).expect("rotated");
    assert_eq!(rotated.overlap_until_ms, NOW + 10 * DAY);
    assert!(ring.refresh(NOW).expect("refreshed"), "the running server takes it up");
    let (new, previous, ids_now) = hashes(&ring);
    assert_eq!((previous.as_ref(), &ids_now), (Some(&old), &ids));
    assert_ne!(new, old);
    assert_eq!(hashes(&open(&folder, NOW + DAY)), hashes(&ring), "a restart finds the same");

    assert!(ring.refresh(NOW + 10 * DAY).expect("refreshed"));
    assert_eq!(hashes(&ring), (new, None, ids));
    let text = fs::read_to_string(path_of(folder.path())).expect("the file");
    assert!(!text.contains("previous"), "the old key is deleted");
}

#[test]
fn a_second_rotation_waits_for_the_first_unless_it_is_forced() {
    let folder = folder();
    let before = hashes(&open(&folder, NOW)).0;
    rotate(folder.path(), 10 * DAY, false, NOW).expect("rotated");
    let refused = rotate(folder.path(), 10 * DAY, false, NOW + DAY).expect_err("too early");
    assert!(refused.to_string().contains("until 2026-12-02T"), "{refused}");
    rotate(folder.path(), 10 * DAY, true, NOW + DAY).expect("forced");
    let (_, previous, _) = hashes(&open(&folder, NOW + DAY));
    assert_ne!(previous, Some(before));
    rotate(folder.path(), DAY, false, NOW + 12 * DAY).expect("the overlap is over");
    let dates = dates(folder.path()).expect("dates");
    assert_eq!(dates.customer_since_ms, NOW + 12 * DAY);
    assert_eq!(dates.overlap_until_ms, Some(NOW + 13 * DAY));
}

#[test]
fn the_key_of_the_first_versions_goes_on_being_the_customers() {
    let folder = folder();
    let keys = folder.path().join("keys");
    fs::create_dir(&keys).expect("folder");
    fs::write(keys.join(FIRST_FILE), [5; KEY_BYTES]).expect("write");
    let ring = open(&folder, NOW);
    assert_eq!(hashes(&ring).0, Key::from_bytes([5; KEY_BYTES]).hash(3, &["+1"]));
    assert!(!keys.join(FIRST_FILE).exists());
}

#[test]
fn keys_removed_under_a_running_server_stay_in_force_and_are_written_again() {
    let folder = folder();
    let ring = open(&folder, NOW);
    let before = hashes(&ring);
    fs::remove_file(path_of(folder.path())).expect("remove");
    assert!(!ring.refresh(NOW).expect("written again"), "they are the same");
    assert_eq!(hashes(&ring), before);
    assert_eq!(hashes(&open(&folder, NOW)), before);
    fs::remove_dir_all(folder.path().join("keys")).expect("swept");
    ring.keep().expect("before the next events");
    assert_eq!(hashes(&open(&folder, NOW)), before);
}

#[test]
fn damage_and_absence_are_said_without_showing_a_key() {
    let folder = folder();
    assert!(matches!(rotate(folder.path(), DAY, false, NOW), Err(KeyError::None { .. })));
    open(&folder, NOW);
    let path = path_of(folder.path());
    let text = fs::read_to_string(&path).expect("the file");
    let secret = text.split('"').nth(1).expect("a key").to_owned();
    fs::write(&path, text.replace("customer =", "costumer =")).expect("write");
    for error in [
        KeyRing::open(folder.path(), NOW, false).err(),
        rotate(folder.path(), DAY, false, NOW).err(),
        dates(folder.path()).err(),
    ] {
        let said = error.expect("damaged").to_string();
        assert!(said.contains("damaged") && !said.contains(&secret), "{said}");
    }
}

#[test]
fn keys_that_others_may_read_are_mended() {
    let folder = folder();
    let before = hashes(&open(&folder, NOW));
    let path = path_of(folder.path());
    let keys = path.parent().expect("folder");
    let set = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("mode");
    };
    let mode = |path: &Path| fs::metadata(path).expect("metadata").permissions().mode() & 0o777;
    set(&path, 0o644);
    set(keys, 0o755);
    assert_eq!(hashes(&open(&folder, NOW)), before);
    assert_eq!((mode(&path), mode(keys)), (0o600, 0o700));

    // Under a running server, too: a backup that was put back by hand.
    let ring = open(&folder, NOW);
    set(&path, 0o640);
    rotate(folder.path(), DAY, false, NOW).expect("rotated");
    assert!(ring.refresh(NOW).expect("refreshed"));
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn keys_that_are_gone_are_not_drawn_anew_while_hashes_were_made_with_them() {
    let folder = folder();
    let before = hashes(&open(&folder, NOW));
    let path = path_of(folder.path());
    let kept = fs::read(&path).expect("the keys");
    for gone in [path.as_path(), path.parent().expect("folder")] {
        let removed = if gone.is_dir() { fs::remove_dir_all(gone) } else { fs::remove_file(gone) };
        removed.expect("remove");
        let said = KeyRing::open(folder.path(), NOW, true).err().expect("refused").to_string();
        assert!(said.contains("backup") && said.contains("tablica key draw"), "{said}");
        assert!(!path.exists(), "none were drawn");
    }
    fs::create_dir_all(path.parent().expect("folder")).expect("folder");
    fs::write(&path, kept).expect("the backup");
    assert_eq!(hashes(&KeyRing::open(folder.path(), NOW, true).expect("keys")), before);

    fs::remove_file(&path).expect("remove");
    draw_anew(folder.path(), NOW).expect("drawn on purpose");
    assert_ne!(hashes(&KeyRing::open(folder.path(), NOW, true).expect("keys")), before);
    assert!(draw_anew(folder.path(), NOW).is_err(), "there are some");
}
