//! Reports by mail: written of what the engine knows when they are sent, and sent when they are due.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::board::annotations::Annotations;
use crate::board::figures::Site;
use crate::board::hub::HubHandle;
use crate::clock;
use crate::config::model::{Config, MailedReport, ReportOf};
use crate::journal::SideFileError;
use crate::language::Language;
use crate::mail::{File, Letter, Occurrence, Parts, Post, Press, Written};
use crate::report::{Around, Report, Span};
use crate::telemetry::JournalMeters;

/// How often it is looked for what is due.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The post of a server; none without `[mail]`.
pub(super) fn open(
    config: &Config,
    hub: &HubHandle,
    annotations: &Annotations,
) -> Result<Option<Arc<Post>>, SideFileError> {
    let Some(mail) = config.mail.clone() else { return Ok(None) };
    let press = Writer {
        hub: hub.clone(),
        annotations: annotations.clone(),
        reports: config.mailed_reports.clone(),
        admin_url: config.server.admin_url.clone(),
    };
    let post = Post::open(Parts {
        mail,
        reports: config.mailed_reports.clone(),
        zone: config.site.time_zone.clone(),
        press: Arc::new(press),
        state_dir: &config.server.state_dir,
        observer: Arc::new(JournalMeters::default()),
    })?;
    Ok(Some(post))
}

/// Sends what is due, until it is aborted.
pub(super) async fn run(post: Arc<Post>) {
    let mut tick = interval(LOOK_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        post.look(clock::now_ms()).await;
    }
}

/// Writes letters of what the engine holds.
struct Writer {
    hub: HubHandle,
    annotations: Annotations,
    reports: BTreeMap<String, MailedReport>,
    admin_url: Option<String>,
}

impl Press for Writer {
    fn letter<'a>(&'a self, report: &'a str, due: Occurrence) -> Written<'a> {
        Box::pin(self.write(report, due))
    }
}

impl Writer {
    async fn write(&self, name: &str, due: Occurrence) -> Result<Letter, String> {
        let settings = self.reports.get(name).ok_or("there is no such report")?;
        let (site, annotations) = (self.hub.site(), self.annotations.all());
        let (kind, of) = (settings.kind, settings.of.clone());
        let asked = Arc::clone(&site);
        let made = self.hub.ask(move |engine, _| {
            let span = Span::last_whole(kind, due.at_ms, engine.rules())?;
            Some((Report::about(engine, &asked, &annotations, &span, &of), span))
        });
        let made = made.await.map_err(|_| "the server is stopping")?;
        let (report, span) = made.ok_or("that date is beyond the calendar")?;
        letter(name, settings, &site, (&report, &span), due, self.admin_url.as_deref())
    }
}

/// A report as the letter that `[report.NAME]` sends.
pub(crate) fn letter(
    name: &str,
    settings: &MailedReport,
    site: &Site,
    (report, span): (&Report, &Span),
    due: Occurrence,
    admin_url: Option<&str>,
) -> Result<Letter, String> {
    let language = settings.language;
    let link = admin_url.map(|url| format!("{url}{}", page_of(span, language, &settings.of)));
    let around =
        Around { link, sent_by: Some(name.to_owned()), about: about(site, &settings.of, language) };
    let written = report.letter(language, &around);
    let files = settings.attach.iter().map(|format| {
        let text = report.written(*format).map_err(|error| error.to_string())?;
        let name = format!("{}-{}.{}", span.kind.word(), span.first, format.extension());
        Ok(File { name, media_type: format.media_type(), text })
    });
    let about = [
        site.name.as_str(),
        name,
        span.kind.word(),
        &span.first.to_string(),
        &due.date.to_string(),
    ];
    Ok(Letter {
        subject: written.subject,
        text: written.text,
        html: written.html,
        files: files.collect::<Result<_, String>>()?,
        about: about.join("\n"),
    })
}

/// Which queue or channel a report is about, in words.
fn about(site: &Site, of: &ReportOf, language: Language) -> Option<String> {
    let queue = of
        .queue
        .as_ref()
        .map(|name| language.tell("report-only-queue", [("name", site.queue_title(name).into())]));
    let channel = of.channel.as_ref().map(|name| {
        language.tell("report-only-channel", [("name", site.channel_title(name).into())])
    });
    let told: Vec<String> = queue.into_iter().chain(channel).collect();
    (!told.is_empty()).then(|| told.join(" · "))
}

/// Where administration shows the same report.
fn page_of(span: &Span, language: Language, of: &ReportOf) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("language", language.id());
    for (key, value) in [("queue", &of.queue), ("channel", &of.channel)] {
        if let Some(value) = value {
            query.append_pair(key, value);
        }
    }
    format!("/admin/reports/{}/{}?{}", span.kind.word(), span.first, query.finish())
}
