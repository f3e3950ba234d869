//! What somebody else's program says, without what it may quote of a customer.

/// The text without quotations and numbers.
pub(crate) fn without_values(text: &str) -> String {
    without_numbers(&without_quotations(text))
}

/// From the first mark to the last, because what is quoted may contain marks too.
fn without_quotations(text: &str) -> String {
    let mut text = text.to_owned();
    for (open, close) in [('"', '"'), ('`', '`'), ('\'', '\''), ('“', '”'), ('‘', '’'), ('«', '»')]
    {
        let Some(first) = text.find(open) else { continue };
        let start = first + open.len_utf8();
        // A quotation that has been cut off goes to the end.
        let last = text.rfind(close).filter(|last| *last >= start);
        let end = last.unwrap_or(text.len());
        text.replace_range(start..end, "…");
    }
    text
}

/// Bare numbers too: a telephone number needs no quotation marks. One or two digits behind a letter
/// belong to a word, such as `u64`.
pub(crate) fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(char::is_numeric) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| !c.is_numeric()).unwrap_or(from.len());
        let (number, after) = from.split_at(end);
        out.push_str(before);
        let is_in_word = before.ends_with(char::is_alphabetic) && number.chars().count() <= 2;
        out.push_str(if is_in_word { number } else { "…" });
        rest = after;
    }
    out + rest
}
