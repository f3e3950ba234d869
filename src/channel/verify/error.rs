//! Why a channel cannot verify.

/// The operator's or the plugin author's mistake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The scheme compares with a secret, and the config names none.
    #[error(
        "the plugin verifies its webhooks by `{0}` and the channel has no secret: add `secret` \
         to its section"
    )]
    NoSecret(&'static str),
    /// Nothing is compared, and the operator has not said that this is meant.
    #[error(
        "the plugin verifies no webhooks: whoever reaches /in/{0} can write into the channel. \
         Protect that address yourself and say `unverified = true` in the channel's section"
    )]
    Open(String),
    /// Only addresses are compared, and the operator has not chosen that.
    #[error(
        "the plugin verifies its webhooks only by the addresses that they come from: say \
         `verify = \"{0}\"` in the channel's section if that is enough for you"
    )]
    ByAddress(String),
    /// Nothing is compared, so a secret would only look like a protection.
    #[error("nothing compares the channel's `secret`, so it protects nothing: remove it")]
    SecretIgnored,
    /// The plugin does verify.
    #[error("`unverified = true`: the plugin verifies its webhooks by `{0}`; remove it")]
    Verified(String),
    /// There are several ways.
    #[error("the plugin verifies its webhooks in several ways: say `verify = …`, one of {known}")]
    Choose {
        /// Their names.
        known: String,
    },
    /// There is no way of that name.
    #[error("`verify = \"{found}\"`: the plugin knows no such way to verify, only {known}")]
    UnknownWay {
        /// What the operator says.
        found: String,
        /// The names.
        known: String,
    },
    /// There is none at all.
    #[error("`verify = \"{found}\"`: the plugin has no way to verify its webhooks; remove it")]
    NothingToChoose {
        /// What the operator says.
        found: String,
    },
    /// The address is signed, and not known.
    #[error(
        "`{0}` verifies the address that the network calls, and nobody has said it: add \
         `server.public_url`, such as \"https://desk.example.org\", or `server.trusted_proxies`, \
         whose X-Forwarded-Host and -Proto are believed"
    )]
    NoUrl(&'static str),
    /// An empty secret would match an empty header.
    #[error("the channel's secret number {0} is empty")]
    EmptySecret(usize),
    /// The secret is not what the scheme compares with.
    #[error("the channel's secret number {number} is not {expected}")]
    Key {
        /// Which of them, from 1.
        number: usize,
        /// What it should be.
        expected: &'static str,
    },
    /// A handshake's value is missing or makes no sense.
    #[error("handshake.{name}: {why}")]
    Handshake {
        /// Its name.
        name: String,
        /// What is wrong, what to do.
        why: String,
    },
    /// The manifest lacks a key that the scheme needs, or has it wrong.
    #[error("{0}")]
    Author(String),
}

impl VerifyError {
    pub(super) fn author(why: impl Into<String>) -> Self {
        Self::Author(why.into())
    }
}
