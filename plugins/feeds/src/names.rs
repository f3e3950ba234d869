//! Namespaces of XML that feeds use, by their addresses and, where nobody declares them, by their prefixes.

use quick_xml::events::BytesStart;
use quick_xml::name::ResolveResult;

/// Namespaces that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    /// RSS in all versions, which mostly has none, and Atom.
    Core,
    Content,
    DublinCore,
    Threading,
    WellFormedWeb,
    Slash,
    LiveJournal,
    Rdf,
    Other,
}

/// The namespace of an element.
pub(crate) fn space_of(space: &ResolveResult<'_>, start: &BytesStart<'_>) -> Space {
    let uri = match space {
        ResolveResult::Bound(uri) => uri.as_ref(),
        ResolveResult::Unbound => return Space::Core,
        ResolveResult::Unknown(prefix) => return by_prefix(prefix),
    };
    match uri.trim().trim_end_matches(['/', '#']) {
        "http://www.w3.org/2005/Atom"
        | "http://purl.org/atom/ns"
        | "http://purl.org/rss/1.0"
        | "http://my.netscape.com/rdf/simple/0.9"
        | "http://backend.userland.com/rss2"
        | "http://blogs.law.harvard.edu/tech/rss" => Space::Core,
        "http://purl.org/rss/1.0/modules/content" => Space::Content,
        "http://purl.org/dc/elements/1.1"
        | "http://purl.org/dc/terms"
        | "http://purl.org/dc/elements/1.0" => Space::DublinCore,
        "http://purl.org/syndication/thread/1.0" => Space::Threading,
        "http://wellformedweb.org/CommentAPI" => Space::WellFormedWeb,
        "http://purl.org/rss/1.0/modules/slash" => Space::Slash,
        "http://www.livejournal.org/rss/lj/1.0" => Space::LiveJournal,
        "http://www.w3.org/1999/02/22-rdf-syntax-ns" => Space::Rdf,
        "" => start.name().prefix().map_or(Space::Core, |it| by_prefix(it.as_ref())),
        _ => Space::Other,
    }
}

fn by_prefix(prefix: &str) -> Space {
    match prefix.to_ascii_lowercase().as_str() {
        "atom" | "atom10" => Space::Core,
        "content" => Space::Content,
        "dc" | "dcterms" => Space::DublinCore,
        "thr" => Space::Threading,
        "wfw" => Space::WellFormedWeb,
        "slash" => Space::Slash,
        "lj" => Space::LiveJournal,
        "rdf" => Space::Rdf,
        _ => Space::Other,
    }
}
