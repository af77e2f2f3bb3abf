//! How a verification ends.

use turnkeep_secret::master_key::MasterKeyId;

use super::finding::Break;
use crate::chain::ChainHead;

/// How a verification ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything holds: every entry, every segment, the head and the anchor.
    Intact(Checked),
    /// Nothing is wrong, but something that matters could not be judged. The doubts say what.
    Unproven(Checked),
    /// Nothing is wrong with the entries that are there; they were chosen, so that others may be missing.
    Partial(Checked),
    /// Something is wrong.
    Broken(Break),
}

/// What was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// How many entries.
    pub entries: u64,
    /// The last position that is pruned; 0 if none is.
    pub pruned_up_to: u64,
    /// The end of the chain.
    pub tip: ChainHead,
    /// What could not be judged, at most one of a kind.
    pub doubts: Vec<Doubt>,
}

/// Something that could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// The seal of the head: entries at the end may have been removed or replaced.
    #[error("the seal of the head was not checked: {0}")]
    HeadSeal(SealDoubt),
    /// The seal of a segment, the first such one: its entries may have been removed by anybody.
    #[error("the seal of the segment from {first} to {last} was not checked: {doubt}")]
    SegmentSeal {
        /// The segment's first position.
        first: u64,
        /// The segment's last position.
        last: u64,
        /// Why.
        doubt: SealDoubt,
    },
    /// The anchor names an entry inside of a pruned stretch.
    #[error("entry {position}, which the anchor names, was pruned")]
    AnchorPruned {
        /// The position of the anchor.
        position: u64,
    },
    /// The anchor names an entry that is not among the chosen ones.
    #[error("entry {position}, which the anchor names, is not in the export")]
    AnchorNotIncluded {
        /// The position of the anchor.
        position: u64,
    },
}

/// Why a seal could not be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealDoubt {
    /// The verification had no master keys.
    #[error("no master key was given")]
    NoKeys,
    /// It was sealed under a master key that is not configured any more, or claims so.
    #[error("the master key {key_id} is not among those given")]
    UnknownKey {
        /// The name of that key.
        key_id: MasterKeyId,
    },
}
