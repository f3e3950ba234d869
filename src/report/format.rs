//! What a report is written as: one file of a format.

use clap::ValueEnum;

use super::Report;

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A page for a browser, which prints on two sheets.
    Html,
    /// For spreadsheets: one line for each figure.
    Csv,
    /// Everything, for programs.
    Json,
}

impl Format {
    /// What its files' names end in, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Html => "html",
            Format::Csv => "csv",
            Format::Json => "json",
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
