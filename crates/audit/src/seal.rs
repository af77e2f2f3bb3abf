//! Seals: MACs under a key that the database does not have. Whoever can write to the database can hash a whole
//! chain anew, but cannot seal its head. An old head with its old seal passes; only an [anchor](crate::anchor)
//! notices that.

use std::fmt;

use hmac::Hmac;
use sha2::Sha256;
use turnkeep_secret::derived_mac::{DerivedMacKeys, KeyedMac, MacCheck};
use turnkeep_secret::master_key::MasterKeys;

use crate::canonical::Canonical;
use crate::chain::ChainHead;
use crate::segment::{SealedSegment, Segment};

const KEY_LABEL: &str = "turnkeep audit seal key v1";

/// A MAC of a head or a segment, with the name of the master key it was made under. It is no secret.
pub type Seal = KeyedMac;

/// The head of a chain with its seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedHead {
    /// The head.
    pub head: ChainHead,
    /// Its seal.
    pub seal: Seal,
}

/// What a seal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealCheck {
    /// It is genuine.
    Genuine,
    /// It is genuine, but should be made again under the current key.
    GenuineUnderPreviousKey,
    /// It was made for something else, or without the key.
    Wrong,
    /// It names a master key that is not here: it can neither be confirmed nor called wrong.
    UnknownKey,
}

impl From<MacCheck> for SealCheck {
    fn from(check: MacCheck) -> Self {
        match check {
            MacCheck::Match => Self::Genuine,
            MacCheck::MatchUnderPreviousKey => Self::GenuineUnderPreviousKey,
            MacCheck::Mismatch => Self::Wrong,
            MacCheck::UnknownKey => Self::UnknownKey,
        }
    }
}

/// The keys of seals, derived from all master keys. They cannot be printed.
pub struct SealKeys(DerivedMacKeys);

impl SealKeys {
    /// Derives the keys and prepares their state.
    pub fn new(master_keys: &MasterKeys) -> Self {
        Self(DerivedMacKeys::new(master_keys, KEY_LABEL))
    }

    /// Seals the head of a chain under the current key: HMAC-SHA-256 over text `turnkeep audit head v1`, fixed
    /// instance id, number position, fixed hash (notation of [`crate::chain`]).
    pub fn seal_head(&self, head: ChainHead) -> SealedHead {
        SealedHead { head, seal: self.0.tag(|mac| head_message(mac, &head)) }
    }

    /// Whether a head was sealed by somebody who has the key.
    pub fn check_head(&self, sealed: &SealedHead) -> SealCheck {
        self.0.check(&sealed.seal, |mac| head_message(mac, &sealed.head)).into()
    }

    /// Seals what remains of a pruned stretch under the current key: HMAC-SHA-256 over text
    /// `turnkeep audit segment v1`, fixed instance id, number first position, number last position, fixed hash
    /// before the first, fixed hash of the last, and the time of pruning in microseconds as a signed number.
    pub fn seal_segment(&self, segment: Segment) -> SealedSegment {
        SealedSegment { segment, seal: self.0.tag(|mac| segment_message(mac, &segment)) }
    }

    /// Whether a segment was sealed by somebody who has the key.
    pub fn check_segment(&self, sealed: &SealedSegment) -> SealCheck {
        self.0.check(&sealed.seal, |mac| segment_message(mac, &sealed.segment)).into()
    }
}

impl fmt::Debug for SealKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKeys(…)")
    }
}

fn head_message(mac: Hmac<Sha256>, head: &ChainHead) -> Hmac<Sha256> {
    Canonical::labelled(mac, "turnkeep audit head v1")
        .fixed(head.instance_id.as_bytes())
        .number(head.position)
        .fixed(head.hash.as_bytes())
        .into_inner()
}

fn segment_message(mac: Hmac<Sha256>, segment: &Segment) -> Hmac<Sha256> {
    Canonical::labelled(mac, "turnkeep audit segment v1")
        .fixed(segment.instance_id.as_bytes())
        .number(segment.first_position)
        .number(segment.last_position)
        .fixed(segment.hash_before_first.as_bytes())
        .fixed(segment.last_hash.as_bytes())
        .micros(segment.pruned_at.as_micros())
        .into_inner()
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use turnkeep_domain::id::InstanceId;
    use turnkeep_domain::time::Timestamp;
    use turnkeep_secret::master_key::MasterKey;

    use super::*;
    use crate::entry_hash::EntryHash;

    fn keys(bytes: &[u8]) -> SealKeys {
        let lines: Vec<String> =
            bytes.iter().map(|byte| MasterKey::generate([*byte; 32]).to_text().expose().to_owned()).collect();
        SealKeys::new(&MasterKeys::parse(&lines.join("\n")).unwrap())
    }

    fn head() -> ChainHead {
        ChainHead {
            instance_id: InstanceId::from_bytes([1; 16]),
            position: 7,
            hash: EntryHash::from_bytes([2; 32]),
        }
    }

    fn segment() -> Segment {
        Segment {
            instance_id: InstanceId::from_bytes([1; 16]),
            first_position: 1,
            last_position: 7,
            hash_before_first: EntryHash::from_bytes([2; 32]),
            last_hash: EntryHash::from_bytes([3; 32]),
            pruned_at: Timestamp::from_micros(4),
        }
    }

    #[test]
    fn seals_are_pinned() {
        // Stored seals depend on these values. The expected ones were computed with another implementation.
        let keys = keys(&[1]);
        assert_eq!(
            HEXLOWER.encode(keys.seal_head(head()).seal.tag()),
            "956a9bf949992a3ac96525ca4da4c22595addc45bd690910213e5ce347a6b704"
        );
        assert_eq!(
            HEXLOWER.encode(keys.seal_segment(segment()).seal.tag()),
            "88d84a5c131e8abc832b8f6e63981aaee2b6294a13126578768dcc63dabacf57"
        );
    }

    #[test]
    fn what_a_seal_says() {
        let by_first = keys(&[1]).seal_head(head());
        let moved = ChainHead { position: 8, ..head() };
        let changed = ChainHead { hash: EntryHash::from_bytes([9; 32]), ..head() };
        let elsewhere = ChainHead { instance_id: InstanceId::from_bytes([9; 16]), ..head() };
        for (now, head, expected) in [
            (&[1][..], head(), SealCheck::Genuine),
            (&[2, 3, 1], head(), SealCheck::GenuineUnderPreviousKey),
            (&[2, 3], head(), SealCheck::UnknownKey),
            (&[1], moved, SealCheck::Wrong),
            (&[2, 1], changed, SealCheck::Wrong),
            (&[1], elsewhere, SealCheck::Wrong),
        ] {
            let sealed = SealedHead { head, seal: by_first.seal };
            assert_eq!(keys(now).check_head(&sealed), expected, "{now:?} {head:?}");
        }
    }

    #[test]
    fn every_field_of_a_segment_is_sealed() {
        let keys = keys(&[1]);
        let sealed = keys.seal_segment(segment());
        assert_eq!(keys.check_segment(&sealed), SealCheck::Genuine);
        for forged in [
            Segment { instance_id: InstanceId::from_bytes([9; 16]), ..segment() },
            Segment { first_position: 2, ..segment() },
            Segment { last_position: 8, ..segment() },
            Segment { hash_before_first: EntryHash::from_bytes([9; 32]), ..segment() },
            Segment { last_hash: EntryHash::from_bytes([9; 32]), ..segment() },
            Segment { pruned_at: Timestamp::from_micros(5), ..segment() },
        ] {
            let forged = SealedSegment { segment: forged, ..sealed };
            assert_eq!(keys.check_segment(&forged), SealCheck::Wrong, "{forged:?}");
        }
    }

    #[test]
    fn a_seal_under_a_name_that_is_not_its_keys_is_wrong() {
        let keys = keys(&[1, 2]);
        let sealed = keys.seal_head(head());
        let renamed = Seal::from_parts(MasterKey::generate([2; 32]).id(), *sealed.seal.tag());
        assert_eq!(keys.check_head(&SealedHead { seal: renamed, ..sealed }), SealCheck::Wrong);
    }

    #[test]
    fn keys_cannot_be_printed() {
        let keys = keys(&[1, 2]);
        assert_eq!(format!("{keys:?} {keys:#?}"), "SealKeys(…) SealKeys(…)");
        // Each trait below has two implementations for a type that prints, which leaves the call ambiguous.
        trait NoDisplay<Marker> {
            fn holds() {}
        }
        impl<T> NoDisplay<()> for T {}
        impl<T: fmt::Display> NoDisplay<u8> for T {}
        <SealKeys as NoDisplay<_>>::holds();
        trait NoSerialize<Marker> {
            fn holds() {}
        }
        impl<T> NoSerialize<()> for T {}
        impl<T: serde::Serialize> NoSerialize<u8> for T {}
        <SealKeys as NoSerialize<_>>::holds();
    }
}
