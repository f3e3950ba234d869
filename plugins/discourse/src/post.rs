//! Posts: who wrote, and what became of it.
//!
//! Post number 1 comes beside `topic_created`, which says less of it: it is the post that counts. Only regular
//! posts are written by somebody; moderators' notices and small actions are written by the forum.

use tablica_plugin::{
    AgentProfile, Author, Event, Kind, Medium, Message, Moment, Removal, Visibility, fingerprint,
    time,
};

use crate::Discourse;
use crate::state::BegunBy;
use crate::wire::{Post, REGULAR, WHISPER};

/// Who wrote a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writer {
    Customer(i64),
    Agent(i64),
    Bot,
    Nobody,
}

impl Discourse {
    /// `post_created`.
    pub(crate) fn posted(&mut self, post: &Post, host: &str) -> Vec<Event> {
        let writer = self.writer(post);
        if writer == Writer::Nobody || !self.settings.counts(post.category_id, post.is_private()) {
            return Vec::new();
        }
        if post.post_type == WHISPER {
            // Only staff and those whom they let in can whisper.
            return self.told(post, writer, Author::Agent, Visibility::Note, host);
        }
        if post.post_type != REGULAR {
            return Vec::new();
        }
        let topic = self.state.topic(post.topic_id);
        if post.post_number == 1 {
            topic.author = post.user_id;
            topic.begun_by = match writer {
                Writer::Customer(_) => BegunBy::Customer,
                Writer::Agent(_) => BegunBy::Agent,
                Writer::Bot | Writer::Nobody => BegunBy::Bot,
            };
        }
        // A tutorial, a welcome: who answers there talks to a machine.
        if post.is_private() && topic.begun_by == BegunBy::Bot {
            return Vec::new();
        }
        let author = self.author(post, writer);
        if author == Author::Customer {
            // The contact is open again, though its solution may stay.
            self.state.topic(post.topic_id).is_solved = false;
        }
        let visibility = self.visibility(post);
        self.told(post, writer, author, visibility, host)
    }

    fn told(
        &mut self,
        post: &Post,
        writer: Writer,
        author: Author,
        visibility: Visibility,
        host: &str,
    ) -> Vec<Event> {
        let kind = Kind::Message(written(post, author, visibility));
        let event = on(post, format!("p{}", post.id), at(post.created_at.as_ref()), kind);
        let mut events = Vec::new();
        let event = match (writer, author) {
            (Writer::Customer(user), Author::Customer) => {
                event.customer(format!("discourse:{host}:{user}"))
            }
            (Writer::Agent(user), _) => {
                let username = post.username.clone().unwrap_or_else(|| user.to_string());
                events.extend(self.agent_known(user, &username, post));
                event.agent(username)
            }
            _ => event,
        };
        events.push(event);
        events
    }

    /// `post_edited`, also when only the topic's title, category or tags were changed.
    pub(crate) fn edited(&mut self, post: &Post) -> Vec<Event> {
        if post.user_deleted.unwrap_or(false) {
            return self.destroyed(post);
        }
        let Some(author) = self.customers(post) else { return Vec::new() };
        let Some(Moment::Utc(at_ms)) = post.updated_at.as_deref().and_then(time::moment) else {
            return Vec::new();
        };
        let kind = Kind::Edited(written(post, author, self.visibility(post)));
        let event = on(post, format!("e{}:{at_ms}", post.id), at_ms.into(), kind);
        vec![event.refers(format!("p{}", post.id))]
    }

    /// `post_destroyed` holds the post as it was before: mostly nobody says who took it away.
    pub(crate) fn destroyed(&mut self, post: &Post) -> Vec<Event> {
        if self.customers(post).is_none() {
            return Vec::new();
        }
        let by = match &post.deleted_by {
            _ if post.user_deleted.unwrap_or(false) => Author::Customer,
            Some(person) if Some(person.id) == post.user_id => Author::Customer,
            Some(person) if person.id >= 0 => Author::Agent,
            _ => Author::System,
        };
        let kind = Kind::Removed(Removal { by });
        let event = on(post, format!("d{}", post.id), at(post.deleted_at.as_ref()), kind);
        vec![event.refers(format!("p{}", post.id))]
    }

    /// A regular post of a customer's, or of another one's, that counts.
    fn customers(&mut self, post: &Post) -> Option<Author> {
        let writer = self.writer(post);
        let counts = self.settings.counts(post.category_id, post.is_private());
        let is_customers = matches!(writer, Writer::Customer(_)) && post.post_type == REGULAR;
        (counts && is_customers).then(|| self.author(post, writer))
    }

    fn writer(&self, post: &Post) -> Writer {
        let Some(user) = post.user_id else { return Writer::Nobody };
        let is_in = |names: &std::collections::BTreeSet<String>, name: &Option<String>| {
            name.as_ref().is_some_and(|name| names.contains(&name.to_lowercase()))
        };
        let is_staff = [post.staff, post.moderator, post.admin].contains(&Some(true));
        let is_agent = is_in(&self.settings.agents, &post.username);
        let is_of_group = is_in(&self.settings.agent_groups, &post.primary_group_name);
        // The forum's own machines are administrators, too. A help desk may write through one of them.
        if is_in(&self.settings.bots, &post.username) || (user < 0 && !is_agent) {
            Writer::Bot
        } else if is_agent || is_of_group || is_staff {
            Writer::Agent(user)
        } else {
            Writer::Customer(user)
        }
    }

    /// In a topic that another customer began, who answers is a peer. In one of ours, or one of which the
    /// beginning was not seen, everybody is the customer; in a message, all who were let in.
    fn author(&mut self, post: &Post, writer: Writer) -> Author {
        let topic = self.state.topic(post.topic_id);
        let is_begun_by = |user| topic.begun_by == BegunBy::Unknown && topic.author == Some(user);
        match writer {
            // `topic_created` said who began it, but not who that is to us.
            Writer::Customer(user) if is_begun_by(user) => topic.begun_by = BegunBy::Customer,
            Writer::Agent(user) if is_begun_by(user) => topic.begun_by = BegunBy::Agent,
            _ => {}
        }
        match writer {
            Writer::Customer(user) => {
                let is_others = topic.begun_by == BegunBy::Customer && topic.author != Some(user);
                if is_others && !post.is_private() { Author::Peer } else { Author::Customer }
            }
            Writer::Agent(_) => Author::Agent,
            Writer::Bot => Author::Bot,
            Writer::Nobody => Author::System,
        }
    }

    fn visibility(&self, post: &Post) -> Visibility {
        let mut listed = post.category_id.iter();
        let is_private =
            post.is_private() || listed.any(|id| self.settings.private_categories.contains(id));
        if is_private { Visibility::Private } else { Visibility::Public }
    }

    /// The name that people call an agent by, when it is news.
    fn agent_known(&mut self, user: i64, username: &str, post: &Post) -> Option<Event> {
        let title = post.name.clone().filter(|name| !name.is_empty())?;
        if !self.state.is_news(user, &title) {
            return None;
        }
        let id = format!("k{user}:{:x}", fingerprint(&title));
        let known = Kind::AgentKnown(AgentProfile::named(title));
        Some(Event::new(id, at(post.created_at.as_ref()), known).agent(username))
    }
}

fn written(post: &Post, author: Author, visibility: Visibility) -> Message {
    let medium = match (post.is_private(), post.post_number) {
        (true, _) => Medium::Message,
        (false, 1) => Medium::Post,
        (false, _) => Medium::Comment,
    };
    let mut written = Message::new(medium, author);
    if let Some(raw) = post.raw.as_ref().filter(|raw| !raw.is_empty()) {
        written = written.text(raw);
    }
    written.visibility = visibility;
    written
}

/// An event of the post's topic, in the queue of its category.
fn on(post: &Post, id: String, at: Moment, kind: Kind) -> Event {
    let event = Event::new(id, at, kind).on(post.topic_id.to_string());
    match post.category_slug.as_ref().filter(|slug| !slug.is_empty() && !post.is_private()) {
        Some(slug) => event.queue(slug),
        None => event,
    }
}

fn at(said: Option<&String>) -> Moment {
    said.and_then(|text| time::moment(text)).unwrap_or(Moment::None)
}
