//! Puts what happens at the help desk in the words of a home-grown site: flat JSON that the
//! generic `webform` channel reads by the mapping in `demo/tablica.toml`.

use serde_json::{Value, json};

use crate::event::UnixMs;

use super::door::Door;
use super::people::Customer;
use super::traffic::Raw;

/// A form that a customer has sent, and who works on it.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Counted from the start of the run.
    pub number: u64,
    /// Whose it is.
    pub customer: Customer,
    /// The team it is for.
    pub team: &'static str,
    /// Who answers it.
    pub agent: String,
}

/// What becomes of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The customer sent the form.
    Submitted(&'static str),
    /// The customer wrote again.
    AskedAgain(&'static str),
    /// The agent wrote.
    Answered(&'static str),
    /// The matter is settled; nothing more comes when it is the last.
    Settled {
        /// No rating and no reopening follows.
        last: bool,
    },
    /// The customer says it is not.
    Reopened,
    /// Stars, one to five.
    Rated(usize),
}

/// Writes the site's webhook bodies.
#[derive(Debug)]
pub struct WebForm {
    /// Makes ids differ from those of earlier runs.
    run: i64,
    written: u64,
}

impl WebForm {
    /// The site's numbering grows with the start time.
    pub fn new(start_ms: UnixMs) -> Self {
        Self { run: start_ms / 1000, written: 0 }
    }

    /// One step of a ticket.
    pub fn write(&mut self, at_ms: UnixMs, ticket: &Ticket, step: Step, out: &mut Vec<Raw>) {
        self.written += 1;
        let mut body = json!({
            "id": format!("e-{}-{}", self.run, self.written),
            "time": rfc3339(at_ms),
            "ticket": format!("W-{}-{}", self.run, ticket.number),
            "team": ticket.team,
            "customer": { "email": ticket.customer.email(), "phone": ticket.customer.phone() },
        });
        let (event, detail): (&str, Option<(&str, Value)>) = match step {
            Step::Submitted(text) => ("submitted", Some(("message", json!(text)))),
            Step::AskedAgain(text) => ("customer_wrote", Some(("message", json!(text)))),
            Step::Answered(text) => ("agent_wrote", Some(("message", json!(text)))),
            Step::Settled { .. } => ("resolved", None),
            Step::Reopened => ("reopened", None),
            Step::Rated(stars) => ("rated", Some(("stars", json!(stars)))),
        };
        body["event"] = json!(event);
        if let Some((name, value)) = detail {
            body[name] = value;
        }
        if matches!(step, Step::Answered(_) | Step::Settled { .. }) {
            body["agent"] = json!(ticket.agent);
        }
        let bytes = body.to_string().into_bytes();
        out.push(Raw {
            at_ms,
            door: Door::WEBFORM,
            lane: ticket.number,
            headers: Vec::new(),
            bytes,
        });
    }
}

/// Milliseconds since 1970 as the site writes them. A time that no calendar knows becomes the
/// calendar's first.
fn rfc3339(at_ms: UnixMs) -> String {
    jiff::Timestamp::from_millisecond(at_ms).unwrap_or(jiff::Timestamp::MIN).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::draw::Draw;

    #[test]
    fn a_step_names_its_ticket_its_time_and_what_it_brings() {
        let ticket = Ticket {
            number: 7,
            customer: Customer::any(&mut Draw::new(1, "test")),
            team: "billing",
            agent: "Jan Mazur".into(),
        };
        let mut out = Vec::new();
        let mut form = WebForm::new(1_790_000_000_000);
        form.write(1_790_000_000_250, &ticket, Step::Submitted("Where is it?"), &mut out);
        form.write(1_790_000_060_000, &ticket, Step::Rated(4), &mut out);
        let bodies: Vec<Value> =
            out.iter().map(|raw| serde_json::from_slice(&raw.bytes).expect("JSON")).collect();
        assert_eq!(bodies[0]["event"], "submitted");
        assert_eq!(bodies[0]["ticket"], "W-1790000000-7");
        assert_eq!(bodies[0]["time"], "2026-09-21T14:13:20.25Z");
        assert_eq!(bodies[0]["message"], "Where is it?");
        assert_eq!(bodies[1]["stars"], 4);
        assert_ne!(bodies[0]["id"], bodies[1]["id"]);
    }
}
