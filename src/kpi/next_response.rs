//! Next response: how long customers wait each time they wrote, the first time and every further
//! one. Measured from the first of their messages that nobody had replied to.

use super::measured::{LENGTH, Measured, mean, median, percentile};
use super::{Kpi, OWN};
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
        expression: "Σ (human reply − first unanswered message) / replies",
        source: OWN,
        doc: "Mean time that customers who wrote waited for a reply of a human, over all replies \
              of a conversation: the first one and every later one. Several messages in a row are \
              one wait, which begins with the first of them; no assignment, internal note or \
              message of a bot starts it anew. Counted when the reply was given.",
        compute: |kpi, reading| mean(kpi, reading, &REPLIES),
        ..LENGTH
    },
    Kpi {
        id: "nrt_median",
        title: "Next response time (median)",
        expression: "median of the waits that human replies ended",
        doc: "Half of the human replies, first and later ones, came within this time (exact to 0.5 \
              %).",
        compute: |kpi, reading| median(kpi, reading, &REPLIES),
        ..LENGTH
    },
    Kpi {
        id: "nrt_p90",
        title: "Next response time (90%)",
        expression: "90th percentile of the waits that human replies ended, nearest rank",
        doc: "90 % of the human replies, first and later ones, came within this time (exact to 0.5 \
              %).",
        compute: |kpi, reading| percentile(kpi, reading, &REPLIES, 90),
        ..LENGTH
    },
    Kpi {
        id: "nrt_p95",
        title: "Next response time (95%)",
        expression: "95th percentile of the waits that human replies ended, nearest rank",
        doc: "95 % of the human replies, first and later ones, came within this time (exact to 0.5 \
              %).",
        compute: |kpi, reading| percentile(kpi, reading, &REPLIES, 95),
        ..LENGTH
    },
];
