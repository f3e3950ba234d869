//! A config that is changed while its server runs: what holds at once, and what needs a restart.

use std::collections::BTreeMap;

use super::document::{self, Table, Value};

/// What a running server takes up, key by key; `*` is any name. All else needs a restart.
pub const LIVE: [&[&str]; 4] = [
    &["site", "name"],
    &["queue", "*", "title"],
    &["channel", "*", "title"],
    &["policy", "*", "title"],
];

/// Values by the steps to their keys. A section without keys stands for itself.
type Leaves = BTreeMap<Vec<String>, serde_json::Value>;

/// The keys that differ between two texts of a config and need a restart, in order.
pub fn need_restart(before: &str, after: &str) -> Vec<String> {
    let (before, after) = (leaves_of(before), leaves_of(after));
    let changed = before.keys().chain(after.keys()).filter(|key| {
        before.get(*key) != after.get(*key)
            && !is_live(key)
            // A section that has lost its keys, or got its first ones, is told by those.
            && !is_within(key, &before)
            && !is_within(key, &after)
    });
    let mut changed: Vec<String> = changed.map(|key| key.join(".")).collect();
    changed.sort();
    changed.dedup();
    changed
}

fn is_live(key: &[String]) -> bool {
    let fits = |live: &&[&str]| {
        live.len() == key.len()
            && live.iter().zip(key).all(|(live, step)| ["*", step].contains(live))
    };
    LIVE.iter().any(fits)
}

fn is_within(section: &[String], leaves: &Leaves) -> bool {
    leaves.keys().any(|key| key.len() > section.len() && key.starts_with(section))
}

/// Nothing of a text that is no TOML: that is told elsewhere.
fn leaves_of(text: &str) -> Leaves {
    let mut leaves = Leaves::new();
    if let Ok(table) = document::parse(text, "") {
        gather(&table, &mut Vec::new(), &mut leaves);
    }
    leaves
}

fn gather(table: &Table, steps: &mut Vec<String>, leaves: &mut Leaves) {
    for (key, node) in table {
        steps.push(key.clone());
        match &node.value {
            Value::Table(inner) if !inner.is_empty() => gather(inner, steps, leaves),
            value => {
                leaves.insert(steps.clone(), value.to_json());
            }
        }
        steps.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEFORE: &str =
        "[site]\nname = 'A'\n[queue.sales]\ntitle = 'Sales'\n[server]\nhosts = ['a']\n";

    #[test]
    fn titles_need_no_restart_and_all_else_is_named() {
        let titles = BEFORE.replace("'A'", "'B'").replace("title = 'Sales'", "");
        assert!(need_restart(BEFORE, &titles).is_empty());
        let more = BEFORE.replace("'Sales'", "'Deals'\ngoal = 0.9").replace("['a']", "['a', 'b']");
        assert_eq!(need_restart(BEFORE, &more), ["queue.sales.goal", "server.hosts"]);
        let section = format!("{BEFORE}[queue.care]\n[channel.shop]\nplugin = 'webform'\n");
        assert_eq!(need_restart(BEFORE, &section), ["channel.shop.plugin", "queue.care"]);
        assert_eq!(need_restart(&section, BEFORE), ["channel.shop.plugin", "queue.care"]);
    }
}
