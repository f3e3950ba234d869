//! People come in and are out when they should be; what is kept is bounded and opens nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use zeroize::Zeroizing;

use super::*;
use crate::config::model;
use crate::event::UnixMs;
use crate::journal::Silent;

/// Each test has a thread, and a clock, of its own.
fn now() -> UnixMs {
    NOW.with(|now| now.load(Ordering::Relaxed))
}

thread_local! {
    static NOW: AtomicI64 = const { AtomicI64::new(1_800_000_000_000) };
}

fn later(hours: i64) {
    NOW.with(|now| now.fetch_add(hours * 60 * 60 * 1000, Ordering::Relaxed));
}

fn secret_text(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

const GOOD: &str = "correct horse battery";

fn open(folder: &tempfile::TempDir, settings: &model::Access) -> Access {
    Access::open(settings, folder.path(), Arc::new(Silent), now).expect("opened")
}

fn site() -> (tempfile::TempDir, Access) {
    let folder = tempfile::tempdir().expect("a folder");
    let access = open(&folder, &model::Access::default());
    (folder, access)
}

#[tokio::test]
async fn the_set_up_link_makes_one_admin_and_holds_for_an_hour() {
    let (_folder, access) = site();
    let first = access.new_set_up().await.expect("drawn").expect("there is no admin");
    let link = access.new_set_up().await.expect("drawn").expect("there is no admin");
    let tried = access.set_up(&first, "Eve", secret_text(GOOD)).await;
    assert!(matches!(tried, Err(ChangeError::LinkGone)), "the newest alone holds");
    let short = access.set_up(&link, "Anna", secret_text("short")).await;
    assert!(matches!(short, Err(ChangeError::BadPassword)));
    let done = access.set_up(&link, " Anna ", secret_text(GOOD)).await.expect("an admin");
    assert_eq!(access.by_session(&done.session).expect("is in").role, Role::Admin);
    let again = access.set_up(&link, "Eve", secret_text(GOOD)).await;
    assert!(matches!(again, Err(ChangeError::LinkGone)));
    assert!(access.new_set_up().await.expect("asked").is_none(), "there is an admin");

    let (_folder, access) = site();
    let link = access.new_set_up().await.expect("drawn").expect("a link");
    later(2);
    assert!(!access.set_up_holds(&link).await.expect("asked"));
}

#[tokio::test]
async fn a_session_lasts_as_long_as_it_may_and_through_a_restart() {
    let (folder, access) = site();
    access.add_person("anna", Role::Lead, secret_text(GOOD)).await.expect("added");
    let login = access.log_in("ANNA", secret_text(GOOD), None).await.expect("is in");
    let access = open(&folder, &model::Access::default());
    assert_eq!(access.by_session(&login.session).expect("still in").name, "anna");
    later(11);
    assert!(access.by_session(&login.session).is_some());
    later(1);
    assert!(access.by_session(&login.session).is_none(), "12 hours are over");
}

#[tokio::test]
async fn who_is_removed_or_has_a_new_password_is_out_at_once() {
    let (_folder, access) = site();
    access.add_person("boss", Role::Admin, secret_text(GOOD)).await.expect("added");
    access.add_person("anna", Role::Viewer, secret_text(GOOD)).await.expect("added");
    let anna = access.log_in("anna", secret_text(GOOD), None).await.expect("is in");
    access.change_role("anna", Role::Lead).await.expect("changed");
    assert_eq!(access.by_session(&anna.session).expect("in").role, Role::Lead);
    access.set_password("anna", secret_text("another good one")).await.expect("changed");
    assert!(access.by_session(&anna.session).is_none());
    let anna = access.log_in("anna", secret_text("another good one"), None).await.expect("in");
    let other = access.log_in("anna", secret_text("another good one"), None).await.expect("in");
    let both = (secret_text("another good one"), secret_text("a third good one"));
    access.change_own_password("anna", both, &anna.session, None).await.expect("changed");
    assert!(
        access.by_session(&anna.session).is_some() && access.by_session(&other.session).is_none()
    );
    access.remove_person("anna").await.expect("removed");
    assert!(access.by_session(&anna.session).is_none());
    let last = access.remove_person("boss").await;
    assert!(matches!(last, Err(ChangeError::LastAdmin)));
    assert!(matches!(access.change_role("boss", Role::Lead).await, Err(ChangeError::LastAdmin)));
}

#[tokio::test]
async fn nothing_that_opens_anything_is_on_the_disk() {
    let (folder, access) = site();
    access.add_person("anna", Role::Lead, secret_text(GOOD)).await.expect("added");
    let login = access.log_in("anna", secret_text(GOOD), None).await.expect("is in");
    let (_, token) = access.add_token("grafana", Role::Viewer).await.expect("a token");
    let link = access.new_set_up().await.expect("drawn").expect("a link");
    assert_eq!(access.by_token(&token).expect("known").name, "token grafana");
    let mut read = 0;
    for file in std::fs::read_dir(folder.path()).expect("a folder") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("read");
        read += bytes.len();
        for secret in [GOOD, login.session.as_str(), token.as_str(), link.as_str()] {
            let found = bytes.windows(secret.len()).any(|piece| piece == secret.as_bytes());
            assert!(!found, "a secret is on the disk");
        }
    }
    assert!(read > 0);
    access.remove_token("grafana").await.expect("revoked");
    assert!(access.by_token(&token).is_none());
}

#[tokio::test]
async fn nobody_takes_the_logins_of_others_by_logging_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = model::Access {
        sessions_max: 4,
        sessions_per_person_max: 2,
        login_attempts_max: 20,
        ..model::Access::default()
    };
    let access = open(&folder, &settings);
    for name in ["anna", "ben"] {
        access.add_person(name, Role::Viewer, secret_text(GOOD)).await.expect("added");
    }
    let anna = access.log_in("anna", secret_text(GOOD), None).await.expect("in").session;
    let mut of_ben = Vec::new();
    for _ in 0..6 {
        later(1);
        of_ben.push(access.log_in("ben", secret_text(GOOD), None).await.expect("in").session);
    }
    assert!(access.by_session(&anna).is_some());
    let hold: Vec<bool> = of_ben.iter().map(|it| access.by_session(it).is_some()).collect();
    assert_eq!(hold, [false, false, false, false, true, true]);
}

#[tokio::test]
async fn what_is_kept_is_bounded_and_what_goes_is_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = model::Access {
        sessions_max: 2,
        people_max: 1,
        tokens_max: 1,
        audit_rows_max: 3,
        ..model::Access::default()
    };
    let access = open(&folder, &settings);
    access.add_person("anna", Role::Admin, secret_text(GOOD)).await.expect("added");
    let full = access.add_person("ben", Role::Admin, secret_text(GOOD)).await;
    assert!(matches!(full, Err(ChangeError::Full)));
    access.add_token("one", Role::Viewer).await.expect("added");
    assert!(matches!(access.add_token("two", Role::Viewer).await, Err(ChangeError::Full)));
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(access.log_in("anna", secret_text(GOOD), None).await.expect("in").session);
        later(1);
    }
    assert!(access.by_session(&sessions[0]).is_none() && access.by_session(&sessions[2]).is_some());
    for number in 0..5 {
        let target = number.to_string();
        let (who, origin, result) = ("anna".to_owned(), "::1".to_owned(), "ok".to_owned());
        access.record(Act { who, origin, act: "login", target, result }).await;
    }
    let acts = access.acts(100).await.expect("read");
    assert_eq!(acts.iter().map(|act| act.target.as_str()).collect::<Vec<_>>(), ["4", "3", "2"]);
    let counts = access.counts();
    let read = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    assert_eq!((read(&counts.people_refused), read(&counts.tokens_refused)), (1, 1));
    assert_eq!((read(&counts.sessions_ended), read(&counts.acts_dropped)), (1, 2));
}

#[tokio::test]
async fn a_console_beside_the_server_is_heard() {
    let (folder, access) = site();
    let watching = tokio::spawn(access.clone().watch());
    let mut console = Console::open(folder.path(), now()).expect("opened");
    console.add_person("Anna", Role::Lead, GOOD).expect("added");
    let token = console.add_token("ci", Role::Admin).expect("a token");
    let limit = std::time::Duration::from_secs(20);
    let heard = async {
        while access.by_token(&token).is_none() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(limit, heard).await.expect("within a second or so");
    assert_eq!(access.people()[0].name, "anna");
    let acts: Vec<String> = console.acts(9).expect("read").into_iter().map(|it| it.act).collect();
    assert_eq!(acts, ["token_add", "person_add"]);
    watching.abort();
}
