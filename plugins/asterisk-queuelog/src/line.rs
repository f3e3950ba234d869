//! One line of a queue_log: `epoch|callid|queue|agent|VERB|data…`.
//!
//! How many data fields a verb has depends on Asterisk's age; a trailing `|` may be there or not;
//! data may hold the separator itself. So fields are taken from the side that is sure.

use tablica_plugin::{Failure, bad_input};

/// A line's parts, borrowed from it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    /// Whole seconds: within one the order of the file is all there is.
    pub(crate) at_ms: u64,
    /// None for what concerns no call (`NONE`, `REALTIME`, `CLI`, `MANAGER`).
    pub(crate) call: Option<&'a str>,
    pub(crate) queue: Option<&'a str>,
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

    /// `…|hold|talk` or `…|hold|talk|position`, whatever stands before: a transfer names its
    /// target in one, two or three fields. The talk as milliseconds.
    pub(crate) fn talk_before_position_ms(&self) -> Option<u64> {
        let mut numbers = self.data.rsplit('|').map_while(|field| field.parse::<u64>().ok());
        let (last, second, third) = (numbers.next()?, numbers.next()?, numbers.next());
        let talk_seconds = if third.is_some() { second } else { last };
        talk_seconds.checked_mul(1_000)
    }

    /// The caller's number in ENTERQUEUE: `url|number|position`, without the position before
    /// Asterisk 1.8; the address may hold a `|`.
    pub(crate) fn caller(&self) -> Option<&'a str> {
        let mut from_right = self.data.rsplit('|');
        let last = from_right.next()?;
        let is_position = last.len() <= POSITION_DIGITS_MAX && last.parse::<u32>().is_ok();
        let fields = self.data.split('|').count();
        let caller = if fields >= 3 && is_position { from_right.next()? } else { last };
        (!caller.is_empty() && fields >= 2).then_some(caller)
    }
}

/// No queue is ten thousand calls long; a telephone number has more digits.
const POSITION_DIGITS_MAX: usize = 4;

/// Asterisk writes NONE for absent, tools write nothing.
fn given(field: &str) -> Option<&str> {
    (!field.is_empty() && field != "NONE").then_some(field)
}

/// Names a line for ever: where it stands, and what it says. The hash tells two lines apart that
/// stood at the same place of a file cut in place (`copytruncate`).
pub(crate) fn event_id(file: &str, offset: u64, line: &[u8]) -> String {
    // FNV-1a: short, stable, no secret needed.
    let hash = line.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3)
    });
    format!("{file}:{offset}:{hash:016x}")
}

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
}
