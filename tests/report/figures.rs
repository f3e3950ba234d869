//! The figures of reports, of the API and of replays, made comparable.

use std::collections::BTreeMap;

use serde_json::Value;
use tablica::engine::Sum;
use tablica::kpi::text;

/// A figure of a report.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cell {
    pub(super) value: Option<f64>,
    pub(super) display: String,
    pub(super) ratings: Option<i64>,
}

/// By what it is of, by whom and by KPI: `("agent", "Agent X7KQ", "aht")`.
pub(super) type Cells = BTreeMap<(String, String, String), Cell>;

pub(super) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

pub(super) fn text_of(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// Every figure of a report in JSON, and what the API selects it by where the report says so.
pub(super) fn cells(report: &Value) -> (Cells, BTreeMap<(String, String), Value>) {
    let (mut cells, mut selectors) = (Cells::new(), BTreeMap::new());
    let mut note = |of: &str, name: &str, kpi: &Value, cell: &Value| {
        let key = (of.to_owned(), name.to_owned(), text_of(kpi));
        let cell = Cell {
            value: cell["value"].as_f64(),
            display: text_of(&cell["display"]),
            ratings: cell["ratings"].as_i64(),
        };
        assert!(cells.insert(key, cell).is_none(), "{of} {name} twice");
    };
    for line in report["headline"].as_array().expect("a list") {
        note("all", "", &line["kpi"], &line["now"]);
    }
    for policy in report["policies"].as_array().expect("a list") {
        note(
            "policy",
            policy["policy"].as_str().expect("a name"),
            &"sla_met".into(),
            &policy["met"],
        );
    }
    for table in report["tables"].as_array().expect("a list") {
        let of = text_of(&table["of"]).to_lowercase();
        for row in table["rows"].as_array().expect("a list") {
            let name = text_of(&row["name"]);
            let kpis = table["kpis"].as_array().expect("a list").iter();
            for (kpi, cell) in kpis.zip(row["cells"].as_array().expect("a list")) {
                note(&of, &name, kpi, cell);
            }
            selectors.insert((of.clone(), name), row["selector"].clone());
        }
    }
    (cells, selectors)
}

/// A figure of the API, as a report would write it.
pub(super) fn cell_of(value: &Value) -> Cell {
    let figure = serde_json::from_value::<Figure>(value["figure"].clone()).expect("a figure");
    let unit = text_of(&value["unit"]);
    let display = match &figure.state[..] {
        "not_applicable" => "–".to_owned(),
        "no_data" => "no data".to_owned(),
        "concealed" => "concealed".to_owned(),
        _ => shown(figure.value.expect("a number"), &unit),
    };
    let counts = value["receipt"]["counts"].as_array().expect("a list");
    let count = |name: &str| counts.iter().find(|count| count["name"] == name);
    let ratings = count("ratings_to_ten").or(count("ratings")).filter(|_| figure.value.is_some());
    let ratings = ratings.and_then(|ratings| ratings["value"].as_i64());
    Cell { value: figure.value, display, ratings }
}

#[derive(serde::Deserialize)]
struct Figure {
    state: String,
    value: Option<f64>,
}

/// A number as people write it.
fn shown(number: f64, unit: &str) -> String {
    use tablica::kpi::value::{Figure, Unit};
    let unit = match unit {
        "ratio" => Unit::Ratio,
        "seconds" => Unit::Seconds,
        "count" => Unit::Count,
        "points" => Unit::Points,
        "money" => Unit::Money,
        _ => Unit::Number,
    };
    text::figure(Figure::Number(number), unit)
}

/// What days say together of a KPI, from the counts of their receipts; of percentiles only
/// between which of the days' they lie.
pub(super) fn together(kpi: &str, days: &[&Value]) -> (Option<f64>, Option<f64>) {
    let figures: Vec<f64> = days.iter().filter_map(|day| day["figure"]["value"].as_f64()).collect();
    let count = |name: &str| -> f64 {
        let counts =
            days.iter().flat_map(|day| day["receipt"]["counts"].as_array().expect("a list"));
        let named = counts.filter(|count| count["name"] == name);
        named.map(|count| count["value"].as_f64().expect("a number")).sum()
    };
    let share = |part: f64, whole: f64| (whole > 0.0).then(|| part / whole);
    let exactly = match kpi {
        "volume" | "offered" | "answered" | "never_answered" | "complaints" | "cost" => {
            (!figures.is_empty()).then(|| figures.iter().sum())
        }
        "service_level" => share(count("in_time"), count("counted")),
        "answer_rate" => share(count("reached"), count("contacts")),
        "abandon_rate_net" => {
            let short = count("abandoned_short");
            share(count("abandoned") - short, count("offered") - short)
        }
        "asa" => share(count("wait_ms") / 1000.0, count("answered")),
        "aht" => {
            let parts = [Sum::Talk, Sum::Hold, Sum::AfterWork].map(|sum| count(sum.name()));
            share(parts.iter().sum::<f64>() / 1000.0, count("handled"))
        }
        "transfers_per_contact" => {
            // Of one queue, those that entered it.
            share(count("transfers"), count("contacts") + count("offered"))
        }
        "csat" => share(count("positive"), count("ratings")),
        "nps" => {
            let lead = count("promoters") - count("detractors");
            share(100.0 * lead, count("ratings_to_ten"))
        }
        "fcr" => {
            let contacts = count("contacts_of_known_customers");
            share(contacts - count("came_again"), contacts)
        }
        "sla_met" => share(count("kept"), count("kept") + count("broken")),
        _ => {
            assert!(kpi.starts_with("frt_"), "{kpi}: no sum of days is known");
            let least = figures.iter().copied().reduce(f64::min);
            return (least, figures.iter().copied().reduce(f64::max));
        }
    };
    (exactly, exactly)
}
