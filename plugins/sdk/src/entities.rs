//! Characters that HTML writes by name, as numbers: the parser of mails finds no name once it is compiled for
//! WebAssembly (its table is made for machines of 64 bits).

/// HTML's names of Latin-1, and those of most use in mails; sorted.
const NAMES: [(&str, u32); 120] = [
    ("AElig", 198),
    ("Aacute", 193),
    ("Acirc", 194),
    ("Agrave", 192),
    ("Aring", 197),
    ("Atilde", 195),
    ("Auml", 196),
    ("Ccedil", 199),
    ("ETH", 208),
    ("Eacute", 201),
    ("Ecirc", 202),
    ("Egrave", 200),
    ("Euml", 203),
    ("Iacute", 205),
    ("Icirc", 206),
    ("Igrave", 204),
    ("Iuml", 207),
    ("Ntilde", 209),
    ("Oacute", 211),
    ("Ocirc", 212),
    ("Ograve", 210),
    ("Oslash", 216),
    ("Otilde", 213),
    ("Ouml", 214),
    ("THORN", 222),
    ("Uacute", 218),
    ("Ucirc", 219),
    ("Ugrave", 217),
    ("Uuml", 220),
    ("Yacute", 221),
    ("aacute", 225),
    ("acirc", 226),
    ("acute", 180),
    ("aelig", 230),
    ("agrave", 224),
    ("amp", 38),
    ("apos", 39),
    ("aring", 229),
    ("atilde", 227),
    ("auml", 228),
    ("bdquo", 8222),
    ("brvbar", 166),
    ("bull", 8226),
    ("ccedil", 231),
    ("cedil", 184),
    ("cent", 162),
    ("copy", 169),
    ("curren", 164),
    ("deg", 176),
    ("divide", 247),
    ("eacute", 233),
    ("ecirc", 234),
    ("egrave", 232),
    ("emsp", 8195),
    ("ensp", 8194),
    ("eth", 240),
    ("euml", 235),
    ("euro", 8364),
    ("frac12", 189),
    ("frac14", 188),
    ("frac34", 190),
    ("gt", 62),
    ("hellip", 8230),
    ("iacute", 237),
    ("icirc", 238),
    ("iexcl", 161),
    ("igrave", 236),
    ("iquest", 191),
    ("iuml", 239),
    ("laquo", 171),
    ("ldquo", 8220),
    ("lsaquo", 8249),
    ("lsquo", 8216),
    ("lt", 60),
    ("macr", 175),
    ("mdash", 8212),
    ("micro", 181),
    ("middot", 183),
    ("nbsp", 160),
    ("ndash", 8211),
    ("not", 172),
    ("ntilde", 241),
    ("oacute", 243),
    ("ocirc", 244),
    ("ograve", 242),
    ("ordf", 170),
    ("ordm", 186),
    ("oslash", 248),
    ("otilde", 245),
    ("ouml", 246),
    ("para", 182),
    ("plusmn", 177),
    ("pound", 163),
    ("quot", 34),
    ("raquo", 187),
    ("rdquo", 8221),
    ("reg", 174),
    ("rsaquo", 8250),
    ("rsquo", 8217),
    ("sbquo", 8218),
    ("sect", 167),
    ("shy", 173),
    ("sup1", 185),
    ("sup2", 178),
    ("sup3", 179),
    ("szlig", 223),
    ("thinsp", 8201),
    ("thorn", 254),
    ("times", 215),
    ("trade", 8482),
    ("uacute", 250),
    ("ucirc", 251),
    ("ugrave", 249),
    ("uml", 168),
    ("uuml", 252),
    ("yacute", 253),
    ("yen", 165),
    ("yuml", 255),
    ("zwj", 8205),
    ("zwnj", 8204),
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
                out.push('#');
                out.push_str(&number.to_string());
                out.push_str(piece.get(name.len()..).unwrap_or_default());
            }
            None => out.push_str(piece),
        }
    }
    out
}

fn number(name: &str) -> Option<u32> {
    let place = NAMES.binary_search_by_key(&name, |(known, _)| known).ok()?;
    NAMES.get(place).map(|(_, number)| *number)
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
        assert!(NAMES.is_sorted_by_key(|(name, _)| *name));
        assert_eq!((number("times"), number("divide")), (Some(215), Some(247)));
    }
}
