//! Topics: when they are settled, open again, given to somebody.
//!
//! None of these webhooks says when it happened, and a failed one comes again, hours later and under another
//! X-Discourse-Event-Id. So a change is what differs from what is known of the topic, and gets its number.

use tablica_plugin::{Author, Event, Kind, LeftReason, Moment, Resolution, fingerprint};

use crate::Discourse;
use crate::state::BegunBy;
use crate::wire::{Assignment, Post, Topic};

impl Discourse {
    /// A topic was created, closed, destroyed, or taken back.
    pub(crate) fn topic(&mut self, told: &Topic, event: &str) -> Vec<Event> {
        let is_private = told.archetype.as_deref() == Some("private_message");
        if !self.settings.counts(told.category_id, is_private) {
            return Vec::new();
        }
        let topic = self.state.topic(told.id);
        if topic.begun_by == BegunBy::Unknown && topic.author.is_none() {
            topic.author = told.created_by.as_ref().map(|person| person.id);
        }
        let was_over = topic.is_over();
        match event {
            "topic_destroyed" => topic.is_gone = true,
            "topic_recovered" => topic.is_gone = false,
            "topic_created" => return Vec::new(),
            _ => {
                topic.is_closed = told.closed.unwrap_or(false) || told.archived.unwrap_or(false);
            }
        }
        self.turned(told.id, was_over)
    }

    /// An answer was accepted as the solution, or no longer is. The post is that answer; who accepted it, the
    /// customer or one of us, is not said.
    pub(crate) fn solved(&mut self, answer: &Post, is_solved: bool) -> Vec<Event> {
        if !self.settings.counts(answer.category_id, answer.is_private()) {
            return Vec::new();
        }
        let topic = self.state.topic(answer.topic_id);
        let was_over = topic.is_over();
        topic.is_solved = is_solved;
        self.turned(answer.topic_id, was_over)
    }

    fn turned(&mut self, id: u64, was_over: bool) -> Vec<Event> {
        let topic = self.state.topic(id);
        if topic.is_over() == was_over {
            return Vec::new();
        }
        topic.turns = topic.turns.saturating_add(1);
        let kind = match (was_over, topic.is_gone) {
            (true, _) => Kind::Reopened,
            // Taken away, it is not settled.
            (false, true) => Kind::Left(LeftReason::Unknown),
            (false, false) => Kind::Resolved(Resolution { by: Author::System, note: None }),
        };
        vec![Event::new(format!("t{id}:{}", topic.turns), Moment::None, kind).on(id.to_string())]
    }

    /// Given to somebody, or taken from them. What is given to a group has nobody yet.
    pub(crate) fn assigned(&mut self, told: &Assignment, is_given: bool) -> Vec<Event> {
        let id = told.topic_id;
        if !self.settings.categories.is_empty() && !self.state.knows(id) {
            return Vec::new();
        }
        let agent = told.assigned_to_username.as_ref().filter(|_| is_given);
        if is_given && agent.is_none() && told.assigned_to_group_name.is_none() {
            return Vec::new();
        }
        let topic = self.state.topic(id);
        let now = agent.map(fingerprint);
        if topic.assigned == now {
            return Vec::new();
        }
        topic.assigned = now;
        topic.turns = topic.turns.saturating_add(1);
        let event = Event::new(format!("t{id}:{}", topic.turns), Moment::None, Kind::Assigned);
        let event = event.on(id.to_string());
        vec![match agent {
            Some(agent) => event.agent(agent),
            None => event,
        }]
    }
}
