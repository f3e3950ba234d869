//! Forms, as networks send them instead of JSON (`application/x-www-form-urlencoded`), and queries. Of the
//! feature `form`; they are read by the crate `form_urlencoded`.

/// A field of a form's body, or of a query, that stands there once; none when it is not there, or several times
/// and so means nothing certain.
pub fn field(form: &[u8], name: &str) -> Option<String> {
    let mut found = fields(form).filter(|(field, _)| field == name);
    let (_, value) = found.next()?;
    found.next().is_none().then_some(value)
}

/// All fields in order, decoded.
pub fn fields(form: &[u8]) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(form).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded_and_one_that_stands_there_twice_is_none() {
        let form = b"From=%2B48600777123&Body=za%C5%BC%C3%B3%C5%82%C4%87+jutro&a=1&a=2&empty=";
        assert_eq!(field(form, "From").as_deref(), Some("+48600777123"));
        assert_eq!(field(form, "Body").as_deref(), Some("za\u{17c}\u{f3}\u{142}\u{107} jutro"));
        assert_eq!(field(form, "empty").as_deref(), Some(""));
        assert_eq!((field(form, "a"), field(form, "b")), (None, None));
        assert_eq!(fields(form).count(), 5);
    }
}
