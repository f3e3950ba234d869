//! Whether pages that boards show let themselves be shown inside others: what their servers say of it in
//! `Content-Security-Policy` and `X-Frame-Options`. Where they do not, a browser shows its own error.
//!
//! It asks nobody: whoever asks the pages hands their headers in. Whether the wall is one of
//! those that may is for its browser to say, which knows its address.

use std::collections::BTreeMap;
use std::sync::Arc;

use reqwest::Url;

/// More places do not fit into a frame; what is longer says nothing that anybody could read.
const ANCESTORS_MAX: usize = 16;
/// Longer than any address of a server.
const ANCESTOR_CHARS_MAX: usize = 256;

/// Who may show each page, by its address; a page that is not there lets everybody, or is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Framing(BTreeMap<String, Arc<[String]>>);

impl Framing {
    /// What is known of these pages.
    pub fn of(pages: impl IntoIterator<Item = (String, Vec<String>)>) -> Framing {
        Framing(pages.into_iter().map(|(page, who)| (page, who.into())).collect())
    }

    /// Who may show a page: sources as in `frame-ancestors`, none of them nobody. Nothing where it lets
    /// everybody, or is not known.
    pub fn ancestors(&self, page: &str) -> Option<&[String]> {
        self.0.get(page).map(AsRef::as_ref)
    }
}

/// As `boards.embed_hosts` names a page's host: with its port where that is not the scheme's own.
pub fn host(page: &Url) -> String {
    let host = page.host_str().unwrap_or_default();
    page.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Who may show a page whose answer has these headers; nothing where it lets everybody.
pub fn ancestors<'a>(
    page: &Url,
    policies: impl IntoIterator<Item = &'a str>,
    options: impl IntoIterator<Item = &'a str>,
) -> Option<Vec<String>> {
    let policies = policies.into_iter().flat_map(|header| header.split(','));
    let named = policies.filter_map(|policy| {
        let mut directives = policy.split(';').map(str::split_ascii_whitespace);
        directives.find_map(|mut words| {
            let name = words.next()?;
            name.eq_ignore_ascii_case("frame-ancestors").then(|| words.collect::<Vec<_>>())
        })
    });
    // Of several policies each must let the wall; that of the fewest is told.
    if let Some(sources) = named.min_by_key(Vec::len) {
        return told(page, &sources);
    }
    // A browser that finds `frame-ancestors` does not look at this.
    let mut options = options.into_iter().flat_map(|header| header.split(',')).map(str::trim);
    options.find_map(|option| match option.to_ascii_lowercase().as_str() {
        "deny" => Some(Vec::new()),
        "sameorigin" => Some(vec![page.origin().ascii_serialization()]),
        _ => None,
    })
}

fn told(page: &Url, sources: &[&str]) -> Option<Vec<String>> {
    if sources.contains(&"*") {
        return None;
    }
    let one = |source: &&str| match source.to_ascii_lowercase().as_str() {
        "'none'" => None,
        "'self'" => Some(page.origin().ascii_serialization()),
        other => (other.chars().count() <= ANCESTOR_CHARS_MAX).then(|| other.to_owned()),
    };
    Some(sources.iter().filter_map(one).take(ANCESTORS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(policies: &[&str], options: &[&str]) -> Option<Vec<String>> {
        let page: Url = "https://status.example.com:8443/a?b".parse().expect("an address");
        ancestors(&page, policies.iter().copied(), options.iter().copied())
    }

    #[test]
    fn a_page_without_a_word_lets_everybody() {
        assert_eq!(who(&[], &[]), None);
        assert_eq!(who(&["default-src 'self'; script-src 'none'"], &["ALLOW-FROM x"]), None);
        assert_eq!(who(&["frame-ancestors *"], &[]), None);
    }

    #[test]
    fn a_page_that_forbids_frames_lets_nobody_or_only_its_own() {
        assert_eq!(who(&[], &["DENY"]), Some(vec![]));
        let own = || Some(vec!["https://status.example.com:8443".to_owned()]);
        assert_eq!(who(&[], &["SameOrigin"]), own());
        assert_eq!(who(&["img-src *; Frame-Ancestors 'self'"], &[]), own());
        assert_eq!(who(&["frame-ancestors 'none'"], &[]), Some(vec![]));
        assert_eq!(who(&["frame-ancestors"], &[]), Some(vec![]), "an empty list is nobody");
    }

    #[test]
    fn the_newer_header_goes_before_the_older_one_and_the_stricter_policy_counts() {
        assert_eq!(who(&["frame-ancestors *"], &["DENY"]), None);
        let walls = "frame-ancestors https://walls.example.com *.example.org";
        let both = ["https://walls.example.com", "*.example.org"].map(str::to_owned);
        assert_eq!(who(&[walls], &["DENY"]), Some(both.to_vec()));
        assert_eq!(
            who(&[walls, "frame-ancestors https://walls.example.com"], &[]).map(|it| it.len()),
            Some(1)
        );
    }

    #[test]
    fn what_is_endless_is_cut() {
        let many = format!("frame-ancestors {}", "a.example.com ".repeat(1000));
        assert_eq!(who(&[&many], &[]).map(|it| it.len()), Some(ANCESTORS_MAX));
        let long = format!("frame-ancestors {}", "a".repeat(10_000));
        assert_eq!(who(&[&long], &[]), Some(vec![]));
    }
}
