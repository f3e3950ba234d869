//! One plugin on the bench: inputs in, everything it says out, with the price of each call.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;

use super::find::Found;
use crate::channel::enrich::Enricher;
use crate::channel::host::{
    Call, CallError, CallLimits, Instance, Package, PluginEngine, Setup, convert, users_cache, wit,
};
use crate::channel::input::{Document, Input, InputKind, Line, Response, Webhook};
use crate::channel::intake;
use crate::channel::link::Connect;
use crate::channel::manifest::{ANY_HOST, Manifest};
use crate::channel::same_as;
use crate::channel::source::document;
use crate::config::model::SameAs;
use crate::config::model::{Channel, Compile, Documents};
use crate::config::{self, Environment};
use crate::event::{Event, UnixMs};

/// Without a config a call may take a second: on a bench nobody waits behind it.
pub(super) fn limits() -> CallLimits {
    let usual = CallLimits::from(&Channel::new("", ""));
    CallLimits { call_timeout: Duration::from_secs(1), ..usual }
}

/// The channel that a plugin stands in for.
pub(super) struct Setting {
    /// Its name; events carry it.
    pub(super) channel: String,
    /// Its queue, for events for which the network names none.
    pub(super) queue: Option<String>,
    /// Of which other channels its contacts can be.
    pub(super) same_as: Vec<SameAs>,
    /// What the plugin is told when it starts.
    pub(super) setup: Setup,
    pub(super) limits: CallLimits,
}

impl Setting {
    /// A channel with the plugin's name, when there is no config.
    pub(super) fn without_config(manifest: &Manifest, settings_json: String) -> Self {
        let channel = manifest.name.clone();
        let only = Some(manifest.source.all()).filter(|all| all.clone().count() == 1);
        let setup = Setup {
            source: only.and_then(|mut all| all.next()),
            hosts: manifest.fetch.hosts.iter().filter(|it| *it != ANY_HOST).cloned().collect(),
            secrets: manifest.secrets.keys().cloned().collect(),
            ..Setup::bare(&channel, settings_json)
        };
        Self { channel, queue: None, same_as: Vec::new(), setup, limits: limits() }
    }
}

/// An input and where it came from.
#[derive(Clone)]
pub(super) struct Sample {
    pub(super) input: Input,
    pub(super) file: String,
    /// From 1; only where a file is read line by line.
    pub(super) line: Option<usize>,
}

impl Sample {
    /// `FILE` or `FILE:line`.
    pub(super) fn place(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.file),
            None => self.file.clone(),
        }
    }
}

/// What a plugin said to one input.
pub(super) struct Said {
    pub(super) result: Result<Output, Failed>,
    /// None when the call did not return.
    pub(super) price: Option<Price>,
}

/// What a call took.
#[derive(Clone, Copy)]
pub(super) struct Price {
    pub(super) elapsed: Duration,
    pub(super) memory_bytes: usize,
}

/// An output in the domain's words. Its events have readable ids and customers.
#[derive(Default)]
pub(super) struct Output {
    pub(super) events: Vec<Event>,
    pub(super) commands: Vec<wit::Command>,
    pub(super) reply: Option<wit::Reply>,
}

/// Why there is none.
pub(super) struct Failed {
    pub(super) class: &'static str,
    pub(super) reason: String,
}

/// What compiling may take where there is no config: a variable can say it.
pub(super) fn compile() -> anyhow::Result<Compile> {
    let mut environment = Environment::of_process();
    // Others are for a config that is not here.
    environment.settings.retain(|(key, _)| key.starts_with("server.compile"));
    let config = config::load_with(None, &environment);
    Ok(config.map_err(|problems| anyhow::anyhow!("{problems}"))?.server.compile)
}

/// Compiles a plugin.
pub(super) fn package(found: &Found, compile: &Compile) -> anyhow::Result<Arc<Package>> {
    compiled(&found.name, &found.bytes, compile)
}

/// Compiles a plugin file, or takes what became of it from the user's cache folder.
pub(super) fn compiled(
    name: &str,
    bytes: &[u8],
    compile: &Compile,
) -> anyhow::Result<Arc<Package>> {
    let engine = PluginEngine::new(users_cache().as_deref(), compile)?;
    Ok(Arc::new(Package::load(&engine, name, bytes)?))
}

pub(super) struct Workbench {
    package: Arc<Package>,
    instance: Instance,
    setting: Setting,
    snapshot: Vec<u8>,
    now_ms: UnixMs,
    /// None where only the plugin's own events matter.
    enricher: Option<Enricher>,
    /// Of the last fetch: the next response answers it.
    tag: String,
    /// The link that it asked for last.
    link: Option<Connect>,
}

impl Workbench {
    /// Starts the plugin; what its `init` says comes along.
    pub(super) fn start(
        package: Arc<Package>,
        setting: Setting,
        now_ms: UnixMs,
        enricher: Option<Enricher>,
    ) -> anyhow::Result<(Workbench, Said)> {
        let instance = Instance::start(&package, setting.limits)?;
        let mut bench = Workbench {
            package,
            instance,
            setting,
            snapshot: Vec::new(),
            now_ms,
            enricher,
            tag: String::new(),
            link: None,
        };
        let call = bench.instance.init(&bench.setting.setup, None, now_ms)?;
        bench.snapshot = bench.instance.snapshot()?.value.unwrap_or_default();
        let said = bench.said(call);
        Ok((bench, said))
    }

    /// The link that the plugin asked for last.
    pub(super) fn asked_link(&self) -> Option<&Connect> {
        self.link.as_ref()
    }

    /// What the clock says from here on.
    pub(super) fn set_now(&mut self, now_ms: UnixMs) {
        self.now_ms = now_ms;
    }

    /// The plugin ends, and another instance begins from what it has left.
    pub(super) fn restart(&mut self) -> anyhow::Result<Said> {
        self.instance = Instance::start(&self.package, self.setting.limits)?;
        let snapshot = (!self.snapshot.is_empty()).then_some(self.snapshot.as_slice());
        let call = self.instance.init(&self.setting.setup, snapshot, self.now_ms)?;
        if let Some(snapshot) = self.instance.snapshot()?.value {
            self.snapshot = snapshot;
        }
        Ok(self.said(call))
    }

    /// Hands in one input; a response without a tag answers the last fetch. After a trap the plugin
    /// goes on from its last state.
    pub(super) fn handle(&mut self, sample: &Sample) -> anyhow::Result<Said> {
        let mut input = sample.input.clone();
        if let Input::Response(http) = &mut input
            && http.tag.is_empty()
        {
            http.tag.clone_from(&self.tag);
        }
        match self.call(&input) {
            Ok(call) => Ok(self.said(call)),
            Err(error) => {
                self.restart().context("the plugin does not start again")?;
                let failed = Failed { class: error.class().name(), reason: error.to_its_author() };
                Ok(Said { result: Err(failed), price: None })
            }
        }
    }

    fn call(
        &mut self,
        input: &Input,
    ) -> Result<Call<Result<wit::Output, wit::Failure>>, CallError> {
        let call = self.instance.handle(self.now_ms, &[input])?;
        if let Some(snapshot) = self.instance.snapshot()?.value {
            self.snapshot = snapshot;
        }
        let Call { mut value, elapsed, processor, memory_bytes } = call;
        let value =
            value.pop().ok_or_else(|| CallError::Contract("it gave no result".to_owned()))?;
        Ok(Call { value, elapsed, processor, memory_bytes })
    }

    fn said(&mut self, call: Call<Result<wit::Output, wit::Failure>>) -> Said {
        let price = Price { elapsed: call.elapsed, memory_bytes: call.memory_bytes };
        let result = match call.value {
            Ok(output) => Ok(self.output(output)),
            Err(failure) => Err(failed(failure)),
        };
        Said { result, price: Some(price) }
    }

    fn output(&mut self, output: wit::Output) -> Output {
        for command in &output.commands {
            match command {
                wit::Command::Fetch(http) => self.tag.clone_from(&http.tag),
                wit::Command::Connect(connect) => self.link = Some(connect.clone().into()),
                _ => {}
            }
        }
        let Manifest { attributes, .. } = self.package.manifest();
        let Setting { channel, queue, same_as, setup, .. } = &self.setting;
        let events = output.events.into_iter().map(|mut event| {
            let text = convert::text(&mut event);
            let mut event = convert::event(channel, &setup.site.time_zone, event, self.now_ms);
            event.same_as = same_as::find(same_as, &event);
            if let Some(enricher) = &self.enricher {
                enricher.enrich(&mut event, text);
            }
            event.attrs.retain(|name, _| attributes.keep.contains(name));
            intake::fill_queue(&mut event, queue.as_deref());
            // The time of receipt is the time of this run: it says nothing of the event, and
            // without it a replay takes the event's own.
            event.received_ms = 0;
            event
        });
        Output { events: events.collect(), commands: output.commands, reply: output.reply }
    }
}

fn failed(failure: wit::Failure) -> Failed {
    let (class, reason) = match failure {
        wit::Failure::BadInput(reason) => ("bad_input", reason),
        wit::Failure::Unsupported(reason) => ("unsupported", reason),
        wit::Failure::Config(reason) => ("config", reason),
        wit::Failure::Later(after_ms) => {
            ("later", format!("it asks for this again in {after_ms} ms"))
        }
    };
    Failed { class, reason }
}

/// Reads a file as inputs: one body, a line each, or one document in parts.
pub(super) fn samples(
    path: &Path,
    kind: InputKind,
    headers: &[(String, String)],
) -> anyhow::Result<Vec<Sample>> {
    let bytes: Bytes =
        fs::read(path).with_context(|| format!("cannot read {}", path.display()))?.into();
    let file = path.display().to_string();
    let one = |input| vec![Sample { input, file: file.clone(), line: None }];
    Ok(match kind {
        InputKind::Webhook => one(Input::Webhook(Webhook {
            headers: headers.to_vec(),
            body: bytes,
            ..Webhook::default()
        })),
        InputKind::Response => one(Input::Response(Response {
            status: 200,
            headers: headers.to_vec(),
            body: bytes,
            ..Response::default()
        })),
        InputKind::Line => lines(path, &file, &bytes),
        InputKind::Document => {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let whole = Document {
                name: name.as_ref().into(),
                media_type: document::media::of(&name).into(),
                received_ms: None,
                offset: 0,
                is_last: true,
                bytes,
            };
            let parts = document::parts(&whole, Documents::default().part_bytes);
            let sample =
                |part| Sample { input: Input::Document(part), file: file.clone(), line: None };
            parts.into_iter().map(sample).collect()
        }
    })
}

pub(super) fn lines(path: &Path, file: &str, bytes: &Bytes) -> Vec<Sample> {
    let name: Arc<str> = path.file_name().unwrap_or_default().to_string_lossy().as_ref().into();
    let mut offset = 0;
    let mut samples = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let content = content.strip_suffix(b"\r").unwrap_or(content);
        samples.push(Sample {
            input: Input::Line(Line {
                file: Arc::clone(&name),
                offset,
                bytes: bytes.slice_ref(content),
            }),
            file: file.to_owned(),
            line: Some(samples.len() + 1),
        });
        offset += line.len() as u64;
    }
    samples
}
