//! What kind of thing a file is, by the end of its name.

/// Those that desks, telephone systems and mail programs leave in folders.
const BY_ENDING: [(&str, &str); 22] = [
    ("csv", "text/csv"),
    ("eml", "message/rfc822"),
    ("gz", "application/gzip"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("ics", "text/calendar"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("jsonl", "application/x-ndjson"),
    ("log", "text/plain"),
    ("mp3", "audio/mpeg"),
    ("ndjson", "application/x-ndjson"),
    ("ogg", "audio/ogg"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("tsv", "text/tab-separated-values"),
    ("txt", "text/plain"),
    ("vcf", "text/vcard"),
    ("wav", "audio/wav"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml"),
    ("zip", "application/zip"),
];

/// Of a mail.
pub const MAIL: &str = "message/rfc822";

/// Of a file; what is not known is just bytes.
pub fn of(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let known = ending
        .and_then(|ending| BY_ENDING.iter().find(|(known, _)| *known == ending).map(|it| it.1));
    known.unwrap_or("application/octet-stream")
}

#[test]
fn the_end_of_a_name_tells() {
    assert_eq!(of("Report.CSV"), "text/csv");
    assert_eq!(of("mail.eml"), MAIL);
    assert_eq!(of("csv"), "application/octet-stream");
}
