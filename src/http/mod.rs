//! The doors: webhooks, walls, API, health and metrics, on two listeners.
//!
//! Handlers here only translate: a webhook goes to a [`WebhookReceiver`], a question to the hub,
//! a wall to `screen`. There is one error type, [`Problem`], and no state but counters. Listeners come in
//! as arguments, so that tests bring their own.

mod annotations;
mod api;
mod assets;
mod counters;
mod headers;
mod health;
mod host;
mod listen;
pub mod openapi;
mod page;
mod problem;
mod receiver;
mod staffing;
mod wall;
mod webhook;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};

use crate::board::annotations::Annotations;
use crate::board::hub::HubHandle;
use crate::screen::Screens;

pub use counters::Counters;
pub use health::ServerStatus;
pub use listen::{ConnectionLimits, bind, serve};
pub use problem::{Mistake, Problem};
pub use receiver::WebhookReceiver;

/// What the doors open to.
pub struct Doors<R> {
    /// Takes webhooks.
    pub receiver: Arc<R>,
    /// Answers questions, knows the boards.
    pub hub: HubHandle,
    /// Seats walls.
    pub screens: Arc<Screens>,
    /// Says how the server is.
    pub status: Arc<dyn ServerStatus>,
    /// What explains the numbers; a replay has none.
    pub annotations: Option<Annotations>,
    /// What happened at the doors.
    pub counters: Arc<Counters>,
    /// Limits of a webhook.
    pub limits: Limits,
}

/// What the admin listener's doors open to.
pub struct AdminDoors {
    /// Says how the server is.
    pub status: Arc<dyn ServerStatus>,
    /// What may be changed here.
    pub annotations: Annotations,
    /// Answers questions.
    pub hub: HubHandle,
    /// Names that this listener is asked for by (`server.admin_hosts`), beside its addresses.
    pub hosts: Vec<String>,
    /// Limits of what is sent here.
    pub limits: Limits,
}

/// What a webhook may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest body (`server.body_bytes_max`).
    pub body_bytes_max: usize,
    /// Longest time for a body to arrive (`server.body_timeout`).
    pub body_timeout: Duration,
}

/// The public listener: walls, API, webhooks, health.
pub fn public<R: WebhookReceiver>(doors: Doors<R>) -> Router {
    let Doors { receiver, hub, screens, status, annotations, counters, limits } = doors;
    Router::new()
        .merge(wall::routes(hub.clone(), screens))
        .merge(staffing::routes(hub.clone()))
        .merge(api::routes(hub.clone(), Arc::clone(&status)))
        .merge(annotations.map(|all| annotations::public(all, hub)).unwrap_or_default())
        .merge(openapi::routes())
        .merge(health::routes(status))
        .merge(assets::routes())
        .fallback(page::not_found)
        .method_not_allowed_fallback(page::method_not_allowed)
        .layer(from_fn(headers::secure))
        // Networks are no browsers: their answers need no protection of pages.
        .merge(webhook::routes(receiver, counters, limits))
}

/// The admin listener: metrics, health and what may be changed. Keep it off the internet.
pub fn admin(doors: AdminDoors) -> Router {
    let AdminDoors { status, annotations, hub, hosts, limits } = doors;
    let own = host::OwnHosts::from(hosts);
    health::routes(Arc::clone(&status))
        .merge(health::metrics(status))
        .merge(annotations::admin(annotations, hub, limits.body_timeout))
        .fallback(page::not_found)
        .method_not_allowed_fallback(page::method_not_allowed)
        .layer(from_fn_with_state(own, host::check))
        .layer(from_fn(headers::secure))
}
