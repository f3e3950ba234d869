//! Tablica: a wallboard and metrics server for contact centers on many networks at once.
//!
//! # The map of the house
//!
//! ```text
//!  network ─► channel ─────────► journal ─────► engine ─► board ─► screen ─► glass
//!             source → verify →  SQLite,        fold,     tiles    WebSocket
//!             plugin → privacy   group commit   KPIs        └────► telemetry ─► Prometheus
//!               └─► quarantine
//! ```
//!
//! | module | what it is for | what it may not do |
//! |---|---|---|
//! | [`event`] | the domain's vocabulary | IO, fail |
//! | [`scope`] | what a number is asked for by: whose contacts, which span, which channels | decide anything |
//! | [`channel`] | bytes of a network become events | know a KPI, give a plugin any power |
//! | [`journal`] | the durable log | interpret events |
//! | [`engine`] | the fold: contacts, windows, agents | IO, clocks, locks, JSON, fail on data |
//! | [`kpi`] | every number: definition, formula, doc and test together | read anything but the engine |
//! | [`language`] | what walls say, in each of their languages | know a tile or a figure |
//! | [`board`] | board files become tiles; the hub owns the engine; annotations | know a screen |
//! | [`screen`] | WebSockets to walls, paint acknowledgements | hold a queue for a slow screen |
//! | [`access`] | people, roles, tokens, and the log of what was done | know a request |
//! | [`http`] | doors: webhooks, walls, API, health, metrics | decide anything |
//! | [`telemetry`] | names, exporter, logs | label with a person |
//! | [`mail`] | reports by mail: when, to whom, what became of it | know a figure, read a clock |
//! | [`report`] | a day or a week from the same figures, for paper | read a clock or a file |
//! | [`config`] | TOML and environment, validated, all problems at once | be read elsewhere |
//! | [`script`] | the language of wall scripts, by which promises are tested | IO, clocks |
//! | [`simulate`] | traffic in the networks' own formats | touch an event |
//! | [`clock`] | the only reader of clocks | |
//! | `files` | opening what somebody else has put there: regular files only | |
//! | `tokens` | drawing what opens something, and how it is kept | know what it opens |
//! | `webhook_thread` | the thread on which webhooks are taken, decoded and answered | know what a webhook is |
//! | `torture` | tests of journal and engine on a simulated disk | be in the product |
//! | [`app`] | the composition root of the server | know a subcommand |
//! | [`command`] | one file for each subcommand | lend to the server |
//!
//! Dependencies point one way: `main → command → app → http, screen, channel, telemetry → board →
//! kpi → engine → scope → event`, and `channel → journal → event`. A test holds the edges.
//!
//! # One event, from the socket to the glass
//!
//! 1. Telegram posts an update to `/in/telegram`. [`http`] takes the body whole, within its
//!    limit, and hands it to the [`http::WebhookReceiver`]. From here to the journal all happens on
//!    the `webhook_thread`, unless the channel's plugin takes long.
//! 2. [`channel::registry::Registry::deliver`] finds the channel and checks the secret with
//!    [`channel::verify`]; a wrong one is 401 and goes no further. The update goes into the
//!    channel's bounded mailbox together with a promise of an answer.
//! 3. The channel's actor ([`channel::actor`]) takes what waits and calls the plugin once, in its
//!    sandbox ([`channel::host`]), under a deadline and a memory limit. What cannot be decoded
//!    is quarantined on disk before it is answered.
//! 4. A message's text tells topics, complaint, spam and sentiment, and ends there
//!    ([`channel::enrich`]). Each event loses what must not be kept ([`channel::privacy`]):
//!    identifiers become keyed hashes.
//! 5. The events go to the journal ([`journal::JournalHandle`]) with the promise. The writer
//!    thread commits what waits and only then keeps the promise: the 2xx leaves.
//! 6. Committed events reach the hub ([`board::hub`]), the one task that owns the engine.
//!    [`engine::Engine::apply`] files the fact with its contact, derives the contact's course
//!    anew and posts the difference to the books.
//! 7. At most four times a second the hub renders every board; tiles ask [`kpi::compute`], which
//!    answers with receipt and coverage. What changed is encoded once, for all screens.
//! 8. Each screen's session ([`screen`]) sends the delta, or the newest state when its screen
//!    was slow. The page paints and acknowledges; the picture's age is a metric.
//!
//! # Invariants
//!
//! - A 2xx means: on disk. After `kill -9` the state is the fold of what was acknowledged.
//! - The order, repetition and delay of events do not change the final numbers.
//! - `offered = answered + abandoned + flowed_out + waiting`, at every moment, for every queue.
//! - No number without its formula, its counts and the freshness of its channels.
//! - Every queue is bounded, every limit has a name, what it refuses is counted.
//! - No text, no identifier and no secret of anybody in logs, metrics, journal or on a wall.

pub mod access;
pub(crate) mod alert;
pub mod app;
pub mod assets;
pub mod board;
pub mod channel;
pub mod clock;
pub mod command;
pub mod config;
pub mod engine;
pub mod event;
mod files;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
pub mod http;
pub mod journal;
pub mod kpi;
pub mod language;
pub mod mail;
pub mod report;
pub mod scope;
pub mod screen;
pub mod script;
pub mod simulate;
pub mod telemetry;
mod tokens;
#[cfg(test)]
mod torture;
mod webhook_thread;
mod words;
