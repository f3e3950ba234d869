//! From the engine to the glass, and the HTTP doors, over real sockets on loopback.

mod annotations;
mod answer;
mod api;
mod connections;
mod openapi;
mod screens;
mod server;
mod webhooks;
