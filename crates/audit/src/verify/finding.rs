//! What can be wrong with a chain. It is a finding and no fault of ours.

/// The first thing that is wrong, with its position. Its text is for the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// The content of an entry does not have its hash.
    #[error("entry {position} was changed: its content does not have its hash")]
    EntryChanged {
        /// The entry.
        position: u64,
    },
    /// An entry names another predecessor than the one that is there.
    #[error("entry {position} does not follow the entry before it: one of the two was replaced")]
    LinkBroken {
        /// The entry that names another predecessor.
        position: u64,
    },
    /// What is stored for an entry cannot be read as one.
    #[error("entry {position} cannot be read: it was changed")]
    EntryUnreadable {
        /// The entry.
        position: u64,
    },
    /// Entries are missing before others.
    #[error("entries {first} to {last} are missing")]
    EntriesMissing {
        /// The first that is missing.
        first: u64,
        /// The last that is missing.
        last: u64,
    },
    /// Entries are missing at the start, and no segment says that they were pruned.
    #[error("entries {first} to {last} are missing at the start, and no sealed segment stands for them")]
    EntriesMissingAtStart {
        /// The first that is missing.
        first: u64,
        /// The last that is missing.
        last: u64,
    },
    /// A position comes again, or out of order.
    #[error("there is a second entry {position}, or it is out of order")]
    EntryRepeated {
        /// The position.
        position: u64,
    },
    /// An entry that was pruned according to a segment, or one before the first.
    #[error("there is an entry {position}, which should not exist any more")]
    EntryPruned {
        /// The position.
        position: u64,
    },
    /// The chain ends before its head.
    #[error("entries {first} to {last} are missing at the end")]
    EntriesMissingAtEnd {
        /// The first that is missing.
        first: u64,
        /// The last that is missing: the position of the head.
        last: u64,
    },
    /// The chain goes on behind its head.
    #[error("entry {position} is behind the head: it was inserted, or an older head was put back")]
    EntryBehindHead {
        /// The first entry behind the head, or the last one that is there if only some are exported.
        position: u64,
    },
    /// There is no head.
    #[error("the head is missing; the last entry is {last}")]
    HeadMissing {
        /// The position of the last entry.
        last: u64,
    },
    /// The head is that of another chain.
    #[error("the head belongs to another instance")]
    HeadOfOtherInstance,
    /// The last entry does not have the hash that the head says.
    #[error("the head names another entry {position}: this one or some before it were replaced")]
    HeadDiffers {
        /// The position of the head.
        position: u64,
    },
    /// The head was not sealed with our key.
    #[error("the seal of the head at {position} is wrong: the head was changed")]
    HeadSealWrong {
        /// The position that the head says.
        position: u64,
    },
    /// A segment is that of another chain.
    #[error("the segment from {first} to {last} belongs to another instance")]
    SegmentOfOtherInstance {
        /// The first position that the segment says.
        first: u64,
        /// The last position that the segment says.
        last: u64,
    },
    /// A segment was not sealed with our key.
    #[error("the seal of the segment from {first} to {last} is wrong: the segment was changed or forged")]
    SegmentSealWrong {
        /// The first position that the segment says.
        first: u64,
        /// The last position that the segment says.
        last: u64,
    },
    /// A segment does not begin where the one before ended, or ends before it begins.
    #[error("the segment from {first} to {last} should begin at {expected}")]
    SegmentsNotContiguous {
        /// Where it should begin.
        expected: u64,
        /// The first position that the segment says.
        first: u64,
        /// The last position that the segment says.
        last: u64,
    },
    /// A segment names another predecessor than the one that is there.
    #[error("the segment from {first} to {last} does not follow the one before it")]
    SegmentLinkBroken {
        /// The first position that the segment says.
        first: u64,
        /// The last position that the segment says.
        last: u64,
    },
    /// The chain has another entry than the anchor says.
    #[error("entry {position} is not the one that the anchor names: it or some before it were replaced")]
    AnchorDiffers {
        /// The position of the anchor.
        position: u64,
    },
    /// The chain ends before the anchor.
    #[error("the chain ends at {last}, before the anchor: entries up to {anchor} were removed")]
    AnchorBehindEnd {
        /// The position of the anchor.
        anchor: u64,
        /// The position of the last entry.
        last: u64,
    },
}

impl Break {
    /// Where the chain breaks: the position of the first entry that does not hold or is not there. `None` if
    /// the head is that of another chain, which says nothing about any entry.
    pub const fn position(&self) -> Option<u64> {
        match *self {
            Self::EntryChanged { position }
            | Self::LinkBroken { position }
            | Self::EntryUnreadable { position }
            | Self::EntryRepeated { position }
            | Self::EntryPruned { position }
            | Self::EntryBehindHead { position }
            | Self::HeadDiffers { position }
            | Self::HeadSealWrong { position }
            | Self::AnchorDiffers { position } => Some(position),
            Self::EntriesMissing { first, .. }
            | Self::EntriesMissingAtStart { first, .. }
            | Self::EntriesMissingAtEnd { first, .. }
            | Self::SegmentOfOtherInstance { first, .. }
            | Self::SegmentSealWrong { first, .. }
            | Self::SegmentsNotContiguous { first, .. }
            | Self::SegmentLinkBroken { first, .. } => Some(first),
            Self::HeadMissing { last } | Self::AnchorBehindEnd { last, .. } => Some(last.saturating_add(1)),
            Self::HeadOfOtherInstance => None,
        }
    }
}
