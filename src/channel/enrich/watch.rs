//! The rules file, looked at while the server runs.
//!
//! A good file's rules hold from the next message on. A bad one changes nothing: the rules in
//! force stay, and each problem is logged once with its line; at the start the shipped lexicons
//! hold then, because a wall without topics is better than none.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::{Enricher, Rules};
use crate::config::Problems;

/// Where the site's rules are, and how they were when they were read last.
pub struct RulesFile {
    path: PathBuf,
    read: Option<Stamp>,
}

/// Tells one state of a file from another; a missing file has a state, too.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp(Option<(Option<SystemTime>, u64)>);

impl RulesFile {
    /// A file that has not been read yet.
    pub fn new(path: PathBuf) -> Self {
        Self { path, read: None }
    }

    /// Reads the file if it is another than the last time, and puts good rules in force. Reads a
    /// disk. Nothing when nothing changed.
    pub fn refresh(&mut self, enricher: &Enricher) -> Option<Result<(), Problems>> {
        let metadata = fs::metadata(&self.path).ok();
        let stamp = Stamp(metadata.map(|found| (found.modified().ok(), found.len())));
        if self.read == Some(stamp) {
            return None;
        }
        self.read = Some(stamp);
        let file = self.path.display();
        let loaded = Rules::load(&self.path);
        enricher.set_in_order(loaded.is_ok());
        Some(loaded.map(|rules| {
            tracing::info!(%file, topics = rules.topics(), words = rules.words(), "topic rules in force");
            enricher.put(rules);
        }))
    }

    /// As [`refresh`](Self::refresh), with what is wrong in the log.
    pub fn refresh_and_log(&mut self, enricher: &Enricher) {
        if let Some(Err(problems)) = self.refresh(enricher) {
            tracing::warn!(file = %self.path.display(), %problems, "bad topic rules; those in force stay");
        }
    }
}

/// Looks at the file every `every`, for as long as it is not dropped.
pub async fn watch(mut file: RulesFile, enricher: Arc<Enricher>, every: Duration) {
    let mut tick = tokio::time::interval(every);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let enricher = Arc::clone(&enricher);
        let looked = tokio::task::spawn_blocking(move || {
            file.refresh_and_log(&enricher);
            file
        });
        let Ok(returned) = looked.await else { return };
        file = returned;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::model::{Site, Topics};
    use crate::event::{Author, Event, Kind, Message};

    fn topics_of(enricher: &Enricher, text: &str) -> Vec<String> {
        let message = Message { author: Author::Customer, ..Message::default() };
        let mut event = Event {
            id: "1".into(),
            channel: "tg".into(),
            at_ms: 0,
            received_ms: 0,
            interaction: "c".into(),
            queue: None,
            agent: None,
            customer: Vec::new(),
            kind: Kind::Message(message),
            order: None,
            refers: None,
            same_as: None,
            attrs: Default::default(),
        };
        enricher.enrich(&mut event, Some(super::super::Text::new(text.to_owned())));
        let Kind::Message(message) = event.kind else { unreachable!("it stays a message") };
        message.topics
    }

    #[test]
    fn a_bad_file_keeps_the_old_rules_and_a_good_one_replaces_them() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("topics.toml");
        let enricher = Enricher::new(&Topics::default(), &Site::default()).expect("shipped");
        let mut file = RulesFile::new(path.clone());

        let missing = file.refresh(&enricher).expect("looked at").expect_err("missing");
        assert!(missing.to_string().contains("cannot be read"), "{missing}");
        assert!(file.refresh(&enricher).is_none(), "said once");
        assert!(!enricher.is_in_order());

        fs::write(&path, "[[topic]]\ntag = 'refund'\nen = ['refund']\n").expect("write");
        file.refresh(&enricher).expect("new").expect("good");
        assert!(enricher.is_in_order());
        assert_eq!(topics_of(&enricher, "I want a refund"), ["refund"]);

        fs::write(&path, "[[topic]]\ntag = 'money'\nen = ['refund']\nfr = 1\n").expect("write");
        let bad = file.refresh(&enricher).expect("new").expect_err("bad");
        assert!(bad.to_string().contains("topics.toml:4: topic.money.fr: unknown key"), "{bad}");
        assert_eq!(topics_of(&enricher, "I want a refund"), ["refund"], "the old rules hold");

        fs::write(&path, "[[topic]]\ntag = 'money'\nen = ['refund', 'cash']\n").expect("write");
        file.refresh(&enricher).expect("new").expect("good");
        assert_eq!(topics_of(&enricher, "I want a refund"), ["money"]);
    }
}
