//! The plugin as the actor sees it: an instance that is started, stepped and sometimes lost.

use std::sync::Arc;
use std::time::Duration;

use metrics::Histogram;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::time::Instant;

use super::Settings;
use super::breaker::{Breaker, Verdict};
use crate::channel::host::{Call, CallError, Instance, Package, wit};
use crate::channel::input::Input;
use crate::channel::quarantine;
use crate::channel::status::{Count, Meter};
use crate::clock;
use crate::event::UnixMs;
use crate::telemetry::names;

/// Inputs in one call.
pub const BATCH_MAX: usize = 256;
/// Calls that are expected to take longer make room for other tasks first.
pub(super) const SLOW_CALL: Duration = Duration::from_millis(2);

pub(super) type Decoded = Result<wit::Output, wit::Failure>;

pub(super) struct Runner {
    package: Arc<Package>,
    instance: Option<Instance>,
    /// State of the instance after its last call; what the next instance starts from.
    pub(super) snapshot: Vec<u8>,
    pub(super) breaker: Breaker,
    /// Not before: back-off after a failure.
    pub(super) restart_at: Instant,
    meter: Arc<Meter>,
    call_seconds: Histogram,
    /// What one input takes of a processor, smoothed; decides how many go into a call.
    input_time: Duration,
    /// The instance has not been given an input yet.
    is_fresh: bool,
    /// The instance has got the beginning of a document and not yet its end.
    is_halfway: bool,
    /// An instance went with the beginning of a document, and the next one is there.
    lost_halfway: bool,
}

/// An instance that has started.
struct Began {
    instance: Instance,
    /// Its state after that.
    snapshot: Vec<u8>,
    memory_bytes: usize,
}

impl Runner {
    pub(super) fn new(
        package: Arc<Package>,
        snapshot: Vec<u8>,
        channel: &str,
        meter: Arc<Meter>,
    ) -> Self {
        Self {
            package,
            instance: None,
            snapshot,
            breaker: Breaker::new(),
            restart_at: Instant::now(),
            meter,
            call_seconds: names::PLUGIN_CALL.histogram(&[channel]),
            input_time: Duration::ZERO,
            is_fresh: false,
            is_halfway: false,
            lost_halfway: false,
        }
    }

    /// Whether the instance that runs lacks the beginning of a document, of which an earlier one had
    /// it. Said once.
    pub(super) fn take_lost_halfway(&mut self) -> bool {
        std::mem::take(&mut self.lost_halfway)
    }

    pub(super) fn is_up(&self) -> bool {
        self.instance.is_some()
    }

    /// A call that it does not survive is not the fault of an earlier input.
    pub(super) fn is_fresh(&self) -> bool {
        self.is_fresh
    }

    /// How many inputs fit into a call of that length at the usual pace; one when the plugin has to
    /// prove itself.
    pub(super) fn batch_max(&self, longest: Duration) -> usize {
        if self.breaker.is_probing() {
            return 1;
        }
        let per_input = self.input_time.as_nanos().max(1);
        let fitting = longest.as_nanos() / per_input;
        usize::try_from(fitting).unwrap_or(BATCH_MAX).clamp(1, BATCH_MAX)
    }

    /// Starts an instance from the last snapshot. One that the plugin cannot live with is
    /// dropped: events that are seen twice are recognised by their ids, a dead channel is worse.
    pub(super) fn start(
        &mut self,
        settings: &Settings,
        now_ms: UnixMs,
    ) -> Result<wit::Output, CallError> {
        self.instance = None;
        let result = make_room(true, || self.try_start(settings, now_ms));
        match result {
            // Who got no processor says nothing of the snapshot.
            Err(error) if !self.snapshot.is_empty() && !error.is_machines() => {
                tracing::warn!(
                    channel = settings.channel, %error,
                    "the plugin does not start from its snapshot; trying without"
                );
                self.snapshot.clear();
                make_room(true, || self.try_start(settings, now_ms))
            }
            result => result,
        }
    }

    fn try_start(&mut self, settings: &Settings, now_ms: UnixMs) -> Result<wit::Output, CallError> {
        let package = Arc::clone(&self.package);
        let (began, output) = self.begin(&package, settings, now_ms)?;
        self.go_on_with(began);
        Ok(output)
    }

    /// Starts an instance of a plugin from the last snapshot, beside the one that runs.
    fn begin(
        &self,
        package: &Package,
        settings: &Settings,
        now_ms: UnixMs,
    ) -> Result<(Began, wit::Output), CallError> {
        let mut instance = Instance::start(package, settings.call)?;
        let snapshot = (!self.snapshot.is_empty()).then_some(self.snapshot.as_slice());
        let call = instance.init(&settings.setup, snapshot, now_ms)?;
        let output = call.value.map_err(|failure| {
            let why = quarantine::fit_for_the_log(failure_text(&failure));
            CallError::Contract(format!("it does not start: {why}"))
        })?;
        let snapshot = instance.snapshot()?.value.unwrap_or_else(|| self.snapshot.clone());
        Ok((Began { instance, snapshot, memory_bytes: call.memory_bytes }, output))
    }

    fn go_on_with(&mut self, began: Began) {
        self.snapshot = began.snapshot;
        self.meter.set_memory(began.memory_bytes);
        self.instance = Some(began.instance);
        self.is_fresh = true;
        self.lost_halfway |= std::mem::take(&mut self.is_halfway);
    }

    /// Goes on with another build of the plugin, from the state of the one that runs. When it does
    /// not start from that, everything stays as it is.
    pub(super) fn succeed_with(
        &mut self,
        package: Arc<Package>,
        settings: &Settings,
        now_ms: UnixMs,
    ) -> Result<wit::Output, CallError> {
        let (began, output) = make_room(true, || self.begin(&package, settings, now_ms))?;
        self.package = package;
        self.breaker = Breaker::new();
        self.restart_at = Instant::now();
        self.input_time = Duration::ZERO;
        self.go_on_with(began);
        Ok(output)
    }

    /// One call and the state after it; none when there are no inputs. An error means that the
    /// instance is gone. Second comes how long it had a processor.
    pub(super) fn step(
        &mut self,
        now_ms: UnixMs,
        inputs: &[&Input],
        call_timeout: Duration,
    ) -> (Result<Vec<Decoded>, CallError>, Duration) {
        if inputs.is_empty() {
            return (Ok(Vec::new()), Duration::ZERO);
        }
        let Some(mut instance) = self.instance.take() else {
            let error = CallError::Contract("it is not running".into());
            return (Err(error), Duration::ZERO);
        };
        let slow = self.input_time * u32::try_from(inputs.len()).unwrap_or(u32::MAX) > SLOW_CALL;
        let began = clock::monotonic();
        instance.allow(call_timeout);
        let made = make_room(slow, || {
            let call = instance.handle(now_ms, inputs)?;
            let snapshot = instance.snapshot()?;
            Ok((call, snapshot))
        });
        let (call, snapshot) = match made {
            Ok(made) => made,
            // How long is not known: no more than has passed, and no more than it may.
            Err(error) => return (Err(error), began.elapsed().min(call_timeout)),
        };
        self.account(&call, inputs.len());
        for (input, decoded) in inputs.iter().zip(&call.value) {
            if let Input::Document(part) = input {
                self.is_halfway = decoded.is_ok() && !part.is_last;
            }
        }
        if let Some(snapshot) = snapshot.value {
            self.snapshot = snapshot;
        }
        self.instance = Some(instance);
        self.is_fresh = false;
        (Ok(call.value), call.processor + snapshot.processor)
    }

    fn account<T>(&mut self, call: &Call<T>, inputs: usize) {
        self.meter.add(Count::Calls, 1);
        self.meter.add(Count::Inputs, inputs);
        self.meter.set_memory(call.memory_bytes);
        self.call_seconds.record(call.elapsed.as_secs_f64());
        let each = call.processor / u32::try_from(inputs).unwrap_or(u32::MAX).max(1);
        self.input_time = match self.input_time {
            // The first tells more than a guess.
            Duration::ZERO => each,
            before => (before * 7 + each) / 8,
        };
    }

    /// A call was ended before the plugin's time was over: the next instance starts at once.
    pub(super) fn give_up_instance(&mut self, now: Instant) {
        self.instance = None;
        self.restart_at = now;
    }

    /// The instance is gone, and nobody is to blame yet: the next one starts at once.
    pub(super) fn drop_instance(&mut self, now: Instant) {
        self.instance = None;
        self.meter.add(Count::InstancesLost, 1);
        self.restart_at = now;
    }

    /// Counts a failure against the plugin; says whether it may go on, and when it may be started.
    pub(super) fn mark(&mut self, now: Instant) -> Verdict {
        let verdict = self.breaker.failure(now);
        match verdict {
            Verdict::Restart(after) => self.restart_at = now + after,
            Verdict::Rest => {
                self.instance = None;
                self.meter.add(Count::BreakerOpened, 1);
            }
        }
        self.meter.set_breaker(self.breaker.state());
        verdict
    }

    /// Goes back to an earlier state: the one after it could not be stored.
    pub(super) fn roll_back(&mut self, snapshot: Vec<u8>, restart_at: Instant) {
        self.instance = None;
        self.snapshot = snapshot;
        self.restart_at = restart_at;
    }
}

/// Runs a call here, or, when it may take long, where it does not hold up other tasks.
fn make_room<T>(slow: bool, call: impl FnOnce() -> T) -> T {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread if slow => tokio::task::block_in_place(call),
        _ => call(),
    }
}

/// A plugin's failure in words.
pub(super) fn failure_text(failure: &wit::Failure) -> &str {
    match failure {
        wit::Failure::BadInput(why)
        | wit::Failure::Unsupported(why)
        | wit::Failure::Config(why) => why,
        wit::Failure::Later(_) => "it cannot tell yet what this means",
    }
}
