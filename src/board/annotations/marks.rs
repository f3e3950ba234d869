//! Annotations on a line: the few that a wall has room for, and how many more there are.

use serde::Serialize;

use super::{Annotation, Filter, Kind};
use crate::event::UnixMs;

/// Marks on one line; more cannot be read from five metres.
const MARKS_MAX: usize = 3;

/// An annotation as a line shows it.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(in crate::board) struct Mark<'a> {
    kind: Kind,
    text: &'a str,
    from_ms: UnixMs,
    #[serde(skip_serializing_if = "Option::is_none")]
    to_ms: Option<UnixMs>,
}

/// Those of one line.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(in crate::board) struct Marks<'a> {
    /// By time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<Mark<'a>>,
    /// How many more there were, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_marks: Option<usize>,
}

impl<'a> Marks<'a> {
    /// The newest of those wanted. `annotations` are by time.
    pub(in crate::board) fn of(annotations: &'a [Annotation], filter: &Filter) -> Marks<'a> {
        let wanted = annotations
            .iter()
            .filter(|annotation| annotation.explains_numbers() && filter.wants(annotation));
        let mut marks: Vec<Mark<'_>> = wanted.map(Mark::of).collect();
        let more = marks.len().saturating_sub(MARKS_MAX);
        Marks { marks: marks.split_off(more), more_marks: (more > 0).then_some(more) }
    }
}

impl<'a> Mark<'a> {
    fn of(annotation: &'a Annotation) -> Mark<'a> {
        let Annotation { kind, title, from_ms, to_ms, .. } = annotation;
        Mark { kind: *kind, text: title, from_ms: *from_ms, to_ms: *to_ms }
    }
}
