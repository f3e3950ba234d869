//! Interactions: rating buttons and menus, and slash commands or forms by which customers write to us.
//!
//! They come on the gateway (somebody else answers them) or by webhook, where we have to answer at once: Discord
//! shows the customer an error otherwise.

use serde_json::{Value, json};
use tablica_plugin::{
    Author, Event, Failure, Kind, Medium, Message as Written, Output, Pair, Rating, Reply,
    unsupported,
};

use crate::message::Spot;
use crate::wire::{Interaction, Snowflake};
use crate::{Desk, read};

const PING: u64 = 1;
const COMMAND: u64 = 2;
const COMPONENT: u64 = 3;
const AUTOCOMPLETE: u64 = 4;
const FORM: u64 = 5;
/// Only the customer sees the answer.
const EPHEMERAL: u64 = 1 << 6;
/// To a command that is not the desk's: without an answer Discord shows an error.
const NOBODY: &str = "Nobody answers this command here.";
/// Options and fields lie in each other; Discord's own are three deep.
const DEPTH_MAX: usize = 6;

/// A call at the interactions' address, or at that of webhook events. In the first, type 1 is a ping; in the
/// second, type 0 is, and type 1 an event.
pub(crate) fn webhook(body: &[u8], desk: &mut Desk) -> Result<Output, Failure> {
    let call: Value = read(body, "a call")?;
    let Some(kind) = call.get("type").and_then(Value::as_u64) else {
        return Err(unsupported("neither an interaction nor a webhook event: it has no type"));
    };
    // Nothing that webhook events tell of is a contact.
    if kind == 0 || call.get("event").is_some() {
        let reply = Reply { status: 204, headers: Vec::new(), body: Vec::new() };
        return Ok(Output { reply: Some(reply), ..Output::default() });
    }
    if kind == PING {
        return Ok(answered(Vec::new(), &json!({"type": 1})));
    }
    let interaction: Interaction = read(body, "an interaction")?;
    let events = event(&interaction, desk).into_iter().collect();
    let answer = match kind {
        COMPONENT => json!({"type": 6}),
        AUTOCOMPLETE => json!({"type": 8, "data": {"choices": []}}),
        _ => {
            let is_ours = name(&interaction).is_some_and(|it| desk.settings.commands.contains(it));
            let text = if is_ours { desk.settings.command_reply.as_str() } else { NOBODY };
            json!({"type": 4, "data": {"content": text, "flags": EPHEMERAL}})
        }
    };
    Ok(answered(events, &answer))
}

fn answered(events: Vec<Event>, answer: &Value) -> Output {
    let content_type = Pair { name: "content-type".into(), value: "application/json".into() };
    let body = answer.to_string().into_bytes();
    let reply = Reply { status: 200, headers: vec![content_type], body };
    Output { events, reply: Some(reply), ..Output::default() }
}

/// A rating, or what a customer wrote by a command or a form.
pub(crate) fn event(interaction: &Interaction, desk: &mut Desk) -> Option<Event> {
    let member = interaction.member.as_ref();
    let user = member.and_then(|it| it.user.as_deref()).or(interaction.user.as_ref())?;
    let roles = member.and_then(|it| it.roles.as_deref()).unwrap_or_default();
    if user.bot.unwrap_or(false) || desk.is_agent(user, roles) {
        return None;
    }
    let user = user.id.0;
    let data = interaction.data.as_ref()?;
    let kind = match interaction.kind {
        COMPONENT => {
            let said =
                data.get("custom_id")?.as_str()?.strip_prefix(&desk.settings.rating_prefix)?;
            let chosen = data.get("values").and_then(|it| it.get(0)).and_then(Value::as_str);
            Kind::Rated(rating(said, chosen, desk.settings.rating_scale)?)
        }
        COMMAND | FORM => {
            if !desk.settings.commands.contains(name(interaction)?) {
                return None;
            }
            let mut texts = Vec::new();
            values(data, DEPTH_MAX, &mut texts);
            let mut written = Written::new(Medium::Message, Author::Customer);
            written.language = interaction.locale.clone();
            if !texts.is_empty() {
                written = written.text(texts.join("\n"));
            }
            Kind::Message(written)
        }
        _ => return None,
    };
    let is_message = matches!(kind, Kind::Message(_));
    let root = root(interaction, desk, user, is_message)?;
    let id = format!("i{}", interaction.id.0);
    Some(Event::new(id, interaction.id.at_ms(), kind).on(root).customer(format!("discord:{user}")))
}

/// Of a command or a form.
fn name(interaction: &Interaction) -> Option<&str> {
    let field = if interaction.kind == COMMAND { "name" } else { "custom_id" };
    interaction.data.as_ref()?.get(field)?.as_str()
}

/// The conversation that it belongs to. A rating where there is none is one by itself; what is written in a
/// channel where many write begins a conversation that only we and the customer see.
fn root(interaction: &Interaction, desk: &mut Desk, user: u64, is_message: bool) -> Option<String> {
    let channel: Snowflake = match interaction.channel_id {
        Some(channel) => channel,
        None => return Some(interaction.id.0.to_string()),
    };
    let root = match desk.spot_of(channel, interaction.guild_id, false) {
        Some(Spot::Own { root, .. }) => Some(root),
        _ if is_message => Some(interaction.id.0),
        Some(Spot::Shared) => desk.state.conversation(channel, Some(user)),
        // Of another desk's channel.
        None => return None,
    };
    Some(root.map_or(String::new(), |root| root.to_string()))
}

/// `4`, `4/5`, `fast:4/5`; of a menu, the dimension and what was chosen.
fn rating(said: &str, chosen: Option<&str>, scale: f64) -> Option<Rating> {
    let (dimension, score) = match (chosen, said.rsplit_once(':')) {
        (Some(chosen), _) => (said.trim_end_matches(':'), chosen),
        (None, Some((dimension, score))) => (dimension, score),
        (None, None) => ("", said),
    };
    let (score, best) = score.split_once('/').unwrap_or((score, ""));
    let score: f64 = score.trim().parse().ok()?;
    let scale = if best.is_empty() { scale } else { best.trim().parse().ok()? };
    let dimension = if dimension.is_empty() { "overall" } else { dimension };
    Rating::new(dimension, score, scale)
}

/// The texts of a command's options or a form's fields.
fn values(of: &Value, depth: usize, texts: &mut Vec<String>) {
    if depth == 0 {
        return;
    }
    match of {
        Value::Array(all) => all.iter().for_each(|it| values(it, depth - 1, texts)),
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get("value") {
                texts.push(text.clone());
            }
            for name in ["options", "components", "component"] {
                if let Some(inner) = fields.get(name) {
                    values(inner, depth - 1, texts);
                }
            }
        }
        _ => {}
    }
}
