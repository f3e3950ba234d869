//! One line of a queue_log: `epoch|callid|queue|agent|VERB|data…`.
//!
//! How many data fields a verb has depends on Asterisk's age; a trailing `|` may be there or not;
//! data may hold the separator itself. So fields are taken from the side that is sure.

use serde::{Deserialize, Serialize};
use tablica_plugin::{Failure, bad_input, fingerprint};

/// A line's parts, borrowed from it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    /// Whole seconds, and lines of one second may stand in any order.
    pub(crate) at_ms: u64,
    /// None for what concerns no call (`NONE`, `REALTIME`, `CLI`, `MANAGER`).
    pub(crate) call: Option<&'a str>,
    pub(crate) queue: Option<&'a str>,
    /// As written: an interface or a member's name.
    pub(crate) agent: Option<&'a str>,
    pub(crate) verb: &'a str,
    /// What follows the verb, unsplit.
    pub(crate) data: &'a str,
}

impl<'a> Entry<'a> {
    /// Reads a line without its end.
    pub(crate) fn parse(line: &'a str) -> Result<Self, Failure> {
        let mut fields = line.splitn(6, '|');
        let mut field = |name: &str| {
            fields.next().ok_or_else(|| {
                bad_input(format!("no {name}: a line is epoch|callid|queue|agent|event|data"))
            })
        };
        let (epoch, call) = (field("epoch")?, field("callid")?);
        let (queue, agent, verb) = (field("queue")?, field("agent")?, field("event")?);
        let data = fields.next().unwrap_or_default();
        let seconds: u64 =
            epoch.parse().map_err(|_| bad_input(format!("epoch {epoch:?} is no number")))?;
        if verb.is_empty() {
            return Err(bad_input("the event is empty"));
        }
        Ok(Self {
            at_ms: seconds.saturating_mul(1_000),
            call: given(call).filter(|call| !["REALTIME", "CLI", "MANAGER"].contains(call)),
            queue: given(queue),
            agent: given(agent),
            verb,
            data: data.strip_suffix('|').unwrap_or(data),
        })
    }

    /// The data field at `index` from the left.
    pub(crate) fn text(&self, index: usize) -> Option<&'a str> {
        self.data.split('|').nth(index).filter(|text| !text.is_empty())
    }

    /// The data field at `index` from the left, seconds, as milliseconds.
    pub(crate) fn seconds_ms(&self, index: usize) -> Option<u64> {
        self.text(index)?.parse::<u64>().ok()?.checked_mul(1_000)
    }

    /// How long the call waited, where the verb says so.
    pub(crate) fn wait_ms(&self) -> Option<u64> {
        match self.verb {
            "CONNECT" => self.seconds_ms(0),
            "ABANDON" | "EXITWITHTIMEOUT" | "EXITEMPTY" | "WITHDRAW" => self.seconds_ms(2),
            "EXITWITHKEY" => self.seconds_ms(3),
            _ => None,
        }
    }

    /// Why somebody paused: free text, separators and all.
    pub(crate) fn reason(&self) -> Option<&'a str> {
        (!self.data.is_empty()).then_some(self.data)
    }

    /// `…|hold|talk` or `…|hold|talk|position`, whatever stands before: a transfer names its
    /// target in one, two or three fields. The talk as milliseconds.
    pub(crate) fn talk_before_position_ms(&self) -> Option<u64> {
        let mut numbers = self.data.rsplit('|').map_while(|field| field.parse::<u64>().ok());
        let (last, second, third) = (numbers.next()?, numbers.next()?, numbers.next());
        let talk_seconds = if third.is_some() { second } else { last };
        talk_seconds.checked_mul(1_000)
    }

    /// The caller's number in ENTERQUEUE: `url|number|position|name`. The position came with
    /// Asterisk 1.8, the name with `log-caller-id-name`; neither is ever the number. Only an
    /// address, which hardly anybody gives, may hold the separator itself: the number is then
    /// what stands before the first position.
    pub(crate) fn caller(&self) -> Option<&'a str> {
        let fields: Vec<&str> = self.data.split('|').collect();
        let is_plain = fields.len() <= 2 || fields[0].is_empty() || is_position(fields[2]);
        let caller = if is_plain {
            fields.get(1)
        } else {
            let position = (3..fields.len()).find(|index| is_position(fields[*index]));
            position.map_or(fields.last(), |index| fields.get(index.saturating_sub(1)))
        };
        caller.copied().filter(|caller| !caller.is_empty())
    }
}

/// No queue is ten thousand calls long; a telephone number has more digits.
const POSITION_DIGITS_MAX: usize = 4;

fn is_position(field: &str) -> bool {
    field.len() <= POSITION_DIGITS_MAX && field.parse::<u32>().is_ok()
}

/// Asterisk writes NONE for absent, tools write nothing.
fn given(field: &str) -> Option<&str> {
    (!field.is_empty() && field != "NONE").then_some(field)
}

/// Names a line for ever: where it stands, and what it says. The fingerprint tells two lines apart that
/// stood at the same place of a file cut in place (`copytruncate`).
pub(crate) fn event_id(file: &str, offset: u64, line: &[u8]) -> String {
    format!("{file}:{offset}:{:016x}", fingerprint(line))
}

/// A line that waits for another one which belongs before it. It may get into a snapshot, so no
/// telephone number is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The id of its first event.
    pub(crate) id: String,
    pub(crate) at_ms: u64,
    call: Option<String>,
    pub(crate) queue: Option<String>,
    agent: Option<String>,
    verb: String,
    data: String,
}

impl Kept {
    pub(crate) fn of(entry: &Entry<'_>, id: String) -> Self {
        // Who called is remembered with the call; where a call was sent to does not matter.
        let fields = match entry.verb {
            "ENTERQUEUE" => 0,
            "BLINDTRANSFER" | "TRANSFER" => LENGTH_FIELDS,
            _ => usize::MAX,
        };
        let mut data: Vec<&str> = entry.data.rsplit('|').take(fields).collect();
        data.reverse();
        Self {
            id,
            at_ms: entry.at_ms,
            call: entry.call.map(str::to_owned),
            queue: entry.queue.map(str::to_owned),
            agent: entry.agent.map(str::to_owned),
            verb: entry.verb.to_owned(),
            data: data.join("|"),
        }
    }

    pub(crate) fn entry(&self) -> Entry<'_> {
        Entry {
            at_ms: self.at_ms,
            call: self.call.as_deref(),
            queue: self.queue.as_deref(),
            agent: self.agent.as_deref(),
            verb: &self.verb,
            data: &self.data,
        }
    }
}

/// The wait, the talk and the position at the end of a transfer.
const LENGTH_FIELDS: usize = 3;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a line that cannot be read has failed the test")]

    use super::*;

    fn entry(line: &str) -> Entry<'_> {
        Entry::parse(line).unwrap()
    }

    #[test]
    fn callers_of_all_ages_are_found() {
        for (data, caller) in [
            ("|5551234567", Some("5551234567")),
            ("|5551234567|1", Some("5551234567")),
            ("|5551234567|1|", Some("5551234567")),
            ("http://crm/?a=1|2|5551234567|12", Some("5551234567")),
            ("http://crm/?a=1|2|5551234567", Some("5551234567")),
            ("|anonymous|3", Some("anonymous")),
            ("||3", None),
            ("|", None),
            ("", None),
        ] {
            let line = format!("1700000000|1700000000.1|sales|NONE|ENTERQUEUE|{data}");
            assert_eq!(entry(&line).caller(), caller, "{data}");
        }
    }

    #[test]
    fn a_callers_name_is_never_their_number() {
        for (data, caller) in [
            ("|5551234567|1|Ewa Lis", Some("5551234567")),
            ("|5551234567|1|Room 7", Some("5551234567")),
            ("|5551234567|1|7", Some("5551234567")),
            ("|5551234567|1|5559876543", Some("5551234567")),
            ("|5551234567|1|Lis|Ewa", Some("5551234567")),
            ("|5551234567||Ewa Lis", Some("5551234567")),
            ("||1|5559876543", None),
            ("http://crm/|5551234567|1|5559876543", Some("5551234567")),
            ("http://crm/?a=1|b=2|5551234567|1|Ewa Lis", Some("5551234567")),
        ] {
            let line = format!("1700000000|1700000000.1|sales|NONE|ENTERQUEUE|{data}");
            assert_eq!(entry(&line).caller(), caller, "{data}");
        }
    }

    #[test]
    fn a_transfer_says_how_long_was_talked_whatever_its_target() {
        for data in [
            "APP|Queue|12|120|1",
            "BRIDGE|0af1-77|12|120|1",
            "LINK|SIP/1|SIP/2|12|120|1",
            "200|from-internal|12|120",
        ] {
            let line = format!("1700000000|1.1|sales|SIP/1|ATTENDEDTRANSFER|{data}");
            assert_eq!(entry(&line).talk_before_position_ms(), Some(120_000), "{data}");
        }
    }

    #[test]
    fn absent_is_written_in_many_words() {
        for call in ["NONE", "REALTIME", "CLI", "MANAGER", ""] {
            let line = format!("1700000000|{call}|NONE||PAUSEALL|");
            let entry = entry(&line);
            assert_eq!((entry.call, entry.queue, entry.agent, entry.data), (None, None, None, ""));
        }
    }

    #[test]
    fn a_kept_line_says_the_same_but_for_telephone_numbers() {
        let connect = entry("1700000000|1.1|sales|SIP/1|CONNECT|3|1.2|2");
        assert_eq!(Kept::of(&connect, "a".into()).entry(), connect);
        let sent_on = entry("1700000000|1.1|sales|SIP/1|BLINDTRANSFER|5551234567|out|12|120|1");
        let kept = Kept::of(&sent_on, "b".into());
        assert_eq!(kept.entry().talk_before_position_ms(), Some(120_000));
        let entered = entry("1700000000|1.1|sales|NONE|ENTERQUEUE||5551234567|1");
        let entered = Kept::of(&entered, "c".into());
        for kept in [&kept, &entered] {
            assert!(!format!("{kept:?}").contains("5551234567"), "{kept:?}");
        }
    }
}
