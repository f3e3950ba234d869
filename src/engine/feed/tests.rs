//! Feeds that break, and feeds that are merely quiet.

use super::*;
use crate::config::model;

const SECOND: Millis = 1000;
const MINUTE: Millis = 60 * SECOND;
const HOUR: Millis = 60 * MINUTE;
const WEEK: Millis = 7 * 24 * HOUR;

/// A feed and the moment that is asked about.
struct Told {
    feed: FeedLog,
    rules: ChannelRules,
    hours: Vec<Arc<Calendar>>,
}

impl Told {
    fn new() -> Told {
        let hours = vec![Arc::new(Calendar::always_open())];
        Told { feed: FeedLog::default(), rules: ChannelRules::default(), hours }
    }

    /// Open from nine to six, every day, UTC.
    fn in_office_hours() -> Told {
        Told { hours: vec![hours(9, 18)], ..Told::new() }
    }

    fn event(&mut self, at_ms: UnixMs) {
        self.feed.heard(at_ms, at_ms, &TimeZone::UTC);
    }

    fn says(&mut self, word: impl Into<Feed>, at_ms: UnixMs) {
        self.feed.word(word.into(), at_ms, at_ms, &TimeZone::UTC);
    }

    fn at(&self, at_ms: UnixMs) -> Standing {
        self.feed.standing(&self.rules, at_ms, &TimeZone::UTC, || self.hours.clone())
    }

    fn health(&self, at_ms: UnixMs) -> FeedHealth {
        self.at(at_ms).feed
    }
}

fn hours(opens: u16, closes: u16) -> Arc<Calendar> {
    let span = model::Span { opens_min: opens * 60, closes_min: closes * 60 };
    let mut calendar = model::Calendar::always(TimeZone::UTC);
    calendar.hours = std::array::from_fn(|_| vec![span]);
    Arc::new(Calendar::from(&calendar))
}

#[test]
fn a_feed_grows_late_then_silent_and_lives_again() {
    let mut feed = Told::new();
    assert_eq!(feed.health(0), FeedHealth::NoData);
    feed.event(0);
    assert_eq!(feed.health(15 * MINUTE), FeedHealth::Live);
    assert_eq!(feed.health(15 * MINUTE + 1), FeedHealth::Late);
    let silent = Standing::since(0, FeedHealth::Silent, FeedWhy::Silence);
    assert_eq!(feed.at(61 * MINUTE), silent);
    feed.says(FeedState::Up, 62 * MINUTE);
    assert_eq!(feed.health(62 * MINUTE), FeedHealth::Live);
}

#[test]
fn down_is_silent_until_it_is_up_or_proves_it() {
    let mut feed = Told::new();
    feed.event(0);
    feed.says(FeedState::Down, MINUTE);
    assert_eq!(feed.at(MINUTE), Standing::since(MINUTE, FeedHealth::Silent, FeedWhy::Network));
    feed.says(FeedState::Up, 2 * MINUTE);
    assert_eq!(feed.health(2 * MINUTE), FeedHealth::Live);
    feed.says(FeedState::Down, 3 * MINUTE);
    feed.event(3 * MINUTE + 1);
    assert_eq!(feed.health(4 * MINUTE), FeedHealth::Live);
}

#[test]
fn a_gap_is_late_for_an_hour() {
    let mut feed = Told::new();
    feed.event(0);
    feed.says(FeedState::Gap, MINUTE);
    assert_eq!(feed.at(MINUTE), Standing::since(MINUTE, FeedHealth::Late, FeedWhy::Gap));
    feed.event(61 * MINUTE);
    assert_eq!(feed.health(61 * MINUTE), FeedHealth::Late);
    feed.event(62 * MINUTE);
    assert_eq!(feed.health(62 * MINUTE), FeedHealth::Live);
    feed.says(FeedState::Gap, 63 * MINUTE);
    feed.says(FeedState::Up, 64 * MINUTE);
    assert_eq!(feed.health(64 * MINUTE), FeedHealth::Live);
}

#[test]
fn a_quiet_night_is_live_and_what_breaks_in_it_is_not() {
    let mut feed = Told::in_office_hours();
    // The last event came at 17:50; it is half past two.
    let (last, night) = (17 * HOUR + 50 * MINUTE, 26 * HOUR + 30 * MINUTE);
    feed.event(last);
    assert_eq!(feed.at(night), Standing::live(FeedWhy::Closed));
    for (part, why) in [
        (FeedPart::File, FeedWhy::File),
        (FeedPart::Documents, FeedWhy::Documents),
        (FeedPart::Requests, FeedWhy::Requests),
        (FeedPart::Link, FeedWhy::Link),
        (FeedPart::Plugin, FeedWhy::Plugin),
    ] {
        let mut feed = Told { feed: feed.feed.clone(), ..Told::in_office_hours() };
        feed.says(Feed::of(part, FeedState::Down), night);
        assert_eq!(feed.at(night), Standing::since(night, FeedHealth::Silent, why));
        assert!(why.is_broken());
        feed.says(Feed::of(part, FeedState::Up), night + MINUTE);
        assert_eq!(feed.health(night + MINUTE), FeedHealth::Live);
    }
}

#[test]
fn what_works_again_does_not_speak_for_what_is_still_broken() {
    let mut feed = Told::new();
    feed.event(0);
    feed.says(Feed::of(FeedPart::Link, FeedState::Down), MINUTE);
    feed.says(Feed::of(FeedPart::Plugin, FeedState::Down), 2 * MINUTE);
    feed.says(Feed::of(FeedPart::Link, FeedState::Up), 3 * MINUTE);
    let plugin = Standing::since(2 * MINUTE, FeedHealth::Silent, FeedWhy::Plugin);
    assert_eq!(feed.at(3 * MINUTE), plugin);
    assert_eq!(feed.feed.broken_parts().collect::<Vec<_>>(), [FeedPart::Plugin]);
    // The network's own word does.
    feed.says(FeedState::Up, 4 * MINUTE);
    assert_eq!(feed.health(4 * MINUTE), FeedHealth::Live);
}

#[test]
fn the_order_of_words_does_not_matter() {
    let words = [
        (Feed::of(FeedPart::Link, FeedState::Down), MINUTE),
        (Feed::of(FeedPart::Link, FeedState::Up), 2 * MINUTE),
        (FeedState::Down.into(), 3 * MINUTE),
    ];
    let standing = |order: [usize; 3]| {
        let mut feed = Told::new();
        feed.event(0);
        for word in order.map(|number| words[number]) {
            feed.feed.word(word.0, word.1, 5 * MINUTE, &TimeZone::UTC);
        }
        feed.at(5 * MINUTE)
    };
    let expected = Standing::since(3 * MINUTE, FeedHealth::Silent, FeedWhy::Network);
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
        assert_eq!(standing(order), expected);
    }
}

#[test]
fn silence_is_counted_from_opening() {
    let mut feed = Told::in_office_hours();
    feed.event(17 * HOUR);
    assert_eq!(feed.health(17 * HOUR + 16 * MINUTE), FeedHealth::Late);
    assert_eq!(feed.at(18 * HOUR), Standing::live(FeedWhy::Closed), "the moment of closing");
    let opens = 33 * HOUR;
    assert_eq!(feed.health(opens - 1), FeedHealth::Live);
    assert_eq!(feed.health(opens + 15 * MINUTE), FeedHealth::Live);
    assert_eq!(feed.health(opens + 15 * MINUTE + 1), FeedHealth::Late);
    assert_eq!(feed.health(opens + HOUR + 1), FeedHealth::Silent);
    // Of several queues, one that is open is enough.
    feed.hours.push(hours(6, 9));
    assert_eq!(feed.health(opens - HOUR), FeedHealth::Silent);
    assert_eq!(feed.health(opens), FeedHealth::Silent, "from one calendar to the next is no break");
}

/// Two events an hour, at 0 and 40 minutes, but for the hours that are left out.
fn weeks(feed: &mut Told, weeks: std::ops::Range<i64>, is_silent: impl Fn(i64, i64) -> bool) {
    for week in weeks {
        for hour in (0..168).filter(|hour| !is_silent(week, *hour)) {
            let at_ms = week * WEEK + hour * HOUR;
            feed.event(at_ms);
            feed.event(at_ms + 40 * MINUTE);
        }
    }
}

#[test]
fn what_is_usual_at_this_hour_of_the_week_is_no_silence() {
    // Hours 50 to 53 of each week pass without an event.
    let night = |_: i64, hour: i64| (50..54).contains(&hour);
    let mut feed = Told::new();
    weeks(&mut feed, 0..5, night);
    let (week, last) = (5 * WEEK, 5 * WEEK + 49 * HOUR + 40 * MINUTE);
    // Four nights are known whole, and a fifth: the same week's before it are not enough.
    let mut short = Told::new();
    weeks(&mut short, 1..5, night);
    for feed in [&mut feed, &mut short] {
        feed.event(week + 49 * HOUR);
        feed.event(last);
    }
    let asked = week + 52 * HOUR;
    assert_eq!(feed.at(asked), Standing::live(FeedWhy::Usual));
    assert_eq!(short.at(asked), Standing::since(last, FeedHealth::Silent, FeedWhy::Silence));
    // By the end of hour 52, 3 h 20 min are usual; the hour is silent from twice that on.
    let usual = 200 * MINUTE + MINUTE;
    assert_eq!(feed.feed.habit.usual_ms(asked, &TimeZone::UTC), Some(usual));
    // In hour 60 it is 40 minutes: after the night, that counts.
    let day = week + 60 * HOUR + 50 * MINUTE;
    assert_eq!(feed.health(day), FeedHealth::Silent);
    feed.event(week + 60 * HOUR);
    assert_eq!(feed.at(day), Standing::live(FeedWhy::Usual));
    assert_eq!(feed.health(week + 61 * HOUR + 23 * MINUTE), FeedHealth::Late);
}

#[test]
fn one_breakdown_in_five_weeks_makes_no_habit() {
    let mut feed = Told::new();
    weeks(&mut feed, 0..6, |week, hour| week == 3 && (50..60).contains(&hour));
    let (week, last) = (6 * WEEK, 6 * WEEK + 49 * HOUR + 40 * MINUTE);
    feed.event(last);
    assert_eq!(feed.health(week + 52 * HOUR), FeedHealth::Silent);
}

#[test]
fn hours_in_which_the_feed_was_broken_are_no_habit() {
    let mut feed = Told::new();
    let broken = |week: i64, hour: i64| week < 3 && (50..60).contains(&hour);
    for week in 0..8 {
        weeks(&mut feed, week..week + 1, |week, hour| hour >= 50 || broken(week, hour));
        if week < 3 {
            feed.says(
                Feed::of(FeedPart::File, FeedState::Down),
                week * WEEK + 49 * HOUR + MINUTE * 45,
            );
            feed.says(Feed::of(FeedPart::File, FeedState::Up), week * WEEK + 60 * HOUR);
        }
        weeks(&mut feed, week..week + 1, |week, hour| hour < 50 || broken(week, hour));
    }
    let usual = feed.feed.habit.usual_ms(52 * HOUR, &TimeZone::UTC);
    assert_eq!(usual, Some(41 * MINUTE));
}

#[test]
fn a_feed_that_was_away_for_months_begins_anew() {
    let mut feed = Told::new();
    weeks(&mut feed, 0..6, |_, _| false);
    assert!(feed.feed.habit.usual_ms(6 * WEEK, &TimeZone::UTC).is_some());
    feed.event(40 * WEEK);
    assert_eq!(feed.feed.habit.usual_ms(40 * WEEK, &TimeZone::UTC), None);
    feed.event(i64::MAX);
    assert_eq!(feed.health(i64::MAX), FeedHealth::Live);
}

#[test]
fn requests_that_are_refused_are_told_from_silence_and_one_genuine_one_ends_it() {
    let mut feed = Told::new();
    let refused = Feed::of(FeedPart::Webhook, FeedState::Down);
    feed.says(refused, MINUTE);
    let told = Standing::since(MINUTE, FeedHealth::Silent, FeedWhy::Webhook);
    assert_eq!(feed.at(2 * MINUTE), told, "never an event, and known why");
    feed.says(Feed::of(FeedPart::Webhook, FeedState::Up), 3 * MINUTE);
    feed.event(3 * MINUTE);
    assert_eq!(feed.at(4 * MINUTE), Standing::LIVE);
    feed.says(refused, 5 * MINUTE);
    feed.event(6 * MINUTE);
    assert_eq!(feed.at(6 * MINUTE), Standing::LIVE, "what came is proof");
}
