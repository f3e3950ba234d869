//! Reads what the server writes: raw input, reports.

use std::time::Duration;

use super::{GIB, MIB};
use crate::config::model::{Quarantine, Reports};
use crate::config::section::Section;

pub(super) fn quarantine(mut section: Section<'_>) -> Quarantine {
    let default = Quarantine::default();
    let quarantine = Quarantine {
        keep: section.duration("keep", default.keep, Duration::ZERO),
        entries_max: section.count("entries_max", default.entries_max, 1..=10_000_000),
        bytes_max: section.bytes("bytes_max", default.bytes_max, MIB..=1024 * GIB),
    };
    section.finish();
    quarantine
}

pub(super) fn reports(mut section: Section<'_>) -> Reports {
    let default = Reports::default();
    let reports = Reports {
        dir: section.path("dir"),
        after: section.duration("after", default.after, Duration::ZERO),
    };
    section.finish();
    reports
}
