//! Reports that go out by mail: the server that takes them, and what goes to whom, when.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;
use ipnet::IpNet;
use jiff::civil::{Time, Weekday};

use super::Secret;
use crate::language::Language;
use crate::words::words;

words! {
    /// How the connection to the mail server is protected.
    pub enum MailTls {
        /// TLS from the first byte, usually at port 465.
        Required = "required",
        /// Plain at first, then TLS before anything is said, usually at port 587. Without it nothing
        /// is sent.
        Starttls = "starttls",
        /// No TLS at all: for a server on this machine, or in one of `plain_networks`.
        None = "none",
    }
}

words! {
    /// How long a report looks back.
    #[derive(ValueEnum)]
    pub enum ReportKind {
        /// One day.
        Daily = "daily",
        /// Monday to Sunday.
        Weekly = "weekly",
    }
}

words! {
    /// How a report is written.
    #[derive(ValueEnum)]
    pub enum ReportFormat {
        /// A page for a browser, which prints on two sheets.
        Html = "html",
        /// For spreadsheets: one line for each figure.
        Csv = "csv",
        /// Everything, for programs.
        Json = "json",
    }
}

/// `[mail]`: the server that takes mail, and what sending may cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// Its name or address.
    pub server: String,
    /// Default 465, 587 or 25, by `tls`.
    pub port: u16,
    /// Default `required`.
    pub tls: MailTls,
    /// Authorities that it is trusted by, besides those of the machine.
    pub ca_file: Option<PathBuf>,
    /// Where it may be spoken to without TLS, beside this machine. Default none.
    pub plain_networks: Vec<IpNet>,
    /// Who logs in there; nobody without it.
    pub user: Option<String>,
    /// What with.
    pub password: Option<Secret>,
    /// Who writes: an address, with or without a name.
    pub from: String,
    /// One mail takes so long at most. Default 30 s.
    pub timeout: Duration,
    /// Tries of one mail; then it is given up. Default 8.
    pub tries_max: usize,
    /// How long the first retry waits; each further one twice as long as the one before, and
    /// `retry_after_max` at most. Default 1 min.
    pub retry_after: Duration,
    /// Default 1 h.
    pub retry_after_max: Duration,
    /// A report that was due while the server was down is sent when it is late by no more. Default
    /// 12 h.
    pub catch_up: Duration,
    /// Tests and reports that people send by the page, within an hour. Default 20.
    pub by_hand_per_hour_max: usize,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            server: String::new(),
            port: 465,
            tls: MailTls::Required,
            ca_file: None,
            plain_networks: Vec::new(),
            user: None,
            password: None,
            from: String::new(),
            timeout: Duration::from_secs(30),
            tries_max: 8,
            retry_after: Duration::from_secs(60),
            retry_after_max: Duration::from_secs(60 * 60),
            catch_up: Duration::from_secs(12 * 60 * 60),
            by_hand_per_hour_max: 20,
        }
    }
}

/// Most people that one report goes to.
pub const RECIPIENTS_MAX: usize = 50;

/// `[report.NAME]`: a report that goes out by mail.
#[derive(Clone, Debug, PartialEq)]
pub struct MailedReport {
    /// The last whole day, or the last whole week.
    pub kind: ReportKind,
    /// When, by the site's clock. Default 07:00.
    pub at: Time,
    /// On which days of the week. Default all for a daily one, Monday for a weekly one.
    pub weekdays: BTreeSet<DayOfWeek>,
    /// Default the site's.
    pub language: Language,
    /// To whom.
    pub to: Vec<String>,
    /// Files that go with it. Default none.
    pub attach: Vec<ReportFormat>,
    /// What it is about.
    pub of: ReportOf,
}

/// Whose contacts a report is about; those of all where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportOf {
    /// One queue.
    pub queue: Option<String>,
    /// One channel.
    pub channel: Option<String>,
    /// These policies, of those that there are.
    pub policies: Vec<String>,
}

/// A day of the week, in order from Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayOfWeek(i8);

impl DayOfWeek {
    /// All of them, Monday first.
    pub fn all() -> BTreeSet<DayOfWeek> {
        (0..7).map(DayOfWeek).collect()
    }

    /// Its place, Monday is 0.
    pub fn place(self) -> usize {
        usize::try_from(self.0).unwrap_or_default()
    }
}

impl From<Weekday> for DayOfWeek {
    fn from(day: Weekday) -> Self {
        DayOfWeek(day.to_monday_zero_offset())
    }
}
