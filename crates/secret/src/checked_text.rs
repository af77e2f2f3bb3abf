//! The text form of 256 random bits: a prefix, 52 characters of base 32 and a checksum of 7, so that a typing
//! error is seen without asking anybody. The checksum is no protection against an attacker.

use zeroize::Zeroizing;

/// Crockford's alphabet in lower case: no `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const BODY_CHARACTERS: usize = 52;
const CHECKSUM_CHARACTERS: usize = 7;

/// Characters after the prefix.
const TAIL_CHARACTERS: usize = BODY_CHARACTERS + CHECKSUM_CHARACTERS;

pub(crate) fn encode(prefix: &str, bytes: &[u8; 32]) -> String {
    let mut text = String::with_capacity(prefix.len() + TAIL_CHARACTERS);
    text.push_str(prefix);
    let (mut pending, mut pending_bits) = (0_u32, 0_u32);
    for byte in bytes {
        pending = (pending << 8) | u32::from(*byte);
        pending_bits += 8;
        while 5 <= pending_bits {
            pending_bits -= 5;
            text.push(character(pending >> pending_bits));
        }
    }
    // 256 bits leave one over; it goes to the front of the last character.
    text.push(character(pending << (5 - pending_bits)));
    let checksum = crc32(text.as_bytes());
    for position in (0..CHECKSUM_CHARACTERS).rev() {
        text.push(character(u32::try_from(u64::from(checksum) >> (5 * position)).unwrap_or(0)));
    }
    text
}

/// Whether the text is the prefix with a well-formed body and the right checksum.
pub(crate) fn is_intact(prefix: &str, text: &str) -> bool {
    decode(prefix, text).is_some()
}

/// The bytes again; `None` for anything that [`encode`] does not make.
pub(crate) fn decode(prefix: &str, text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let tail = text.strip_prefix(prefix)?;
    if tail.len() != TAIL_CHARACTERS {
        return None;
    }
    let mut bytes = Zeroizing::new([0_u8; 32]);
    let mut free = bytes.iter_mut();
    let (mut pending, mut pending_bits) = (0_u32, 0_u32);
    for byte in tail.bytes().take(BODY_CHARACTERS) {
        pending = (pending << 5) | digit(byte)?;
        pending_bits += 5;
        if 8 <= pending_bits {
            pending_bits -= 8;
            *free.next()? = u8::try_from((pending >> pending_bits) & 0xff).ok()?;
        }
    }
    // One text per value: encoding again also settles the unused bits and the checksum.
    let again = Zeroizing::new(encode(prefix, &bytes));
    (*again == text).then_some(bytes)
}

fn character(bits: u32) -> char {
    let index = usize::try_from(bits & 31).unwrap_or(0);
    char::from(ALPHABET.get(index).copied().unwrap_or(b'0'))
}

fn digit(byte: u8) -> Option<u32> {
    let index = ALPHABET.iter().position(|candidate| *candidate == byte)?;
    u32::try_from(index).ok()
}

/// CRC-32 of ISO-HDLC, as in gzip (RFC 1952 §8). It finds every error within 32 neighbouring bits: each wrong
/// character and each swap of two neighbours.
fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            let mask = (crc & 1).wrapping_neg();
            crc = (crc >> 1) ^ (0xedb8_8320 & mask);
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc_check_value() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn text_form_round_trips() {
        for bytes in [[0; 32], [0xff; 32], std::array::from_fn(|i| u8::try_from(i * 7 % 256).unwrap())] {
            let text = encode("tkxx_", &bytes);
            assert_eq!(text.len(), 5 + 59);
            assert_eq!(decode("tkxx_", &text).as_deref(), Some(&bytes));
            assert!(!is_intact("tkyy_", &text));
        }
    }

    #[test]
    fn unused_bits_of_the_last_character_are_zero() {
        let text = encode("t_", &[0; 32]);
        let mut body: Vec<u8> = text.bytes().take(2 + 51).collect();
        body.push(b'1');
        let mut forged = String::from_utf8(body).unwrap();
        let checksum = crc32(forged.as_bytes());
        for position in (0..7).rev() {
            forged.push(character(u32::try_from(u64::from(checksum) >> (5 * position)).unwrap()));
        }
        assert_eq!(forged.len(), text.len());
        assert!(!is_intact("t_", &forged));
    }

    #[test]
    fn every_wrong_character_and_every_swap_is_seen() {
        let text = encode("t_", &std::array::from_fn(|i| u8::try_from(i * 37 % 256).unwrap()));
        for index in 2..text.len() {
            for replacement in ALPHABET {
                let mut other = text.clone().into_bytes();
                let differs = other[index] != *replacement;
                other[index] = *replacement;
                assert_eq!(is_intact("t_", std::str::from_utf8(&other).unwrap()), !differs);
            }
            if index + 1 < text.len() {
                let mut other = text.clone().into_bytes();
                other.swap(index, index + 1);
                let same = other == text.as_bytes();
                assert_eq!(is_intact("t_", std::str::from_utf8(&other).unwrap()), same);
            }
        }
    }
}
