//! The networks on which people write: one small writer for each, and one line in [`NETWORKS`].
//!
//! What happens is decided by the world ([`written`](super::written)), the same for all; a network says how
//! busy it is and what is usual on it ([`Habits`]), how it proves that a post is its own ([`Sign`]), and puts
//! each step of a conversation in its own words ([`Writer`]). A new network is a file here, a line below, and
//! a channel of its name in `demo/tablica.toml`.

mod chatwoot;
mod discourse;
mod email;
mod facebook;
mod ids;
mod instagram;
mod intercom;
mod line;
mod vk;
mod whatsapp;
mod x;
mod zendesk;

use serde_json::Value;

use crate::event::UnixMs;

use super::door::Door;
use super::people::Customer;
use super::sign::Sign;

/// All of them. The place decides which people answer there: add at the end.
pub const NETWORKS: &[Network] = &[
    whatsapp::NETWORK,
    facebook::NETWORK,
    instagram::NETWORK,
    x::NETWORK,
    vk::NETWORK,
    line::NETWORK,
    email::NETWORK,
    chatwoot::NETWORK,
    intercom::NETWORK,
    zendesk::NETWORK,
    discourse::NETWORK,
];

/// A network of written conversations.
#[derive(Clone, Copy, Debug)]
pub struct Network {
    /// Its door; the demo's channel has the same name.
    pub door: Door,
    /// How it proves that a post is its own.
    pub sign: Sign,
    /// What people do there.
    pub habits: Habits,
    /// Makes its writer; numbers grow with the start time, so that no earlier run had them.
    pub writer: fn(UnixMs) -> Box<dyn Writer>,
}

/// What is usual on a network. Shares are from 0 to 1.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Conversations in the peak hour at size 1.
    pub per_hour: f64,
    /// People of ours who answer there.
    pub agents: usize,
    /// Time to an answer when there are enough of them; half are faster.
    pub reply_median_ms: f64,
    /// Arrivals that only speak of the company, where the network tells of such.
    pub mentions: f64,
    /// Conversations that everybody can read.
    pub public: f64,
    /// Public ones in which another customer helps.
    pub peers: f64,
    /// Private ones that a bot greets.
    pub bot: f64,
    /// Whether the network tells that a matter is settled.
    pub settles: bool,
    /// Private ones that are rated at the end.
    pub rated: f64,
    /// Conversations that are overlooked for a good while; some of them nobody ever answers.
    pub overlooked: f64,
}

/// A conversation, as far as a writer needs to know it.
#[derive(Clone, Debug)]
pub struct Talk {
    /// Counted from the start of the run, for this network alone.
    pub number: u64,
    /// Whose it is.
    pub customer: Customer,
    /// Which of the network's people answers it, from 0.
    pub agent: usize,
    /// The name of that one.
    pub agent_name: String,
    /// Everybody can read it.
    pub public: bool,
    /// A bot greets before people come.
    pub bot: bool,
    /// Answers by people of ours so far.
    pub answers: u32,
    /// The writer's own: when and with which message it began, the last message, the question for a rating.
    pub notes: Notes,
}

/// What a writer has to know of a conversation later.
#[derive(Clone, Copy, Debug, Default)]
pub struct Notes {
    /// When it began.
    pub begun_ms: UnixMs,
    /// The number of the message it began with.
    pub first: i64,
    /// The number of the last message in it.
    pub last: i64,
    /// The last message was ours.
    pub last_is_ours: bool,
    /// The number of what asked for a rating.
    pub survey: i64,
}

/// What happens in a conversation.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// The customer begins it.
    Opens(&'static str),
    /// The customer writes again.
    Asks(&'static str),
    /// A machine of ours writes.
    BotAnswers(&'static str),
    /// The machine hands over to people.
    HandsOver,
    /// A person of ours writes.
    Answers(&'static str),
    /// Another customer helps.
    Helps(Customer, &'static str),
    /// It is settled, by people or by the machine.
    Settles {
        /// By the machine.
        by_bot: bool,
    },
    /// The customer says it is not.
    Reopens,
    /// Stars, one to five.
    Rates(usize),
    /// No conversation: somebody speaks of the company.
    Mentions(&'static str),
}

/// Puts what happens in a network's words. What a network does not tell, it leaves out.
pub trait Writer: Send {
    /// What the network posts about a step, in order.
    fn write(&mut self, at_ms: UnixMs, talk: &mut Talk, step: Step) -> Vec<Post>;
}

/// One post.
#[derive(Clone, Debug)]
pub struct Post {
    /// Its JSON.
    pub body: Value,
    /// Headers of the network's own, beside those of its signature.
    pub headers: Vec<(&'static str, &'static str)>,
}

impl From<Value> for Post {
    fn from(body: Value) -> Self {
        Self { body, headers: Vec::new() }
    }
}

/// One post, or none.
fn posts(body: Option<Value>) -> Vec<Post> {
    body.map(Post::from).into_iter().collect()
}
