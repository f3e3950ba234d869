//! Puts what happens on the phones in Asterisk's words: lines of a queue_log,
//! `epoch|callid|queue|agent|event|data…`. Field counts are those of Asterisk 13 and newer.

use crate::event::UnixMs;

use super::door::Door;
use super::phone::Call;
use super::staff::{Agent, QUEUES};
use super::traffic::Raw;

/// Writes lines. What it keeps: a counter that makes the ids of agents' call legs.
#[derive(Debug, Default)]
pub struct QueueLog {
    legs: u64,
}

impl QueueLog {
    /// Asterisk is up.
    pub fn started(&mut self, at_ms: UnixMs, out: &mut Vec<Raw>) {
        line(at_ms, "NONE", "NONE", "NONE", "QUEUESTART", "", out);
    }

    /// The dialplan notes which number was called.
    pub fn dialled(&mut self, at_ms: UnixMs, call: &Call, out: &mut Vec<Raw>) {
        let number = format!("80055501{:02}", call.queue);
        line(at_ms, &call.id, QUEUES[call.queue], "NONE", "DID", &number, out);
    }

    /// A call enters a queue.
    pub fn entered(&mut self, at_ms: UnixMs, call: &Call, out: &mut Vec<Raw>) {
        let data = format!("|{}|{}", call.caller, call.entered_position);
        line(at_ms, &call.id, QUEUES[call.queue], "NONE", "ENTERQUEUE", &data, out);
    }

    /// It rang at an agent for nothing. Milliseconds, unlike everything else.
    pub fn rang_out(
        &mut self,
        at_ms: UnixMs,
        call: &Call,
        agent: &str,
        ring_ms: i64,
        out: &mut Vec<Raw>,
    ) {
        let queue = QUEUES[call.queue];
        line(at_ms, &call.id, queue, agent, "RINGNOANSWER", &ring_ms.to_string(), out);
    }

    /// An agent took it, after having rung for so long.
    pub fn connected(
        &mut self,
        at_ms: UnixMs,
        call: &Call,
        agent: &str,
        ring_ms: i64,
        out: &mut Vec<Raw>,
    ) {
        self.legs += 1;
        let leg = format!("{}.{}", at_ms / 1000, 1_000_000 + self.legs);
        let data = format!("{}|{leg}|{}", seconds(call.entered_ms, at_ms), ring_ms / 1000);
        line(at_ms, &call.id, QUEUES[call.queue], agent, "CONNECT", &data, out);
    }

    /// One of the two hung up.
    pub fn completed(
        &mut self,
        at_ms: UnixMs,
        call: &Call,
        agent: &str,
        by_agent: bool,
        out: &mut Vec<Raw>,
    ) {
        let event = if by_agent { "COMPLETEAGENT" } else { "COMPLETECALLER" };
        line(at_ms, &call.id, QUEUES[call.queue], agent, event, &spans(call, at_ms), out);
    }

    /// The agent sent the caller on to another queue's extension, without a word.
    pub fn sent_on(
        &mut self,
        at_ms: UnixMs,
        call: &Call,
        agent: &str,
        to: &str,
        out: &mut Vec<Raw>,
    ) {
        let data = format!("{to}|queues|{}", spans(call, at_ms));
        line(at_ms, &call.id, QUEUES[call.queue], agent, "BLINDTRANSFER", &data, out);
    }

    /// The agent spoke with a colleague outside the queues and put the caller through.
    pub fn handed_over(&mut self, at_ms: UnixMs, call: &Call, agent: &str, out: &mut Vec<Raw>) {
        self.legs += 1;
        let data = format!("BRIDGE|{:08x}-bridge|{}", self.legs, spans(call, at_ms));
        line(at_ms, &call.id, QUEUES[call.queue], agent, "ATTENDEDTRANSFER", &data, out);
    }

    /// The caller hung up.
    pub fn abandoned(&mut self, at_ms: UnixMs, call: &Call, position: usize, out: &mut Vec<Raw>) {
        self.gone(at_ms, call, "ABANDON", &stay(call, position, at_ms), out);
    }

    /// The queue let the caller go after its longest wait.
    pub fn timed_out(&mut self, at_ms: UnixMs, call: &Call, position: usize, out: &mut Vec<Raw>) {
        self.gone(at_ms, call, "EXITWITHTIMEOUT", &stay(call, position, at_ms), out);
    }

    /// The caller pressed the key that leads out.
    pub fn pressed_key(&mut self, at_ms: UnixMs, call: &Call, position: usize, out: &mut Vec<Raw>) {
        self.gone(at_ms, call, "EXITWITHKEY", &format!("1|{}", stay(call, position, at_ms)), out);
    }

    fn gone(&mut self, at_ms: UnixMs, call: &Call, event: &str, data: &str, out: &mut Vec<Raw>) {
        line(at_ms, &call.id, QUEUES[call.queue], "NONE", event, data, out);
    }

    /// An agent joins their queues.
    pub fn logged_in(&mut self, at_ms: UnixMs, agent: &Agent, out: &mut Vec<Raw>) {
        membership(at_ms, agent, "ADDMEMBER", "", out);
    }

    /// An agent leaves their queues.
    pub fn logged_out(&mut self, at_ms: UnixMs, agent: &Agent, out: &mut Vec<Raw>) {
        membership(at_ms, agent, "REMOVEMEMBER", "", out);
    }

    /// A break begins.
    pub fn paused(&mut self, at_ms: UnixMs, agent: &Agent, reason: &str, out: &mut Vec<Raw>) {
        membership(at_ms, agent, "PAUSE", reason, out);
    }

    /// A break ends.
    pub fn unpaused(&mut self, at_ms: UnixMs, agent: &Agent, out: &mut Vec<Raw>) {
        membership(at_ms, agent, "UNPAUSE", "", out);
    }
}

/// One line for each of the agent's queues.
fn membership(at_ms: UnixMs, agent: &Agent, event: &str, data: &str, out: &mut Vec<Raw>) {
    for queue in agent.queues {
        line(at_ms, "MANAGER", QUEUES[*queue], &agent.name, event, data, out);
    }
}

fn line(
    at_ms: UnixMs,
    call: &str,
    queue: &str,
    agent: &str,
    event: &str,
    data: &str,
    out: &mut Vec<Raw>,
) {
    let line = format!("{}|{call}|{queue}|{agent}|{event}|{data}\n", at_ms / 1000);
    out.push(Raw {
        at_ms,
        door: Door::QUEUE_LOG,
        lane: 0,
        headers: Vec::new(),
        bytes: line.into_bytes(),
    });
}

/// `position|original position|seconds waited`
fn stay(call: &Call, position: usize, at_ms: UnixMs) -> String {
    format!("{position}|{}|{}", call.entered_position, seconds(call.entered_ms, at_ms))
}

/// `seconds waited|seconds talked|original position`
fn spans(call: &Call, at_ms: UnixMs) -> String {
    let answered_ms = call.answered_ms.unwrap_or(at_ms);
    format!(
        "{}|{}|{}",
        seconds(call.entered_ms, answered_ms),
        seconds(answered_ms, at_ms),
        call.entered_position
    )
}

/// Asterisk subtracts whole seconds.
fn seconds(from_ms: UnixMs, to_ms: UnixMs) -> i64 {
    to_ms / 1000 - from_ms / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut QueueLog, &mut Vec<Raw>)) -> String {
        let mut out = Vec::new();
        write(&mut QueueLog::default(), &mut out);
        out.iter().map(|raw| String::from_utf8_lossy(&raw.bytes).into_owned()).collect()
    }

    fn call() -> Call {
        Call {
            id: "1700000000.1002".into(),
            queue: 1,
            caller: "+12125550123".into(),
            entered_ms: 1_700_000_000_900,
            entered_position: 2,
            answered_ms: Some(1_700_000_012_100),
            stay: 0,
        }
    }

    #[test]
    fn a_call_reads_as_asterisk_writes_it() {
        let text = written(|log, out| {
            log.entered(1_700_000_000_900, &call(), out);
            log.rang_out(1_700_000_005_000, &call(), "Anna Nowak", 15_000, out);
            log.connected(1_700_000_012_100, &call(), "Jan Mazur", 4_200, out);
            log.completed(1_700_000_100_000, &call(), "Jan Mazur", true, out);
        });
        assert_eq!(
            text,
            "1700000000|1700000000.1002|support|NONE|ENTERQUEUE||+12125550123|2\n\
             1700000005|1700000000.1002|support|Anna Nowak|RINGNOANSWER|15000\n\
             1700000012|1700000000.1002|support|Jan Mazur|CONNECT|12|1700000012.1000001|4\n\
             1700000100|1700000000.1002|support|Jan Mazur|COMPLETEAGENT|12|88|2\n"
        );
    }

    #[test]
    fn whoever_gives_up_leaves_a_line_with_position_and_wait() {
        let text = written(|log, out| {
            log.abandoned(1_700_000_030_000, &call(), 1, out);
            log.timed_out(1_700_000_240_900, &call(), 1, out);
            log.pressed_key(1_700_000_031_000, &call(), 2, out);
        });
        assert_eq!(
            text,
            "1700000030|1700000000.1002|support|NONE|ABANDON|1|2|30\n\
             1700000240|1700000000.1002|support|NONE|EXITWITHTIMEOUT|1|2|240\n\
             1700000031|1700000000.1002|support|NONE|EXITWITHKEY|1|2|2|31\n"
        );
    }
}
