//! A mail into events: who wrote it, to whom, in which conversation.
//!
//! A customer's mail is a message by the customer, ours to somebody outside is one by an agent, one among
//! colleagues in a known conversation a note. What machines write is no message of a customer's. A bounce or
//! a receipt is what became of a mail of ours.

use tablica_plugin::mail::Automatic;
use tablica_plugin::{
    Author, Delivery, Event, Kind, Medium, Message, Moment, Visibility, fingerprint,
};

use crate::letter::Letter;
use crate::settings::{Settings, is_list_of};
use crate::threads::Threads;

/// The events of a mail: one, or none.
pub(crate) fn letter(letter: &Letter, settings: &Settings, threads: &mut Threads) -> Option<Event> {
    let is_own = |address: &String| settings.is_own(address);
    if matches!(letter.automatic, Some(Automatic::Bounce | Automatic::Receipt)) {
        return report(letter, settings, threads);
    }
    let outside: Vec<&String> = letter.to.iter().filter(|it| !is_own(it)).collect();
    match &letter.from {
        Some(from) if is_own(from) => {
            let is_lists = letter.lists.iter().any(|list| is_list_of(list, from))
                && (letter.original_from.is_some() || is_to_its_list(letter));
            let original = letter.original_from.iter().filter(|_| is_lists);
            match original.chain(&letter.reply_to).find(|it| !is_own(it)) {
                // A list of ours puts its own address in From, a form of our site writes in the name of a customer.
                Some(customer) if is_lists || outside.is_empty() => {
                    inbound(letter, Some(customer), is_lists, settings, threads)
                }
                _ if outside.is_empty() => internal(letter, from, settings, threads),
                _ => outbound(letter, from, &outside, settings, threads),
            }
        }
        from => inbound(letter, from.as_ref(), true, settings, threads),
    }
}

/// Who wrote it, if no human did. What came through a list of ours, such as a group that gives a customer's mail to
/// all of its members, is as it was before; `is_sure` says that it was not sent by us to many.
fn automatic(letter: &Letter, is_sure: bool, settings: &Settings) -> Option<Automatic> {
    let is_ours =
        !letter.lists.is_empty() && letter.lists.iter().all(|it| settings.is_own_list(it));
    letter.automatic.filter(|it| !(*it == Automatic::List && is_ours && is_sure))
}

/// One of the lists is that of somebody to whom it was written: not a newsletter, which is written to its readers.
fn is_to_its_list(letter: &Letter) -> bool {
    letter.lists.iter().any(|list| letter.to.iter().any(|to| is_list_of(list, to)))
}

fn inbound(
    letter: &Letter,
    from: Option<&String>,
    is_sure: bool,
    settings: &Settings,
    threads: &mut Threads,
) -> Option<Event> {
    if automatic(letter, is_sure, settings).is_some() {
        return None;
    }
    let queue = settings.queue(letter.delivered_to.iter().chain(&letter.to));
    let (thread, _) = threads.of(letter, queue.as_deref(), settings);
    let mut event = written(letter, thread, Author::Customer, Visibility::Private);
    if let Some(queue) = queue {
        // Each mailbox that got the mail has a contact of its own.
        event.id = format!("{}-{:016x}", event.id, fingerprint(&queue));
        event.queue = Some(queue);
    }
    event.customer.extend(from.map(|it| customer(it)));
    Some(event)
}

fn outbound(
    letter: &Letter,
    from: &str,
    outside: &[&String],
    settings: &Settings,
    threads: &mut Threads,
) -> Option<Event> {
    let queue = settings.queue(letter.from.iter());
    let author = match automatic(letter, is_to_its_list(letter), settings) {
        None => Author::Agent,
        Some(Automatic::Reply | Automatic::Generated) => Author::Bot,
        // To many at once.
        Some(_) => return None,
    };
    let (thread, is_known) = threads.of(letter, queue.as_deref(), settings);
    if author == Author::Bot && !is_known && letter.answers.is_empty() {
        return None;
    }
    let mut event = written(letter, thread, author, Visibility::Private);
    event.queue = queue;
    if author == Author::Agent && !settings.is_shared(from) {
        event.agent = Some(from.to_owned());
    }
    if let [only] = outside {
        event.customer.push(customer(only));
    }
    Some(event)
}

/// Among colleagues: a note where the conversation is known, else no contact of anybody's.
fn internal(
    letter: &Letter,
    from: &str,
    settings: &Settings,
    threads: &mut Threads,
) -> Option<Event> {
    let is_automatic = automatic(letter, is_to_its_list(letter), settings).is_some();
    if is_automatic || !letter.answers.iter().any(|id| threads.of_id(id).1) {
        return None;
    }
    let (thread, _) = threads.of(letter, None, settings);
    let mut event = written(letter, thread, Author::Agent, Visibility::Note);
    event.agent = (!settings.is_shared(from)).then(|| from.to_owned());
    Some(event)
}

fn written(letter: &Letter, thread: u64, author: Author, visibility: Visibility) -> Event {
    let mut message = Message::new(Medium::Mail, author);
    message.visibility = visibility;
    message.length = letter.length;
    message.text = Some(letter.text.clone()).filter(|it| !it.is_empty());
    Event::new(mail_id(&letter.id), letter.at.clone(), Kind::Message(message))
        .on(interaction(thread))
}

/// What became of a mail of ours: only where the report names one.
fn report(letter: &Letter, settings: &Settings, threads: &Threads) -> Option<Event> {
    let report = letter.report.as_ref()?;
    let (state, original) = (report.state?, report.original.as_deref()?);
    let is_ours = threads.of_id(original).1
        || match &report.original_from {
            Some(from) => settings.is_own(from) || !settings.knows_own(),
            None => {
                let domain = original.rsplit_once('@').map_or("", |(_, domain)| domain);
                settings.is_own_domain(&domain.to_lowercase()) || !settings.knows_own()
            }
        };
    is_ours.then(|| delivery(&letter.id, letter.at.clone(), original, state, threads))
}

/// What became of the mail of ours with this `Message-ID`; `id` names this news of it.
pub(crate) fn delivery(
    id: &str,
    at: Moment,
    original: &str,
    state: Delivery,
    threads: &Threads,
) -> Event {
    let (thread, _) = threads.of_id(original);
    let id = format!("d{:016x}", fingerprint(id));
    Event::new(id, at, Kind::Delivery(state)).refers(mail_id(original)).on(interaction(thread))
}

/// Ids of mails hold names and addresses of people's machines: only their hashes go on.
fn mail_id(message_id: &str) -> String {
    format!("m{:016x}", fingerprint(message_id))
}

fn interaction(thread: u64) -> String {
    format!("{thread:016x}")
}

fn customer(address: &str) -> String {
    format!("mail:{address}")
}
