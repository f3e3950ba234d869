//! How a letter says what a report holds, in its language.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::Around;
use crate::board::format;
use crate::event::UnixMs;
use crate::kpi::value::{Figure, Unit};
use crate::kpi::{self, text};
use crate::language::Language;
use crate::report::{Cell, Course, Kind, Noted, Report, Table};

/// Bars of a day: hours.
const QUARTERS_PER_HOUR: usize = 4;

/// A report, and in which language it is told.
pub(super) struct Said<'a> {
    pub(super) report: &'a Report,
    pub(super) language: Language,
    pub(super) around: &'a Around,
}

/// "Mon", in a language.
pub fn weekday(date: Date, language: Language) -> String {
    language.say(match date.weekday() {
        Weekday::Monday => "weekday-mon",
        Weekday::Tuesday => "weekday-tue",
        Weekday::Wednesday => "weekday-wed",
        Weekday::Thursday => "weekday-thu",
        Weekday::Friday => "weekday-fri",
        Weekday::Saturday => "weekday-sat",
        Weekday::Sunday => "weekday-sun",
    })
}

impl Said<'_> {
    pub(super) fn say(&self, name: &str) -> String {
        self.language.say(name)
    }

    /// "Daily report".
    pub(super) fn kind(&self) -> String {
        self.say(match self.report.kind {
            Kind::Daily => "report-daily",
            Kind::Weekly => "report-weekly",
        })
    }

    /// "Mon 2026-03-02", "2026-03-02 – 2026-03-08".
    pub(super) fn dates(&self) -> String {
        let dates = self.report.dates.replace(" to ", " – ");
        match dates.parse::<Date>() {
            Ok(date) => format!("{} {dates}", weekday(date, self.language)),
            Err(_) => dates,
        }
    }

    /// "Provisional until …", while it is.
    pub(super) fn provisional(&self) -> Option<String> {
        let time = self.moment(self.report.final_at_ms, true);
        let told = self.language.tell("report-provisional", [("time", time.into())]);
        self.report.is_provisional.then_some(told)
    }

    /// "day before: 80.1 %".
    pub(super) fn before(&self, cell: &Cell, id: &str) -> String {
        let name = match self.report.kind {
            Kind::Daily => "report-day-before",
            Kind::Weekly => "report-week-before",
        };
        self.language.tell(name, [("figure", self.figure(cell, id).into())])
    }

    /// A KPI's title; amounts with their currency.
    pub(super) fn title(&self, id: &str) -> String {
        self.with_currency(self.language.kpi_title(id), id)
    }

    /// The same above a column.
    pub(super) fn column(&self, id: &str) -> String {
        self.with_currency(self.language.kpi_column(id), id)
    }

    fn with_currency(&self, title: String, id: &str) -> String {
        match unit(id) {
            Unit::Money => format!("{title}, {}", self.report.currency),
            _ => title,
        }
    }

    /// The figure as the language writes it.
    pub(super) fn figure(&self, cell: &Cell, id: &str) -> String {
        match cell.figure {
            Figure::Number(number) => self.number(number, unit(id)),
            Figure::NoData => self.say("report-no-data"),
            Figure::Concealed => self.say("report-concealed"),
            Figure::NotApplicable => format::NOTHING.to_owned(),
        }
    }

    fn number(&self, number: f64, unit: Unit) -> String {
        let decimals = |number: f64, digits: usize| {
            format!("{number:.digits$}").replace('.', self.language.decimal())
        };
        match unit {
            Unit::Ratio => self.share(number),
            Unit::Seconds => text::clock(number),
            Unit::Count => self.count(number.round()),
            Unit::Number | Unit::Money => decimals(number, 2),
            Unit::Points => decimals(number, 1),
        }
    }

    /// "81.9%", "100%".
    pub(super) fn share(&self, share: f64) -> String {
        let share = (share * 1000.0).round() / 10.0;
        let digits = usize::from(share.fract() != 0.0);
        let share = format!("{share:.digits$}").replace('.', self.language.decimal());
        self.language.with_unit(&share, "%")
    }

    pub(super) fn count(&self, number: f64) -> String {
        format::count(number, self.language)
    }

    /// "of 12 ratings", where it is of some.
    pub(super) fn ratings(&self, cell: &Cell) -> Option<String> {
        let number = cell.ratings?;
        Some(self.language.tell("report-of-ratings", [("number", number.into())]))
    }

    /// "Channel".
    pub(super) fn rows_are(&self, table: &Table) -> String {
        self.say(match table.of {
            "Channel" => "list-channel",
            "Queue" => "list-queue",
            "Agent" => "list-agent",
            _ => "report-topic",
        })
    }

    /// "Outage".
    pub(super) fn noted_kind(&self, noted: &Noted) -> String {
        self.say(match noted.kind {
            "campaign" => "admin-kind-campaign",
            "release" => "admin-kind-release",
            "outage" => "admin-kind-outage",
            _ => "admin-kind-other",
        })
    }

    /// "12.5", or a dash where nothing is known.
    pub(super) fn per_hour(&self, volume: Option<f64>) -> String {
        let round = |volume: f64| self.count((volume * 10.0).round() / 10.0);
        volume.map_or_else(|| format::NOTHING.to_owned(), round)
    }

    /// "Mon 09:15–09:30".
    pub(super) fn quarter(&self, at_ms: UnixMs) -> String {
        let to_ms = at_ms + crate::engine::QUARTER_MS;
        format!("{}–{}", self.moment(at_ms, false), format::clock_time(to_ms, &self.zone()))
    }

    /// "Mon 09:15", with its date where it is far.
    pub(super) fn moment(&self, at_ms: UnixMs, with_date: bool) -> String {
        let zone = self.zone();
        let Ok(at) = Timestamp::from_millisecond(at_ms) else { return String::new() };
        let date = zone.to_datetime(at).date();
        let day = weekday(date, self.language);
        let date = if with_date { format!(" {date}") } else { String::new() };
        format!("{day}{date} {}", format::clock_time(at_ms, &zone))
    }

    fn zone(&self) -> TimeZone {
        // It is a name of the database, or a fixed offset, which has none.
        TimeZone::get(&self.report.time_zone).unwrap_or(TimeZone::UTC)
    }

    /// "and 3 more", where not all are shown.
    pub(super) fn more(&self, shown: usize, all: usize) -> Option<String> {
        let number = all.checked_sub(shown).filter(|more| *more > 0)?;
        Some(self.language.tell("report-more", [("number", number.into())]))
    }

    /// What the bars are.
    pub(super) fn bars_title(&self) -> String {
        self.say(match self.report.kind {
            Kind::Daily => "report-by-hour",
            Kind::Weekly => "report-by-day",
        })
    }

    /// The bars: a day's hours, a week's days.
    pub(super) fn bars(&self) -> Vec<Bar> {
        let Course { quarters, contacts } = &self.report.course;
        let steps_of_hour = (QUARTERS_PER_HOUR / quarters).max(1);
        let steps = match self.report.kind {
            Kind::Daily => steps_of_hour,
            // A day that has 23 or 25 hours moves the others by one at most.
            Kind::Weekly => (contacts.len() / 7).max(1),
        };
        let zone = self.zone();
        let step_ms = *quarters as i64 * crate::engine::QUARTER_MS;
        let bar = |(place, some): (usize, &[f64])| {
            let at_ms = self.report.from_ms + place as i64 * steps as i64 * step_ms;
            let label = match self.report.kind {
                Kind::Daily => format::clock_time(at_ms, &zone).chars().take(2).collect(),
                // Its middle: whatever hour its day begins at.
                Kind::Weekly => {
                    let at = Timestamp::from_millisecond(at_ms + 12 * 3_600_000);
                    let at = at.unwrap_or_default();
                    weekday(zone.to_datetime(at).date(), self.language)
                }
            };
            Bar { label, contacts: some.iter().sum() }
        };
        let mut bars: Vec<Bar> = contacts.chunks(steps).enumerate().map(bar).collect();
        if self.report.kind == Kind::Weekly && bars.len() > 7 {
            // What is left over of a week with one hour more.
            let rest: f64 = bars.drain(7..).map(|bar| bar.contacts).sum();
            if let Some(last) = bars.last_mut() {
                last.contacts += rest;
            }
        }
        bars
    }

    /// Headline figures of which something was counted, in this span or the one before.
    pub(super) fn headline(&self) -> impl Iterator<Item = &crate::report::Line> {
        self.report.headline.iter().filter(|line| {
            let before = line.before.as_ref().and_then(|before| before.value);
            line.now.value.or(before).is_some()
        })
    }

    /// What stands below it all.
    pub(super) fn footer(&self) -> Vec<String> {
        let mut lines = vec![self.say("report-legend")];
        if let Some(name) = &self.around.sent_by {
            lines.push(self.language.tell("report-sent-by", [("name", name.as_str().into())]));
        }
        lines
    }
}

/// One bar.
pub(super) struct Bar {
    pub(super) label: String,
    pub(super) contacts: f64,
}

fn unit(id: &str) -> Unit {
    kpi::find(id).map_or(Unit::Number, |kpi| kpi.unit)
}
