//! Forms, as networks send them instead of JSON (`application/x-www-form-urlencoded`, `multipart/form-data`),
//! and queries. Of the feature `form`; the former are read by the crate `form_urlencoded`.

/// Fields of one form in parts; of more the rest is left out.
pub const PARTS_MAX: usize = 1_000;

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

/// A field of a form in parts (`multipart/form-data`, RFC 7578).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// The field's name; empty where it has none.
    pub name: &'a str,
    /// It is a file: its name.
    pub file: Option<&'a str>,
    /// What it says it is, such as `text/plain; charset=utf-8`.
    pub media_type: Option<&'a str>,
    /// What stands in it, as it came.
    pub bytes: &'a [u8],
}

/// The boundary that `Content-Type` names, or without it the one with which the body begins; none when this
/// is no form in parts.
pub fn boundary<'a>(content_type: Option<&'a str>, body: &'a [u8]) -> Option<&'a str> {
    if let Some(content_type) = content_type.filter(|it| !it.trim().is_empty()) {
        let (kind, parameters) = content_type.split_once(';')?;
        if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
            return None;
        }
        return parameter(parameters, "boundary").filter(|it| !it.is_empty());
    }
    let line = body.split(|byte| *byte == b'\n').next()?;
    let line = std::str::from_utf8(line.strip_prefix(b"--")?).ok()?.trim_end();
    (1..=70).contains(&line.len()).then_some(line)
}

/// The parts of a form, in order. A body that is cut off gives those before the cut, and the last one as far
/// as it goes.
pub fn parts<'a>(body: &'a [u8], boundary: &str) -> Vec<Part<'a>> {
    let delimiter = format!("--{boundary}");
    let mut parts = Vec::new();
    let Some(mut rest) = after_delimiter(body, delimiter.as_bytes()).map(|(_, rest)| rest) else {
        return parts;
    };
    while parts.len() < PARTS_MAX && !rest.starts_with(b"--") {
        let (whole, next) = match after_delimiter(rest, delimiter.as_bytes()) {
            Some((whole, next)) => (whole, Some(next)),
            None => (rest, None),
        };
        parts.extend(part(whole));
        let Some(next) = next else { break };
        rest = next;
    }
    parts
}

/// What stands before the next line that begins with the delimiter, and what behind it.
fn after_delimiter<'a>(bytes: &'a [u8], delimiter: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let mut line = 0;
    loop {
        let rest = bytes.get(line..)?;
        if let Some(behind) = rest.strip_prefix(delimiter) {
            let before = bytes.get(..line)?;
            let before = before.strip_suffix(b"\n").unwrap_or(before);
            return Some((before.strip_suffix(b"\r").unwrap_or(before), behind));
        }
        line = line.checked_add(rest.iter().position(|byte| *byte == b'\n')?)?.checked_add(1)?;
    }
}

/// A part without its delimiters: the end of the delimiter's line, headers, an empty line, what stands in it.
fn part(whole: &[u8]) -> Option<Part<'_>> {
    let mut found = Part { name: "", file: None, media_type: None, bytes: &[] };
    let mut rest = whole.get(whole.iter().position(|byte| *byte == b'\n')?.checked_add(1)?..)?;
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let (line, behind) = rest.split_at_checked(end)?;
        rest = behind.get(1..).unwrap_or_default();
        let line = std::str::from_utf8(line).unwrap_or_default().trim();
        if line.is_empty() {
            found.bytes = rest;
            return Some(found);
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.eq_ignore_ascii_case("content-disposition") {
            let parameters = value.split_once(';').map_or("", |(_, parameters)| parameters);
            found.name = parameter(parameters, "name").unwrap_or_default();
            found.file = parameter(parameters, "filename");
        } else if name.eq_ignore_ascii_case("content-type") {
            found.media_type = Some(value.trim());
        }
        if rest.is_empty() {
            return None;
        }
    }
}

/// A parameter of a header, with or without quotation marks.
fn parameter<'a>(mut parameters: &'a str, wanted: &str) -> Option<&'a str> {
    loop {
        let (name, rest) = parameters.split_once('=')?;
        let rest = rest.trim_start();
        let (value, behind) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => rest.split_at(rest.find(';').unwrap_or(rest.len())),
        };
        if name.trim().trim_start_matches(';').trim().eq_ignore_ascii_case(wanted) {
            return Some(value.trim());
        }
        parameters = behind;
    }
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

    /// By RFC 7578, 4.2 and RFC 2046, 5.1.1.
    const FORM: &[u8] =
        b"--xyz\r\nContent-Disposition: form-data; name=\"subject\"\r\n\r\nGood\r\n--day\r\n\
        --xyz\r\ncontent-disposition: form-data; name=file1; filename=\"a.txt\"\r\n\
        Content-Type: text/plain;charset=UTF-8\r\n\r\n\r\n--xyz--\r\nepilogue";

    #[test]
    fn a_form_in_parts_is_read_as_it_came() {
        let parts = parts(FORM, "xyz");
        let [subject, file] = parts.as_slice() else { panic!("{parts:?}") };
        assert_eq!((subject.name, subject.file), ("subject", None));
        assert_eq!(subject.bytes, b"Good\r\n--day");
        assert_eq!((file.name, file.file, file.bytes), ("file1", Some("a.txt"), &b""[..]));
        assert_eq!(file.media_type, Some("text/plain;charset=UTF-8"));
    }

    #[test]
    fn a_form_in_parts_that_is_cut_off_gives_what_is_there() {
        for length in 0..FORM.len() {
            assert!(parts(&FORM[..length], "xyz").len() <= 2, "{length}");
        }
        assert!(b"Good".starts_with(parts(&FORM[..58], "xyz")[0].bytes));
        assert!(parts(b"", "xyz").is_empty() && parts(FORM, "abc").is_empty());
        let many = "--x\n\n1\n".repeat(PARTS_MAX + 5);
        assert_eq!(parts(many.as_bytes(), "x").len(), PARTS_MAX);
    }

    #[test]
    fn the_boundary_is_the_headers_or_that_of_the_first_line() {
        let header = "multipart/form-data; charset=utf-8; Boundary=\"a b\"";
        assert_eq!(boundary(Some(header), b""), Some("a b"));
        assert_eq!(boundary(Some("multipart/form-data; boundary=xyz"), b"--abc"), Some("xyz"));
        assert_eq!(boundary(None, FORM), Some("xyz"));
        for (header, body) in
            [(Some("text/plain; boundary=a"), FORM), (None, b"a=b"), (None, b"--")]
        {
            assert_eq!(boundary(header, body), None, "{header:?}");
        }
    }
}
