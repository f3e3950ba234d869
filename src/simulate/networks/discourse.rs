//! A community on Discourse: topics that everybody reads, in which customers help each other.

use serde_json::{Value, json};

use crate::event::UnixMs;

use super::ids::{Ids, iso};
use super::{Habits, Network, Post, Step, Talk, Writer};
use crate::simulate::door::Door;
use crate::simulate::people::Customer;
use crate::simulate::sign::Sign;

pub(super) const NETWORK: Network = Network {
    door: Door::named("discourse"),
    sign: Sign::sha256("X-Discourse-Event-Signature"),
    habits: Habits {
        per_hour: 35.0,
        agents: 3,
        reply_median_ms: 400_000.0,
        mentions: 0.0,
        public: 1.0,
        peers: 0.6,
        bot: 0.0,
        settles: true,
        rated: 0.0,
        overlooked: 0.05,
    },
    writer: |start_ms| Box::new(Discourse { ids: Ids::new(start_ms), first: start_ms / 1000 }),
};

const INSTANCE: &str = "https://community.tablica.example";

struct Discourse {
    ids: Ids,
    /// The number of the run's first topic.
    first: i64,
}

/// Who writes.
struct Person {
    id: i64,
    username: String,
    name: String,
    is_staff: bool,
}

impl From<&Customer> for Person {
    fn from(customer: &Customer) -> Self {
        Self {
            id: 101 + customer.number,
            username: format!("customer{}", customer.number),
            name: customer.name(),
            is_staff: false,
        }
    }
}

impl Discourse {
    /// A post of a topic; `place` counts them from 1.
    fn post(&mut self, at_ms: UnixMs, talk: &mut Talk, by: &Person, text: &str) -> Value {
        talk.notes.last += 1;
        let number = self.ids.next();
        if by.id != Person::from(&talk.customer).id {
            // What may be the solution.
            talk.notes.survey = number;
        }
        self.shown(at_ms, talk, by, (number, talk.notes.last), text)
    }

    /// A post as Discourse shows it: when it is written, and again when it is the solution.
    fn shown(
        &self,
        at_ms: UnixMs,
        talk: &Talk,
        by: &Person,
        (number, place): (i64, i64),
        text: &str,
    ) -> Value {
        json!({
            "id": number,
            "name": by.name,
            "username": by.username,
            "avatar_template": "/a/{size}.png",
            "created_at": iso(at_ms),
            "cooked": format!("<p>{text}</p>"),
            "post_number": place,
            "post_type": 1,
            "updated_at": iso(at_ms),
            "reply_to_post_number": null,
            "topic_id": self.first + talk.number as i64,
            "topic_slug": "t",
            "topic_title": "A question",
            "display_username": by.name,
            "primary_group_name": null,
            "version": 1,
            "user_title": null,
            "raw": text,
            "moderator": by.is_staff,
            "admin": false,
            "staff": by.is_staff,
            "user_id": by.id,
            "hidden": false,
            "trust_level": 1,
            "deleted_at": null,
            "user_deleted": false,
            "wiki": false,
            "topic_posts_count": place,
            "topic_archetype": "regular",
            "category_id": 7,
            "category_slug": "community",
        })
    }
}

fn agent(talk: &Talk) -> Person {
    Person {
        id: 11 + talk.agent as i64,
        username: format!("agent{}", talk.agent + 1),
        name: talk.agent_name.clone(),
        is_staff: true,
    }
}

/// One thing, under the name of its type; what happened to it stands in a header.
fn told(event: &'static str, name: &str, thing: Value) -> Vec<Post> {
    let mut body = json!({});
    body[name] = thing;
    let headers = vec![("X-Discourse-Event", event), ("X-Discourse-Instance", INSTANCE)];
    vec![Post { body, headers }]
}

impl Writer for Discourse {
    fn write(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Vec<Post> {
        let (by, text) = match step {
            Step::Opens(text) | Step::Asks(text) => (Person::from(&talk.customer), text),
            Step::Helps(other, text) => (Person::from(&other), text),
            Step::Answers(text) => (agent(talk), text),
            Step::Settles { .. } | Step::Reopens => {
                let is_solved = !matches!(step, Step::Reopens);
                let event = if is_solved { "accepted_solution" } else { "unaccepted_solution" };
                let place = (talk.notes.survey, talk.notes.last);
                let solution = self.shown(at_ms, talk, &agent(talk), place, "Solved.");
                return told(event, "solved", solution);
            }
            _ => return Vec::new(),
        };
        let post = self.post(at_ms, talk, &by, text);
        told("post_created", "post", post)
    }
}
