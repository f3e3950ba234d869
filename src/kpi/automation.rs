//! Automation: what was settled without staff, and what contacts cost.

use super::reading::share;
use super::value::{Better, Figure, Unit};
use super::waiting::nothing_seen;
use super::{AppliesTo, COMMON, Kpi, OWN, Outcome, Reading, text};
use crate::engine::Field;

pub(super) static KPIS: &[Kpi] = &[
    Kpi {
        id: "automation_rate",
        title: "Resolved without staff",
        unit: Unit::Ratio,
        better: Better::Higher,
        is_state: false,
        expression: "(resolved by a bot + resolved by the customer) / resolved",
        source: OWN,
        doc: "Share of the contacts resolved for the first time that a bot resolved, or the \
              customers by themselves.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let (bot, customer) =
                (reading.get(Field::ResolvedByBot), reading.get(Field::ResolvedByCustomer));
            let resolved = reading.get(Field::Resolved);
            let when = reading.when();
            let sentence = match resolved {
                1.. => format!(
                    "Of {} settled {when}, {} by a bot and {} by the customers themselves.",
                    text::counted(resolved, "matters"),
                    text::count(bot),
                    text::count(customer),
                ),
                _ => format!("Nothing was settled {when}, so there is no share yet."),
            };
            Outcome::new(kpi, share(bot + customer, resolved), sentence)
                .count("resolved_by_bot", bot)
                .count("resolved_by_customer", customer)
                .count("resolved", resolved)
        },
    },
    Kpi {
        id: "peer_answer_rate",
        title: "Answered by other customers",
        unit: Unit::Ratio,
        better: Better::Higher,
        is_state: false,
        expression: "contacts answered first by another customer / contacts answered by an \
                     agent or another customer",
        source: OWN,
        doc: "Share of the answered contacts whose first answer came from another customer and not \
              from an agent, counted at that first answer. Answers of bots are left out.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            if reading.is_empty() {
                return nothing_seen(kpi);
            }
            let (peers, answers) =
                (reading.get(Field::PeerAnswers), reading.get(Field::FirstAnswers));
            let when = reading.when();
            let sentence = match answers {
                1.. => format!(
                    "Of {} that got their first answer {when}, {} got it from another customer.",
                    text::counted(answers, reading.noun()),
                    text::count(peers),
                ),
                _ => format!("Nobody was answered {when}, so there is no share yet."),
            };
            Outcome::new(kpi, share(peers, answers), sentence)
                .count("peer_answers", peers)
                .count("first_answers", answers)
        },
    },
    Kpi {
        id: "cost_per_contact",
        title: "Cost per contact",
        unit: Unit::Money,
        better: Better::Lower,
        is_state: false,
        expression: "Σ contacts × cost of their channel / contacts of channels with a known cost",
        source: COMMON,
        doc: "What a contact costs on average, by the `cost_per_contact` of each channel in the \
              config. Channels without it are left out and named in the receipt.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            let costs = Costs::of(reading);
            let figure = match costs.contacts {
                1.. => Figure::Number(costs.total / costs.contacts as f64),
                _ => Figure::NoData,
            };
            costs.told(kpi, reading, figure)
        },
    },
    Kpi {
        id: "cost",
        title: "Cost of contacts",
        unit: Unit::Money,
        better: Better::Neither,
        is_state: false,
        expression: "Σ contacts × cost of their channel",
        source: OWN,
        doc: "What the contacts that came in cost in all, by the `cost_per_contact` of each \
              channel in the config. Channels without it are left out and named in the receipt.",
        applies_to: AppliesTo::Contacts,
        compute: |kpi, reading| {
            let costs = Costs::of(reading);
            let figure = if costs.is_known { Figure::Number(costs.total) } else { Figure::NoData };
            costs.told(kpi, reading, figure)
        },
    },
];

/// What contacts came to.
#[derive(Default)]
struct Costs<'a> {
    total: f64,
    /// Contacts of channels with a known cost, and of others.
    contacts: i64,
    others: i64,
    is_known: bool,
    /// Channels whose contacts could not be counted.
    unknown: Vec<&'a str>,
}

impl<'a> Costs<'a> {
    fn of(reading: &Reading<'a>) -> Self {
        let mut costs = Costs::default();
        let channels = &reading.engine.rules().channels;
        for (cell, tally) in reading.tallies() {
            let contacts = tally.get(Field::Contacts);
            match channels.get(cell.channel()).and_then(|channel| channel.cost_per_contact) {
                Some(cost) => {
                    costs.is_known = true;
                    costs.total += contacts as f64 * cost;
                    costs.contacts += contacts;
                }
                None if contacts > 0 => {
                    costs.others += contacts;
                    costs.unknown.push(cell.channel());
                }
                None => {}
            }
        }
        costs.unknown.sort_unstable();
        costs.unknown.dedup();
        costs
    }

    fn told(&self, kpi: &Kpi, reading: &Reading<'_>, figure: Figure) -> Outcome {
        if reading.is_empty() {
            return nothing_seen(kpi);
        }
        let currency = &reading.engine.rules().currency;
        let mut sentence = match figure {
            Figure::Number(_) => format!(
                "{} {} cost {:.2} {currency} in all",
                text::counted(self.contacts, reading.noun()),
                reading.when(),
                self.total,
            ),
            _ => format!("No contacts of a channel with a known cost came in {}", reading.when()),
        };
        if !self.unknown.is_empty() {
            sentence += &format!(
                "; not counted: {} of channels without cost_per_contact ({})",
                text::count(self.others),
                self.unknown.join(", "),
            );
        }
        Outcome::new(kpi, figure, sentence + ".")
            .count("contacts", self.contacts)
            .count("contacts_without_cost", self.others)
    }
}
