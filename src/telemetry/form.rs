//! The two ways in which metrics are written, and which of them whoever asks would like.

/// How metrics are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Prometheus' own text, version 0.0.4: for people, and for whoever does not say.
    #[default]
    Text,
    /// OpenMetrics 1.0, which a Prometheus asks for first.
    OpenMetrics,
}

impl Form {
    /// Its `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }

    /// What is liked best of a header `Accept`, the first of equals; text where it names neither.
    pub fn accepted(accept: &str) -> Self {
        let mut best = Self::Text;
        let mut most = 0.0;
        for range in accept.split(',') {
            if let Some((form, quality)) = wish(range)
                && quality > most
            {
                (best, most) = (form, quality);
            }
        }
        best
    }
}

/// `application/openmetrics-text;version=1.0.0;q=0.5`; none of what we do not write. What is no
/// number counts as a refusal.
fn wish(range: &str) -> Option<(Form, f32)> {
    let mut parts = range.split(';').map(str::trim);
    let kind = parts.next()?.to_ascii_lowercase();
    let (mut version, mut quality) = (None, 1.0);
    for part in parts {
        match part.split_once('=') {
            Some((name, said)) if name.trim().eq_ignore_ascii_case("q") => {
                quality = said.trim().parse().unwrap_or(0.0);
            }
            Some((name, said)) if name.trim().eq_ignore_ascii_case("version") => {
                version = Some(said.trim().trim_matches('"'));
            }
            _ => {}
        }
    }
    let form = match (kind.as_str(), version) {
        ("application/openmetrics-text", None | Some("1.0.0")) => Form::OpenMetrics,
        ("text/plain", None | Some("0.0.4")) | ("text/*" | "*/*", _) => Form::Text,
        _ => return None,
    };
    Some((form, quality))
}

#[cfg(test)]
mod tests {
    use super::Form;

    #[test]
    fn what_is_liked_best_is_sent_and_text_to_whoever_does_not_say() {
        for (accept, form) in [
            // Prometheus 2.42 (Debian 12), and 3.
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                Form::OpenMetrics,
            ),
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
                Form::OpenMetrics,
            ),
            // A Prometheus that is told to scrape text, curl, a browser, nothing.
            ("text/plain;version=0.0.4;q=0.5,*/*;q=0.4", Form::Text),
            ("*/*", Form::Text),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Form::Text),
            ("", Form::Text),
            ("application/openmetrics-text", Form::OpenMetrics),
            ("Application/OpenMetrics-Text; Version=\"1.0.0\"; Q=1", Form::OpenMetrics),
            ("application/openmetrics-text;version=0.0.1", Form::Text),
            ("application/openmetrics-text;q=0", Form::Text),
            ("application/openmetrics-text;q=x", Form::Text),
            ("application/openmetrics-text;q=0.2,text/plain;q=0.3", Form::Text),
            ("text/plain,application/openmetrics-text", Form::Text),
        ] {
            assert_eq!(Form::accepted(accept), form, "{accept}");
        }
    }
}
