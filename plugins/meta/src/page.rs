//! What happens on a Facebook Page: comments, visitors' posts, recommendations, mentions elsewhere.
//!
//! A contact is a thread of comments: a comment that a customer began with everything below it; or a visitor's post
//! with all its comments. What the Page writes there is an agent's answer. The Page's own posts are no contacts.

use serde::Deserialize;
use tablica_plugin::{Author, Event, Id, Kind, Medium, Mention, Message, Removal, Sentiment};

use crate::common::{moment, public, queued, rated};
use crate::envelope::Place;
use crate::settings::{Settings, Who};
use crate::state::{State, Voice};

#[derive(Deserialize)]
struct Value {
    item: Option<String>,
    verb: Option<String>,
    comment_id: Option<Id>,
    post_id: Option<Id>,
    parent_id: Option<Id>,
    /// Missing where the app may not see who wrote.
    from: Option<From>,
    /// In place of `from`, before version 2.11.
    sender_id: Option<Id>,
    reviewer_id: Option<Id>,
    open_graph_story_id: Option<Id>,
    rating: Option<f64>,
    recommendation_type: Option<String>,
    #[serde(default)]
    created_time: u64,
    message: Option<String>,
    review_text: Option<String>,
}

#[derive(Deserialize)]
struct From {
    id: Option<Id>,
}

impl Value {
    fn from(&self) -> Option<&str> {
        let from = self.from.as_ref().and_then(|from| from.id.as_ref());
        Some(&from.or(self.sender_id.as_ref()).or(self.reviewer_id.as_ref())?.0)
    }

    fn id(id: &Option<Id>) -> Option<&str> {
        id.as_ref().map(|id| id.0.as_str())
    }
}

/// Where it is, and all that decides what it counts for.
struct Spot<'a> {
    value: &'a Value,
    place: &'a Place<'a>,
    settings: &'a Settings,
}

/// The events of a change.
pub(crate) fn decode(
    field: &str,
    value: &str,
    place: &Place<'_>,
    settings: &Settings,
    state: &mut State,
) -> Result<Vec<Event>, serde_json::Error> {
    if !matches!(field, "feed" | "ratings" | "mention") {
        return Ok(Vec::new());
    }
    let value: Value = serde_json::from_str(value)?;
    let spot = Spot { value: &value, place, settings };
    let item = value.item.as_deref().unwrap_or_default();
    Ok(match (field, item) {
        ("mention", _) => spot.mentioned().into_iter().collect(),
        ("ratings", "rating") => spot.recommended(state),
        (field, "comment") => spot.commented(field == "ratings", state).into_iter().collect(),
        // Likes, reactions and events are nothing that somebody said; neither is a new cover photo.
        ("feed", "post" | "status" | "photo" | "video" | "share" | "link" | "note") => {
            spot.posted(state).into_iter().collect()
        }
        _ => Vec::new(),
    })
}

impl Spot<'_> {
    fn is_ours(&self) -> bool {
        self.value.from() == Some(self.place.account)
    }

    fn event(&self, id: String, time: u64, kind: Kind, thread: &str) -> Event {
        let event = Event::new(id, moment(time), kind).on(thread);
        let mut event = queued(event, self.place.account, self.settings);
        let author = self.value.from().filter(|_| !self.is_ours());
        event.customer.extend(author.map(|author| format!("facebook:{author}")));
        event
    }

    /// When it was written.
    fn created(&self) -> u64 {
        if self.value.created_time == 0 { self.place.time } else { self.value.created_time }
    }

    fn commented(&self, is_below_review: bool, state: &mut State) -> Option<Event> {
        let comment = Value::id(&self.value.comment_id)?;
        let post = Value::id(&self.value.post_id).unwrap_or_default();
        let parent = Value::id(&self.value.parent_id).map_or(post, without_page);
        let is_first = parent.is_empty() || is_same(parent, post);
        let is_customers_post = is_below_review || state.is_begun(story(post));
        let thread = match is_first {
            // Below a recommendation or a visitor's post all belongs to that, however deep.
            _ if is_customers_post && !post.is_empty() => story(post),
            true if self.is_ours() => story(post),
            true => comment,
            false => parent,
        };
        let author = match self.value.from() {
            _ if self.is_ours() => Author::Agent,
            Some(from) if self.verb() == "add" && thread == comment => {
                state.began(thread, from);
                Author::Customer
            }
            Some(from) => match state.voice(thread, from) {
                Voice::Another => Author::Peer,
                Voice::Beginner | Voice::Unknown => Author::Customer,
            },
            None => Author::Customer,
        };
        let written = public(Medium::Comment, author, self.value.message.as_deref());
        self.said(&format!("comment:{comment}"), written, thread)
    }

    /// Somebody wrote on the Page. Without a `from` it is the Page's.
    fn posted(&self, state: &mut State) -> Option<Event> {
        let post = Value::id(&self.value.post_id)?;
        let from = self.value.from().filter(|_| !self.is_ours())?;
        if self.verb() == "add" {
            state.began(story(post), from);
        }
        let written = public(Medium::Post, Author::Customer, self.value.message.as_deref());
        self.said(&format!("post:{post}"), written, story(post))
    }

    fn verb(&self) -> &str {
        self.value.verb.as_deref().unwrap_or("add")
    }

    /// Written, changed, taken away or hidden. What is shown again was counted.
    fn said(&self, id: &str, written: Message, thread: &str) -> Option<Event> {
        let time = self.place.time;
        let is_customers = matches!(written.author, Author::Customer | Author::Peer);
        let removed = |what: &str, by: Author| {
            let kind = Kind::Removed(Removal { by });
            self.event(format!("{id}:{what}"), time, kind, thread).refers(id)
        };
        match self.verb() {
            "add" => Some(self.event(id.into(), self.created(), Kind::Message(written), thread)),
            "edited" | "edit" | "update" => {
                let id_of_edit = format!("{id}:edited:{time}");
                Some(self.event(id_of_edit, time, Kind::Edited(written), thread).refers(id))
            }
            // The Page's people hide; so do its filters.
            "hide" if is_customers => Some(removed("hidden", Author::Agent)),
            "remove" | "delete" if is_customers => {
                let by = match (self.settings.removed_by, written.author) {
                    // It is their own comment that they take back, not that of whoever asked.
                    (Who::Customer, Author::Peer) => Author::Peer,
                    (by, _) => by.into(),
                };
                Some(removed("removed", by))
            }
            _ => None,
        }
    }

    /// A recommendation, or a rating of the years before: a figure, and with words a public review.
    fn recommended(&self, state: &mut State) -> Vec<Event> {
        let value = self.value;
        let Some(review) = Value::id(&value.open_graph_story_id) else { return Vec::new() };
        let id = format!("review:{review}");
        if let Some(author) = value.from().filter(|_| self.verb() == "add") {
            state.began(review, author);
        }
        let (sentiment, praise) = match value.recommendation_type.as_deref() {
            Some("POSITIVE" | "positive") => (Sentiment::Positive, Some((1.0, 1.0))),
            Some("NEGATIVE" | "negative") => (Sentiment::Negative, Some((0.0, 1.0))),
            _ => (Sentiment::Unknown, None),
        };
        let stars = value.rating.filter(|stars| (1.0..=5.0).contains(stars));
        let figure = stars.map(|stars| (stars, 5.0)).or(praise);
        let is_new = self.verb() == "add";
        let is_changed = matches!(self.verb(), "edited" | "edit" | "update");
        let time = if is_new { self.created() } else { self.place.time };
        let mut events = Vec::new();
        if let Some(text) = value.review_text.as_deref().filter(|text| !text.is_empty()) {
            let written = public(Medium::Review, Author::Customer, Some(text));
            events.extend(self.said(&id, Message { sentiment, ..written }, review));
        } else if matches!(self.verb(), "remove" | "delete") {
            // A Page cannot take a recommendation away: its author does.
            let removal = Kind::Removed(Removal { by: Author::Customer });
            events.push(
                self.event(format!("{id}:removed"), time, removal, review).refers(id.as_str()),
            );
        }
        if let Some((score, scale)) = figure.filter(|_| is_new || is_changed) {
            let id = if is_new { format!("{id}:rated") } else { format!("{id}:rated:{time}") };
            events.push(self.event(id, time, rated("overall", score, scale), review));
        }
        events
    }

    /// The Page is named in a post or a comment of somebody else's.
    fn mentioned(&self) -> Option<Event> {
        let value = self.value;
        let id = Value::id(&value.comment_id).or(Value::id(&value.post_id))?;
        if self.verb() != "add" || self.is_ours() {
            return None;
        }
        let mention = Mention {
            public: true,
            sentiment: Sentiment::Unknown,
            text: value.message.clone(),
            language: None,
        };
        let kind = Kind::Mention(mention);
        Some(self.event(format!("mention:{id}"), self.created(), kind, id))
    }
}

/// The post itself without the page or the person on whose wall it stands, which differs.
fn story(post: &str) -> &str {
    post.rsplit_once('_').map_or(post, |(_, story)| story)
}

/// A comment's id without the page that now and then stands before it: it is the post's and the comment's own.
fn without_page(comment: &str) -> &str {
    match comment.split_once('_') {
        Some((_, rest)) if rest.contains('_') => rest,
        _ => comment,
    }
}

fn is_same(parent: &str, post: &str) -> bool {
    story(parent) == story(post)
}
