//! One spelling for each identifier, so that one person is one customer whoever reports them, and
//! none for what stands where an identifier should be and names nobody.
//!
//! Identifiers come from plugins as `tel:…` (RFC 3966), `mail:…`, `network:id`, or bare. Only
//! telephone numbers ([`phone`]) and addresses are written in several ways; network ids are taken
//! as they are.

use super::phone;

/// What networks say in place of a caller who does not want to be known or cannot be: RFC 3323,
/// the presentation words of PBXs, words of forms that were left empty.
const NOBODY: [&str; 22] = [
    "anonymous",
    "blocked",
    "hidden",
    "incognito",
    "na",
    "nil",
    "no",
    "none",
    "notavailable",
    "notprovided",
    "null",
    "outofarea",
    "payphone",
    "private",
    "restricted",
    "suppressed",
    "unavailable",
    "undefined",
    "unidentified",
    "unknown",
    "unlisted",
    "withheld",
];
/// What may stand behind such a word: "Private Number", "Unknown Caller".
const NOBODYS_NOUNS: [&str; 4] = ["callerid", "caller", "number", "call"];
/// A longer text is no such word; it need not be looked at.
const NOBODY_BYTES_MAX: usize = 40;

/// The one spelling of an identifier; none when it names nobody. Its own spelling is itself.
pub(crate) fn canonical(identifier: &str) -> Option<String> {
    let identifier = identifier.trim();
    let (scheme, value) = match identifier.split_once(':') {
        Some((scheme, value)) => (scheme, value.trim()),
        None => ("", identifier),
    };
    let is = |name: &str| scheme.eq_ignore_ascii_case(name);
    if is("tel") {
        return phone::canonical(value).map(telephone);
    }
    let is_sip = is("sip") || is("sips");
    if names_nobody(if is_sip { user(value) } else { value }) {
        return None;
    }
    if is_sip && phone::is_plussed(user(value)) {
        return bare(user(value)).or_else(|| address(identifier));
    }
    if scheme.is_empty() && !value.contains('@') {
        return match bare(value) {
            None if phone::is_plussed(value) && phone::is_written_like_one(value) => None,
            found => found.or_else(|| Some(value.to_owned())),
        };
    }
    if identifier.contains('@') { address(identifier) } else { Some(identifier.to_owned()) }
}

/// What is a telephone number by its look: with a `+` or `00` before it. Other digits may be a
/// network's id.
fn bare(value: &str) -> Option<String> {
    let is_abroad = || value.starts_with("00") && phone::is_written_like_one(value);
    let number = (phone::is_plussed(value) || is_abroad()).then(|| phone::canonical(value))??;
    number.starts_with('+').then(|| telephone(number))
}

fn telephone(number: String) -> String {
    format!("tel:{number}")
}

/// Of a SIP address (RFC 3261) what stands before the host.
fn user(address: &str) -> &str {
    address.split(['@', ';']).next().unwrap_or_default()
}

/// Addresses are compared without case. The domain `invalid` cannot exist (RFC 2606): callers who
/// withhold their address are `anonymous@anonymous.invalid` (RFC 3323).
fn address(identifier: &str) -> Option<String> {
    let address = identifier.to_lowercase();
    let host = address.rsplit('@').next().and_then(|rest| rest.split([';', '>', ':']).next());
    let is_invalid = host.is_some_and(|host| host == "invalid" || host.ends_with(".invalid"));
    (!is_invalid).then_some(address)
}

/// A word for nobody, however it is written: `<Unknown>`, `N/A`, "Private number", `-`.
fn names_nobody(value: &str) -> bool {
    if value.len() > NOBODY_BYTES_MAX {
        return false;
    }
    let letters = value.chars().filter(|c| c.is_alphanumeric());
    let word: String = letters.flat_map(char::to_lowercase).collect();
    let noun = NOBODYS_NOUNS.iter().find_map(|noun| word.strip_suffix(noun));
    word.is_empty()
        || NOBODY.contains(&word.as_str())
        || noun.is_some_and(|word| NOBODY.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::canonical;

    fn is(written: &str, expected: &str) {
        assert_eq!(canonical(written).as_deref(), Some(expected), "{written}");
        assert_eq!(canonical(expected).as_deref(), Some(expected), "{expected} is its own");
    }

    #[test]
    fn a_number_is_the_same_with_every_scheme_and_without() {
        for written in [
            "tel:+48601222333",
            "TEL:+48 601-222-333",
            " tel:(+48)601222333 ",
            "tel:601222333;phone-context=+48",
            "+48 601 222 333",
            "(+48) 601-222-333",
            "0048601222333",
            "sip:+48601222333@pbx.example.org",
            "sips:+48-601-222-333@pbx.example.org:5061;user=phone",
        ] {
            is(written, "tel:+48601222333");
        }
    }

    #[test]
    fn an_address_is_the_same_in_capitals() {
        is(" Jan@Example.org ", "jan@example.org");
        is("mail:Jan@Example.ORG", "mail:jan@example.org");
        is("sip:Jan@PBX.example.org", "sip:jan@pbx.example.org");
    }

    #[test]
    fn ids_of_networks_are_taken_as_they_are() {
        for id in ["telegram:12", "telegram:-1001234567890", "AbC", "site:00017", "601222333"] {
            is(id, id);
        }
        assert_ne!(canonical("telegram:12"), canonical("telegram:1-2"));
        is("site:No. 12", "site:No. 12");
        is("+alice", "+alice");
        is("0099912345678", "0099912345678");
    }

    #[test]
    fn what_stands_for_nobody_is_nobody() {
        for nobody in [
            "",
            " ",
            "-",
            "anonymous",
            "Anonymous",
            "unavailable",
            "Restricted",
            "PRIVATE",
            "Private Number",
            "Unknown caller",
            "No Caller ID",
            "<unknown>",
            "N/A",
            "null",
            "site:",
            "site:anonymous",
            "site:None",
            "tel:anonymous",
            "tel:Restricted",
            "tel:7001",
            "+7001",
            "tel:",
            "sip:anonymous@anonymous.invalid",
            "sip:Anonymous@10.0.0.1",
            "mail:someone@withheld.invalid",
        ] {
            assert_eq!(canonical(nobody), None, "{nobody}");
        }
    }
}
