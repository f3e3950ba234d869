//! One wasmtime engine for all plugins, and the thread that makes its time pass.

use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, EngineWeak, Inlining};

use super::cache::Cache;
use super::elsewhere;
use super::limits::Limits;
use crate::clock;

/// How often the engine's clock advances: the precision of every deadline.
pub const TICK: Duration = Duration::from_millis(10);

/// Stack of a guest. Decoders of nested JSON need little; more would only help endless recursion.
const WASM_STACK_BYTES_MAX: usize = 512 << 10;

/// Why there is no sandbox.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// wasmtime refuses the machine or our settings.
    #[error("the plugin sandbox cannot start on this machine: {0}")]
    Wasmtime(String),
    /// The thread that enforces deadlines could not be started.
    #[error("the plugin sandbox cannot start its clock thread: {0}")]
    Ticker(#[from] io::Error),
}

/// Compiles and runs plugins. Cheap to share behind an `Arc`; dropping it ends its thread.
pub struct PluginEngine {
    pub(super) engine: Engine,
    /// Empty on purpose: a plugin gets nothing from us but its inputs.
    pub(super) linker: Linker<Limits>,
    cache: Option<Cache>,
}

impl PluginEngine {
    /// An engine that keeps compiled plugins below `state_dir` and has them compiled by a process of
    /// this program (`tablica`), or keeps none and compiles them itself.
    ///
    /// A cache folder that cannot be made safe costs start-up time, nothing else: it is reported
    /// in the log and left unused.
    pub fn new(state_dir: Option<&Path>) -> Result<Self, EngineError> {
        let engine =
            Engine::new(&settings()).map_err(|e| EngineError::Wasmtime(format!("{e:#}")))?;
        start_ticker(engine.weak())?;
        let cache = state_dir.and_then(|dir| match Cache::open(dir, &engine, elsewhere::code) {
            Ok(cache) => Some(cache),
            Err(error) => {
                tracing::warn!(%error, "compiled plugins are not kept");
                None
            }
        });
        Ok(Self { linker: Linker::new(&engine), engine, cache })
    }

    /// Compiles a component, or takes it from the cache.
    pub(super) fn compile(&self, bytes: &[u8]) -> wasmtime::Result<Component> {
        match &self.cache {
            Some(cache) => cache.component(&self.engine, bytes),
            None => Component::from_binary(&self.engine, bytes),
        }
    }
}

pub(super) fn settings() -> Config {
    let mut config = Config::new();
    config.wasm_component_model(true);
    // Without it a call costs a quarter; our calls are plain and synchronous.
    config.concurrency_support(false);
    // Cheaper than fuel: one load and compare per loop turn.
    config.epoch_interruption(true);
    // It gains nothing in a call, and for a plugin that brings a language's runtime it takes
    // gigabytes of memory and twice the time to compile.
    config.compiler_inlining(Inlining::No);
    // What a plugin says as it dies is found in its memory.
    config.coredump_on_trap(true);
    // Images to map from are files in memory, which a limit of file sizes (`ulimit -f`) refuses: no
    // plugin would start. An instance lives for long, so copying its data once costs nothing.
    config.memory_init_cow(false);
    config.max_wasm_stack(WASM_STACK_BYTES_MAX);
    config
}

/// Advances the engine's epoch for as long as the engine lives.
fn start_ticker(engine: EngineWeak) -> io::Result<()> {
    thread::Builder::new().name("plugin-clock".into()).spawn(move || {
        loop {
            clock::pause(TICK);
            match engine.upgrade() {
                Some(engine) => engine.increment_epoch(),
                None => break,
            }
        }
    })?;
    Ok(())
}
