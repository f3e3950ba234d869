//! What a board file leaves open, for whoever opens the board to say: `[parameters] queue = "queue"`.
//!
//! Such a file is no board but the template of one for each queue (channel, policy, topic): `queue:support`
//! is that of the queue `support`. A value takes its place in the TOML that was read, never in the text, so
//! that no name can be more than a name. What is selected by gets the name, what people read the title.
//! Pure: knows no hub and no engine.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::Board;
use super::reader::{Section, Source, suggest};
use crate::config::Problem;
use crate::language::Language;
use crate::words::words;

/// Between a file's name, which cannot have it, and the value.
const BETWEEN: char = ':';
/// Keys whose texts people read.
const READ: [&str; 5] = ["title", "subtitle", "text", "lines", "done"];
/// Begins a parameter in a text.
const SIGN: char = '$';

words! {
    /// What can be left open.
    pub enum Kind [id, from_id] {
        /// One of the queues.
        Queue = "queue",
        /// One of the channels.
        Channel = "channel",
        /// One of the SLA policies.
        Policy = "policy",
        /// One of the topics.
        Topic = "topic",
    }
}

impl Kind {
    /// Which of them a key of a tile selects by.
    fn of_key(key: &str) -> Option<Kind> {
        match key {
            "queues" => Some(Kind::Queue),
            "channels" => Some(Kind::Channel),
            "policies" => Some(Kind::Policy),
            one => Kind::from_id(one),
        }
    }
}

/// What a file leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// As tiles write it after a `$`, and addresses before the value.
    pub name: String,
    /// What it is one of.
    pub kind: Kind,
}

/// What is said for a parameter.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    /// By which contacts are selected.
    pub(super) name: &'a str,
    /// What people call it.
    pub(super) title: &'a str,
}

/// A file with a parameter, kept to make boards of.
#[derive(Clone, Debug)]
pub struct Template {
    /// What it leaves open.
    pub parameter: Parameter,
    pub(super) file: String,
    pub(super) text: String,
}

impl Template {
    /// The board for one value. It has its id from both.
    pub fn with(&self, id: &str, name: &str, title: &str) -> Result<Board, Vec<Problem>> {
        Board::filled(&instance(id, name), self, Value { name, title })
    }

    /// A text of the template's for lists: what is open is any.
    pub fn any(&self, text: &str, language: Language) -> String {
        let any = language.say(match self.parameter.kind {
            Kind::Queue => "any-queue",
            Kind::Channel => "any-channel",
            Kind::Policy => "any-policy",
            Kind::Topic => "any-topic",
        });
        replaced(text, &self.parameter.name, &any).unwrap_or_else(|| text.to_owned())
    }
}

/// The id of a template's board for a value: `queue:support`.
pub fn instance(template: &str, value: &str) -> String {
    format!("{template}{BETWEEN}{value}")
}

/// Of the id of such a board, the template's and the value.
pub fn split(id: &str) -> Option<(&str, &str)> {
    id.split_once(BETWEEN)
}

/// The file that a board is of: one for all boards of a template.
pub fn file_of(id: &str) -> &str {
    split(id).map_or(id, |(file, _)| file)
}

/// Puts a value where a file has its parameter. Does nothing where it declares none that is good:
/// that is told by [`read`].
pub(super) fn fill(table: &mut DeTable<'_>, value: Value<'_>) {
    let Some(DeValue::Table(parameters)) = table.get("parameters").map(Spanned::get_ref) else {
        return;
    };
    let Some(name) = parameters.keys().next().map(|name| name.get_ref().to_string()) else {
        return;
    };
    for (key, of_key) in table.iter_mut() {
        if *key.get_ref() != "parameters" {
            fill_value(of_key.get_mut(), key.get_ref(), &name, value);
        }
    }
}

fn fill_value(at: &mut DeValue<'_>, key: &str, name: &str, value: Value<'_>) {
    match at {
        DeValue::String(text) => {
            let filled = if Kind::of_key(key).is_some() {
                (text.strip_prefix(SIGN) == Some(name)).then(|| value.name.to_owned())
            } else if key == "url" {
                let part = utf8_percent_encode(value.name, NON_ALPHANUMERIC).to_string();
                replaced(text, name, &part)
            } else if READ.contains(&key) {
                replaced(text, name, value.title)
            } else {
                None
            };
            if let Some(filled) = filled {
                *text = filled.into();
            }
        }
        DeValue::Array(elements) => {
            elements.iter_mut().for_each(|it| fill_value(it.get_mut(), key, name, value));
        }
        DeValue::Table(table) => {
            for (own, at) in table.iter_mut() {
                // A text by language is read under the key of the table.
                let own: &str = own.get_ref();
                let key = if Language::from_id(own).is_some() { key } else { own };
                fill_value(at.get_mut(), key, name, value);
            }
        }
        _ => {}
    }
}

/// The text with what stands for `$name`; nothing where it does not occur.
fn replaced(text: &str, name: &str, with: &str) -> Option<String> {
    let (mut filled, mut rest, mut is_any) = (String::new(), text, false);
    while let Some((before, after)) = rest.split_once(SIGN) {
        filled.push_str(before);
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        match after.strip_prefix(name).filter(|it| !it.starts_with(is_part)) {
            Some(behind) => {
                filled.push_str(with);
                rest = behind;
                is_any = true;
            }
            None => {
                filled.push(SIGN);
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    is_any.then_some(filled)
}

/// Reads `[parameters]`.
pub(super) fn read(section: &Section<'_>) -> Option<Parameter> {
    let mut given = section.words_by_name("parameters", &Kind::ALL.map(Kind::id)).into_iter();
    let (name, word) = given.next()?;
    if let Some((second, _)) = given.next() {
        section.problem_at(
            second.offset,
            format_args!("one parameter and no more: take `{}` or `{}`", name.value, second.value),
        );
    }
    let is_fit = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.value.is_empty() || !name.value.chars().all(is_fit) {
        section.problem_at(
            name.offset,
            format_args!(
                "a parameter's name stands in addresses: letters, digits and `_`, not \"{}\"",
                name.value
            ),
        );
        return None;
    }
    let kind = Kind::from_id(word)?;
    Some(Parameter { name: name.value.to_owned(), kind })
}

/// Whether what a file has between its tiles and `[parameters]` fits together.
pub(super) fn check(source: &Source<'_>, table: &DeTable<'_>, parameter: Option<&Parameter>) {
    let mut uses = Uses { source, parameter, count: 0 };
    for (key, at) in table {
        uses.look(key.get_ref(), at);
    }
    if let (Some(Parameter { name, kind }), 0) = (parameter, uses.count) {
        let offset = table.get_key_value("parameters").map_or(0, |(key, _)| key.span().start);
        let kind = kind.id();
        source.problem(
            offset,
            format!("board: no tile selects by the parameter `{name}`: {kind} = \"${name}\""),
        );
    }
}

struct Uses<'a> {
    source: &'a Source<'a>,
    parameter: Option<&'a Parameter>,
    count: usize,
}

impl Uses<'_> {
    fn look(&mut self, key: &str, at: &Spanned<DeValue<'_>>) {
        match at.get_ref() {
            DeValue::String(text) => {
                let asked = Kind::of_key(key).zip(text.strip_prefix(SIGN));
                if let Some((kind, name)) = asked {
                    self.used(key, kind, name, at.span().start);
                }
            }
            DeValue::Array(elements) => elements.iter().for_each(|it| self.look(key, it)),
            DeValue::Table(table) => {
                table.iter().for_each(|(key, at)| self.look(key.get_ref(), at));
            }
            _ => {}
        }
    }

    fn used(&mut self, key: &str, kind: Kind, name: &str, offset: usize) {
        let problem = match self.parameter {
            Some(known) if known.name == name && known.kind == kind => {
                self.count += 1;
                return;
            }
            Some(known) if known.name == name => {
                format!("`{key}` takes a {}, and `${name}` is a {}", kind.id(), known.kind.id())
            }
            Some(known) => {
                let near = suggest(name, &[known.name.as_str()]);
                format!("the board has no parameter `{name}`; {near}")
            }
            None => format!(
                "the board has no parameter `{name}`: [parameters] {name} = \"{}\"",
                kind.id()
            ),
        };
        self.source.problem(offset, format!("board: {problem}"));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    const TILE: &str =
        "[[tile]]\nid = \"w\"\ntype = \"number\"\nkpi = \"waiting\"\nx = 0\ny = 0\nw = 4\nh = 4\n";

    fn problems(text: &str, expected: Expect) {
        let problems = Board::parse("b", "b.toml", text).err().expect("a bad board was taken");
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        expected.assert_eq(&lines.join("\n"));
    }

    fn template(text: &str) -> Template {
        Board::parse("b", "b.toml", text).expect("a good board").template.expect("a parameter")
    }

    #[test]
    fn a_name_selects_and_a_title_is_read() {
        let text = format!(
            "title = \"Desk · $queue\"\n[parameters]\nqueue = \"queue\"\n{TILE}queue = \"$queue\"\n\
             title = {{ en = \"$queue now\", pl = \"teraz $queue\" }}\nsubtitle = \"$queues cost $5\"\n"
        );
        let template = template(&text);
        assert_eq!(template.parameter, Parameter { name: "queue".to_owned(), kind: Kind::Queue });
        let board = template.with("b", "sup\"port", "Support & Co").expect("a good board");
        assert_eq!(
            (board.id.as_str(), board.title(Language::English)),
            ("b:sup\"port", "Desk · Support & Co".to_owned())
        );
        assert!(board.template.is_none(), "it is a board");
        let selectors = board.tiles[0].tile.selectors();
        assert_eq!(selectors[0].queue.as_deref(), Some("sup\"port"));
        assert_eq!(board.tiles[0].title(Language::Polish), "teraz Support & Co");
    }

    #[test]
    fn what_does_not_fit_together_is_told_with_its_line() {
        problems(
            &format!("[parameters]\nteam = \"team\"\n{TILE}"),
            expect![[
                r#"b.toml:2: board: `team` of `parameters` is no "team": one of queue, channel, policy, topic"#
            ]],
        );
        problems(
            &format!(
                "[parameters]\nqueue = \"queue\"\nother = \"channel\"\n{TILE}queue = \"$queue\"\n"
            ),
            expect!["b.toml:3: board: one parameter and no more: take `queue` or `other`"],
        );
        problems(
            &format!("[parameters]\nqueue = \"queue\"\n{TILE}queue = \"$quue\"\n"),
            expect![[r#"
                b.toml:1: board: no tile selects by the parameter `queue`: queue = "$queue"
                b.toml:11: board: the board has no parameter `quue`; did you mean `queue`?"#]],
        );
        problems(
            &format!(
                "[parameters]\nqueue = \"queue\"\n{TILE}queue = \"$queue\"\nchannel = \"$queue\"\n"
            ),
            expect!["b.toml:12: board: `channel` takes a channel, and `$queue` is a queue"],
        );
        problems(
            &format!("{TILE}queue = \"$queue\"\n"),
            expect![[
                r#"b.toml:9: board: the board has no parameter `queue`: [parameters] queue = "queue""#
            ]],
        );
        problems(
            &format!("parameters = \"queue\"\n{TILE}"),
            expect![[
                r#"b.toml:1: board: `parameters` must be a table such as { queue = "queue" }, not string"#
            ]],
        );
    }

    #[test]
    fn ids_have_both_parts_back() {
        assert_eq!(split(&instance("queue", "a:b")), Some(("queue", "a:b")));
        assert_eq!(
            (split("floor"), file_of("queue:a"), file_of("floor")),
            (None, "queue", "floor")
        );
    }
}
