//! Brings a channel's documents to its actor, part by part, and goes on when they are on disk.
//!
//! A part is handed over when the one before it is dealt with, so nothing of another document comes in
//! between, and no more than one part waits. The cursor goes with the last part: the journal takes it in
//! one append with that part's events. When anything is refused on the way (the plugin rests or was
//! started anew, the journal fails), the whole document is given again from its beginning. A document
//! whose part the plugin cannot decode goes to quarantine once, with its first part.

use std::time::Duration;

use bytes::Bytes;

use crate::channel::actor::{Mailbox, Resume};
use crate::channel::host::FailureClass;
use crate::channel::input::{Content, DOCUMENTS_LINK, Delivery, Document, Input};
use crate::channel::reply::{Answer, Refusal, Taken};
use crate::channel::source::document::{Head, Next, Part, Settings, Source};
use crate::event::{Feed, FeedPart, FeedState};
use crate::telemetry::happenings::DocumentsPassedOver;

/// Wait before another try when something was refused.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Runs until the actor is gone. `cursor` of the journal is in the mailbox's resume point.
pub(super) async fn run(mailbox: Mailbox, settings: Settings) {
    let source = Source::new(&settings, mailbox.resume().position.as_deref());
    let mut feeder = Feeder { mailbox, settings, source };
    loop {
        let next = feeder.source.next().await;
        // What is no document is said until it is heard.
        loop {
            match feeder.give(&next).await {
                Ok(()) => break,
                Err(Refusal::Stopping) => return,
                Err(_) => tokio::time::sleep(RETRY_AFTER).await,
            }
            if matches!(next, Next::Document(_)) {
                break;
            }
        }
    }
}

struct Feeder {
    mailbox: Mailbox,
    settings: Settings,
    source: Source,
}

impl Feeder {
    async fn give(&mut self, next: &Next) -> Result<(), Refusal> {
        let resume = self.mailbox.resume();
        match next {
            Next::Document(head) => self.document(head, &resume).await,
            Next::Connected => {
                self.push(Content::connected(DOCUMENTS_LINK), &resume, None).await?;
                self.push(feed(FeedState::Up), &resume, None).await.map(drop)
            }
            Next::Disconnected(why) => {
                tracing::warn!(
                    why,
                    "a channel's documents cannot be read; they are looked for again"
                );
                let down = Content::disconnected(DOCUMENTS_LINK, why.clone());
                self.push(down, &resume, None).await?;
                self.push(feed(FeedState::Down), &resume, None).await.map(drop)
            }
            Next::Gap(why) => {
                tracing::warn!(why, "documents may be missing");
                self.push(feed(FeedState::Gap), &resume, None).await.map(drop)
            }
            Next::PassedOver(files) => {
                DocumentsPassedOver { files: *files }.emit();
                Ok(())
            }
            Next::Begins => {
                let cursor = self.source.cursor();
                self.push(Content::Nothing, &resume, Some(cursor)).await.map(drop)
            }
        }
    }

    async fn document(&mut self, head: &Head, resume: &Resume) -> Result<(), Refusal> {
        let part_bytes = self.settings.part_bytes;
        if head.length > self.settings.bytes_max as u64 {
            let Ok(Part { bytes, .. }) = self.source.part(0, part_bytes).await else {
                self.source.put_back();
                return Ok(());
            };
            return self.set_aside_long(head, bytes, head.length, resume).await;
        }
        let mut first = None;
        let mut offset = 0;
        loop {
            let Ok(Part { bytes, is_last }) = self.source.part(offset, part_bytes).await else {
                self.source.put_back();
                return Ok(());
            };
            let end = offset + bytes.len() as u64;
            if is_last && !self.source.is_whole().await {
                self.source.put_back();
                return Ok(());
            }
            // A copy: what was decoded is wiped, and the first part may go to quarantine.
            let first = first.get_or_insert_with(|| Bytes::copy_from_slice(&bytes));
            // A server may have told less than it gives.
            if end > self.settings.bytes_max as u64 {
                let first = first.clone();
                return self.set_aside_long(head, first, end, resume).await;
            }
            let input = Input::Document(part(head, offset, bytes, is_last));
            let cursor = is_last.then(|| self.source.cursor());
            match self.push(Content::Input(input), resume, cursor).await {
                Ok(_) if is_last => {
                    self.source.taken();
                    return Ok(());
                }
                Ok(_) => offset = end,
                Err(Refusal::Undecodable { class, reason }) => {
                    let is_all = is_last && offset == 0;
                    let input = part(head, 0, first.clone(), is_all);
                    let reason = match is_all {
                        true => reason,
                        false => format!("{reason} (a part of it, not the whole, was refused)"),
                    };
                    return self.set_aside(input, class, reason, resume).await;
                }
                Err(refusal) => return Err(refusal),
            }
        }
    }

    /// Brings the beginning of a document to quarantine that is longer than the plugin may be given.
    async fn set_aside_long(
        &mut self,
        head: &Head,
        first: Bytes,
        length: u64,
        resume: &Resume,
    ) -> Result<(), Refusal> {
        let reason = format!("a document of {length} bytes: longer than document_bytes_max");
        let input = part(head, 0, first, false);
        self.set_aside(input, FailureClass::LongDocument, reason, resume).await
    }

    /// Brings a document to quarantine; the source goes on behind it.
    async fn set_aside(
        &mut self,
        input: Document,
        class: FailureClass,
        reason: String,
        resume: &Resume,
    ) -> Result<(), Refusal> {
        let input = Input::Document(input);
        let cursor = self.source.cursor();
        self.push(Content::Unfit { input, class, reason }, resume, Some(cursor)).await?;
        self.source.taken();
        Ok(())
    }

    /// Hands something over and waits until it is dealt with, on disk where it has to be.
    async fn push(
        &self,
        content: Content,
        resume: &Resume,
        cursor: Option<Vec<u8>>,
    ) -> Result<Taken, Refusal> {
        let (answer, outcome) = Answer::pair();
        // The whole document goes to quarantine, from here.
        let is_retry = matches!(&content, Content::Input(Input::Document(_)));
        let delivery = Delivery::at(content, resume.position(cursor), answer);
        self.mailbox.push(Delivery { is_retry, ..delivery }).await?;
        outcome.outcome().await
    }
}

fn feed(state: FeedState) -> Content {
    Content::Feed(Feed::of(FeedPart::Documents, state))
}

fn part(head: &Head, offset: u64, bytes: Bytes, is_last: bool) -> Document {
    Document {
        name: head.name.clone(),
        media_type: head.media_type.into(),
        received_ms: head.received_ms,
        offset,
        is_last,
        bytes,
    }
}

#[cfg(test)]
mod tests;
