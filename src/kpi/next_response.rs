//! Next response: how long customers wait each time they wrote, the first time and every further
//! one. Measured from the first of their messages that nobody had replied to.

use super::Kpi;
use super::measured::{LENGTH, Measured, mean, median, percentile};
use crate::engine::{Field, Length, Sum};

static REPLIES: Measured = Measured {
    field: Field::Replies,
    sum: Sum::Reply,
    length: Length::Reply,
    words: [
        "human reply to a waiting customer was given",
        "human replies to waiting customers were given",
    ],
    kind_of_time: "",
};

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "nrt",
        title: "Next response time",
        expression: "Σ (human reply − first message not replied to) / replies",
        doc: "Mean wait for a human reply within conversations, the first one and every further \
              one. Of several messages in a row, the first counts.",
        compute: |kpi, reading| mean(kpi, reading, &REPLIES),
        ..LENGTH
    },
    Kpi {
        id: "nrt_median",
        title: "Next response time (median)",
        expression: "median of the waits that replies ended",
        doc: "Half of the human replies came at least this fast (exact to 0.2%).",
        compute: |kpi, reading| median(kpi, reading, &REPLIES),
        ..LENGTH
    },
    Kpi {
        id: "nrt_p90",
        title: "Next response time (90%)",
        expression: "90th percentile of the waits that replies ended, nearest rank",
        doc: "Nine of ten human replies came at least this fast (exact to 0.2%).",
        compute: |kpi, reading| percentile(kpi, reading, &REPLIES, 90),
        ..LENGTH
    },
];
