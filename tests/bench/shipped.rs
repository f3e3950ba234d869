//! What the sandbox costs each plugin that ships: its typical input in WebAssembly and natively. The
//! examples in other languages too, against the plugin in Rust of the same network.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, anyhow, ensure};
use tablica::channel::host::{CallLimits, Instance, Package, PluginEngine, Setup};
use tablica::channel::input::{
    Document, Frame, FrameContent, Input, Line, LinkDown, LinkUp, Response, Webhook,
};
use tablica::channel::manifest::SourceKind;
use tablica::config::model;
use tablica_shipped::samples::{Known, folder};
use tablica_shipped::telling::{Telling, telling};
use tablica_shipped::{ALL, Native, Plugin};

use crate::table::{Row, median};

const INPUTS_PER_ROUND: usize = 4_000;
/// Inputs in one call: as a busy mailbox holds them.
const BATCH: usize = 16;
const TIMES_NATIVE_MAX: f64 = 2.0;
const MICROS_MAX: f64 = 5.0;

/// A row for each plugin, one for the slowest of them, and one for each example.
pub(crate) fn against_native(rounds: usize) -> anyhow::Result<Vec<Row>> {
    let engine = PluginEngine::new(None, &model::Compile::default())?;
    let mut rows = Vec::new();
    let mut slow = Vec::new();
    for plugin in ALL {
        eprintln!("  {} …", plugin.name);
        let bytes = tablica::assets::plugin(plugin.name).context("plugins are not built")?;
        let package = Package::load(&engine, plugin.name, bytes)?;
        let measured =
            Measured::of(plugin, &package, rounds).with_context(|| plugin.name.to_owned())?;
        slow.push((measured.alone_us, plugin.name));
        rows.push(measured.row(format!("decode {}", plugin.name), Some(TIMES_NATIVE_MAX)));
    }
    slow.sort_by(|one, other| other.0.total_cmp(&one.0));
    let above = slow.iter().filter(|(us, _)| *us > MICROS_MAX).count();
    let named: Vec<_> =
        slow.iter().take(above.max(3)).map(|(us, name)| format!("{name} {us:.1}")).collect();
    let slowest = slow.first().map_or(f64::NAN, |(us, _)| *us);
    rows.push(Row {
        what: String::from("decode, the slowest plugin that ships"),
        ours: format!("{} µs", named.join(", ")),
        against: format!("{above} of {} above {MICROS_MAX} µs", slow.len()),
        figure: slowest,
        figure_text: format!("{slowest:.1} µs"),
        limit: Some(MICROS_MAX),
    });
    for (language, variable) in
        [("js", "TABLICA_NODE_MODULES"), ("python", "TABLICA_COMPONENTIZE_PY")]
    {
        rows.push(example(&engine, language, variable, rounds)?);
    }
    Ok(rows)
}

struct Measured {
    /// In the sandbox, one input in a call.
    alone_us: f64,
    /// In the sandbox, [`BATCH`] in a call.
    batch_us: f64,
    native_us: f64,
    /// Of the same rounds.
    ratio: f64,
    telling: Telling,
}

impl Measured {
    fn of(plugin: &Plugin, package: &Package, rounds: usize) -> anyhow::Result<Self> {
        let known = Known::read(plugin.name).map_err(|why| anyhow!(why))?;
        let telling = telling(plugin, &known).context("no sample tells anything")?;
        let mut native = natively(plugin, &telling)?;
        let (mut alone, mut batch) = (guest(package, &telling)?, guest(package, &telling)?);
        let input = host(&telling.input)?;
        let mut all = [Vec::new(), Vec::new(), Vec::new()];
        for round in 0..=rounds {
            let took = [
                in_sandbox(&mut alone, &telling, &input, 1)?,
                in_sandbox(&mut batch, &telling, &input, BATCH)?,
                native_round(native.as_mut(), &telling)?,
            ];
            if round > 0 {
                all.iter_mut().zip(took).for_each(|(all, took)| all.push(took));
            }
        }
        let ratio =
            median(all[0].iter().zip(&all[2]).map(|(ours, theirs)| ours / theirs).collect());
        let [alone_us, batch_us, native_us] = all.map(median);
        Ok(Self { alone_us, batch_us, native_us, ratio, telling })
    }

    fn row(&self, what: String, limit: Option<f64>) -> Row {
        let Self { alone_us, batch_us, native_us, ratio, telling } = self;
        let bytes = tablica_shipped::attack::body(&telling.input).map_or(0, <[u8]>::len);
        let known = if telling.again { "" } else { ", known already" };
        Row {
            what: format!("{what}: {bytes} bytes{known}"),
            ours: format!("{alone_us:.2} µs in the sandbox, {batch_us:.2} of {BATCH} in a call"),
            against: format!("native {native_us:.2} µs"),
            figure: *ratio,
            figure_text: format!("{ratio:.2}×"),
            limit,
        }
    }
}

fn natively(plugin: &Plugin, telling: &Telling) -> anyhow::Result<Box<dyn Native>> {
    let failed = |failure| anyhow!("natively: {failure:?}");
    let (mut native, _) = plugin.start(&telling.setup).map_err(failed)?;
    for (now_ms, input) in &telling.before {
        // Some samples hold what is refused.
        drop(native.handle(*now_ms, input.clone()));
    }
    Ok(native)
}

fn guest(package: &Package, telling: &Telling) -> anyhow::Result<Instance> {
    let limits = CallLimits::from(&model::Channel::new("bench", "bench"));
    let given = &telling.setup;
    let setup = Setup {
        source: SourceKind::ALL.into_iter().find(|kind| kind.word() == given.source),
        webhook_url: given.webhook_url.clone(),
        hosts: given.hosts.clone(),
        secrets: given.secrets.clone(),
        ..Setup::bare("bench", given.settings.clone())
    };
    let mut guest = Instance::start(package, limits)?;
    let started = guest.init(&setup, None, given.now_ms as i64)?.value;
    started.map_err(|failure| anyhow!("init: {failure:?}"))?;
    for (now_ms, input) in &telling.before {
        drop(guest.handle(*now_ms as i64, &[&host(input)?])?);
    }
    Ok(guest)
}

fn in_sandbox(
    guest: &mut Instance,
    telling: &Telling,
    input: &Input,
    batch: usize,
) -> anyhow::Result<f64> {
    let inputs = vec![input; batch];
    let started = Instant::now();
    for _ in 0..INPUTS_PER_ROUND / batch {
        for output in black_box(guest.handle(telling.now_ms as i64, &inputs)?.value) {
            let output = output.map_err(|failure| anyhow!("{failure:?}"))?;
            ensure!(!telling.again || !output.events.is_empty(), "an event is expected");
        }
    }
    Ok(micros_each(started, INPUTS_PER_ROUND / batch * batch))
}

/// The copy of the input is in it, as the host's copying is on the other side.
fn native_round(native: &mut dyn Native, telling: &Telling) -> anyhow::Result<f64> {
    let started = Instant::now();
    for _ in 0..INPUTS_PER_ROUND {
        let output = black_box(native.handle(telling.now_ms, telling.input.clone()));
        let output = output.map_err(|failure| anyhow!("{failure:?}"))?;
        ensure!(!telling.again || !output.events.is_empty(), "an event is expected");
    }
    Ok(micros_each(started, INPUTS_PER_ROUND))
}

fn micros_each(started: Instant, inputs: usize) -> f64 {
    started.elapsed().as_secs_f64() * 1e6 / inputs as f64
}

/// The same input in the host's words.
fn host(input: &tablica_plugin::Input) -> anyhow::Result<Input> {
    use tablica_plugin as sdk;
    let pairs = |pairs: &[sdk::Pair]| {
        pairs.iter().map(|it| (it.name.clone(), it.value.clone())).collect::<Vec<_>>()
    };
    Ok(match input.clone() {
        sdk::Input::Webhook(it) => Input::Webhook(Webhook {
            method: format!("{:?}", it.method)
                .trim_start_matches("Method::")
                .to_uppercase()
                .parse()?,
            query: it.query,
            headers: pairs(&it.headers),
            body: it.body.into(),
        }),
        sdk::Input::Response(it) => Input::Response(Response {
            status: it.status,
            headers: pairs(&it.headers),
            body: it.body.into(),
            tag: it.tag,
        }),
        sdk::Input::Line(it) => {
            Input::Line(Line { file: it.file.into(), offset: it.offset, bytes: it.bytes.into() })
        }
        sdk::Input::Frame(it) => Input::Frame(Frame {
            link: it.link.into(),
            content: match it.content {
                sdk::Content::Text(text) => FrameContent::Text(text),
                sdk::Content::Bytes(bytes) => FrameContent::Bytes(bytes.into()),
            },
        }),
        sdk::Input::Document(it) => Input::Document(Document {
            name: it.name.into(),
            media_type: it.media_type.into(),
            received_ms: None,
            offset: it.offset,
            is_last: it.is_last,
            bytes: it.bytes.into(),
        }),
        sdk::Input::Connected(it) => Input::Connected(LinkUp {
            link: it.link.into(),
            protocol: it.protocol,
            headers: pairs(&it.headers),
        }),
        sdk::Input::Disconnected(it) => {
            Input::Disconnected(LinkDown { link: it.link.into(), code: it.code, reason: it.reason })
        }
        sdk::Input::Timer(tag) => Input::Timer(tag),
        sdk::Input::Other((name, _)) => anyhow::bail!("an input of a newer host: {name}"),
    })
}

/// An example in another language, where `cargo xtask bench` has found its tools.
fn example(
    engine: &PluginEngine,
    language: &str,
    variable: &str,
    rounds: usize,
) -> anyhow::Result<Row> {
    let not_measured = |why: &str| Row {
        what: format!("decode, the example in {language}"),
        ours: String::from("not measured"),
        against: why.to_owned(),
        figure: f64::NAN,
        figure_text: String::from("—"),
        limit: None,
    };
    let Some(tools) = std::env::var_os(variable).map(PathBuf::from) else {
        return Ok(not_measured("its tools are not installed"));
    };
    eprintln!("  the example in {language} …");
    let from = folder("examples").join(language);
    let work = tempfile::tempdir()?;
    let copy = work.path().join("example");
    let copied = Command::new("cp").arg("-rL").arg(&from).arg(&copy).status()?;
    ensure!(copied.success(), "cannot copy {}", from.display());
    let (tools, link): (&Path, _) = match language {
        "js" => (&tools, "node_modules"),
        _ => (tools.parent().context("tools without a folder")?, ".venv"),
    };
    std::os::unix::fs::symlink(tools, copy.join(link))?;
    let file = work.path().join("example.wasm");
    let mut build = Command::new(env!("CARGO_BIN_EXE_tablica"));
    build.args(["plugin", "build"]).arg(&copy).arg("--output").arg(&file);
    let built = build.output()?;
    if !built.status.success() {
        return Ok(not_measured("it could not be built"));
    }
    let bytes = std::fs::read(&file)?;
    let package = Package::load(engine, language, &bytes)?;
    let network = package.manifest().name.clone();
    let plugin = tablica_shipped::find(&network).context("no plugin of that network ships")?;
    let measured = Measured::of(plugin, &package, rounds)?;
    Ok(measured.row(format!("decode, the example in {language} ({network})"), None))
}
