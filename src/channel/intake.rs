//! What the operator's config says about events where their network says nothing.
//!
//! One rule for all who take events in: the running channel ([`super::actor`]), `tablica plugin
//! run`, `tablica replay` of a file of events, and wall scripts. What is in the journal has been
//! through it.

use crate::event::{Event, Kind};

/// Puts the event into the channel's queue when its network names none. Events that belong to no
/// contact, of agents and of the feed, are in no queue; and a contact that is another channel's is in
/// the queue of that one. What happens to a contact that has begun happens in the queue where it is: the
/// engine knows that one.
pub fn fill_queue(event: &mut Event, channels_queue: Option<&str>) {
    let is_of_contact = event.same_as.is_none() && !event.interaction.is_empty();
    if event.queue.is_none() && is_of_contact && can_begin(&event.kind) {
        event.queue = channels_queue.map(str::to_owned);
    }
}

/// A contact can begin with it.
fn can_begin(kind: &Kind) -> bool {
    matches!(kind, Kind::Opened(_) | Kind::Queued | Kind::Message(_) | Kind::Mention(_))
}
