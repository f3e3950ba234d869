//! Sections that a manifest of a later day may have: one that says `optional = true` is no mistake
//! where the host does not know it. So manifests can grow while older hosts run their plugins.

use std::borrow::Cow;

/// All top-level keys that a manifest may have.
const KNOWN: [&str; 16] = [
    "name",
    "version",
    "api",
    "network",
    "medium",
    "summary",
    "tells",
    "source",
    "verify",
    "handshake",
    "fetch",
    "secrets",
    "oauth",
    "attributes",
    "on_bad_input",
    "sample",
];

/// The manifest without the optional sections that nobody here knows, and their names. What is no
/// TOML stays as it is, for whoever reads it next.
pub(super) fn without_unknown(text: &str) -> (Cow<'_, str>, Vec<String>) {
    let Ok(mut table) = text.parse::<toml::Table>() else {
        return (Cow::Borrowed(text), Vec::new());
    };
    let is_optional = |value: &toml::Value| {
        let section = value.as_table();
        section.and_then(|it| it.get("optional")).and_then(toml::Value::as_bool) == Some(true)
    };
    let unknown = |(name, value): (&String, &toml::Value)| {
        (!KNOWN.contains(&name.as_str()) && is_optional(value)).then(|| name.clone())
    };
    let names: Vec<String> = table.iter().filter_map(unknown).collect();
    if names.is_empty() {
        // With its own lines, which errors show.
        return (Cow::Borrowed(text), names);
    }
    for name in &names {
        table.remove(name);
    }
    (Cow::Owned(table.to_string()), names)
}

#[cfg(test)]
mod tests {
    use crate::channel::manifest::Manifest;

    const BELL: &str = "name = 'bell'\nversion = '1.0.0'\napi = '1'\nnetwork = 'Bell'\n\
        [source]\nkind = 'webhook'\n";

    #[test]
    fn a_section_of_a_newer_host_is_passed_over_where_it_says_that_it_may_be() {
        let manifest = Manifest::parse(&format!("{BELL}[wall]\noptional = true\ntile = 1\n"));
        assert_eq!(manifest.expect("it is one").not_understood, ["wall"]);
    }

    /// Or a section that was forgotten in the list would be passed over.
    #[test]
    fn the_list_is_what_a_manifest_may_have() {
        let error = Manifest::parse(&format!("zz = 1\n{BELL}")).expect_err("zz").to_string();
        let known: Vec<String> = super::KNOWN.map(|key| format!("`{key}`")).into();
        let listed = error.split("expected one of ").nth(1).expect("it says which");
        assert_eq!(listed.trim(), known.join(", "), "{error}");
    }

    #[test]
    fn a_misspelt_section_is_a_mistake_and_so_is_one_of_ours_with_a_strange_key() {
        for section in
            ["[sauce]\nkind = 'poll'", "[wall]\noptional = false", "[wall]\noptional = 1"]
        {
            let error = Manifest::parse(&format!("{BELL}{section}\n")).expect_err(section);
            assert!(error.to_string().contains("unknown field"), "{error}");
        }
        let error = Manifest::parse(&format!("{BELL}optional = true\n")).expect_err("in [source]");
        assert!(error.to_string().contains("unknown field `optional`"), "{error}");
    }
}
