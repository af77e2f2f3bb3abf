//! What remains of entries that were pruned when their time was over: where they began and ended, sealed, so that
//! the rest stays verifiable. Without a segment, removed entries are missing entries.

use turnkeep_domain::id::InstanceId;
use turnkeep_domain::time::Timestamp;

use crate::chain::ChainHead;
use crate::entry_hash::EntryHash;
use crate::seal::Seal;

/// A pruned stretch of the chain. The first one of an instance begins at position 1, each other one where the one
/// before ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The instance.
    pub instance_id: InstanceId,
    /// The position of its first entry.
    pub first_position: u64,
    /// The position of its last entry.
    pub last_position: u64,
    /// The hash of the entry before its first; of the beginning for the first segment.
    pub hash_before_first: EntryHash,
    /// The hash of its last entry.
    pub last_hash: EntryHash,
    /// When its entries were removed.
    pub pruned_at: Timestamp,
}

impl Segment {
    /// The segment that follows the one pruned before, or is the first, and goes up to the given last entry.
    /// `None` if there is nothing in between, or if they belong to different instances.
    ///
    /// Whoever prunes has to verify the entries first: the seal vouches for them afterwards.
    pub fn up_to(last: &ChainHead, previous: Option<&Self>, pruned_at: Timestamp) -> Option<Self> {
        let before = previous.map_or_else(|| ChainHead::genesis(last.instance_id), Self::end);
        if before.instance_id != last.instance_id || last.position <= before.position {
            return None;
        }
        Some(Self {
            instance_id: last.instance_id,
            first_position: before.position.saturating_add(1),
            last_position: last.position,
            hash_before_first: before.hash,
            last_hash: last.hash,
            pruned_at,
        })
    }

    /// The point of the chain from which it goes on.
    pub fn end(&self) -> ChainHead {
        ChainHead { instance_id: self.instance_id, position: self.last_position, hash: self.last_hash }
    }

    /// How many entries it stands for.
    pub fn entries(&self) -> u64 {
        self.last_position.saturating_sub(self.first_position).saturating_add(1)
    }
}

/// A segment with its seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedSegment {
    /// The segment.
    pub segment: Segment,
    /// Its seal.
    pub seal: Seal,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(instance: u8, position: u64) -> ChainHead {
        ChainHead {
            instance_id: InstanceId::from_bytes([instance; 16]),
            position,
            hash: EntryHash::from_bytes([7; 32]),
        }
    }

    #[test]
    fn each_segment_begins_where_the_one_before_ends() {
        let at = Timestamp::from_micros(1);
        let first = Segment::up_to(&head(1, 3), None, at).unwrap();
        let second = Segment::up_to(&head(1, 10), Some(&first), at).unwrap();
        assert_eq!((first.first_position, first.last_position, first.entries()), (1, 3, 3));
        assert_eq!((second.first_position, second.last_position, second.entries()), (4, 10, 7));
        assert_eq!(first.hash_before_first, ChainHead::genesis(head(1, 0).instance_id).hash);
        assert_eq!(second.hash_before_first, first.last_hash);
    }

    #[test]
    fn an_empty_stretch_or_another_instances_is_none() {
        let at = Timestamp::from_micros(1);
        let first = Segment::up_to(&head(1, 3), None, at).unwrap();
        assert_eq!(Segment::up_to(&head(1, 0), None, at), None);
        assert_eq!(Segment::up_to(&head(1, 3), Some(&first), at), None);
        assert_eq!(Segment::up_to(&head(2, 9), Some(&first), at), None);
    }
}
