//! `{{triggered_event}}`: what a rule of Freshdesk's saw, in braces and without quotes. `{ticket_action:created}`,
//! `{status:{from:4,to:6}}`; several changes of one update stand in it one after another.

/// What happened: a word, or a change from something to something.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Happened<'a> {
    pub(crate) what: &'a str,
    /// Of `{note_type:public}` the second word.
    pub(crate) word: &'a str,
    pub(crate) from: Option<&'a str>,
    pub(crate) to: Option<&'a str>,
}

/// Reads all that happened; of a part that cannot be read none. None where nothing can.
pub(crate) fn read(text: &str) -> Option<Vec<Option<Happened<'_>>>> {
    let inner = text.trim().strip_prefix('{')?.strip_suffix('}')?;
    let all: Vec<_> = parts(inner).into_iter().map(one).collect();
    all.iter().any(Option::is_some).then_some(all)
}

/// What stands between the commas that are in no further braces.
fn parts(inner: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let is_between = |character: char| {
        match character {
            '{' => depth = depth.saturating_add(1),
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == ',' && depth == 0
    };
    inner.split(is_between).collect()
}

fn one(part: &str) -> Option<Happened<'_>> {
    let (what, rest) = part.split_once(':')?;
    let (what, rest) = (plain(what), rest.trim());
    if what.is_empty() || what.contains(['{', '}']) {
        return None;
    }
    let Some(change) = rest.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
        let is_word = !rest.contains(['{', '}']);
        return is_word.then(|| Happened { what, word: plain(rest), ..Happened::default() });
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
            let created =
                Happened { what: "ticket_action", word: "created", ..Happened::default() };
            assert_eq!(read(text), Some(vec![Some(created)]), "{text}");
        }
        let change = Happened { what: "status", word: "", from: Some("4"), to: Some("6") };
        assert_eq!(read("{status:{from:4,to:6}}"), Some(vec![Some(change)]));
        let nobody =
            Happened { what: "responder_id", word: "", from: None, to: Some("150006383528") };
        assert_eq!(read("{responder_id:{from:null,to:150006383528}}"), Some(vec![Some(nobody)]));
    }

    #[test]
    fn several_changes_are_told_apart() {
        let status = || Some(Happened { what: "status", word: "", from: Some("2"), to: Some("4") });
        let sent = Some(Happened { what: "reply_sent", word: "sent", ..Happened::default() });
        let both = vec![status(), sent];
        for text in [
            "{status:{from:2,to:4},reply_sent:sent}",
            "{ status:{ from:2, to:4 } , reply_sent:sent }",
            r#"{"status":{"from":2,"to":4},"reply_sent":"sent"}"#,
        ] {
            assert_eq!(read(text).as_ref(), Some(&both), "{text}");
        }
        for text in ["{status:{from:2,to:4},what}", "{status:{from:2,to:4},priority:{from:1}"] {
            assert_eq!(read(text), Some(vec![status(), None]), "{text}");
        }
    }

    #[test]
    fn what_has_no_braces_or_no_name_is_none() {
        for text in
            ["", "created", "{created}", "{", "}", "{:x}", "{{", "{status:{from:2}", "{{status:x}}"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
