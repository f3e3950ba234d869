//! The worked examples of `docs/kpis.md`: by name, what stands in the template as `{=name}`.
//!
//! Nothing is copied from a publication: the figures are what the engine and the formulas say.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::engine::Engine;
use crate::engine::tests::script::*;
use crate::kpi::erlang::{agents_for_service_level, load, patient};
use crate::kpi::{CONTACTS_OF_AGENT_MIN, service_level};
use crate::scope::Window;

/// 08:00 and ten hours: everything is decided.
const EVENING: f64 = 36_000.0;

/// All of them.
pub(super) fn all_of_them() -> BTreeMap<String, String> {
    let mut examples = BTreeMap::new();
    let mut figures = |name: &str, engine: &Engine, ids: &[&str]| {
        for id in ids {
            examples.insert(format!("{name}.{id}"), shown(engine, id, &all(), Window::Today));
            let sentence = value(engine, id, &all(), Window::Today).receipt.sentence;
            examples.insert(format!("{name}.{id}.receipt"), sentence);
        }
    };
    let six = service_level::FORMULAS.each_ref().map(|formula| formula.id);
    let reference = fold(&reference(), EVENING);
    figures("reference", &reference, &six);
    figures("reference", &reference, &["abandon_rate", "abandon_rate_net"]);
    figures("hundred", &fold(&in_time(100, 70, 10), EVENING), &six);
    let allowance = ["service_level_recovery", "service_level_budget"];
    figures("below", &fold(&in_time(1000, 700, 0), EVENING), &allowance);
    figures("above", &fold(&in_time(1000, 900, 0), EVENING), &allowance);
    examples.insert("erlang".to_owned(), erlang_table());
    examples.insert("agent_min".to_owned(), CONTACTS_OF_AGENT_MIN.to_string());
    examples
}

/// So many calls, of which those are answered in time, and those abandoned within T.
fn in_time(calls: u32, good: u32, gave_up: u32) -> Vec<crate::event::Event> {
    let mut script = Script::on("phone");
    for call in 0..calls {
        let second = f64::from(call) * 30.0;
        script.contact(&format!("call {call}"), "sales").queued(second);
        if call < good {
            script.answered(second + 10.0);
        } else if call < good + gave_up {
            script.abandoned(second + 10.0);
        } else {
            script.answered(second + 25.0);
        }
    }
    script.events
}

/// Calls within so many minutes, of so many seconds each: the team that answers 80 % in 20 s.
fn erlang_table() -> String {
    let mut table = String::from(
        "| calls | each takes | load A | agents N | must wait (Pw) | answered within 20 s | mean wait \
         (ASA) | occupancy |\n|---|---|---|---|---|---|---|---|",
    );
    for (calls, minutes, aht_s) in
        [(100.0, 30.0, 180.0), (100.0, 30.0, 600.0), (240.0, 60.0, 300.0)]
    {
        let load = load(calls, minutes * 60.0, aht_s);
        let agents = agents_for_service_level(load, aht_s, 20.0, 0.8).expect("a team");
        let queue = patient(load, agents, aht_s, 20.0).expect("stable");
        // Writing to a string cannot fail.
        let _ = write!(
            table,
            "\n| {calls} in {minutes} min | {aht_s} s | {load:.3} | {agents} | {:.5} | {:.5} | {:.3} s \
             | {:.5} |",
            queue.wait_probability, queue.service_level, queue.asa_s, queue.occupancy,
        );
    }
    table
}
