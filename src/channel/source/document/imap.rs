//! Documents that are mails on a server, read by IMAP. Nothing is changed there: the mailbox is opened
//! for reading only (`EXAMINE`), and mails are looked at without marking them as seen (`BODY.PEEK`).
//!
//! What was given is one number: a mailbox numbers its mails upwards. When it has begun to number anew
//! (`UIDVALIDITY`), that number says nothing any more: the feed has a gap, and the mailbox is begun with
//! as at the first start. A mail is fetched part by part. Between mails the server says by `IDLE` that
//! there is a new one.
//!
//! Errors of the library quote what the server sent, mails included: they are put into our own words.

mod stream;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_imap::error::Error;
use async_imap::types::UnsolicitedResponse;
use async_imap::{Client, Session};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep, timeout};

use self::stream::Wire;
use super::cursor::hash;
use super::{Changed, Head, Next, Part, Settings, media};
use crate::channel::back_off::{BackOff, Pace};
use crate::config::model::{Imap, Secret};
use crate::event::UnixMs;

/// Longest answer to a command, and longest way to the server.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// Servers and the boxes between forget who is silent for longer.
const IDLE_MAX: Duration = Duration::from_secs(9 * 60);
/// How often a server is asked that does not know `IDLE`.
const ASK_EVERY: Duration = Duration::from_secs(30);
/// Wait before the server is called again.
const BACK_OFF_MIN: Duration = Duration::from_secs(1);
/// The longest one.
const BACK_OFF_MAX: Duration = Duration::from_secs(5 * 60);
/// Numbers that are asked for at once.
const NUMBERS_AT_ONCE: usize = 1000;

/// A mailbox on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The server's name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Who signs in.
    pub user: String,
    /// With what.
    pub password: Option<Secret>,
    /// Of the mailbox.
    pub name: String,
    /// `channel.NAME.ca_file`
    pub ca_file: Option<PathBuf>,
    /// Without TLS: for tests, on the machine itself.
    pub plain: bool,
    /// Wait after the first failure; shorter in tests.
    pub back_off: Duration,
}

impl Mailbox {
    /// As a channel's section says.
    pub fn of(imap: &Imap, ca_file: Option<&Path>) -> Self {
        Self {
            host: imap.host.clone(),
            port: imap.port,
            user: imap.user.clone(),
            password: imap.password.clone(),
            name: imap.mailbox.clone(),
            ca_file: ca_file.map(Path::to_owned),
            plain: false,
            back_off: BACK_OFF_MIN,
        }
    }

    /// A short name for the cursor: what is said of one mailbox says nothing of another.
    fn place(&self) -> u64 {
        hash(format!("{}\0{}\0{}\0{}", self.host, self.port, self.user, self.name).as_bytes())
    }
}

/// How far the mailbox was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    /// Of which mailbox.
    place: u64,
    /// `UIDVALIDITY`: numbers are comparable while it stays.
    validity: u32,
    /// The last mail that was given.
    uid: u32,
}

#[derive(Clone, Copy, Debug)]
struct Mail {
    uid: u32,
    size: u64,
    received_ms: Option<UnixMs>,
}

/// Reads a mailbox.
pub(super) struct Reader {
    mailbox: Mailbox,
    place: u64,
    from_beginning: bool,
    at: Option<Place>,
    session: Option<Session<Wire>>,
    can_idle: bool,
    /// Up to here numbers have been asked for.
    asked_to: u32,
    queue: VecDeque<Mail>,
    notices: VecDeque<Next>,
    /// What is wrong, as it was said.
    trouble: Option<String>,
    back_off: BackOff,
    /// Since when the mailbox can be read.
    since: Option<Instant>,
    part_bytes: usize,
    /// Somebody was told that the mailbox can be read.
    was_connected: bool,
}

/// What is wrong, in our own words.
type Trouble = &'static str;

impl Reader {
    pub(super) fn new(mailbox: Mailbox, settings: &Settings, cursor: Option<&[u8]>) -> Self {
        let place = mailbox.place();
        let kept = cursor.map(|bytes| postcard::from_bytes::<Place>(bytes).ok());
        let at = kept.flatten().filter(|at| at.place == place);
        let mut notices = VecDeque::new();
        if cursor.is_some() && at.is_none() {
            let why = "it is not known which mails of this mailbox were given before";
            notices.push_back(Next::Gap(why.to_owned()));
        }
        Self {
            back_off: BackOff::new(Pace { min: mailbox.back_off, max: BACK_OFF_MAX }),
            since: None,
            mailbox,
            place,
            from_beginning: settings.from_beginning,
            at,
            session: None,
            can_idle: false,
            asked_to: 0,
            queue: VecDeque::new(),
            notices,
            trouble: None,
            part_bytes: settings.part_bytes,
            was_connected: false,
        }
    }

    pub(super) async fn next(&mut self) -> Next {
        loop {
            if let Some(notice) = self.notices.pop_front() {
                return notice;
            }
            if let (Some(mail), Some(at)) = (self.queue.front(), self.at) {
                return Next::Document(Head {
                    name: format!("{}.{}", at.validity, mail.uid).into(),
                    media_type: media::MAIL,
                    received_ms: mail.received_ms,
                    length: mail.size,
                });
            }
            if let Err(trouble) = self.look().await {
                self.hang_up();
                if self.trouble.as_deref() != Some(trouble) {
                    self.trouble = Some(trouble.to_owned());
                    self.notices.push_back(Next::Disconnected(trouble.to_owned()));
                }
            }
        }
    }

    /// One step: a call to the server, a question for new mails, or a wait for one.
    async fn look(&mut self) -> Result<(), Trouble> {
        let Some(session) = &mut self.session else {
            sleep(self.back_off.wait(Instant::now())).await;
            let (session, can_idle) = within(connect(&self.mailbox)).await?;
            (self.session, self.can_idle) = (Some(session), can_idle);
            return self.examine().await;
        };
        let next = self.at.map_or(0, |at| at.uid).max(self.asked_to) + 1;
        session.get_mut().allow(self.part_bytes);
        while session.unsolicited_responses.try_recv().is_ok() {}
        let mails = within(list(session, next)).await?;
        if !mails.is_empty() {
            self.asked_to = mails.last().map_or(next, |mail| mail.uid);
            self.queue.extend(mails);
            return Ok(());
        }
        self.wait().await?;
        self.examine().await
    }

    /// Whether numbers still mean what they meant.
    async fn examine(&mut self) -> Result<(), Trouble> {
        let Some(session) = &mut self.session else { return Ok(()) };
        session.get_mut().allow(self.part_bytes);
        let name = &self.mailbox.name;
        let seen = within(async {
            session.examine(name).await.map_err(|error| match error {
                Error::No(_) | Error::Bad(_) => "the IMAP server has no such mailbox for this user",
                error => words(&error),
            })
        })
        .await?;
        let (Some(validity), Some(uid_next)) = (seen.uid_validity, seen.uid_next) else {
            return Err("the IMAP server does not number its mails: it cannot be read");
        };
        if self.trouble.take().is_some() || !std::mem::replace(&mut self.was_connected, true) {
            self.notices.push_back(Next::Connected);
        }
        self.since.get_or_insert_with(Instant::now);
        if self.at.is_some_and(|at| at.validity == validity) {
            return Ok(());
        }
        if self.at.is_some() {
            let why = "the IMAP server has numbered its mails anew";
            self.notices.push_back(Next::Gap(why.to_owned()));
        }
        let uid = if self.from_beginning { 0 } else { uid_next.saturating_sub(1) };
        self.at = Some(Place { place: self.place, validity, uid });
        self.asked_to = 0;
        self.queue.clear();
        self.notices.push_back(Next::Begins);
        Ok(())
    }

    /// Waits until the server says that there is something new, or a while.
    async fn wait(&mut self) -> Result<(), Trouble> {
        if !self.can_idle {
            sleep(ASK_EVERY).await;
            return Ok(());
        }
        let Some(session) = self.session.take() else { return Ok(()) };
        let unsolicited = session.unsolicited_responses.clone();
        let mut idle = session.idle();
        idle.as_mut().allow(self.part_bytes);
        within(async { idle.init().await.map_err(|error| words(&error)) }).await?;
        // What was said between the question and the wait is not said again.
        let is_told = std::iter::from_fn(|| unsolicited.try_recv().ok())
            .any(|said| matches!(said, UnsolicitedResponse::Exists(_)));
        if !is_told {
            let (news, _stop) = idle.wait_with_timeout(IDLE_MAX);
            // A server that says "still here" all the time must not keep us for ever.
            if let Ok(news) = timeout(IDLE_MAX, news).await {
                news.map_err(|error| words(&error))?;
            }
        }
        let session = within(async { idle.done().await.map_err(|error| words(&error)) }).await?;
        self.session = Some(session);
        Ok(())
    }

    pub(super) async fn part(&mut self, offset: u64, bytes: usize) -> Result<Part, Changed> {
        let (Some(mail), Some(session)) = (self.queue.front().copied(), &mut self.session) else {
            return Err(Changed);
        };
        session.get_mut().allow(bytes);
        let got = within(fetch(session, mail.uid, offset, bytes)).await;
        match got {
            Ok(Some(part)) => {
                // The size that a server tells is not always that of what it gives.
                let is_last = part.len() < bytes;
                Ok(Part { bytes: part, is_last })
            }
            Ok(None) if offset > 0 && offset >= mail.size => {
                Ok(Part { bytes: Bytes::new(), is_last: true })
            }
            Ok(None) => {
                // Somebody has deleted it.
                self.queue.pop_front();
                Err(Changed)
            }
            Err(_) => {
                self.hang_up();
                Err(Changed)
            }
        }
    }

    pub(super) fn cursor(&self) -> Vec<u8> {
        let Some(at) = self.at else { return Vec::new() };
        let uid = self.queue.front().map_or(at.uid, |mail| mail.uid);
        // Numbers only: there is nothing that could fail.
        postcard::to_stdvec(&Place { uid, ..at }).unwrap_or_default()
    }

    pub(super) fn taken(&mut self) {
        if let (Some(mail), Some(at)) = (self.queue.pop_front(), &mut self.at) {
            at.uid = mail.uid;
        }
    }

    fn hang_up(&mut self) {
        self.session = None;
        let now = Instant::now();
        self.back_off.ended(self.since.take().map(|since| now - since), now);
        self.asked_to = 0;
        self.queue.clear();
    }
}

async fn connect(mailbox: &Mailbox) -> Result<(Session<Wire>, bool), Trouble> {
    let wire = Wire::open(mailbox).await?;
    let mut client = Client::new(wire);
    match client.read_response().await {
        Ok(Some(_)) => {}
        Ok(None) | Err(_) => return Err("the IMAP server hung up before it said anything"),
    }
    let password = mailbox.password.as_ref().map(Secret::expose).unwrap_or_default();
    let password =
        std::str::from_utf8(password).map_err(|_| "the password for IMAP is no UTF-8 text")?;
    let login = client.login(&mailbox.user, password).await;
    let mut session = login.map_err(|(error, _)| match error {
        Error::No(_) | Error::Bad(_) => "the IMAP server does not let this user in",
        error => words(&error),
    })?;
    let capabilities = session.capabilities().await.map_err(|error| words(&error))?;
    let can_idle = capabilities.has_str("IDLE");
    Ok((session, can_idle))
}

/// Mails from a number on, in order.
async fn list(session: &mut Session<Wire>, from: u32) -> Result<Vec<Mail>, Trouble> {
    // Of a range whose end is `*` the last mail is given even when its number is lower.
    let uids = session.uid_search(format!("UID {from}:*")).await.map_err(|error| words(&error))?;
    let mut uids: Vec<u32> = uids.into_iter().filter(|uid| *uid >= from).collect();
    uids.sort_unstable();
    uids.truncate(NUMBERS_AT_ONCE);
    let (Some(first), Some(last)) = (uids.first(), uids.last()) else { return Ok(Vec::new()) };
    let asked = session
        .uid_fetch(format!("{first}:{last}"), "(UID RFC822.SIZE INTERNALDATE)")
        .await
        .map_err(|error| words(&error))?;
    let mut mails = Vec::new();
    let mut asked = std::pin::pin!(asked);
    while let Some(mail) = next_of(&mut asked).await? {
        let (Some(uid), Some(size)) = (mail.uid, mail.size) else { continue };
        if (*first..=*last).contains(&uid) {
            let received_ms = mail.internal_date().map(|date| date.timestamp_millis());
            mails.push(Mail { uid, size: size.into(), received_ms });
        }
    }
    mails.sort_unstable_by_key(|mail| mail.uid);
    mails.dedup_by_key(|mail| mail.uid);
    Ok(mails)
}

/// Bytes of a mail; none when it is gone.
async fn fetch(
    session: &mut Session<Wire>,
    uid: u32,
    offset: u64,
    bytes: usize,
) -> Result<Option<Bytes>, Trouble> {
    let query = format!("(UID BODY.PEEK[]<{offset}.{bytes}>)");
    let asked = session.uid_fetch(uid.to_string(), query).await.map_err(|error| words(&error))?;
    let mut asked = std::pin::pin!(asked);
    let mut found = None;
    while let Some(mail) = next_of(&mut asked).await? {
        if mail.uid == Some(uid)
            && let Some(body) = mail.body()
        {
            // A server that gives more than it was asked for does not do so again.
            found = Some(Bytes::copy_from_slice(&body[..body.len().min(bytes)]));
        }
    }
    Ok(found)
}

async fn next_of<S>(stream: &mut S) -> Result<Option<async_imap::types::Fetch>, Trouble>
where
    S: Stream<Item = async_imap::error::Result<async_imap::types::Fetch>> + Unpin,
{
    stream.next().await.transpose().map_err(|error| words(&error))
}

async fn within<T>(step: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    timeout(ANSWER_WITHIN, step).await.unwrap_or(Err("the IMAP server does not answer in time"))
}

fn words(error: &Error) -> Trouble {
    match error {
        Error::Io(_) | Error::ConnectionLost => "the connection to the IMAP server was lost",
        Error::No(_) | Error::Bad(_) => "the IMAP server refuses what it is asked",
        Error::Validate(_) => "the user, password or mailbox for IMAP holds a line break",
        _ => "the IMAP server's answer cannot be read",
    }
}
