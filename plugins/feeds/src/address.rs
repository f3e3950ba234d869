//! Addresses of feeds and posts: relative ones made whole, what is a place within a page left out.

/// A link as it stands in a document of this address.
pub(crate) fn resolve(base: &str, link: &str) -> String {
    let link = link.trim();
    if has_scheme(link) {
        return link.to_owned();
    }
    let Some((scheme, rest)) = base.split_once("://") else { return link.to_owned() };
    if let Some(rest) = link.strip_prefix("//") {
        return format!("{scheme}://{rest}");
    }
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(host_end);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    if link.starts_with('/') {
        return format!("{scheme}://{host}{link}");
    }
    if link.starts_with(['?', '#']) || link.is_empty() {
        return format!("{scheme}://{host}{path}{link}");
    }
    let mut folders: Vec<&str> = path.split('/').skip(1).collect();
    folders.pop();
    let mut steps = link.split('/').peekable();
    let mut last = Vec::new();
    while let Some(step) = steps.next() {
        match step {
            "." => {}
            ".." => {
                folders.pop();
            }
            step if steps.peek().is_some() => folders.push(step),
            step => last.push(step),
        }
    }
    folders.push(last.pop().unwrap_or_default());
    format!("{scheme}://{host}/{}", folders.join("/"))
}

fn has_scheme(link: &str) -> bool {
    link.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|it: char| it.is_ascii_alphabetic())
            && scheme.bytes().all(|it| it.is_ascii_alphanumeric() || b"+-.".contains(&it))
    })
}

/// The host of an address, in small letters.
pub(crate) fn host(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    Some(host.to_ascii_lowercase()).filter(|it| !it.is_empty())
}

/// The page of a comment: its address without the place in it, and without what only leads there.
pub(crate) fn page(link: &str) -> &str {
    let page = link.split('#').next().unwrap_or(link);
    let page = page.split("?showComment=").next().unwrap_or(page).trim_end_matches(['?', '/']);
    without_post(page)
}

/// A topic's first post, where addresses number the posts: Discourse's `/t/title/700/1`.
pub(crate) fn is_first_post(link: &str) -> bool {
    let link = link.split('#').next().unwrap_or(link);
    link.ends_with("/1") && without_post(link).len() < link.len()
}

/// The address of a topic, of one that names a post of it: Discourse's `/t/title/700/2`, phpBB's `?t=5&p=12`.
fn without_post(page: &str) -> &str {
    let is_number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if let Some((topic, post)) = page.rsplit_once("&p=") {
        let names_topic = topic.contains("?t=") || topic.contains("&t=");
        return if is_number(post) && names_topic { topic } else { page };
    }
    let mut steps = page.rsplit('/');
    let [post, topic, title, t] = [(); 4].map(|()| steps.next().unwrap_or_default());
    // Without a title the last number is the topic's: a title has more than digits.
    if is_number(post) && is_number(topic) && t == "t" && !title.is_empty() && !is_number(title) {
        return page.rsplit_once('/').map_or(page, |(topic, _)| topic);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_links_are_of_the_document_that_they_stand_in() {
        // The examples of RFC 3986, 5.4, as far as feeds have them.
        let base = "http://a/b/c/d;p?q";
        for (link, whole) in [
            ("g:h", "g:h"),
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("#s", "http://a/b/c/d;p#s"),
            ("../g", "http://a/b/g"),
            ("../../g", "http://a/g"),
            ("../../../g", "http://a/g"),
            ("", "http://a/b/c/d;p"),
            (" http://b/ ", "http://b/"),
        ] {
            assert_eq!(resolve(base, link), whole, "{link}");
        }
        assert_eq!(resolve("no address", "g"), "g");
        assert_eq!(resolve("https://a.example", "g"), "https://a.example/g");
    }

    #[test]
    fn a_comments_page_is_its_post() {
        assert_eq!(page("https://b.example/post/#comment-7"), "https://b.example/post");
        assert_eq!(page("https://b.example/p.html?showComment=12#c12"), "https://b.example/p.html");
        for (link, topic) in [
            ("https://f.example/t/late/700/1", "https://f.example/t/late/700"),
            ("https://f.example/t/late/700/12#x", "https://f.example/t/late/700"),
            ("https://f.example/t/late/700", "https://f.example/t/late/700"),
            ("https://f.example/t/700/2", "https://f.example/t/700/2"),
            ("https://f.example/2026/11/22", "https://f.example/2026/11/22"),
            ("https://f.example/v.php?f=2&t=5&p=12#p12", "https://f.example/v.php?f=2&t=5"),
            ("https://f.example/v.php?t=5&p=12", "https://f.example/v.php?t=5"),
            ("https://f.example/?s=1&p=12", "https://f.example/?s=1&p=12"),
        ] {
            assert_eq!(page(link), topic, "{link}");
        }
        assert_eq!(host("https://u:p@B.example:8080/x").as_deref(), Some("b.example:8080"));
        assert_eq!(host("tag:b.example"), None);
    }
}
