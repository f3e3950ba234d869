//! Names in a board file that the config does not know: a typing error there shows as a tile that
//! stays empty, and nobody sees why.

use super::reader::{Named, suggest};
use crate::config::model::Config;

/// What the config names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    queues: Vec<String>,
    channels: Vec<String>,
    policies: Vec<String>,
    calendars: Vec<String>,
}

impl Known {
    /// As the config has it: queues by their own sections and as their channels' default.
    pub fn of(config: &Config) -> Known {
        let of_channels = config.channels.values().filter_map(|channel| channel.queue.clone());
        let mut queues: Vec<String> =
            config.queues.named.keys().cloned().chain(of_channels).collect();
        queues.sort_unstable();
        queues.dedup();
        Known {
            queues,
            channels: config.channels.keys().cloned().collect(),
            policies: config.policies.keys().cloned().collect(),
            calendars: config.calendars.keys().cloned().collect(),
        }
    }

    /// All names, by the key that names such things.
    pub fn each(&self) -> [(&'static str, &[String]); 4] {
        [
            ("queue", &self.queues),
            ("channel", &self.channels),
            ("policy", &self.policies),
            ("calendar", &self.calendars),
        ]
    }

    /// What is doubtful about a name, if anything. It is no mistake: networks have queues of their
    /// own, which the config need not name.
    pub fn doubt(&self, named: &Named) -> Option<String> {
        let (known, unnamed) = match named.key {
            "queue" => (&self.queues, named.value.is_empty()),
            "channel" => (&self.channels, false),
            "policy" => (&self.policies, false),
            "calendar" => (&self.calendars, false),
            _ => return None,
        };
        if unnamed || known.is_empty() || known.contains(&named.value) {
            return None;
        }
        let names: Vec<&str> = known.iter().map(String::as_str).collect();
        let Named { key, value, what, .. } = named;
        Some(format!("{what}: the config has no {key} \"{value}\"; {}", suggest(value, &names)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(key: &'static str, value: &str) -> Named {
        Named { key, value: value.to_owned(), line: 3, what: "tile `a`".to_owned() }
    }

    #[test]
    fn a_typing_error_is_told_from_a_queue_that_is_known() {
        let known = Known { queues: vec!["sales".to_owned()], ..Known::default() };
        assert_eq!(known.doubt(&named("queue", "sales")), None);
        assert_eq!(known.doubt(&named("queue", "")), None, "contacts without a queue");
        assert_eq!(
            known.doubt(&named("queue", "saels")).as_deref(),
            Some("tile `a`: the config has no queue \"saels\"; did you mean `sales`?")
        );
        assert_eq!(known.doubt(&named("channel", "fax")), None, "nothing is known of channels");
    }
}
