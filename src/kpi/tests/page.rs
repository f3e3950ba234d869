//! `docs/kpis.md` is made of its template, of the registry, and of what an engine answers when it
//! is asked. `TABLICA_BLESS=1` writes it anew.

mod day;
mod examples;
mod probe;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use super::super::value::{Better, Figure, Unit};
use super::super::{AppliesTo, FAMILIES, Family, Kpi, OWN, find, registry, text};
use crate::scope::{Selector, Window};
use probe::{Asked, Probe, told};

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
struct Page<'a> {
    /// What stands before the first family.
    head: &'a str,
    /// By family, in the order in which they stand.
    families: Vec<(&'a str, &'a str)>,
    /// By KPI.
    after: BTreeMap<&'a str, &'a str>,
}

impl<'a> Page<'a> {
    fn of(template: &'a str) -> Self {
        let mut parts = template.split("{{");
        let mut page = Page {
            head: parts.next().unwrap_or_default(),
            families: Vec::new(),
            after: BTreeMap::new(),
        };
        for part in parts {
            let (directive, text) = part.split_once("}}").expect("a directive's end");
            match directive.split_once(' ') {
                Some(("family", id)) => page.families.push((id, text.trim())),
                Some(("after", id)) => {
                    assert!(find(id).is_some(), "the template: no KPI `{id}`");
                    assert!(page.after.insert(id, text.trim()).is_none(), "twice: after {id}");
                }
                _ => unreachable!("the template: {{{{{directive}}}}} is not known"),
            }
        }
        let known: Vec<&str> = page.families.iter().map(|(id, _)| *id).collect();
        let wanted: Vec<&str> = FAMILIES.iter().map(|family| family.id).collect();
        assert_eq!(known, wanted, "the template has one {{{{family …}}}} for each, in this order");
        page
    }

    fn made(&self) -> String {
        // The first line is the template's own.
        let head = self.head.split_once('\n').map_or("", |(_, rest)| rest);
        let mut page = head.replace("{=contents}", contents().trim_end());
        let asked = Asked::new();
        for (family, (_, intro)) in FAMILIES.iter().zip(&self.families) {
            let Family { title, question, .. } = family;
            push(&mut page, format_args!("## {title}\n\n{question}\n"));
            if !intro.is_empty() {
                push(&mut page, format_args!("\n{intro}\n"));
            }
            for kpi in family.kpis {
                push(&mut page, format_args!("\n{}", chapter(kpi, &asked.probe(kpi))));
                if let Some(more) = self.after.get(kpi.id) {
                    push(&mut page, format_args!("\n{more}\n"));
                }
            }
            page.push('\n');
        }
        let mut unused = examples::all_of_them();
        for (name, example) in unused.clone() {
            let place = format!("{{={name}}}");
            if page.contains(&place) {
                page = page.replace(&place, &example);
                unused.remove(&name);
            }
        }
        assert!(!page.contains("{="), "the template has an example that does not exist");
        page.trim_end().to_owned() + "\n"
    }
}

/// Writing to a string cannot fail.
fn push(page: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = page.write_fmt(text);
}

/// All families and their KPIs, as links.
fn contents() -> String {
    let mut contents = String::new();
    for family in FAMILIES {
        let ids = family.kpis.iter().map(|kpi| format!("[{0}](#{0})", kpi.id));
        let ids = ids.collect::<Vec<_>>().join(", ");
        let heading = address(family.title);
        push(&mut contents, format_args!("- [{}](#{heading}): {ids}\n", family.title));
    }
    contents
}

fn chapter(kpi: &Kpi, probe: &Probe) -> String {
    let Kpi { id, title, doc, expression, source, .. } = kpi;
    let mut lines = vec![
        format!("### {id}\n\n**{title}.** {doc}\n"),
        format!("- **Formula:** `{expression}`"),
        format!("- **Unit:** {}; {}", unit(kpi.unit), better(kpi.better)),
        format!("- **Of:** {}", applies_to(kpi.applies_to)),
        format!("- **Window:** {}", windows(probe)),
        format!("- **Selectors:** {}", selectors(probe)),
        format!("- **When nothing happened:** {}", told(&probe.nothing)),
    ];
    for (sentence, asked) in &probe.refused {
        lines.push(format!("- **Not applicable** for {}: \"{sentence}\"", asked.join(", ")));
    }
    if probe.is_concealed {
        lines.push("- **Concealed:** for one agent with fewer than {=agent_min} contacts".into());
    }
    let selected = selected(&probe.example.selector);
    lines.push(format!("- **For example**{selected}: {}", told(&probe.example)));
    lines.push(format!("- **Source:** {source}"));
    lines.join("\n") + "\n"
}

fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Ratio => "a share from 0 to 1, shown as per cent",
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
        AppliesTo::Policies => "promises of `[policy.NAME]`",
    }
}

fn windows(probe: &Probe) -> String {
    let listed = |windows: &[Window]| {
        let ids = windows.iter().map(|window| format!("`{}`", window.id()));
        ids.collect::<Vec<_>>().join(", ")
    };
    match probe.only_window {
        Some(Window::Now) => "none: it is a state of this moment".to_owned(),
        Some(window) => format!("always {}", listed(&[window])),
        None => listed(&probe.windows),
    }
}

fn selectors(probe: &Probe) -> String {
    let keys = probe.keys.iter().map(|key| format!("`{key}`"));
    keys.collect::<Vec<_>>().join(", ")
}

/// What an example is of, where it is not of everything.
fn selected(selector: &Selector) -> String {
    let words = selector.words();
    let words: Vec<String> = words.iter().map(|(key, word)| format!("{key}={word}")).collect();
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
}

#[test]
fn every_kpi_says_who_defined_it_so() {
    for kpi in registry() {
        assert!(!kpi.source.is_empty() && !kpi.source.contains("KPIs:"), "{}", kpi.id);
        assert_eq!(kpi.page(), format!("docs/kpis.md#{}", kpi.id));
    }
    assert!(registry().iter().any(|kpi| kpi.source == OWN));
}

/// A selector that a KPI cannot follow is refused with a sentence, never answered with 0 or
/// "no data".
#[test]
fn a_selector_is_followed_or_refused() {
    let asked = Asked::new();
    let mut findings = Vec::new();
    for kpi in registry() {
        let probe = asked.probe(kpi);
        if !probe.silent.is_empty() {
            findings.push(format!("{}: {}", kpi.id, probe.silent.join(", ")));
        }
        let refused = matches!(probe.nothing.figure, Figure::NotApplicable | Figure::Concealed);
        assert!(!refused, "{}: {}", kpi.id, text::figure(probe.nothing.figure, kpi.unit));
    }
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}
