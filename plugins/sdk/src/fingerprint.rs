//! Fingerprints: short marks by which things are known again without being kept.

/// Of a text or of bytes, by FNV-1a with 64 bits: the same on every machine and in every version, so it may stand
/// in ids of events and in snapshots. It is no secret and withstands nobody who wants two things to look alike.
///
/// ```
/// # use tablica_plugin::fingerprint;
/// assert_eq!(format!("{:016x}", fingerprint("foobar")), "85944171f73967e8");
/// ```
pub fn fingerprint(of: impl AsRef<[u8]>) -> u64 {
    go_on(EMPTY, of.as_ref())
}

/// Of several parts. `end` closes each of them, so that `ab`, `c` is not `a`, `bc`: a byte that stands in none, such
/// as 0, or 0xff, which is in no text.
///
/// ```
/// # use tablica_plugin::{fingerprint, fingerprint_of};
/// assert_eq!(fingerprint_of(["ab", "c"], 0), fingerprint("ab\0c\0"));
/// ```
pub fn fingerprint_of<P: AsRef<[u8]>>(parts: impl IntoIterator<Item = P>, end: u8) -> u64 {
    parts.into_iter().fold(EMPTY, |hash, part| go_on(go_on(hash, part.as_ref()), &[end]))
}

/// Fifteen bits of a fingerprint, never 0: enough to tell whether it is the same once more, too few to find out who
/// or what it was. Which 0 means is the plugin's own.
///
/// ```
/// # use tablica_plugin::{fingerprint, mark};
/// assert_eq!(mark("foobar"), fingerprint("foobar") as u16 | 1);
/// ```
pub fn mark(of: impl AsRef<[u8]>) -> u16 {
    let [low, high, ..] = fingerprint(of).to_le_bytes();
    u16::from_le_bytes([low, high]) | 1
}

/// Of nothing.
const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;

fn go_on(hash: u64, bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(hash, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_fnv_1a() {
        // Of the authors' own test vectors.
        for (of, expected) in [
            ("", 0xcbf2_9ce4_8422_2325),
            ("a", 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0x8594_4171_f739_67e8),
        ] {
            assert_eq!(fingerprint(of), expected, "{of:?}");
        }
        assert_eq!(fingerprint([0x61_u8]), fingerprint("a"));
    }

    #[test]
    fn parts_are_not_what_they_are_in_one() {
        assert_ne!(fingerprint_of(["ab", "c"], 0xff), fingerprint_of(["a", "bc"], 0xff));
        assert_ne!(fingerprint_of(["a"], 0xff), fingerprint_of(["a", ""], 0xff));
        assert_eq!(fingerprint_of(["a"], 0), fingerprint("a\0"));
        assert_eq!(fingerprint_of::<&str>([], 0), fingerprint(""));
    }
}
