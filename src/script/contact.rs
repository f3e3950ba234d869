//! A contact's line becomes events: `call 1 answered by anna`, `mention 4 on twitter negative`.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::details::Details;
use super::mistake::Fault;
use super::verbs::{Sentence, Told, tell};
use super::words::Word;
use crate::channel::privacy;
use crate::event::{Author, CustomerKey, Event, Kind, Medium, Opened, Prioritized, UnixMs};

/// What a contact is called; a channel that isn't named is called so, too.
pub(super) const MEDIA: [(&str, Medium); 11] = [
    ("call", Medium::Call),
    ("chat", Medium::Chat),
    ("message", Medium::Message),
    ("mail", Medium::Mail),
    ("comment", Medium::Comment),
    ("post", Medium::Post),
    ("review", Medium::Review),
    ("ticket", Medium::Ticket),
    ("visit", Medium::Visit),
    ("contact", Medium::Unknown),
    ("mention", Medium::Unknown),
];

/// What to write where a contact has no name.
const NAME_HINT: &str = "a contact has a name of your choice, such as `call 1`";

/// What the lines so far have said of a contact.
#[derive(Clone)]
struct Known {
    channel: String,
    queue: Option<String>,
    public: bool,
    /// The last reply of an agent, and the last message of the customer, by the event's id.
    reply: Option<String>,
    message: Option<String>,
}

/// The contacts of a script, by what they are called (`call 1`).
#[derive(Default)]
pub(super) struct Contacts(BTreeMap<String, Known>);

impl Contacts {
    /// The events of a line that begins with the word `what` (`call`). Their ids begin with `id`.
    pub(super) fn read(
        &mut self,
        what: &Word,
        words: &[Word],
        at_ms: UnixMs,
        id: &str,
    ) -> Result<Vec<Event>, Fault> {
        let Some((name, rest)) = words.split_first() else {
            return Err(what.fault(format!("which {}?", what.text), NAME_HINT));
        };
        let medium = MEDIA.into_iter().find(|(word, _)| what.is(word)).map(|(_, medium)| medium);
        let medium = medium.unwrap_or_default();
        let called = format!("{} {}", what.text, name.text);
        let (mut details, others) = Details::sort(rest)?;
        let public = match (details.flag("public"), details.flag("private")) {
            (true, true) => return Err(name.fault("public or private?", "say one of them")),
            (false, false) => None,
            (public, _) => Some(public),
        };
        let (is_new, mut known) = self.known(&called, what, public, &mut details)?;
        if let Some(queue) = details.text("in") {
            known.queue = Some(queue.text);
        }
        let customer = details.list("from");
        let customer = customer.iter().filter_map(|name| customer_key(name)).collect();
        let implied = |verb: &str| Word { text: verb.to_owned(), quoted: false, ..what.clone() };
        let implied =
            if what.is("mention") { implied("mentioned") } else { implied("prioritized") };
        let (verb, arguments) = match others.split_first() {
            Some((verb, arguments)) => (verb, arguments),
            None if what.is("mention") || details.flag("priority") => (&implied, &[][..]),
            None => {
                return Err(name.fault("what happened to it?", "such as `call 1 queued sales`"));
            }
        };
        if verb.is("note") && public == Some(true) {
            return Err(verb.fault("only colleagues see a note", "leave out `public`"));
        }
        let public = public.unwrap_or(known.public);
        let told =
            tell(&mut Sentence { at_ms, medium, public, verb, arguments, details: &mut details })?;
        let ranked = matches!(told.kind, Kind::Opened(_) | Kind::Prioritized(_));
        let priority = details.priority()?.filter(|_| !ranked);
        let order = details.whole("order")?;
        details.finish(&verb.text)?;

        let Told { kind, agent, queue, to_queue } = told;
        known.queue = queue.or(known.queue);
        let refers = known.refers(&kind, id);
        if refers.is_none() && matches!(kind, Kind::Delivery(_) | Kind::Edited(_)) {
            let hint = "write the line of that message above this one";
            return Err(verb.fault("which message?", hint));
        }
        let event = Event {
            id: id.to_owned(),
            channel: known.channel.clone(),
            at_ms,
            received_ms: at_ms,
            interaction: called.clone(),
            queue: known.queue.clone(),
            agent,
            customer,
            kind,
            order,
            refers,
            same_as: None,
            attrs: BTreeMap::new(),
        };
        let beside = |name: &str, kind: Kind| Event {
            id: format!("{id} {name}"),
            kind,
            agent: None,
            ..event.clone()
        };
        let opened = Opened { medium, public: known.public, ..Opened::default() };
        let opened = (is_new && needs_opening(medium, &event.kind))
            .then(|| beside("opened", Kind::Opened(opened)));
        let priority = priority
            .map(|priority| beside("priority", Kind::Prioritized(Prioritized { priority })));
        known.queue = to_queue.or(known.queue);
        self.0.insert(called, known);
        Ok(opened.into_iter().chain([event]).chain(priority).collect())
    }

    /// What is known of the contact, and whether this is its first line.
    fn known(
        &self,
        called: &str,
        what: &Word,
        public: Option<bool>,
        details: &mut Details,
    ) -> Result<(bool, Known), Fault> {
        let on = details.text("on");
        if let Some(known) = self.0.get(called) {
            return match on {
                Some(on) if on.text != known.channel => {
                    let elsewhere = format!("{called} is on {}, not on {}", known.channel, on.text);
                    Err(on.fault(elsewhere, "another contact needs another name"))
                }
                _ => Ok((false, known.clone())),
            };
        }
        if what.is("mention") && on.is_none() {
            return Err(what.fault("mentioned where?", "such as `mention 1 on twitter`"));
        }
        let channel = on.map_or_else(|| what.text.clone(), |on| on.text);
        let open_to_all = ["comment", "post", "review", "mention"].iter().any(|word| what.is(word));
        Ok((
            true,
            Known {
                channel,
                queue: None,
                public: public.unwrap_or(open_to_all),
                reply: None,
                message: None,
            },
        ))
    }
}

impl Known {
    /// The message that this is about, where it is about one; else, if it is one, remembers it.
    fn refers(&mut self, kind: &Kind, id: &str) -> Option<String> {
        let id = || Some(id.to_owned());
        match kind {
            Kind::Message(message) if message.author == Author::Agent => self.reply = id(),
            Kind::Message(message) if message.author == Author::Customer => self.message = id(),
            Kind::Delivery(_) => return self.reply.clone(),
            Kind::Edited(message) if message.author == Author::Agent => return self.reply.clone(),
            Kind::Edited(_) => return self.message.clone(),
            _ => {}
        }
        None
    }
}

/// A written contact that begins with its queue or its agent: nothing else would tell that it
/// is none of voice.
fn needs_opening(medium: Medium, kind: &Kind) -> bool {
    let has_course = matches!(
        kind,
        Kind::Queued
            | Kind::OfferedToAgent
            | Kind::RingMissed(_)
            | Kind::Answered(_)
            | Kind::Assigned
            | Kind::Held
            | Kind::Resumed
            | Kind::Transferred(_)
            | Kind::TalkEnded(_)
            | Kind::Abandoned(_)
            | Kind::Left(_)
    );
    has_course && !matches!(medium, Medium::Call | Medium::Unknown)
}

/// As a channel would hand it on: not readable, the same for every spelling of the same identifier,
/// and none for what names nobody.
fn customer_key(identifier: &str) -> Option<CustomerKey> {
    let identifier = privacy::canonical(identifier)?;
    Some(CustomerKey(hex::encode(Sha256::digest(identifier))))
}
