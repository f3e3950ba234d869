//! From the engine to the glass, and the HTTP doors, over real sockets on loopback.

mod annotations;
mod answer;
mod api;
mod clock;
mod connections;
mod crowds;
mod noise;
mod openapi;
mod origins;
mod receipt_page;
mod receiver;
mod screens;
mod selectors;
mod server;
mod webhooks;
