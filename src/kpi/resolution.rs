//! Resolution: how long it takes until a matter is settled, for the first time and for good.
//!
//! Only where the network says that a matter is settled. A reopening takes the final settlement
//! back until there is another one; the first stays what it was.

use super::measured::{LENGTH, Measured, mean, median, percentile};
use super::{AppliesTo, COMMON, Kpi, OWN};
use crate::engine::{Field, Length, Sum};

static FIRST: Measured = Measured {
    field: Field::Resolved,
    sum: Sum::Resolution,
    length: Length::Resolution,
    words: ["matter was settled for the first time", "matters were settled for the first time"],
    kind_of_time: "",
};

static FINAL: Measured = Measured {
    field: Field::ResolvedFinally,
    sum: Sum::ResolutionFinal,
    length: Length::ResolutionFinal,
    words: ["matter was settled for good", "matters were settled for good"],
    kind_of_time: "",
};

const RESOLUTION: Kpi = Kpi { applies_to: AppliesTo::Contacts, ..LENGTH };

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "ttr",
        title: "Time to resolution",
        expression: "Σ (first resolution − opening) / contacts resolved for the first time",
        source: COMMON,
        doc: "Mean time from the opening of a contact to its first resolution, counted when it was \
              resolved. Only networks that tell when a contact is resolved have this figure.",
        compute: |kpi, reading| mean(kpi, reading, &FIRST),
        ..RESOLUTION
    },
    Kpi {
        id: "ttr_median",
        title: "Time to resolution (median)",
        expression: "median of the times to the first resolution",
        doc: "Half of the contacts were resolved for the first time within this time (exact to 0.5 \
              %).",
        compute: |kpi, reading| median(kpi, reading, &FIRST),
        ..RESOLUTION
    },
    Kpi {
        id: "ttr_p90",
        title: "Time to resolution (90%)",
        expression: "90th percentile of the times to the first resolution, nearest rank",
        doc: "90 % of the contacts were resolved for the first time within this time (exact to 0.5 \
              %).",
        compute: |kpi, reading| percentile(kpi, reading, &FIRST, 90),
        ..RESOLUTION
    },
    Kpi {
        id: "ttr_p95",
        title: "Time to resolution (95%)",
        expression: "95th percentile of the times to the first resolution, nearest rank",
        doc: "95 % of the contacts were resolved for the first time within this time (exact to 0.5 \
              %).",
        compute: |kpi, reading| percentile(kpi, reading, &FIRST, 95),
        ..RESOLUTION
    },
    Kpi {
        id: "ttr_final",
        title: "Time to final resolution",
        expression: "Σ (last resolution − opening) / contacts resolved and not open again",
        source: OWN,
        doc: "Mean time from the opening of a contact to its last resolution. A contact that is \
              reopened is taken out until it is resolved again; then it counts at the new \
              resolution, with the whole time since its opening. One that is reopened and then \
              falls silent counts when it is closed.",
        compute: |kpi, reading| mean(kpi, reading, &FINAL),
        ..RESOLUTION
    },
    Kpi {
        id: "ttr_final_median",
        title: "Time to final resolution (median)",
        expression: "median of the times to the last resolution",
        doc: "Half of the contacts that are not open again were resolved within this time, \
              reopenings included (exact to 0.5 %).",
        compute: |kpi, reading| median(kpi, reading, &FINAL),
        ..RESOLUTION
    },
    Kpi {
        id: "ttr_final_p90",
        title: "Time to final resolution (90%)",
        expression: "90th percentile of the times to the last resolution, nearest rank",
        doc: "90 % of the contacts that are not open again were resolved within this time, \
              reopenings included (exact to 0.5 %).",
        compute: |kpi, reading| percentile(kpi, reading, &FINAL, 90),
        ..RESOLUTION
    },
    Kpi {
        id: "ttr_final_p95",
        title: "Time to final resolution (95%)",
        expression: "95th percentile of the times to the last resolution, nearest rank",
        doc: "95 % of the contacts that are not open again were resolved within this time, \
              reopenings included (exact to 0.5 %).",
        compute: |kpi, reading| percentile(kpi, reading, &FINAL, 95),
        ..RESOLUTION
    },
];
