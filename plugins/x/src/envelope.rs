//! The two envelopes: lists of events beside `for_user_id` (Account Activity API), or one event in `data`
//! (X Activity API).

use serde::Deserialize;
use serde_json::value::RawValue;
use tablica_plugin::{
    Event, Failure, FeedState, Id, Kind, Pair, bad_input, fingerprint_of, unsupported,
};

use crate::raw_post::RawPost;
use crate::settings::Settings;
use crate::state::State;
use crate::{direct, post};

#[derive(Deserialize)]
struct Envelope<'a> {
    /// The account for which it is sent. One that is told for two of ours comes twice.
    for_user_id: Option<Id>,
    #[serde(borrow, default)]
    tweet_create_events: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    tweet_delete_events: Vec<&'a RawValue>,
    #[serde(borrow, default)]
    direct_message_events: Vec<&'a RawValue>,
    /// An account has taken its permission back. It has no `for_user_id`.
    #[serde(borrow)]
    user_event: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct UserEvent {
    revoke: Option<Revoke>,
}

#[derive(Deserialize)]
struct Revoke {
    source: Option<Source>,
    date_time: Option<String>,
}

#[derive(Deserialize)]
struct Source {
    user_id: Option<Id>,
}

#[derive(Deserialize)]
struct Deletion {
    status: Deleted,
    timestamp_ms: Option<Id>,
}

#[derive(Deserialize)]
struct Deleted {
    id: Id,
    user_id: Option<Id>,
}

/// `event_uuid` is not read: it names a delivery, and one post is delivered as a mention and as a reply.
#[derive(Deserialize)]
struct Activity<'a> {
    event_type: String,
    filter: Option<Filter>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Filter {
    user_id: Option<Id>,
}

#[derive(Deserialize)]
struct Messages<'a> {
    #[serde(borrow, default)]
    direct_message_events: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct PostDelete {
    id: Id,
    author_id: Option<Id>,
}

#[derive(Deserialize)]
struct OauthRevoke {
    user_id: Option<Id>,
    date_time: Option<String>,
}

/// For whom, and what is known.
pub(crate) struct Desk<'a> {
    /// Our account; empty when the envelope names none.
    pub(crate) account: &'a str,
    pub(crate) settings: &'a Settings,
    pub(crate) state: &'a mut State,
}

impl Desk<'_> {
    pub(crate) fn is_ours(&self, account: &str) -> bool {
        account == self.account
            || self.settings.accounts.iter().any(|own| own == account)
            || self.state.is_ours(account)
    }

    /// The event in the queue that the operator gave the account.
    pub(crate) fn queued(&self, mut event: Event) -> Event {
        event.queue = self.settings.queues.get(self.account).cloned();
        event
    }
}

/// Everything that a webhook says.
pub(crate) fn open(
    body: &[u8],
    settings: &Settings,
    state: &mut State,
) -> Result<Vec<Event>, Failure> {
    let envelope: Envelope<'_> = serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            unsupported("not a webhook of X")
        } else {
            bad_input(error.to_string())
        }
    })?;
    let mut events = Vec::new();
    if let Some(data) = envelope.data {
        let activity = serde_json::from_str(data.get())
            .map_err(|error| bad_input(format!("/data: {error}")))?;
        match activity_events(&activity, settings, state) {
            Ok(found) => events.extend(found),
            Err(_) => events.push(undecodable(data)),
        }
    }
    if let Some(user) = envelope.user_event {
        events.extend(revoked(user));
    }
    let Some(account) = envelope.for_user_id else {
        if envelope.data.is_none() && envelope.user_event.is_none() {
            return Err(unsupported("not a webhook of X: it has no for_user_id and no data"));
        }
        return Ok(events);
    };
    state.learn(&account.0);
    let mut desk = Desk { account: &account.0, settings, state };
    for raw in envelope.tweet_create_events {
        match serde_json::from_str::<RawPost>(raw.get()) {
            Ok(found) => events.extend(post::written(&found, "", &mut desk)),
            Err(_) => events.push(undecodable(raw)),
        }
    }
    for raw in envelope.direct_message_events {
        match direct::decode(raw.get(), &desk) {
            Ok(found) => events.extend(found),
            Err(_) => events.push(undecodable(raw)),
        }
    }
    for raw in envelope.tweet_delete_events {
        match serde_json::from_str::<Deletion>(raw.get()) {
            Ok(Deletion { status, timestamp_ms }) => {
                let author = status.user_id.as_ref().map(|id| id.0.as_str());
                let at = timestamp_ms.and_then(|at| at.0.parse().ok()).unwrap_or(0);
                events.extend(post::deleted(&status.id.0, author, at, &desk));
            }
            Err(_) => events.push(undecodable(raw)),
        }
    }
    Ok(events)
}

fn activity_events(
    activity: &Activity<'_>,
    settings: &Settings,
    state: &mut State,
) -> Result<Vec<Event>, serde_json::Error> {
    let kind = activity.event_type.as_str();
    let Some(payload) = activity.payload.map(RawValue::get) else { return Ok(Vec::new()) };
    let user =
        activity.filter.as_ref().and_then(|filter| filter.user_id.clone()).unwrap_or_default();
    // What everybody writes can be watched by everybody; then the accounts that are ours are listed.
    let is_public = matches!(kind, "post.create" | "post.delete");
    let is_foreign =
        is_public && !settings.accounts.is_empty() && !settings.accounts.contains(&user.0);
    let account = if is_foreign { "" } else { user.0.as_str() };
    if !is_foreign && !account.is_empty() {
        state.learn(account);
    }
    let mut desk = Desk { account, settings, state };
    Ok(match kind {
        "post.create" | "post.mention.create" | "post.reply.create" | "post.quote.create" => {
            let found: RawPost = serde_json::from_str(payload)?;
            post::written(&found, kind, &mut desk).into_iter().collect()
        }
        "post.delete" => {
            let PostDelete { id, author_id } = serde_json::from_str(payload)?;
            let author = author_id.as_ref().map(|id| id.0.as_str());
            post::deleted(&id.0, author, 0, &desk).into_iter().collect()
        }
        "dm.received" | "dm.sent" => {
            let messages: Messages<'_> = serde_json::from_str(payload)?;
            let mut events = Vec::new();
            for raw in messages.direct_message_events {
                match direct::decode(raw.get(), &desk) {
                    Ok(found) => events.extend(found),
                    Err(_) => events.push(undecodable(raw)),
                }
            }
            events
        }
        "chat.received" | "chat.sent" => direct::encrypted(payload, &desk)?.into_iter().collect(),
        "oauth.revoke" => {
            let OauthRevoke { user_id, date_time } = serde_json::from_str(payload)?;
            vec![down(user_id.as_ref(), date_time.as_deref())]
        }
        // Reposts, likes, follows, profiles, Spaces, broadcasts, news, and what X adds later.
        _ => Vec::new(),
    })
}

fn revoked(raw: &RawValue) -> Vec<Event> {
    match serde_json::from_str::<UserEvent>(raw.get()) {
        Ok(UserEvent { revoke: Some(revoke) }) => {
            let user = revoke.source.as_ref().and_then(|source| source.user_id.as_ref());
            vec![down(user, revoke.date_time.as_deref())]
        }
        Ok(UserEvent { revoke: None }) => Vec::new(),
        Err(_) => vec![undecodable(raw)],
    }
}

/// From here on nothing comes of that account. It is told at once: the host's time will do.
fn down(user: Option<&Id>, time: Option<&str>) -> Event {
    let user = user.map(|id| id.0.as_str()).unwrap_or_default();
    let id = format!("revoked:{user}:{}", time.unwrap_or_default());
    Event::new(id, 0, Kind::Feed(FeedState::Down))
}

/// An event that is not what X promises. It has no id: its bytes are one, the same on redelivery.
fn undecodable(raw: &RawValue) -> Event {
    let what = Pair { name: "undecodable_event".into(), value: String::new() };
    Event::new(format!("undecodable:{:016x}", fingerprint_of([raw.get()], 0)), 0, Kind::Other(what))
}
