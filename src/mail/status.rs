//! What people see of the reports that go out by mail.

use serde::Serialize;
use utoipa::ToSchema;

use super::message::masked;
use super::post::Post;
use super::store::{Became, hash_of};
use crate::config::model::{MailedReport, ReportKind};
use crate::event::UnixMs;

/// A report that goes out by mail, at a moment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportStatus {
    /// The `[report.NAME]` it is.
    pub name: String,
    /// How long it looks back.
    #[schema(value_type = String)]
    pub kind: ReportKind,
    /// Its recipients, masked.
    pub to: Vec<String>,
    /// When it goes out next.
    #[schema(value_type = Option<i64>)]
    pub next_ms: Option<UnixMs>,
    /// When the mail server last took one.
    #[schema(value_type = Option<i64>)]
    pub sent_ms: Option<UnixMs>,
    /// Recipients who have not got the last one that was due.
    pub undelivered: usize,
    /// Why not, and whether it is tried again.
    pub fault: Option<String>,
    /// When it is tried again.
    #[schema(value_type = Option<i64>)]
    pub retry_ms: Option<UnixMs>,
}

impl Post {
    /// The reports, by name.
    pub fn status(&self, now_ms: UnixMs) -> Vec<ReportStatus> {
        let of = |(name, kept): (&String, &super::post::Kept)| {
            let deliveries: Vec<_> = kept
                .report
                .to
                .iter()
                .filter_map(|address| self.delivery(name, &hash_of(address)))
                .collect();
            let open = deliveries.iter().filter(|it| it.state == Became::Waiting && it.tries > 0);
            ReportStatus {
                name: name.clone(),
                kind: kept.report.kind,
                to: kept.report.to.iter().map(|address| masked(address)).collect(),
                next_ms: kept.schedule.next(now_ms).map(|it| it.at_ms),
                sent_ms: deliveries.iter().filter_map(|it| it.sent_ms).max(),
                undelivered: self.undelivered(name),
                fault: deliveries.iter().find_map(|it| it.fault.clone()),
                retry_ms: open.map(|it| it.next_ms).min(),
            }
        };
        self.reports.iter().map(of).collect()
    }

    /// A report's settings.
    pub fn settings(&self, name: &str) -> Option<&MailedReport> {
        self.reports.get(name).map(|kept| &kept.report)
    }

    /// Recipients of a report who have not got the last one that was due, after a first try.
    pub(super) fn undelivered(&self, name: &str) -> usize {
        let Some(kept) = self.reports.get(name) else { return 0 };
        let deliveries = kept.report.to.iter();
        let deliveries = deliveries.filter_map(|address| self.delivery(name, &hash_of(address)));
        deliveries
            .filter(|it| match it.state {
                Became::New | Became::Sent => false,
                Became::Waiting => it.tries > 0,
                Became::GivenUp | Became::Missed => true,
            })
            .count()
    }
}
