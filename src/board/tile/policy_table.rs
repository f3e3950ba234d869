//! `policy_table`: one row for each SLA policy: what is promised, what is about to break, what is
//! broken, and how much may still break.
//!
//! What burns stands first: the policies that ask for action, of those the one whose next promise
//! breaks soonest. Others stand in the order of their titles.

use super::table::{Row, Table};
use super::{Asked, State, Tile};
use crate::board::figures::Scene;
use crate::board::reader::Section;
use crate::language::Language;
use crate::scope::Selector;

/// Columns where the file names none.
const COLUMNS_DEFAULT: [&str; 4] = ["sla_at_risk", "sla_breached", "sla_met", "sla_budget"];

/// How long until the next of a policy's promises breaks.
const NEXT_BREACH: &str = "sla_next_breach";

struct PolicyTable {
    table: Table,
    selectors: Vec<Selector>,
}

fn of(policy: &str) -> impl Fn(&mut Selector) {
    move |selector| selector.policy = Some(policy.to_owned())
}

pub(super) const EXAMPLE: &str = r#"columns = ["sla_met", { kpi = "sla_at_risk", title = "At risk" }]
[[tile.rule]]
of = "sla_met"
when = "< goal"
tone = "bad""#;

pub(super) fn parse(section: &Section<'_>) -> Option<Box<dyn Tile>> {
    let table = Table::parse(section, &COLUMNS_DEFAULT);
    let selectors = table.selectors(of(""));
    Some(Box::new(PolicyTable { table, selectors }))
}

impl Tile for PolicyTable {
    fn render(&self, scene: &Scene<'_>) -> String {
        let policies = scene.site.policies.iter();
        let rows = policies.map(|(name, policy)| {
            let (mut row, state) = self.table.row(policy.title.clone(), scene, of(name));
            row.haste = self.table.number(NEXT_BREACH, scene, of(name)).map(|left| -left);
            (row, state)
        });
        let (mut rows, states): (Vec<Row>, Vec<State>) = rows.unzip();
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        self.table.show(scene.language, (rows, states))
    }

    fn title(&self, language: Language) -> Option<String> {
        Some(language.say("tile-policy-table"))
    }

    fn asked(&self) -> Vec<Asked> {
        self.table.asked()
    }

    fn rows(&self) -> Option<&'static str> {
        Some("policy")
    }

    fn sound(&self) -> Option<&'static str> {
        self.table.sound()
    }

    fn subtitle(&self, scene: &Scene<'_>) -> Option<String> {
        self.table.subtitle(scene)
    }

    fn selectors(&self) -> Vec<&Selector> {
        self.selectors.iter().collect()
    }
}
