//! `tablica plugin dev`: whatever is saved is built, tested, put where the server looks for it, and
//! taken up by the server while it runs. What does not build or pass its tests leaves the one before.

mod outside;
mod place;
mod server;
mod watch;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch::Receiver;

use self::outside::Outside;
use self::place::Place;
use self::server::Admin;
use self::watch::{LOOK_EVERY, Saved};
use super::build;
use super::find::{self, Shipped};
use super::test;
use crate::clock;
use crate::command::told;

pub(super) const EXAMPLES: &str = "\
Examples:
  tablica serve --config tablica.toml          # in one window; its server.plugin_dirs names a folder
  tablica plugin dev bell --config tablica.toml    # in another
  tablica plugin dev bell --to /etc/tablica/plugins --server http://127.0.0.1:9464
  tablica plugin dev bell                      # builds and tests only";

/// The arguments of `tablica plugin dev`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The plugin's folder
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The config of the server that takes the plugin up: it says where plugin files lie
    /// (server.plugin_dirs) and where the server is told (server.admin_listen)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The admin listener of the server, instead of the config's: http://HOST:PORT
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// Where the plugin file goes, instead of the config's folder: a folder, or a file
    #[arg(long, value_name = "PATH")]
    to: Option<PathBuf>,
    /// Build quickly instead of well (Rust)
    #[arg(long)]
    debug: bool,
}

/// Works until it is told to stop, by Ctrl-C.
pub(super) fn run(
    arguments: &Arguments,
    shipped: &Shipped<'_>,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    // What can never go well is said at once.
    find::manifest(&arguments.folder)?;
    let runtime = crate::command::runtime()?;
    let (tell, mut stop) = tokio::sync::watch::channel(false);
    runtime.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            tell.send_replace(true);
        }
    });
    let mut say = Say { out };
    let mut seen = None;
    runtime.block_on(async {
        say.line(&watching(&arguments.folder))?;
        while let Some(saved) = next(&arguments.folder, seen.as_ref(), &mut stop).await {
            if let Some(file) = seen.as_ref().and_then(|before| saved.other_than(before)) {
                say.line(&format!("{} was saved", file.display()))?;
            }
            seen = Some(saved);
            if let Err(error) = round(arguments, shipped, &mut say, &stop).await {
                let stopped = *stop.borrow();
                if !stopped {
                    say.lines("FAILED", &told(&error))?;
                    say.line("nothing was replaced; save to try again")?;
                }
            }
        }
        say.line("ended")?;
        Ok(ExitCode::SUCCESS)
    })
}

fn watching(folder: &Path) -> String {
    let outside = Outside::of(folder);
    let places = outside.folders.iter().chain(&outside.files);
    let places: String = places.map(|it| format!(", {}", it.display())).collect();
    format!("watching {}{places}; Ctrl-C ends", folder.display())
}

/// What is saved, once it is other than before and nobody saves any more; none when it is to end.
async fn next(folder: &Path, before: Option<&Saved>, stop: &mut Receiver<bool>) -> Option<Saved> {
    let mut last = None;
    let mut outside = Outside::of(folder);
    loop {
        if *stop.borrow() {
            return None;
        }
        let now = Saved::now(folder, &outside);
        if before != Some(&now) && (before.is_none() || last.as_ref() == Some(&now)) {
            return Some(now);
        }
        if last.as_ref() != Some(&now) {
            // It may be built of other things now.
            outside = Outside::of(folder);
        }
        last = Some(now);
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Builds, tests, puts and reloads.
async fn round(
    arguments: &Arguments,
    shipped: &Shipped<'_>,
    say: &mut Say<'_, impl Write>,
    stop: &Receiver<bool>,
) -> anyhow::Result<()> {
    let Arguments { folder, config, server, to, debug } = arguments;
    let name = find::manifest(folder)?.name;
    let place = Place::find(folder, &name, config.as_deref(), to.as_deref())?;
    let admin = Admin::of(server.as_deref(), place.config.as_ref())?;
    let begun = clock::monotonic();
    let packed = build::packed(folder, *debug)?;
    let took = begun.elapsed().as_secs_f64();
    say.line(&format!("built {name} {}, {took:.1} s", packed.manifest.version))?;

    let draft = place.draft(&packed)?;
    let mut said = Vec::new();
    let went = test::run(&draft.subject(folder), shipped, &mut said)?;
    let said = String::from_utf8_lossy(&said);
    if went != ExitCode::SUCCESS {
        anyhow::bail!("its samples are not as expected\n{}", said.trim_end());
    }
    say.line(said.trim_end().lines().last().unwrap_or("no samples"))?;
    if *stop.borrow() {
        return Ok(());
    }
    let file = draft.put()?;
    say.line(&format!("put to {}", file.display()))?;
    let Some(admin) = admin else { return Ok(()) };
    match admin.reload(&name, place.config.as_ref(), &file).await {
        Ok(done) => say.line(&done)?,
        Err(error) => say.lines("NOT TAKEN UP", &told(&error))?,
    }
    Ok(())
}

/// What is printed, each with its time.
struct Say<'a, W> {
    out: &'a mut W,
}

impl<W: Write> Say<'_, W> {
    fn line(&mut self, text: &str) -> anyhow::Result<()> {
        let time = Timestamp::from_millisecond(clock::now_ms()).unwrap_or_default();
        let time = time.to_zoned(TimeZone::system()).strftime("%H:%M:%S").to_string();
        writeln!(self.out, "{time} {text}")?;
        Ok(self.out.flush()?)
    }

    /// The first line with its time, the others below it.
    fn lines(&mut self, what: &str, text: &str) -> anyhow::Result<()> {
        self.line(&format!("{what}: {}", text.replace('\n', "\n         ")))
    }
}
