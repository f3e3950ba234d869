//! FreeSWITCH's event socket, which breaks off in the middle of an event.

use std::fmt::Write as _;

use serde_json::json;
use tablica::event::FeedState;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::http::Site;
use super::{DESK, Roads, comes_to, desk, has_gaps, house, in_time, interactions, story};
use crate::support::server::unix_seconds;

const PASSWORD: &str = "es1-password-of-the-site";
/// Of this run of FreeSWITCH.
const CORE: &str = "6d2375b0-5183-11e1-b24c-f527b57af954";

/// FreeSWITCH's side of one connection.
struct Socket {
    stream: TcpStream,
    /// Numbers events, over all connections.
    sequence: u64,
}

impl Socket {
    /// Lets in whoever knows the password.
    async fn takes_a_call(site: &Site, sequence: u64) -> Self {
        let mut socket = Self { stream: site.called().await, sequence };
        socket.says("Content-Type: auth/request\n\n").await;
        assert_eq!(socket.hears().await, format!("auth {PASSWORD}"));
        socket.says("Content-Type: command/reply\nReply-Text: +OK accepted\n\n").await;
        socket
    }

    async fn says(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).await.unwrap();
    }

    /// The next command.
    async fn hears(&mut self) -> String {
        let mut said = Vec::new();
        while !said.ends_with(b"\n\n") {
            said.push(in_time("a command", self.stream.read_u8()).await.unwrap());
        }
        String::from_utf8(said).unwrap().trim_end().to_owned()
    }

    /// Answers commands until it is asked for events and, where it has to be, for those who wait.
    async fn is_asked(&mut self, members: Option<&str>) {
        let (mut listens, mut told) = (false, members.is_none());
        while !(listens && told) {
            let command = self.hears().await;
            if let Some(what) = command.strip_prefix("api ") {
                told |= what.starts_with("callcenter_config queue list members");
                self.tells(what, members.unwrap_or_default()).await;
                continue;
            }
            if command.starts_with("event ") {
                assert!(command.starts_with("event plain "), "{command}");
                assert!(command.contains("CUSTOM callcenter::info"), "{command}");
                listens = true;
            }
            self.says("Content-Type: command/reply\nReply-Text: +OK\n\n").await;
        }
    }

    /// The answer to `api`.
    async fn tells(&mut self, what: &str, members: &str) {
        let words: Vec<&str> = what.split(' ').collect();
        let answer = match words.as_slice() {
            ["callcenter_config", "agent", "list", ..] => format!(
                "name|instance_id|uuid|type|contact|status|state|max_no_answer|wrap_up_time|\
                 reject_delay_time|busy_delay_time|no_answer_delay_time|last_bridge_start|\
                 last_bridge_end|last_offered_call|last_status_change|no_answer_count|\
                 calls_answered|talk_time|ready_time|external_calls_count\n\
                 anna@default|single_box||callback|user/1001|Available|Waiting|3|0|10|60|10|0|0|0|\
                 {}|0|0|0|0|0\n+OK\n",
                unix_seconds() - 3600
            ),
            ["callcenter_config", "queue", "list", "members", ..] => format!(
                "queue|instance_id|uuid|session_uuid|cid_number|cid_name|system_epoch|joined_epoch|\
                 rejoined_epoch|bridge_epoch|abandoned_epoch|base_score|skill_score|serving_agent|\
                 serving_system|state|score\n{members}+OK\n"
            ),
            ["callcenter_config", "queue", "list"] => String::from(
                "name|strategy|moh_sound|time_base_score|tier_rules_apply\n\
                 sales|longest-idle-agent|local_stream://moh|system|false\n+OK\n",
            ),
            ["global_getvar", "core_uuid"] => CORE.to_owned(),
            _ => "-ERR no reply\n".to_owned(),
        };
        let head = format!("Content-Type: api/response\nContent-Length: {}\n\n", answer.len());
        self.says(&(head + &answer)).await;
    }

    /// An event of the queue, so many seconds ago.
    fn event(&mut self, action: &str, call: &str, ago: i64, more: &[(&str, String)]) -> String {
        self.sequence += 1;
        let mut body = format!(
            "Event-Subclass: callcenter%3A%3Ainfo\nEvent-Name: CUSTOM\nCore-UUID: {CORE}\n\
             Event-Date-Timestamp: {}\nEvent-Sequence: {}\nCC-Queue: sales\nCC-Action: {action}\n\
             CC-Member-UUID: entry-of-{call}\nCC-Member-Session-UUID: {call}\n\
             CC-Member-CID-Name: Zuzanna%20%C5%BBak\nCC-Member-CID-Number: %2B48600100200\n",
            (unix_seconds() - ago) * 1_000_000,
            self.sequence,
        );
        for (name, value) in more {
            let _ = writeln!(body, "{name}: {value}");
        }
        body.push('\n');
        let head = format!("Content-Length: {}\nContent-Type: text/event-plain\n\n", body.len());
        head + &body
    }

    async fn happens(&mut self, action: &str, call: &str, ago: i64, more: &[(&str, String)]) {
        let event = self.event(action, call, ago, more);
        self.says(&event).await;
    }
}

/// When a call joined, was answered and was over, all so many seconds ago, as its events say.
fn times(joined: i64, answered: i64, over: Option<i64>) -> Vec<(&'static str, String)> {
    let at = |ago: i64| (unix_seconds() - ago).to_string();
    let mut times = vec![
        ("CC-Agent", "anna%40default".to_owned()),
        ("CC-Agent-System", "single_box".to_owned()),
        ("CC-Agent-UUID", "agents-leg".to_owned()),
        ("CC-Member-Joined-Time", at(joined)),
        ("CC-Agent-Called-Time", at(answered + 2)),
        ("CC-Agent-Answered-Time", at(answered)),
    ];
    times.extend(over.map(|over| ("CC-Bridge-Terminated-Time", at(over))));
    times
}

/// A line of the list of who waits.
fn waits(call: &str, ago: i64) -> String {
    let joined = unix_seconds() - ago;
    format!(
        "sales|single_box|entry-of-{call}|{call}|+48600100200|Zuzanna|{joined}|{joined}|0|0|0|0|0|||\
         Waiting|{ago}\n"
    )
}

#[tokio::test]
async fn a_socket_that_breaks_off_in_an_event_is_asked_who_waits_and_no_call_counts_twice() {
    let site = Site::open().await;
    let settings = json!({ "address": format!("tcp://{}", site.at) });
    let channel = desk("freeswitch", &[&site.at], Some(("password", PASSWORD)), settings);
    let house = house(channel, &Roads::default());

    let mut socket = Socket::takes_a_call(&site, 100).await;
    socket.is_asked(None).await;
    socket.happens("member-queue-start", "talk-1", 20, &[]).await;
    socket.happens("bridge-agent-start", "talk-1", 15, &times(20, 15, None)).await;
    socket.happens("member-queue-start", "waits-2", 10, &[]).await;
    // What else it may ask in the beginning is answered until these are counted.
    let counted = async {
        comes_to(&house, "talk-1", &["opened", "queued", "answered"]).await;
        comes_to(&house, "waits-2", &["opened", "queued"]).await;
    };
    tokio::select! {
        () = counted => {}
        () = async { loop { socket.is_asked(Some("")).await } } => {}
    }
    let end = socket.event("bridge-agent-end", "talk-1", 0, &times(20, 15, Some(0)));
    socket.says(&end[..end.len() / 2]).await;
    let sequence = socket.sequence;
    drop(socket);

    let mut socket = Socket::takes_a_call(&site, sequence).await;
    // It came while nobody listened, and its event is on the way as well.
    socket.happens("member-queue-start", "new-3", 3, &[]).await;
    socket.is_asked(Some(&(waits("waits-2", 10) + &waits("new-3", 3)))).await;
    has_gaps(&house, 1).await;
    let over = ["opened", "queued", "answered", "talk_ended system", "wrapped_up"];
    comes_to(&house, "talk-1", &over).await;
    socket.happens("bridge-agent-start", "waits-2", 0, &times(12, 1, None)).await;
    socket.happens("bridge-agent-end", "waits-2", 0, &times(12, 1, Some(0))).await;
    let mut terminated = times(12, 1, None);
    terminated.push(("CC-Cause", "Terminated".into()));
    socket.happens("member-queue-end", "waits-2", 0, &terminated).await;
    let gave_up = [("CC-Cause", "Cancel".to_owned()), ("CC-Cancel-Reason", "NONE".to_owned())];
    socket.happens("member-queue-end", "new-3", 0, &gave_up).await;
    comes_to(&house, "new-3", &["opened", "queued", "abandoned"]).await;
    comes_to(&house, "waits-2", &over).await;
    assert_eq!(story(&house, "talk-1"), over);
    assert_eq!(interactions(&house).len(), 3);
    let feed = house.disk.feed(DESK);
    assert_eq!(feed, [FeedState::Up, FeedState::Down, FeedState::Up, FeedState::Gap]);
    assert!(house.quarantined().is_empty());
}
