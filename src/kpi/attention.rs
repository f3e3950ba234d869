//! Public attention: who speaks of us where strangers read it, how it sounds, and whether that is
//! more than usual.

use super::reading::share;
use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, Kpi, OWN, Outcome, Reading, text};
use crate::engine::{CellView, Field, QUARTER_MS, Quarters};
use crate::event::Millis;
use crate::scope::{Selector, Window};

/// Weeks that the present hour is compared with, by what their counts are called.
const WEEKS: [&str; 4] =
    ["one_week_before", "two_weeks_before", "three_weeks_before", "four_weeks_before"];
/// Fewer of them say nothing about what is usual.
const WEEKS_MIN: usize = 3;
/// A jump, in standard deviations.
const FLAGGED_FROM: f64 = 3.0;
const HOUR_MS: Millis = 3_600_000;

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        compute: |kpi, reading| counted(kpi, reading, Field::Mentions, "mentions"),
        ..count(
            "mentions",
            "Mentions",
            Better::Neither,
            "mentions, each once",
            "Posts of others that speak of us without addressing us. A mention is not a contact; \
             spam is left out.",
        )
    },
    Kpi {
        compute: |kpi, reading| counted(kpi, reading, Field::PublicPosts, "public messages"),
        ..count(
            "public_posts",
            "Public messages",
            Better::Neither,
            "public mentions + customers' public messages",
            "What is written about us, or to us, where strangers can read it.",
        )
    },
    Kpi {
        compute: |kpi, reading| counted(kpi, reading, Field::PublicNegative, "public criticisms"),
        ..count(
            "public_negative",
            "Public criticism",
            Better::Lower,
            "negative public mentions + customers' negative public messages",
            "Criticism of us where strangers can read it. A complaint by phone is read by nobody \
             else; one on a public page is.",
        )
    },
    Kpi {
        compute: |kpi, reading| counted(kpi, reading, Field::RemovedPosts, "removed posts"),
        ..count(
            "removed_public_posts",
            "Removed posts",
            Better::Lower,
            "customers' public posts removed by our side",
            "Customers' public posts that our side, an agent or a bot, removed. Posts that \
             customers or the network removed do not count.",
        )
    },
    Kpi {
        compute: |kpi, reading| counted(kpi, reading, Field::Spam, "messages of spam"),
        ..count(
            "spam",
            "Spam",
            Better::Lower,
            "messages and mentions that are spam",
            "Messages and mentions that are spam by the site's topic rules. A contact that begins \
             with spam counts here and in no other figure.",
        )
    },
    Kpi {
        unit: Unit::Ratio,
        compute: |kpi, reading| {
            let negative = reading.get(Field::Negative);
            let all = negative + reading.get(Field::Positive) + reading.get(Field::Neutral);
            moods(kpi, reading, share(negative, all))
        },
        ..count(
            "negative_share",
            "Negative share",
            Better::Lower,
            "negative / (positive + neutral + negative)",
            "Share of the mentions and customers' messages that criticise, of all whose tone is \
             known.",
        )
    },
    Kpi {
        unit: Unit::Number,
        compute: |kpi, reading| {
            let (positive, negative) = (reading.get(Field::Positive), reading.get(Field::Negative));
            moods(kpi, reading, share(positive - negative, positive + negative))
        },
        ..count(
            "net_sentiment",
            "Net sentiment",
            Better::Higher,
            "(positive − negative) / (positive + negative)",
            "Praise less criticism in mentions and customers' messages: from −1 (only criticism) \
             to 1 (only praise). Neutral ones are left out.",
        )
    },
    Kpi {
        compute: |kpi, reading| jump(kpi, reading, Field::Mentions, "mentions"),
        ..deviation(
            "mentions_jump",
            "Jump in mentions",
            "How far the number of mentions in the last full hour is from what is usual in the \
             same hour of the same weekday, in standard deviations. From 3 on it is a jump. Usual \
             is the mean of the last four weeks; fewer than three known weeks give no data.",
        )
    },
    Kpi {
        compute: |kpi, reading| jump(kpi, reading, Field::Negative, "negative messages"),
        ..deviation(
            "negative_jump",
            "Jump in criticism",
            "How far the number of critical mentions and customers' messages in the last full hour \
             is from what is usual in the same hour of the same weekday, in standard deviations. \
             From 3 on it is a jump. Usual is the mean of the last four weeks; fewer than three \
             known weeks give no data.",
        )
    },
    Kpi {
        compute: |kpi, reading| jump(kpi, reading, Field::Contacts, reading.noun()),
        ..deviation(
            "contacts_jump",
            "Jump in contacts",
            "How far the number of contacts that came in within the last full hour is from what is \
             usual in the same hour of the same weekday, in standard deviations. From 3 on it is a \
             jump. Usual is the mean of the last four weeks; fewer than three known weeks give no \
             data.",
        )
    },
];

const fn count(
    id: &'static str,
    title: &'static str,
    better: Better,
    expression: &'static str,
    doc: &'static str,
) -> Kpi {
    Kpi {
        id,
        title,
        unit: Unit::Count,
        better,
        is_state: false,
        expression,
        source: OWN,
        doc,
        applies_to: AppliesTo::Contacts,
        compute: |kpi, _| nothing_seen(kpi),
    }
}

const fn deviation(id: &'static str, title: &'static str, doc: &'static str) -> Kpi {
    Kpi {
        unit: Unit::Number,
        is_state: true,
        ..count(
            id,
            title,
            Better::Lower,
            "(count − mean) / sample standard deviation of the same hour in the last 4 weeks; \
             where the deviation is 0: (count − mean) / max(√mean, 1)",
            doc,
        )
    }
}

fn counted(kpi: &Kpi, reading: &Reading<'_>, field: Field, plural: &str) -> Outcome {
    if reading.is_empty() {
        return nothing_seen(kpi);
    }
    let count = reading.get(field);
    let counted = match (count, plural) {
        (1, "messages of spam") => "1 message of spam".to_owned(),
        _ => text::counted(count, plural),
    };
    let sentence = format!("{counted} {}.", reading.when());
    Outcome::new(kpi, Figure::Number(count as f64), sentence).count(field.name(), count)
}

fn moods(kpi: &Kpi, reading: &Reading<'_>, figure: Figure) -> Outcome {
    if reading.is_empty() {
        return nothing_seen(kpi);
    }
    let [positive, neutral, negative] =
        [Field::Positive, Field::Neutral, Field::Negative].map(|field| reading.get(field));
    let sentence = format!(
        "Of the messages and mentions {}, {} praise, {} criticise and {} do neither.",
        reading.when(),
        text::count(positive),
        text::count(negative),
        text::count(neutral),
    );
    Outcome::new(kpi, figure, sentence)
        .count("positive", positive)
        .count("neutral", neutral)
        .count("negative", negative)
}

/// The last hour that is over, which ends with a quarter of an hour, against the same hour of the
/// weeks before: part of an hour would never be as much as a whole one.
fn jump(kpi: &Kpi, reading: &Reading<'_>, field: Field, plural: &str) -> Outcome {
    if reading.is_past() || reading.is_empty() {
        return nothing_seen(kpi);
    }
    let engine = reading.engine;
    let over_ms = engine.now_ms().div_euclid(QUARTER_MS) * QUARTER_MS;
    let hour = Quarters::between(over_ms - HOUR_MS, over_ms);
    let count = |quarters: Quarters| {
        let cells = reading.cells().iter();
        cells.map(|cell: &CellView<'_>| cell.quarters(quarters).get(field)).sum::<i64>()
    };
    // An hour in which the feed was not known yet is no quiet one.
    let feeds = Selector { channel: reading.selector.channel.clone(), ..Selector::default() };
    let since_ms = engine.select(&feeds).iter().filter_map(CellView::known_since_ms).min();
    let weeks = (1..).zip(WEEKS).filter_map(|(weeks, name)| {
        let from_ms = engine.days_before(hour.from_ms(), 7 * weeks);
        let is_known = since_ms.is_some_and(|since_ms| since_ms <= from_ms);
        is_known.then(|| (name, count(Quarters::between(from_ms, from_ms + HOUR_MS))))
    });
    let weeks: Vec<(&'static str, i64)> = weeks.collect();
    let now = count(hour);
    let (figure, usual) = deviations(now, &weeks);
    let span_ms = (hour.from_ms(), hour.to_ms());
    let sentence = format!(
        "{} from {}; {usual}.",
        text::counted(now, plural),
        text::span(span_ms, &engine.rules().time_zone),
    );
    let mut outcome = Outcome::new(kpi, figure, sentence).count("now", now);
    for (name, count) in weeks {
        outcome = outcome.count(name, count);
    }
    Outcome { window: Some(Window::Min60), span_ms: Some(span_ms), ..outcome }
}

/// How far a count is from the weeks before, and what that means.
fn deviations(now: i64, weeks: &[(&'static str, i64)]) -> (Figure, String) {
    if weeks.len() < WEEKS_MIN {
        let why = format!(
            "this hour is known of {} of the last 4 weeks, and what is usual only of {WEEKS_MIN}",
            weeks.len(),
        );
        return (Figure::NoData, why);
    }
    let known = weeks.len() as f64;
    let mean = weeks.iter().map(|(_, count)| *count as f64).sum::<f64>() / known;
    let squares = weeks.iter().map(|(_, count)| (*count as f64 - mean).powi(2)).sum::<f64>();
    let measured = (squares / (known - 1.0)).sqrt();
    let (deviation, kind) = if measured > 0.0 {
        (measured, "standard deviation")
    } else {
        // Of few weeks, being all alike is chance: counts vary by the square root of their mean.
        (mean.sqrt().max(1.0), "always the same; the deviation of a count by chance is")
    };
    let usual = format!("usual in this hour of the week are {mean:.1}");
    let far = (now as f64 - mean) / deviation;
    let verdict = if far >= FLAGGED_FROM { "a jump" } else { "no jump" };
    let text = format!(
        "{usual} ({kind} {deviation:.1}), so it is {far:.1} deviations from that: \
         {verdict}, which is flagged from {FLAGGED_FROM}",
    );
    (Figure::Number(far), text)
}
