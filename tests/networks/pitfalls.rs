//! Each network has its own ways to lead a decoder astray. A plugin's `pitfalls.toml` names those that
//! are known, and the sample, or the test, that shows what the plugin makes of each.

use std::collections::BTreeSet;
use std::fs;

use serde::Deserialize;

use super::{Shipped, shipped};

/// `pitfalls.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pitfalls {
    pitfall: Vec<Pitfall>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pitfall {
    /// In one sentence.
    what: String,
    /// The `expect` of the sample that shows it.
    sample: Option<String>,
    /// Where else it is tried: the host's matter, or what a sample cannot say.
    test: Option<String>,
}

fn pitfalls(plugin: &Shipped) -> Vec<Pitfall> {
    let path = plugin.folder.join("pitfalls.toml");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    toml::from_str::<Pitfalls>(&text).unwrap_or_else(|error| panic!("{path:?}: {error}")).pitfall
}

#[test]
fn every_pitfall_of_a_network_has_a_sample_or_a_test_that_shows_it() {
    for plugin in shipped() {
        let name = &plugin.manifest.name;
        let samples: BTreeSet<&str> =
            plugin.manifest.samples.iter().map(|sample| sample.expect.as_str()).collect();
        let mut known = BTreeSet::new();
        for pitfall in pitfalls(&plugin) {
            let Pitfall { what, sample, test } = pitfall;
            assert!(known.insert(what.clone()), "{name}: {what:?} is named twice");
            match (&sample, &test) {
                (Some(sample), None) => {
                    assert!(
                        samples.contains(sample.as_str()),
                        "{name}: {what}: no sample {sample}"
                    );
                }
                (None, Some(test)) => assert!(!test.is_empty(), "{name}: {what}"),
                _ => panic!("{name}: {what}: one of `sample` and `test`"),
            }
        }
        assert!(!known.is_empty(), "{name} knows no pitfall");
    }
}
