//! Who hears what, written from what a receiver expects.

use reqwest::Url;

use super::*;
use crate::alert::history::Labels;
use crate::alert::inhibit;
use crate::alert::notice::tests::line;
use crate::alert::silence::Wish;
use crate::config::model::{Span, Way};

const SECOND: Ms = 1000;
const MINUTE: Ms = 60 * SECOND;

fn receiver(about: Audience) -> Receiver {
    let url: Url = "https://example.org/in".parse().expect("an address");
    Receiver {
        way: Way::Webhook { url, secret: None },
        about,
        pages_only: false,
        resolved: true,
        quiet_hours: Vec::new(),
        timeout: Duration::from_secs(10),
    }
}

fn desk(receiver: Receiver) -> Desk {
    Desk {
        alerts: Alerts::default(),
        receivers: BTreeMap::from([("lead".to_owned(), receiver)]),
        inhibitions: inhibit::shipped(),
        zone: TimeZone::UTC,
        site: "Harbour".to_owned(),
        admin_url: None,
    }
}

/// What a receiver hears over time: the alerts that hold are looked at every 15 s, and every message is
/// taken.
struct Heard {
    desk: Desk,
    told: Told,
    silences: Silences,
    now_ms: Ms,
}

impl Heard {
    fn by(desk: Desk) -> Self {
        Self { desk, told: Told::default(), silences: Silences::default(), now_ms: 0 }
    }

    /// Titles of the messages until then.
    fn until(&mut self, end_ms: Ms, firing: &[Line]) -> Vec<(Ms, String)> {
        let mut heard = Vec::new();
        while self.now_ms < end_ms {
            for due in self.desk.due(firing, &self.silences, &mut self.told, self.now_ms) {
                heard.push((self.now_ms / SECOND, due.notice.title()));
                self.told.note_taken(&due, self.now_ms);
            }
            self.now_ms += 15 * SECOND;
        }
        heard
    }
}

fn page(queue: &str) -> Line {
    line("AbandonedMany", queue, Severity::Page)
}

fn ticket() -> Line {
    Line { summary: "late".to_owned(), ..line("PolicyOverdue", "", Severity::Ticket) }
}

fn said(at_s: Ms, title: &str) -> (Ms, String) {
    (at_s, title.to_owned())
}

#[test]
fn a_page_is_told_after_half_a_minute_repeated_each_half_hour_and_its_end_is_told() {
    let mut heard = Heard::by(desk(receiver(Audience::All)));
    assert_eq!(
        heard.until(40 * MINUTE, &[page("sales")]),
        [said(30, "Now: sales: it is so"), said(1830, "Still: sales: it is so")]
    );
    assert_eq!(heard.until(50 * MINUTE, &[]), [said(2400, "Over: sales: it is so")]);
    // And that is all.
    assert_eq!(heard.until(90 * MINUTE, &[]), []);
}

#[test]
fn what_is_over_before_it_was_told_is_never_told() {
    let mut heard = Heard::by(desk(receiver(Audience::All)));
    assert_eq!(heard.until(30 * SECOND, &[page("sales")]), []);
    assert_eq!(heard.until(10 * MINUTE, &[]), []);
}

#[test]
fn each_queue_is_a_message_of_its_own_and_what_a_group_gains_is_told_five_minutes_later() {
    let mut heard = Heard::by(desk(receiver(Audience::All)));
    let titles = heard.until(MINUTE, &[page("sales"), page("care")]);
    assert_eq!(titles, [said(30, "Now: care: it is so"), said(30, "Now: sales: it is so")]);
    // A second alert of the same group: of another server.
    let mut other = page("sales");
    other.labels.insert("instance".to_owned(), "b".to_owned());
    let firing = [page("sales"), page("care"), other];
    assert_eq!(heard.until(10 * MINUTE, &firing), [said(330, "Now: sales: it is so (and 1 more)")]);
}

#[test]
fn the_floor_hears_of_customers_the_operator_of_the_server_and_both_of_a_silent_channel() {
    let firing = [
        page("sales"),
        line("ChannelFeedSilent", "silent", Severity::Page),
        line("TablicaJournalSlow", "journal", Severity::Ticket),
    ];
    for (about, expected) in [
        (Audience::Floor, vec!["Now: sales: it is so", "Now: silent: it is so"]),
        (Audience::Operator, vec!["Now: silent: it is so", "journal: it is so"]),
        (Audience::All, vec!["Now: sales: it is so", "Now: silent: it is so", "journal: it is so"]),
    ] {
        let mut heard = Heard::by(desk(receiver(about)));
        let titles: Vec<String> =
            heard.until(MINUTE, &firing).into_iter().map(|(_, title)| title).collect();
        assert_eq!(titles, expected, "{about:?}");
    }
    let pages_only = Receiver { pages_only: true, ..receiver(Audience::Operator) };
    let heard = Heard::by(desk(pages_only)).until(MINUTE, &firing);
    assert_eq!(heard, [said(30, "Now: silent: it is so")]);
}

#[test]
fn a_ticket_waits_for_the_end_of_the_quiet_hours_and_a_page_does_not() {
    let night = Span { opens_min: 0, closes_min: 60 };
    let quiet = Receiver { quiet_hours: vec![night], ..receiver(Audience::All) };
    let mut heard = Heard::by(desk(quiet));
    assert_eq!(
        heard.until(65 * MINUTE, &[page("sales"), ticket()]),
        [
            said(30, "Now: sales: it is so"),
            said(1830, "Still: sales: it is so"),
            said(3600, "late"),
            said(3630, "Still: sales: it is so"),
        ]
    );
}

#[test]
fn who_does_not_want_to_hear_that_it_is_over_does_not() {
    let only_begins = Receiver { resolved: false, ..receiver(Audience::All) };
    let mut heard = Heard::by(desk(only_begins));
    assert_eq!(heard.until(MINUTE, &[page("sales")]).len(), 1);
    assert_eq!(heard.until(20 * MINUTE, &[]), []);
    // When it comes again, it is told again.
    assert_eq!(heard.until(25 * MINUTE, &[page("sales")]).len(), 1);
}

#[test]
fn a_silence_stops_repeats_without_saying_that_it_is_over_and_what_is_new_in_it_is_not_told() {
    let mut heard = Heard::by(desk(receiver(Audience::All)));
    assert_eq!(heard.until(MINUTE, &[page("sales")]).len(), 1);
    let wish = Wish {
        alert: Some("AbandonedMany".to_owned()),
        labels: Labels::new(),
        lasts_ms: 120 * MINUTE,
        ..Wish::default()
    };
    heard.silences.add(wish, &["AbandonedMany"], 9, heard.now_ms).expect("a silence");
    assert_eq!(heard.until(110 * MINUTE, &[page("sales"), page("care")]), []);
    // The end of what was told is told all the same.
    assert_eq!(heard.until(115 * MINUTE, &[]), [said(6600, "Over: sales: it is so")]);
}

#[test]
fn what_another_alert_explains_is_not_told() {
    let of_channel = |alert: &str| {
        let mut line = line(alert, "x", Severity::Page);
        line.labels.insert("channel".to_owned(), "pbx".to_owned());
        Line { summary: alert.to_owned(), ..line }
    };
    let firing = [of_channel("ChannelFeedSilent"), of_channel("TablicaPluginResting")];
    let desk = desk(receiver(Audience::All));
    let causes = desk.causes(&firing);
    assert_eq!(causes.len(), 1);
    let muted = desk.muted(&firing[0], &causes, &Silences::default(), 0);
    assert_eq!(muted, Some(Mute::Explained("TablicaPluginResting".to_owned())));
    let heard = Heard::by(desk).until(MINUTE, &firing);
    assert_eq!(heard, [said(30, "Now: TablicaPluginResting")]);
}

#[test]
fn what_the_operator_has_switched_off_is_not_told() {
    let mut desk = desk(receiver(Audience::All));
    desk.alerts.off = vec!["AbandonedMany".to_owned()];
    assert_eq!(desk.muted(&page("a"), &[], &Silences::default(), 0), Some(Mute::Off));
    assert_eq!(Heard::by(desk).until(10 * MINUTE, &[page("a")]), []);
}

#[test]
fn a_message_that_was_not_taken_is_tried_later_and_later_with_what_is_so_by_then() {
    let desk = desk(receiver(Audience::All));
    let (mut told, silences) = (Told::default(), Silences::default());
    let mut tries = Vec::new();
    let mut firing = vec![page("sales")];
    for now_s in 0..1200 {
        if now_s == 600 {
            firing[0].summary = "worse".to_owned();
        }
        for due in desk.due(&firing, &silences, &mut told, now_s * SECOND) {
            tries.push((now_s, due.notice.title()));
            told.note_failed(&due, 0, now_s * SECOND);
        }
    }
    let at: Vec<Ms> = tries.iter().map(|(at, _)| *at).collect();
    assert_eq!(at, [30, 35, 45, 65, 105, 185, 345, 645, 945]);
    assert_eq!(tries[7].1, "Now: worse");
    // Taken at last.
    let due = desk.due(&firing, &silences, &mut told, 1245 * SECOND);
    told.note_taken(&due[0], 1245 * SECOND);
    assert_eq!(desk.due(&firing, &silences, &mut told, 1300 * SECOND), []);
}

#[test]
fn who_asks_to_be_left_alone_is_not_told_sooner() {
    let desk = desk(receiver(Audience::All));
    let (mut told, silences) = (Told::default(), Silences::default());
    let mut tries = Vec::new();
    for now_s in 0..300 {
        for due in desk.due(&[page("sales")], &silences, &mut told, now_s * SECOND) {
            // The second time it does not say how long.
            let rest_s = if tries.len() == 1 { 0 } else { 35 };
            tries.push(now_s);
            told.note_failed(&due, rest_s * SECOND, now_s * SECOND);
        }
    }
    assert_eq!(tries, [30, 65, 75, 110, 150, 230]);
}

#[test]
fn that_something_is_over_is_given_up_when_nobody_takes_it() {
    let desk = desk(receiver(Audience::All));
    let (mut told, silences) = (Told::default(), Silences::default());
    let first = desk.due(&[page("sales")], &silences, &mut told, 0);
    assert_eq!(first, []);
    let first = desk.due(&[page("sales")], &silences, &mut told, 30 * SECOND);
    told.note_taken(&first[0], 30 * SECOND);
    let mut tries = 0;
    for now_s in 31..86_400 {
        for due in desk.due(&[], &silences, &mut told, now_s * SECOND) {
            tries += 1;
            told.note_failed(&due, 0, now_s * SECOND);
        }
    }
    assert_eq!(tries, OVER_TRIES_MAX);
    assert_eq!(told.0["lead"].len(), 0);
}

#[test]
fn after_a_restart_nothing_is_told_twice() {
    let mut heard = Heard::by(desk(receiver(Audience::All)));
    assert_eq!(heard.until(MINUTE, &[page("sales")]).len(), 1);
    let kept = serde_json::to_string(&heard.told).expect("JSON");
    heard.told = serde_json::from_str(&kept).expect("the same");
    assert_eq!(heard.until(20 * MINUTE, &[page("sales")]), []);
}

#[test]
fn each_incident_is_a_message_of_its_own_and_each_try_of_it_the_same() {
    let desk = desk(receiver(Audience::All));
    let (mut told, silences) = (Told::default(), Silences::default());
    let mut ids = Vec::new();
    for day in [0, 86_400] {
        desk.due(&[page("sales")], &silences, &mut told, day * SECOND);
        for at in [30, 40] {
            let due = desk.due(&[page("sales")], &silences, &mut told, (day + at) * SECOND);
            ids.push(due[0].notice.id());
            told.note_failed(&due[0], 0, (day + at) * SECOND);
        }
        assert_eq!(desk.due(&[], &silences, &mut told, (day + 60) * SECOND), []);
    }
    assert_eq!((&ids[0], &ids[2]), (&ids[1], &ids[3]), "the tries of one message");
    assert_ne!(ids[0], ids[2], "the same alert on another day");
}

#[test]
fn a_cause_that_somebody_is_not_told_of_explains_nothing_to_them() {
    let firing = [
        Line {
            summary: "restarts".to_owned(),
            ..line("TablicaRestartsOften", "", Severity::Ticket)
        },
        Line { summary: "behind".to_owned(), ..line("TablicaEngineBehind", "", Severity::Page) },
    ];
    // A ticket may wait for the morning: it does not keep a page from anybody.
    let heard = Heard::by(desk(receiver(Audience::All))).until(MINUTE, &firing);
    assert_eq!(heard, [said(30, "Now: behind"), said(30, "restarts")]);
    let resting = |severity| Line {
        summary: "resting".to_owned(),
        ..line("TablicaPluginResting", "pbx", severity)
    };
    let silent =
        Line { summary: "silent".to_owned(), ..line("ChannelFeedSilent", "pbx", Severity::Page) };
    let firing = [resting(Severity::Page), silent];
    // The operator hears the cause alone; the floor, who does not, hears what it does.
    let heard = Heard::by(desk(receiver(Audience::Operator))).until(MINUTE, &firing);
    assert_eq!(heard, [said(30, "Now: resting")]);
    let heard = Heard::by(desk(receiver(Audience::Floor))).until(MINUTE, &firing);
    assert_eq!(heard, [said(30, "Now: silent")]);
    let mut without = desk(receiver(Audience::All));
    without.alerts.off = vec!["TablicaPluginResting".to_owned()];
    assert_eq!(Heard::by(without).until(MINUTE, &firing), [said(30, "Now: silent")]);
}

#[test]
fn who_is_no_longer_told_of_an_alert_is_not_told_that_it_is_over() {
    let mut heard = Heard::by(desk(receiver(Audience::All)));
    assert_eq!(heard.until(MINUTE, &[ticket()]), [said(30, "late")]);
    let pages_only = Receiver { pages_only: true, ..receiver(Audience::All) };
    heard.desk = desk(pages_only);
    assert_eq!(heard.until(30 * MINUTE, &[ticket()]), []);
    assert_eq!(heard.until(40 * MINUTE, &[]), []);
}

#[test]
fn what_is_silenced_is_left_out_when_its_group_is_told_again() {
    let screen = |name: &str| {
        let mut line = line("TablicaScreenGone", "", Severity::Ticket);
        line.labels.insert("screen".to_owned(), name.to_owned());
        line.labels.remove("queue");
        Line { summary: name.to_owned(), ..line }
    };
    let mut heard = Heard::by(desk(receiver(Audience::All)));
    assert_eq!(heard.until(MINUTE, &[screen("x")]), [said(30, "x")]);
    let wish = Wish {
        alert: Some("TablicaScreenGone".to_owned()),
        labels: [("screen".to_owned(), "x".to_owned())].into(),
        lasts_ms: 1440 * MINUTE,
        ..Wish::default()
    };
    heard.silences.add(wish, &["TablicaScreenGone"], 9, heard.now_ms).expect("a silence");
    assert_eq!(heard.until(10 * MINUTE, &[screen("x"), screen("y")]), [said(330, "y")]);
}

#[test]
fn the_end_is_tried_as_often_after_repeats_that_nobody_took() {
    let desk = desk(receiver(Audience::All));
    let (mut told, silences) = (Told::default(), Silences::default());
    desk.due(&[page("sales")], &silences, &mut told, 0);
    let first = desk.due(&[page("sales")], &silences, &mut told, 30 * SECOND);
    told.note_taken(&first[0], 30 * SECOND);
    let (mut repeats, mut ends) = (0, 0);
    for now_s in 31..20_000 {
        let firing = if now_s < 6000 { vec![page("sales")] } else { Vec::new() };
        for due in desk.due(&firing, &silences, &mut told, now_s * SECOND) {
            if firing.is_empty() {
                ends += 1
            } else {
                repeats += 1
            }
            told.note_failed(&due, 0, now_s * SECOND);
        }
    }
    assert!(repeats > 12, "{repeats}");
    assert_eq!(ends, OVER_TRIES_MAX);
}

#[test]
fn a_clock_that_is_set_back_holds_up_nobody() {
    let desk = desk(receiver(Audience::All));
    let (mut told, silences) = (Told::default(), Silences::default());
    desk.due(&[page("sales")], &silences, &mut told, 7200 * SECOND);
    told.set_back(0);
    let due = desk.due(&[page("sales")], &silences, &mut told, 30 * SECOND);
    assert_eq!(due.len(), 1, "half a minute later, not two hours");
}

#[test]
fn people_who_get_mail_are_told_one_by_one_and_shown_as_one_receiver() {
    let to = ["a@example.com", "b@example.com"].map(str::to_owned).to_vec();
    let office = Receiver { way: Way::Mail { to }, ..receiver(Audience::All) };
    let config = Config { receivers: [("office".to_owned(), office)].into(), ..Config::default() };
    let desk = Desk::of(&config);
    assert_eq!(desk.receivers.keys().collect::<Vec<_>>(), ["office/0", "office/1"]);
    assert_eq!(desk.receivers_of(&page("sales")), ["office"]);
    let (mut told, silences) = (Told::default(), Silences::default());
    desk.due(&[page("sales")], &silences, &mut told, 0);
    let due = desk.due(&[page("sales")], &silences, &mut told, 30 * SECOND);
    told.note_taken(&due[0], 30 * SECOND);
    told.note_failed(&due[1], 0, 30 * SECOND);
    let due = desk.due(&[page("sales")], &silences, &mut told, 35 * SECOND);
    let names: Vec<&str> = due.iter().map(|it| it.receiver.as_str()).collect();
    assert_eq!(names, ["office/1"], "who has it gets it once");
}
