//! One running plugin. Calls are metered: how long, how much memory.

use std::time::Duration;

use wasmtime::{Engine, Store};

use super::bindings::Channel;
use super::deadline::Began;
use super::error::CallError;
use super::limits::{CallLimits, HANDLES_MAX, Limits};
use super::package::Package;
use super::setup::Setup;
use super::wit;
use crate::channel::input::{FrameContent, Input, Method};
use crate::event::UnixMs;

/// A call's answer and its price.
#[derive(Debug)]
pub struct Call<T> {
    /// What the plugin answered.
    pub value: T,
    /// How long it took, by the wall clock.
    pub elapsed: Duration,
    /// How long it had a processor.
    pub processor: Duration,
    /// Linear memory that the instance held at most so far.
    pub memory_bytes: usize,
}

/// A plugin's answer to one input, or to `init`.
pub(super) type Decoded = Result<wit::Output, wit::Failure>;

/// A started plugin. After a [`CallError`] it is broken: drop it and start another.
pub struct Instance {
    store: Store<Limits>,
    exports: Channel,
    limits: CallLimits,
}

impl Instance {
    /// Makes an instance; its `init` is not yet called.
    pub fn start(package: &Package, limits: CallLimits) -> Result<Instance, CallError> {
        let engine: &Engine = package.pre.engine();
        let mut store = Store::new(engine, Limits::new(&limits));
        store.limiter(|limits| limits);
        store.set_hostcall_fuel(limits.output_bytes_max);
        store.set_max_component_handles(HANDLES_MAX);
        store.epoch_deadline_callback(|mut store| Ok(store.data_mut().deadline.look()));
        // Start functions run guest code, too.
        begin(&mut store);
        let exports = package.pre.instantiate(&mut store).map_err(|error| {
            if store.data().refused() {
                // The module's own minimum is too much: no trap tells.
                return CallError::OutOfMemory { limit: limits.memory_bytes_max };
            }
            CallError::from_wasmtime(&error, &store, &limits)
        })?;
        Ok(Instance { store, exports, limits })
    }

    /// Calls may take so long from now on, of the processor's time.
    pub fn allow(&mut self, call_timeout: Duration) {
        self.limits.call_timeout = call_timeout;
        self.store.data_mut().deadline.allow(call_timeout);
    }

    /// Who the plugin says it is.
    pub fn describe(&mut self) -> Result<Call<wit::Info>, CallError> {
        self.call(|exports, store| exports.tablica_channel_plugin().call_describe(store))
    }

    /// Starts the plugin, from its last snapshot where there is one.
    pub fn init(
        &mut self,
        setup: &Setup,
        snapshot: Option<&[u8]>,
        now_ms: UnixMs,
    ) -> Result<Call<Decoded>, CallError> {
        let call = self.call(|exports, store| {
            setup.lowered(snapshot, now_ms, |setup| {
                exports.tablica_channel_plugin().call_init(store, setup)
            })
        })?;
        self.check_events(call.value.iter())?;
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
        self.check_events(call.value.iter().flatten())?;
        Ok(call)
    }

    /// The state to start from next time, empty when there is none; `None` when it is what it was
    /// when last asked, and before that what it started from.
    pub fn snapshot(&mut self) -> Result<Call<Option<Vec<u8>>>, CallError> {
        let call =
            self.call(|exports, store| exports.tablica_channel_plugin().call_snapshot(store))?;
        let max = self.limits.snapshot_bytes_max;
        if call.value.as_ref().map_or(0, Vec::len) > max {
            let (what, key) = ("bytes of snapshot", "snapshot_bytes_max");
            return Err(CallError::OutputTooLarge { what, max, key });
        }
        Ok(call)
    }

    fn call<T>(
        &mut self,
        run: impl FnOnce(&Channel, &mut Store<Limits>) -> wasmtime::Result<T>,
    ) -> Result<Call<T>, CallError> {
        let began = begin(&mut self.store);
        let result = run(&self.exports, &mut self.store);
        let (processor, elapsed) = began.took();
        match result {
            Ok(value) => {
                let memory_bytes = self.store.data().memory_bytes();
                Ok(Call { value, elapsed, processor, memory_bytes })
            }
            Err(error) => Err(CallError::from_wasmtime(&error, &self.store, &self.limits)),
        }
    }

    fn check_events<'a>(
        &self,
        outputs: impl Iterator<Item = &'a wit::Output>,
    ) -> Result<(), CallError> {
        let max = self.limits.events_max;
        let events: usize = outputs.map(|output| output.events.len()).sum();
        if events > max {
            return Err(CallError::OutputTooLarge { what: "events", max, key: "call_events_max" });
        }
        Ok(())
    }
}

/// Sets the deadline of a call that begins now.
fn begin(store: &mut Store<Limits>) -> Began {
    let ticks = store.data_mut().deadline.begin();
    store.set_epoch_deadline(ticks);
    store.data().deadline.began()
}

fn lower_headers(input: &Input) -> Vec<wit::PairParam<'_>> {
    let headers = match input {
        Input::Webhook(webhook) => &webhook.headers,
        Input::Response(response) => &response.headers,
        Input::Connected(link) => &link.headers,
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
        Input::Line(line) => wit::Input::Line(wit::Line {
            file: &line.file,
            offset: line.offset,
            bytes: &line.bytes,
        }),
        Input::Frame(frame) => wit::Input::Frame(wit::Frame {
            link: &frame.link,
            content: match &frame.content {
                FrameContent::Text(text) => wit::Content::Text(text),
                FrameContent::Bytes(bytes) => wit::Content::Bytes(bytes),
            },
        }),
        Input::Document(part) => wit::Input::Document(wit::Document {
            name: &part.name,
            media_type: &part.media_type,
            at: match part.received_ms {
                Some(ms) => wit::MomentParam::Utc(ms.max(0) as u64),
                None => wit::MomentParam::None,
            },
            offset: part.offset,
            is_last: part.is_last,
            bytes: &part.bytes,
        }),
        Input::Connected(link) => wit::Input::Connected(wit::LinkUp {
            link: &link.link,
            protocol: link.protocol.as_deref(),
            headers,
        }),
        Input::Disconnected(link) => wit::Input::Disconnected(wit::LinkDown {
            link: &link.link,
            code: link.code,
            reason: &link.reason,
        }),
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
        Method::Options => wit::Method::Options,
    }
}
