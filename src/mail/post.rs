//! The handle: what is due is noted, sent, noted again, and tried again where it was put off.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;
use lettre::Address;
use tokio::task::spawn_blocking;

use super::message::{Envelope, eml};
use super::smtp::{Fault, Talk};
use super::store::{Became, Delivery, Store, hash_of};
use super::{Occurrence, Press, Schedule};
use crate::config::model::{Mail, MailedReport};
use crate::event::{Millis, UnixMs, millis};
use crate::journal::{Observer, SideFileError};
use crate::telemetry::names;

const HOUR_MS: Millis = 3_600_000;

/// What became of one mail: labels of a metric, few and fixed.
const RESULTS: [&str; 4] = ["sent", "retried", "given_up", "missed"];

/// What a [`Post`] is made of.
pub struct Parts<'a> {
    /// `[mail]`
    pub mail: Mail,
    /// `[report.NAME]`
    pub reports: BTreeMap<String, MailedReport>,
    /// The site's.
    pub zone: TimeZone,
    /// Who writes the letters.
    pub press: Arc<dyn Press>,
    /// Where what became of them is kept.
    pub state_dir: &'a Path,
    /// Who is told of damage there.
    pub observer: Arc<dyn Observer>,
}

/// Why somebody's own order was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandError {
    /// No such report.
    #[error("there is no [report.{0}]")]
    Unknown(String),
    /// It is no address.
    #[error("that is no address")]
    NoAddress,
    /// `mail.by_hand_per_hour_max`
    #[error("{0} mails were sent by hand within this hour (mail.by_hand_per_hour_max)")]
    TooMany(usize),
    /// The mail server did not take it, or not everybody's.
    #[error("{failed} of {all} mails were not taken: {fault}")]
    Failed {
        /// Not taken.
        failed: usize,
        /// Of so many.
        all: usize,
        /// Why the last of them was not.
        fault: Fault,
    },
}

/// Sends reports by mail.
pub struct Post {
    pub(super) mail: Mail,
    pub(super) reports: BTreeMap<String, Kept>,
    press: Arc<dyn Press>,
    store: Arc<Mutex<Store>>,
    /// As on disk, by report and recipient.
    deliveries: Mutex<BTreeMap<(String, String), Delivery>>,
    /// When mails were sent by hand, oldest first.
    by_hand: Mutex<VecDeque<UnixMs>>,
    refused: AtomicU64,
    counts: Mutex<BTreeMap<(String, &'static str), u64>>,
    /// The disk refuses to note anything, and this was said once.
    is_in_trouble: Mutex<bool>,
}

/// A report with its hours.
pub(super) struct Kept {
    pub(super) report: MailedReport,
    pub(super) schedule: Schedule,
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing here is left half done: whoever panicked while holding it.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Post {
    /// Goes on where an earlier run was. Blocks. Fails only where a newer version wrote the file.
    pub fn open(parts: Parts<'_>) -> Result<Arc<Post>, SideFileError> {
        let Parts { mail, reports, zone, press, state_dir, observer } = parts;
        let mut store = Store::open(state_dir, observer)?;
        let kept = reports.into_iter().map(|(name, report)| {
            let schedule = Schedule::of(&report, &zone);
            (name, Kept { report, schedule })
        });
        let reports: BTreeMap<String, Kept> = kept.collect();
        let mut deliveries = BTreeMap::new();
        for it in store.load().unwrap_or_else(|error| {
            tracing::warn!(%error, "which reports were mailed is not known");
            Vec::new()
        }) {
            let is_wanted = reports.get(&it.report).is_some_and(|kept| {
                kept.report.to.iter().any(|address| hash_of(address) == it.recipient)
            });
            if is_wanted {
                deliveries.insert((it.report.clone(), it.recipient.clone()), it);
            } else if let Err(error) = store.remove(&it.report, &it.recipient) {
                tracing::warn!(%error, "what became of a report that is no more is kept");
            }
        }
        Ok(Arc::new(Post {
            mail,
            reports,
            press,
            store: Arc::new(Mutex::new(store)),
            deliveries: Mutex::new(deliveries),
            by_hand: Mutex::default(),
            refused: AtomicU64::new(0),
            counts: Mutex::default(),
            is_in_trouble: Mutex::default(),
        }))
    }

    /// Sends what is due by now and has not been, and what is to be tried again.
    pub async fn look(&self, now_ms: UnixMs) {
        for (name, kept) in &self.reports {
            let Some(due) = kept.schedule.last(now_ms) else { continue };
            if self.take_up(name, &kept.report, due, now_ms).await {
                self.send_waiting(name, &kept.report, due, now_ms).await;
            }
        }
    }

    /// Notes the turn that is due, for each recipient, before anything is sent. False where that
    /// cannot be: what is not noted would be sent again and again.
    async fn take_up(
        &self,
        name: &str,
        report: &MailedReport,
        due: Occurrence,
        now_ms: UnixMs,
    ) -> bool {
        let catch_up_ms = millis(self.mail.catch_up);
        let mut changed = Vec::new();
        for address in &report.to {
            let recipient = hash_of(address);
            let known = self.delivery(name, &recipient);
            let is_late = now_ms - due.at_ms > catch_up_ms;
            let next = match &known {
                Some(known) if known.date >= due.date => continue,
                // It stands in the config since just now: its first turn is the next one.
                None => Became::New,
                Some(_) if is_late => Became::Missed,
                Some(_) => Became::Waiting,
            };
            if known.as_ref().is_some_and(|known| known.state == Became::Waiting) {
                self.count(name, "given_up");
                tracing::warn!(
                    report = name,
                    "a report that could not be mailed is overtaken by the next one"
                );
            }
            if next == Became::Missed {
                self.count(name, "missed");
                tracing::warn!(report = name, date = %due.date, "a report is too late to be mailed: the server was down (mail.catch_up)");
            }
            changed.push(Delivery {
                report: name.to_owned(),
                recipient,
                date: due.date,
                state: next,
                tries: 0,
                next_ms: now_ms,
                sent_ms: known.and_then(|known| known.sent_ms),
                fault: (next == Became::Missed)
                    .then(|| "the server was down when it was due".to_owned()),
            });
        }
        changed.is_empty() || self.note(changed).await
    }

    async fn send_waiting(
        &self,
        name: &str,
        report: &MailedReport,
        due: Occurrence,
        now_ms: UnixMs,
    ) {
        let is_due = |it: &Delivery| it.state == Became::Waiting && it.next_ms <= now_ms;
        let waiting: Vec<(&String, Delivery)> = report
            .to
            .iter()
            .filter_map(|address| Some((address, self.delivery(name, &hash_of(address))?)))
            .filter(|(_, it)| is_due(it))
            .collect();
        if waiting.is_empty() {
            return;
        }
        let letter = self.press.letter(name, due).await.map_err(Fault::Unwritten);
        let mut talk = Talk::with(&self.mail);
        let mut out_of_order: Option<Fault> = None;
        for (address, delivery) in waiting {
            let envelope = Envelope { from: &self.mail.from, to: address, by_hand: None };
            let message = letter
                .as_ref()
                .map_err(Clone::clone)
                .and_then(|letter| eml(letter, envelope).map_err(Fault::Unwritten));
            let done = match (&out_of_order, message) {
                // Nobody waits for the same fault once for each recipient.
                (Some(fault), _) => Err(fault.clone()),
                (None, Err(fault)) => Err(fault),
                (None, Ok(message)) => talk.hand_over(&message).await,
            };
            if let Err(fault) = &done
                && fault.is_of_server()
            {
                out_of_order = Some(fault.clone());
            }
            let noted = self.became(delivery, done, now_ms);
            self.note(vec![noted]).await;
        }
        talk.end().await;
    }

    /// What became of a try.
    fn became(&self, was: Delivery, done: Result<(), Fault>, now_ms: UnixMs) -> Delivery {
        let name = was.report.clone();
        let fault = match done {
            Ok(()) => {
                self.count(&name, "sent");
                tracing::info!(report = name, date = %was.date, "a report was mailed");
                let state = Became::Sent;
                return Delivery { state, sent_ms: Some(now_ms), fault: None, ..was };
            }
            Err(fault) => fault,
        };
        let tries = was.tries.saturating_add(1);
        let is_over = fault.is_final() || tries as usize >= self.mail.tries_max;
        let result = if is_over { "given_up" } else { "retried" };
        self.count(&name, result);
        tracing::warn!(report = name, tries, result, reason = %fault, "a report was not mailed");
        let fault = Some(fault.to_string());
        if is_over {
            return Delivery { state: Became::GivenUp, tries, fault, ..was };
        }
        Delivery { tries, next_ms: now_ms + self.wait_ms(tries), fault, ..was }
    }

    /// Twice as long each time.
    fn wait_ms(&self, tries: u32) -> Millis {
        let first_ms = millis(self.mail.retry_after);
        let doubled = 1_i64.checked_shl(tries.saturating_sub(1).min(40)).unwrap_or(i64::MAX);
        first_ms.saturating_mul(doubled).min(millis(self.mail.retry_after_max))
    }

    /// Sends a report to everybody now, whether it is due or not; what is due goes out all the same.
    pub async fn send_now(&self, name: &str, now_ms: UnixMs) -> Result<usize, HandError> {
        let report = self.report(name)?;
        let to = report.to.clone();
        self.by_hand(name, &to, now_ms).await
    }

    /// Sends a report to one address that somebody names.
    pub async fn send_test(&self, name: &str, to: &str, now_ms: UnixMs) -> Result<(), HandError> {
        self.report(name)?;
        let to = to.trim();
        to.parse::<Address>().map_err(|_| HandError::NoAddress)?;
        self.by_hand(name, &[to.to_owned()], now_ms).await.map(drop)
    }

    fn report(&self, name: &str) -> Result<&MailedReport, HandError> {
        let unknown = || HandError::Unknown(name.chars().take(40).collect());
        self.reports.get(name).map(|kept| &kept.report).ok_or_else(unknown)
    }

    async fn by_hand(&self, name: &str, to: &[String], now_ms: UnixMs) -> Result<usize, HandError> {
        self.may_send(to.len(), now_ms)?;
        // The report of the last day or week that is over now.
        let zone = &self.reports[name].schedule;
        let due = zone.now(now_ms);
        let all = to.len();
        let failure = |failed, fault| HandError::Failed { failed, all, fault };
        let letter = self.press.letter(name, due).await;
        let letter = letter.map_err(|why| failure(all, Fault::Unwritten(why)))?;
        let mut talk = Talk::with(&self.mail);
        let (mut failed, mut last) = (0, None);
        for (place, address) in to.iter().enumerate() {
            let envelope = Envelope { from: &self.mail.from, to: address, by_hand: Some(now_ms) };
            let done = match eml(&letter, envelope) {
                Ok(message) => talk.hand_over(&message).await,
                Err(why) => Err(Fault::Unwritten(why)),
            };
            let Err(fault) = done else { continue };
            tracing::warn!(report = name, reason = %fault, "a report that was sent by hand was not mailed");
            let is_of_server = fault.is_of_server();
            last = Some(fault);
            if is_of_server {
                failed += all - place;
                break;
            }
            failed += 1;
        }
        talk.end().await;
        match last {
            None => Ok(all),
            Some(fault) => Err(failure(failed, fault)),
        }
    }

    fn may_send(&self, mails: usize, now_ms: UnixMs) -> Result<(), HandError> {
        let mut sent = locked(&self.by_hand);
        while sent.front().is_some_and(|at_ms| now_ms - at_ms >= HOUR_MS) {
            sent.pop_front();
        }
        let max = self.mail.by_hand_per_hour_max;
        if sent.len() + mails > max {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return Err(HandError::TooMany(sent.len()));
        }
        sent.extend(std::iter::repeat_n(now_ms, mails));
        Ok(())
    }

    pub(super) fn delivery(&self, report: &str, recipient: &str) -> Option<Delivery> {
        locked(&self.deliveries).get(&(report.to_owned(), recipient.to_owned())).cloned()
    }

    /// On disk, and then in memory. False where the disk refuses.
    async fn note(&self, all: Vec<Delivery>) -> bool {
        let (store, rows) = (Arc::clone(&self.store), all.clone());
        let noted = spawn_blocking(move || locked(&store).put(&rows)).await;
        let is_noted = match noted {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                if !std::mem::replace(&mut *locked(&self.is_in_trouble), true) {
                    tracing::warn!(%error, "no report is mailed until it can be noted");
                }
                false
            }
            Err(_) => false,
        };
        // What was sent was sent, whatever the disk says of it: it is not sent again by this run.
        let mut deliveries = locked(&self.deliveries);
        for it in
            all.into_iter().filter(|it| is_noted || it.state != Became::Waiting || it.tries > 0)
        {
            deliveries.insert((it.report.clone(), it.recipient.clone()), it);
        }
        if is_noted {
            *locked(&self.is_in_trouble) = false;
        }
        is_noted
    }

    fn count(&self, report: &str, result: &'static str) {
        *locked(&self.counts).entry((report.to_owned(), result)).or_default() += 1;
    }

    /// Tells Prometheus.
    pub fn publish(&self) {
        let counts = locked(&self.counts).clone();
        for name in self.reports.keys().map(String::as_str) {
            for result in RESULTS {
                let total = counts.get(&(name.to_owned(), result)).copied().unwrap_or_default();
                names::REPORT_MAILS.reach(&[name, result], total);
            }
            names::REPORT_UNDELIVERED.set(&[name], self.undelivered(name) as f64);
        }
        names::REPORT_MAILS_REFUSED.reach(&[], self.refused.load(Ordering::Relaxed));
    }
}
