//! Reports that are made by themselves: whenever one of the last whole day or week is missing in
//! the folder, it is made. So a server that was down over midnight makes it up, and one that
//! restarts makes none twice. What was made while contacts of the day were still open is provisional,
//! and is made again once nothing can change it.

use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;

use crate::board::annotations::Annotations;
use crate::board::hub::HubHandle;
use crate::clock;
use crate::config::model::Reports;
use crate::event::{Millis, UnixMs};
use crate::files::{self, FILE_RIGHTS};
use crate::report::{self, Format, Kind, Report, Span};

/// How often the folder is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// What reports are made of.
pub(super) struct Maker {
    pub(super) hub: HubHandle,
    pub(super) annotations: Annotations,
}

/// Makes reports until it is aborted; does nothing without a folder.
pub(super) async fn make(settings: Reports, maker: Maker) {
    let Some(dir) = settings.dir else { return };
    let after_ms = Millis::try_from(settings.after.as_millis()).unwrap_or(Millis::MAX);
    let mut due = tokio::time::interval(LOOK_EVERY);
    loop {
        due.tick().await;
        for kind in [Kind::Daily, Kind::Weekly] {
            if let Err(error) = maker.make_missing(kind, after_ms, &dir).await {
                tracing::warn!(kind = kind.word(), error = format!("{error:#}"), "no report");
            }
        }
    }
}

impl Maker {
    async fn make_missing(&self, kind: Kind, after_ms: Millis, dir: &Path) -> anyhow::Result<()> {
        let now_ms = clock::now_ms().saturating_sub(after_ms);
        let (site, annotations) = (self.hub.site(), self.annotations.all());
        let folder = dir.to_owned();
        // Whether it is there is asked within the question: only the engine knows the day.
        let report = self.hub.ask(move |engine, _| {
            let last = Span::last_whole(kind, now_ms, engine.rules())?;
            let made_ms = |span: &Span| made_ms(&file(&folder, span, Format::Html));
            let is_due = |span: &Span| {
                made_ms(span).is_some_and(|made_ms| {
                    let final_at_ms = report::final_at_ms(engine, span);
                    made_ms < final_at_ms && final_at_ms <= engine.now_ms()
                })
            };
            // It becomes final when the next day, or week, may be the last whole one.
            let before = last.earlier(engine.rules()).filter(&is_due);
            let last = (made_ms(&last).is_none() || is_due(&last)).then_some(last);
            let span = last.or(before)?;
            Some((Report::of(engine, &site, &annotations, &span), span))
        });
        let Some((report, span)) = report.await? else { return Ok(()) };
        tokio::fs::create_dir_all(dir).await.with_context(|| dir.display().to_string())?;
        // The page comes last: it says that all of them are there.
        for format in [Format::Json, Format::Csv, Format::Html] {
            let path = file(dir, &span, format);
            let text = report.written(format)?;
            let (written, path_of) = (path.clone(), path.display().to_string());
            tokio::task::spawn_blocking(move || write_private(&written, text.as_bytes()))
                .await?
                .with_context(|| path_of)?;
        }
        tracing::info!(kind = kind.word(), dates = span.dates(), "report made");
        Ok(())
    }
}

/// A report names agents: whoever else is to read it is for the operator to say, by the folder.
/// One that is there from before, readable by all, becomes private too.
pub(crate) fn write_private(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = files::make_empty(path)?;
    file.set_permissions(Permissions::from_mode(FILE_RIGHTS))?;
    file.write_all(text)
}

/// When a file was written; none when there is none.
fn made_ms(path: &Path) -> Option<UnixMs> {
    let written = path.metadata().and_then(|file| file.modified()).ok()?;
    Some(Timestamp::try_from(written).ok()?.as_millisecond())
}

fn file(dir: &Path, span: &Span, format: Format) -> PathBuf {
    dir.join(format!("{}-{}.{}", span.kind.word(), span.first, format.extension()))
}
