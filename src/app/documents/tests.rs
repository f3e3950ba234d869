//! From a folder to a channel's actor, whose part the test plays.

use std::fs;
use std::path::Path;

use tokio::sync::mpsc::Receiver;

use super::*;
use crate::channel::source::document::Place;

const PATIENCE: Duration = Duration::from_secs(30);

fn settings(folder: &Path) -> Settings {
    Settings {
        place: Place::Folder(folder.to_owned()),
        part_bytes: 1024,
        bytes_max: 3000,
        from_beginning: true,
        look_every: Duration::from_millis(5),
        quiet: Duration::ZERO,
    }
}

struct Actor {
    receiver: Receiver<Delivery>,
    task: tokio::task::JoinHandle<()>,
}

impl Actor {
    fn new(folder: &Path, position: Option<Vec<u8>>) -> Self {
        let (mailbox, receiver) = Mailbox::for_test(position);
        Self { receiver, task: tokio::spawn(run(mailbox, settings(folder))) }
    }

    async fn any(&mut self) -> Delivery {
        let next = tokio::time::timeout(PATIENCE, self.receiver.recv()).await;
        next.expect("in time").expect("a delivery")
    }

    /// The next that is a document or part of one; what comes before is taken.
    async fn next(&mut self) -> Delivery {
        loop {
            let delivery = self.any().await;
            match &delivery.content {
                Content::Input(Input::Document(_)) | Content::Unfit { .. } => return delivery,
                _ => accept(delivery),
            }
        }
    }
}

fn accept(delivery: Delivery) {
    let answer = delivery.answer.expect("somebody waits");
    answer.once_durable(Taken::default()).send(Ok(())).expect("it waits");
}

fn refuse(delivery: Delivery, refusal: Refusal) {
    delivery.answer.expect("somebody waits").refuse(refusal);
}

fn undecodable() -> Refusal {
    Refusal::Undecodable { class: FailureClass::BadInput, reason: "not ours".to_owned() }
}

/// Offset, whether it is the last, and whether the cursor comes with it.
fn place(delivery: &Delivery) -> (u64, bool, bool) {
    let Content::Input(Input::Document(part)) = &delivery.content else { panic!("a part") };
    let position = delivery.position.as_ref().expect("a place");
    (part.offset, part.is_last, position.bytes.is_some())
}

fn cursor(delivery: &Delivery) -> Option<Vec<u8>> {
    delivery.position.as_ref().and_then(|position| position.bytes.clone())
}

#[tokio::test]
async fn parts_come_in_order_and_the_cursor_with_the_last_one() {
    let folder = tempfile::tempdir().expect("folder");
    fs::write(folder.path().join("a.csv"), [b'a'; 2500]).expect("write");
    let mut actor = Actor::new(folder.path(), None);
    let mut kept = None;
    for wanted in [(0, false, false), (1024, false, false), (2048, true, true)] {
        let part = actor.next().await;
        assert_eq!(place(&part), wanted);
        kept = cursor(&part);
        accept(part);
    }
    // The server is killed and starts again: the document does not come a second time.
    actor.task.abort();
    fs::write(folder.path().join("b.csv"), b"b").expect("write");
    let mut actor = Actor::new(folder.path(), kept);
    let part = actor.next().await;
    assert!(matches!(&part.content, Content::Input(Input::Document(it)) if it.bytes == "b"));
}

#[tokio::test]
async fn a_refusal_in_the_middle_brings_the_whole_again() {
    let folder = tempfile::tempdir().expect("folder");
    fs::write(folder.path().join("a.csv"), [b'a'; 2500]).expect("write");
    let mut actor = Actor::new(folder.path(), None);
    accept(actor.next().await);
    refuse(actor.next().await, Refusal::PluginUnavailable("box".to_owned()));
    assert_eq!(place(&actor.next().await), (0, false, false));
}

#[tokio::test]
async fn a_document_that_the_plugin_cannot_read_is_set_aside_once_and_the_next_one_comes() {
    let folder = tempfile::tempdir().expect("folder");
    fs::write(folder.path().join("a.csv"), [b'a'; 2500]).expect("write");
    let mut actor = Actor::new(folder.path(), None);
    accept(actor.next().await);
    refuse(actor.next().await, undecodable());
    let aside = actor.next().await;
    let Content::Unfit { input: Input::Document(part), class, .. } = &aside.content else {
        panic!("it is set aside")
    };
    assert_eq!((part.offset, part.bytes.len(), part.is_last), (0, 1024, false));
    assert_eq!(*class, FailureClass::BadInput);
    assert!(cursor(&aside).is_some(), "the source goes on behind it");
    accept(aside);
    fs::write(folder.path().join("b.csv"), b"b").expect("write");
    assert_eq!(place(&actor.next().await), (0, true, true));
}

#[tokio::test]
async fn a_document_that_is_too_long_is_set_aside_with_its_beginning() {
    let folder = tempfile::tempdir().expect("folder");
    fs::write(folder.path().join("a.csv"), [b'a'; 3001]).expect("write");
    let mut actor = Actor::new(folder.path(), None);
    let aside = actor.next().await;
    let Content::Unfit { input: Input::Document(part), class, reason } = &aside.content else {
        panic!("it is set aside")
    };
    assert_eq!((part.bytes.len(), *class), (1024, FailureClass::LongDocument));
    assert_eq!(reason, "a document of 3001 bytes: longer than document_bytes_max");
}

#[tokio::test]
async fn a_folder_that_is_away_takes_the_feed_down() {
    let folder = tempfile::tempdir().expect("folder");
    let mut actor = Actor::new(&folder.path().join("later"), None);
    let down = actor.any().await;
    assert!(matches!(&down.content, Content::Input(Input::Disconnected(_))));
    accept(down);
    let down = actor.any().await;
    assert!(matches!(down.content, Content::Feed(Feed { state: FeedState::Down, .. })));
}
