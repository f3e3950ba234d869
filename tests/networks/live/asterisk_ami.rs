//! Asterisk's manager, which breaks off in the middle of a message and tells nothing twice.

use md5::{Digest as _, Md5};
use tablica::channel::status::LinkState;
use tablica::event::FeedState;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::http::Site;
use super::{DESK, Roads, comes_to, desk, has_gaps, house, in_time, interactions, story, told};
use crate::hostile::house::House;
use crate::support::server::unix_seconds;
use crate::support::wait::until_so;

const SECRET: &str = "am1-s3cret-of-the-site";

/// The manager's side of one connection.
struct Manager(TcpStream);

impl Manager {
    async fn takes_a_call(site: &Site) -> Self {
        let mut stream = site.called().await;
        stream.write_all(b"Asterisk Call Manager/7.0.3\r\n").await.unwrap();
        Self(stream)
    }

    /// The next action: its lines.
    async fn hears(&mut self) -> Vec<(String, String)> {
        let mut said = Vec::new();
        while !said.ends_with(b"\r\n\r\n") {
            said.push(in_time("an action", self.0.read_u8()).await.unwrap());
        }
        let said = String::from_utf8(said).unwrap();
        let pair = |line: &str| {
            let (key, value) = line.split_once(": ").unwrap_or_else(|| panic!("{line:?}"));
            (key.to_owned(), value.to_owned())
        };
        said.trim_end().split("\r\n").map(pair).collect()
    }

    async fn says(&mut self, lines: &[&str]) {
        let message = lines.join("\r\n") + "\r\n\r\n";
        self.0.write_all(message.as_bytes()).await.unwrap();
    }

    /// Gives a challenge, and lets in whoever knows the secret.
    async fn lets_in(&mut self, challenge: &str) {
        let asks = self.hears().await;
        assert_eq!((get(&asks, "Action"), get(&asks, "AuthType")), ("Challenge", "MD5"));
        let id = format!("ActionID: {}", get(&asks, "ActionID"));
        self.says(&["Response: Success", &id, &format!("Challenge: {challenge}")]).await;
        let login = self.hears().await;
        assert_eq!((get(&login, "Action"), get(&login, "Username")), ("Login", "tablica"));
        let key = hex::encode(Md5::digest(format!("{challenge}{SECRET}")));
        assert_eq!((get(&login, "AuthType"), get(&login, "Key")), ("MD5", key.as_str()));
        assert!(login.iter().all(|(_, value)| !value.contains(SECRET)), "it is not shown");
        let id = format!("ActionID: {}", get(&login, "ActionID"));
        self.says(&["Response: Success", &id, "Message: Authentication accepted"]).await;
        self.says(&["Event: FullyBooted", "Privilege: system,all", "Uptime: 9000"]).await;
    }

    /// Answers QueueStatus: Anna is a member of the queue, and these wait: a call, and for how long.
    async fn lists(&mut self, waiting: &[(&str, u32)]) {
        let mut asks = self.hears().await;
        while get(&asks, "Action") != "QueueStatus" {
            asks = self.hears().await;
        }
        let id = format!("ActionID: {}", get(&asks, "ActionID"));
        self.says(&[
            "Response: Success",
            &id,
            "EventList: start",
            "Message: Queue status will follow",
        ])
        .await;
        let calls = format!("Calls: {}", waiting.len());
        self.says(&["Event: QueueParams", "Queue: sales", "Max: 0", &calls, &id]).await;
        let login = format!("LoginTime: {}", unix_seconds() - 3600);
        self.says(&[
            "Event: QueueMember",
            "Queue: sales",
            "Name: Anna Lis",
            "Location: PJSIP/101",
            "StateInterface: PJSIP/101",
            "Membership: dynamic",
            "CallsTaken: 0",
            &login,
            "InCall: 0",
            "Status: 1",
            "Paused: 0",
            "PausedReason: ",
            &id,
        ])
        .await;
        for (position, (call, wait)) in (1..).zip(waiting) {
            let [call, wait] = [format!("Uniqueid: {call}"), format!("Wait: {wait}")];
            let position = format!("Position: {position}");
            self.says(&[
                "Event: QueueEntry",
                "Queue: sales",
                &position,
                "Channel: PJSIP/trunk-0000000a",
                &call,
                "CallerIDNum: +48600100200",
                &wait,
                "Priority: 0",
                &id,
            ])
            .await;
        }
        self.says(&["Event: QueueStatusComplete", &id, "EventList: Complete"]).await;
    }

    /// An event of a call that waits, or of Anna's talk, so many seconds ago.
    async fn tells(&mut self, event: &str, call: &str, ago: i64, more: &[&str]) {
        let text = happened(event, call, ago, more);
        self.0.write_all(text.as_bytes()).await.unwrap();
    }
}

fn happened(event: &str, call: &str, ago: i64, more: &[&str]) -> String {
    let mut lines = vec![
        format!("Event: {event}"),
        "Privilege: agent,all".to_owned(),
        format!("Timestamp: {}.000000", unix_seconds() - ago),
        "Channel: PJSIP/trunk-0000000a".to_owned(),
        "ChannelState: 6".to_owned(),
        "CallerIDNum: +48600100200".to_owned(),
        format!("Uniqueid: {call}"),
        format!("Linkedid: {call}"),
        "Queue: sales".to_owned(),
    ];
    lines.extend(more.iter().map(|it| (*it).to_owned()));
    lines.join("\r\n") + "\r\n\r\n"
}

/// Lines of an event that is of a member, too.
const ANNA: [&str; 4] = [
    "Interface: PJSIP/101",
    "MemberName: Anna Lis",
    "DestChannel: PJSIP/101-00000002",
    "RingTime: 2",
];
const COMPLETE: [&str; 5] = [
    "Interface: PJSIP/101",
    "MemberName: Anna Lis",
    "DestChannel: PJSIP/101-00000002",
    "TalkTime: 4",
    "Reason: caller",
];

fn get<'a>(lines: &'a [(String, String)], key: &str) -> &'a str {
    lines.iter().find(|(it, _)| it == key).map_or("", |(_, value)| value)
}

async fn is_up(house: &House) {
    until_so("the link is up", || {
        house.status(DESK).links.iter().any(|it| it.state == LinkState::Up)
    })
    .await;
}

#[tokio::test]
async fn a_manager_that_breaks_off_in_a_message_is_asked_for_its_queues_and_no_call_counts_twice() {
    let site = Site::open().await;
    let settings = serde_json::json!({ "username": "tablica" });
    let channel = desk("asterisk-ami", &[&site.at], Some(("password", SECRET)), settings);
    let house = house(channel, &Roads::default());

    let mut manager = Manager::takes_a_call(&site).await;
    manager.lets_in("145769581").await;
    manager.lists(&[("gone.1", 42)]).await;
    comes_to(&house, "gone.1", &["opened", "queued"]).await;
    is_up(&house).await;
    manager.tells("QueueCallerJoin", "talk.2", 20, &["Position: 2", "Count: 2"]).await;
    manager.tells("QueueCallerLeave", "talk.2", 15, &["Position: 2", "Count: 1"]).await;
    manager.tells("AgentConnect", "talk.2", 15, &[&ANNA[..], &["HoldTime: 5"]].concat()).await;
    manager.tells("QueueCallerJoin", "waits.3", 10, &["Position: 2", "Count: 2"]).await;
    comes_to(&house, "talk.2", &["opened", "queued", "answered"]).await;
    comes_to(&house, "waits.3", &["opened", "queued"]).await;
    // The end of the talk is cut off.
    let end = happened("AgentComplete", "talk.2", 0, &COMPLETE);
    manager.0.write_all(&end.as_bytes()[..end.len() / 2]).await.unwrap();
    drop(manager);

    let mut manager = Manager::takes_a_call(&site).await;
    manager.lets_in("998877665").await;
    // Events go on while the queues are being listed, so somebody may come in both ways.
    manager.tells("QueueCallerJoin", "new.4", 0, &["Position: 2", "Count: 2"]).await;
    manager.lists(&[("waits.3", 11), ("new.4", 0)]).await;
    has_gaps(&house, 1).await;
    let over = ["opened", "queued", "answered", "talk_ended system", "wrapped_up"];
    comes_to(&house, "talk.2", &over).await;
    comes_to(&house, "gone.1", &["opened", "queued", "left lost"]).await;

    manager.tells("QueueCallerLeave", "waits.3", 0, &["Position: 1", "Count: 1"]).await;
    manager.tells("AgentConnect", "waits.3", 0, &[&ANNA[..], &["HoldTime: 11"]].concat()).await;
    manager
        .tells("AgentComplete", "waits.3", 0, &[&COMPLETE[..], &["HoldTime: 11"]].concat())
        .await;
    manager.tells("QueueCallerLeave", "new.4", 0, &["Position: 1", "Count: 0"]).await;
    manager.tells("QueueCallerAbandon", "new.4", 0, &["Position: 1", "HoldTime: 0"]).await;
    manager.tells("Hangup", "new.4", 0, &["Cause: 16"]).await;
    let served = ["opened", "queued", "answered", "talk_ended customer", "wrapped_up"];
    comes_to(&house, "waits.3", &served).await;
    comes_to(&house, "new.4", &["opened", "queued", "abandoned"]).await;
    assert_eq!(story(&house, "talk.2"), over);
    assert_eq!(story(&house, "gone.1"), ["opened", "queued", "left lost"]);
    assert_eq!(interactions(&house).len(), 4);
    let joined = told(&house).iter().filter(|it| super::words(&it.kind) == "member joined").count();
    assert_eq!(joined, 1, "Anna is a member once");
    assert_eq!(
        house.disk.feed(DESK),
        [FeedState::Up, FeedState::Down, FeedState::Up, FeedState::Gap]
    );
    assert!(house.quarantined().is_empty());
}
