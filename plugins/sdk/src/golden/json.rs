//! An event as a line of JSON, in the shape that the journal, `tablica plugin run` and `tablica
//! replay` share.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use crate::{Event, Kind, LocalTime, Message, Moment, Visibility};

/// One event on one line. Attributes outside of `keep` are left out and a missing time is `now_ms`,
/// as in a server; identifiers stay as the plugin gave them.
pub fn event_line(event: &Event, channel: &str, keep: &[String], now_ms: u64) -> String {
    let at_ms = time(&event.at).unwrap_or(now_ms);
    let attrs: BTreeMap<&str, &str> = event
        .attrs
        .iter()
        .filter(|pair| keep.contains(&pair.name))
        .map(|pair| (pair.name.as_str(), pair.value.as_str()))
        .collect();
    let fields = [
        ("id", Some(json!(event.id))),
        ("channel", Some(json!(channel))),
        ("at_ms", Some(json!(at_ms))),
        ("interaction", some(json!(event.interaction))),
        ("queue", some(json!(event.queue))),
        ("agent", some(json!(event.agent))),
        ("customer", some(json!(event.customer))),
        ("order", some(json!(event.order))),
        ("refers", some(json!(event.refers))),
        ("kind", Some(kind(&event.kind))),
        ("attrs", some(json!(attrs))),
    ];
    let mut line = String::from("{");
    for (name, value) in fields {
        if let Some(value) = value {
            let comma = if line.len() == 1 { "" } else { "," };
            let _ = write!(line, "{comma}\"{name}\":{value}");
        }
    }
    line + "}"
}

/// Empty ones are left out.
fn some(value: Value) -> Option<Value> {
    let empty = match &value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    (!empty).then_some(value)
}

/// In a sample the site's clock shows UTC.
fn time(moment: &Moment) -> Option<u64> {
    match moment {
        Moment::None => None,
        Moment::Utc(ms) | Moment::Local(LocalTime { wall_ms: ms, .. }) => Some(*ms),
    }
}

fn message(m: &Message) -> Value {
    without_null(json!({
        "medium": word(m.medium), "author": word(m.author),
        "public": m.visibility == Visibility::Public,
        "note": (m.visibility == Visibility::Note).then_some(true),
        "length": m.length, "language": m.language, "sentiment": word(m.sentiment)}))
}

fn kind(kind: &Kind) -> Value {
    match kind {
        Kind::Opened(o) => json!({"opened": without_null(json!({
            "medium": word(o.medium), "direction": word(o.direction), "public": o.public,
            "priority": o.priority.map(word)}))}),
        Kind::Message(m) => json!({"message": message(m)}),
        Kind::Queued => json!("queued"),
        Kind::OfferedToAgent => json!("offered_to_agent"),
        Kind::RingMissed(ring_ms) => {
            json!({"ring_missed": without_null(json!({"ring_ms": ring_ms}))})
        }
        Kind::Answered(a) => json!({"answered": without_null(json!({
            "wait_ms": a.wait_ms, "ring_ms": a.ring_ms}))}),
        Kind::Held => json!("held"),
        Kind::Resumed => json!("resumed"),
        Kind::Transferred(t) => json!({"transferred": without_null(json!({
            "to_queue": t.to_queue, "to_agent": t.to_agent, "way": word(t.way)}))}),
        Kind::TalkEnded(t) => json!({"talk_ended": without_null(json!({
            "talk_ms": t.talk_ms, "hold_ms": t.hold_ms, "by": word(t.by)}))}),
        Kind::WrappedUp => json!("wrapped_up"),
        Kind::Resolved(r) => json!({"resolved": {"by": word(r.by)}}),
        Kind::Reopened => json!("reopened"),
        Kind::Prioritized(priority) => json!({"prioritized": {"priority": word(priority)}}),
        Kind::Abandoned(a) => json!({"abandoned": without_null(json!({"wait_ms": a.wait_ms}))}),
        Kind::Left(reason) => json!({"left": {"reason": word(reason)}}),
        Kind::RatingRequested => json!("rating_requested"),
        Kind::Rated(r) => json!({"rated": {
            "dimension": r.dimension, "score": r.score, "scale": r.scale}}),
        Kind::Tagged(tags) => json!({"tagged": tags}),
        Kind::Mention(m) => json!({"mention": without_null(json!({
            "public": m.public, "sentiment": word(m.sentiment), "language": m.language}))}),
        Kind::Removed(r) => json!({"removed": {"by": word(r.by)}}),
        Kind::Assigned => json!("assigned"),
        Kind::Pending(p) => json!({"pending": without_null(json!({
            "awaits": word(p.awaits), "until_ms": time(&p.until)}))}),
        Kind::Merged(into) => json!({"merged": {"into": into}}),
        Kind::CallbackPromised(at) => json!({"callback_promised": without_null(json!({
            "due_ms": time(at)}))}),
        Kind::Edited(m) => json!({"edited": message(m)}),
        Kind::Delivery(state) => json!({"delivery": {"state": word(state)}}),
        Kind::Gauge(g) => json!({"gauge": {"name": g.name, "value": g.value}}),
        Kind::Member(m) => json!({"member": without_null(json!({
            "change": word(m.change), "reason": m.reason}))}),
        Kind::AgentKnown(a) => json!({"agent_known": without_null(json!({
            "title": a.title, "teams": some(json!(a.teams))}))}),
        Kind::AgentState(s) => json!({"agent_state": without_null(json!({
            "status": word(s.status), "reason": s.reason}))}),
        Kind::Feed(state) => json!({"feed": {"state": word(state)}}),
        Kind::Other(pair) => json!({"other": {"name": pair.name, "value": pair.value}}),
    }
}

/// `LeftReason::QueueFull`, whose `Debug` is `LeftReason::QueueFull`, as `queue_full`.
fn word(value: impl std::fmt::Debug) -> String {
    let name = format!("{value:?}");
    let mut word = String::new();
    for c in name.rsplit("::").next().unwrap_or_default().chars() {
        if c.is_ascii_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.push(c.to_ascii_lowercase());
    }
    word
}

fn without_null(mut value: Value) -> Value {
    if let Value::Object(map) = &mut value {
        map.retain(|_, value| !value.is_null());
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Author, LeftReason, Medium};

    #[test]
    fn an_event_is_written_as_the_journal_writes_it_without_its_text() {
        let message = Message::new(Medium::Chat, Author::Customer).text("dzień dobry");
        let event = Event::new("7", 0, Kind::Message(message))
            .on("c1")
            .customer("mail:anna@example.com")
            .attr("page", "/help")
            .attr("secret", "x");
        assert_eq!(
            event_line(&event, "site", &["page".into()], 5),
            r#"{"id":"7","channel":"site","at_ms":5,"interaction":"c1","customer":["mail:anna@example.com"],"kind":{"message":{"author":"customer","length":11,"medium":"chat","public":false,"sentiment":"unknown"}},"attrs":{"page":"/help"}}"#
        );
    }

    #[test]
    fn words_are_in_snake_case() {
        let event = Event::new("1", 9, Kind::Left(LeftReason::QueueFull));
        assert_eq!(
            event_line(&event, "pbx", &[], 0),
            r#"{"id":"1","channel":"pbx","at_ms":9,"kind":{"left":{"reason":"queue_full"}}}"#
        );
    }
}
