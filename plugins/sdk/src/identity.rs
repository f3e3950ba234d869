//! How customers' identifiers are written, so that one person on two networks is one person.
//!
//! The host hashes an identifier as it stands: two plugins that write the same telephone number
//! differently make two customers of it. Network ids are written `network:id`.

/// A telephone number as `tel:+48600100200`, or none when it is not one (`anonymous`, too
/// short).
///
/// A number with `+` or `00` is international. Of any other one the country is a guess that only
/// the operator can make: `country_code` (digits, such as `48`) is put before it in place of a
/// leading `0`. Without one it stays as dialled, without `+`.
pub fn phone(raw: &str, country_code: Option<&str>) -> Option<String> {
    let raw = raw.trim();
    let punctuation = |c: char| matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}');
    let (international, rest) = match raw.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, raw),
    };
    if !rest.chars().all(|c| c.is_ascii_digit() || punctuation(c)) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let (international, digits) = match digits.strip_prefix("00") {
        Some(rest) if !international => (true, rest),
        _ => (international, digits.as_str()),
    };
    if !(DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()) {
        return None;
    }
    Some(match country_code {
        _ if international => format!("tel:+{digits}"),
        Some(code) => format!("tel:+{code}{}", digits.strip_prefix('0').unwrap_or(digits)),
        None => format!("tel:{digits}"),
    })
}

/// Shorter ones are extensions: the site's own people.
const DIGITS_MIN: usize = 5;
/// E.164 allows 15; a few networks add a prefix.
const DIGITS_MAX: usize = 18;

/// Whether an operator's `country_code` is one: one to three digits, without `+`.
pub fn is_country_code(code: &str) -> bool {
    (1..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// An e-mail address as `mail:anna@example.com`, or none when it is not one.
pub fn mail(raw: &str) -> Option<String> {
    let raw = raw.trim();
    let (local, domain) = raw.split_once('@')?;
    let plain = |part: &str| !part.is_empty() && !part.contains(['@', ' ', '<', '>']);
    (plain(local) && plain(domain)).then(|| format!("mail:{}", raw.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_written_in_many_ways_is_one_customer() {
        for raw in ["+48 600-100-200", "0048600100200", "600 100 200", "(0)600.100.200"] {
            assert_eq!(phone(raw, Some("48")).as_deref(), Some("tel:+48600100200"), "{raw}");
        }
    }

    #[test]
    fn without_a_country_a_national_number_stays_as_dialled() {
        assert_eq!(phone("600100200", None).as_deref(), Some("tel:600100200"));
        assert_eq!(phone("+48600100200", None).as_deref(), Some("tel:+48600100200"));
    }

    #[test]
    fn what_is_no_number_is_no_customer() {
        for raw in ["", "anonymous", "Restricted", "7009", "+", "sip:anna@pbx"] {
            assert_eq!(phone(raw, Some("48")), None, "{raw}");
        }
    }

    #[test]
    fn an_address_is_compared_without_case() {
        assert_eq!(mail(" Anna@Example.COM ").as_deref(), Some("mail:anna@example.com"));
        for raw in ["", "anna", "@example.com", "anna@", "Anna <anna@example.com>"] {
            assert_eq!(mail(raw), None, "{raw}");
        }
    }
}
