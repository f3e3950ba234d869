//! Staffing: how many contacts are coming, how many agents that takes, how many are missing.

use super::forecast::{Expected, Group, Work, mean_aht_s, present};
use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, Kpi, OWN, Outcome, Reading, erlang, text};

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "forecast_contacts",
        title: "Expected next hour",
        unit: Unit::Count,
        better: Better::Neither,
        expression: "Σ over the quarter hours ahead: mean offered in the same quarter hour of the \
                     same weekday, last five weeks",
        doc: "Contacts to be expected within the next hour, from the same time of the same weekday \
              in the last five weeks, as far as they are known.",
        compute: forecast,
        ..KPI
    },
    Kpi {
        id: "agents_required",
        title: "Agents needed",
        unit: Unit::Count,
        better: Better::Neither,
        expression: "Erlang C at the queue's goal; written: backlog / (T / AHT × concurrency)",
        source: "Erlang C: A. K. Erlang, \"Solution of some problems in the theory of \
                 probabilities of significance in automatic telephone exchanges\" (1917); the part \
                 for written contacts is Tablica's own",
        doc: "Agents needed in this quarter of an hour. Calls and live chats: the smallest team \
              that reaches the queue's goal within T, by Erlang C. Other written contacts: enough \
              to clear the backlog within T. In writing, each agent leads as many conversations at \
              once as the queue's `concurrency` says.",
        compute: required,
        ..KPI
    },
    Kpi {
        id: "agents_missing",
        title: "Agents missing",
        unit: Unit::Count,
        better: Better::Lower,
        expression: "agents needed − agents present",
        doc: "Agents needed in this quarter of an hour less the agents who are present, neither \
              logged off nor on a break. Below 0 there are agents to spare.",
        compute: missing,
        ..KPI
    },
];

const KPI: Kpi = Kpi {
    id: "",
    title: "",
    unit: Unit::Count,
    better: Better::Neither,
    is_state: true,
    expression: "",
    source: OWN,
    doc: "",
    applies_to: AppliesTo::Contacts,
    compute: |kpi, _| nothing_seen(kpi),
};

fn not_yet(kpi: &Kpi) -> Outcome {
    let sentence = "There is no forecast until a week has passed.".to_owned();
    Outcome::new(kpi, Figure::NoData, sentence)
}

/// The groups that have a past, unless there is nothing to say.
fn groups<'a>(kpi: &Kpi, reading: &Reading<'a>) -> Result<Vec<Group<'a>>, Box<Outcome>> {
    if reading.is_past() || reading.is_empty() {
        return Err(Box::new(nothing_seen(kpi)));
    }
    Ok(Group::all(reading.engine, reading.selector))
}

fn weeks(weeks: usize) -> String {
    let counted = i64::try_from(weeks).unwrap_or(i64::MAX);
    format!("by the same time of the same weekday, {} back", text::counted(counted, "weeks"))
}

fn forecast(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    let groups = match groups(kpi, reading) {
        Ok(groups) => groups,
        Err(outcome) => return *outcome,
    };
    let hours: Vec<(f64, usize)> = groups.iter().filter_map(Group::next_hour).collect();
    let Some(back) = hours.iter().map(|(_, weeks)| *weeks).max() else { return not_yet(kpi) };
    let contacts: f64 = hours.iter().map(|(contacts, _)| contacts).sum();
    let shown = text::counted(contacts.round() as i64, reading.noun());
    let sentence = format!("{shown} are expected within an hour, {}.", weeks(back));
    Outcome::new(kpi, Figure::Number(contacts), sentence).count("weeks", back as i64)
}

fn required(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    match needed(kpi, reading) {
        Ok(need) => {
            let agents = i64::from(need.agents);
            let shown = text::counted(agents, "agents");
            let are = if agents == 1 { "is" } else { "are" };
            let sentence = format!("{shown} {are} needed now: {}.{}", need.why, need.usual);
            need.outcome(kpi, f64::from(need.agents), sentence)
        }
        Err(outcome) => *outcome,
    }
}

fn missing(kpi: &Kpi, reading: &Reading<'_>) -> Outcome {
    let need = match needed(kpi, reading) {
        Ok(need) => need,
        Err(outcome) => return *outcome,
    };
    let Some(present) = present(reading.engine, reading.selector) else {
        let sentence = "Nothing is known of the agents who serve it.".to_owned();
        return Outcome::new(kpi, Figure::NoData, sentence);
    };
    let missing = i64::from(need.agents) - i64::from(present);
    let (needed, there) = (text::count(need.agents.into()), text::count(present.into()));
    let sentence = format!("{needed} agents needed, {there} present: {}.", need.why);
    need.outcome(kpi, missing as f64, sentence).count("present", present.into())
}

/// What the quarter of an hour under way needs.
struct Need {
    agents: u32,
    contacts: f64,
    aht_s: Option<f64>,
    weeks: usize,
    /// Conversations that an agent leads at once; none over several queues.
    concurrency: Option<u32>,
    why: String,
    /// What teams of that volume usually have.
    usual: String,
}

impl Need {
    fn outcome(&self, kpi: &Kpi, number: f64, sentence: String) -> Outcome {
        let aht_ms = self.aht_s.unwrap_or_default() * 1000.0;
        let outcome = Outcome::new(kpi, Figure::Number(number), sentence)
            .count("required", self.agents.into())
            .count("contacts", self.contacts.round() as i64)
            .count("aht_ms", aht_ms.round() as i64)
            .count("weeks", self.weeks as i64);
        match self.concurrency {
            Some(concurrency) => outcome.count("concurrency", concurrency.into()),
            None => outcome,
        }
    }
}

fn needed(kpi: &Kpi, reading: &Reading<'_>) -> Result<Need, Box<Outcome>> {
    let groups = groups(kpi, reading)?;
    let of = |group: &Group<'_>| group.expected(reading.now_ms);
    let known: Vec<(&Group<'_>, Expected)> =
        groups.iter().filter_map(|group| Some((group, of(group)?))).collect();
    let Some(back) = known.iter().map(|(_, expected)| expected.weeks).max() else {
        return Err(Box::new(not_yet(kpi)));
    };
    let Some(agents) = known.iter().map(|(_, expected)| expected.agents).sum::<Option<u32>>()
    else {
        let why = why_not(&known).to_owned();
        return Err(Box::new(Outcome::new(kpi, Figure::NoData, why)));
    };
    let all: Vec<Expected> = known.iter().map(|(_, expected)| *expected).collect();
    let contacts: f64 = all.iter().map(|expected| expected.contacts).sum();
    let aht_s = mean_aht_s(&all);
    let shown = text::counted(contacts.round() as i64, reading.noun());
    let mut why = format!("{shown} are expected in this quarter of an hour, {}", weeks(back));
    if let Some(aht_s) = aht_s {
        why.push_str(&format!("; each takes {}", text::clock(aht_s)));
    }
    let mut concurrency = None;
    if let [(group, _)] = known.as_slice() {
        why.push_str(&goal(group));
        concurrency = Some(group.concurrency());
    }
    Ok(Need { agents, contacts, aht_s, weeks: back, concurrency, why, usual: usual(&known) })
}

fn why_not(known: &[(&Group<'_>, Expected)]) -> &'static str {
    if known.iter().any(|(_, expected)| expected.agents.is_none() && expected.aht_s.is_none()) {
        "It is not known yet how long a contact takes."
    } else {
        "No team is large enough for the goal."
    }
}

/// What the queue has promised.
fn goal(group: &Group<'_>) -> String {
    let within = text::length(group.threshold_ms());
    let goal = text::percent(group.rules().goal);
    let promise = match group.work() {
        Work::Calls => format!("; {goal} are to be answered within {within}"),
        Work::Chats => format!("; {goal} are to get a reply within {within}"),
        Work::Written => format!("; what lies is to be answered within {within}"),
    };
    match group.concurrency() {
        1 => promise,
        at_once => format!("{promise}; an agent leads {at_once} conversations at once"),
    }
}

/// The published bands, for written work: a figure far from them is worth a second look.
fn usual(known: &[(&Group<'_>, Expected)]) -> String {
    let written = known.iter().filter(|(group, _)| group.work() == Work::Written);
    let messages: u64 = written.map(|(group, _)| group.messages_per_month()).sum();
    if messages == 0 {
        return String::new();
    }
    let band = erlang::usual_agents(messages);
    let team = match (band.start(), band.end()) {
        (from, to) if from == to => format!("about {to}"),
        (from, to) => format!("{from} to {to}"),
    };
    let messages = text::count(i64::try_from(messages).unwrap_or(i64::MAX));
    format!(" Teams with {messages} messages a month usually have {team} agents in all.")
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::super::forecast::quarters;
    use crate::engine::tests::script::*;
    use crate::engine::{QUARTER_MS, Rules};
    use crate::scope::Window;

    const DAY: f64 = 24.0 * 3600.0;

    /// So many calls from that second on, 18 s apart, three minutes each.
    fn calls(script: &mut Script, from: f64, count: u32) {
        for call in 0..count {
            let second = from + f64::from(call) * 18.0;
            script.contact(&format!("c{second}"), "sales").queued(second).agent("ann");
            script.answered(second + 1.0).ended(second + 181.0);
        }
    }

    #[test]
    fn a_day_is_expected_as_the_same_weekday_was() {
        let mut script = Script::on("phone");
        calls(&mut script, 3600.0, 100);
        calls(&mut script, 7.0 * DAY + 3600.0, 50);
        script.events.sort_by_key(|event| event.at_ms);
        // Monday two weeks later, at half past eight.
        let engine = fold(&script.events, 14.0 * DAY + 1800.0);
        let day = quarters(&engine, &all(), (at(14.0 * DAY), at(14.0 * DAY + 7200.0)));
        let expected: Vec<_> = day.iter().map(|it| (it.contacts, it.agents, it.weeks)).collect();
        let nobody = (Some(0.0), Some(0), 2);
        let begins = (Some(0.0), Some(0), 1);
        assert_eq!(expected[..4], [begins; 4], "the first Monday began at nine");
        assert_eq!(expected[4..6], [(Some(50.0), Some(14), 2), (Some(25.0), Some(8), 2)]);
        assert_eq!(expected[6..], [nobody, nobody]);
        assert_eq!(day[4].aht_s, Some(180.0));
        assert_eq!(day[1].from_ms - day[0].from_ms, QUARTER_MS);
        let tomorrow = quarters(&engine, &all(), (at(15.0 * DAY), at(15.0 * DAY + 900.0)));
        assert_eq!((tomorrow[0].contacts, tomorrow[0].weeks), (Some(0.0), 2));
    }

    #[test]
    fn the_future_looks_back_from_now_and_not_further_than_five_weeks() {
        let mut script = Script::on("phone");
        for week in 0..8 {
            calls(&mut script, f64::from(week) * 7.0 * DAY, 8 - week);
        }
        let engine = fold(&script.events, 8.0 * 7.0 * DAY);
        let of = |week: f64| {
            let from = week * 7.0 * DAY;
            quarters(&engine, &all(), (at(from), at(from + 900.0)))[0]
        };
        // Calls of the last five Mondays: 5, 4, 3, 2, 1.
        assert_eq!((of(8.0).contacts, of(8.0).weeks), (Some(3.0), 5));
        assert_eq!((of(20.0).contacts, of(20.0).weeks), (Some(3.0), 5), "in three months, too");
        assert_eq!(number(&engine, "forecast_contacts", &all(), Window::Now), 3.0);
    }

    #[test]
    fn a_day_of_25_hours_has_100_quarters() {
        let zone = TimeZone::get("Europe/Warsaw").expect("a zone of the bundled database");
        let rules = Rules { time_zone: zone, ..Rules::default() };
        let engine = fold_with(rules, &[], 0.0);
        for (date, expected) in [("2026-10-25", 100), ("2026-03-29", 92), ("2026-05-01", 96)] {
            let day = engine.day_of(date.parse().expect("a date")).expect("a day");
            assert_eq!(quarters(&engine, &all(), day).len(), expected, "{date}");
        }
    }
}
