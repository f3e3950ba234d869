//! What manifests say, and what those of the shipped plugins do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::*;
use crate::channel::input::InputKind;
use crate::event::KindName;

const GOOD: &str = r#"
name = "telegram"
version = "0.1.0"
api = "1"
network = "Telegram"
medium = "message"
summary = "Bots"
tells = ["rated", "message"]
[source]
kinds = ["webhook", "poll"]
[[verify]]
scheme = "token-header"
header = "X-Telegram-Bot-Api-Secret-Token"
[fetch]
hosts = ["api.telegram.org"]
[attributes]
keep = ["did"]
[on_bad_input]
status = 200
[[sample]]
file = "samples/a.json"
as = "webhook"
expect = "samples/a.events.jsonl"
about = "a message"
"#;

#[test]
fn a_whole_manifest_is_read() {
    let manifest = Manifest::parse(GOOD).unwrap();
    assert!(manifest.source.allows(SourceKind::Webhook));
    assert!(manifest.source.allows(SourceKind::Poll));
    assert!(!manifest.source.allows(SourceKind::File));
    assert_eq!(manifest.verify[0].scheme, Scheme::TokenHeader);
    let told = BTreeSet::from([KindName::Message, KindName::Rated]);
    assert_eq!(manifest.tells, Some(Tells::Always(told)));
    assert_eq!(manifest.samples[0].kind, Some(InputKind::Webhook));
    assert_eq!(manifest.samples[0].files, ["samples/a.json"]);
    let several = GOOD.replace("\"samples/a.json\"", "[\"samples/a.json\", \"samples/b.json\"]");
    assert_eq!(Manifest::parse(&several).unwrap().samples[0].files.len(), 2);
}

#[test]
fn the_secret_header_does_not_reach_the_plugin() {
    let source = Manifest::parse(GOOD).unwrap().source;
    assert!(source.reads_header("Content-Type"));
    assert!(!source.reads_header("X-Telegram-Bot-Api-Secret-Token"));
}

#[test]
fn mistakes_are_named() {
    let wrong = |from: &str, to: &str| {
        Manifest::parse(&GOOD.replacen(from, to, 1)).unwrap_err().to_string()
    };
    let name = wrong("\"telegram\"", "\"Tele gram\"");
    assert!(name.contains("`name` is `Tele gram`, expected lower-case"), "{name}");
    assert!(wrong("api = \"1\"", "api = \"2\"").contains("`api` is `2`"));
    assert!(wrong("status = 200", "status = 503").contains("for ever"));
    assert!(wrong("network =", "netwerk =").contains("netwerk"));
    let long = format!("status = 200\nbody = \"{}\"", "x".repeat(257));
    assert!(wrong("status = 200", &long).contains("`on_bad_input.body` is `257 bytes`"));
}

#[test]
fn ways_to_verify_are_a_list_and_each_says_only_what_its_scheme_needs() {
    let with = |ways: &str| {
        let (before, rest) = GOOD.split_once("[[verify]]").unwrap();
        let (_, after) = rest.split_once("[fetch]").unwrap();
        Manifest::parse(&format!("{before}{ways}\n[fetch]{after}"))
    };
    let several = "[[verify]]\nscheme = \"twilio\"\n[[verify]]\nname = \"by-address\"\n\
                   scheme = \"none\"\nallow_from = [\"10.0.0.0/8\"]";
    let manifest = with(several).unwrap();
    let names: Vec<_> = manifest.verify.iter().map(Verify::name).collect();
    assert_eq!(names, ["twilio", "by-address"]);
    assert_eq!(with("").unwrap().verify, []);
    for (ways, expected) in [
        ("[verify]\nscheme = \"none\"", "invalid type: map, expected a sequence"),
        ("[[verify]]\nheader = \"X\"", "missing field `scheme`"),
        ("[[verify]]\nscheme = \"hmac\"", "unknown variant `hmac`"),
        (
            "[[verify]]\nscheme = \"basic-auth\"\nheader = \"X\"",
            "[[verify]] `basic-auth`: `header` says nothing to `basic-auth`; remove it",
        ),
        ("[[verify]]\nscheme = \"token-header\"", "this scheme needs `header`"),
        ("[[verify]]\nscheme = \"body-field\"", "this scheme needs `field`"),
        (
            "[[verify]]\nscheme = \"ed25519\"\ntemplate = \"{header:X}\"",
            "[[verify]] `ed25519`: template: a signature that leaves out `{body}` proves nothing",
        ),
        ("[[verify]]\nscheme = \"none\"\nallow_from = [\"a\"]", "allow_from `a`: expected"),
        ("[[verify]]\nname = \"My way\"\nscheme = \"none\"", "`verify.name` is `My way`"),
        (
            "[[verify]]\nscheme = \"none\"\n[[verify]]\nscheme = \"none\"",
            "there are two of that name",
        ),
    ] {
        let said = with(ways).unwrap_err().to_string();
        assert!(said.contains(expected), "{ways}: {said}");
    }
}

#[test]
fn what_a_network_tells_is_said_in_known_words_or_not_at_all() {
    let silent = GOOD.replacen("tells = [\"rated\", \"message\"]\n", "", 1);
    assert_eq!(Manifest::parse(&silent).unwrap().tells, None);
    let wrong = |tells: &str| {
        let text = GOOD.replacen("[\"rated\", \"message\"]", tells, 1);
        Manifest::parse(&text).unwrap_err().to_string()
    };
    let said = wrong("[\"message\", \"closed\", \"rate\"]");
    let unknown = "no kind of event: `closed`, `rate` (did you mean `rated`?); known are opened, \
                   message, queued,";
    assert!(said.contains(unknown) && said.starts_with("plugin.toml:8: "), "{said}");
    for kind in KindName::ALL {
        assert!(said.contains(kind.word()), "{} is not listed: {said}", kind.word());
    }
    assert!(wrong("[]").contains("`tells` is an empty list"), "{}", wrong("[]"));
    assert!(wrong("\"message\"").contains("no list of kinds"), "{}", wrong("\"message\""));
}

/// Folders of the plugins that ship, by name.
fn shipped() -> BTreeMap<String, PathBuf> {
    let plugins = Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins");
    std::fs::read_dir(plugins)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("plugin.toml").is_file())
        .map(|entry| (entry.file_name().to_str().unwrap().to_owned(), entry.path()))
        .collect()
}

/// The kinds of the events that a plugin's samples must become.
fn kinds_of_samples(manifest: &Manifest, folder: &Path) -> BTreeSet<KindName> {
    let mut kinds = BTreeSet::new();
    for sample in &manifest.samples {
        let events = std::fs::read_to_string(folder.join(&sample.expect)).unwrap();
        for line in events.lines() {
            let event: serde_json::Value = serde_json::from_str(line).unwrap();
            // A kind without details is a text, another one an object of one key.
            let word = match &event["kind"] {
                serde_json::Value::String(word) => word.as_str(),
                details => details.as_object().unwrap().keys().next().unwrap(),
            };
            kinds.insert(KindName::from_word(word).unwrap());
        }
    }
    kinds
}

#[test]
fn shipped_plugins_tell_the_kinds_of_their_samples_and_no_others() {
    let mut silent = Vec::new();
    for (name, folder) in shipped() {
        let text = std::fs::read_to_string(folder.join("plugin.toml")).unwrap();
        let manifest = Manifest::parse(&text).unwrap();
        let shown = kinds_of_samples(&manifest, &folder);
        assert!(!shown.is_empty(), "{name} has no events in its samples");
        match manifest.tells {
            Some(told) => {
                // A sample is of any of the sources.
                let told = match told {
                    Tells::Always(kinds) => kinds,
                    Tells::BySource(kinds) => kinds.into_values().flatten().collect(),
                };
                assert_eq!(told, shown, "{name}: `tells`, and kinds of its samples");
            }
            None => silent.push(name),
        }
    }
    // What a site's own forms and tables tell is known to the site alone, and what Twilio tells depends on
    // what is bought there.
    silent.sort_unstable();
    assert_eq!(silent, ["csv", "twilio", "webform"]);
}

#[test]
fn what_a_network_tells_can_differ_by_source() {
    let by = |tells: &str| {
        Manifest::parse(&format!(
            "name = 'desk'\nversion = '1.0.0'\napi = '1'\nnetwork = 'Desk'\n\
             [source]\nkinds = ['webhook', 'poll']\n[tells]\n{tells}\n"
        ))
    };
    let told = by("webhook = ['message']\npoll = ['message', 'resolved']").unwrap().tells.unwrap();
    let message = BTreeSet::from([KindName::Message]);
    assert_eq!(told.by(SourceKind::Webhook), Some(&message));
    assert_eq!(told.by(SourceKind::Poll).map(BTreeSet::len), Some(2));
    assert_eq!(told.by(SourceKind::File), None, "nobody knows");
    for (tells, expected) in [
        ("weebhook = ['message']", "`weebhook` is no source; known are webhook, poll, socket"),
        ("poll = ['mesage']", "`mesage` (did you mean `message`?)"),
        ("poll = []", "`tells` is an empty list"),
        ("poll = 'message'", "no list of kinds"),
    ] {
        let error = by(tells).expect_err(tells).to_string();
        assert!(error.contains(expected), "{error}");
    }
}
