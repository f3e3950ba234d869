//! From the engine to the glass, and the HTTP doors, over real sockets on loopback.

mod annotations;
mod answer;
mod api;
mod assets;
mod clock;
mod connections;
mod crowds;
mod glass;
mod instances;
mod languages;
mod names;
mod noise;
mod openapi;
mod origins;
mod quiet;
mod receipt_page;
mod receiver;
mod screens;
mod selectors;
mod server;
mod targets;
mod webhooks;
