//! Events of the Asterisk REST Interface, as far as they are read.

use serde::Deserialize;
use tablica_plugin::{Moment, time};

/// One event. What a kind of event does not have is empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Event {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) application: String,
    pub(crate) timestamp: String,
    pub(crate) asterisk_id: String,
    pub(crate) channel: Option<Channel>,
    pub(crate) bridge: Option<Bridge>,
    pub(crate) args: Vec<String>,
    /// Of Dial: who calls, if anybody, and the leg that rings.
    pub(crate) caller: Option<Channel>,
    pub(crate) peer: Option<Channel>,
    pub(crate) dialstatus: String,
    /// Of ChannelDialplan.
    pub(crate) dialplan_app: String,
    pub(crate) dialplan_app_data: String,
    /// Of transfers.
    pub(crate) transferer_first_leg: Option<Channel>,
    pub(crate) result: String,
}

/// A channel: one leg of a call.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Channel {
    pub(crate) id: String,
    /// `PJSIP/101-0000001a`
    pub(crate) name: String,
    pub(crate) state: String,
    pub(crate) caller: Caller,
    pub(crate) dialplan: Dialplan,
    pub(crate) creationtime: String,
}

/// Whose number it is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Caller {
    pub(crate) number: String,
}

/// Where in the dialplan a channel is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Dialplan {
    pub(crate) exten: String,
    pub(crate) app_name: String,
    pub(crate) app_data: String,
}

/// Where channels hear each other, or music.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Bridge {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) bridge_type: String,
    pub(crate) channels: Vec<String>,
}

impl Event {
    pub(crate) fn at(&self) -> Moment {
        moment(&self.timestamp)
    }

    /// What stays the same when it is told again.
    pub(crate) fn id(&self, channel: &str) -> String {
        format!("{}:{}:{channel}:{}", self.asterisk_id, self.kind, self.timestamp)
    }
}

impl Channel {
    /// `PJSIP/101` of `PJSIP/101-0000001a`; `Local/101@agents` of `Local/101@agents-00000001;2`.
    pub(crate) fn endpoint(&self) -> &str {
        let name = self.name.split(';').next().unwrap_or_default();
        match name.rsplit_once('-') {
            Some((endpoint, number))
                if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_hexdigit()) =>
            {
                endpoint
            }
            _ => name,
        }
    }

    /// It is no telephone: spying, recording, announcements, media of a machine.
    pub(crate) fn is_machine(&self) -> bool {
        let technology = self.name.split('/').next().unwrap_or_default();
        MACHINES.contains(&technology)
    }
}

const MACHINES: [&str; 9] = [
    "Snoop",
    "UnicastRTP",
    "AudioSocket",
    "WebSocket",
    "Recorder",
    "Announcer",
    "CBAnn",
    "CBRec",
    "Surrogate",
];

/// `2014-05-20T13:15:27.131-0500`
pub(crate) fn moment(text: &str) -> Moment {
    time::moment(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_without_a_colon_is_read() {
        for (text, at) in [
            ("2026-11-22T12:00:00.131+0000", Moment::Utc(1_795_348_800_131)),
            ("2026-11-22T07:00:00.131-0500", Moment::Utc(1_795_348_800_131)),
            ("2026-11-22T13:00:00.131+01:00", Moment::Utc(1_795_348_800_131)),
            ("2026-11-22T12:00:00Z", Moment::Utc(1_795_348_800_000)),
            ("", Moment::None),
            ("noon", Moment::None),
            ("+00", Moment::None),
            ("łąłą", Moment::None),
        ] {
            assert_eq!(moment(text), at, "{text}");
        }
    }

    #[test]
    fn an_endpoint_is_a_channel_without_its_number() {
        for (name, endpoint) in [
            ("PJSIP/101-0000001a", "PJSIP/101"),
            ("PJSIP/in-trunk-000008cc", "PJSIP/in-trunk"),
            ("Local/101@agents-00000001;2", "Local/101@agents"),
            ("PJSIP/desk-one", "PJSIP/desk-one"),
            ("", ""),
        ] {
            let channel = Channel { name: name.into(), ..Channel::default() };
            assert_eq!(channel.endpoint(), endpoint);
        }
    }
}
