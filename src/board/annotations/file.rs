//! The operator's file of annotations: `[[annotation]]` with the fields of a [`Draft`].
//!
//! It is taken as a whole or not at all, so that one slip does not make half of it vanish.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::tz::TimeZone;
use toml::de::DeTable;

use super::{Annotation, Draft, Source};
use crate::board::reader::{At, Section, Source as Text};
use crate::files;

/// Larger files hold more than annotations.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// The file, and what it looked like when it was read last.
pub(super) struct AnnotationsFile {
    path: PathBuf,
    zone: TimeZone,
    entries_max: usize,
    /// `None` before the first look, `Some(None)` while it cannot be read.
    seen: Option<Option<Stamp>>,
}

/// Tells one state of a file from another.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
}

/// Reads the file once, for `tablica check`: all that is wrong with it, a line for each problem.
pub fn check_file(path: &Path, zone: &TimeZone, entries_max: usize) -> Result<(), String> {
    read(path, zone, entries_max).map(|_| ())
}

impl AnnotationsFile {
    pub(super) fn new(path: PathBuf, zone: TimeZone, entries_max: usize) -> Self {
        Self { path, zone, entries_max, seen: None }
    }

    /// What the file says now, or what is wrong with it; none when nothing changed since the
    /// last call.
    pub(super) fn refresh(&mut self) -> Option<Result<Vec<Annotation>, String>> {
        let stamp = fs::metadata(&self.path)
            .map(|metadata| Stamp { modified: metadata.modified().ok(), bytes: metadata.len() })
            .ok();
        if self.seen == Some(stamp) {
            return None;
        }
        self.seen = Some(stamp);
        Some(read(&self.path, &self.zone, self.entries_max))
    }
}

fn read(path: &Path, zone: &TimeZone, entries_max: usize) -> Result<Vec<Annotation>, String> {
    let name = path.display().to_string();
    let text = files::read_to_string(path, FILE_BYTES_MAX)
        .map_err(|error| format!("{name}: cannot be read: {error}"))?;
    parse(&name, &text, zone, entries_max)
}

fn parse(
    name: &str,
    text: &str,
    zone: &TimeZone,
    entries_max: usize,
) -> Result<Vec<Annotation>, String> {
    let source = Text::new(name, text);
    let mut annotations = Vec::new();
    if let Some(document) = source.document() {
        let section = Section::new(&source, "annotations", 0, document.get_ref());
        let tables = section.tables("annotation", "[[annotation]]");
        if tables.len() > entries_max {
            section.problem(format_args!(
                "{} entries; at most {entries_max} are kept (annotations.entries_max)",
                tables.len()
            ));
        }
        section.finish();
        let mut ids = BTreeSet::new();
        for At { value, offset } in tables {
            if let Some(annotation) = annotation(&source, offset, value, zone) {
                if !ids.insert(annotation.id.clone()) {
                    let id = &annotation.id;
                    let problem = format!("another annotation has the id \"{id}\"; give one `id`");
                    source.problem(offset, problem);
                }
                annotations.push(annotation);
            }
        }
    }
    if source.is_clean() {
        return Ok(annotations);
    }
    let problems = source.into_problems();
    Err(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

fn annotation(
    source: &Text<'_>,
    offset: usize,
    table: &DeTable<'_>,
    zone: &TimeZone,
) -> Option<Annotation> {
    let section = Section::new(source, "annotation", offset, table);
    let mut draft = Draft::default();
    let mut offsets = Vec::new();
    for field in Draft::FIELDS {
        let is_moment = field == "from" || field == "to";
        let text = if is_moment {
            section.moment(field)
        } else {
            section.text(field).map(|at| At { value: at.value.to_owned(), offset: at.offset })
        };
        match text {
            Some(at) => {
                offsets.push((field, at.offset));
                if let Some(slot) = draft.slot(field) {
                    *slot = Some(at.value);
                }
            }
            None if section.has(field) => draft.unreadable.push(field),
            None => {}
        }
    }
    let checked = draft.check(Vec::new(), Source::File, zone);
    for fault in checked.as_ref().err().into_iter().flatten() {
        let at = offsets.iter().find(|(field, _)| *field == fault.field);
        section.problem_at(at.map_or(offset, |(_, offset)| *offset), fault);
    }
    section.finish();
    let mut annotation = checked.ok()?;
    if annotation.id.is_empty() {
        // The same after every reload, wherever in the file it stands.
        annotation.id = format!("{}-{}", annotation.kind.id(), annotation.from_ms);
    }
    Some(annotation)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const GOOD: &str = r#"
[[annotation]]
kind = "campaign"
title = "Spring mailing"
from = 2026-03-02T09:00:00+01:00
to = 2026-03-06
queue = "sales"

[[annotation]]
id = "r2"
kind = "release"
title = "Shop 2.0"
from = "2026-03-03 22:00"
"#;

    fn said(text: &str) -> String {
        parse("a.toml", text, &TimeZone::UTC, 3).expect_err("a bad file was taken")
    }

    #[test]
    fn the_file_is_read() {
        let read = parse("a.toml", GOOD, &TimeZone::UTC, 10).expect("good");
        let ids: Vec<&str> = read.iter().map(|annotation| annotation.id.as_str()).collect();
        assert_eq!(ids, ["campaign-1772438400000", "r2"]);
        assert_eq!(read[0].to_ms, Some(1_772_755_200_000));
        assert!(parse("a.toml", "", &TimeZone::UTC, 10).expect("empty").is_empty());
    }

    #[test]
    fn each_problem_has_its_line() {
        expect![[r#"
            a.toml:1: annotation: `title` is missing
            a.toml:2: annotation: `kind` is an unknown kind; did you mean `outage`?
            a.toml:3: annotation: unknown key `titel`; did you mean `title`?
            a.toml:4: annotation: `from` is no time: write "2026-11-27T09:00:00+01:00", "2026-11-27 09:00" in the site's time zone, or Unix milliseconds
            a.toml:5: annotation: `to` must be a date with or without a time, not boolean
            a.toml:7: annotation: `kind` must be a text in quotes, not integer"#]].assert_eq(&said(
            "[[annotation]]\nkind = \"outtage\"\ntitel = \"x\"\nfrom = 09:00:00\nto = true\n\
             [[annotation]]\nkind = 1\ntitle = \"x\"\nfrom = 2026-01-01\n",
        ));
        let one = "[[annotation]]\nkind = \"other\"\ntitle = \"x\"\nfrom = 2026-01-01\n";
        expect![[
            r#"a.toml:5: another annotation has the id "other-1767225600000"; give one `id`"#
        ]]
        .assert_eq(&said(&one.repeat(2)));
        expect!["a.toml:1: annotations: `annotation` must be a list, not integer"]
            .assert_eq(&said("annotation = 1"));
        expect!["a.toml:1: annotations: 4 entries; at most 3 are kept (annotations.entries_max)"]
            .assert_eq(said(&one.repeat(4)).lines().next().expect("a line"));
        expect!["a.toml:1: unquoted keys cannot be empty, expected letters, numbers, `-`, `_`"]
            .assert_eq(&said("[["));
    }

    #[test]
    fn a_change_is_seen_once() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("a.toml");
        let mut file = AnnotationsFile::new(path.clone(), TimeZone::UTC, 10);
        let missing = file.refresh().expect("looked").expect_err("missing");
        assert!(missing.contains("a.toml: cannot be read"), "{missing}");
        assert!(file.refresh().is_none(), "said once");
        fs::write(&path, GOOD).expect("write");
        assert_eq!(file.refresh().expect("changed").expect("good").len(), 2);
        assert!(file.refresh().is_none());
        fs::write(&path, "bad").expect("write");
        assert!(file.refresh().expect("changed").is_err());
    }
}
