//! `[contacts]`.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::SECOND;
use crate::config::model::Contacts;
use crate::config::section::Section;
use crate::config::units;

/// How much may be kept in memory: fewer would be forgotten while they are needed, more than
/// 2³⁰ no engine can hold.
const KEPT: RangeInclusive<usize> = 1000..=1 << 30;

pub(super) fn contacts(mut section: Section<'_>) -> Contacts {
    let default = Contacts::default();
    let lost_after = section.duration("lost_after", default.lost_after, SECOND);
    let contacts = Contacts {
        idle_gap: section.duration("idle_gap", default.idle_gap, SECOND),
        duplicate_window: section.duration("duplicate_window", default.duplicate_window, SECOND),
        clock_skew_max: section.duration("clock_skew_max", default.clock_skew_max, Duration::ZERO),
        repeat_within: section.duration("repeat_within", default.repeat_within, SECOND),
        lost_after,
        reopen_within: section.duration("reopen_within", default.reopen_within, SECOND),
        call_max: until_lost(&mut section, "call_max", default.call_max, lost_after),
        callback_within: until_lost(
            &mut section,
            "callback_within",
            default.callback_within,
            lost_after,
        ),
        contacts_max: section.count("contacts_max", default.contacts_max, KEPT),
        duplicate_ids_max: section.count("duplicate_ids_max", default.duplicate_ids_max, KEPT),
    };
    section.finish();
    contacts
}

/// A length that ends before a contact is lost. One that is not said gives way to `lost_after`:
/// only what the operator wrote can be a mistake.
fn until_lost(
    section: &mut Section<'_>,
    key: &'static str,
    default: Duration,
    lost_after: Duration,
) -> Duration {
    let length = section.duration(key, default.min(lost_after), SECOND);
    if length > lost_after {
        let [length, lost_after] = [length, lost_after].map(units::format_duration);
        section.wrong(
            key,
            format!("{length} is longer than lost_after ({lost_after})"),
            "lost_after or shorter: a contact is lost by then",
        );
    }
    length
}
