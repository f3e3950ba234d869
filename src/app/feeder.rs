//! Brings a tailed file's lines to its channel's actor, and says when they are on disk.
//!
//! Every line carries a position of the current round: once one is refused, the actor refuses
//! those behind it too, so that the cursor in the journal never passes a line that was not
//! taken. The source then reads again from the last cursor on disk.

use tokio::sync::mpsc;

use crate::channel::actor::Mailbox;
use crate::channel::host::FailureClass;
use crate::channel::input::{Content, Delivery, FILE_LINK, Input, Line};
use crate::channel::reply::{Answer, Refusal};
use crate::channel::source::file::{self, Batch, Item, Settings};
use crate::event::{Feed, FeedPart, FeedState};

/// Batches between the reader and the actor.
const BATCHES_MAX: usize = 2;

/// Runs until the actor is gone. `cursor` of the journal is in the mailbox's resume point.
pub(super) async fn run(mailbox: Mailbox, settings: Settings) {
    let (sink, mut batches) = mpsc::channel(BATCHES_MAX);
    let reader = file::run(settings, mailbox.resume().position, sink);
    let feeder = async {
        let mut lost_attempt = None;
        let mut file = File::default();
        while let Some(batch) = batches.recv().await {
            // What follows a lost batch lies behind it: its end must not be passed.
            if lost_attempt == Some(batch.attempt) {
                continue;
            }
            let Batch { items, cursor, attempt, done } = batch;
            match feed(&mailbox, file.with_words(items), cursor).await {
                Ok(()) => drop(done.send(())),
                Err(Refusal::Stopping) => return,
                Err(_) => lost_attempt = Some(attempt),
            }
        }
    };
    tokio::select! {
        () = reader => {}
        () = feeder => {}
    }
}

/// Hands a batch over and waits until all of it is on disk.
async fn feed(
    mailbox: &Mailbox,
    contents: Vec<Content>,
    cursor: Option<Vec<u8>>,
) -> Result<(), Refusal> {
    let resume = mailbox.resume();
    let mut awaited = Vec::with_capacity(contents.len() + 1);
    let contents = contents.into_iter().map(|it| (it, None));
    let end = cursor.map(|cursor| (Content::Nothing, Some(cursor)));
    for (content, cursor) in contents.chain(end) {
        let (answer, outcome) = Answer::pair();
        mailbox.push(Delivery::at(content, resume.position(cursor), answer)).await?;
        awaited.push(outcome);
    }
    for outcome in awaited {
        outcome.outcome().await?;
    }
    Ok(())
}

/// Whether the file can be read, as the journal was told last.
#[derive(Default)]
struct File {
    is_down: bool,
}

impl File {
    /// The items for the actor, each with the word on the feed that goes with it: a file that cannot
    /// be read is no quiet one.
    fn with_words(&mut self, items: Vec<Item>) -> Vec<Content> {
        let mut contents = Vec::with_capacity(items.len() + 1);
        for item in items {
            let is_down = match &item {
                Item::Disconnected(_) => true,
                Item::Connected => false,
                _ => self.is_down,
            };
            contents.push(content(item));
            if is_down != self.is_down {
                let state = if is_down { FeedState::Down } else { FeedState::Up };
                contents.push(Content::Feed(Feed::of(FeedPart::File, state)));
            }
            self.is_down = is_down;
        }
        contents
    }
}

fn content(item: Item) -> Content {
    match item {
        Item::Line { file, offset, bytes } => {
            Content::Input(Input::Line(Line { file, offset, bytes: bytes.into() }))
        }
        Item::LongLine { file, offset, length, head } => Content::Unfit {
            input: Input::Line(Line { file, offset, bytes: head.into() }),
            class: FailureClass::LongLine,
            reason: format!("a line of {length} bytes: longer than line_bytes_max"),
        },
        Item::Connected => Content::connected(FILE_LINK),
        Item::Disconnected(why) => {
            tracing::warn!(why, "a channel's file cannot be read; it is looked for again");
            Content::disconnected(FILE_LINK, why)
        }
        Item::Gap(why) => {
            tracing::warn!(why, "a file's lines may be missing");
            Content::Feed(Feed::of(FeedPart::File, FeedState::Gap))
        }
    }
}
