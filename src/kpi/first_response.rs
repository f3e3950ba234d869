//! First response: how soon customers who wrote get their first human reply, by the calendar's
//! time and by the business hours of the queue. A bot's answer is told apart.

use super::measured::{LENGTH, Measured, mean, median, percentile};
use super::reading::mean_seconds;
use super::value::Figure;
use super::{Kpi, Outcome, text};
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
        expression: "Σ (first public human reply − customer's opening) / contacts replied to",
        doc: "Mean time from the customer's first message to the first human reply, counted \
              when the reply was given.",
        compute: |kpi, reading| mean(kpi, reading, &BY_CALENDAR),
        ..LENGTH
    },
    Kpi {
        id: "frt_median",
        title: "First response time (median)",
        expression: "median of first response times",
        doc: "Half of the first human replies came at least this fast (exact to 0.2%).",
        compute: |kpi, reading| median(kpi, reading, &BY_CALENDAR),
        ..LENGTH
    },
    Kpi {
        id: "frt_p90",
        title: "First response time (90%)",
        expression: "90th percentile of first response times, nearest rank",
        doc: "Nine of ten first human replies came at least this fast (exact to 0.2%).",
        compute: |kpi, reading| percentile(kpi, reading, &BY_CALENDAR, 90),
        ..LENGTH
    },
    Kpi {
        id: "frt_p95",
        title: "First response time (95%)",
        expression: "95th percentile of first response times, nearest rank",
        doc: "19 of 20 first human replies came at least this fast (exact to 0.2%).",
        compute: |kpi, reading| percentile(kpi, reading, &BY_CALENDAR, 95),
        ..LENGTH
    },
    Kpi {
        id: "frt_business",
        title: "First response in business hours",
        expression: "Σ open time from the customer's opening to the first public human reply \
                     / contacts replied to",
        doc: "Likewise the mean, counting only the time in which the calendar of the queue is \
              open: who writes at night waits from the morning on.",
        compute: |kpi, reading| mean(kpi, reading, &BY_BUSINESS_HOURS),
        ..LENGTH
    },
    Kpi {
        id: "frt_business_median",
        title: "First response in business hours (median)",
        expression: "median of first response times in open time",
        doc: "Half of the first human replies took at most so much of the queue's open time \
              (exact to 0.2%).",
        compute: |kpi, reading| median(kpi, reading, &BY_BUSINESS_HOURS),
        ..LENGTH
    },
    Kpi {
        id: "frt_business_p90",
        title: "First response in business hours (90%)",
        expression: "90th percentile of first response times in open time, nearest rank",
        doc: "Nine of ten first human replies took at most so much of the queue's open time \
              (exact to 0.2%).",
        compute: |kpi, reading| percentile(kpi, reading, &BY_BUSINESS_HOURS, 90),
        ..LENGTH
    },
    Kpi {
        id: "time_to_assignment",
        title: "Time to assignment",
        expression: "Σ (first assignment − customer's opening) / contacts assigned",
        doc: "Mean time from the customer's opening until an agent was told to take care of it. \
              That is no answer: the customer waits on.",
        compute: |kpi, reading| mean(kpi, reading, &ASSIGNMENT),
        ..LENGTH
    },
    Kpi {
        id: "first_bot_response",
        title: "First answer of a bot",
        expression: "Σ (first answer of a bot − customer's opening) / contacts a bot answered",
        doc: "Mean time to the first answer of a machine. It stops no other clock.",
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
