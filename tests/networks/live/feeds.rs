//! A blog's feed of comments, asked for only what is new.

use std::time::Duration;

use serde_json::json;
use tablica::event::Kind;

use super::http::{Asked, Site};
use super::{Roads, desk, house, in_strides, told};
use crate::hostile::house::House;
use crate::support::wait::until_so;

const HISTORY: &str = "Sun, 29 Nov 2026 08:00:00 GMT";
const LATER: &str = "Sun, 29 Nov 2026 09:00:00 GMT";

fn item(number: u32) -> String {
    format!(
        "<item><title>On: Our prices</title><link>https://blog.example.com/prices#comment-{number}</link>\
         <guid isPermaLink=\"false\">https://blog.example.com/?p=7#comment-{number}</guid>\
         <dc:creator>Reader {number}</dc:creator><pubDate>{HISTORY}</pubDate>\
         <description>Why so much?</description></item>"
    )
}

fn feed(numbers: &[u32]) -> String {
    let items: String = numbers.iter().map(|number| item(*number)).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>Comments</title>\
         <link>https://blog.example.com/</link>{items}</channel></rss>"
    )
}

fn messages(house: &House) -> usize {
    told(house).iter().filter(|it| matches!(it.kind, Kind::Message(_))).count()
}

/// Time goes on until the feed is asked for.
async fn asked(site: &Site) -> Asked {
    in_strides("the feed is asked for", Duration::from_secs(31), site.waits()).await
}

#[tokio::test]
async fn a_feed_that_has_not_changed_says_so_and_what_is_new_counts_once() {
    let site = Site::open().await;
    let url = format!("http://{}/comments/feed/", site.at);
    let settings =
        json!({ "every_s": 30, "feeds": [{ "url": url, "content": "comments", "queue": "blog" }] });
    let house = house(desk("feeds", &[&site.at], None, settings), &Roads::default());

    let first = site.asked().await;
    assert_eq!((first.method.as_str(), first.uri.as_str()), ("GET", "/comments/feed/"));
    assert_eq!(first.header("if-none-match"), None);
    let kind = ("Content-Type", "application/rss+xml");
    let validators = [kind, ("ETag", "\"v1\""), ("Last-Modified", HISTORY)];
    first.answers(200, &validators, &feed(&[2, 1])).await;

    let second = asked(&site).await;
    assert_eq!(second.header("if-none-match"), Some("\"v1\""));
    assert_eq!(second.header("if-modified-since"), Some(HISTORY));
    second.answers(304, &[("ETag", "\"v1\"")], "").await;

    let third = asked(&site).await;
    assert_eq!(third.header("if-none-match"), Some("\"v1\""), "not modified: it is as it was");
    assert_eq!(messages(&house), 0, "the first look is history");
    // The connection breaks in the middle of the new one.
    let new = [kind, ("ETag", "\"v2\""), ("Last-Modified", LATER)];
    third.breaks_off(&new, &feed(&[3, 2, 1])).await;
    let fourth = asked(&site).await;
    assert_eq!(fourth.header("if-none-match"), Some("\"v1\""), "it has not got the new one");
    fourth.answers(200, &new, &feed(&[3, 2, 1])).await;
    until_so("the comment", || messages(&house) == 1).await;

    let fifth = asked(&site).await;
    assert_eq!(fifth.header("if-none-match"), Some("\"v2\""));
    assert_eq!(fifth.header("if-modified-since"), Some(LATER));
    // A server that knows no tags any more sends all of it.
    fifth.answers(200, &[kind], &feed(&[4, 3, 2, 1])).await;
    until_so("the next comment", || messages(&house) == 2).await;
    let sixth = asked(&site).await;
    assert_eq!(sixth.header("if-none-match"), None);
    assert!(house.quarantined().is_empty());
}
