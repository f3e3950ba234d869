//! One wasmtime engine for all plugins, and the thread that makes its time pass.

use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use wasmtime::component::{Component, Linker};
use wasmtime::{Config, Engine, EngineWeak, Inlining};

use super::cache::{self, Cache};
use super::elsewhere::{self, Bounds, Code, ElsewhereError};
use super::limits::Limits;
use crate::clock;
use crate::config::model::Compile;
use crate::telemetry::happenings::{PluginCompiled, PluginCompiles};

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
    bounds: Bounds,
    wall_timeout: Duration,
    /// The plugin that takes a while to compile now, in words.
    compiles: Mutex<Option<String>>,
    /// Whoever has it compiles: one plugin at a time takes memory for that.
    compiling: Mutex<()>,
}

impl PluginEngine {
    /// An engine that has plugins compiled by a process of this program (`tablica`) within the bounds
    /// of `compile`, and keeps what became of them below `folder`.
    ///
    /// A folder that cannot be made safe costs start-up time, nothing else: it is reported in the log
    /// and left unused.
    pub fn new(folder: Option<&Path>, compile: &Compile) -> Result<Self, EngineError> {
        let engine =
            Engine::new(&settings()).map_err(|e| EngineError::Wasmtime(format!("{e:#}")))?;
        start_ticker(engine.weak())?;
        let kept_bytes_max = compile.kept_bytes_max as u64;
        let cache = folder.and_then(|folder| {
            Cache::open(folder, &engine, kept_bytes_max)
                .inspect_err(|error| tracing::warn!(%error, "compiled plugins are not kept"))
                .ok()
        });
        Ok(Self {
            linker: Linker::new(&engine),
            engine,
            cache,
            bounds: Bounds::from(compile),
            wall_timeout: compile.wall_timeout,
            compiles: Mutex::default(),
            compiling: Mutex::default(),
        })
    }

    /// Compiles a component, or takes it from the cache. `plugin` is for the log.
    pub(super) fn compile(&self, plugin: &str, bytes: &[u8]) -> Result<Component, ElsewhereError> {
        let kept = || self.cache.as_ref()?.find(&self.engine, bytes);
        if let Some(component) = kept() {
            return Ok(component);
        }
        let _one_at_a_time = self.compiling.lock().unwrap_or_else(PoisonError::into_inner);
        let _for_this_folder = self.cache.as_ref().and_then(Cache::lock);
        // Whoever was waited for may have compiled this one.
        if let Some(component) = kept() {
            return Ok(component);
        }
        let impossible = |error| ElsewhereError::Impossible(format!("{error:#}"));
        let slow = || {
            let compiles = PluginCompiles { plugin, bytes: bytes.len() };
            *self.compiles() = Some(compiles.sentence());
            compiles.emit();
        };
        let code = elsewhere::code(bytes, self.bounds, self.wall_timeout, slow);
        *self.compiles() = None;
        let component = match code {
            Ok(Code { bytes: code, took }) => {
                PluginCompiled { plugin, elapsed: took.elapsed, memory_bytes: took.memory_bytes }
                    .emit();
                self.keep(bytes, &code);
                // What is mapped from a file takes less memory than what came through the pipe.
                kept()
                    .map_or_else(|| cache::runnable(&self.engine, &code), Ok)
                    .map_err(impossible)?
            }
            // A test, which brings its own plugins: there is no process that could do it.
            Err(ElsewhereError::Stranger) => {
                let component = Component::from_binary(&self.engine, bytes).map_err(impossible)?;
                self.keep(bytes, &component.serialize().map_err(impossible)?);
                component
            }
            Err(error) => return Err(error),
        };
        Ok(component)
    }

    /// What takes a while to compile now, in words for whoever waits for it.
    pub fn compiles_now(&self) -> Option<String> {
        self.compiles().clone()
    }

    fn compiles(&self) -> MutexGuard<'_, Option<String>> {
        self.compiles.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, bytes: &[u8], code: &[u8]) {
        if let Some(cache) = &self.cache {
            cache.keep(bytes, code);
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
    // Which byte of the plugin each instruction comes from: nobody reads it, and it is a fifth of
    // what is compiled. The functions that a plugin dies in have their names without it.
    config.generate_address_map(false);
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
