//! What is wrong with a template, or with its values.

/// Why a text is not understood or cannot be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TextError {
    /// Something in the template is not understood, or not in this place. Only parsing finds it.
    #[error("at character {at}: found {found}, expected {expected}")]
    Template {
        /// The place, counted in characters from 1.
        at: usize,
        /// What stands there.
        found: String,
        /// What may stand there.
        expected: String,
    },
    /// A query of the text failed.
    #[error("the query `{expression}` failed: {why}")]
    Query {
        /// The expression that was asked.
        expression: String,
        /// What the server of the query said.
        why: String,
    },
    /// The query before `first` returned nothing.
    #[error("`first` found an empty list, expected a list with at least one sample")]
    NoSample,
    /// A function that needs a number was given a string that is none.
    #[error(
        "`{function}` found the string {found:?}, expected a number or a decimal number as a \
         string, for example \"1.5\""
    )]
    NotNumber {
        /// The function.
        function: &'static str,
        /// The string.
        found: String,
    },
    /// The text, or a string that is computed for it, is too long to be kept.
    #[error("found a text longer than {max} bytes, expected at most that many")]
    TooLong {
        /// How long it may be.
        max: usize,
    },
    /// A value is of a kind that its place does not take. Parsing finds this, so a text that was
    /// parsed does not fail with it.
    #[error("found {found}, expected {expected}")]
    Kind {
        /// What the value is.
        found: &'static str,
        /// What may stand there.
        expected: &'static str,
    },
}

/// A template that is read, to name places in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'t>(pub(super) &'t str);

impl<'t> Source<'t> {
    /// What stands in the template from a byte on.
    pub(super) fn from(self, byte: usize) -> &'t str {
        self.0.get(byte..).unwrap_or_default()
    }

    /// The place of a byte as errors name it: counted in characters from 1.
    pub(super) fn place(self, byte: usize) -> usize {
        1 + self.0.char_indices().take_while(|(start, _)| *start < byte).count()
    }

    /// The error about what stands at a byte.
    pub(super) fn wrong(
        self,
        byte: usize,
        found: impl Into<String>,
        expected: impl Into<String>,
    ) -> TextError {
        let at = self.place(byte);
        TextError::Template { at, found: found.into(), expected: expected.into() }
    }
}
