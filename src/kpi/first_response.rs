//! First response: how soon customers who wrote get their first human reply, by the calendar's
//! time and by the business hours of the queue. A bot's answer is told apart.

use super::measured::{LENGTH, Measured, mean, median, percentile};
use super::reading::mean_seconds;
use super::value::Figure;
use super::{COMMON, Kpi, OWN, Outcome, text};
use crate::engine::{Field, Length, Sum};

static ASSIGNMENT: Measured = Measured {
    field: Field::Assignments,
    sum: Sum::Assignment,
    length: Length::Assignment,
    words: ["contact was first assigned to an agent", "contacts were first assigned to an agent"],
    kind_of_time: "",
};

const REPLY: [&str; 2] = ["first human reply was given", "first human replies were given"];

static BY_CALENDAR: Measured = Measured {
    field: Field::Responses,
    sum: Sum::Response,
    length: Length::Response,
    words: REPLY,
    kind_of_time: "",
};

static BY_BUSINESS_HOURS: Measured = Measured {
    field: Field::Responses,
    sum: Sum::ResponseBusiness,
    length: Length::ResponseBusiness,
    words: REPLY,
    kind_of_time: " of business hours",
};

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "frt",
        title: "First response time",
        expression: "Σ (first public human reply − opening) / contacts replied to",
        source: COMMON,
        doc: "Mean time from the customer's first message to the first public reply of a human, \
              nights and weekends included; counted when the reply was given. An assignment, an \
              internal note or a message of a bot is no reply.",
        compute: |kpi, reading| mean(kpi, reading, &BY_CALENDAR),
        ..LENGTH
    },
    Kpi {
        id: "frt_median",
        title: "First response time (median)",
        expression: "median of the first response times",
        doc: "Half of the first human replies came within this time, nights and weekends included \
              (exact to 0.5 %).",
        compute: |kpi, reading| median(kpi, reading, &BY_CALENDAR),
        ..LENGTH
    },
    Kpi {
        id: "frt_p90",
        title: "First response time (90%)",
        expression: "90th percentile of the first response times, nearest rank",
        doc: "90 % of the first human replies came within this time, nights and weekends included \
              (exact to 0.5 %).",
        compute: |kpi, reading| percentile(kpi, reading, &BY_CALENDAR, 90),
        ..LENGTH
    },
    Kpi {
        id: "frt_p95",
        title: "First response time (95%)",
        expression: "95th percentile of the first response times, nearest rank",
        doc: "95 % of the first human replies came within this time, nights and weekends included \
              (exact to 0.5 %).",
        compute: |kpi, reading| percentile(kpi, reading, &BY_CALENDAR, 95),
        ..LENGTH
    },
    Kpi {
        id: "frt_business",
        title: "First response in business hours",
        expression: "Σ open time from the opening to the first public human reply / contacts \
                     replied to",
        source: COMMON,
        doc: "Mean time from the customer's first message to the first public reply of a human, \
              counting only the time in which the queue's calendar is open: for a message at night \
              it runs from the morning on. Counted when the reply was given.",
        compute: |kpi, reading| mean(kpi, reading, &BY_BUSINESS_HOURS),
        ..LENGTH
    },
    Kpi {
        id: "frt_business_median",
        title: "First response in business hours (median)",
        expression: "median of the first response times in open time",
        doc: "Half of the first human replies came within this much of the queue's open time \
              (exact to 0.5 %).",
        compute: |kpi, reading| median(kpi, reading, &BY_BUSINESS_HOURS),
        ..LENGTH
    },
    Kpi {
        id: "frt_business_p90",
        title: "First response in business hours (90%)",
        expression: "90th percentile of the first response times in open time, nearest rank",
        doc: "90 % of the first human replies came within this much of the queue's open time \
              (exact to 0.5 %).",
        compute: |kpi, reading| percentile(kpi, reading, &BY_BUSINESS_HOURS, 90),
        ..LENGTH
    },
    Kpi {
        id: "frt_business_p95",
        title: "First response in business hours (95%)",
        expression: "95th percentile of the first response times in open time, nearest rank",
        doc: "95 % of the first human replies came within this much of the queue's open time \
              (exact to 0.5 %).",
        compute: |kpi, reading| percentile(kpi, reading, &BY_BUSINESS_HOURS, 95),
        ..LENGTH
    },
    Kpi {
        id: "time_to_assignment",
        title: "Time to assignment",
        expression: "Σ (first assignment − opening) / contacts assigned",
        source: OWN,
        doc: "Mean time from the customer's first message until the contact was assigned to an \
              agent, counted when it was. An assignment is no answer: the customer still waits for \
              a reply.",
        compute: |kpi, reading| mean(kpi, reading, &ASSIGNMENT),
        ..LENGTH
    },
    Kpi {
        id: "first_bot_response",
        title: "First bot response",
        expression: "Σ (first answer of a bot − opening) / contacts that a bot answered",
        source: OWN,
        doc: "Mean time from the customer's first message to the first answer of a bot, counted \
              when it was given. It stops no other clock: the customer still waits for a human.",
        compute: |kpi, reading| {
            let count = reading.get(Field::BotResponses);
            let sum_ms = reading.sum_ms(Sum::BotResponse);
            let sentence = match mean_seconds(sum_ms, count) {
                Figure::Number(mean) => format!(
                    "{} of a bot {} took {} on average.",
                    text::counted(count, "first answers"),
                    reading.when(),
                    text::clock(mean),
                ),
                _ => format!("No bot answered {}.", reading.when()),
            };
            Outcome::new(kpi, mean_seconds(sum_ms, count), sentence)
                .count("bot_responses", count)
                .count("response_ms", sum_ms)
        },
        ..LENGTH
    },
];
