//! Which cells a KPI is of, by a selector.

use super::{AppliesTo, Kpi};
use crate::engine::{CellView, Engine};
use crate::scope::Selector;

/// The cells that a KPI asks for by a selector, and where it makes sense.
#[derive(Clone)]
pub(super) struct Covered<'a> {
    pub(super) cells: Vec<CellView<'a>>,
    /// There are cells, but the KPI makes sense in none of them.
    pub(super) elsewhere: bool,
}

impl<'a> Covered<'a> {
    pub(super) fn of(kpi: &Kpi, engine: &'a Engine, selector: &Selector) -> Self {
        let asked = asked_for(kpi, engine, selector);
        let mut cells: Vec<CellView<'a>> =
            asked.iter().flat_map(|selector| engine.select(selector)).collect();
        let of_some_kind = cells.iter().any(|cell| cell.has_voice() || cell.has_written());
        let is_of_agent = selector.agent.is_some();
        cells.retain(|cell| match kpi.applies_to {
            AppliesTo::Contacts => cell.has_traffic(),
            AppliesTo::Agents => true,
            AppliesTo::Voice => cell.has_voice() || (cell.has_written() && cell.can_be_abandoned()),
            AppliesTo::Calls => cell.has_voice(),
            // Whoever only replies to what others answered, or is told to, has no contact in line.
            AppliesTo::Written if is_of_agent && !cell.has_voice() => cell.has_traffic(),
            AppliesTo::Written => cell.has_written(),
            AppliesTo::Policies => cell.has_promises(),
        });
        let of_one_kind =
            matches!(kpi.applies_to, AppliesTo::Voice | AppliesTo::Calls | AppliesTo::Written);
        Covered { elsewhere: of_one_kind && of_some_kind && cells.is_empty(), cells }
    }
}

/// Figures of the KPI are counted by what the selector names, for each part of the last hour.
pub(super) fn is_live(kpi: &Kpi, engine: &Engine, selector: &Selector) -> bool {
    asked_for(kpi, engine, selector).iter().all(|selector| engine.is_live(selector))
}

/// What policies promise is counted by policy: without the name of one, all are asked for.
pub(super) fn asked_for(kpi: &Kpi, engine: &Engine, selector: &Selector) -> Vec<Selector> {
    match kpi.applies_to {
        AppliesTo::Policies if selector.dimension.is_some() => Vec::new(),
        AppliesTo::Policies => engine.policy_selectors(selector),
        _ => vec![selector.clone()],
    }
}
