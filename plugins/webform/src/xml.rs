//! XML as a tree of values: an element is a member by its name, one with nothing but text is that text. Of one
//! with more, attributes are members with `@` before their names, and its own text is `#text`. Elements of one
//! name are a list. Prefixes of namespaces are left out, and a DTD is not read.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};
use tablica_plugin::{Failure, bad_input};

use crate::body::add;

/// Elements within elements.
const DEPTH_MAX: usize = 64;
/// Elements and attributes of a body.
const NODES_MAX: usize = 100_000;

/// An element that is open.
#[derive(Default)]
struct Open {
    name: String,
    members: Map<String, Value>,
    text: String,
}

/// Reads a document; its root is the only member.
pub(crate) fn read(text: &str) -> Result<Value, Failure> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut root = Map::new();
    let mut open: Vec<Open> = Vec::new();
    let mut nodes = 0_usize;
    loop {
        let event = reader.read_event();
        let event = event
            .map_err(|_| bad_input(format!("not XML: at byte {}", reader.error_position())))?;
        match event {
            Event::Start(start) => {
                let (element, count) = begun(&start)?;
                nodes = nodes.saturating_add(count);
                if open.len() >= DEPTH_MAX || nodes > NODES_MAX {
                    let why =
                        format!("more than {NODES_MAX} elements, or {DEPTH_MAX} within each other");
                    return Err(bad_input(why));
                }
                if open.is_empty() && !root.is_empty() {
                    return Err(bad_input("not XML: it has two roots"));
                }
                open.push(element);
            }
            Event::End(_) => {
                let Some(element) = open.pop() else { continue };
                let members = open.last_mut().map_or(&mut root, |parent| &mut parent.members);
                let name = element.name.clone();
                add(members, name, value(element));
            }
            Event::Text(text) => append(&mut open, &text.xml10_content()),
            Event::CData(text) => append(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = match reference.xml10_content().as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                let character = character.ok_or_else(|| {
                    bad_input(format!(
                        "not XML: a name that XML does not know, before byte {}",
                        reader.buffer_position()
                    ))
                })?;
                append(&mut open, character.encode_utf8(&mut [0; 4]));
            }
            Event::Eof if !open.is_empty() => return Err(bad_input("not XML: it is cut off")),
            Event::Eof if root.is_empty() => return Err(bad_input("not XML: it has no root")),
            Event::Eof => return Ok(Value::Object(root)),
            Event::Empty(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
        }
    }
}

/// An element with its attributes, and how many nodes that are.
fn begun(start: &BytesStart<'_>) -> Result<(Open, usize), Failure> {
    let mut element = Open { name: start.local_name().as_ref().to_owned(), ..Open::default() };
    let mut count = 1_usize;
    for attribute in start.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| bad_input("not XML: an attribute is broken"))?;
        count = count.saturating_add(1);
        if attribute.key.as_namespace_binding().is_some() {
            continue;
        }
        let value = quick_xml::escape::unescape(&attribute.value);
        let value = value
            .map_err(|_| bad_input("not XML: an attribute has a name that XML does not know"))?;
        let name = format!("@{}", attribute.key.local_name().as_ref());
        element.members.insert(name, Value::String(value.into_owned()));
    }
    Ok((element, count))
}

fn append(open: &mut [Open], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn value(element: Open) -> Value {
    let Open { mut members, text, .. } = element;
    if members.is_empty() {
        return Value::String(text);
    }
    // Between elements there are only line ends.
    if !text.trim().is_empty() {
        members.insert("#text".to_owned(), Value::String(text.trim().to_owned()));
    }
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_are_members_and_several_of_one_name_a_list() {
        let xml = "<?xml version=\"1.0\"?><!-- c --><o:order xmlns:o=\"urn:x\" id=\"7\" o:big=\"&lt;\">\n\
            <line>a &amp; b</line>\n<line><![CDATA[<c>]]>&#380;</line><empty/>\n<who kind=\"x\">Anna</who></o:order>";
        let expected = json!({"order": {
            "@id": "7",
            "@big": "<",
            "line": ["a & b", "<c>\u{17c}"],
            "empty": "",
            "who": {"@kind": "x", "#text": "Anna"}
        }});
        assert_eq!(read(xml), Ok(expected));
    }

    #[test]
    fn what_a_dtd_makes_up_is_refused() {
        let bomb = "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>";
        assert!(matches!(read(bomb), Err(Failure::BadInput(_))));
        assert!(matches!(read("<a x=\"&c;\"/>"), Err(Failure::BadInput(_))));
    }
}
