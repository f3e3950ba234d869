//! How customers' identifiers are written, so that one person on two networks is one person.
//!
//! The host brings telephone numbers and addresses to one spelling before it hashes them, and
//! leaves out what names nobody. Network ids are written `network:id` and hashed as they stand.

/// A telephone number for the host, which knows how every country writes its numbers; or none when
/// it cannot be one (`anonymous`, too short).
///
/// It becomes a `tel:` address (RFC 3966): `tel:+48600100200` when it is international, else as
/// dialled. Of such a number the country is a guess that only the operator can make: with a
/// `country_code` (digits, such as `48`) it is `tel:600100200;phone-context=+48`, and the host
/// reads it as people write numbers there. Without one two spellings of it may stay two customers.
pub fn phone(raw: &str, country_code: Option<&str>) -> Option<String> {
    let raw = raw.trim();
    let raw = raw.strip_prefix("tel:").unwrap_or(raw);
    let digits = |text: &str| text.chars().filter(|c| c.is_numeric()).count();
    let number = raw.find(char::is_alphabetic).map_or(raw, |word| &raw[..word]);
    if digits(number) < DIGITS_MIN || digits(raw) > DIGITS_MAX || raw.contains('@') {
        return None;
    }
    let first = raw.find(|c: char| c.is_numeric() || c == '+')?;
    let international = raw[first..].starts_with('+');
    // With an extension behind it, or in other digits, it goes as it is.
    let plain = |c: char| c.is_ascii_digit() || !(c.is_alphanumeric() || ",;#*".contains(c));
    let number = if raw.chars().all(plain) {
        let digits = raw.chars().filter(char::is_ascii_digit);
        international.then_some('+').into_iter().chain(digits).collect()
    } else if raw.ends_with(char::is_numeric) {
        raw.to_owned()
    } else {
        return None;
    };
    Some(match country_code {
        Some(code) if !international => format!("tel:{number};phone-context=+{code}"),
        _ => format!("tel:{number}"),
    })
}

/// Shorter ones are extensions: the site's own people.
const DIGITS_MIN: usize = 5;
/// E.164 allows 15; a few networks add a prefix, people an extension.
const DIGITS_MAX: usize = 30;

/// Whether an operator's `country_code` is one: one to three digits, without `+`.
pub fn is_country_code(code: &str) -> bool {
    (1..=3).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// The operator's setting `country_code`, or else the site's ([`Setup::country_code`](crate::Setup)).
#[cfg(feature = "settings")]
pub fn country_code(
    given: Option<String>,
    site: Option<&str>,
) -> Result<Option<String>, crate::Failure> {
    let code = given.or_else(|| site.map(str::to_owned));
    match code.as_deref().filter(|code| !is_country_code(code)) {
        None => Ok(code),
        Some(code) => {
            let why = format!("found {code:?}; digits only, such as \"48\"");
            Err(crate::setting_error("/country_code", why))
        }
    }
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
    fn an_international_number_is_one_whatever_is_between_its_digits() {
        for raw in ["+48 600-100-200", "(+48) 600 100 200", "+48\u{a0}600\u{2011}100.200"] {
            assert_eq!(phone(raw, Some("48")).as_deref(), Some("tel:+48600100200"), "{raw}");
            assert_eq!(phone(raw, None).as_deref(), Some("tel:+48600100200"), "{raw}");
        }
    }

    #[test]
    fn any_other_number_goes_as_dialled_with_the_country_that_it_may_be_of() {
        let with = |raw| phone(raw, Some("48"));
        assert_eq!(with("600 100 200").as_deref(), Some("tel:600100200;phone-context=+48"));
        assert_eq!(with("48600100200").as_deref(), Some("tel:48600100200;phone-context=+48"));
        assert_eq!(with("(0)600.100").as_deref(), Some("tel:0600100;phone-context=+48"));
        assert_eq!(with("0048600100200").as_deref(), Some("tel:0048600100200;phone-context=+48"));
        assert_eq!(phone("600 100 200", None).as_deref(), Some("tel:600100200"));
    }

    #[test]
    fn an_extension_stays_with_its_number() {
        let with = |raw| phone(raw, Some("1"));
        assert_eq!(with("+1 212 555 0123 x5").as_deref(), Some("tel:+1 212 555 0123 x5"));
        assert_eq!(with("tel:+12125550123;ext=5").as_deref(), Some("tel:+12125550123;ext=5"));
        let national = "tel:212 555 0123 ext. 5;phone-context=+1";
        assert_eq!(with("212 555 0123 ext. 5").as_deref(), Some(national));
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

    #[test]
    #[cfg(feature = "settings")]
    fn the_operators_country_goes_before_the_sites() {
        assert_eq!(country_code(Some("44".into()), Some("48")), Ok(Some("44".into())));
        assert_eq!(country_code(None, Some("48")), Ok(Some("48".into())));
        assert_eq!(country_code(None, None), Ok(None));
        for code in ["", "+48", "4848", "PL"] {
            let Err(crate::Failure::Config(why)) = country_code(Some(code.into()), None) else {
                panic!("{code}")
            };
            assert!(why.starts_with("/country_code: found "), "{why}");
        }
    }
}
