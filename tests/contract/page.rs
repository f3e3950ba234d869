//! `docs/contract.md` is made of the contract itself, with what each type is called in each language and
//! the limits that hold for it. `TABLICA_BLESS=1` writes it anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use wit_parser::{Docs, Function, Resolve, Type, TypeDef, TypeDefKind};

const HEAD: &str = "\
# The contract, type by type

Made of [`plugins/wit/v1/channel.wit`](../plugins/wit/v1/channel.wit) by a test; change that, and write this
anew with `TABLICA_BLESS=1 cargo test --test scenarios contract`. [plugins/README.md](../plugins/README.md)
leads from here to a plugin; what each event counts for is in [kpis.md](kpis.md).

Names are those of the contract. Rust has them in its SDK, as `tablica_plugin::Event`, with some helpers
(`Event::new`, `Request::get`, `pieces!`). JavaScript has plain objects; `tablica.js` makes the usual ones.
Python has classes of `wit_world.imports.types`, which `tablica.py` calls `wit`.

| here | Rust | JavaScript | Python |
|---|---|---|---|
| text | `String` | string | `str` |
| bytes | `Vec<u8>` | `Uint8Array` | `bytes` |
| yes or no | `bool` | boolean | `bool` |
| `u8`, `u16`, `u32` | the same | number | `int` |
| `u64` | `u64` | `BigInt` | `int` |
| `f64` | `f64` | number | `float` |
| or none | `Option<T>` | `undefined` | `None` |
| list of | `Vec<T>` | array | `list` |
| two of them | tuple | array of two | `tuple` |
| a record | struct | object | dataclass |
| one of several, holding something | enum with data | `{ tag: \"bad-input\", val: … }` | a class for each, with `.value` |
| one of several words | enum | string | enum |
| a result | `Result<T, Failure>` | the value is returned, the failure thrown | the value is returned, `Err(failure)` raised; in lists `Ok(value)` and `Err(failure)` |
";

/// Limits that hold for a type or a function: keys of a channel's section, of its `limits` or of
/// `[server]`.
const LIMITS: [(&str, &[&str]); 18] = [
    ("init", &["call_timeout", "call_wall_timeout", "memory_bytes_max"]),
    (
        "handle",
        &[
            "call_timeout",
            "call_wall_timeout",
            "call_input_bytes_max",
            "call_output_bytes_max",
            "processor_per_second_max",
        ],
    ),
    ("snapshot", &["snapshot_bytes_max"]),
    ("webhook", &["body_bytes_max"]),
    ("line", &["line_bytes_max"]),
    ("document", &["document_part_bytes", "document_bytes_max"]),
    ("request", &["fetches_max", "tag_bytes_max"]),
    ("response", &["fetch_bytes_max", "fetch_timeout"]),
    ("connect", &["links_max"]),
    ("outgoing", &["link_queue_bytes_max"]),
    ("frame", &["frame_bytes_max"]),
    ("timer", &["timers_max", "tag_bytes_max", "wakes_per_second_max"]),
    ("log-line", &["log_lines_per_minute_max"]),
    ("event", &["call_events_max", "events_per_second_max", "bytes_per_second_max"]),
    ("command", &["call_commands_max"]),
    ("output", &["call_output_bytes_max"]),
    ("input", &["call_input_bytes_max"]),
    ("setup", &["snapshot_bytes_max"]),
];

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn the_page_of_the_contract_is_the_contracts() {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(file("plugins/wit/v1")).expect("the contract");
    let interfaces = &resolve.packages[package].interfaces;
    let (types, plugin) =
        (&resolve.interfaces[interfaces["types"]], &resolve.interfaces[interfaces["plugin"]]);
    let reference = fs::read_to_string(file("tablica.example.toml")).expect("the reference");
    let mut page = Page { resolve: &resolve, reference: &reference, text: HEAD.to_owned() };
    page.text.push_str("\n## What a plugin does\n");
    for function in plugin.functions.values() {
        page.function(function);
    }
    page.text.push_str("\n## What both sides say\n");
    for id in types.types.values() {
        page.definition(&resolve.types[*id]);
    }
    let known: Vec<&str> =
        plugin.functions.keys().chain(types.types.keys()).map(String::as_str).collect();
    for (name, _) in LIMITS {
        assert!(known.contains(&name), "limits of `{name}`, which the contract does not have");
    }
    if env::var_os("TABLICA_BLESS").is_some() {
        fs::write(file("docs/contract.md"), &page.text).expect("docs can be written");
    }
    let written = fs::read_to_string(file("docs/contract.md")).unwrap_or_default();
    assert!(written == page.text, "docs/contract.md: run the tests once with TABLICA_BLESS=1");
}

struct Page<'a> {
    resolve: &'a Resolve,
    reference: &'a str,
    text: String,
}

impl Page<'_> {
    fn function(&mut self, function: &Function) {
        let name = &function.name;
        let given =
            function.params.iter().map(|it| format!("`{}`: {}", it.name, self.holds(&it.ty)));
        let given: Vec<String> = given.collect();
        let given = if given.is_empty() {
            "Takes nothing".to_owned()
        } else {
            format!("Takes {}", given.join(", "))
        };
        let gives = function.result.as_ref().map_or("nothing".to_owned(), |it| self.holds(it));
        let (snake, camel) = (snake(name), camel(name));
        let sdk = match name.as_str() {
            "init" => "`Channel::new`, then `restore` and `start`".to_owned(),
            name => format!("`Channel::{name}`"),
        };
        let text = format!(
            "\n### {name}\n\n{}\n\n{given}; gives {gives}. Rust {sdk}, JavaScript `{camel}`, Python `{snake}`.\n",
            docs(&function.docs, true)
        );
        self.text.push_str(&text);
        self.limits(name);
    }

    fn definition(&mut self, it: &TypeDef) {
        let name = it.name.as_deref().expect("a name");
        let own = pascal(name);
        let _ = write!(self.text, "\n### {name}\n\n");
        let told = docs(&it.docs, true);
        if !told.is_empty() {
            let _ = write!(self.text, "{told}\n\n");
        }
        match &it.kind {
            TypeDefKind::Record(record) => {
                let _ = write!(
                    self.text,
                    "Rust `{own}`, Python `wit.{own}`.\n\n| field | what | Rust, Python | JavaScript |\n|---|---|---|---|\n"
                );
                for field in &record.fields {
                    let (what, about) = (self.holds(&field.ty), docs(&field.docs, false));
                    let what = if about.is_empty() { what } else { format!("{what}. {about}") };
                    let _ = writeln!(
                        self.text,
                        "| `{}` | {what} | `{}` | `{}` |",
                        field.name,
                        snake(&field.name),
                        camel(&field.name)
                    );
                }
            }
            TypeDefKind::Variant(variant) => {
                self.text.push_str(
                    "| case | holds | Rust | JavaScript | Python |\n|---|---|---|---|---|\n",
                );
                for case in &variant.cases {
                    let (name, case_name) = (&case.name, pascal(&case.name));
                    let holds = case.ty.as_ref().map(|it| self.holds(it));
                    let about = docs(&case.docs, false);
                    let what: Vec<String> = holds
                        .clone()
                        .into_iter()
                        .chain(Some(about).filter(|it| !it.is_empty()))
                        .collect();
                    let what = if what.is_empty() { "–".to_owned() } else { what.join(". ") };
                    let (rust, js, value) = match holds {
                        Some(_) => (
                            format!("{own}::{case_name}(…)"),
                            format!("{{ tag: \"{name}\", val }}"),
                            "value",
                        ),
                        None => {
                            (format!("{own}::{case_name}"), format!("{{ tag: \"{name}\" }}"), "")
                        }
                    };
                    let _ = writeln!(
                        self.text,
                        "| `{name}` | {what} | `{rust}` | `{js}` | `wit.{own}_{case_name}({value})` |"
                    );
                }
            }
            TypeDefKind::Enum(words) => {
                self.text.push_str("| word | Rust | JavaScript | Python |\n|---|---|---|---|\n");
                for case in &words.cases {
                    let (name, loud) = (&case.name, snake(&case.name).to_uppercase());
                    let _ = writeln!(
                        self.text,
                        "| `{name}` | `{own}::{}` | `\"{name}\"` | `wit.{own}.{loud}` |",
                        pascal(name)
                    );
                }
            }
            other => panic!("the page does not know how to show a {}", other.as_str()),
        }
        self.limits(name);
    }

    fn limits(&mut self, name: &str) {
        let Some((_, keys)) = LIMITS.iter().find(|(it, _)| *it == name) else { return };
        self.text.push_str("\nLimits:");
        for (number, key) in keys.iter().enumerate() {
            let line = self
                .reference
                .lines()
                .find(|it| it.split_once(" = ").is_some_and(|it| it.0 == *key));
            let (_, rest) =
                line.and_then(|it| it.split_once(" = ")).unwrap_or_else(|| panic!("no key {key}"));
            let (value, about) = rest.split_once('#').unwrap_or((rest, ""));
            let (value, about) = (value.trim().trim_matches('"'), about.trim());
            let between = if number == 0 { "" } else { ";" };
            let _ = write!(self.text, "{between} `{key}` ({value}): {about}");
        }
        self.text.push_str(".\n");
    }

    /// A type in words.
    fn holds(&self, it: &Type) -> String {
        match it {
            Type::Bool => "yes or no".into(),
            Type::String => "text".into(),
            Type::U8 => "`u8`".into(),
            Type::U16 => "`u16`".into(),
            Type::U32 => "`u32`".into(),
            Type::U64 => "`u64`".into(),
            Type::F64 => "`f64`".into(),
            Type::Id(id) => {
                let it = &self.resolve.types[*id];
                match (&it.name, &it.kind) {
                    (Some(name), _) => format!("[`{name}`](#{name})"),
                    (None, TypeDefKind::List(Type::U8)) => "bytes".into(),
                    (None, TypeDefKind::List(of)) => format!("list of {}", self.holds(of)),
                    (None, TypeDefKind::Option(of)) => format!("{}, or none", self.holds(of)),
                    (None, TypeDefKind::Tuple(of)) => {
                        of.types.iter().map(|it| self.holds(it)).collect::<Vec<_>>().join(" and ")
                    }
                    (None, TypeDefKind::Result(of)) => {
                        let part = |it: &Option<Type>| {
                            it.as_ref().map(|it| self.holds(it)).unwrap_or_default()
                        };
                        format!("{} or {}", part(&of.ok), part(&of.err))
                    }
                    (None, other) => {
                        panic!("the page does not know how to show a {}", other.as_str())
                    }
                }
            }
            other => panic!("the page does not know how to show {other:?}"),
        }
    }
}

/// As they stand, or as one line of a table.
fn docs(docs: &Docs, is_block: bool) -> String {
    let text = docs.contents.as_deref().unwrap_or_default().trim();
    let lines = text.lines().map(str::trim);
    match is_block {
        true => lines.collect::<Vec<_>>().join("\n"),
        false => lines.collect::<Vec<_>>().join(" ").replace('|', "\\|"),
    }
}

fn snake(name: &str) -> String {
    name.replace('-', "_")
}

fn pascal(name: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    name.split('-').map(word).collect()
}

fn camel(name: &str) -> String {
    let pascal = pascal(name);
    pascal[..1].to_lowercase() + &pascal[1..]
}
