//! One running plugin. Calls are metered: how long, how much memory.

use std::time::Duration;

use wasmtime::{Engine, Store};

use super::bindings::Channel;
use super::engine::TICK;
use super::error::CallError;
use super::limits::{EVENTS_PER_CALL_MAX, Limits, OUTPUT_BYTES_MAX, SNAPSHOT_BYTES_MAX};
use super::package::Package;
use super::wit;
use crate::channel::input::{Input, Method};
use crate::clock;
use crate::event::UnixMs;

/// What one instance may take.
#[derive(Clone, Copy, Debug)]
pub struct CallLimits {
    /// Longest single call.
    pub call_timeout: Duration,
    /// Linear memory.
    pub memory_bytes_max: usize,
}

/// A call's answer and its price.
#[derive(Debug)]
pub struct Call<T> {
    /// What the plugin answered.
    pub value: T,
    /// How long it took, by the wall clock.
    pub elapsed: Duration,
    /// Linear memory that the instance held at most so far.
    pub memory_bytes: usize,
}

/// A plugin's answer to one input, or to `init`.
pub(super) type Decoded = Result<wit::Output, wit::Failure>;

/// A started plugin. After a [`CallError`] it is broken: drop it and start another.
pub struct Instance {
    store: Store<Limits>,
    exports: Channel,
    call_timeout: Duration,
    deadline_ticks: u64,
}

impl Instance {
    /// Makes an instance; its `init` is not yet called.
    pub fn start(package: &Package, limits: CallLimits) -> Result<Instance, CallError> {
        let engine: &Engine = package.pre.engine();
        let mut store = Store::new(engine, Limits::new(limits.memory_bytes_max));
        store.limiter(|limits| limits);
        store.set_hostcall_fuel(OUTPUT_BYTES_MAX);
        // Start functions run guest code, too.
        let deadline_ticks = ticks(limits.call_timeout);
        store.set_epoch_deadline(deadline_ticks);
        let exports = package.pre.instantiate(&mut store).map_err(|error| {
            if store.data().refused() {
                // The module's own minimum is too much: no trap tells.
                return CallError::OutOfMemory { limit: limits.memory_bytes_max };
            }
            CallError::from_wasmtime(&error, store.data(), limits.call_timeout)
        })?;
        Ok(Instance { store, exports, call_timeout: limits.call_timeout, deadline_ticks })
    }

    /// Who the plugin says it is.
    pub fn describe(&mut self) -> Result<Call<wit::Info>, CallError> {
        self.call(|exports, store| exports.tablica_channel_plugin().call_describe(store))
    }

    /// Starts the plugin with the operator's settings (JSON) and its last snapshot.
    pub fn init(
        &mut self,
        settings: &str,
        snapshot: Option<&[u8]>,
        now_ms: UnixMs,
    ) -> Result<Call<Decoded>, CallError> {
        let now = now_ms.max(0) as u64;
        let call = self.call(|exports, store| {
            exports.tablica_channel_plugin().call_init(store, settings, snapshot, now)
        })?;
        check_events(call.value.iter())?;
        Ok(call)
    }

    /// Decodes a batch: one answer for each input, in order.
    pub fn handle(
        &mut self,
        now_ms: UnixMs,
        inputs: &[&Input],
    ) -> Result<Call<Vec<Decoded>>, CallError> {
        let now = now_ms.max(0) as u64;
        let headers: Vec<Vec<wit::PairParam<'_>>> =
            inputs.iter().map(|input| lower_headers(input)).collect();
        let lowered: Vec<wit::Input<'_>> =
            inputs.iter().zip(&headers).map(|(input, headers)| lower(input, headers)).collect();
        let call = self.call(|exports, store| {
            exports.tablica_channel_plugin().call_handle(store, now, &lowered)
        })?;
        if call.value.len() != inputs.len() {
            return Err(CallError::Contract(format!(
                "it gave {} results for {} inputs",
                call.value.len(),
                inputs.len()
            )));
        }
        check_events(call.value.iter().flatten())?;
        Ok(call)
    }

    /// The state to start from next time; empty when there is none.
    pub fn snapshot(&mut self) -> Result<Call<Vec<u8>>, CallError> {
        let call =
            self.call(|exports, store| exports.tablica_channel_plugin().call_snapshot(store))?;
        if call.value.len() > SNAPSHOT_BYTES_MAX {
            let what = "bytes of snapshot";
            return Err(CallError::OutputTooLarge { what, max: SNAPSHOT_BYTES_MAX });
        }
        Ok(call)
    }

    fn call<T>(
        &mut self,
        run: impl FnOnce(&Channel, &mut Store<Limits>) -> wasmtime::Result<T>,
    ) -> Result<Call<T>, CallError> {
        self.store.set_epoch_deadline(self.deadline_ticks);
        let started = clock::monotonic();
        let result = run(&self.exports, &mut self.store);
        let elapsed = started.elapsed();
        let limits = self.store.data();
        match result {
            Ok(value) => Ok(Call { value, elapsed, memory_bytes: limits.memory_bytes() }),
            Err(error) => Err(CallError::from_wasmtime(&error, limits, self.call_timeout)),
        }
    }
}

/// The epoch may be about to turn: one more, so that nobody gets less time than promised.
fn ticks(timeout: Duration) -> u64 {
    let ticks = timeout.as_nanos().div_ceil(TICK.as_nanos());
    u64::try_from(ticks).unwrap_or(u64::MAX / 2) + 1
}

fn check_events<'a>(outputs: impl Iterator<Item = &'a wit::Output>) -> Result<(), CallError> {
    let events: usize = outputs.map(|output| output.events.len()).sum();
    if events > EVENTS_PER_CALL_MAX {
        return Err(CallError::OutputTooLarge { what: "events", max: EVENTS_PER_CALL_MAX });
    }
    Ok(())
}

fn lower_headers(input: &Input) -> Vec<wit::PairParam<'_>> {
    let headers = match input {
        Input::Webhook(webhook) => &webhook.headers,
        Input::Response(response) => &response.headers,
        _ => return Vec::new(),
    };
    headers.iter().map(|(name, value)| wit::PairParam { name, value }).collect()
}

fn lower<'a>(input: &'a Input, headers: &'a [wit::PairParam<'a>]) -> wit::Input<'a> {
    match input {
        Input::Webhook(webhook) => wit::Input::Webhook(wit::Webhook {
            method: method(webhook.method),
            query: webhook.query.as_deref(),
            headers,
            body: &webhook.body,
        }),
        Input::Response(response) => wit::Input::Response(wit::Response {
            status: response.status,
            headers,
            body: &response.body,
            tag: &response.tag,
        }),
        Input::Text(text) => wit::Input::Text(text),
        Input::Binary(bytes) => wit::Input::Binary(bytes),
        Input::Line(line) => wit::Input::Line(wit::Line {
            file: &line.file,
            offset: line.offset,
            bytes: &line.bytes,
        }),
        Input::Connected => wit::Input::Connected,
        Input::Disconnected(why) => wit::Input::Disconnected(why),
        Input::Timer(tag) => wit::Input::Timer(tag),
    }
}

fn method(method: Method) -> wit::Method {
    match method {
        Method::Get => wit::Method::Get,
        Method::Head => wit::Method::Head,
        Method::Post => wit::Method::Post,
        Method::Put => wit::Method::Put,
        Method::Patch => wit::Method::Patch,
        Method::Delete => wit::Method::Delete,
    }
}
