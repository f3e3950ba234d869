//! A report as a letter: a page that mail programs show (tables, styles in place, no script, nothing to
//! load) and the same as plain text, in any language of the walls.

mod html;
mod text;
mod words;

use super::Report;
use crate::language::Language;
pub use words::weekday;

/// What is said in a letter beside the report itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// Where the same report is a page.
    pub link: Option<String>,
    /// Which `[report.NAME]` sends it; none where somebody looks at it.
    pub sent_by: Option<String>,
    /// Which queue or channel it is about, by its title.
    pub about: Option<String>,
}

/// A report, written to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// A line.
    pub subject: String,
    /// For programs that show no HTML.
    pub text: String,
    /// A page with nothing to load.
    pub html: String,
}

impl Report {
    /// The report in a language.
    pub fn letter(&self, language: Language, around: &Around) -> Letter {
        let said = words::Said { report: self, language, around };
        let about = around.about.as_ref().map(|it| format!(" · {it}")).unwrap_or_default();
        Letter {
            subject: format!("{} {} · {}{about}", said.kind(), said.dates(), self.site),
            text: text::page(&said),
            html: html::page(&said),
        }
    }
}
