//! When channels are expected to deliver.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::model::{Channel, ChannelCalendar};
use crate::engine::promise::Calendar;

/// When a channel is expected to deliver.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ChannelHours {
    /// While one of the queues is open that it feeds.
    #[default]
    OfQueues,
    /// By a calendar of its own.
    Of(Arc<Calendar>),
}

impl ChannelHours {
    /// As the channel's section says.
    pub(in crate::engine) fn of(
        channel: &Channel,
        calendars: &BTreeMap<String, Arc<Calendar>>,
    ) -> Self {
        match &channel.calendar {
            ChannelCalendar::OfQueues => ChannelHours::OfQueues,
            ChannelCalendar::Always => ChannelHours::Of(Arc::default()),
            ChannelCalendar::Named(name) => {
                ChannelHours::Of(calendars.get(name).cloned().unwrap_or_default())
            }
        }
    }
}
