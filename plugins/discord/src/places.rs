//! The channels and threads that are known: threads, channels of a category of the desk, and channels that not
//! everybody sees. Bounded: the one that was used longest ago goes.

use serde::{Deserialize, Serialize};
use tablica_plugin::Recent;

use crate::wire::Snowflake;

/// Places that are remembered. A server has at most 1,000 active threads, and 500 channels.
const PLACES_MAX: usize = 1_500;

/// A channel or a thread.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Place {
    #[serde(rename = "g")]
    pub(crate) guild: u64,
    #[serde(rename = "t", skip_serializing_if = "is_false")]
    pub(crate) is_thread: bool,
    #[serde(rename = "p", skip_serializing_if = "is_false")]
    pub(crate) is_private: bool,
    /// The customer whose thread it is: the first one who wrote.
    #[serde(rename = "a", skip_serializing_if = "Option::is_none")]
    pub(crate) asker: Option<u64>,
    /// The conversation that went on in this thread, where it began elsewhere.
    #[serde(rename = "r", skip_serializing_if = "Option::is_none")]
    pub(crate) root: Option<u64>,
    #[serde(rename = "c", skip_serializing_if = "is_false")]
    pub(crate) is_closed: bool,
    /// How often it was closed or opened again: makes ids of these events.
    #[serde(rename = "n")]
    pub(crate) turns: u32,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// All of them.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Places(Recent<u64, Place, PLACES_MAX>);

impl Places {
    pub(crate) fn get(&self, id: Snowflake) -> Option<&Place> {
        self.0.get(&id.0)
    }

    /// The place, used now.
    pub(crate) fn touch(&mut self, id: Snowflake) -> Option<&mut Place> {
        self.0.touch(&id.0)
    }

    /// The place, which is new where it was not known.
    pub(crate) fn know(&mut self, id: Snowflake) -> &mut Place {
        self.0.touch(&id.0);
        self.0.get_or_put_with(id.0, Place::default)
    }

    pub(crate) fn remove(&mut self, id: Snowflake) -> Option<Place> {
        self.0.remove(&id.0)
    }

    /// Threads of a guild that are open.
    pub(crate) fn open_threads(&self, guild: Snowflake) -> Vec<Snowflake> {
        let open = |(_, it): &(&u64, &Place)| it.guild == guild.0 && it.is_thread && !it.is_closed;
        let mut ids: Vec<u64> = self.0.iter().filter(open).map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.into_iter().map(Snowflake).collect()
    }
}
