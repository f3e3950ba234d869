//! Real files in real folders.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::SystemTime;

use super::*;

const PATIENCE: Duration = Duration::from_secs(30);

struct Desk {
    folder: tempfile::TempDir,
    settings: Settings,
}

/// A document as it came.
#[derive(Debug, PartialEq, Eq)]
struct Got {
    name: String,
    media_type: &'static str,
    bytes: Vec<u8>,
    parts: usize,
}

impl Desk {
    fn new(mail: bool) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().to_owned();
        if mail {
            ["new", "cur", "tmp"].iter().for_each(|it| fs::create_dir(path.join(it)).expect("dir"));
        }
        let place = if mail { Place::Maildir(path) } else { Place::Folder(path) };
        let settings = Settings {
            place,
            part_bytes: 256 * 1024,
            bytes_max: 32 * 1024 * 1024,
            from_beginning: false,
            look_every: Duration::from_millis(5),
            quiet: Duration::from_millis(20),
        };
        Self { folder, settings }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A whole file that was last written so many seconds ago.
    fn put(&self, name: &str, bytes: &[u8], seconds_ago: u64) {
        let path = self.path(name);
        let hidden = self.path(".put");
        fs::write(&hidden, bytes).expect("write");
        age(&hidden, seconds_ago);
        fs::rename(hidden, path).expect("rename");
    }

    fn source(&self, cursor: Option<&[u8]>) -> Given {
        Given { source: Source::new(&self.settings, cursor), cursor: cursor.map(<[u8]>::to_vec) }
    }
}

fn age(path: &Path, seconds_ago: u64) {
    let time = SystemTime::now() - Duration::from_secs(seconds_ago);
    File::options().append(true).open(path).expect("open").set_modified(time).expect("time");
}

/// Takes documents, and keeps the cursor as the journal would.
struct Given {
    source: Source,
    cursor: Option<Vec<u8>>,
}

impl Given {
    async fn say(&mut self) -> Next {
        let next = tokio::time::timeout(PATIENCE, self.source.next()).await.expect("in time");
        if next == Next::Begins {
            self.cursor = Some(self.source.cursor());
        }
        next
    }

    async fn read(&mut self, head: &Head) -> Got {
        let mut bytes = Vec::new();
        let mut parts = 0;
        loop {
            let part = self.source.part(bytes.len() as u64, 256 * 1024).await.expect("a part");
            bytes.extend(&part.bytes);
            parts += 1;
            if part.is_last {
                assert!(self.source.is_whole().await);
                let (name, media_type) = (head.name.to_string(), head.media_type);
                return Got { name, media_type, bytes, parts };
            }
        }
    }

    async fn document(&mut self) -> Got {
        loop {
            if let Next::Document(head) = self.say().await {
                let got = self.read(&head).await;
                self.cursor = Some(self.source.cursor());
                self.source.taken();
                return got;
            }
        }
    }

    /// The texts of so many documents.
    async fn texts(&mut self, count: usize) -> Vec<String> {
        let mut texts = Vec::new();
        for _ in 0..count {
            texts.push(String::from_utf8(self.document().await.bytes).expect("text"));
        }
        texts
    }

    /// Until the first look is over.
    async fn begin(&mut self) {
        while self.say().await != Next::Begins {}
    }
}

#[tokio::test]
async fn what_was_there_before_is_passed_over_and_what_comes_is_given_in_order_of_its_time() {
    let desk = Desk::new(false);
    desk.put("old.csv", b"old", 500);
    let mut given = desk.source(None);
    given.begin().await;
    desk.put("late.csv", b"late", 100);
    assert_eq!(given.texts(1).await, ["late"]);
    let mut given = desk.source(given.cursor.as_deref());
    desk.put("d.csv", b"d", 70);
    desk.put("c.csv", b"c", 80);
    desk.put("b.csv", b"b", 90);
    assert_eq!(given.texts(3).await, ["b", "c", "d"], "a restart goes on where it was");
}

#[tokio::test]
async fn from_the_beginning_all_are_given_and_none_twice() {
    let mut desk = Desk::new(false);
    desk.settings.from_beginning = true;
    desk.put("a.eml", b"a", 300);
    desk.put("b.json", b"b", 200);
    let mut given = desk.source(None);
    let a = given.document().await;
    assert!(a.name.starts_with("a.eml@"), "{}", a.name);
    assert_eq!((a.media_type, a.bytes.as_slice()), (media::MAIL, b"a".as_slice()));
    // It stops here: the second was named and not taken.
    assert!(matches!(given.say().await, Next::Document(_)));
    let mut given = desk.source(given.cursor.as_deref());
    assert_eq!(given.texts(1).await, ["b"]);
    desk.put("c.json", b"c", 100);
    assert_eq!(given.texts(1).await, ["c"]);
}

#[tokio::test]
async fn a_mail_of_25_megabytes_arrives_whole_and_once_though_it_is_read_and_flagged() {
    let desk = Desk::new(true);
    let mut given = desk.source(None);
    given.begin().await;
    let mail: Vec<u8> = (0..25_000_000_u32).map(|at| (at % 251) as u8).collect();
    desk.put("new/1700000000.M1P2.host", &mail, 0);
    let got = given.document().await;
    assert_eq!((got.name.as_str(), got.media_type), ("1700000000.M1P2.host", media::MAIL));
    assert!(got.bytes == mail, "every byte");
    assert_eq!(got.parts, 96);
    fs::rename(desk.path("new/1700000000.M1P2.host"), desk.path("cur/1700000000.M1P2.host:2,S"))
        .expect("rename");
    desk.put("new/1700000001.M1P2.host", b"next", 0);
    assert_eq!(given.texts(1).await, ["next"]);
    let mut given = desk.source(given.cursor.as_deref());
    desk.put("cur/1700000002.M1P2.host:2,", b"read at once", 0);
    assert_eq!(given.texts(1).await, ["read at once"], "nor twice after a restart");
}

#[tokio::test]
async fn a_file_that_is_being_written_waits_and_an_empty_one_is_one_empty_part() {
    let mut desk = Desk::new(false);
    desk.settings.quiet = Duration::from_secs(600);
    let mut given = desk.source(None);
    given.begin().await;
    fs::write(desk.path("half.csv"), b"ha").expect("write");
    desk.put("empty.csv", b"", 3000);
    let empty = given.document().await;
    assert_eq!((empty.bytes.len(), empty.parts), (0, 1));
    desk.put("next.csv", b"next", 3000);
    assert_eq!(given.texts(1).await, ["next"], "and not the half one");
    fs::write(desk.path("half.csv"), b"half, and all of it").expect("write");
    age(&desk.path("half.csv"), 3000);
    assert_eq!(given.texts(1).await, ["half, and all of it"]);
}

#[tokio::test]
async fn a_file_is_complete_when_it_has_not_changed_for_a_while() {
    let desk = Desk::new(false);
    let mut given = desk.source(None);
    given.begin().await;
    fs::write(desk.path("fresh.csv"), b"fresh").expect("write");
    assert_eq!(given.texts(1).await, ["fresh"]);
}

#[tokio::test]
async fn a_file_that_changes_while_it_is_read_comes_again_as_a_whole() {
    let desk = Desk::new(false);
    let mut given = desk.source(None);
    given.begin().await;
    desk.put("a.csv", b"before", 100);
    let Next::Document(first) = given.say().await else { panic!("a document") };
    given.source.part(0, 3).await.expect("a part");
    fs::write(desk.path("a.csv"), b"after, which is longer").expect("write");
    assert!(!given.source.is_whole().await);
    given.source.put_back();
    let second = given.document().await;
    assert_eq!(second.bytes, b"after, which is longer");
    assert_ne!(*second.name, *first.name, "it is another document");
}

#[tokio::test]
async fn what_is_hidden_unfinished_or_no_file_is_passed_over() {
    let desk = Desk::new(false);
    let mut given = desk.source(None);
    given.begin().await;
    desk.put(".hidden", b"hidden", 100);
    desk.put("a.tmp", b"tmp", 100);
    desk.put("a.csv.PART", b"part", 100);
    fs::create_dir(desk.path("folder")).expect("folder");
    let fifo = desk.path("fifo");
    let kind = rustix::fs::FileType::Fifo;
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, kind, rustix::fs::Mode::RWXU, 0).expect("fifo");
    desk.put("good.csv", b"good", 90);
    assert_eq!(given.texts(1).await, ["good"]);
    desk.put("good2.csv", b"good2", 80);
    assert_eq!(given.texts(1).await, ["good2"]);
}

#[tokio::test]
async fn a_name_that_is_no_text_is_given_once() {
    let desk = Desk::new(false);
    let mut given = desk.source(None);
    given.begin().await;
    desk.put("plain", b"x", 100);
    fs::rename(desk.path("plain"), desk.folder.path().join(OsStr::from_bytes(b"\xff\xfe.csv")))
        .expect("rename");
    let got = given.document().await;
    assert!(got.name.starts_with("\u{fffd}\u{fffd}.csv~"), "{}", got.name);
    assert_eq!(got.media_type, "text/csv");
    desk.put("next.csv", b"next", 90);
    assert_eq!(given.texts(1).await, ["next"]);
}

#[tokio::test]
async fn a_missing_folder_is_told_once_and_looked_for_again() {
    let mut desk = Desk::new(false);
    let path = desk.path("later");
    desk.settings.place = Place::Folder(path.clone());
    let mut given = desk.source(None);
    assert_eq!(
        given.say().await,
        Next::Disconnected("the folder of documents does not exist".to_owned())
    );
    fs::create_dir(&path).expect("folder");
    let next = given.say().await;
    assert_eq!(next, Next::Connected, "it is told once");
    fs::write(path.join("a.csv"), b"a").expect("write");
    assert_eq!(given.texts(1).await, ["a"]);
}

#[tokio::test]
async fn a_cursor_of_another_folder_is_a_gap() {
    let (one, other) = (Desk::new(false), Desk::new(false));
    let mut given = one.source(None);
    given.begin().await;
    let mut given = other.source(given.cursor.as_deref());
    assert!(matches!(given.say().await, Next::Gap(_)));
}

#[tokio::test]
async fn twelve_thousand_files_come_once_each_with_a_short_cursor() {
    let mut desk = Desk::new(false);
    desk.settings.from_beginning = true;
    for number in 0..12_000 {
        fs::write(desk.path(&format!("{number}.csv")), number.to_string()).expect("write");
        age(&desk.path(&format!("{number}.csv")), 20_000 - number);
    }
    let mut given = desk.source(None);
    let wanted: Vec<String> = (0..12_000).map(|number| number.to_string()).collect();
    assert_eq!(given.texts(6000).await, wanted[..6000]);
    let cursor = given.cursor.clone().expect("a cursor");
    assert!(cursor.len() < 8 * 1024, "{} bytes", cursor.len());
    let mut given = desk.source(Some(&cursor));
    assert_eq!(given.texts(6000).await, wanted[6000..]);
}

#[tokio::test]
async fn files_with_an_old_time_that_came_while_nobody_looked_are_told() {
    let mut desk = Desk::new(false);
    desk.settings.from_beginning = true;
    // More than are remembered one by one.
    let many = cursor::NEAR_MAX + 10;
    (0..many).for_each(|at| desk.put(&format!("{at}.csv"), b"x", 10_000 - at as u64));
    let mut given = desk.source(None);
    given.texts(many).await;
    // It stops here.
    let mut again = desk.source(given.cursor.as_deref());
    desk.put("new.csv", b"new", 100);
    assert_eq!(again.texts(1).await, ["new"]);
    desk.put("old.csv", b"old", 20_000);
    desk.put("newer.csv", b"newer", 90);
    let mut again = desk.source(given.cursor.as_deref());
    let mut said = vec![again.say().await];
    said.push(again.say().await);
    assert_eq!(said, [Next::Connected, Next::PassedOver(1)]);
    assert_eq!(again.texts(2).await, ["new", "newer"]);
    // What was told is not told again once something later was given.
    let mut again = desk.source(again.cursor.as_deref());
    desk.put("newest.csv", b"newest", 80);
    assert_eq!(again.say().await, Next::Connected);
    assert_eq!(again.texts(1).await, ["newest"]);
}
