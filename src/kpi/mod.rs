//! Every number a contact center steers by: definition, formula, unit, doc and test together.
//!
//! One file for each family; a family is a slice of [`Kpi`]s. To add a KPI, add it to a family;
//! to add a family, add a file and its lines in [`FAMILIES`]. `docs/kpis.md` is made of both. A
//! KPI is computed from what the engine counted and nothing else, and leaves as a [`Value`] with
//! receipt and coverage.

mod abandonment;
mod agent_time;
mod agents;
mod attention;
mod automation;
mod behind;
mod budget;
pub mod compared;
mod complaints;
mod covered;
pub mod erlang;
mod families;
mod feeds;
mod first_response;
mod follow;
pub mod forecast;
mod handling;
mod measured;
mod next_response;
mod parts;
mod policies;
mod quality;
mod reachability;
mod reading;
mod repeat;
mod resolution;
mod schema;
pub mod service_level;
mod staffing;
pub mod text;
mod topics;
pub mod value;
mod volume;
mod waiting;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

pub use behind::{contacts_behind, is_rate};
pub use families::{FAMILIES, Family};
pub use schema::KpiId;

pub(crate) use reading::{Outcome, Reading};

use crate::engine::{Engine, Quarters};
use crate::event::{Millis, UnixMs};
use crate::scope::{Selector, Window};
use value::{Better, Count, Figure, Receipt, Unit, Value, WindowSpan};

/// What [`Kpi::source`] says of formulas that are the house's own.
pub(crate) const OWN: &str = "Tablica's own definition";
/// What it says of those that contact centers have used for long, without one publication.
pub(crate) const COMMON: &str = "common practice in contact centers";
/// What it says of medians and percentiles.
pub(crate) const PERCENTILE: &str =
    "Tablica's own definition; quantiles by R. J. Hyndman and Y. Fan (1996)";

/// A number's definition.
pub struct Kpi {
    /// Its name everywhere: board files, API, metrics.
    pub id: &'static str,
    /// What it is called in English. Walls say it shorter, in their language: `language`.
    pub title: &'static str,
    /// What it is counted in.
    pub unit: Unit,
    /// Whether more is better.
    pub better: Better,
    /// True for a state at this moment: it has no window.
    pub is_state: bool,
    /// The formula in words.
    pub expression: &'static str,
    /// Who defined the formula so: a publication, common practice, or the house itself.
    pub source: &'static str,
    /// What it means and what it leaves out, in a sentence or two.
    pub doc: &'static str,
    /// Where it makes sense.
    pub applies_to: AppliesTo,
    compute: fn(&Kpi, &Reading<'_>) -> Outcome,
}

impl Kpi {
    /// Where its definition can be read: its heading in the documentation.
    pub fn page(&self) -> String {
        format!("docs/kpis.md#{}", self.id)
    }
}

/// Figures of one agent need so many contacts, to be fair to them and to say something.
pub const CONTACTS_OF_AGENT_MIN: i64 = 5;

/// Where a KPI makes sense. Elsewhere it is "not applicable", which is not 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppliesTo {
    /// Calls and written contacts.
    Contacts,
    /// Calls, and written contacts of networks that tell when a customer gives up.
    Voice,
    /// Calls only.
    Calls,
    /// Written contacts.
    Written,
    /// Agents.
    Agents,
    /// What policies promise.
    Policies,
}

/// A number's course: one value for each step, oldest first, the step under way last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// When the first step begins.
    pub from_ms: UnixMs,
    /// Length of a step.
    pub step_ms: Millis,
    /// `None` where there is no data.
    pub values: Vec<Option<f64>>,
}

/// All KPIs.
pub fn registry() -> &'static [&'static Kpi] {
    static REGISTRY: LazyLock<Vec<&'static Kpi>> =
        LazyLock::new(|| FAMILIES.iter().flat_map(|family| family.kpis).collect());
    &REGISTRY
}

/// The KPI with that id.
pub fn find(id: &str) -> Option<&'static Kpi> {
    registry().iter().copied().find(|kpi| kpi.id == id)
}

/// Whether a number can be told for one agent.
pub fn is_by_agent(kpi: &Kpi) -> bool {
    let one = Selector { agent: Some(String::new()), ..Selector::default() };
    follow::why_not(kpi, &one).is_none()
}

/// What the KPI makes of it. Of one agent only where enough contacts stand behind it: else it would be
/// unfair, and would tell what one customer did.
fn told(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    let too_personal = || {
        let few = CONTACTS_OF_AGENT_MIN;
        let sentence = format!("Of fewer than {few} contacts of one agent: not shown.");
        Outcome::new(kpi, Figure::Concealed, sentence)
    };
    if reading.is_too_personal() {
        return too_personal();
    }
    let outcome = (kpi.compute)(kpi, reading);
    match contacts_behind(kpi, &outcome.counts) {
        Some(1..CONTACTS_OF_AGENT_MIN) if reading.selector.agent.is_some() => too_personal(),
        _ => outcome,
    }
}

/// One number, with everything needed to believe it.
pub fn compute(
    kpi: &Kpi,
    engine: &Engine,
    selector: &Selector,
    window: Window,
    now_ms: UnixMs,
) -> Value {
    let window = if kpi.is_state { Window::Now } else { window };
    let reading = Reading::of_window(kpi, engine, selector, window, now_ms);
    let outcome = if let Some(why) = follow::why_not(kpi, selector) {
        Outcome::not_applicable(kpi, &why)
    } else if !reading.is_counted(kpi) {
        let hour = if window.is_sliding() { " for the last hour" } else { "" };
        let sentence = format!("Nobody has asked to count by these things together{hour} yet.");
        Outcome::new(kpi, Figure::NoData, sentence)
    } else if reading.is_elsewhere() {
        Outcome::not_applicable(kpi, reading.why_elsewhere(kpi))
    } else if window == Window::Shift && engine.shift().is_none() {
        Outcome::not_applicable(kpi, "no shift is under way")
    } else if window == Window::Now && !kpi.is_state {
        Outcome::not_applicable(
            kpi,
            "counted over a span of time: 5m, 15m, 30m, 60m, today, shift, 24h, 48h or yesterday",
        )
    } else {
        told(kpi, &reading)
    };
    let (about, parts) = match outcome.figure {
        Figure::Number(number) => parts::of(kpi, &reading, number),
        Figure::NoData | Figure::NotApplicable | Figure::Concealed => (None, Vec::new()),
    };
    let window = outcome.window.unwrap_or(window);
    let (from_ms, to_ms) = outcome.span_ms.unwrap_or_else(|| engine.window_ms(window));
    Value {
        kpi: kpi.id,
        unit: kpi.unit,
        selector: selector.clone(),
        figure: outcome.figure,
        receipt: Receipt {
            sentence: outcome.sentence,
            formula: outcome.formula,
            expression: outcome.expression,
            source: kpi.page(),
            counts: outcome.counts,
            thresholds_ms: outcome.thresholds_ms,
            window: WindowSpan { window, from_ms, to_ms, time_zone: time_zone_name(engine) },
            variants: outcome.variants,
        },
        coverage: feeds::coverage(kpi, engine, selector, now_ms),
        about,
        parts,
    }
}

/// A number's course over the last 60 minutes in steps of `step_ms` (whole multiples of 15 s).
/// Of states, only `waiting` has one: the most who waited at once in each step.
pub fn series(kpi: &Kpi, engine: &Engine, selector: &Selector, step_ms: Millis) -> Series {
    let (from_ms, step_ms, stretches) = engine.last_hour(step_ms);
    let is_followed = follow::why_not(kpi, selector).is_none();
    let is_told = is_followed && covered::is_live(kpi, engine, selector);
    let values = Reading::of_stretches(kpi, engine, selector, stretches).map(|reading| {
        if !is_told || reading.is_elsewhere() {
            return None;
        }
        match told(kpi, &reading).figure {
            Figure::Number(number) => Some(number),
            Figure::NoData | Figure::NotApplicable | Figure::Concealed => None,
        }
    });
    Series { from_ms, step_ms, values: values.collect() }
}

/// A number of the past, and how it was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Past {
    /// The number.
    pub figure: Figure,
    /// In words.
    pub sentence: String,
    /// The counts that went in.
    pub counts: Vec<Count>,
}

impl Past {
    /// The count of that name.
    pub fn count(&self, name: &str) -> Option<i64> {
        let found = self.counts.iter().find(|count| count.name == name);
        found.map(|count| count.value)
    }
}

/// One number over a row of whole quarters of an hour, up to five weeks back. `when` is what its
/// sentence calls them: "that day".
pub fn past(
    kpi: &Kpi,
    engine: &Engine,
    selector: &Selector,
    quarters: Quarters,
    when: &'static str,
) -> Past {
    let without = |figure| Past { figure, sentence: String::new(), counts: Vec::new() };
    let reading = Reading::of_quarters(kpi, engine, selector, quarters).called(when);
    let is_followed = follow::why_not(kpi, selector).is_none();
    if kpi.is_state || reading.is_elsewhere() || !is_followed {
        return without(Figure::NotApplicable);
    }
    let Outcome { figure, sentence, counts, .. } = told(kpi, &reading);
    Past { figure, sentence, counts }
}

/// The number alone, over a row of whole quarters of an hour.
pub fn compute_quarters(
    kpi: &Kpi,
    engine: &Engine,
    selector: &Selector,
    quarters: Quarters,
) -> Figure {
    past(kpi, engine, selector, quarters, "then").figure
}

/// The same span, a day or a week earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// The day before.
    Yesterday,
    /// The same day of the week before.
    LastWeek,
}

impl Earlier {
    /// How many days before.
    pub fn days(self) -> i64 {
        match self {
            Earlier::Yesterday => 1,
            Earlier::LastWeek => 7,
        }
    }
}

/// What a number was over the same span earlier, in whole quarters of an hour, and over which.
/// Of today: from the day's beginning up to the last whole quarter.
pub fn earlier(
    kpi: &Kpi,
    engine: &Engine,
    selector: &Selector,
    window: Window,
    by: Earlier,
) -> (Figure, Quarters) {
    let days = by.days();
    let (from_ms, to_ms) = engine.window_ms(window);
    let quarters =
        Quarters::between(engine.days_before(from_ms, days), engine.days_before(to_ms, days));
    (compute_quarters(kpi, engine, selector, quarters), quarters)
}

fn time_zone_name(engine: &Engine) -> String {
    let zone = &engine.rules().time_zone;
    zone.iana_name().map_or_else(|| "fixed offset".to_owned(), str::to_owned)
}
