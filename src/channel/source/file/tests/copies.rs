//! A log that is replaced by a longer copy of itself, as rsync and `cp` do: nothing of it is new
//! but what was added, however it was written.

use super::*;

/// Looks at a file that stands still, while it may yet be a copy under way.
const LOOKS: usize = 110;

/// What so many looks give, one after the other.
fn looks(tail: &mut Reader, count: usize) -> Vec<String> {
    (0..count).flat_map(|_| tail.read()).collect()
}

fn whole(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A log of those lines, read to its end.
fn followed(folder: &Folder, lines: &[&str]) -> Reader {
    folder.append("queue_log", &whole(lines));
    let mut tail = folder.tail(None);
    assert_eq!(tail.read(), lines);
    tail
}

#[test]
fn a_longer_copy_that_takes_the_logs_place_is_read_on_from_where_we_were() {
    let folder = Folder::new();
    let mut tail = followed(&folder, &["one", "two"]);
    let mut known = vec!["one", "two"];
    for more in [["three", "four"], ["five", "six"], ["seven", "eight"]] {
        known.extend(more);
        folder.append(".queue_log.Xa3", &whole(&known));
        folder.rename(".queue_log.Xa3", "queue_log");
        assert_eq!(tail.read(), more);
    }
    folder.append("queue_log", "nine\n");
    assert_eq!(tail.read(), ["nine"]);
    assert_eq!(folder.tail(tail.cursor.as_deref()).read(), [""; 0]);
}

#[test]
fn half_a_line_is_completed_by_the_copy() {
    let folder = Folder::new();
    folder.append("queue_log", "one\ntw");
    let mut tail = folder.tail(None);
    assert_eq!(tail.read(), ["one"]);
    folder.append("copy", "one\ntwo\nthree\n");
    folder.rename("copy", "queue_log");
    assert_eq!(tail.read(), ["two", "three"]);
}

#[test]
fn a_copy_that_is_still_being_written_into_the_log_is_waited_for() {
    let folder = Folder::new();
    let mut tail = followed(&folder, &["one", "two", "three"]);
    // `cp` empties the log first, then writes piece by piece.
    folder.truncate("queue_log");
    assert_eq!(tail.read(), [""; 0]);
    for piece in ["o", "ne\ntw", "o\nth", "ree\n"] {
        folder.append("queue_log", piece);
        assert_eq!(tail.read(), [""; 0], "{piece:?}");
    }
    folder.append("queue_log", "four\n");
    assert_eq!(tail.read(), ["four"]);
}

#[test]
fn a_copy_that_is_still_being_written_beside_the_log_is_waited_for() {
    let folder = Folder::new();
    let mut tail = followed(&folder, &["one", "two", "three"]);
    fs::remove_file(folder.log()).expect("remove");
    for piece in ["one\n", "two\nth", "ree\n"] {
        folder.append("queue_log", piece);
        assert_eq!(tail.read(), [""; 0], "{piece:?}");
    }
    folder.append("queue_log", "four\n");
    assert_eq!(tail.read(), ["four"]);
}

#[test]
fn a_copy_made_during_a_stop_is_waited_for_too() {
    let folder = Folder::new();
    let tail = followed(&folder, &["one", "two", "three"]);
    folder.append("copy", "one\ntwo\n");
    folder.rename("copy", "queue_log");
    let mut tail = folder.tail(tail.cursor.as_deref());
    assert_eq!(tail.read(), [""; 0]);
    folder.append("queue_log", "three\nfour\n");
    assert_eq!(tail.read(), ["four"]);
}

#[test]
fn a_new_log_that_only_begins_alike_is_read_from_its_start() {
    let folder = Folder::new();
    let mut tail = followed(&folder, &["HEADER", "one", "two"]);
    folder.rename("queue_log", "queue_log.1");
    folder.append("queue_log", &whole(&["HEADER", "3"]));
    // It may be a copy under way, so it is given some looks; it stands still, so it is none.
    assert_eq!(looks(&mut tail, LOOKS), ["HEADER", "3"]);

    folder.append("queue_log", "four\n");
    assert_eq!(tail.read(), ["four"]);
    folder.truncate("queue_log");
    folder.append("queue_log", "HEADER\n");
    assert_eq!(looks(&mut tail, LOOKS), ["<gap>", "HEADER"]);
}
