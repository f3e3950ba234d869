//! Characters that HTML writes by name, as numbers: the parser of mails finds no name once it is compiled for
//! WebAssembly (its table is made for machines of 64 bits).

/// Of most use in mails, with their numbers.
const COMMON: [(&str, u32); 26] = [
    ("nbsp", 160),
    ("amp", 38),
    ("lt", 60),
    ("gt", 62),
    ("quot", 34),
    ("apos", 39),
    ("hellip", 8230),
    ("ndash", 8211),
    ("mdash", 8212),
    ("lsquo", 8216),
    ("rsquo", 8217),
    ("sbquo", 8218),
    ("ldquo", 8220),
    ("rdquo", 8221),
    ("bdquo", 8222),
    ("lsaquo", 8249),
    ("rsaquo", 8250),
    ("bull", 8226),
    ("euro", 8364),
    ("trade", 8482),
    ("zwnj", 8204),
    ("zwj", 8205),
    ("ensp", 8194),
    ("emsp", 8195),
    ("thinsp", 8201),
    ("shy", 173),
];

/// HTML's names of Latin-1 from 160 on.
const LATIN_1: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf",
    "laquo", "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro",
    "para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest",
    "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute",
    "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute",
    "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute",
    "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
    "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde",
    "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc",
    "uuml", "yacute", "thorn", "yuml",
];

/// HTML in which the known names of characters are numbers.
pub(crate) fn numbered(html: &str) -> String {
    let mut pieces = html.split('&');
    let mut out = String::with_capacity(html.len());
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        out.push('&');
        let end = piece.bytes().take(8).position(|byte| byte == b';');
        let name = end.and_then(|end| piece.get(..end)).unwrap_or_default();
        match number(name) {
            Some(number) => {
                out.push_str(&format!("#{number}"));
                out.push_str(piece.get(name.len()..).unwrap_or_default());
            }
            None => out.push_str(piece),
        }
    }
    out
}

fn number(name: &str) -> Option<u32> {
    if let Some((_, number)) = COMMON.iter().find(|(known, _)| *known == name) {
        return Some(*number);
    }
    let place = LATIN_1.iter().position(|known| *known == name)?;
    u32::try_from(place).ok()?.checked_add(160)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_numbers_and_what_is_no_name_stays() {
        assert_eq!(numbered("a &amp; b&nbsp;&oacute;&yuml;"), "a &#38; b&#160;&#243;&#255;");
        for same in ["", "plain", "&", "&&", "&;", "&#380;", "&unknown;", "a&b=c;d", "&\u{17c};"] {
            assert_eq!(numbered(same), same);
        }
        assert_eq!((number("times"), number("divide")), (Some(215), Some(247)));
    }
}
