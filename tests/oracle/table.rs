//! The whole table: every KPI, by everything that contacts can be selected by, over every window.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tablica::kpi::{self, value::Figure, value::Unit};
use tablica::scope::{Selector, Window};

use super::compare::{Comparison, Difference, Question};
use super::draw::{Scenario, scenarios};
use super::questions::{pairs, singles, table};
use super::report::Report;

/// Days of each of the two runs, which take about half a minute each in a debug build. More of them:
/// `ORACLE_DAYS=200`.
const DAYS: usize = 3;
/// Each day is asked for about so many of the pairs of values, spread over all pairs of keys.
const PAIRS: usize = 12;

/// What the run is about: the KPIs that `ORACLE_KPI` names, or whose ids begin so (`frt*`); all of
/// them without it.
fn is_asked(question: &Question) -> bool {
    let id = question.kpi.id;
    std::env::var("ORACLE_KPI").map_or(true, |asked| {
        asked
            .split(',')
            .any(|it| id == it || it.strip_suffix('*').is_some_and(|it| id.starts_with(it)))
    })
}

fn number_of(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Scenarios in a row, always the same ones for a seed.
pub(super) fn drawn(
    strategy: impl Strategy<Value = Scenario>,
    seed: u64,
    count: usize,
) -> impl Iterator<Item = Scenario> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..count).map(move |_| strategy.new_tree(&mut runner).expect("a scenario").current())
}

/// Asks for every KPI, by everything that contacts can be selected by, over every window.
fn walk(seed: u64) {
    let days = number_of("ORACLE_DAYS").map_or(DAYS, |days| days as usize);
    let mut report = Report::of(seed);
    let pairs = pairs();
    for (number, scenario) in drawn(scenarios(2..40), seed, days).enumerate() {
        let mut selectors = singles();
        let step = pairs.len() / PAIRS;
        selectors.extend(pairs.iter().skip(number % step).step_by(step).cloned());
        let mut comparison = Comparison::new(&scenario, &selectors);
        selectors.retain(|selector| comparison.is_watched(selector));
        for question in table(&selectors).filter(is_asked) {
            if let Some(difference) = comparison.differs(&question) {
                report.add(&scenario, difference);
            }
        }
        for difference in sums(&comparison) {
            report.add(&scenario, difference);
        }
        report.count(&comparison);
    }
    report.assert_empty();
}

#[test]
fn every_figure_is_what_the_definitions_say() {
    walk(7);
}

#[test]
fn every_figure_is_what_the_definitions_say_on_other_days() {
    walk(number_of("ORACLE_SEED").unwrap_or(1848));
}

fn number(comparison: &Comparison<'_>, question: &Question) -> Option<f64> {
    match comparison.value(question).figure {
        Figure::Number(number) => Some(number),
        Figure::NoData => Some(0.0),
        Figure::NotApplicable | Figure::Concealed => None,
    }
}

/// What must hold between the engine's own answers: everybody offered is answered, abandoned, flowed
/// out or waits; and what is counted in all queues, "no queue" included, is the total.
fn sums(comparison: &Comparison<'_>) -> Vec<Difference> {
    let mut differences = Vec::new();
    let offered = kpi::find("offered").expect("a KPI");
    let rows = singles();
    let plain = rows.iter().filter(|it| it.policy.is_none() && it.dimension.is_none());
    for question in plain.flat_map(|selector| {
        Window::ALL.map(|window| Question { kpi: offered, selector: selector.clone(), window })
    }) {
        let counts = comparison.value(&question).receipt.counts;
        let get = |name| counts.iter().find(|it| it.name == name).map_or(0, |it| it.value);
        let parts = ["answered", "abandoned", "flowed_out", "waiting"].map(get);
        if get("offered") != parts.iter().sum::<i64>() {
            differences.push(Difference {
                question,
                expected: "offered = answered + abandoned + flowed_out + waiting".to_owned(),
                got: format!("{counts:?}"),
            });
        }
    }
    let channels = rows.iter().filter(|it| it.words().iter().all(|(key, _)| *key == "channel"));
    for selector in channels {
        for question in table(std::slice::from_ref(selector)) {
            if question.kpi.unit != Unit::Count || !is_summed(question.kpi.id) {
                continue;
            }
            let of = |queue: &str| {
                let queue = Some(queue.to_owned());
                let selector = Selector { queue, ..selector.clone() };
                number(comparison, &Question { selector, ..question.clone() })
            };
            let rows = ["sales", "care", "back", ""].map(of);
            let total = number(comparison, &question);
            let sum = rows.iter().copied().sum::<Option<f64>>();
            if total.is_some()
                && rows.iter().flatten().sum::<f64>() != total.unwrap_or(0.0)
                && sum.is_some()
            {
                differences.push(Difference {
                    question,
                    expected: format!("the sum over the queues sales, care, back, none: {rows:?}"),
                    got: format!("{total:?}"),
                });
            }
        }
    }
    differences
}

/// Counts that each contact adds to in one queue at a time; not what is made of them.
fn is_summed(id: &str) -> bool {
    let made = ["agents", "forecast", "recovery", "budget"];
    !made.iter().any(|word| id.contains(word))
}
