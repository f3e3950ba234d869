//! Comments under posts, photos, videos and goods, messages in discussions, and posts on the
//! community's wall.
//!
//! A comment and all that answers it is one contact; so is a user's post with all its comments, and
//! a discussion. A comment is known by what it stands under and its number, so that edits and
//! deletions can name it.

use serde_json::value::RawValue;
use tablica_plugin::{
    Author, Event, Failure, Kind, Medium, Mention, Message as Written, Removal, Sentiment,
    Visibility, bad_input,
};

use crate::decode::{Told, at_ms, customer, read};
use crate::settings::Settings;
use crate::state::{State, Wrote};
use crate::update::{Comment, Post};

/// Where comments stand.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    Wall,
    Photo,
    Video,
    Goods,
    Topic,
}

pub(crate) fn written(
    told: &Told<'_>,
    object: &RawValue,
    place: Place,
    settings: &Settings,
    state: &mut State,
) -> Result<Option<Event>, Failure> {
    let comment: Comment = read(object)?;
    let under = under(told.group, place, &comment)?;
    let id = format!("{under}:{}", comment.id);
    let from = comment.from_id.ok_or_else(|| bad_input("/object: no from_id"))?;
    let user = (!is_ours(told.group, from, settings)).then_some(from);
    state.commented(&id, user);
    let root = root(&under, &comment, state);
    if let Some(root) = root {
        state.answered(&id, root);
        state.goes_on(&under, &format!("{under}:{root}"));
    }
    let thread = thread(&under, place, root.or_else(|| own_root(user, &comment)), state);
    let author = author(from, user, &thread, &under, &comment, settings, state);
    let written = message(Medium::Comment, author, comment.text);
    let event = Event::new(id, at_ms(comment.date), Kind::Message(seen_by(written, settings)));
    Ok(Some(by(event.on(thread), from, user)))
}

pub(crate) fn edited(
    told: &Told<'_>,
    object: &RawValue,
    place: Place,
    settings: &Settings,
    state: &State,
) -> Result<Option<Event>, Failure> {
    let comment: Comment = read(object)?;
    let under = under(told.group, place, &comment)?;
    let refers = format!("{under}:{}", comment.id);
    let from = comment.from_id.ok_or_else(|| bad_input("/object: no from_id"))?;
    let user = (!is_ours(told.group, from, settings)).then_some(from);
    let root = root(&under, &comment, state).or_else(|| own_root(user, &comment));
    let thread = thread(&under, place, root, state);
    let author = author(from, user, &thread, &under, &comment, settings, state);
    let written = message(Medium::Comment, author, comment.text);
    // VK says when it was written, not when it was edited.
    let id = told.id(&format!("{refers}:edit"));
    let event = Event::new(id, 0, Kind::Edited(seen_by(written, settings))).refers(refers);
    Ok(Some(by(event.on(thread), from, user)))
}

/// Who deleted it decides: what a moderator takes away leaves its customer waiting.
pub(crate) fn deleted(
    told: &Told<'_>,
    object: &RawValue,
    place: Place,
    settings: &Settings,
    state: &State,
) -> Result<Option<Event>, Failure> {
    let comment: Comment = read(object)?;
    let under = under(told.group, place, &comment)?;
    let refers = format!("{under}:{}", comment.id);
    let thread = thread(&under, place, state.root(&refers).or(Some(comment.id)), state);
    let author = comment.user_id.filter(|_| comment.deleter_id.is_some());
    let deleter = comment.deleter_id.or(comment.user_id);
    let known = state.author(&refers, deleter.or(author).unwrap_or_default());
    if known == Wrote::We || author.is_some_and(|user| is_ours(told.group, user, settings)) {
        return Ok(None);
    }
    // Another customer takes back their own comment, not what was asked.
    let their_own = |user: i64| match asker(user, &thread, &under, state) {
        Wrote::SomebodyElse => Author::Peer,
        _ => Author::Customer,
    };
    let by = match deleter {
        Some(deleter) if is_ours(told.group, deleter, settings) => Author::Agent,
        Some(deleter) if author.is_some_and(|user| user == deleter) => their_own(deleter),
        Some(_) if author.is_some() => Author::Agent,
        Some(deleter) if known == Wrote::They => their_own(deleter),
        // Beside the author only the community's people can delete.
        Some(_) if known == Wrote::SomebodyElse => Author::Agent,
        _ => Author::System,
    };
    let id = told.id(&format!("{refers}:delete"));
    let mut event = Event::new(id, 0, Kind::Removed(Removal { by })).refers(refers).on(thread);
    let is_own = matches!(by, Author::Customer | Author::Peer);
    let customers = if is_own { deleter } else { author };
    event.customer.extend(customers.map(customer));
    Ok(Some(event))
}

/// `wall_post_new`: a user's post on our wall, or a suggested one, which only we see so far.
pub(crate) fn post(
    told: &Told<'_>,
    object: &RawValue,
    settings: &Settings,
    state: &mut State,
) -> Result<Option<Event>, Failure> {
    let post: Post = read(object)?;
    let kind = post.post_type.as_deref().unwrap_or("post");
    if is_ours(told.group, post.from_id, settings) || matches!(kind, "postpone" | "reply") {
        return Ok(None);
    }
    let owner = post.owner_id.unwrap_or(told.group.saturating_neg());
    let thread = format!("wall{owner}_{}", post.id);
    state.posted(&thread, post.from_id);
    let mut written = message(Medium::Post, Author::Customer, post.text);
    if kind != "suggest" {
        written = seen_by(written, settings);
    }
    let event = Event::new(format!("{thread}:post"), at_ms(post.date), Kind::Message(written));
    Ok(Some(event.on(thread).customer(customer(post.from_id))))
}

/// `wall_repost`: our post on somebody's own page. With words of theirs it speaks of us.
pub(crate) fn repost(
    told: &Told<'_>,
    object: &RawValue,
    settings: &Settings,
) -> Result<Option<Event>, Failure> {
    let post: Post = read(object)?;
    let text = post.text.filter(|text| !text.is_empty());
    if text.is_none() || is_ours(told.group, post.from_id, settings) {
        return Ok(None);
    }
    let owner = post.owner_id.unwrap_or(post.from_id);
    let id = format!("wall{owner}_{}:repost", post.id);
    let mention = Mention { public: true, sentiment: Sentiment::Unknown, text, language: None };
    let event = Event::new(id, at_ms(post.date), Kind::Mention(mention));
    Ok(Some(event.customer(customer(post.from_id))))
}

/// The contact of a comment: that of the post where a user wrote it, a discussion, else the comment
/// that its thread began with. A comment of our own that answers none stands with the post.
fn thread(under: &str, place: Place, first: Option<i64>, state: &State) -> String {
    let is_users = state.author_of_post(under, 0) != Wrote::Unknown;
    match first {
        Some(first) if !is_users && !matches!(place, Place::Topic) => format!("{under}:{first}"),
        _ => under.to_owned(),
    }
}

/// The comment that began the thread in which an answer stands. Where VK names only the comment
/// that is answered, its thread was remembered.
fn root(under: &str, comment: &Comment, state: &State) -> Option<i64> {
    let named = comment.parents_stack.first().copied().or(comment.reply_to_comment);
    let above = named.filter(|above| *above != comment.id && *above > 0)?;
    Some(state.root(&format!("{under}:{above}")).unwrap_or(above))
}

/// A user's comment that answers nobody begins a thread. A user may be answered without their
/// comment being named: then nobody knows in which.
fn own_root(user: Option<i64>, comment: &Comment) -> Option<i64> {
    user.filter(|_| comment.reply_to_user.is_none_or(|to| to <= 0)).map(|_| comment.id)
}

/// Whether this user began the contact.
fn asker(user: i64, thread: &str, under: &str, state: &State) -> Wrote {
    if thread == under { state.author_of_post(under, user) } else { state.author(thread, user) }
}

/// As VK's own addresses write it, `wall-123_45`. The owner's field has another name each time,
/// and on walls two; a community's own things may come without it.
fn under(group: i64, place: Place, comment: &Comment) -> Result<String, Failure> {
    let c = comment;
    let (word, owner, number) = match place {
        Place::Wall => ("wall", c.post_owner_id.or(c.owner_id), c.post_id),
        Place::Photo => ("photo", c.photo_owner_id.or(c.owner_id), c.photo_id),
        Place::Video => ("video", c.video_owner_id.or(c.owner_id), c.video_id),
        Place::Goods => ("market", c.market_owner_id.or(c.owner_id), c.item_id.or(c.photo_id)),
        Place::Topic => ("topic", c.topic_owner_id.or(c.owner_id), c.topic_id),
    };
    let number = number.ok_or_else(|| bad_input("/object: what it is a comment on is missing"))?;
    Ok(format!("{word}{}_{number}", owner.unwrap_or(group.saturating_neg())))
}

fn is_ours(group: i64, from: i64, settings: &Settings) -> bool {
    from < 0 && from == group.saturating_neg() || settings.is_admin(from)
}

/// Whoever began the contact asks us, also where they answer another user; the others are peers.
/// Where that is not known, who answers another user is not asking us: unless that one is of ours.
fn author(
    from: i64,
    user: Option<i64>,
    thread: &str,
    under: &str,
    comment: &Comment,
    settings: &Settings,
    state: &State,
) -> Author {
    let Some(user) = user else { return Author::Agent };
    let answers = comment.reply_to_user.filter(|to| *to > 0 && *to != from);
    match (asker(user, thread, under, state), answers) {
        (Wrote::They, _) => Author::Customer,
        (Wrote::SomebodyElse, _) => Author::Peer,
        (_, Some(to)) if !settings.is_admin(to) => Author::Peer,
        _ => Author::Customer,
    }
}

fn message(medium: Medium, author: Author, text: Option<String>) -> Written {
    let written = Written::new(medium, author);
    match text.filter(|text| !text.is_empty()) {
        Some(text) => written.text(text),
        None => written,
    }
}

fn seen_by(written: Written, settings: &Settings) -> Written {
    let visibility = if settings.closed { Visibility::Private } else { Visibility::Public };
    Written { visibility, ..written }
}

/// A user is a customer; one of ours is named by their id, unless the community itself wrote.
fn by(mut event: Event, from: i64, user: Option<i64>) -> Event {
    match user {
        Some(user) => event.customer.push(customer(user)),
        None if from > 0 => event.agent = Some(from.to_string()),
        None => {}
    }
    event
}
