//! Calendars against clocks on walls: days of 23 and 25 hours, nights, holidays, and a count of
//! open minutes that knows nothing of weeks and eras.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::config::model::{self, Span};
use crate::engine::Calendar;
use crate::event::{Millis, UnixMs};

const MINUTE_MS: Millis = 60_000;
const HOUR_MS: Millis = 60 * MINUTE_MS;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect("a zone of the bundled database")
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

fn at(text: &str) -> UnixMs {
    text.parse::<Timestamp>().expect("a moment").as_millisecond()
}

fn said(at_ms: Option<UnixMs>) -> String {
    at_ms.map_or("never".to_owned(), |at_ms| {
        Timestamp::from_millisecond(at_ms).expect("in range").to_string()
    })
}

/// `span(9, 18)`; `span(21, 26)` is until two in the night.
fn span(opens: u16, closes: u16) -> Span {
    Span { opens_min: opens * 60, closes_min: closes * 60 }
}

fn every_day(zone_name: &str, spans: &[Span]) -> model::Calendar {
    let hours = std::array::from_fn(|_| spans.to_vec());
    model::Calendar { time_zone: zone(zone_name), hours, exceptions: BTreeMap::new() }
}

fn office(zone_name: &str) -> model::Calendar {
    let mut office = every_day(zone_name, &[span(9, 18)]);
    office.hours[5].clear();
    office.hours[6].clear();
    office
}

#[test]
fn an_office_counts_its_hours_and_sleeps_over_the_weekend() {
    let office = Calendar::from(&office("Europe/Warsaw"));
    // Friday 17:50 in Warsaw.
    let friday = at("2026-11-20T16:50:00Z");
    assert!(office.is_open(friday));
    assert_eq!(said(office.next_change_ms(friday)), "2026-11-20T17:00:00Z");
    assert_eq!(said(office.add_open_ms(friday, 10 * MINUTE_MS)), "2026-11-20T17:00:00Z");
    assert_eq!(said(office.add_open_ms(friday, 15 * MINUTE_MS)), "2026-11-23T08:05:00Z");
    let closed = at("2026-11-20T17:00:00Z");
    assert!(!office.is_open(closed), "the moment of closing is closed");
    assert_eq!(said(office.next_change_ms(closed)), "2026-11-23T08:00:00Z");
    assert_eq!(said(office.add_open_ms(closed, 0)), "2026-11-20T17:00:00Z");
    assert_eq!(office.open_ms_between(friday, at("2026-11-27T16:50:00Z")), 45 * HOUR_MS);
    assert_eq!(office.open_ms_between(closed, friday), 0);
}

#[test]
fn breaks_and_nights_are_spans_like_others() {
    let mut config = every_day("UTC", &[span(8, 12), span(13, 17), span(21, 26)]);
    config.hours[2] = Vec::new();
    let calendar = Calendar::from(&config);
    // Tuesday's night lasts into Wednesday, which itself is closed.
    let tuesday = at("2026-11-24T11:30:00Z");
    assert_eq!(said(calendar.add_open_ms(tuesday, HOUR_MS)), "2026-11-24T13:30:00Z");
    assert_eq!(said(calendar.next_change_ms(at("2026-11-24T22:00:00Z"))), "2026-11-25T02:00:00Z");
    assert_eq!(said(calendar.next_change_ms(at("2026-11-25T02:00:00Z"))), "2026-11-26T08:00:00Z");
    assert_eq!(said(calendar.add_open_ms(tuesday, 10 * HOUR_MS)), "2026-11-26T08:30:00Z");
}

#[test]
fn holidays_and_special_days_take_the_place_of_their_weekday() {
    let mut config = every_day("UTC", &[span(9, 18), span(21, 26)]);
    config.exceptions.insert(date("2026-12-24"), vec![span(9, 13)]);
    config.exceptions.insert(date("2026-12-25"), Vec::new());
    let calendar = Calendar::from(&config);
    // The night before Christmas Eve goes to its end.
    let eve = at("2026-12-24T00:00:00Z");
    assert_eq!(said(calendar.next_change_ms(eve)), "2026-12-24T02:00:00Z");
    assert_eq!(calendar.open_ms_between(eve, at("2026-12-25T00:00:00Z")), 6 * HOUR_MS);
    // No night begins on the 24th or the 25th.
    assert_eq!(said(calendar.next_change_ms(at("2026-12-24T13:00:00Z"))), "2026-12-26T09:00:00Z");
    assert_eq!(said(calendar.add_open_ms(eve, 7 * HOUR_MS)), "2026-12-26T10:00:00Z");
    assert_eq!(calendar.open_ms_between(eve, at("2026-12-28T00:00:00Z")), (6 + 12 + 14) * HOUR_MS);
}

#[test]
fn days_of_23_and_25_hours_have_so_many_open_hours() {
    let cases = [
        ("Europe/Warsaw", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 23),
        ("Europe/Warsaw", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 25),
        ("Europe/Kyiv", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z", 23),
        ("Europe/Kyiv", "2026-10-24T21:00:00Z", "2026-10-25T22:00:00Z", 25),
        // Russia's last change; none since.
        ("Europe/Moscow", "2014-10-25T20:00:00Z", "2014-10-26T21:00:00Z", 25),
        ("Europe/Moscow", "2026-10-24T21:00:00Z", "2026-10-25T21:00:00Z", 24),
        // Brazil changed at midnight: one day began at one o'clock, another ended twice.
        ("America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z", 23),
        ("America/Sao_Paulo", "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z", 25),
    ];
    for (zone, from, to, hours) in cases {
        // Closed for a holiday long ago, so that it is not the calendar that is always open.
        let mut config = every_day(zone, &[Span::WHOLE_DAY]);
        config.exceptions.insert(date("2010-06-01"), Vec::new());
        let calendar = Calendar::from(&config);
        assert!(!calendar.is_always_open());
        let open = calendar.open_ms_between(at(from), at(to));
        assert_eq!(open, hours * HOUR_MS, "{zone} {from}");
        assert_eq!(said(calendar.add_open_ms(at(from), hours * HOUR_MS)), said(Some(at(to))));
        assert_eq!(calendar.next_change_ms(at(from)), None);
    }
}

#[test]
fn hours_that_the_clock_skips_or_repeats_are_open_never_or_twice() {
    let night = Calendar::from(&every_day("Europe/Warsaw", &[span(1, 5)]));
    // In March the clock goes from 2 to 3, in October from 3 back to 2.
    let (march, october) = (at("2026-03-29T00:00:00Z"), at("2026-10-24T23:00:00Z"));
    assert_eq!(said(night.next_change_ms(march)), "2026-03-29T03:00:00Z");
    assert_eq!(said(night.next_change_ms(october)), "2026-10-25T04:00:00Z");
    assert_eq!(said(night.add_open_ms(october, 5 * HOUR_MS)), "2026-10-25T04:00:00Z");

    let half = Span { opens_min: 150, closes_min: 240 };
    let from_half_past_two = Calendar::from(&every_day("Europe/Warsaw", &[half]));
    assert_eq!(said(from_half_past_two.next_change_ms(march)), "2026-03-29T01:00:00Z");
    assert_eq!(said(from_half_past_two.next_change_ms(october)), "2026-10-25T00:30:00Z");
    // Half past two comes twice: open, closed when the clock goes back, and open again.
    let first = at("2026-10-25T00:30:00Z");
    assert_eq!(said(from_half_past_two.next_change_ms(first)), "2026-10-25T01:00:00Z");
    let day_ms = from_half_past_two.open_ms_between(first, first + 12 * HOUR_MS);
    assert_eq!(day_ms, 120 * MINUTE_MS);

    let until_two = Calendar::from(&every_day("Europe/Warsaw", &[span(1, 2), span(3, 4)]));
    assert_eq!(said(until_two.next_change_ms(march)), "2026-03-29T02:00:00Z", "two is three");

    // Sao Paulo's clock skips from midnight to one.
    let evening = Calendar::from(&every_day("America/Sao_Paulo", &[span(22, 25)]));
    let skipped = at("2018-11-04T02:00:00Z");
    assert_eq!(said(evening.next_change_ms(skipped)), "2018-11-04T03:00:00Z");
    assert!(!evening.is_open(at("2018-11-04T03:30:00Z")));
}

#[test]
fn a_calendar_can_be_always_open_or_never() {
    let always = Calendar::from(&model::Calendar::always(zone("Europe/Warsaw")));
    assert_eq!(always, Calendar::always_open());
    assert_eq!(always.next_change_ms(5), None);
    assert_eq!(always.open_ms_between(5, 12), 7);
    assert_eq!(always.add_open_ms(5, 7), Some(12));

    let mut config = every_day("Europe/Warsaw", &[]);
    let never = Calendar::from(&config);
    assert_eq!((never.next_change_ms(5), never.add_open_ms(5, 1)), (None, None));
    config.exceptions.insert(date("2026-12-24"), vec![span(9, 13)]);
    let once = Calendar::from(&config);
    assert_eq!(said(once.next_change_ms(0)), "2026-12-24T08:00:00Z");
    assert_eq!(said(once.add_open_ms(0, 4 * HOUR_MS)), "2026-12-24T12:00:00Z");
    assert_eq!(once.add_open_ms(0, 4 * HOUR_MS + 1), None);
}

#[test]
fn no_time_is_too_far() {
    let office = Calendar::from(&office("Europe/Warsaw"));
    for at_ms in [UnixMs::MIN, -1, 0, at("2199-12-31T23:59:59Z"), at("9998-01-01T12:00:00Z")] {
        let opens_ms = office.next_change_ms(at_ms).expect("weekdays come");
        assert!(opens_ms > at_ms && office.is_open(opens_ms) != office.is_open(at_ms));
    }
    assert_eq!(office.next_change_ms(UnixMs::MAX), None);
    assert_eq!(office.add_open_ms(0, Millis::MAX), None);
    assert!(office.open_ms_between(UnixMs::MIN, UnixMs::MAX) > 0);
    // Ten years, to the millisecond.
    let (from, to) = (at("2016-11-22T10:00:00Z"), at("2026-11-23T10:00:00Z"));
    let open_ms = office.open_ms_between(from, to);
    assert_eq!(open_ms, 2609 * 9 * HOUR_MS);
    assert_eq!(office.add_open_ms(from, open_ms), Some(to));
}

/// What is open on the wall at that moment, by the definition alone.
fn is_open_on_the_wall(config: &model::Calendar, at_ms: UnixMs) -> bool {
    let moment = Timestamp::from_millisecond(at_ms).expect("in range");
    let wall = config.time_zone.to_datetime(moment);
    let minute =
        u16::from(wall.hour().unsigned_abs()) * 60 + u16::from(wall.minute().unsigned_abs());
    let hours_of = |date: Date| {
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        config.exceptions.get(&date).unwrap_or(&config.hours[weekday])
    };
    let holds = |span: &Span, minute| (span.opens_min..span.closes_min).contains(&minute);
    let yesterday = wall.date().yesterday().expect("in range");
    hours_of(wall.date()).iter().any(|span| holds(span, minute))
        || hours_of(yesterday).iter().any(|span| holds(span, minute + 24 * 60))
}

/// Five days around changes of the clock, at midnight UTC.
const CHANGES: [(&str, &str); 8] = [
    ("Europe/Warsaw", "2026-03-27T00:00:00Z"),
    ("Europe/Warsaw", "2026-10-23T00:00:00Z"),
    ("Europe/Kyiv", "2026-10-23T00:00:00Z"),
    ("Europe/Moscow", "2014-10-24T00:00:00Z"),
    ("Europe/Moscow", "2011-03-25T00:00:00Z"),
    ("America/Sao_Paulo", "2018-11-02T00:00:00Z"),
    ("America/Sao_Paulo", "2018-02-16T00:00:00Z"),
    ("Pacific/Apia", "2011-12-29T00:00:00Z"),
];

fn any_span() -> impl Strategy<Value = Span> {
    (0..96_u16, 1..=96_u16).prop_map(|(opens, length)| Span {
        opens_min: opens * 15,
        closes_min: (opens + length) * 15,
    })
}

fn any_hours() -> impl Strategy<Value = Vec<Span>> {
    prop::collection::vec(any_span(), 0..3)
}

prop_compose! {
    fn any_calendar()(
        change in 0..CHANGES.len(),
        hours in prop::array::uniform7(any_hours()),
        exceptions in prop::collection::btree_map(0..6_i64, any_hours(), 0..4),
    ) -> (model::Calendar, UnixMs) {
        let (zone_name, from) = CHANGES[change];
        let from_ms = at(from);
        let first = Timestamp::from_millisecond(from_ms).expect("in range");
        let first = zone(zone_name).to_datetime(first).date();
        let exceptions = exceptions
            .into_iter()
            .map(|(days, hours)| (first.saturating_add(jiff::Span::new().days(days)), hours))
            .collect();
        (model::Calendar { time_zone: zone(zone_name), hours, exceptions }, from_ms)
    }
}

proptest! {
    #[test]
    fn open_time_is_what_the_wall_shows((config, from_ms) in any_calendar()) {
        let calendar = Calendar::from(&config);
        let mut open_ms = 0;
        let mut change_ms = from_ms;
        let mut was_open = is_open_on_the_wall(&config, from_ms);
        for quarter in 0..5 * 96 {
            let at_ms = from_ms + quarter * 15 * MINUTE_MS;
            let is_open = is_open_on_the_wall(&config, at_ms);
            prop_assert_eq!(calendar.is_open(at_ms), is_open, "{}", said(Some(at_ms)));
            prop_assert_eq!(calendar.open_ms_between(from_ms, at_ms), open_ms);
            if is_open != was_open {
                prop_assert_eq!(said(calendar.next_change_ms(change_ms)), said(Some(at_ms)));
                (was_open, change_ms) = (is_open, at_ms);
            }
            open_ms += if is_open { 15 * MINUTE_MS } else { 0 };
        }
    }

    #[test]
    fn open_time_adds_up_and_a_clock_runs_out_when_it_has_passed(
        (config, from_ms) in any_calendar(),
        steps_ms in prop::collection::vec(0..40 * HOUR_MS, 1..6),
        length_ms in 1..4000 * HOUR_MS,
    ) {
        let calendar = Calendar::from(&config);
        let mut sum_ms = 0;
        let mut at_ms = from_ms;
        for step_ms in steps_ms {
            sum_ms += calendar.open_ms_between(at_ms, at_ms + step_ms);
            at_ms += step_ms;
            prop_assert_eq!(calendar.open_ms_between(from_ms, at_ms), sum_ms);
        }
        match calendar.add_open_ms(at_ms, length_ms) {
            Some(due_ms) => {
                prop_assert_eq!(calendar.open_ms_between(at_ms, due_ms), length_ms);
                prop_assert_eq!(calendar.open_ms_between(at_ms, due_ms - 1), length_ms - 1);
            }
            None => {
                let rest_ms = calendar.open_ms_between(at_ms, at("9000-01-01T00:00:00Z"));
                prop_assert!(rest_ms < length_ms);
            }
        }
    }
}
