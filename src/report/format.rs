//! What a report is written as: one file of a format.

use super::Report;

pub use crate::config::model::ReportFormat as Format;

impl Format {
    /// What its files' names end in, without the dot.
    pub fn extension(self) -> &'static str {
        self.word()
    }

    /// What it is called on its way: a media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Html => "text/html; charset=utf-8",
            Format::Csv => "text/csv; charset=utf-8",
            Format::Json => "application/json",
        }
    }
}

impl Report {
    /// The whole file of that format.
    pub fn written(&self, format: Format) -> Result<String, serde_json::Error> {
        Ok(match format {
            Format::Html => self.to_html(),
            Format::Csv => self.to_csv(),
            Format::Json => serde_json::to_string_pretty(self)? + "\n",
        })
    }
}
