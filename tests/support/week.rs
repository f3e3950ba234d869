//! Whole days of a drawn contact center, one after another, up to yesterday: what reports are of.

use tablica::clock;
use tablica::config::{self, Environment};
use tablica::engine::Rules;
use tablica::event::{Event, Feed, FeedState, Kind, UnixMs};
use tablica::report::{Kind as Length, Span};

use super::center::{Center, HOUR, START_MS};
use super::day;
use super::server::Site;

/// A zone whose clocks never change, so that each day has 24 hours; and not UTC.
const ZONE: &str = "Asia/Yekaterinburg";
/// The doors open so long after the site's day has begun.
const OPENS_MS: i64 = 2 * HOUR;
/// Few enough agents and events that some agents have too little for figures of their own.
const CENTER: Center = Center { seed: 0, channels: 5, queues: 3, agents: 30, events: 1500 };
/// What the center's channels are called: two of telephones, three written ones.
const CHANNELS: [&str; 5] = ["hotline", "mobile", "mail", "community", "helpdesk"];

/// Some promises, hours, costs and titles, and reports that are made by themselves.
const CONFIG: &str = r#"
[journal]
snapshot_every = "1s"

[annotations]
file = "annotations.toml"

[reports]
dir = "reports"
after = "0s"

[calendar.office]
hours = { mon-fri = "08:00-20:00", sat = "10:00-16:00" }

[policy.calls]
title = "Calls answered in 20 s"
clock = "answer"
kinds = ["call"]
target = "20s"

[policy.first_reply]
title = "First reply in 15 min"
clock = "first_response"
target = "15m"
goal = 0.95

[policy.next_reply]
clock = "next_response"
target = "30m"
calendar = "office"

[policy.settled]
title = "Settled in 4 h"
clock = "resolution"
target = "4h"
calendar = "office"

[queue.queue-00]
title = "Sales"
service_level = "sl_offered"

[queue.queue-01]
title = "Support"
answer_threshold = "30s"

[channel.hotline]
plugin = "webform"
title = "Hotline"
secret = { env = "TABLICA_TEST_SECRET" }
cost_per_contact = 4.2

[channel.mail]
plugin = "webform"
title = "E-mail"
secret = { env = "TABLICA_TEST_SECRET" }
cost_per_contact = 0.8
"#;

/// A site whose last whole week, and each day since, is in its journal.
pub(crate) struct Week {
    pub(crate) site: Site,
    /// The last whole week, from Monday to Sunday.
    pub(crate) span: Span,
    /// Each day from that Monday to yesterday.
    pub(crate) days: Vec<Span>,
    pub(crate) events: Vec<Event>,
}

impl Week {
    /// Draws it; `more` is appended to the config.
    pub(crate) fn draw(more: &str) -> Week {
        let site = Site::new(&format!("{CONFIG}{more}")).in_zone(ZONE);
        let environment = Environment { skips_secrets: true, ..Environment::default() };
        let config = config::load_with(Some(&site.config()), &environment).expect("a good config");
        let rules = Rules::from(&config);
        let now_ms = clock::now_ms();
        let last = |length| Span::last_whole(length, now_ms, &rules).expect("in range");
        let (span, yesterday) = (last(Length::Weekly), last(Length::Daily));
        let mut days = vec![yesterday];
        while days[0].first > span.first {
            days.insert(0, days[0].earlier(&rules).expect("in range"));
        }
        let mut events: Vec<Event> = days.iter().enumerate().flat_map(of_day).collect();
        events.push(feed_up(now_ms));
        let week = Week { site, span, days, events };
        std::fs::write(week.site.path("annotations.toml"), week.annotations()).expect("written");
        week
    }

    /// The date on which its doors opened first: the one after the day's own where days begin late.
    pub(crate) fn opened_on(&self) -> jiff::civil::Date {
        let zone = jiff::tz::TimeZone::get(ZONE).expect("a zone");
        let opens_ms = self.days[0].from_ms + OPENS_MS;
        let opens = jiff::Timestamp::from_millisecond(opens_ms).expect("a time");
        opens.to_zoned(zone).date()
    }

    /// A campaign on the second morning, an outage that lasts from the week into the next one,
    /// and a release that is none of its business.
    fn annotations(&self) -> String {
        let entry = |kind: &str, title: &str, from_ms: UnixMs, to_ms: UnixMs| {
            let time = |at_ms| jiff::Timestamp::from_millisecond(at_ms).expect("a time");
            let (from, to) = (time(from_ms), time(to_ms));
            format!(
                "[[annotation]]\nkind = \"{kind}\"\ntitle = \"{title}\"\nfrom = \"{from}\"\n\
                 to = \"{to}\"\n\n"
            )
        };
        let second_ms = self.days[1].from_ms;
        let from_ms = second_ms + OPENS_MS + HOUR;
        entry("campaign", "Spring mailing", from_ms, from_ms + 3 * HOUR)
            + &entry(
                "outage",
                "Parcel tracking is down",
                self.span.to_ms - HOUR,
                self.span.to_ms + HOUR,
            )
            + &entry("release", "Long ago", second_ms - 30 * 24 * HOUR, second_ms - 29 * 24 * HOUR)
    }
}

/// A day differs from the next by its seed alone.
fn of_day((number, span): (usize, &Span)) -> Vec<Event> {
    let shift_ms = span.from_ms + OPENS_MS - START_MS;
    let mut events = day::events(&Center { seed: number as u64 + 1, ..CENTER });
    for event in &mut events {
        event.at_ms += shift_ms;
        event.received_ms += shift_ms;
        event.id = format!("{number}-{}", event.id);
        event.channel = channel(&event.channel);
        if !event.interaction.is_empty() {
            event.interaction = format!("{number}-{}", event.interaction);
        }
    }
    assert!(events.last().is_some_and(|event| event.received_ms < span.to_ms));
    events
}

fn channel(drawn: &str) -> String {
    let number = drawn.trim_start_matches("channel-").parse::<usize>().expect("a number");
    CHANNELS[number].to_owned()
}

/// The journal reaches up to now.
fn feed_up(now_ms: UnixMs) -> Event {
    Event {
        id: "up".to_owned(),
        channel: CHANNELS[0].to_owned(),
        at_ms: now_ms,
        received_ms: now_ms,
        interaction: String::new(),
        queue: None,
        agent: None,
        customer: Vec::new(),
        kind: Kind::Feed(Feed::from(FeedState::Up)),
        order: None,
        refers: None,
        same_as: None,
        attrs: std::collections::BTreeMap::new(),
    }
}
