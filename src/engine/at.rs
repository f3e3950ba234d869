//! Where in the books something counts.

use super::slice::{Axes, Place, WordId};

/// Where something counts.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) place: Place,
    pub(super) topics: &'a [WordId],
    /// Places with the same topics and traits have the same.
    pub(super) like: Like,
    /// Not everywhere there.
    pub(super) only: Option<Only>,
}

/// What a place is like, among those of one look at a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Like(u8);

impl Like {
    /// It has neither traits nor topics.
    pub(super) const NOTHING: Like = Like(0);
    /// The contact as it was, as far as that is different from what it is.
    pub(super) const BEFORE: Like = Like(1);
    /// The contact as it is.
    pub(super) const NOW: Like = Like(2);
    /// A mention, which belongs to no contact.
    pub(super) const MENTION: Like = Like(3);
}

/// Only in the cells by these axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Only {
    pub(super) axes: Axes,
    /// And only in their last hour.
    pub(super) recent: bool,
}
