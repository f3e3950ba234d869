//! Messages by their names. What one language lacks is said in English, and what English lacks by
//! the message's name; tests see to it that neither happens.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::{FILES, Language};

/// One language's messages.
struct Book {
    messages: FluentBundle<FluentResource>,
    numbers: Numbers,
}

/// How a language writes numbers and lengths: looked up once, as walls write thousands a second.
pub(super) struct Numbers {
    /// Before the fraction.
    pub(super) decimal: String,
    /// Between groups of three digits.
    pub(super) group: String,
    /// Numbers of fewer digits stay together.
    pub(super) group_from: usize,
    /// After seconds, minutes, hours and days: so short that two stand side by side.
    pub(super) short_units: [String; 4],
}

/// In the languages' order.
static BOOKS: LazyLock<Vec<Book>> = LazyLock::new(|| {
    Language::ALL.into_iter().zip(FILES).map(|(of, it)| Book::of(of, it)).collect()
});

impl Book {
    fn of(language: Language, files: [&str; 9]) -> Book {
        let mut messages =
            FluentBundle::new_concurrent(vec![language.id().parse().unwrap_or_default()]);
        // Marks of direction are for languages that are written from the right.
        messages.set_use_isolating(false);
        for file in files {
            // A test reads all files: none is partly broken, and no message stands in two.
            let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(file.to_owned());
            let _ = messages.add_resource(resource);
        }
        let numbers = Numbers {
            decimal: plain(&messages, "number-decimal").unwrap_or_default(),
            group: plain(&messages, "number-group").unwrap_or_default(),
            group_from: plain(&messages, "number-group-from")
                .and_then(|digits| digits.parse().ok())
                .unwrap_or(usize::MAX),
            short_units: ["unit-second", "unit-minute", "unit-hour", "unit-day"]
                .map(|unit| plain(&messages, unit).unwrap_or_default()),
        };
        Book { messages, numbers }
    }

    /// The message, or one of its attributes.
    fn find(
        &self,
        name: &str,
        part: Option<&str>,
        args: Option<&FluentArgs<'_>>,
    ) -> Option<String> {
        let message = self.messages.get_message(name)?;
        let pattern = match part {
            Some(part) => message.get_attribute(part)?.value(),
            None => message.value()?,
        };
        let mut errors = Vec::new();
        Some(self.messages.format_pattern(pattern, args, &mut errors).into_owned())
    }
}

fn plain(messages: &FluentBundle<FluentResource>, name: &str) -> Option<String> {
    let message = messages.get_message(name)?;
    Some(messages.format_pattern(message.value()?, None, &mut Vec::new()).into_owned())
}

impl Language {
    fn book(self) -> &'static Book {
        // One for each language, in their order.
        &BOOKS[self as usize]
    }

    /// How this language writes numbers.
    pub(super) fn numbers(self) -> &'static Numbers {
        &self.book().numbers
    }

    /// The message of that name, if this language has it.
    pub(super) fn has(self, name: &str, part: Option<&str>) -> Option<String> {
        self.book().find(name, part, None)
    }

    /// The message of that name.
    pub fn say(self, name: &str) -> String {
        self.tell::<0>(name, [])
    }

    /// The message of that name, with what is to stand in it. Numbers choose the plural form.
    pub fn tell<const N: usize>(
        self,
        name: &str,
        args: [(&'static str, FluentValue<'_>); N],
    ) -> String {
        let args = FluentArgs::from_iter(args);
        let find = |of: Language| of.book().find(name, None, Some(&args));
        find(self).or_else(|| find(Language::default())).unwrap_or_else(|| name.to_owned())
    }
}
