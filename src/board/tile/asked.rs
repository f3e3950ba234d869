//! What a tile's figures are of: by that, whoever points at the tile is told how each is made.

use super::measure::Measure;
use crate::kpi::Kpi;
use crate::scope::{Selector, Window};

/// One number that a tile asks for.
#[derive(Clone)]
pub struct Asked {
    /// Which number.
    pub kpi: &'static Kpi,
    /// Whose contacts.
    pub selector: Selector,
    /// Over which span.
    pub window: Window,
}

/// A tile whose figures can be explained.
#[derive(Clone)]
pub struct Explained {
    /// The tile's id.
    pub id: String,
    /// Its numbers; of a table, its columns over all rows.
    pub asked: Vec<Asked>,
    /// What its rows are narrowed by: a key of [`Selector::KEYS`].
    pub rows: Option<&'static str>,
}

impl Asked {
    /// What a measure asks for.
    pub(super) fn by(measure: &Measure) -> Asked {
        let Measure { kpi, selector, window, .. } = measure;
        Asked { kpi, selector: selector.clone(), window: *window }
    }
}

/// One KPI over the window that suits it.
pub(super) fn plain(kpi: &'static Kpi, selector: Selector, window: Option<Window>) -> Asked {
    Asked::by(&Measure::plain(kpi, selector, window))
}
