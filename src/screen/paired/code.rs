//! Tokens and codes: what a screen keeps, and what people read off it.

use rand::TryRng;
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};

/// The cookie that a screen's token is in.
pub const COOKIE: &str = "tablica_screen";
/// 256 bits.
const TOKEN_BYTES: usize = 32;
/// Consonants make no words, and none of these is taken for another or for a digit (RFC 8628, 6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// 20⁸ codes: of 200 that wait and 30 wrong ones that are taken in ten minutes, one in four million
/// finds one.
const CODE_LETTERS: usize = 8;

/// What is known of a token: of it alone nobody makes the token. Tokens are drawn by chance, so that
/// a hash without salt, and a look-up by it, tell nothing.
pub(super) type Hash = [u8; 32];

/// The token's hash; none for what cannot be a token.
pub(super) fn hash_of(token: &str) -> Option<Hash> {
    let is_one = token.len() == 2 * TOKEN_BYTES && token.bytes().all(|b| b.is_ascii_hexdigit());
    is_one.then(|| Sha256::digest(token.as_bytes()).into())
}

/// A new token, and its hash.
pub(super) fn draw_token() -> Result<(String, Hash), String> {
    let mut bytes = [0; TOKEN_BYTES];
    fill(&mut bytes)?;
    let token = hex::encode(bytes);
    let hash = Sha256::digest(token.as_bytes()).into();
    Ok((token, hash))
}

/// A new code.
pub(super) fn draw() -> Result<String, String> {
    let mut code = String::with_capacity(CODE_LETTERS);
    while code.len() < CODE_LETTERS {
        let mut bytes = [0; CODE_LETTERS];
        fill(&mut bytes)?;
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

fn fill(bytes: &mut [u8]) -> Result<(), String> {
    SysRng.try_fill_bytes(bytes).map_err(|error| format!("no token can be drawn: {error}"))
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

    #[test]
    fn a_token_has_256_bits_and_what_is_none_is_not_looked_up() {
        let (token, hash) = draw_token().expect("drawn");
        assert_eq!((token.len(), hash_of(&token)), (64, Some(hash)));
        assert_eq!(hash_of(&token[1..]), None);
        assert_eq!(hash_of(&"g".repeat(64)), None);
    }
}
