//! Reports by mail: each once a day whatever the clock does and whenever the server is down, over a real
//! socket to a mail server that takes, puts off, refuses, or cannot be trusted.

mod page;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use tablica::config::model::{
    DayOfWeek, Mail, MailTls, MailedReport, ReportFormat, ReportKind, ReportOf, Secret,
};
use tablica::journal::Silent;
use tablica::language::Language;
use tablica::mail::{File, HandError, Letter, Occurrence, Parts, Post, Press, Written};

use crate::support::authority::Authority;
use crate::support::smtp::{Manners, Smtp, Taken};

/// Written for the day that is due, and for no figure.
struct Dated;

impl Press for Dated {
    fn letter<'a>(&'a self, report: &'a str, due: Occurrence) -> Written<'a> {
        let letter = Letter {
            subject: format!("Отчёт за {}", due.date),
            text: "12 звонков".to_owned(),
            html: "<p>12 звонков</p>".to_owned(),
            files: vec![File {
                name: format!("{}.csv", due.date),
                media_type: ReportFormat::Csv.media_type(),
                text: "of,name\n".to_owned(),
            }],
            about: format!("{report} {}", due.date),
        };
        Box::pin(async move { Ok(letter) })
    }
}

fn ms(text: &str) -> i64 {
    text.parse::<Timestamp>().expect("a time").as_millisecond()
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;

fn mail(smtp: &Smtp) -> Mail {
    Mail {
        server: "127.0.0.1".to_owned(),
        port: smtp.port(),
        tls: MailTls::None,
        from: "Tablica <tablica@sender.example>".to_owned(),
        tries_max: 3,
        by_hand_per_hour_max: 3,
        ..Mail::default()
    }
}

fn morning(at: &str, to: &[&str]) -> MailedReport {
    MailedReport {
        kind: ReportKind::Daily,
        at: at.parse::<Time>().expect("a time"),
        weekdays: DayOfWeek::all(),
        language: Language::English,
        to: to.iter().map(|it| (*it).to_owned()).collect(),
        attach: vec![ReportFormat::Csv],
        of: ReportOf::default(),
    }
}

fn opened(mail: Mail, report: MailedReport, folder: &Path) -> Arc<Post> {
    let parts = Parts {
        mail,
        reports: BTreeMap::from([("morning".to_owned(), report)]),
        zone: TimeZone::get("Europe/Warsaw").expect("bundled"),
        press: Arc::new(Dated),
        state_dir: folder,
        observer: Arc::new(Silent),
    };
    Post::open(parts).expect("opened")
}

/// A folder, a server, and the post of one report to one lead at two thirty.
struct House {
    folder: tempfile::TempDir,
    smtp: Smtp,
}

impl House {
    async fn with(manners: Manners) -> House {
        let smtp = Smtp::start(manners).await;
        House { folder: tempfile::tempdir().expect("a folder"), smtp }
    }

    fn post(&self) -> Arc<Post> {
        self.post_to(&["lead@site.example"])
    }

    fn post_to(&self, to: &[&str]) -> Arc<Post> {
        opened(mail(&self.smtp), morning("02:30", to), self.folder.path())
    }

    /// Looks each quarter of an hour.
    async fn pass(&self, post: &Post, from: &str, to: &str) {
        for now_ms in (ms(from)..ms(to)).step_by(15 * MINUTE as usize) {
            post.look(now_ms).await;
        }
    }
}

fn header(mail: &Taken, name: &str) -> String {
    let line = mail.text.lines().find(|line| line.starts_with(name));
    line.unwrap_or_else(|| panic!("{name} in {}", mail.text)).to_owned()
}

fn state(post: &Post, now_ms: i64) -> (usize, Option<String>) {
    let status = post.status(now_ms).remove(0);
    (status.undelivered, status.fault)
}

#[tokio::test]
async fn a_report_goes_out_once_a_day_also_on_the_days_on_which_clocks_are_set() {
    let house = House::with(Manners::default()).await;
    let post = house.post();
    // In spring there is no half past two, in autumn there are two. Two days before it begins to look.
    house.pass(&post, "2026-03-27T05:00Z", "2026-03-31T22:00Z").await;
    assert_eq!(house.smtp.taken().len(), 4, "28, 29, 30 and 31 March");
    house.pass(&post, "2026-10-23T22:00Z", "2026-10-24T22:00Z").await;
    let before = house.smtp.taken().len();
    house.pass(&post, "2026-10-24T22:00Z", "2026-10-26T22:00Z").await;
    assert_eq!(house.smtp.taken().len() - before, 2, "25 and 26 October");
    let mails = house.smtp.taken();
    let ids: std::collections::BTreeSet<_> =
        mails.iter().map(|mail| header(mail, "Message-ID: ")).collect();
    assert_eq!(ids.len(), mails.len(), "each is a mail of its own");
    assert!(mails.iter().all(|mail| mail.text.is_ascii()), "also the subject in Cyrillic letters");
    assert!(header(&mails[0], "Subject: ").starts_with("Subject: =?utf-8?b?"));
    for part in ["multipart/alternative", "text/plain", "text/html", "2026-03-28.csv"] {
        assert!(mails[0].text.contains(part), "lacks {part}");
    }
}

#[tokio::test]
async fn a_report_that_was_due_while_the_server_was_down_is_sent_once_or_told_to_be_missed() {
    let house = House::with(Manners::default()).await;
    house.post().look(ms("2026-03-02T00:00Z")).await;
    assert_eq!(house.smtp.taken(), [], "what was due before it stood in the config is not sent");
    // Down from one in the night until nine.
    let post = house.post();
    post.look(ms("2026-03-02T08:00Z")).await;
    assert_eq!(house.smtp.taken().len(), 1);
    post.look(ms("2026-03-02T08:05Z")).await;
    drop(post);
    let post = house.post();
    post.look(ms("2026-03-02T08:10Z")).await;
    assert_eq!(house.smtp.taken().len(), 1, "once, also over a restart");
    drop(post);
    // The next day it comes up in the evening: later than catch_up.
    let post = house.post();
    let evening = ms("2026-03-03T18:00Z");
    post.look(evening).await;
    assert_eq!(house.smtp.taken().len(), 1);
    let (undelivered, fault) = state(&post, evening);
    assert_eq!(undelivered, 1);
    assert_eq!(fault.as_deref(), Some("the server was down when it was due"));
    post.look(ms("2026-03-04T02:00Z")).await;
    assert_eq!((house.smtp.taken().len(), state(&post, evening).0), (2, 0));
}

#[tokio::test]
async fn a_kill_between_taken_and_noted_sends_it_again_under_the_same_id() {
    let house = House::with(Manners { is_mute: true, ..Manners::default() }).await;
    let post = house.post();
    post.look(ms("2026-03-02T00:00Z")).await;
    let due = ms("2026-03-02T02:00Z");
    tokio::select! {
        () = post.look(due) => panic!("the mail server has not said that it took it"),
        () = house.smtp.takes(1) => {}
    }
    drop(post);
    house.smtp.behave(|manners| manners.is_mute = false);
    let post = house.post();
    post.look(due + MINUTE).await;
    post.look(due + 2 * MINUTE).await;
    let mails = house.smtp.taken();
    assert_eq!(mails.len(), 2);
    assert_eq!(header(&mails[0], "Message-ID: "), header(&mails[1], "Message-ID: "));
}

#[tokio::test]
async fn what_is_put_off_is_tried_again_ever_later_and_given_up_in_the_end() {
    let answers = ["451 greylisted, lead@site.example", "421 busy"];
    let house = House::with(Manners { answers: answers.into(), ..Manners::default() }).await;
    let post = house.post();
    post.look(ms("2026-03-02T00:00Z")).await;
    let due = ms("2026-03-02T01:30Z");
    post.look(due).await;
    let (undelivered, fault) = state(&post, due);
    assert_eq!(undelivered, 1);
    let fault = fault.expect("it says why");
    assert_eq!(fault, "the mail server puts it off with 451", "and repeats nothing that it says");
    post.look(due + MINUTE - 1).await;
    assert_eq!(post.status(due)[0].retry_ms, Some(due + MINUTE), "not tried before");
    post.look(due + MINUTE).await;
    assert_eq!(post.status(due)[0].retry_ms, Some(due + 3 * MINUTE), "twice as long");
    post.look(due + 3 * MINUTE).await;
    assert_eq!((house.smtp.taken().len(), state(&post, due).0), (1, 0), "250 at last");

    house.smtp.behave(|manners| manners.answers = ["451 no"; 9].into());
    let next = due + 24 * HOUR;
    for minute in 0..120 {
        post.look(next + minute * MINUTE).await;
    }
    assert_eq!(house.smtp.taken().len(), 1);
    let left = std::cell::Cell::new(0);
    house.smtp.behave(|manners| left.set(manners.answers.len()));
    assert_eq!(left.get(), 9 - 3, "tries_max tries");
    assert_eq!(state(&post, next).0, 1);
    assert_eq!(post.status(next)[0].retry_ms, None);
}

#[tokio::test]
async fn one_who_is_refused_keeps_it_from_nobody_else() {
    let recipients = BTreeMap::from([("gone@site.example", "550 no such user")]);
    let house = House::with(Manners { recipients, ..Manners::default() }).await;
    let post = house.post_to(&["gone@site.example", "lead@site.example"]);
    post.look(ms("2026-03-02T00:00Z")).await;
    let due = ms("2026-03-02T01:30Z");
    for minute in 0..60 {
        post.look(due + minute * MINUTE).await;
    }
    let taken = house.smtp.taken();
    assert_eq!(
        taken.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(),
        ["lead@site.example"]
    );
    assert!(!taken[0].text.contains("gone@"), "each gets a mail of its own");
    let (undelivered, fault) = state(&post, due);
    assert_eq!((undelivered, fault.as_deref()), (1, Some("the mail server refuses it with 550")));
    assert_eq!(post.status(due)[0].to, ["g…@site.example", "l…@site.example"]);
}

#[tokio::test]
async fn nothing_is_said_in_plain_text_to_a_server_without_tls_or_that_is_not_trusted() {
    let own = Authority::new("Own");
    let house = House::with(Manners {
        login: Some("AHRhYmxpY2EAaHVudGVyMg==".to_owned()),
        ..Manners::default()
    })
    .await;
    let ca_file = house.folder.path().join("ca.pem");
    std::fs::write(&ca_file, own.pem()).expect("written");
    let due = ms("2026-03-02T01:30Z");
    let of = |tls| Mail {
        tls,
        ca_file: Some(ca_file.clone()),
        user: Some("tablica".to_owned()),
        password: Some(Secret::new("hunter2")),
        timeout: Duration::from_secs(20),
        ..mail(&house.smtp)
    };
    let sent = async |mail: Mail| {
        let folder = tempfile::tempdir().expect("a folder");
        let post = opened(mail, morning("02:30", &["lead@site.example"]), folder.path());
        post.look(ms("2026-03-02T00:00Z")).await;
        post.look(due).await;
        state(&post, due).1.unwrap_or_default()
    };
    let why = sent(of(MailTls::Starttls)).await;
    assert!(why.starts_with("the mail server offers no STARTTLS"), "{why}");
    let why = sent(of(MailTls::Required)).await;
    assert!(why.starts_with("the mail server is not trusted"), "{why}");

    let other = Authority::new("Other").server("127.0.0.1");
    house.smtp.behave(|manners| manners.starttls = Some(other));
    let why = sent(of(MailTls::Starttls)).await;
    assert!(why.contains("signed by nobody whom this machine or ca_file trusts"), "{why}");
    assert_eq!(house.smtp.taken(), []);

    house.smtp.behave(|manners| manners.starttls = Some(own.server("127.0.0.1")));
    assert_eq!(sent(of(MailTls::Starttls)).await, "");
    house.smtp.behave(|manners| manners.tls = Some(own.server("127.0.0.1")));
    assert_eq!(sent(of(MailTls::Required)).await, "");
    let taken = house.smtp.taken();
    assert!(taken.len() == 2 && taken.iter().all(|mail| mail.is_encrypted && mail.is_logged_in));

    let wrong = Mail { password: Some(Secret::new("hunter3")), ..of(MailTls::Required) };
    let why = sent(wrong).await;
    assert!(
        why.ends_with("(mail.user, mail.password) with 535") && !why.contains("hunter"),
        "{why}"
    );
}

#[tokio::test]
async fn what_people_send_by_hand_is_another_mail_and_has_a_limit() {
    let house = House::with(Manners::default()).await;
    let post = house.post();
    post.look(ms("2026-03-02T00:00Z")).await;
    let now = ms("2026-03-02T12:00Z");
    assert_eq!(post.send_now("morning", now).await, Ok(1));
    post.send_test("morning", " me@site.example ", now + 1).await.expect("sent");
    let mails = house.smtp.taken();
    let to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(to, ["lead@site.example", "me@site.example"]);
    assert_eq!(post.send_now("evening", now).await, Err(HandError::Unknown("evening".to_owned())));
    for bad in ["me", "me@site.example\r\nBcc: x@y.example", "a@b.example, c@d.example"] {
        let refused = post.send_test("morning", bad, now).await;
        assert_eq!(refused, Err(HandError::NoAddress), "{bad}");
    }
    post.send_now("morning", now + 2).await.expect("sent");
    assert_eq!(post.send_now("morning", now + 3).await, Err(HandError::TooMany(3)));
    assert_eq!(post.send_now("morning", now + HOUR + 3).await, Ok(1));
    let ids: std::collections::BTreeSet<_> =
        house.smtp.taken().iter().map(|mail| header(mail, "Message-ID: ")).collect();
    assert_eq!(ids.len(), 4, "a mail server drops none of them");
    // It is due all the same.
    post.look(ms("2026-03-03T02:00Z")).await;
    assert_eq!(house.smtp.taken().len(), 5);
}
