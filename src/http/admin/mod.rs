//! `/admin` of the admin listener: how the server is, and what may be changed, as pages that work
//! without script; but for the editor of boards, which is one.

mod account;
mod alerts;
mod annotations;
mod audit;
mod boards;
mod channels;
mod layout;
mod messages;
mod overview;
mod people;
mod reports;
mod screens;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};

use super::ServerStatus;
use super::alerts::AlertDesk;
use super::gate::Guard;
use super::reports::Reporter;
use crate::board::annotations::Annotations;
use crate::board::hub::HubHandle;
use crate::event::UnixMs;
use crate::screen::Screens;

pub use boards::BoardDesk;
pub(super) use screens::ScreenDesk;

/// The input of one channel that could not be decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The `[channel.NAME]`.
    pub channel: String,
    /// How many inputs are kept.
    pub entries: usize,
    /// Why the newest was not decoded.
    pub reason: String,
    /// When it came.
    pub received_ms: UnixMs,
}

/// Looks into the quarantine.
pub trait QuarantineDesk: Send + Sync + 'static {
    /// What is held, by channel. Blocks.
    fn held(&self) -> Result<Vec<Held>, String>;
    /// Has a channel's input decoded again; how many. Blocks.
    fn retry(&self, channel: &str) -> Result<usize, String>;
}

/// What the pages are made of.
pub(super) struct Desk {
    pub(super) hub: HubHandle,
    pub(super) status: Arc<dyn ServerStatus>,
    pub(super) screens: Arc<Screens>,
    pub(super) annotations: Annotations,
    pub(super) reports: Reporter,
    pub(super) alerts: Option<AlertDesk>,
    pub(super) quarantine: Option<Arc<dyn QuarantineDesk>>,
    pub(super) guard: Option<Guard>,
    pub(super) body_timeout: Duration,
}

pub(super) fn routes(desk: Desk, screens: Option<ScreenDesk>, boards: Option<BoardDesk>) -> Router {
    let desk = Arc::new(desk);
    let has_people = desk.guard.is_some();
    let mut pages = Router::new()
        .route("/admin", get(overview::page))
        .route("/admin/channels", get(channels::page))
        .route("/admin/channels/retry", post(channels::retry))
        .route("/admin/alerts", get(alerts::page))
        .route("/admin/alerts/silence", post(alerts::silence))
        .route("/admin/alerts/unsilence", post(alerts::unsilence))
        .route("/admin/alerts/test", post(alerts::test))
        .route("/admin/annotations", get(annotations::page).post(annotations::put))
        .route("/admin/annotations/remove", post(annotations::remove))
        .route("/admin/messages", get(messages::page).post(messages::put))
        .route("/admin/messages/end", post(messages::end))
        .route("/admin/messages/remove", post(messages::remove))
        .route("/admin/reports", get(reports::page))
        .route("/admin/reports/{kind}/{date}", get(reports::one))
        .route("/admin/reports/send", post(reports::send))
        .route("/admin/reports/test", post(reports::test));
    if has_people {
        pages = pages
            .route("/admin/account", get(account::page).post(account::change))
            .route("/admin/people", get(people::page).post(people::add))
            .route("/admin/people/role", post(people::role))
            .route("/admin/people/password", post(people::password))
            .route("/admin/people/remove", post(people::remove))
            .route("/admin/tokens", post(people::add_token))
            .route("/admin/tokens/remove", post(people::remove_token))
            .route("/admin/audit", get(audit::page));
    }
    let screens = screens.map(|screens| screens::routes(&desk, screens)).unwrap_or_default();
    let boards = boards.map(|boards| boards::routes(&desk, boards)).unwrap_or_default();
    pages.with_state(desk).merge(screens).merge(boards)
}
