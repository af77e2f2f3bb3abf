//! Cursors of lists: a position in a list, sealed so that it can only be used where it was given out.
//!
//! A cursor is no secret, it says where a page ended. But made up or carried to another list, filter or caller it
//! would be a way to ask about records that one does not reach, so it opens nowhere else.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use turnkeep_secret::derived_mac::derived_hmac;
use turnkeep_secret::master_key::{MasterKey, MasterKeys};

use crate::authority::Authority;

/// The use that the key is derived for.
const LABEL: &str = "turnkeep list cursor v1";

/// How many bytes of the MAC a cursor carries.
const TAG_BYTES: usize = 16;

/// The longest cursor that is looked at.
const MAX_CHARACTERS: usize = 2_048;

impl Authority {
    /// Seals a position (what the next page starts after) for one list as one caller sees it.
    pub fn seal_cursor(&self, list: &str, position: &str) -> String {
        seal(&self.master_keys, list, position)
    }

    /// The position, if the cursor was sealed for this list under a master key that is known.
    pub fn open_cursor(&self, list: &str, cursor: &str) -> Option<String> {
        open(&self.master_keys, list, cursor)
    }
}

fn seal(keys: &MasterKeys, list: &str, position: &str) -> String {
    let tag: [u8; 32] = mac(keys.current(), list, position).finalize().into_bytes().into();
    let cursor: Vec<u8> = tag.into_iter().take(TAG_BYTES).chain(position.bytes()).collect();
    BASE64URL_NOPAD.encode(&cursor)
}

fn open(keys: &MasterKeys, list: &str, cursor: &str) -> Option<String> {
    if MAX_CHARACTERS < cursor.len() {
        return None;
    }
    let bytes = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok()?;
    let (tag, position) = bytes.split_first_chunk::<TAG_BYTES>()?;
    let position = std::str::from_utf8(position).ok()?;
    let known = keys.iter().any(|(_, key)| mac(key, list, position).verify_truncated_left(tag).is_ok());
    known.then(|| position.to_owned())
}

fn mac(key: &MasterKey, list: &str, position: &str) -> Hmac<Sha256> {
    let mut mac = derived_hmac(key, LABEL);
    mac.update(list.as_bytes());
    // Neither part has this byte, since no UTF-8 text does: it keeps them apart.
    mac.update(&[0xff]);
    mac.update(position.as_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use turnkeep_testkit::fixtures::numbered_master_keys as keys;

    use super::*;

    #[test]
    fn a_cursor_opens_where_it_was_given_out_and_nowhere_else() {
        let cursor = seal(&keys(&[1]), "tenants", "ten_1 née");
        for (now, list, expected) in [
            (&[1][..], "tenants", Some("ten_1 née")),
            (&[2, 1], "tenants", Some("ten_1 née")),
            (&[2], "tenants", None),
            (&[1], "users", None),
            (&[1], "tenantst", None),
            (&[1], "", None),
        ] {
            assert_eq!(open(&keys(now), list, &cursor).as_deref(), expected, "{now:?} {list}");
        }
    }

    #[test]
    fn an_altered_or_malformed_cursor_does_not_open() {
        let keys = keys(&[1]);
        let cursor = seal(&keys, "tenants", "ten_1");
        for position in 0..cursor.len() {
            let mut altered = cursor.clone().into_bytes();
            altered[position] = if altered[position] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(open(&keys, "tenants", &altered), None, "{position}");
        }
        let long = "A".repeat(1_000_000);
        let beheaded = cursor.strip_prefix(|_: char| true).unwrap();
        let cut: String = cursor.chars().take(20).collect();
        for text in ["", "A", "é", "====", "AAAA", beheaded, &cut, &format!("{cursor}="), &long] {
            assert_eq!(open(&keys, "tenants", text), None);
        }
        assert_eq!(open(&keys, "tenants", &seal(&keys, "tenants", &"x".repeat(2_000))), None);
    }
}
