//! Where something counts.

use super::slice::{Axes, Place};
use crate::engine::ids::WordId;

/// Where something counts: a place on all axes but the topics, and the topics, of which there can
/// be several.
#[derive(Clone, Copy)]
pub(in crate::engine) struct At<'a> {
    pub(in crate::engine) place: Place,
    pub(in crate::engine) topics: &'a [WordId],
}

/// Only in the cells by these axes: what is counted from now on is put into them alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Only {
    pub(in crate::engine) axes: Axes,
    /// And only in their last hour, because the rest of the cell knows it already.
    pub(in crate::engine) recent: bool,
}
