//! What can happen to a contact, in the words of a script: one line for each verb.

use super::desk_verbs;
use super::details::{Details, Named, one_of};
use super::mistake::{Fault, hint};
use super::words::Word;
use crate::event::{
    Abandoned, Answered, Author, DeliveryState, Direction, Kind, Left, LeftReason, Medium, Mention,
    Message, Opened, Other, Prioritized, Rated, Removed, Resolved, RingMissed, TalkEnded,
    TransferWay, Transferred, UnixMs,
};

/// A contact's line: the verb with its arguments and details, and what is known of the contact.
pub(super) struct Sentence<'a> {
    pub(super) at_ms: UnixMs,
    pub(super) medium: Medium,
    /// Strangers can read it, as far as this line doesn't say otherwise.
    pub(super) public: bool,
    pub(super) verb: &'a Word,
    pub(super) arguments: &'a [Word],
    pub(super) details: &'a mut Details,
}

/// What a sentence tells.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) kind: Kind,
    pub(super) agent: Option<String>,
    /// The queue of this event and of those after it.
    pub(super) queue: Option<String>,
    /// Where the contact goes: the queue of the events after this one.
    pub(super) to_queue: Option<String>,
}

impl From<Kind> for Told {
    fn from(kind: Kind) -> Self {
        Told { kind, agent: None, queue: None, to_queue: None }
    }
}

type Tell = fn(&mut Sentence<'_>) -> Result<Told, Fault>;

/// A further verb is a line here.
const VERBS: [(&str, Tell); 34] = [
    ("opened", opened),
    ("written", |said| message(said, Author::Customer)),
    ("reply", |said| message(said, Author::Agent)),
    ("note", note),
    ("queued", queued),
    ("rings", |said| with_agent(said, "at", Kind::OfferedToAgent)),
    ("offered", |said| with_agent(said, "to", Kind::OfferedToAgent)),
    ("missed", missed),
    ("answered", answered),
    ("assigned", desk_verbs::assigned),
    ("unassigned", |_| Ok(Kind::Assigned.into())),
    ("held", |said| with_agent(said, "by", Kind::Held)),
    ("resumed", |said| with_agent(said, "by", Kind::Resumed)),
    ("transferred", transferred),
    ("ended", ended),
    ("wrapped", |said| {
        said.must_go_on("up")?;
        with_agent(said, "by", Kind::WrappedUp)
    }),
    ("resolved", |said| by_somebody(said, |by| Kind::Resolved(Resolved { by }))),
    ("reopened", |_| Ok(Kind::Reopened.into())),
    ("abandoned", |said| {
        let wait_ms = said.details.length("waited")?;
        Ok(Kind::Abandoned(Abandoned { wait_ms }).into())
    }),
    ("left", left),
    ("callback", desk_verbs::callback),
    ("pending", desk_verbs::pending),
    ("merged", desk_verbs::merged),
    ("edited", desk_verbs::edited),
    ("delivered", |_| desk_verbs::delivery(DeliveryState::Delivered)),
    ("read", |_| desk_verbs::delivery(DeliveryState::Read)),
    ("undelivered", |_| desk_verbs::delivery(DeliveryState::Failed)),
    ("prioritized", |said| match said.details.priority()? {
        Some(priority) => Ok(Kind::Prioritized(Prioritized { priority }).into()),
        None => Err(said.verb.fault("how urgent is it?", "such as `prioritized priority high`")),
    }),
    ("rating", |said| {
        said.must_go_on("requested")?;
        Ok(Kind::RatingRequested.into())
    }),
    ("rated", rated),
    ("tagged", tagged),
    ("removed", |said| by_somebody(said, |by| Kind::Removed(Removed { by }))),
    ("mentioned", mentioned),
    ("other", other),
];

/// Tells what happened.
pub(super) fn tell(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let verb = VERBS.into_iter().find(|(name, _)| said.verb.is(name));
    let Some((_, tell)) = verb else {
        let names = VERBS.map(|(name, _)| name);
        let what = format!("`{}` is nothing that happens to a contact", said.verb.text);
        return Err(said.verb.fault(what, hint(&said.verb.text, names)));
    };
    let told = tell(said)?;
    match said.arguments.first() {
        None => Ok(told),
        Some(word) => {
            Err(word.fault(format!("`{}` is not understood here", word.text), "leave it out"))
        }
    }
}

impl Sentence<'_> {
    pub(super) fn argument(&mut self) -> Option<Word> {
        let (first, rest) = self.arguments.split_first()?;
        self.arguments = rest;
        Some(first.clone())
    }

    pub(super) fn must_go_on(&mut self, wanted: &str) -> Result<Word, Fault> {
        let hint = format!("write `{} {wanted}`", self.verb.text);
        match self.argument() {
            Some(word) if word.is(wanted) => Ok(word),
            Some(word) => Err(word.fault(format!("`{}` is not understood here", word.text), hint)),
            None => Err(self.verb.fault(format!("`{}` what?", self.verb.text), hint)),
        }
    }

    fn number(&mut self, hint: &str) -> Result<f64, Fault> {
        let Some(word) = self.argument() else { return Err(self.verb.fault("how many?", hint)) };
        let number = word.text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| word.fault(format!("`{}` is no number", word.text), hint))
    }
}

fn with_agent(said: &mut Sentence<'_>, keyword: &str, kind: Kind) -> Result<Told, Fault> {
    Ok(Told { agent: said.details.agent(keyword), ..kind.into() })
}

fn by_somebody(said: &mut Sentence<'_>, kind: fn(Author) -> Kind) -> Result<Told, Fault> {
    let (by, agent) = said.details.author().unwrap_or((Author::Agent, None));
    Ok(Told { agent, ..kind(by).into() })
}

fn opened(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let outbound = said.details.flag("outbound");
    let opened = Opened {
        medium: said.medium,
        direction: if outbound { Direction::Outbound } else { Direction::Inbound },
        public: said.public,
        priority: said.details.priority()?,
    };
    with_agent(said, "by", Kind::Opened(opened))
}

fn message(said: &mut Sentence<'_>, author: Author) -> Result<Told, Fault> {
    let (message, agent) = message_of(said, author)?;
    Ok(Told { agent, ..Kind::Message(message).into() })
}

/// What was written, and the agent who wrote it, if one did.
pub(super) fn message_of(
    said: &mut Sentence<'_>,
    author: Author,
) -> Result<(Message, Option<String>), Fault> {
    let (author, agent) = said.details.author().unwrap_or((author, None));
    let message = Message {
        medium: said.medium,
        author,
        public: said.public,
        note: false,
        length: said.details.count("length")?.unwrap_or_default(),
        language: said.details.text("language").map(|word| word.text),
        sentiment: said.details.sentiment()?,
        topics: said.details.list("topic"),
        complaint: said.details.flag("complaint"),
        spam: said.details.flag("spam"),
    };
    Ok((message, agent))
}

/// `note by anna`: for colleagues only, also where the contact is public.
fn note(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let (author, agent) = said.details.author().unwrap_or((Author::Agent, None));
    let message = Message {
        medium: said.medium,
        author,
        note: true,
        length: said.details.count("length")?.unwrap_or_default(),
        ..Message::default()
    };
    Ok(Told { agent, ..Kind::Message(message).into() })
}

fn queued(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    Ok(Told { queue: said.argument().map(|word| word.text), ..Kind::Queued.into() })
}

fn missed(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let ring_ms = said.details.length("rang")?;
    with_agent(said, "by", Kind::RingMissed(RingMissed { ring_ms }))
}

fn answered(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let wait_ms = said.details.length("waited")?;
    let ring_ms = said.details.length("rang")?;
    with_agent(said, "by", Kind::Answered(Answered { wait_ms, ring_ms }))
}

fn transferred(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let (blind, attended) = (said.details.flag("blind"), said.details.flag("attended"));
    let way = match (blind, attended) {
        (true, false) => TransferWay::Blind,
        (false, true) => TransferWay::Attended,
        (false, false) => TransferWay::Unknown,
        (true, true) => return Err(said.verb.fault("blind or attended?", "say one of them")),
    };
    let (to_queue, to_agent) = match said.details.named("to") {
        Some(Named { role: Some("agent"), name }) => (None, Some(name)),
        Some(Named { name, .. }) => (Some(name), None),
        None => (None, None),
    };
    let kind = Kind::Transferred(Transferred { to_queue: to_queue.clone(), to_agent, way });
    Ok(Told { agent: said.details.agent("by"), to_queue, ..kind.into() })
}

fn ended(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let (by, agent) = said.details.author().unwrap_or((Author::System, None));
    let talk_ms = said.details.length("talked")?;
    let hold_ms = said.details.length("hold")?;
    Ok(Told { agent, ..Kind::TalkEnded(TalkEnded { talk_ms, hold_ms, by }).into() })
}

const REASONS: [(&str, LeftReason); 9] = [
    ("overflow", LeftReason::Overflow),
    ("timeout", LeftReason::Timeout),
    ("exit_key", LeftReason::ExitKey),
    ("callback", LeftReason::Callback),
    ("queue_full", LeftReason::QueueFull),
    ("queue_empty", LeftReason::QueueEmpty),
    ("lost", LeftReason::Lost),
    ("blocked", LeftReason::Blocked),
    ("unknown", LeftReason::Unknown),
];

/// `left`, `left because callback`, `left because queue full`
fn left(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let Some(because) = said.argument() else { return Ok(Kind::Left(Left::default()).into()) };
    if !because.is("because") {
        let what = format!("`{}` is not understood here", because.text);
        return Err(because.fault(what, "such as `left because callback`"));
    }
    let Some(mut reason) = said.argument() else {
        return Err(because.fault("because of what?", "such as `left because callback`"));
    };
    if let Some(more) = said.argument() {
        reason = Word { text: format!("{}_{}", reason.text, more.text), to: more.to, ..reason };
    }
    Ok(Kind::Left(Left { reason: one_of(&reason, &REASONS)? }).into())
}

/// `rated 4 of 5`, `rated 9 of 10 for clear`
fn rated(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    const HINT: &str = "such as `rated 4 of 5`";
    let score = said.number(HINT)?;
    match said.argument() {
        Some(word) if word.is("of") => {}
        Some(word) => return Err(word.fault("of how many?", HINT)),
        None => return Err(said.verb.fault("of how many?", HINT)),
    }
    let scale = said.number(HINT)?;
    let dimension = said.details.text("for").map_or("overall".to_owned(), |word| word.text);
    let kind = Kind::Rated(Rated { dimension, score, scale });
    with_agent(said, "by", kind)
}

fn tagged(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let tags = std::mem::take(&mut said.arguments);
    if tags.is_empty() {
        return Err(said.verb.fault("with what?", "such as `tagged billing, refund`"));
    }
    Ok(Kind::Tagged(tags.iter().map(|word| word.text.clone()).collect()).into())
}

fn mentioned(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let mention = Mention {
        public: said.public,
        sentiment: said.details.sentiment()?,
        language: said.details.text("language").map(|word| word.text),
        topics: said.details.list("topic"),
        spam: said.details.flag("spam"),
    };
    Ok(Kind::Mention(mention).into())
}

fn other(said: &mut Sentence<'_>) -> Result<Told, Fault> {
    let (name, value) = (said.argument(), said.argument());
    let Some(name) = name else {
        return Err(said
            .verb
            .fault("other what?", "a name and a value, such as `other parked 70`"));
    };
    let value = value.map_or_else(String::new, |word| word.text);
    Ok(Kind::Other(Other { name: name.text, value }).into())
}
