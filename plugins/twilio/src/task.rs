//! TaskRouter: tasks in queues, reservations of workers, workers' activities.
//!
//! A task that a call made is the call: its attributes name `call_sid`. Attributes are JSON in a string, written by
//! the site, so nothing in them is certain.

use serde_json::Value;
use tablica_plugin::{
    Abandoned, AgentProfile, AgentState, AgentStatus, Answered, Author, Direction, Event, Failure,
    Kind, LeftReason, Medium, Resolution, TalkEnded, Transfer, TransferWay, bad_input,
};

use crate::address;
use crate::fields::Fields;
use crate::settings::Settings;
use crate::state::{Stage, State};
use crate::voice;

/// One event of TaskRouter.
pub(crate) struct Task<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) settings: &'a Settings,
    pub(crate) state: &'a mut State,
    pub(crate) events: &'a mut Vec<Event>,
    id: String,
    attributes: Value,
    told: usize,
}

impl<'a> Task<'a> {
    pub(crate) fn new(
        fields: &'a Fields,
        settings: &'a Settings,
        state: &'a mut State,
        events: &'a mut Vec<Event>,
    ) -> Result<Self, Failure> {
        let id = fields.get("Sid").or(fields.get("StreamId"));
        let id = id.ok_or_else(|| bad_input("/Sid is missing"))?.to_owned();
        let attributes = fields.get("TaskAttributes").unwrap_or_default();
        let attributes = serde_json::from_str(attributes).unwrap_or_default();
        Ok(Self { fields, settings, state, events, id, attributes, told: 0 })
    }

    pub(crate) fn decode(&mut self, name: &str) {
        if name.starts_with("worker.") {
            self.worker(name);
            return;
        }
        let Some(task) = self.fields.get("TaskSid") else { return };
        let interaction = self.interaction(task);
        self.state.contact(&interaction).is_task = true;
        match name {
            "task.created" => self.created(&interaction),
            "task-queue.entered" | "task-queue.moved" => self.entered(&interaction),
            "task-queue.timeout" => self.leave_queue(&interaction, LeftReason::Timeout),
            "reservation.created" => {
                self.tell(&interaction, self.worker_name(), Kind::OfferedToAgent)
            }
            "reservation.rejected" | "reservation.timeout" | "reservation.failed" => {
                self.tell(&interaction, self.worker_name(), Kind::RingMissed(None));
            }
            "reservation.accepted" => self.accepted(&interaction),
            "reservation.wrapup" | "reservation.completed" => {
                let contact = self.state.contact(&interaction);
                if contact.by.as_deref() == self.fields.get("ReservationSid") {
                    self.talked(&interaction);
                }
            }
            "task.wrapup" => self.talked(&interaction),
            "task.transfer-initiated" => self.transferred(&interaction, "COLD", TransferWay::Blind),
            "task.transfer-completed" => {
                self.transferred(&interaction, "WARM", TransferWay::Attended);
            }
            "task.completed" => self.completed(&interaction),
            "task.canceled" | "task.deleted" | "task.system-deleted" => {
                self.canceled(&interaction, name);
            }
            // The caller hung up (`reservation.canceled`), somebody else took it (`rescinded`), and what
            // says nothing of the contact's course.
            _ => {}
        }
    }

    fn attribute(&self, names: &[&str]) -> Option<&str> {
        names
            .iter()
            .find_map(|name| self.attributes.get(*name)?.as_str())
            .filter(|it| !it.is_empty())
    }

    /// The call or conversation that the task is about, else the task.
    fn interaction(&self, task: &str) -> String {
        let conversation = ["conversationSid", "conversation_sid"];
        let about = self.attribute(&["call_sid"]).or_else(|| self.attribute(&conversation));
        about.unwrap_or(task).to_owned()
    }

    fn worker_name(&self) -> Option<String> {
        let name = self.fields.get("WorkerName").or(self.fields.get("WorkerSid"))?;
        Some(self.settings.agents.get(name).map_or(name, String::as_str).to_owned())
    }

    fn queue(&self) -> Option<String> {
        self.fields.get("TaskQueueName").or(self.fields.get("TaskQueueSid")).map(str::to_owned)
    }

    fn tell(&mut self, interaction: &str, agent: Option<String>, kind: Kind) {
        let queue = self.queue();
        self.tell_in(interaction, queue, agent, kind);
    }

    fn tell_in(
        &mut self,
        interaction: &str,
        queue: Option<String>,
        agent: Option<String>,
        kind: Kind,
    ) {
        let id = match self.told {
            0 => self.id.clone(),
            told => format!("{}#{told}", self.id),
        };
        self.told = self.told.saturating_add(1);
        let mut event = Event::new(id, self.fields.at(), kind).on(interaction);
        (event.queue, event.agent) = (queue, agent);
        self.events.push(event);
    }

    fn created(&mut self, interaction: &str) {
        let medium = match self.fields.get("TaskChannelUniqueName") {
            Some("voice") => Medium::Call,
            Some("chat" | "web") => Medium::Chat,
            Some("sms" | "whatsapp" | "messenger") => Medium::Message,
            Some("email") => Medium::Mail,
            _ => Medium::Unknown,
        };
        let is_outbound =
            self.attribute(&["direction"]).is_some_and(|it| it.starts_with("outbound"));
        let direction = if is_outbound { Direction::Outbound } else { Direction::Inbound };
        let mut event = voice::opened(interaction, self.fields.at(), medium, direction);
        let theirs: &[&str] = match is_outbound {
            true => &["outbound_to", "to", "customerAddress"],
            false => &["customerAddress", "from", "caller"],
        };
        let country = self.settings.country_code.as_deref();
        let number = self.attribute(theirs).and_then(|it| address::customer(it, country));
        let mail = self.attribute(&["email"]).and_then(|it| address::customer(it, None));
        let mail = mail.filter(|mail| Some(mail) != number.as_ref());
        event.customer.extend(number.into_iter().chain(mail));
        self.state.contact(interaction).is_opened = true;
        self.events.push(event);
    }

    /// Into a queue; out of the one before.
    fn entered(&mut self, interaction: &str) {
        let queue = self.queue();
        if self.state.contact(interaction).queue == queue {
            return;
        }
        self.leave_queue(interaction, LeftReason::Overflow);
        self.state.contact(interaction).queue.clone_from(&queue);
        self.tell_in(interaction, queue, None, Kind::Queued);
    }

    fn leave_queue(&mut self, interaction: &str, reason: LeftReason) {
        let contact = self.state.contact(interaction);
        let is_waiting = contact.stage == Stage::Waiting;
        if let Some(queue) = contact.queue.take()
            && is_waiting
        {
            self.tell_in(interaction, Some(queue), None, Kind::Left(reason));
        }
    }

    fn accepted(&mut self, interaction: &str) {
        let agent = self.worker_name();
        let contact = self.state.contact(interaction);
        contact.stage = Stage::Talking;
        contact.agent.clone_from(&agent);
        contact.by = self.fields.get("ReservationSid").map(str::to_owned);
        let answered = Answered { wait_ms: None, ring_ms: None };
        self.tell(interaction, agent, Kind::Answered(answered));
    }

    /// Both the task and its reservation say so.
    fn talked(&mut self, interaction: &str) {
        let contact = self.state.contact(interaction);
        if contact.stage != Stage::Talking {
            return;
        }
        contact.stage = Stage::Talked;
        let agent = contact.agent.clone();
        let ended = TalkEnded { talk_ms: None, hold_ms: None, by: Author::System };
        self.tell(interaction, agent, Kind::TalkEnded(ended));
    }

    /// A cold transfer is one when it begins, a warm one when it is done.
    fn transferred(&mut self, interaction: &str, mode: &str, way: TransferWay) {
        let said = ["TransferMode", "TaskTransferMode"].iter().find_map(|it| self.fields.get(it));
        let is_end = way == TransferWay::Attended;
        let way = match said {
            Some(said) if said.eq_ignore_ascii_case(mode) => way,
            None if is_end => TransferWay::Unknown,
            _ => return,
        };
        let agent = self.state.contact(interaction).agent.clone();
        let transfer = Transfer { to_queue: None, to_agent: None, way };
        self.tell(interaction, agent, Kind::Transferred(transfer));
    }

    fn completed(&mut self, interaction: &str) {
        self.talked(interaction);
        let contact = self.state.contact(interaction);
        let agent = contact.agent.clone().or_else(|| self.worker_name());
        let contact = self.state.contact(interaction);
        let had_talk = contact.stage == Stage::Talked;
        contact.stage = Stage::Over;
        if had_talk {
            self.tell(interaction, agent.clone(), Kind::WrappedUp);
        }
        let by = if agent.is_some() { Author::Agent } else { Author::System };
        self.tell(interaction, agent, Kind::Resolved(Resolution { by, note: None }));
    }

    /// Over without being completed: the caller hung up, or the workflow gave up.
    fn canceled(&mut self, interaction: &str, name: &str) {
        let contact = self.state.contact(interaction);
        match contact.stage {
            Stage::Over => return,
            Stage::Talking | Stage::Talked => {
                self.talked(interaction);
                let contact = self.state.contact(interaction);
                contact.stage = Stage::Over;
                let agent = contact.agent.clone();
                self.tell(interaction, agent, Kind::WrappedUp);
                return;
            }
            Stage::Waiting => contact.stage = Stage::Over,
        }
        let reason = self.fields.get("TaskCanceledReason").or(self.fields.get("Reason"));
        let reason = reason.unwrap_or_default().to_lowercase();
        let kind = match name {
            "task.canceled" if reason.contains("ttl") || reason.contains("timeout") => {
                Kind::Left(LeftReason::Timeout)
            }
            "task.canceled" if reason.contains("redirect") => Kind::Left(LeftReason::Overflow),
            "task.canceled" if reason == "leave" => Kind::Left(LeftReason::ExitKey),
            "task.canceled" => Kind::Abandoned(Abandoned { wait_ms: None }),
            _ => Kind::Left(LeftReason::Unknown),
        };
        self.tell(interaction, None, kind);
    }

    fn worker(&mut self, name: &str) {
        let Some(agent) = self.worker_name() else { return };
        let kind = match name {
            "worker.activity.update" => {
                let activity = self.fields.get("WorkerActivityName");
                let Some((status, reason)) = activity.and_then(|it| self.settings.activity(it))
                else {
                    return;
                };
                Kind::AgentState(AgentState { status, reason })
            }
            "worker.deleted" => {
                Kind::AgentState(AgentState { status: AgentStatus::Offline, reason: None })
            }
            "worker.created" | "worker.attributes.update" => {
                let attributes = self.fields.get("WorkerAttributes").unwrap_or_default();
                let attributes: Value = serde_json::from_str(attributes).unwrap_or_default();
                let Some(title) = attributes.get("full_name").and_then(Value::as_str) else {
                    return;
                };
                Kind::AgentKnown(AgentProfile::named(title))
            }
            _ => return,
        };
        let event = Event::new(self.id.clone(), self.fields.at(), kind);
        self.events.push(event.agent(agent));
    }
}
