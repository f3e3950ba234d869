//! One struct per thing worth knowing. `emit` writes its log line and counts it, so that the two
//! never disagree; whoever notices it fills in what they know and calls that.
//!
//! What is hot is not here but in `meters`. What strangers can cause at will is logged at
//! `debug`: the counter shows it, and nobody can fill the disk with log lines.

use std::io;
use std::path::Path;

use super::names;
use crate::journal::{BadRow, JournalError, StoreError};

/// A request's signature was wrong or missing.
#[derive(Debug)]
pub struct SignatureFailed<'a> {
    /// The channel it was sent to.
    pub channel: &'a str,
    /// What did not fit; never the secret.
    pub reason: &'a str,
}

impl SignatureFailed<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let Self { channel, reason } = self;
        tracing::debug!(channel, reason, "signature refused");
        names::SIGNATURE_FAILURES.counter(&[channel]).increment(1);
    }
}

/// A request was larger than `server.body_bytes_max`.
#[derive(Debug)]
pub struct BodyTooLarge<'a> {
    /// The channel it was sent to.
    pub channel: &'a str,
}

impl BodyTooLarge<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let Self { channel } = self;
        tracing::debug!(channel, "body larger than server.body_bytes_max");
        names::BODY_TOO_LARGE.counter(&[channel]).increment(1);
    }
}

/// The plugin's mailbox was full.
#[derive(Debug)]
pub struct MailboxBusy<'a> {
    /// The channel.
    pub channel: &'a str,
}

impl MailboxBusy<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let Self { channel } = self;
        tracing::debug!(channel, "input turned away: mailbox_max inputs are waiting");
        names::MAILBOX_BUSY.counter(&[channel]).increment(1);
    }
}

/// An input could not be decoded.
#[derive(Debug)]
pub struct Quarantined<'a> {
    /// The channel.
    pub channel: &'a str,
    /// The class of the reason, one of a few: a label.
    pub reason: &'static str,
    /// What the plugin or the host said.
    pub detail: &'a str,
}

impl Quarantined<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let Self { channel, reason, detail } = self;
        tracing::warn!(channel, reason, detail, "input set aside: see `tablica quarantine list`");
        names::QUARANTINED.counter(&[channel, reason]).increment(1);
    }
}

/// A plugin call trapped or overran a limit.
#[derive(Debug)]
pub struct PluginTrapped<'a> {
    /// The channel.
    pub channel: &'a str,
    /// The trap, in the sandbox's words.
    pub reason: &'a str,
}

impl PluginTrapped<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let Self { channel, reason } = self;
        tracing::error!(channel, reason, "plugin trapped");
        names::PLUGIN_TRAPS.counter(&[channel]).increment(1);
    }
}

/// A plugin was started again.
#[derive(Debug)]
pub struct PluginRestarted<'a> {
    /// The channel.
    pub channel: &'a str,
}

impl PluginRestarted<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let Self { channel } = self;
        tracing::warn!(channel, "plugin started again");
        names::PLUGIN_RESTARTS.counter(&[channel]).increment(1);
    }
}

/// A plugin failed so often that it is given a rest.
#[derive(Debug)]
pub struct BreakerOpened<'a> {
    /// The channel.
    pub channel: &'a str,
    /// How many failures in a row.
    pub failures: u32,
}

impl BreakerOpened<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let Self { channel, failures } = self;
        tracing::error!(channel, failures, "plugin rests after repeated failures");
        names::BREAKER_OPENED.counter(&[channel]).increment(1);
    }
}

/// The disk began to refuse.
#[derive(Debug)]
pub struct JournalUnwritable<'a> {
    /// What it said.
    pub error: &'a JournalError,
}

impl JournalUnwritable<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let error = self.error;
        tracing::error!(%error, "nothing is accepted until the journal can write again");
        names::JOURNAL_OUTAGES.counter(&[]).increment(1);
    }
}

/// The disk accepts again.
#[derive(Debug)]
pub struct JournalWritableAgain;

impl JournalWritableAgain {
    /// Logs it.
    pub fn emit(self) {
        tracing::info!("the journal can write again");
    }
}

/// Something journaled cannot be read back.
#[derive(Debug)]
pub struct JournalBadRow<'a> {
    /// What and where.
    pub row: &'a BadRow,
}

impl JournalBadRow<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        tracing::error!(row = %self.row, "journal: cannot be read back, set aside");
        names::JOURNAL_BAD_ROWS.counter(&[]).increment(1);
    }
}

/// A snapshot cannot be believed.
#[derive(Debug)]
pub struct JournalBadSnapshot<'a> {
    /// Its file.
    pub path: &'a Path,
    /// Why.
    pub error: &'a io::Error,
}

impl JournalBadSnapshot<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let path = self.path.display();
        tracing::error!(%path, error = %self.error, "snapshot passed over for an older one");
        names::JOURNAL_BAD_ROWS.counter(&[]).increment(1);
    }
}

/// A day file is past `journal.keep`.
#[derive(Debug)]
pub struct JournalDayDeleted<'a> {
    /// The file.
    pub file: &'a str,
}

impl JournalDayDeleted<'_> {
    /// Logs it.
    pub fn emit(self) {
        tracing::info!(file = self.file, "older than journal.keep, deleted");
    }
}

/// An old day file could not be deleted.
#[derive(Debug)]
pub struct JournalHousekeepingFailed<'a> {
    /// What and why.
    pub error: &'a StoreError,
}

impl JournalHousekeepingFailed<'_> {
    /// Logs it.
    pub fn emit(self) {
        tracing::warn!(error = %self.error, "an old journal file cannot be deleted");
    }
}

/// A screen connected.
#[derive(Debug)]
pub struct ScreenConnected<'a> {
    /// The board that it shows.
    pub board: &'a str,
    /// Its name or number.
    pub screen: &'a str,
}

impl ScreenConnected<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let Self { board, screen } = self;
        tracing::info!(board, screen, "screen connected");
        names::SCREEN_CONNECTS.counter(&[board]).increment(1);
    }
}

/// A screen's connection ended.
#[derive(Debug)]
pub struct ScreenDisconnected<'a> {
    /// The board that it showed.
    pub board: &'a str,
    /// Its name or number.
    pub screen: &'a str,
    /// Why.
    pub reason: &'a str,
}

impl ScreenDisconnected<'_> {
    /// Logs and counts it.
    pub fn emit(self) {
        let Self { board, screen, reason } = self;
        tracing::info!(board, screen, reason, "screen disconnected");
        names::SCREEN_DISCONNECTS.counter(&[board]).increment(1);
    }
}
