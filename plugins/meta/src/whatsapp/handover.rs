//! `messaging_handovers`: who has a conversation, Meta's business agent (a machine) or the business's people.

use serde::Deserialize;
use tablica_plugin::{Event, Id, Kind, fingerprint_of};

use super::{Number, customers};
use crate::envelope::Place;
use crate::settings::Settings;

/// Roles of Meta's business agent.
const AGENTS: [&str; 2] = ["ai_agent", "meta_business_agent"];
/// The role of whoever it hands over to.
const ESCALATION: &str = "escalation";

#[derive(Deserialize)]
struct Handover {
    /// Our number: there is no `metadata`.
    recipient: Option<Recipient>,
    sender: Option<Sender>,
    timestamp: Option<Id>,
    control_passed: Option<Passed>,
}

#[derive(Deserialize)]
struct Recipient {
    phone_number_id: Option<Id>,
}

#[derive(Deserialize)]
struct Sender {
    phone_number: Option<Id>,
    wa_id: Option<Id>,
    user_id: Option<Id>,
}

/// Some say both roles, some only whose it was.
#[derive(Deserialize)]
struct Passed {
    previous_owner_role: Option<String>,
    previous_owner_app_role: Option<String>,
    previous_owner: Option<Owner>,
    new_owner_role: Option<String>,
    new_owner_app_id: Option<Id>,
}

#[derive(Deserialize)]
struct Owner {
    app_role: Option<String>,
}

/// The conversation is assigned: to people by the name of their app or role, to a machine as to nobody.
pub(super) fn decode(
    value: &str,
    place: &Place<'_>,
    settings: &Settings,
) -> Result<Option<Event>, serde_json::Error> {
    let handover: Handover = serde_json::from_str(value)?;
    let Some(passed) = &handover.control_passed else { return Ok(None) };
    let Some(Sender { phone_number, wa_id, user_id }) = &handover.sender else { return Ok(None) };
    let phone = phone_number.as_ref().or(wa_id.as_ref());
    let Some(with) = phone.or(user_id.as_ref()) else { return Ok(None) };
    let id = handover.recipient.as_ref().and_then(|it| it.phone_number_id.as_ref());
    let id = id.map_or(place.account, |id| &id.0);
    let number = Number { id, time: place.time, settings };
    // Without a time it is known by all that it says.
    let time = handover.timestamp.as_ref().map_or(value, |time| &time.0);
    let name = format!("passed:{:016x}", fingerprint_of([id, &with.0, time], 0));
    let mut event = number.event(name, handover.timestamp.as_ref(), Kind::Assigned, &with.0);
    event.agent = passed.to(settings);
    event.customer = customers(phone, [user_id, &None]);
    Ok(Some(event))
}

impl Passed {
    /// Who has it now; nobody where a machine has, or where nothing says who.
    fn to(&self, settings: &Settings) -> Option<String> {
        let is_agent = |role: &str| AGENTS.contains(&role);
        if let Some(app) = &self.new_owner_app_id {
            return settings.desk(&app.0);
        }
        if let Some(role) = self.new_owner_role.as_deref() {
            return (!is_agent(role)).then(|| settings.desk_of_role(role));
        }
        let nested = self.previous_owner.as_ref().and_then(|it| it.app_role.as_ref());
        let previous = [self.previous_owner_role.as_ref(), self.previous_owner_app_role.as_ref()];
        let mut previous = previous.into_iter().chain([nested]).flatten();
        // From the machine it can only go to people.
        previous.any(|role| is_agent(role)).then(|| settings.desk_of_role(ESCALATION))
    }
}
