//! A row into events.

use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::TimeZone;
use tablica_plugin::words::{AWAITS, PRIORITIES, STATUSES};
use tablica_plugin::{
    Abandoned, AgentState, Answered, Author, Awaits, Direction, Event, Kind, LeftReason, LocalTime,
    Medium, Message, Moment, Opened, Pending, Rating, Resolution, TalkEnded, Transfer, TransferWay,
    fingerprint_of, identity,
};

use crate::header::{Header, Places, joined, value, whole};
use crate::settings::{Rule, Settings};
use crate::words::{Happening, REASONS};

/// What a row says: nothing, where no rule's conditions hold or no time stands in its column yet. Why it cannot be
/// read names settings only.
pub(crate) fn events(
    row: &[String],
    header: &Header,
    settings: &Settings,
) -> Result<Vec<Event>, String> {
    let read = Read { row, header, settings };
    let mut events = Vec::new();
    for (rule, (time, when)) in settings.events.iter().zip(&header.rules) {
        if read.holds(rule, when) {
            events.extend(read.event(rule, time)?);
        }
    }
    Ok(events)
}

struct Read<'a> {
    row: &'a [String],
    header: &'a Header,
    settings: &'a Settings,
}

impl Read<'_> {
    fn holds(&self, rule: &Rule, when: &Places) -> bool {
        rule.when.iter().zip(when).all(|((_, values), place)| {
            let value = value(self.row, *place);
            values.iter().any(|it| it == value)
        })
    }

    fn event(&self, rule: &Rule, time: &Places) -> Result<Option<Event>, String> {
        let columns = &self.header.columns;
        let Some(written) = whole(self.row, time, " ") else {
            // It has not happened yet, or never will.
            return Ok(None);
        };
        let at = self.moment(&written).ok_or("a time is not as the setting time says")?;
        let Some(kind) = self.kind(rule)? else { return Ok(None) };
        let is_of_agent = rule.happening == Happening::AgentState;
        let interaction = match whole(self.row, &columns.interaction, "/") {
            _ if is_of_agent => String::new(),
            Some(interaction) => interaction,
            None => return Err("the column of columns.interaction is empty".into()),
        };
        let agent = joined(self.row, &columns.agent, " ");
        if is_of_agent && agent.is_none() {
            return Err("the column of columns.agent is empty".into());
        }
        let id = match whole(self.row, &columns.id, "/") {
            Some(id) => format!("{id}:{}", rule.name),
            // Nothing of the customer's or of texts is in it: ids are kept.
            None => {
                let whose = if is_of_agent { agent.as_deref().unwrap_or("") } else { &interaction };
                format!(
                    "{:016x}:{}",
                    fingerprint_of([whose, &rule.name, &written], 0xff),
                    rule.name
                )
            }
        };
        let mut event = Event::new(id, at, kind).on(interaction);
        event.queue = joined(self.row, &columns.queue, " ");
        if !is_of_customer(rule) {
            event.agent = agent;
        }
        if !is_of_agent {
            event.customer = self.customers();
        }
        Ok(Some(event))
    }

    fn customers(&self) -> Vec<String> {
        let columns = &self.header.columns;
        let code = self.settings.country_code.as_deref();
        let values = |places: &[usize]| {
            let values = places.iter().map(|place| value(self.row, *place));
            values.filter(|value| !value.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        let phones = values(&columns.phone);
        let mut customers: Vec<String> =
            phones.iter().filter_map(|raw| identity::phone(raw, code)).collect();
        customers.extend(values(&columns.mail).iter().filter_map(|raw| identity::mail(raw)));
        customers.extend(values(&columns.customer).iter().map(|id| ["site:", id].concat()));
        customers
    }

    fn kind(&self, rule: &Rule) -> Result<Option<Kind>, String> {
        let columns = &self.header.columns;
        let text = |places: &[usize]| joined(self.row, places, " ");
        let medium = self.settings.medium;
        let priority = match text(&columns.priority) {
            Some(word) => self.settings.meaning(PRIORITIES, &word),
            None => None,
        };
        Ok(Some(match rule.happening {
            Happening::Opened => {
                let direction = Direction::Inbound;
                Kind::Opened(Opened { medium, direction, public: false, priority })
            }
            Happening::Message => {
                let mut message = Message::new(medium, rule.author);
                if let Some(text) = text(&columns.text) {
                    message = message.text(text);
                }
                Kind::Message(message)
            }
            Happening::Queued => Kind::Queued,
            Happening::OfferedToAgent => Kind::OfferedToAgent,
            Happening::RingMissed => Kind::RingMissed(None),
            Happening::Answered if medium == Medium::Call => {
                Kind::Answered(Answered { wait_ms: None, ring_ms: None })
            }
            // What is not a call is answered by a human's first word.
            Happening::Answered => Kind::Message(Message::new(medium, Author::Agent)),
            Happening::Transferred => Kind::Transferred(Transfer {
                to_queue: text(&columns.to_queue),
                to_agent: text(&columns.to_agent),
                way: TransferWay::Unknown,
            }),
            Happening::TalkEnded => {
                Kind::TalkEnded(TalkEnded { talk_ms: None, hold_ms: None, by: Author::System })
            }
            Happening::WrappedUp => Kind::WrappedUp,
            Happening::Assigned => Kind::Assigned,
            Happening::Prioritized => return Ok(priority.map(Kind::Prioritized)),
            Happening::Pending => {
                let awaits = text(&columns.reason);
                let awaits = awaits.and_then(|word| self.settings.meaning(AWAITS, &word));
                let (awaits, until) = (awaits.unwrap_or(Awaits::Customer), Moment::None);
                Kind::Pending(Pending { awaits, until })
            }
            Happening::Resolved => Kind::Resolved(Resolution { by: Author::Agent, note: None }),
            Happening::Reopened => Kind::Reopened,
            Happening::Abandoned => Kind::Abandoned(Abandoned { wait_ms: None }),
            Happening::Left => {
                let reason = text(&columns.reason);
                let reason = reason.and_then(|word| self.settings.meaning(REASONS, &word));
                Kind::Left(reason.unwrap_or(LeftReason::Unknown))
            }
            Happening::CallbackPromised => Kind::CallbackPromised(Moment::None),
            Happening::RatingRequested => Kind::RatingRequested,
            Happening::Rated => {
                let Some(score) = text(&columns.score) else { return Ok(None) };
                let scale = self.settings.rating_scale;
                let score = score.replace(',', ".").parse().ok();
                let rating = score.and_then(|score| Rating::new("overall", score, scale));
                Kind::Rated(rating.ok_or("a rating is no number from 0 to rating_scale")?)
            }
            Happening::AgentState => {
                let status = text(&columns.status);
                let status = status.and_then(|word| self.settings.meaning(STATUSES, &word));
                let status = status.ok_or("a state of an agent is in neither words nor ours")?;
                Kind::AgentState(AgentState { status, reason: text(&columns.reason) })
            }
        }))
    }

    /// A time as the setting `time` says: with an offset a moment, without one a time of `zone` or of the site.
    fn moment(&self, written: &str) -> Option<Moment> {
        let zone = self.settings.zone.clone();
        let moment = match self.settings.time.as_deref() {
            None => tablica_plugin::time::moment(written)?,
            Some("unix") => {
                return Some(Moment::Utc(written.parse::<u64>().ok()?.checked_mul(1000)?));
            }
            Some("unix_ms") => return Some(Moment::Utc(written.parse().ok()?)),
            Some(format) => {
                let parsed = BrokenDownTime::parse(format, written).ok()?;
                let offset = parsed.offset();
                let wall = parsed.to_datetime().ok()?;
                let zoned = wall.to_zoned(TimeZone::UTC).ok()?;
                let wall_ms = zoned.timestamp().as_millisecond();
                match offset {
                    Some(offset) => {
                        let ahead_ms = i64::from(offset.seconds()).saturating_mul(1000);
                        Moment::Utc(u64::try_from(wall_ms.saturating_sub(ahead_ms)).ok()?)
                    }
                    None => {
                        let wall_ms = u64::try_from(wall_ms).ok()?;
                        Moment::Local(LocalTime { wall_ms, zone: None })
                    }
                }
            }
        };
        Some(match moment {
            Moment::Local(local) => Moment::Local(LocalTime { zone, ..local }),
            moment => moment,
        })
    }
}

/// A customer's deed names no agent, though its row does.
fn is_of_customer(rule: &Rule) -> bool {
    match rule.happening {
        Happening::Opened | Happening::Queued => true,
        Happening::Message => rule.author == Author::Customer,
        _ => false,
    }
}
