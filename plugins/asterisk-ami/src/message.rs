//! One message of the manager: lines of `Key: Value`, of which keys may repeat and values be empty.
//!
//! Spelling of keys changed over the years (`Holdtime`, `HoldTime`), so case is not looked at. What
//! is no such line, as the banner is not, is passed over.

/// Further lines of a message are not read: the longest that Asterisk sends has about a hundred.
const FIELDS_MAX: usize = 400;

pub(crate) struct Message<'a> {
    fields: Vec<(&'a str, &'a str)>,
}

impl<'a> Message<'a> {
    pub(crate) fn parse(text: &'a str) -> Self {
        let field = |line: &'a str| {
            let (key, value) = line.split_once(':')?;
            Some((key.trim(), value.trim()))
        };
        Self { fields: text.lines().filter_map(field).take(FIELDS_MAX).collect() }
    }

    /// The first value of that name that is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        let is_it =
            |(key, value): &&(&str, &str)| key.eq_ignore_ascii_case(name) && !value.is_empty();
        self.fields.iter().find(is_it).map(|(_, value)| *value)
    }

    /// The first of several names that there is.
    pub(crate) fn any(&self, names: &[&str]) -> Option<&'a str> {
        names.iter().find_map(|name| self.get(name))
    }

    pub(crate) fn number(&self, name: &str) -> Option<u64> {
        self.get(name)?.parse().ok()
    }

    pub(crate) fn seconds_ms(&self, name: &str) -> Option<u64> {
        self.number(name)?.checked_mul(1_000)
    }

    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.get(name).is_some_and(|it| it.eq_ignore_ascii_case(value))
    }

    /// When it happened, with `timestampevents = yes`: seconds and their fraction.
    pub(crate) fn timestamp_ms(&self) -> Option<u64> {
        let (seconds, fraction) = self.get("Timestamp")?.split_once('.')?;
        let thousandths = fraction.bytes().chain(*b"000").take(3);
        let ms = thousandths
            .map(|digit| u64::from(digit.wrapping_sub(b'0')))
            .try_fold(0, |ms, digit| (digit <= 9).then_some(ms * 10 + digit))?;
        seconds.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(ms)
    }

    /// The member of a queue that it names: by name, or else by interface.
    pub(crate) fn member(&self) -> Option<&'a str> {
        self.any(&["MemberName", "AgentName", "Name"]).or_else(|| self.interface())
    }

    /// The member's telephone, as queues call it.
    pub(crate) fn interface(&self) -> Option<&'a str> {
        self.any(&["Interface", "Location", "Member", "AgentCalled"])
    }

    /// The channel of the member's telephone.
    pub(crate) fn leg(&self) -> Option<&'a str> {
        self.any(&["DestUniqueid", "BridgedChannel"])
    }
}

/// The telephone of a channel: `PJSIP/101` of `PJSIP/101-0000002a`.
pub(crate) fn device(channel: &str) -> &str {
    channel.rsplit_once('-').map_or(channel, |(device, _)| device)
}
