//! What a reload of the config did to a channel: for the API and the page of channels.

use serde::Serialize;

use crate::event::UnixMs;

/// What a reload did to a channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reload {
    /// When, in Unix milliseconds.
    pub at_ms: UnixMs,
    /// What became of the channel.
    pub result: ReloadResult,
    /// Why it is kept as it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What became of a channel in a reload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReloadResult {
    /// It goes on by its new section and with its new plugin.
    Changed,
    /// It goes on as before: what is new cannot run.
    Kept,
    /// It is new.
    Started,
}
