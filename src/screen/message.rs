//! What a screen may say: that it has a state already, and that it painted one.

use serde::Deserialize;

/// The state that a returning screen still shows: `?epoch=E&seq=N`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Resume {
    /// The run of the server that it is from.
    pub epoch: String,
    /// Its number.
    pub seq: u64,
}

/// Which screen it is: `?screen=lobby-3`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Introduction {
    /// Its name, if it has one.
    pub screen: Option<String>,
}

/// A screen's message.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Said {
    /// This state is on the glass.
    Painted {
        /// The run of the server that it is from.
        epoch: String,
        /// Its number.
        seq: u64,
    },
}

impl Said {
    /// `None` for what is not of the protocol.
    pub(super) fn parse(text: &str) -> Option<Said> {
        serde_json::from_str(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_protocols_messages_are_understood() {
        assert_eq!(
            Said::parse(r#"{"type":"painted","epoch":"k3","seq":13}"#),
            Some(Said::Painted { epoch: "k3".into(), seq: 13 })
        );
        for strange in ["", "{}", "[]", r#"{"type":"dance"}"#, r#"{"type":"painted","seq":-1}"#] {
            assert_eq!(Said::parse(strange), None, "{strange}");
        }
    }
}
