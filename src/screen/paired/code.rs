//! Tokens and codes: what a screen keeps, and what people read off it.

use zeroize::Zeroizing;

use crate::tokens;
pub(super) use crate::tokens::Hash;

/// The cookie that a screen's token is in.
pub const COOKIE: &str = "tablica_screen";
/// Consonants make no words, and none of these is taken for another or for a digit (RFC 8628, 6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// 20⁸ codes: of 200 that wait and 30 wrong ones that are taken in ten minutes, one in four million
/// finds one.
const CODE_LETTERS: usize = 8;

/// The token's hash; none for what cannot be a token.
pub(super) fn hash_of(token: &str) -> Option<Hash> {
    tokens::is_one(token).then(|| tokens::hash(token))
}

/// A new token, and its hash.
pub(super) fn draw_token() -> Result<(Zeroizing<String>, Hash), String> {
    let token = tokens::draw().map_err(not_drawn)?;
    let hash = tokens::hash(&token);
    Ok((token, hash))
}

/// A new code.
pub(super) fn draw() -> Result<String, String> {
    let mut code = String::with_capacity(CODE_LETTERS);
    while code.len() < CODE_LETTERS {
        let mut bytes = [0; CODE_LETTERS];
        tokens::fill(&mut bytes).map_err(not_drawn)?;
        // Beyond the last multiple of 20 some letters would be more frequent than others.
        let even = bytes.into_iter().filter(|byte| *byte < 240);
        let letters = even.map(|byte| char::from(LETTERS[usize::from(byte % 20)]));
        code.extend(letters.take(CODE_LETTERS - code.len()));
    }
    Ok(code)
}

/// As somebody types it: in any case, with or without the dash.
pub(super) fn normal(typed: &str) -> String {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric).take(2 * CODE_LETTERS);
    letters.map(|letter| letter.to_ascii_uppercase()).collect()
}

/// "BCDF-GHJK", as people read it.
pub fn written(code: &str) -> String {
    match code.split_at_checked(CODE_LETTERS / 2) {
        Some((left, right)) if !right.is_empty() => format!("{left}-{right}"),
        _ => code.to_owned(),
    }
}

fn not_drawn(error: tokens::NoRandom) -> String {
    format!("no token can be drawn: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_eight_consonants_and_is_read_however_it_is_typed() {
        let code = draw().expect("drawn");
        assert_eq!(code.len(), 8);
        assert!(code.bytes().all(|letter| LETTERS.contains(&letter)), "{code}");
        assert_ne!(code, draw().expect("drawn"), "one in 25 thousand million");
        for typed in ["BCDF-GHJK", "bcdf ghjk", " bcdfghjk\n", "B.C.D.F.G.H.J.K"] {
            assert_eq!(normal(typed), "BCDFGHJK", "{typed}");
        }
        assert_eq!(written("BCDFGHJK"), "BCDF-GHJK");
        assert_eq!(written("ж"), "ж", "nothing is cut within a letter");
    }
}
