//! The parts of Slack's payloads that are read. Everything else is passed over, so that new fields cannot break
//! anything.

use serde::Deserialize;
use serde_json::value::RawValue;

/// What Slack posts, or puts into an envelope.
#[derive(Deserialize)]
pub(crate) struct Call<'a> {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) team_id: Option<String>,
    /// The workspace for which the event is told.
    context_team_id: Option<String>,
    context_enterprise_id: Option<String>,
    enterprise_id: Option<String>,
    authorizations: Option<Vec<Authorization>>,
    /// The channel is shared with another organization.
    pub(crate) is_ext_shared_channel: Option<bool>,
    pub(crate) event_id: Option<String>,
    /// In seconds.
    pub(crate) event_time: Option<u64>,
    /// In seconds.
    pub(crate) minute_rate_limited: Option<u64>,
    #[serde(borrow)]
    pub(crate) event: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Authorization {
    team_id: Option<String>,
    enterprise_id: Option<String>,
}

impl Call<'_> {
    /// The workspace, or the organization, is the one in which the app is installed.
    pub(crate) fn is_ours(&self, team: &str) -> bool {
        let authorized = self.authorizations.iter().flatten();
        let mut ids: Vec<&String> =
            authorized.flat_map(|it| [&it.team_id, &it.enterprise_id]).flatten().collect();
        if ids.is_empty() {
            let said = [&self.context_team_id, &self.context_enterprise_id];
            ids.extend(said.into_iter().flatten());
        }
        if ids.is_empty() {
            ids.extend([&self.team_id, &self.enterprise_id].into_iter().flatten());
        }
        ids.iter().any(|id| *id == team)
    }
}

/// What every event has.
#[derive(Deserialize)]
pub(crate) struct Head {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Of `app_rate_limited`.
    pub(crate) minute_rate_limited: Option<u64>,
}

/// An event `message` or `app_mention`.
#[derive(Deserialize)]
pub(crate) struct Event {
    pub(crate) channel: Option<String>,
    pub(crate) channel_type: Option<String>,
    #[serde(flatten)]
    pub(crate) message: Message,
    /// What an edited message reads like now.
    #[serde(rename = "message")]
    pub(crate) now: Option<Message>,
    pub(crate) previous_message: Option<Message>,
    pub(crate) deleted_ts: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Message {
    pub(crate) subtype: Option<String>,
    pub(crate) hidden: Option<bool>,
    pub(crate) user: Option<String>,
    pub(crate) bot_id: Option<String>,
    pub(crate) app_id: Option<String>,
    /// The author's workspace; in shared channels the next two say it better.
    team: Option<String>,
    user_team: Option<String>,
    source_team: Option<String>,
    pub(crate) text: Option<String>,
    /// `SECONDS.MICROSECONDS`: the time, and the message's id within its channel.
    pub(crate) ts: Option<String>,
    pub(crate) thread_ts: Option<String>,
    pub(crate) edited: Option<Edited>,
}

impl Message {
    pub(crate) fn team(&self) -> Option<&str> {
        let said = [&self.user_team, &self.source_team, &self.team];
        said.into_iter().flatten().map(String::as_str).find(|team| !team.is_empty())
    }
}

#[derive(Deserialize)]
pub(crate) struct Edited {
    pub(crate) ts: Option<String>,
}

/// What comes on the WebSocket.
#[derive(Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// Is sent back, or Slack sends the envelope again.
    pub(crate) envelope_id: Option<String>,
    #[serde(borrow)]
    pub(crate) payload: Option<&'a RawValue>,
    /// Of a `disconnect`.
    pub(crate) reason: Option<String>,
}

/// The answer of `apps.connections.open`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Opened {
    pub(crate) ok: bool,
    pub(crate) url: Option<String>,
    pub(crate) error: Option<String>,
}

/// `SECONDS.MICROSECONDS` in milliseconds; 0 when it is no time.
pub(crate) fn at_ms(ts: &str) -> u64 {
    let (seconds, rest) = ts.split_once('.').unwrap_or((ts, ""));
    let seconds: u64 = seconds.parse().unwrap_or(0);
    let milliseconds = rest.get(..3).and_then(|it| it.parse::<u64>().ok()).unwrap_or(0);
    seconds.saturating_mul(1_000).saturating_add(milliseconds)
}
