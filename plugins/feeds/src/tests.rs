//! What samples cannot say: settings, restarts, garbage, bounds.
#![allow(clippy::panic, reason = "how a test says what it got instead")]

use tablica_plugin::{Command, Response};

use super::*;
use crate::document::ITEMS_MAX;

const NOW_MS: u64 = 1_795_348_800_000;
const COMMENTS: &str = r#"{"feeds":[{"url":"https://blog.example/c","content":"comments"}]}"#;

fn feeds(settings: &str) -> Feeds {
    Feeds::new(&Setup::new(settings)).unwrap_or_else(|failure| panic!("{failure:?}"))
}

fn tag(output: Result<Output, Failure>) -> String {
    let output = output.unwrap_or_else(|failure| panic!("{failure:?}"));
    let fetch = output.commands.iter().find_map(|it| match it {
        Command::Fetch(request) => Some(request.tag.clone()),
        _ => None,
    });
    fetch.unwrap_or_else(|| panic!("{output:?}"))
}

fn answer(feeds: &mut Feeds, tag: &str, body: &str) -> Result<Output, Failure> {
    feeds.handle(NOW_MS, Input::Response(Response::new(200, body, tag)))
}

fn rss(ids: std::ops::Range<usize>) -> String {
    let items: String =
        ids.map(|id| format!("<item><guid>https://blog.example/{id}</guid></item>")).collect();
    format!("<rss><channel>{items}</channel></rss>")
}

#[test]
fn a_setting_that_makes_no_sense_is_named() {
    let feed = |url: &str| format!(r#"{{"feeds":[{{"url":"{url}","content":"posts"}}]}}"#);
    let cases = [
        ("{}".to_owned(), "/feeds: "),
        (feed("blog.example"), "/feeds/0/url: "),
        (feed("ftp://blog.example"), "/feeds/0/url: "),
        (feed("https://"), "/feeds/0/url: "),
        (COMMENTS.replace("comments", "blog"), "/feeds/0/content: unknown variant"),
        (r#"{"feeds":[{"content":"posts"}]}"#.to_owned(), "/feeds/0: missing field `url`"),
        (COMMENTS.replace("}]}", "}],\"every_s\":5}"), "/every_s: found 5"),
        (COMMENTS.replace("}]}", "}],\"own_authors\":[\" \"]}"), "/own_authors/0: "),
        (
            COMMENTS.replace("}]", "},{\"url\":\"https://blog.example/c\",\"content\":\"posts\"}]"),
            "/feeds/1/url: stands",
        ),
    ];
    for (settings, key) in cases {
        match Feeds::new(&Setup::new(&settings)).err() {
            Some(Failure::Config(why)) => assert!(why.starts_with(key), "{why}"),
            other => panic!("{settings}: {other:?}"),
        }
    }
}

#[test]
fn what_is_no_feed_is_bad_input_and_changes_nothing() {
    let mut feeds = feeds(COMMENTS);
    let tag = tag(feeds.start(NOW_MS));
    let before = feeds.snapshot();
    for body in ["", "hello", "{}", "<html><body/></html>", "<![CDATA[", "<", "<!DOCTYPE x [", "&"]
    {
        let result = answer(&mut feeds, &tag, body);
        assert!(matches!(result, Err(Failure::BadInput(_))), "{body}: {result:?}");
    }
    assert_eq!(feeds.snapshot(), before);
}

#[test]
fn a_restart_forgets_no_feed_and_feeds_that_are_not_named_any_more_are_forgotten() {
    let mut before = feeds(COMMENTS);
    let first = tag(before.start(NOW_MS));
    assert_eq!(answer(&mut before, &first, &rss(0..3)), Ok(Output::default()));
    let mut after = feeds(COMMENTS);
    assert_eq!(after.restore(&before.snapshot()), Ok(()));
    let output = answer(&mut after, &first, &rss(0..4)).unwrap_or_default();
    assert_eq!(output.events.len(), 1);
    let mut other = feeds(&COMMENTS.replace("blog.example", "other.example"));
    assert_eq!(other.restore(&before.snapshot()), Ok(()));
    assert_eq!(other.polling.sources().len(), 1);
    for bytes in [&b"{}"[..], &[1, 9, 0, 0, 0], &before.snapshot()[..20]] {
        assert!(matches!(other.restore(bytes), Err(Failure::Config(_))), "{bytes:?}");
    }
}

#[test]
fn a_feed_without_end_has_an_end_here() {
    let mut feeds = feeds(COMMENTS);
    let tag = tag(feeds.start(NOW_MS));
    assert_eq!(answer(&mut feeds, &tag, &rss(0..1)), Ok(Output::default()));
    let output = answer(&mut feeds, &tag, &rss(0..3 * ITEMS_MAX)).unwrap_or_default();
    assert_eq!(output.events.len(), ITEMS_MAX - 1);
    assert!(feeds.snapshot().len() < 32 * 1024, "{}", feeds.snapshot().len());
    let deep = format!("<rss><channel><item><title>{}x", "<b>".repeat(100_000));
    assert!(answer(&mut feeds, &tag, &deep).is_ok());
}

#[test]
fn comment_feeds_have_a_bound_and_the_newest_posts_are_kept() {
    let settings = COMMENTS.replace("comments", "own_posts");
    let mut feeds = feeds(&settings);
    let tag = tag(feeds.start(NOW_MS));
    let posts: String = (0..100)
        .rev()
        .map(|n| format!("<item><link>https://blog.example/{n}</link><wfw:commentRss>https://blog.example/{n}/feed</wfw:commentRss></item>"))
        .collect();
    let output = answer(&mut feeds, &tag, &format!("<rss><channel>{posts}</channel></rss>"))
        .unwrap_or_default();
    let fetched = output.commands.iter().filter(|it| matches!(it, Command::Fetch(_))).count();
    assert_eq!((fetched, feeds.polling.sources().len()), (40, 41));
    assert!(feeds.polling.sources().iter().any(|it| it.url.ends_with("/99/feed")));
}

#[test]
fn an_answer_that_nobody_asked_for_is_refused_or_passed_over() {
    let mut feeds = feeds(COMMENTS);
    assert!(answer(&mut feeds, "x", "<rss/>").is_err());
    assert_eq!(answer(&mut feeds, "00000000000000aa:1:0", "<rss/>"), Ok(Output::default()));
}

#[test]
fn cut_off_anywhere_it_never_panics() {
    for name in ["comments-2.atom", "wordpress-2.rss", "rdf-2.rdf", "broken-2.rss", "journal-2.rss"]
    {
        let bytes = std::fs::read(format!("{}/samples/{name}", env!("CARGO_MANIFEST_DIR")))
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut feeds = feeds(COMMENTS);
        let tag = tag(feeds.start(NOW_MS));
        for length in (0..bytes.len()).step_by(3) {
            let response = Response::new(200, bytes.get(..length).unwrap_or_default(), &tag);
            let _ = feeds.handle(NOW_MS, Input::Response(response));
        }
    }
}
