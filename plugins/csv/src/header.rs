//! The header row, and where in a row stands what the settings name: looked up once for a file.

use tablica_plugin::{Failure, bad_input};

use crate::settings::{Names, Settings};

/// The columns of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// Their names, in their order.
    pub(crate) names: Vec<String>,
    pub(crate) columns: Columns,
    /// Of each rule the places of its time and of its conditions.
    pub(crate) rules: Vec<(Places, Places)>,
}

/// Places in a row.
pub(crate) type Places = Vec<usize>;

/// Of each thing that the settings name a column for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Columns {
    pub(crate) id: Places,
    pub(crate) interaction: Places,
    pub(crate) queue: Places,
    pub(crate) agent: Places,
    pub(crate) phone: Places,
    pub(crate) mail: Places,
    pub(crate) customer: Places,
    pub(crate) text: Places,
    pub(crate) score: Places,
    pub(crate) priority: Places,
    pub(crate) reason: Places,
    pub(crate) status: Places,
    pub(crate) to_queue: Places,
    pub(crate) to_agent: Places,
}

impl Header {
    /// A header that has every column that the settings name.
    pub(crate) fn of(names: Vec<String>, settings: &Settings) -> Result<Self, Failure> {
        let find = |wanted: &Names, key: &str| places(&names, wanted, &format!("columns.{key}"));
        let wanted = &settings.columns;
        find(&wanted.time, "time")?;
        let columns = Columns {
            id: find(&wanted.id, "id")?,
            interaction: find(&wanted.interaction, "interaction")?,
            queue: find(&wanted.queue, "queue")?,
            agent: find(&wanted.agent, "agent")?,
            phone: find(&wanted.phone, "phone")?,
            mail: find(&wanted.mail, "mail")?,
            customer: find(&wanted.customer, "customer")?,
            text: find(&wanted.text, "text")?,
            score: find(&wanted.score, "score")?,
            priority: find(&wanted.priority, "priority")?,
            reason: find(&wanted.reason, "reason")?,
            status: find(&wanted.status, "status")?,
            to_queue: find(&wanted.to_queue, "to_queue")?,
            to_agent: find(&wanted.to_agent, "to_agent")?,
        };
        let mut rules = Vec::new();
        for (number, rule) in settings.events.iter().enumerate() {
            let when = rule.when.iter().map(|(column, _)| column.clone()).collect();
            rules.push((
                places(&names, &rule.time, &format!("events.{number}.time"))?,
                places(&names, &Names(when), &format!("events.{number}.when"))?,
            ));
        }
        Ok(Self { names, columns, rules })
    }
}

/// Names are the operator's own: they may stand in a reason. Quoted they would be struck out there.
fn places(header: &[String], wanted: &Names, setting: &str) -> Result<Places, Failure> {
    let place = |name: &String| {
        header.iter().position(|it| it.eq_ignore_ascii_case(name)).ok_or_else(|| {
            let help = match header.len() {
                1 => "it has one column only: is the setting delimiter right?",
                _ => "are the settings delimiter, encoding and skip_rows right?",
            };
            bad_input(format!(
                "the header row has no column {name}, which the setting {setting} names; {help}"
            ))
        })
    };
    wanted.0.iter().map(place).collect()
}

/// A value of a row; empty where the row is too short.
pub(crate) fn value(row: &[String], place: usize) -> &str {
    row.get(place).map_or("", String::as_str)
}

/// The values of several columns, joined; none when one is empty: half a time is none.
pub(crate) fn whole(row: &[String], places: &[usize], between: &str) -> Option<String> {
    let has_all = places.iter().all(|place| !value(row, *place).is_empty());
    has_all.then(|| joined(row, places, between))?
}

/// The values of several columns, joined; none when all are empty.
pub(crate) fn joined(row: &[String], places: &[usize], between: &str) -> Option<String> {
    if let [place] = places {
        return Some(value(row, *place).to_owned()).filter(|value| !value.is_empty());
    }
    let values = places.iter().map(|place| value(row, *place));
    let values: Vec<&str> = values.filter(|value| !value.is_empty()).collect();
    (!values.is_empty()).then(|| values.join(between))
}
