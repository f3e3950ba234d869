//! `docs/kpis.md` is made of its template and of the registry. `TABLICA_BLESS=1` writes it anew.

mod examples;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use super::super::value::{Better, Unit};
use super::super::{AppliesTo, FAMILIES, Family, Kpi, find, follow, registry};
use crate::scope::Selector;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

#[test]
fn the_page_of_all_kpis_is_the_registrys() {
    let template = fs::read_to_string(file("kpis.template.md")).expect("the template");
    let wanted = Page::of(&template).made();
    if env::var_os("TABLICA_BLESS").is_some() {
        fs::write(file("kpis.md"), &wanted).expect("docs can be written");
    }
    let page = fs::read_to_string(file("kpis.md")).unwrap_or_default();
    assert!(page == wanted, "docs/kpis.md: run the tests once with TABLICA_BLESS=1");
    assert_addresses(&wanted);
}

/// Each heading has an address of its own, each KPI's is its id, and no link leads nowhere.
fn assert_addresses(page: &str) {
    let mut addresses = BTreeSet::new();
    for heading in page.lines().filter(|line| line.starts_with('#')) {
        assert!(addresses.insert(address(heading)), "twice: {heading}");
    }
    for kpi in registry() {
        assert_eq!(kpi.page(), format!("docs/kpis.md#{}", kpi.id));
        assert!(addresses.contains(kpi.id), "{} has no heading", kpi.id);
    }
    for link in page.split("](#").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(addresses.contains(link), "#{link} leads nowhere");
    }
}

/// What GitHub makes of a heading.
fn address(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The template, taken apart at its lines in double braces.
#[derive(Default)]
struct Page<'a> {
    /// What stands before the first family.
    head: &'a str,
    /// By family, in the order in which they stand.
    families: Vec<(&'a str, &'a str)>,
    /// What follows a KPI's lines, by its id.
    after: BTreeMap<&'a str, &'a str>,
    /// What a line of a KPI says instead, by its id and the line.
    instead: BTreeMap<(&'a str, &'a str), &'a str>,
}

impl<'a> Page<'a> {
    fn of(template: &'a str) -> Self {
        let mut parts = template.split("{{");
        let mut page = Page { head: parts.next().unwrap_or_default(), ..Page::default() };
        for part in parts {
            let (directive, text) = part.split_once("}}").expect("a directive's end");
            let (directive, about) = directive.split_once(' ').expect("what it is about");
            let is_first = match (directive, about.split_once(", ")) {
                ("family", None) => {
                    page.families.push((about, text.trim()));
                    true
                }
                ("after", None) => page.after.insert(about, text.trim()).is_none(),
                ("instead", Some(about)) => page.instead.insert(about, text.trim()).is_none(),
                _ => unreachable!("the template knows no {directive} {about}"),
            };
            assert!(is_first, "the template says twice: {directive} {about}");
        }
        let known: Vec<&str> = page.families.iter().map(|(id, _)| *id).collect();
        let wanted: Vec<&str> = FAMILIES.iter().map(|family| family.id).collect();
        assert_eq!(known, wanted, "the template has each family, in the order of the registry");
        let about = page.after.keys().chain(page.instead.keys().map(|(id, _)| id));
        for id in about {
            assert!(find(id).is_some(), "the template: there is no KPI {id}");
        }
        page
    }

    fn made(&self) -> String {
        // The first line is about the template itself.
        let head = self.head.split_once('\n').map_or("", |(_, rest)| rest);
        let mut page = head.replace("{=contents}", contents().trim_end());
        for (family, (_, intro)) in FAMILIES.iter().zip(&self.families) {
            let Family { title, question, .. } = family;
            add(&mut page, format_args!("## {title}\n\n{question}\n"));
            if !intro.is_empty() {
                add(&mut page, format_args!("\n{intro}\n"));
            }
            for kpi in family.kpis {
                add(&mut page, format_args!("\n{}", self.chapter(kpi)));
                if let Some(more) = self.after.get(kpi.id) {
                    add(&mut page, format_args!("\n{more}\n"));
                }
            }
            page.push('\n');
        }
        for (name, example) in examples::all_of_them() {
            page = page.replace(&format!("{{={name}}}"), &example);
        }
        assert!(!page.contains("{="), "the template has an example that does not exist");
        page.trim_end().to_owned() + "\n"
    }

    fn chapter(&self, kpi: &Kpi) -> String {
        let Kpi { id, title, doc, expression, source, .. } = kpi;
        let keys = followed(kpi);
        let is_of_agents = keys.contains(&"agent");
        let lines = [
            ("Formula", format!("`{expression}`")),
            ("Unit", format!("{}; {}", unit(kpi.unit), better(kpi.better))),
            ("Of", applies_to(kpi.applies_to).to_owned()),
            ("Window", window(kpi).to_owned()),
            ("Selectors", code(&keys)),
            ("No data", no_data(kpi).to_owned()),
            ("Not applicable", not_applicable(kpi)),
            ("Concealed", concealed(is_of_agents)),
            ("Source", (*source).to_owned()),
        ];
        for (about, said) in self.instead.keys().filter(|(about, _)| about == id) {
            let is_line = lines.iter().any(|(name, _)| name == said);
            assert!(is_line, "the template: {about} has no line \"{said}\"");
        }
        let mut chapter = format!("### {id}\n\n**{title}.** {doc}\n\n");
        for (name, text) in &lines {
            let text = self.instead.get(&(*id, *name)).copied().unwrap_or(text);
            if !text.is_empty() {
                add(&mut chapter, format_args!("- **{name}:** {text}\n"));
            }
        }
        chapter
    }
}

/// Writing to a string cannot fail.
fn add(page: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = page.write_fmt(text);
}

/// All families and their KPIs, as links.
fn contents() -> String {
    let mut contents = String::new();
    for family in FAMILIES {
        let ids: Vec<String> =
            family.kpis.iter().map(|kpi| format!("[{0}](#{0})", kpi.id)).collect();
        let (title, heading) = (family.title, address(family.title));
        add(&mut contents, format_args!("- [{title}](#{heading}): {}\n", ids.join(", ")));
    }
    contents
}

fn code(words: &[&str]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Ratio => "a share, shown in per cent",
        Unit::Seconds => "seconds, shown as minutes and seconds",
        Unit::Count => "a count",
        Unit::Number => "a number with two decimals",
        Unit::Points => "points",
        Unit::Money => "an amount in the currency of `[costs]`",
    }
}

fn better(better: Better) -> &'static str {
    match better {
        Better::Higher => "more is better",
        Better::Lower => "less is better",
        Better::Neither => "neither more nor less is better",
    }
}

fn applies_to(applies_to: AppliesTo) -> &'static str {
    match applies_to {
        AppliesTo::Contacts => "calls and written contacts",
        AppliesTo::Voice => {
            "calls, and written contacts of networks that tell when a customer gives up"
        }
        AppliesTo::Calls => "calls",
        AppliesTo::Written => "written contacts",
        AppliesTo::Agents => "agents",
        AppliesTo::Policies => "promises of policies",
    }
}

fn window(kpi: &Kpi) -> &'static str {
    if kpi.is_state { "none: a state of this moment" } else { "every window but `now`" }
}

/// The keys that the selector of a KPI can have, one at a time.
fn followed(kpi: &Kpi) -> Vec<&'static str> {
    let keys = Selector::KEYS.into_iter();
    keys.filter(|key| follow::why_not(kpi, &selecting(key)).is_none()).collect()
}

/// Something by that key, whatever it is.
fn selecting(key: &str) -> Selector {
    let word = match key {
        "kind" => "mail",
        "priority" => "high",
        "public" => "true",
        _ => "something",
    };
    let mut selector = Selector::default();
    selector.set(key, word).expect("a key and a word of it");
    selector
}

fn no_data(kpi: &Kpi) -> &'static str {
    match (kpi.applies_to, kpi.unit) {
        (AppliesTo::Policies, Unit::Ratio) => "while no promise has been kept or broken",
        (AppliesTo::Policies, _) => "until a policy has promised something",
        _ if kpi.is_state => {
            "until something of its kind has been seen; after that, none is shown as 0"
        }
        (_, Unit::Count) => {
            "until something of its kind has been seen; after that, none is shown as 0"
        }
        (_, Unit::Seconds) => "while nothing has been measured in the window",
        (_, Unit::Money) => "without contacts of a channel whose cost is known",
        (_, Unit::Ratio | Unit::Number | Unit::Points) => "while the formula would divide by 0",
    }
}

/// Where it makes no sense, and which keys it cannot follow, with the sentences that say why.
fn not_applicable(kpi: &Kpi) -> String {
    let mut parts = Vec::new();
    match kpi.applies_to {
        AppliesTo::Voice => parts.push("where no customer can give up waiting".to_owned()),
        AppliesTo::Calls => parts.push("where there are only written contacts".to_owned()),
        AppliesTo::Written => parts.push("where there are only calls".to_owned()),
        AppliesTo::Policies => parts.push("without a policy in the config".to_owned()),
        AppliesTo::Contacts | AppliesTo::Agents => {}
    }
    // Those that only promises and ratings can follow are told once, at the page's head.
    let keys = Selector::KEYS.into_iter().filter(|key| !["policy", "dimension"].contains(key));
    let refused: Vec<(&str, String)> = keys
        .filter_map(|key| {
            let sentence = follow::why_not(kpi, &selecting(key))?;
            let why = sentence.split_once(": ").map_or("", |(_, why)| why).to_owned();
            Some((key, why))
        })
        .collect();
    for alike in refused.chunk_by(|(_, one), (_, other)| one == other) {
        let keys: Vec<&str> = alike.iter().map(|(key, _)| *key).collect();
        parts.push(format!("by {}: {}", code(&keys), alike[0].1));
    }
    parts.join("; ")
}

fn concealed(is_of_agents: bool) -> String {
    let why = if is_of_agents { "for one agent with fewer than {=agent_min} contacts" } else { "" };
    why.to_owned()
}

#[test]
fn every_kpi_says_who_defined_it_so() {
    for kpi in registry() {
        // The page is where a receipt leads; its source is a name, and no address.
        let is_name = !kpi.source.is_empty() && !kpi.source.contains(".md");
        assert!(is_name && !kpi.source.starts_with("KPIs"), "{}: {}", kpi.id, kpi.source);
    }
}
