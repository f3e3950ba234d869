//! The readers of files and documents, one for each channel that has one.

use std::collections::BTreeMap;

use tokio::task::JoinHandle;

use crate::app::{documents, feeder};
use crate::channel::registry::Registry;
use crate::channel::source::{document, file};
use crate::config::model::Channel;

/// Those that read, by channel.
#[derive(Default)]
pub(crate) struct Feeders(BTreeMap<String, Feeder>);

struct Feeder {
    settings: Settings,
    task: JoinHandle<()>,
}

/// What is read.
#[derive(Clone, PartialEq)]
enum Settings {
    File(file::Settings),
    Documents(document::Settings),
}

impl Feeders {
    /// Reads for a channel what its section says, from where the channel stands.
    pub(crate) async fn follow(&mut self, channel: &Channel, registry: &Registry) {
        let wanted = settings(channel);
        let read = self.0.get(&channel.name).filter(|feeder| !feeder.task.is_finished());
        if read.map(|feeder| &feeder.settings) == wanted.as_ref() {
            return;
        }
        if self.0.contains_key(&channel.name) {
            self.stop(&channel.name).await;
            // Lines of the one before that are still on their way would move the new one's place.
            registry.new_round(&channel.name).await;
        }
        if let (Some(settings), Some(mailbox)) = (wanted, registry.mailbox(&channel.name)) {
            let task = match settings.clone() {
                Settings::File(settings) => tokio::spawn(feeder::run(mailbox, settings)),
                Settings::Documents(settings) => tokio::spawn(documents::run(mailbox, settings)),
            };
            self.0.insert(channel.name.clone(), Feeder { settings, task });
        }
    }

    /// Reads no more for a channel.
    pub(crate) async fn stop(&mut self, channel: &str) {
        if let Some(feeder) = self.0.remove(channel) {
            feeder.task.abort();
            // It panicked or was aborted: either way it is gone.
            let _ = feeder.task.await;
        }
    }
}

impl Drop for Feeders {
    fn drop(&mut self) {
        self.0.values().for_each(|feeder| feeder.task.abort());
    }
}

fn settings(channel: &Channel) -> Option<Settings> {
    match &channel.file {
        Some(path) => Some(Settings::File(file::Settings {
            path: path.clone(),
            line_bytes_max: channel.line_bytes_max,
            look_every: file::LOOK_EVERY,
        })),
        None => document::Settings::of(&channel.documents, channel.ca_file.as_deref())
            .map(Settings::Documents),
    }
}
