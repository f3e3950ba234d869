//! `Accept-Encoding`: in which of several shapes a browser takes a file.

use axum::http::{HeaderMap, header};

/// The place of the coding that the browser likes best, the first of equals; none when it is to be
/// sent plain.
pub(super) fn choose(
    asked: &HeaderMap,
    codings: impl Iterator<Item = &'static str>,
) -> Option<usize> {
    let lines = asked.get_all(header::ACCEPT_ENCODING).into_iter();
    let wishes: Vec<(&str, f32)> = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .filter_map(wish)
        .collect();
    let of = |coding: &str| {
        let named = wishes.iter().find(|(name, _)| name.eq_ignore_ascii_case(coding));
        named.or_else(|| wishes.iter().find(|(name, _)| *name == "*")).map_or(0.0, |wish| wish.1)
    };
    let mut best = None;
    let mut most = 0.0;
    for (at, coding) in codings.enumerate() {
        if of(coding) > most {
            (best, most) = (Some(at), of(coding));
        }
    }
    best
}

/// `br`, `gzip;q=0.5`; what is no number counts as a refusal.
fn wish(text: &str) -> Option<(&str, f32)> {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let quality = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
    let quality = quality.map_or(1.0, |quality| quality.trim().parse().unwrap_or(0.0));
    Some((name, quality))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_browsers_wish_decides_and_then_the_smaller_one() {
        for (asked, chosen) in [
            ("gzip, deflate, br", Some("br")),
            ("gzip, deflate", Some("gzip")),
            ("gzip;q=1.0, br;q=0.5", Some("gzip")),
            ("br;q=0, gzip", Some("gzip")),
            ("GZIP", Some("gzip")),
            ("*", Some("br")),
            ("br;q=0, *;q=0.1", Some("gzip")),
            ("*;q=0", None),
            ("identity", None),
            ("br;q=x", None),
            ("", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(asked));
            let codings = ["br", "gzip"];
            let found = choose(&headers, codings.into_iter()).map(|at| codings[at]);
            assert_eq!(found, chosen, "{asked}");
        }
        assert_eq!(choose(&HeaderMap::new(), ["br"].into_iter()), None);
    }
}
