//! Resolution: how long it takes until a matter is settled, for the first time and for good.
//!
//! Only where the network says that a matter is settled. A reopening takes the final settlement
//! back until there is another one; the first stays what it was.

use super::measured::{LENGTH, Measured, mean, median, percentile};
use super::{AppliesTo, Kpi};
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
        expression: "Σ (first settlement − customer's opening) / matters settled",
        doc: "Mean time until a matter was settled for the first time, counted when it was.",
        compute: |kpi, reading| mean(kpi, reading, &FIRST),
        ..RESOLUTION
    },
    Kpi {
        id: "ttr_median",
        title: "Time to resolution (median)",
        expression: "median of times to the first settlement",
        doc: "Half of the matters were settled at least this fast (exact to 0.2%).",
        compute: |kpi, reading| median(kpi, reading, &FIRST),
        ..RESOLUTION
    },
    Kpi {
        id: "ttr_p90",
        title: "Time to resolution (90%)",
        expression: "90th percentile of times to the first settlement, nearest rank",
        doc: "Nine of ten matters were settled at least this fast (exact to 0.2%).",
        compute: |kpi, reading| percentile(kpi, reading, &FIRST, 90),
        ..RESOLUTION
    },
    Kpi {
        id: "ttr_final",
        title: "Time to final resolution",
        expression: "Σ (last settlement − customer's opening) / matters settled and not reopened",
        doc: "Mean time until a matter was settled for good, as far as is known: one that is \
              reopened counts again when it is settled again.",
        compute: |kpi, reading| mean(kpi, reading, &FINAL),
        ..RESOLUTION
    },
    Kpi {
        id: "ttr_final_median",
        title: "Time to final resolution (median)",
        expression: "median of times to the last settlement",
        doc: "Half of the matters were settled for good at least this fast (exact to 0.2%).",
        compute: |kpi, reading| median(kpi, reading, &FINAL),
        ..RESOLUTION
    },
    Kpi {
        id: "ttr_final_p90",
        title: "Time to final resolution (90%)",
        expression: "90th percentile of times to the last settlement, nearest rank",
        doc: "Nine of ten matters were settled for good at least this fast (exact to 0.2%).",
        compute: |kpi, reading| percentile(kpi, reading, &FINAL, 90),
        ..RESOLUTION
    },
];
