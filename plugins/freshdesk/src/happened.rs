//! `{{triggered_event}}`: what a rule of Freshdesk's saw, in braces and without quotes. `{ticket_action:created}`,
//! `{status:{from:4,to:6}}`.

/// What happened: a word, or a change from something to something.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Happened<'a> {
    pub(crate) what: &'a str,
    /// Of `{note_type:public}` the second word.
    pub(crate) word: &'a str,
    pub(crate) from: Option<&'a str>,
    pub(crate) to: Option<&'a str>,
}

/// Reads it; none when it has no such shape.
pub(crate) fn read(text: &str) -> Option<Happened<'_>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let (what, rest) = inner.split_once(':')?;
    let (what, rest) = (plain(what), rest.trim());
    if what.is_empty() {
        return None;
    }
    let Some(change) = rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        return Some(Happened { what, word: plain(rest), ..Happened::default() });
    };
    let mut happened = Happened { what, ..Happened::default() };
    for part in change.split(',') {
        match part.split_once(':') {
            Some((key, value)) if plain(key) == "from" => happened.from = value_of(value),
            Some((key, value)) if plain(key) == "to" => happened.to = value_of(value),
            _ => {}
        }
    }
    Some(happened)
}

/// Without blanks, and without the quotes that some accounts write.
fn plain(text: &str) -> &str {
    text.trim().trim_matches('"').trim()
}

fn value_of(text: &str) -> Option<&str> {
    Some(plain(text)).filter(|text| !matches!(*text, "" | "null" | "nil" | "-1" | "--"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_changes_are_read_with_and_without_quotes() {
        for text in [
            "{ticket_action:created}",
            " { ticket_action : created } ",
            "{\"ticket_action\":\"created\"}",
        ] {
            let happened = read(text).unwrap_or_default();
            assert_eq!((happened.what, happened.word), ("ticket_action", "created"), "{text}");
        }
        let change = Happened { what: "status", word: "", from: Some("4"), to: Some("6") };
        assert_eq!(read("{status:{from:4,to:6}}"), Some(change));
        let nobody =
            Happened { what: "responder_id", word: "", from: None, to: Some("150006383528") };
        assert_eq!(read("{responder_id:{from:null,to:150006383528}}"), Some(nobody));
    }

    #[test]
    fn what_has_no_braces_or_no_name_is_none() {
        for text in ["", "created", "{created}", "{", "}", "{:x}", "{{"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
