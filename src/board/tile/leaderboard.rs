//! `leaderboard`: the first few agents by one number, and never the last ones.
//!
//! Whoever has too few contacts is in no place: it would be unfair, and would say what one customer
//! did. Equal figures share a place. No more than the first half of all are shown, so that nobody can be
//! read to be last, and nobody has a colour.

use std::sync::Mutex;

use serde::Serialize;

use super::measure::{self, Measure};
use super::trust::trust;
use super::{Asked, Face, State, Tile, Tone, calm};
use crate::board::figures::Scene;
use crate::board::format;
use crate::board::lists::Colleague;
use crate::board::reader::Section;
use crate::event::UnixMs;
use crate::kpi::value::{Better, Figure, Unit};
use crate::kpi::{self, AppliesTo, CONTACTS_OF_AGENT_MIN, Kpi, contacts_behind};
use crate::language::Language;
use crate::scope::{Selector, Window};

const PLACES_DEFAULT: usize = 5;
/// More is no longer the top.
const PLACES_LIMIT: usize = 20;
/// Many may share a place: those who are not shown are counted.
const ROWS_LIMIT: usize = 24;

struct Leaderboard {
    measure: Measure,
    /// What is counted for it: by agents, too.
    selector: Selector,
    top: usize,
    has_teams: bool,
    /// As it was reckoned last. Each agent is asked for, which is not done at every event: places
    /// change as seldom as times in lists.
    known: Mutex<Option<(UnixMs, Language, String)>>,
}

#[derive(Serialize)]
struct Body {
    /// Agent, team, the number.
    heads: [String; 3],
    places: Vec<Place>,
    /// So many more share a place with those who are shown.
    more: usize,
    empty: String,
}

#[derive(Serialize)]
struct Place {
    rank: usize,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<String>,
    text: String,
    /// "17 of 20".
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip)]
    number: f64,
}

pub(super) const EXAMPLE: &str = r#"kpi = "answered"
top = 5"#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let top = match section.whole("top") {
        None => PLACES_DEFAULT,
        Some(at) => match usize::try_from(at.value) {
            Ok(top) if (1..=PLACES_LIMIT).contains(&top) => top,
            _ => {
                let must = format_args!("`top` must be 1 to {PLACES_LIMIT}");
                section.problem_at(at.offset, must);
                PLACES_DEFAULT
            }
        },
    };
    let has_teams = section.truth("teams").is_some_and(|at| at.value);
    for key in ["agent", "target", "warn", "bad"] {
        if section.has(key) {
            section.problem(format_args!("a `leaderboard` praises the first few: no `{key}`"));
        }
    }
    let mut measure = Measure::parse(section)?;
    if !is_ranking(measure.kpi) {
        let id = measure.kpi.id;
        section.problem(format_args!(
            "nobody is first by `{id}`: a number of which an agent can be proud"
        ));
        return None;
    }
    if !section.has("window") {
        measure.window = Window::Today;
    }
    let selector = Selector { agent: Some(String::new()), ..measure.selector.clone() };
    let known = Mutex::default();
    Some(Box::new(Leaderboard { measure, selector, top, has_teams, known }))
}

/// Agents can be put in an order by it: it is theirs, and it is clear who is first. Fewer complaints
/// than others is no merit of who had fewer contacts.
fn is_ranking(kpi: &Kpi) -> bool {
    let is_theirs = !kpi.is_state && kpi.applies_to != AppliesTo::Agents && kpi::is_by_agent(kpi);
    let has_first = match (kpi.unit, kpi.better) {
        (Unit::Money, _) | (Unit::Count, Better::Lower) => false,
        (Unit::Count, _) => true,
        (_, better) => better != Better::Neither,
    };
    is_theirs && has_first
}

impl Leaderboard {
    /// So many contacts somebody must have had.
    fn contacts_min(&self) -> i64 {
        self.measure.min_volume.unwrap_or_default().max(CONTACTS_OF_AGENT_MIN)
    }

    /// None for whom there is no number, or one of too few contacts.
    fn place(&self, agent: Colleague, scene: &Scene<'_>) -> Option<Place> {
        let Measure { kpi, selector, window, .. } = &self.measure;
        let selector = Selector { agent: Some(agent.name), ..selector.clone() };
        let value = scene.figures.value(kpi, &selector, *window, scene.now_ms);
        let Figure::Number(number) = value.figure else { return None };
        let is_nothing = kpi.unit == Unit::Count && number <= 0.0;
        let is_too_little = contacts_behind(kpi, &value.receipt.counts)
            .is_some_and(|contacts| contacts < self.contacts_min());
        if !number.is_finite() || is_nothing || is_too_little {
            return None;
        }
        let mut teams = agent.teams;
        teams.sort_unstable();
        teams.dedup();
        Some(Place {
            rank: 0,
            name: agent.title,
            team: self.has_teams.then(|| teams.join(", ")),
            text: format::figure_in_line(number, value.unit, scene.language),
            detail: measure::detail(&value, number, scene),
            number,
        })
    }

    /// The first places, and how many more share them.
    fn places(&self, scene: &Scene<'_>) -> (Vec<Place>, usize) {
        let agents = scene.figures.colleagues(scene.site).into_iter();
        let mut all: Vec<Place> = agents.filter_map(|agent| self.place(agent, scene)).collect();
        all.sort_by(|a, b| {
            let by_number = match self.measure.kpi.better {
                Better::Lower => a.number.total_cmp(&b.number),
                Better::Higher | Better::Neither => b.number.total_cmp(&a.number),
            };
            by_number.then_with(|| a.name.cmp(&b.name))
        });
        // Who reads the same figure sees the same place.
        let mut before: Option<(usize, String)> = None;
        for (at, place) in all.iter_mut().enumerate() {
            place.rank = match before.take() {
                Some((rank, text)) if text == place.text => rank,
                _ => at + 1,
            };
            before = Some((place.rank, place.text.clone()));
        }
        let last = self.top.min(all.len().div_ceil(2));
        all.retain(|place| place.rank <= last);
        let more = all.len().saturating_sub(ROWS_LIMIT);
        all.truncate(ROWS_LIMIT);
        // Names of one place are in their own order, whatever is behind the last digit shown.
        all.sort_by(|a, b| (a.rank, &a.name).cmp(&(b.rank, &b.name)));
        (all, more)
    }

    fn reckoned(&self, scene: &Scene<'_>) -> String {
        let language = scene.language;
        let all = self.measure.value(scene);
        let (trusted, note) = trust([&all.coverage], scene);
        let (places, more) = self.places(scene);
        let state = match all.figure {
            Figure::Number(_) => trusted,
            _ if !places.is_empty() => trusted,
            Figure::NotApplicable => State::NotApplicable,
            Figure::NoData | Figure::Concealed => State::NoData,
        };
        let number = language.kpi_column(self.measure.kpi.id);
        let heads = [language.say("list-agent"), language.say("list-team"), number];
        let empty = language.nobody_has_contacts(self.contacts_min());
        Face { state, tone: Tone::Plain, note, body: Body { heads, places, more, empty } }.encode()
    }
}

impl Tile for Leaderboard {
    fn render(&self, scene: &Scene<'_>) -> String {
        let (step_ms, language) = (calm::step(scene.now_ms), scene.language);
        let mut known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match &*known {
            Some((at_ms, of, text)) if *at_ms == step_ms && *of == language => text.clone(),
            _ => {
                let text = self.reckoned(scene);
                *known = Some((step_ms, language, text.clone()));
                text
            }
        }
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.kpi_title(self.measure.kpi.id))
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        let from = scene.language.contacts_from(self.contacts_min());
        Some(format!("{} · {from}", self.measure.subtitle(scene)))
    }

    fn selectors(&self) -> Vec<&Selector> {
        vec![&self.measure.selector, &self.selector]
    }

    fn kpi(&self) -> Option<&'static str> {
        Some(self.measure.kpi.id)
    }

    /// Of all together: a page with a row for each agent would have a last one.
    fn asked(&self) -> Vec<Asked> {
        vec![Asked::by(&self.measure)]
    }
}
