//! `[channel.NAME.same_as.CHANNEL]`: contacts of which two channels tell.

use std::collections::BTreeMap;

/// When a channel's contact is one of another channel, and which. Attributes are what the plugin gives
/// with its events, also those that are not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameAs {
    /// The channel that the contact came in by.
    pub channel: String,
    /// What attributes must say for it.
    pub when: BTreeMap<String, String>,
    /// How that channel names the contact.
    pub interaction: Vec<AttributePiece>,
    /// Our replies are counted as this channel tells them. Default true; false where the other one
    /// tells them as well.
    pub replies: bool,
}

/// A piece of a text that is made of attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributePiece {
    /// As it stands.
    Text(String),
    /// The attribute's value.
    Attribute(String),
}
