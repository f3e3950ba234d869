//! Real files, really rotated.

mod copies;

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::SystemTime;

use super::*;

const LINE_BYTES_MAX: usize = 100;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn log(&self) -> PathBuf {
        self.path("queue_log")
    }

    fn append(&self, name: &str, text: &str) {
        let mut file =
            OpenOptions::new().create(true).append(true).open(self.path(name)).expect("open");
        file.write_all(text.as_bytes()).expect("write");
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).expect("rename");
    }

    fn truncate(&self, name: &str) {
        OpenOptions::new().write(true).truncate(true).open(self.path(name)).expect("truncate");
    }

    fn tail(&self, cursor: Option<&[u8]>) -> Reader {
        let cursor = cursor.map(<[u8]>::to_vec);
        let tail = Tail::new(self.log(), LINE_BYTES_MAX, cursor.as_deref());
        Reader { tail, cursor, items: Vec::new() }
    }
}

/// Reads until there is nothing more, and keeps the last cursor as the journal would.
struct Reader {
    tail: Tail,
    cursor: Option<Vec<u8>>,
    items: Vec<Item>,
}

impl Reader {
    fn drain(&mut self) -> &mut Self {
        loop {
            let chunk = self.tail.read();
            self.cursor = chunk.cursor.or(self.cursor.take());
            self.items.extend(chunk.items);
            if !chunk.more {
                return self;
            }
        }
    }

    /// The lines' texts since the last call, which must all have different names.
    fn lines(&mut self) -> Vec<String> {
        let mut names = std::collections::HashSet::new();
        let mut texts = Vec::new();
        for item in std::mem::take(&mut self.items) {
            match item {
                Item::Line { file, offset, bytes } => {
                    assert!(names.insert((file, offset)), "a line came twice");
                    texts.push(String::from_utf8(bytes).expect("utf-8"));
                }
                Item::LongLine { length, .. } => texts.push(format!("<{length} bytes>")),
                Item::Gap(_) => texts.push("<gap>".to_owned()),
                Item::Connected | Item::Disconnected(_) => {}
            }
        }
        texts
    }

    fn read(&mut self) -> Vec<String> {
        self.drain().lines()
    }
}

fn set_modified(path: &Path, seconds: u64) {
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    fs::File::options().append(true).open(path).expect("open").set_modified(time).expect("time");
}

#[test]
fn lines_come_as_they_are_written_and_half_a_line_waits() {
    let folder = Folder::new();
    let mut tail = folder.tail(None);
    assert!(tail.read().is_empty());
    folder.append("queue_log", "one\ntwo\r\nthr");
    assert_eq!(tail.read(), ["one", "two"]);
    assert!(tail.read().is_empty());
    folder.append("queue_log", "ee\n\nfive\n");
    assert_eq!(tail.read(), ["three", "", "five"]);
}

#[test]
fn a_missing_file_is_told_once_and_its_coming_too() {
    let folder = Folder::new();
    let mut tail = folder.tail(None);
    tail.drain().drain();
    assert!(
        matches!(tail.items.as_slice(), [Item::Disconnected(why)] if why.ends_with("does not exist"))
    );
    folder.append("queue_log", "one\n");
    tail.drain();
    assert!(matches!(tail.items.as_slice(), [_, Item::Connected, Item::Line { .. }]));
}

#[test]
fn a_restart_goes_on_behind_the_last_whole_line() {
    let folder = Folder::new();
    folder.append("queue_log", "one\ntwo\nth");
    let mut tail = folder.tail(None);
    assert_eq!(tail.read(), ["one", "two"]);
    folder.append("queue_log", "ree\n");
    let mut tail = folder.tail(tail.cursor.as_deref());
    assert_eq!(tail.read(), ["three"]);
}

#[test]
fn a_renamed_file_is_read_to_its_end_even_while_its_writer_holds_it() {
    let folder = Folder::new();
    folder.append("queue_log", "one\n");
    let mut tail = folder.tail(None);
    assert_eq!(tail.read(), ["one"]);
    folder.rename("queue_log", "queue_log.1");
    folder.append("queue_log.1", "two\n");
    assert_eq!(tail.read(), ["two"], "there is no new file yet");
    folder.append("queue_log", "");
    folder.append("queue_log.1", "three\n");
    assert_eq!(tail.read(), ["three"], "the new file is empty yet");
    folder.append("queue_log.1", "four");
    folder.append("queue_log", "five\n");
    assert_eq!(tail.read(), ["four", "five"], "the last line had no end");
    folder.append("queue_log", "six\n");
    assert_eq!(tail.read(), ["six"]);
}

#[test]
fn a_truncated_file_is_finished_from_its_copy() {
    let folder = Folder::new();
    folder.append("queue_log", "one\n");
    let mut tail = folder.tail(None);
    assert_eq!(tail.read(), ["one"]);
    folder.append("queue_log", "two\n");
    fs::copy(folder.log(), folder.path("queue_log.1")).expect("copy");
    folder.truncate("queue_log");
    assert_eq!(tail.read(), ["two"]);
    folder.append("queue_log", "three\n");
    assert_eq!(tail.read(), ["three"]);
}

#[test]
fn a_truncated_file_that_has_outgrown_its_old_length_is_recognised() {
    let folder = Folder::new();
    folder.append("queue_log", "one\n");
    let mut tail = folder.tail(None);
    assert_eq!(tail.read(), ["one"]);
    fs::copy(folder.log(), folder.path("queue_log.1")).expect("copy");
    folder.truncate("queue_log");
    folder.append("queue_log", "a new first line\nand a second\n");
    assert_eq!(tail.read(), ["a new first line", "and a second"]);
}

#[test]
fn a_truncation_without_a_copy_is_a_gap() {
    let folder = Folder::new();
    folder.append("queue_log", "one\n");
    let mut tail = folder.tail(None);
    assert_eq!(tail.read(), ["one"]);
    folder.truncate("queue_log");
    folder.append("queue_log", "2\n");
    assert_eq!(tail.read(), ["<gap>", "2"]);
}

#[test]
fn a_rotation_during_a_stop_loses_nothing() {
    let folder = Folder::new();
    folder.append("queue_log", "one\ntwo\n");
    let mut tail = folder.tail(None);
    assert_eq!(tail.read(), ["one", "two"]);
    folder.append("queue_log", "three\n");
    folder.rename("queue_log", "queue_log.1");
    folder.append("queue_log", "four\n");
    let mut tail = folder.tail(tail.cursor.as_deref());
    assert_eq!(tail.read(), ["three", "four"]);
}

#[test]
fn a_copy_during_a_stop_loses_nothing() {
    let folder = Folder::new();
    folder.append("queue_log", "one\n");
    let mut tail = folder.tail(None);
    assert_eq!(tail.read(), ["one"]);
    folder.append("queue_log", "two\n");
    fs::copy(folder.log(), folder.path("queue_log-20261122")).expect("copy");
    folder.truncate("queue_log");
    folder.append("queue_log", "three\n");
    let mut tail = folder.tail(tail.cursor.as_deref());
    assert_eq!(tail.read(), ["two", "three"]);
}

#[test]
fn several_rotations_during_a_stop_are_read_in_order() {
    let folder = Folder::new();
    folder.append("queue_log.4", "long ago\n");
    set_modified(&folder.path("queue_log.4"), 500);
    folder.append("queue_log", "one\n");
    let mut tail = folder.tail(None);
    assert_eq!(tail.read(), ["one"]);
    folder.append("queue_log", "two\n");
    folder.rename("queue_log", "queue_log.3");
    for (name, line, modified) in
        [("queue_log.2", "three\n", 2000), ("queue_log.1", "four\n", 3000)]
    {
        folder.append(name, line);
        set_modified(&folder.path(name), modified);
    }
    set_modified(&folder.path("queue_log.3"), 1000);
    folder.append("queue_log.notes", "not a rotation\n");
    folder.append("queue_log", "five\n");
    let mut tail = folder.tail(tail.cursor.as_deref());
    assert_eq!(tail.read(), ["two", "three", "four", "five"]);
}

#[test]
fn a_file_that_is_gone_for_good_is_a_gap() {
    let folder = Folder::new();
    folder.append("queue_log", "one\n");
    let mut tail = folder.tail(None);
    assert_eq!(tail.read(), ["one"]);
    folder.rename("queue_log", "elsewhere");
    let mut tail = folder.tail(tail.cursor.as_deref());
    assert!(tail.read().is_empty(), "it may come back");
    folder.append("queue_log", "two\n");
    assert_eq!(tail.read(), ["<gap>", "two"]);
}

#[test]
fn files_that_begin_alike_have_different_names() {
    let folder = Folder::new();
    folder.append("queue_log", "HEADER\none\n");
    let mut tail = folder.tail(None);
    tail.drain();
    folder.rename("queue_log", "queue_log.1");
    folder.append("queue_log", "HEADER\ntwo\n");
    tail.drain();
    // `lines` refuses two lines of one name.
    assert_eq!(tail.lines(), ["HEADER", "one", "HEADER", "two"]);
}

#[test]
fn names_survive_rename_copy_and_restart() {
    let folder = Folder::new();
    folder.append("queue_log", "one\n");
    let mut tail = folder.tail(None);
    tail.drain();
    let name = |items: &[Item]| match items.last() {
        Some(Item::Line { file, .. }) => Some(file.to_string()),
        _ => None,
    };
    let first = name(&tail.items);
    assert!(first.is_some());
    folder.append("queue_log", "two\n");
    fs::copy(folder.log(), folder.path("queue_log.1")).expect("copy");
    fs::remove_file(folder.log()).expect("remove");
    let mut tail = folder.tail(tail.cursor.as_deref());
    tail.drain();
    assert_eq!(name(&tail.items), first);
}

#[test]
fn a_line_that_is_too_long_is_reported_with_its_beginning() {
    let folder = Folder::new();
    let long = "x".repeat(300_000);
    folder.append("queue_log", &format!("one\n{long}"));
    let mut tail = folder.tail(None);
    assert_eq!(tail.read(), ["one"]);
    let cursor = tail.cursor.clone();
    folder.append("queue_log", &format!("{long}\n{}\nlast\n", "y".repeat(LINE_BYTES_MAX + 1)));
    tail.drain();
    let long = tail.items.iter().find_map(|item| match item {
        Item::LongLine { offset, head, .. } => Some((*offset, head.len())),
        _ => None,
    });
    assert_eq!(long, Some((4, LINE_BYTES_MAX)));
    assert_eq!(tail.lines(), ["<600000 bytes>", "<101 bytes>", "last"]);
    // The cursor behind the skipped line is good, and so is the one before it.
    assert!(folder.tail(tail.cursor.as_deref()).read().is_empty());
    assert_eq!(folder.tail(cursor.as_deref()).read().len(), 3);
}

#[test]
fn many_lines_come_in_bounded_chunks_and_any_cursor_is_good_to_go_on_from() {
    let folder = Folder::new();
    let lines: Vec<String> = (0..5000).map(|n| format!("{n}|call|Sales|NONE|ENTERQUEUE")).collect();
    folder.append("queue_log", &(lines.join("\n") + "\n"));
    let (mut seen, mut cursor) = (Vec::new(), None);
    while seen.len() < lines.len() {
        // A restart after each two steps: find the place, read a chunk.
        let mut tail = Tail::new(folder.log(), LINE_BYTES_MAX, cursor.as_deref());
        for chunk in [tail.read(), tail.read()] {
            assert!(chunk.items.len() <= 513);
            cursor = chunk.cursor.or(cursor);
            for item in chunk.items {
                if let Item::Line { bytes, .. } = item {
                    seen.push(String::from_utf8(bytes).expect("utf-8"));
                }
            }
        }
    }
    assert_eq!(seen, lines);
}

#[tokio::test]
async fn the_cursor_waits_for_durability_and_a_lost_batch_comes_again() {
    let folder = Folder::new();
    folder.append("queue_log", "one\ntwo\n");
    let settings = Settings {
        path: folder.log(),
        line_bytes_max: LINE_BYTES_MAX,
        look_every: Duration::from_millis(1),
    };
    let (sink, mut batches) = mpsc::channel(1);
    let task = tokio::spawn(run(settings, None, sink));
    let texts = |batch: &Batch| {
        let lines = batch.items.iter().filter_map(|item| match item {
            Item::Line { bytes, .. } => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        });
        lines.collect::<Vec<_>>()
    };
    let opened = batches.recv().await.expect("batch");
    assert!(texts(&opened).is_empty() && opened.cursor.is_some());
    opened.done.send(()).expect("the source waits for it");
    let lost = batches.recv().await.expect("batch");
    assert_eq!((texts(&lost), lost.attempt), (vec!["one".to_owned(), "two".to_owned()], 0));
    drop(lost);
    let mut seen = Vec::new();
    while seen.len() < 2 {
        let batch = batches.recv().await.expect("batch");
        assert_eq!(batch.attempt, 1);
        seen.extend(texts(&batch));
        batch.done.send(()).expect("the source waits for it");
    }
    assert_eq!(seen, ["one", "two"]);
    drop(batches);
    task.await.expect("ends with its consumer");
}

#[tokio::test]
async fn no_more_than_a_few_batches_are_under_way() {
    let folder = Folder::new();
    folder.append("queue_log", &"line\n".repeat(512 * 20));
    let settings = Settings {
        path: folder.log(),
        line_bytes_max: LINE_BYTES_MAX,
        look_every: Duration::from_millis(1),
    };
    let (sink, mut batches) = mpsc::channel(100);
    let task = tokio::spawn(run(settings, None, sink));
    let mut held = VecDeque::new();
    let mut lines = 0;
    while lines < 512 * 20 {
        while held.len() < BATCHES_UNDER_WAY_MAX && lines < 512 * 20 {
            let batch: Batch = batches.recv().await.expect("batch");
            lines += batch.items.iter().filter(|item| matches!(item, Item::Line { .. })).count();
            held.push_back(batch);
        }
        assert!(batches.try_recv().is_err(), "one more than allowed");
        if let Some(batch) = held.pop_front() {
            batch.done.send(()).expect("the source waits for it");
        }
    }
    task.abort();
}
