//! The words of pages for people: the list of boards, and how a number is made. They are in
//! `pages.ftl` of each language.

use super::format::Language;

/// A word of a page.
pub struct PageWords(&'static str);

impl PageWords {
    /// In that language.
    pub fn in_language(&self, language: Language) -> String {
        language.say(self.0)
    }
}

macro_rules! page_words {
    ($($(#[$meta:meta])+ $NAME:ident = $message:literal;)+) => {
        $($(#[$meta])+ pub const $NAME: PageWords = PageWords($message);)+
    };
}

page_words! {
    /// Heading of the list.
    BOARDS = "page-boards";
    /// What to do with the list.
    HOW_TO = "page-how-to";
    /// There is none.
    NO_BOARDS = "page-no-boards";
    /// A board's file is good.
    FILE_OK = "page-file-ok";
    /// A board's file is bad, and what was good before is shown.
    FILE_BAD_SHOWN = "page-file-bad-shown";
    /// A board's file is bad.
    FILE_BAD = "page-file-bad";
    /// Before a number.
    SCREENS = "page-screens";
    /// How this number is made.
    RECEIPT = "page-receipt";
    /// Of the figure's course.
    LAST_HOUR = "page-last-hour";
    /// The last hour cannot be drawn.
    NO_COURSE = "page-no-course";
    /// Heading of the definition.
    MEANING = "page-meaning";
    /// The formula in words.
    FORMULA = "page-formula";
    /// Counts in the formula.
    COUNTS = "page-counts";
    /// Thresholds in the formula.
    THRESHOLDS = "page-thresholds";
    /// The span of time.
    WINDOW = "page-window";
    /// A state has no span.
    AT_THIS_MOMENT = "page-at-this-moment";
    /// Channels and how fresh they are.
    CHANNELS = "page-channels";
    /// No channel feeds it.
    NO_CHANNELS = "page-no-channels";
    /// The last event of a channel.
    LAST_EVENT = "page-last-event";
    /// No event of a channel.
    NEVER = "page-never";
    /// Feeds.
    LIVE = "page-live";
    /// Feeds.
    LATE = "page-late";
    /// Feeds.
    SILENT = "page-silent";
    /// Other formulas on the same counts.
    VARIANTS = "page-variants";
    /// Rows of a table.
    ROWS = "page-rows";
    /// All rows of a table together.
    ALL_ROWS = "page-all-rows";
    /// Beside the code.
    TAKE_IT = "page-take-it";
    /// The code leads to this machine only.
    ONLY_HERE = "page-only-here";
    /// No figure.
    NO_DATA = "page-no-data";
    /// No figure.
    NOT_APPLICABLE = "page-not-applicable";
    /// No figure.
    CONCEALED = "page-concealed";
    /// Before a clock time.
    AS_OF = "page-as-of";
}
