//! Rust types and calls generated from `plugins/wit/v1`: what crosses the sandbox's border.
//!
//! Inputs are borrowed on their way in, so that a body is copied once, into the guest's memory.
#![allow(missing_docs, reason = "generated; the documentation is in channel.wit")]

wasmtime::component::bindgen!({
    path: "plugins/wit/v1",
    world: "channel",
    ownership: Borrowing { duplicate_if_necessary: true },
});
