//! What walls say, in each of their languages: the one place that other modules ask for words.
//!
//! A language is a folder of Fluent files, embedded, and a line below. `wall.ftl` has what the
//! server itself says, `kpis.ftl` what numbers are called, `boards.ftl` the texts of the boards
//! that ship, `pages.ftl` those of pages for people, `screens.ftl` those of pairing,
//! `admin.ftl` those of login and administration, `alerts.ftl` those of alerts, there and on walls, `editor.ftl` those of the editor of boards, `reports.ftl`
//! those of reports. Fluent knows each language's plural forms, and a
//! translator needs no Rust. Knows no
//! tile, no engine and no figure.

mod book;
mod speech;
#[cfg(test)]
mod tests;
mod text;

pub use text::Text;

use crate::words::words;

/// One line for each language: its case, and its folder here, which is its code, too.
macro_rules! languages {
    ($($(#[$meta:meta])+ $Case:ident = $id:tt,)+) => {
        words! {
            /// A wall's language: decides its words, separators and plural forms.
            #[derive(Default)]
            pub enum Language [id, from_id] { $($(#[$meta])+ $Case = $id,)+ }
        }

        impl Language {
            /// Their codes.
            pub const IDS: [&'static str; Language::ALL.len()] = [$($id),+];
        }

        /// The files of each language, in the languages' order.
        static FILES: [[&str; 9]; Language::ALL.len()] = [$([
            include_str!(concat!($id, "/wall.ftl")),
            include_str!(concat!($id, "/kpis.ftl")),
            include_str!(concat!($id, "/boards.ftl")),
            include_str!(concat!($id, "/pages.ftl")),
            include_str!(concat!($id, "/admin.ftl")),
            include_str!(concat!($id, "/alerts.ftl")),
            include_str!(concat!($id, "/screens.ftl")),
            include_str!(concat!($id, "/reports.ftl")),
            include_str!(concat!($id, "/editor.ftl")),
        ],)+];
    };
}

languages! {
    /// English: 1,017 and 81.1.
    #[default]
    English = "en",
    /// Polish.
    Polish = "pl",
    /// Russian.
    Russian = "ru",
    /// Ukrainian.
    Ukrainian = "uk",
}
