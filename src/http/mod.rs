//! The doors: webhooks, walls, API, health and metrics, on two listeners.
//!
//! Handlers here only translate: a webhook goes to a [`WebhookReceiver`], a question to the hub,
//! a wall to `screen`. There is one error type, [`Problem`], and no state but counters. Listeners come in
//! as arguments, so that tests bring their own.

mod address;
mod addresses;
mod admin;
mod alerts;
mod annotations;
mod api;
mod assets;
mod bodies;
mod client;
mod coding;
mod counters;
mod forms;
mod front;
pub mod gate;
mod gauges;
mod head_timer;
mod headers;
mod health;
mod home;
mod host;
mod images;
mod instances;
mod limits;
mod listen;
mod login;
pub mod openapi;
mod origin;
mod page;
mod places;
mod problem;
mod receipt;
mod receiver;
mod refusals;
mod reload;
mod reports;
mod screen_page;
mod screens;
mod shell;
mod slashes;
mod staffing;
mod starting;
mod stream;
mod wall;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use zeroize::Zeroizing;

use crate::board::annotations::Annotations;
use crate::board::hub::HubHandle;
use crate::mail::Post;
use crate::screen::Screens;
use addresses::Addresses;
use client::Doorkeeper;
use gate::Gate;
use host::OwnHosts;

pub use admin::{BoardDesk, Held, QuarantineDesk};
pub use alerts::AlertDesk;
pub use client::TrustedProxies;
pub use counters::Counters;
pub use front::Front;
pub use gate::Guard;
pub use health::ServerStatus;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use listen::BUFFER_BYTES_MAX;
pub(crate) use listen::second;
pub use listen::{ConnectionLimits, bind, serve};
pub use problem::{Mistake, Problem};
pub use receiver::WebhookReceiver;
pub use refusals::{Limit, Refusals};
pub use reload::{Asked, Reloaded, Reloads};
pub use screen_page::Pairing;
pub use starting::starting;

/// What the doors open to.
pub struct Doors<R> {
    /// Takes webhooks.
    pub receiver: Arc<R>,
    /// Answers questions, knows the boards.
    pub hub: HubHandle,
    /// Seats walls.
    pub screens: Arc<Screens>,
    /// Knows paired screens; a replay has none.
    pub pairing: Option<Pairing>,
    /// Says how the server is.
    pub status: Arc<dyn ServerStatus>,
    /// What explains the numbers; a replay has none.
    pub annotations: Option<Annotations>,
    /// What happened at the doors.
    pub counters: Arc<Counters>,
    /// Names that this listener is asked for by (`server.hosts`), beside its addresses.
    pub hosts: Vec<String>,
    /// Who says for whom they ask.
    pub trusted: TrustedProxies,
    /// `server.public_url`: the address for phones, where the request does not know it.
    pub public_url: Option<String>,
    /// Limits of what is sent here.
    pub limits: Limits,
    /// Who is let in; everybody who reaches it without.
    pub guard: Option<Guard>,
}

/// What the admin listener's doors open to.
pub struct AdminDoors {
    /// Says how the server is.
    pub status: Arc<dyn ServerStatus>,
    /// What may be changed here.
    pub annotations: Annotations,
    /// Has the config read again.
    pub reloads: Reloads,
    /// Answers questions.
    pub hub: HubHandle,
    /// Knows which screens there are, and which boards they show.
    pub screens: Arc<Screens>,
    /// Lets screens in.
    pub pairing: Option<Pairing>,
    /// Where walls are: `server.public_url`.
    pub public_url: Option<String>,
    /// Else at this port of the same host.
    pub public_port: u16,
    /// Names that this listener is asked for by (`server.admin_hosts`), beside its addresses.
    pub hosts: Vec<String>,
    /// Limits of what is sent here.
    pub limits: Limits,
    /// What happened at the doors.
    pub counters: Arc<Counters>,
    /// Who says for whom they ask.
    pub trusted: TrustedProxies,
    /// Who is let in; everybody who reaches it without.
    pub guard: Option<Guard>,
    /// Edits boards.
    pub boards: Option<BoardDesk>,
    /// Looks into the quarantine.
    pub quarantine: Option<Arc<dyn QuarantineDesk>>,
    /// Sends reports by mail; none without `[mail]`.
    pub post: Option<Arc<Post>>,
    /// Knows which alerts hold.
    pub alerts: Option<AlertDesk>,
}

/// What those who ask may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest body (`server.body_bytes_max`).
    pub body_bytes_max: usize,
    /// Longest time for a body to arrive (`server.body_timeout`).
    pub body_timeout: Duration,
    /// Of all bodies at once (`server.bodies_bytes_max`).
    pub bodies_bytes_max: usize,
    /// Requests of one address that a proxy has under way (`server.connections_per_address_max`).
    pub per_address_max: usize,
    /// Screens of one address (`server.screens_per_address_max`).
    pub screens_per_address_max: usize,
}

/// The public listener: walls, API, webhooks, health.
pub fn public<R: WebhookReceiver>(doors: Doors<R>) -> Front {
    let Doors { receiver, hub, screens, status, annotations, counters, .. } = doors;
    let Doors { hosts, trusted, public_url, limits, guard, pairing, .. } = doors;
    let paired = pairing.as_ref().map(|pairing| Arc::clone(&pairing.paired));
    let keeper = Doorkeeper {
        trusted,
        requests: Addresses::new(limits.per_address_max),
        counters: Arc::clone(&counters),
    };
    let own = OwnHosts::new("server.hosts", hosts, &counters);
    let policy = headers::Policy::embedding(&hub.site().embed_hosts);
    let seats = Addresses::new(limits.screens_per_address_max);
    let opener = instances::Opener { hub: hub.clone(), counters: Arc::clone(&counters) };
    let reached_at = public_url.clone();
    let pages = Router::new()
        .merge(home::routes(hub.clone(), Arc::clone(&screens), home::Walls::Here))
        .merge(receipt::routes(hub.clone(), public_url.map(Arc::from)))
        .merge(wall::routes(hub.clone(), screens, paired, seats, Arc::clone(&counters)))
        .merge(pairing.map(|it| screen_page::routes(hub.clone(), it)).unwrap_or_default())
        .merge(images::routes(hub.clone()))
        .merge(limits::routes(hub.clone()))
        .merge(gauges::routes(hub.clone()))
        .merge(staffing::routes(hub.clone()))
        .merge(api::routes(hub.clone(), Arc::clone(&status), Arc::clone(&counters)))
        .merge(annotations.map(|all| annotations::public(all, hub.clone())).unwrap_or_default())
        .merge(openapi::routes())
        .merge(health::routes(status))
        .merge(assets::routes())
        .merge(instances::routes())
        .route_layer(from_fn_with_state(opener, instances::open));
    let pages = guarded(pages, guard, &hub, limits, ("", reached_at.as_deref()))
        .fallback(page::not_found)
        .method_not_allowed_fallback(page::method_not_allowed)
        .layer(from_fn_with_state(own, host::check))
        .layer(from_fn_with_state(policy, headers::secure))
        .layer(from_fn_with_state(keeper.clone(), client::tell));
    // Networks are no browsers: their answers need no protection of pages.
    let webhooks = webhook::Webhooks::new(receiver, counters, limits, keeper);
    Front::new(Arc::new(webhooks), slashes::at_the_end(pages))
}

/// The pages with how to come in, behind the gate; as they are where nobody needs to. `home` is where
/// people go who wanted nothing else, `url` by which address they reach the listener.
fn guarded(
    pages: Router,
    guard: Option<Guard>,
    hub: &HubHandle,
    limits: Limits,
    (home, url): (&'static str, Option<&str>),
) -> Router {
    let Some(guard) = guard else { return pages };
    let door = guard.oidc.clone().zip(url).map(|(oidc, url)| login::Door::new(oidc, url));
    let login = login::routes(guard.access.clone(), hub.clone(), limits.body_timeout, home, door);
    let gate = Gate::new(Some(guard), Zeroizing::default(), hub.clone());
    pages.merge(login).layer(from_fn_with_state(gate, gate::pass))
}

/// The admin listener: metrics, health and what may be changed. Keep it off the internet.
pub fn admin(doors: AdminDoors) -> Front {
    let AdminDoors { status, annotations, reloads, hub, screens, pairing, guard, .. } = doors;
    let AdminDoors { public_url: url, public_port: port, hosts, limits, counters, .. } = doors;
    let AdminDoors { trusted, quarantine, post, boards, alerts, .. } = doors;
    let reporter = reports::Reporter::new(hub.clone(), annotations.clone(), post);
    let keeper = Doorkeeper {
        trusted,
        requests: Addresses::new(limits.per_address_max),
        counters: Arc::clone(&counters),
    };
    let own = OwnHosts::new("server.admin_hosts", hosts, &counters);
    let desk = admin::Desk {
        hub: hub.clone(),
        status: Arc::clone(&status),
        screens: Arc::clone(&screens),
        annotations: annotations.clone(),
        reports: reporter.clone(),
        alerts: alerts.clone(),
        quarantine,
        guard: guard.clone(),
        body_timeout: limits.body_timeout,
    };
    let reached_at = pairing.as_ref().and_then(|pairing| pairing.admin_url.clone());
    let screen_desk = pairing.map(|pairing| admin::ScreenDesk {
        pairing,
        public_url: url.clone(),
        public_port: port,
    });
    let router = health::routes(Arc::clone(&status))
        .merge(health::metrics(status))
        .merge(home::routes(hub.clone(), Arc::clone(&screens), home::Walls::There { url, port }))
        .merge(annotations::admin(annotations, hub.clone(), limits.body_timeout))
        .merge(reload::admin(reloads))
        .merge(screens::admin(screens))
        .merge(reports::admin(reporter))
        .merge(alerts.map(|it| alerts::admin(it, limits.body_timeout)).unwrap_or_default())
        .merge(assets::admin())
        .merge(admin::routes(desk, screen_desk, boards));
    let is_guarded = guard.is_some();
    let router = match guard {
        Some(guard) => {
            let access = guard.access.clone();
            let set_up = login::set_up::routes(access, hub.clone(), limits.body_timeout);
            let home = ("admin", reached_at.as_deref());
            guarded(router.merge(set_up), Some(guard), &hub, limits, home)
        }
        None => {
            let secret = crate::access::form_secret().unwrap_or_default();
            let gate = Gate::new(None, secret, hub.clone());
            router.layer(from_fn_with_state(gate, gate::pass))
        }
    };
    let router = router
        .fallback(page::not_found)
        .method_not_allowed_fallback(page::method_not_allowed)
        .layer(from_fn_with_state(own, host::check))
        .layer(from_fn_with_state(headers::Policy::alone(), headers::secure));
    // Without logins it matters to nobody here for whom a proxy asks.
    let router = match is_guarded {
        true => router.layer(from_fn_with_state(keeper, client::tell)),
        false => router,
    };
    Front::of_pages(slashes::at_the_end(router))
}
