//! Everything that Prometheus sees, said anew once a second.
//!
//! Whoever counts something sets its metrics themselves and is asked to here. What the engine
//! knows is set in the files below, from the same KPIs as on the walls: the engine knows no
//! metrics.

mod agents;
mod begin;
mod channels;
mod limits;
mod people;
mod policies;
mod queues;
mod slowly;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::reload::ReloadCounts;
use crate::access::Access;
use crate::access::oidc::Oidc;
use crate::alert::alarms::Alarms;
use crate::board::annotations::Annotations;
use crate::board::edit::Shelf;
use crate::board::figures::Site;
use crate::board::hub::{HubHandle, Observer};
use crate::board::images::LeftOut;
use crate::channel::enrich::Enricher;
use crate::channel::quarantine::Quarantine;
use crate::channel::registry::Registry;
use crate::clock;
use crate::config::model::Config;
use crate::engine::{Engine, Observed};
use crate::event::UnixMs;
use crate::http;
use crate::journal::JournalHandle;
use crate::kpi;
use crate::kpi::value::Figure;
use crate::mail::Post;
use crate::scope::{Selector, Window};
use crate::screen::Screens;
use crate::screen::paired::Paired;
use crate::telemetry::{WaitMeters, names};

/// Everybody who knows something.
pub(super) struct Sources {
    pub(super) reloads: Arc<ReloadCounts>,
    pub(super) hub: HubHandle,
    pub(super) journal: JournalHandle,
    pub(super) state_dir: PathBuf,
    pub(super) registry: Arc<Registry>,
    pub(super) http: Arc<http::Counters>,
    pub(super) screens: Arc<Screens>,
    pub(super) paired: Arc<Paired>,
    pub(super) post: Option<Arc<Post>>,
    pub(super) quarantine: Quarantine,
    pub(super) annotations: Annotations,
    pub(super) shelf: Arc<Shelf>,
    pub(super) access: Option<Access>,
    pub(super) oidc: Option<Oidc>,
    pub(super) enricher: Arc<Enricher>,
    pub(super) alarms: Arc<Alarms>,
}

/// Sets every metric anew, once a second.
pub(super) struct Gauges {
    /// The config that holds.
    in_force: watch::Receiver<Arc<Config>>,
    config: Arc<Config>,
    silent_after: BTreeMap<String, Duration>,
    /// What agents are called, where the operator wants them in Prometheus.
    agents_shown_by: Option<Site>,
    sources: Sources,
    waits: WaitMeters,
    slowly: slowly::Slowly,
    limits: limits::LimitLog,
}

impl Gauges {
    /// What the config names is counted from 0.
    pub(super) fn new(mut in_force: watch::Receiver<Arc<Config>>, sources: Sources) -> Self {
        let config = Arc::clone(&in_force.borrow_and_update());
        let mut gauges = Self {
            waits: WaitMeters::of(begin::queues(&config)),
            silent_after: BTreeMap::new(),
            agents_shown_by: None,
            in_force,
            config,
            sources,
            slowly: slowly::Slowly::default(),
            limits: limits::LimitLog::default(),
        };
        gauges.take_up();
        gauges
    }

    /// What hangs on the config that holds now.
    fn take_up(&mut self) {
        begin::at_zero(&self.config);
        self.silent_after = super::channels::silent_after(&self.config);
        let shows_agents = self.config.telemetry.agent_labels;
        self.agents_shown_by = shows_agents.then(|| Site::of(&self.config, |_| None));
    }
}

impl Observer for Gauges {
    fn observe(&mut self, engine: &mut Engine, now_ms: UnixMs) {
        if self.in_force.has_changed().unwrap_or_default() {
            self.config = Arc::clone(&self.in_force.borrow_and_update());
            self.take_up();
        }
        record_waits(engine, &mut self.waits);
        let moment = Moment { engine, now_ms };
        queues::publish(&moment, &self.config.queues);
        queues::publish_flows(&moment);
        policies::publish(&moment);
        channels::publish(&moment, &self.silent_after);
        self.slowly.publish(&moment);
        agents::publish(&moment);
        limits::publish(engine, &mut self.limits);
        if let Some(site) = &self.agents_shown_by {
            agents::publish_work(engine, site);
        }
        self.sources.publish();
    }
}

impl Sources {
    /// What others count themselves.
    fn publish(&self) {
        names::BUILD_INFO.set(&[env!("CARGO_PKG_VERSION")], 1.0);
        names::JOURNAL_WRITABLE.set(&[], f64::from(self.journal.is_writable()));
        publish_room(&self.state_dir);
        publish_clock(clock::state());
        self.access.iter().for_each(people::publish);
        self.oidc.iter().for_each(people::publish_oidc);
        publish_images(&self.hub);
        publish_versions(&self.shelf);
        names::ANNOTATIONS_REFUSED.reach(&[], self.annotations.refused());
        self.reloads.publish();
        self.registry.publish();
        self.http.publish();
        self.screens.publish();
        self.paired.publish();
        self.post.iter().for_each(|post| post.publish());
        self.alarms.publish();
        self.quarantine.publish();
        self.enricher.publish();
    }
}

/// How much more the disk takes. A journal goes on without a file to be made until midnight, so
/// it would say nothing.
fn publish_room(state_dir: &Path) {
    let room = rustix::fs::statvfs(state_dir).ok();
    let bytes = room.as_ref().map(|room| room.f_bavail as f64 * room.f_frsize as f64);
    names::STATE_FREE_BYTES.set(&[], bytes);
    // File systems that make inodes as they need them say that there are none.
    let files = room.filter(|room| room.f_files > 0).map(|room| room.f_favail as f64);
    names::STATE_FREE_FILES.set(&[], files);
}

/// Which pictures boards cannot show.
fn publish_images(hub: &HubHandle) {
    let images = hub.images();
    for why in LeftOut::ALL {
        names::IMAGES_LEFT_OUT.set(&[why.name()], images.left_out(why) as f64);
    }
}

/// Earlier texts of boards that were dropped.
fn publish_versions(shelf: &Shelf) {
    let dropped = shelf.dropped();
    names::BOARD_VERSIONS_DROPPED.reach(&["versions_max"], dropped.by_number);
    names::BOARD_VERSIONS_DROPPED.reach(&["versions_bytes_max"], dropped.by_bytes);
}

/// What became of jumps of the machine's clock.
fn publish_clock(state: clock::State) {
    names::CLOCK_JUMPS.reach(&["ahead"], state.jumps_ahead);
    names::CLOCK_JUMPS.reach(&["back"], state.jumps_back);
    names::CLOCK_FOLLOWED.reach(&[], state.followed);
    names::CLOCK_HELD.set(&[], state.held_by_ms.unwrap_or(0) as f64 / 1000.0);
}

/// Waits that ended since the last time.
fn record_waits(engine: &mut Engine, waits: &mut WaitMeters) {
    for observation in engine.take_observations() {
        match observation.observed {
            Observed::AnswerWait => waits.answered(observation.queue, observation.seconds),
            Observed::FirstResponse => waits.replied(observation.queue, observation.seconds),
        }
    }
}

/// The engine at the moment that is published.
struct Moment<'a> {
    engine: &'a Engine,
    now_ms: UnixMs,
}

impl Moment<'_> {
    /// A KPI's number, where there is one.
    fn number(&self, kpi: &str, selector: &Selector, window: Window) -> Option<f64> {
        let found = kpi::find(kpi);
        debug_assert!(found.is_some(), "there is no KPI {kpi}");
        match kpi::compute(found?, self.engine, selector, window, self.now_ms).figure {
            Figure::Number(number) => Some(number),
            Figure::NoData | Figure::NotApplicable | Figure::Concealed => None,
        }
    }
}
