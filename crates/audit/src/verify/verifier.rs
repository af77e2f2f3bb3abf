//! The verifier: segments first, then entries in the order of their positions, then the head.

use turnkeep_domain::id::InstanceId;

use super::finding::Break;
use super::pruned_part::{check_anchor, check_segments};
use super::verdict::{Checked, Doubt, SealDoubt, Verdict};
use crate::anchor::Anchor;
use crate::chain::{ChainHead, ChainedEntry};
use crate::seal::{SealCheck, SealKeys, SealedHead};
use crate::segment::SealedSegment;

/// Verifies the chain of one instance. Segments, entries and head must come from one and the same state: if the
/// database is in use, from one transaction.
#[derive(Debug)]
pub struct ChainVerifier<'a> {
    segments: &'a [SealedSegment],
    keys: Option<&'a SealKeys>,
    chosen_entries: bool,
    pruned_up_to: u64,
    tip: ChainHead,
    entries: u64,
    anchor: Option<Anchor>,
    /// Whether the chain was seen to pass through the anchor.
    anchored: bool,
    doubts: Vec<Doubt>,
    first_break: Option<Break>,
}

impl<'a> ChainVerifier<'a> {
    /// Begins with the segments, in the order of their positions. Without keys, no seal is judged.
    pub fn new(instance_id: InstanceId, segments: &'a [SealedSegment], keys: Option<&'a SealKeys>) -> Self {
        let (tip, doubts, first_break) = match check_segments(instance_id, segments, keys) {
            Ok(part) => (part.end, part.doubt.into_iter().collect(), None),
            Err(found) => (ChainHead::genesis(instance_id), Vec::new(), Some(found)),
        };
        Self {
            segments,
            keys,
            chosen_entries: false,
            pruned_up_to: tip.position,
            tip,
            entries: 0,
            anchor: None,
            anchored: false,
            doubts,
            first_break,
        }
    }

    /// Entries are chosen by a filter: gaps are no finding, and the verdict is at best [`Verdict::Partial`].
    #[must_use]
    pub fn with_chosen_entries(mut self) -> Self {
        self.chosen_entries = true;
        self
    }

    /// Begins at an entry in the middle, so that only the end is looked at: what is before it is taken as it is, unless
    /// that is a segment.
    #[must_use]
    pub fn beginning_at(mut self, first: &ChainedEntry) -> Self {
        let before = first.entry.position.saturating_sub(1);
        if self.pruned_up_to < before {
            self.tip = ChainHead { position: before, hash: first.previous_hash, ..self.tip };
        }
        self
    }

    /// The chain must pass through this anchor.
    #[must_use]
    pub fn with_anchor(mut self, anchor: Anchor) -> Self {
        self.anchor = Some(anchor);
        if anchor.position <= self.pruned_up_to && self.first_break.is_none() {
            match check_anchor(self.tip.instance_id, self.segments, anchor) {
                Ok(doubt) => {
                    self.anchored = doubt.is_none();
                    self.doubts.extend(doubt);
                }
                Err(found) => self.first_break = Some(found),
            }
        }
        self
    }

    /// Takes the next entry. After the first break, entries are not looked at any more.
    pub fn feed(&mut self, chained: &ChainedEntry) {
        if self.first_break.is_some() {
            return;
        }
        match self.check_place(chained).and_then(|()| self.check_content(chained)) {
            Ok(()) => {
                self.tip = chained.head(self.tip.instance_id);
                self.entries = self.entries.saturating_add(1);
            }
            Err(found) => self.first_break = Some(found),
        }
    }

    /// Takes note of an entry that could not be read.
    pub fn feed_unreadable(&mut self, position: u64) {
        self.first_break.get_or_insert(Break::EntryUnreadable { position });
    }

    /// What was found so far: a reason not to read on.
    pub fn first_break(&self) -> Option<&Break> {
        self.first_break.as_ref()
    }

    fn check_place(&self, chained: &ChainedEntry) -> Result<(), Break> {
        let position = chained.entry.position;
        let first = self.tip.position.saturating_add(1);
        if position <= self.pruned_up_to {
            return Err(Break::EntryPruned { position });
        }
        if position < first {
            return Err(Break::EntryRepeated { position });
        }
        if position == first {
            let follows = chained.previous_hash == self.tip.hash;
            return if follows { Ok(()) } else { Err(Break::LinkBroken { position }) };
        }
        let last = position.saturating_sub(1);
        if self.chosen_entries {
            Ok(())
        } else if self.tip.position == 0 {
            Err(Break::EntriesMissingAtStart { first, last })
        } else {
            Err(Break::EntriesMissing { first, last })
        }
    }

    fn check_content(&mut self, chained: &ChainedEntry) -> Result<(), Break> {
        let position = chained.entry.position;
        if !chained.has_its_hash(self.tip.instance_id) {
            return Err(Break::EntryChanged { position });
        }
        if let Some(anchor) = self.anchor.filter(|anchor| anchor.position == position) {
            if anchor.hash != chained.hash {
                return Err(Break::AnchorDiffers { position });
            }
            self.anchored = true;
        }
        Ok(())
    }

    /// Ends with the head. `None` if there is none, which is a finding unless entries were chosen.
    pub fn finish(mut self, head: Option<&SealedHead>) -> Verdict {
        let found =
            self.first_break.or_else(|| self.check_head(head).and_then(|()| self.check_end(head)).err());
        if let Some(found) = found {
            return Verdict::Broken(found);
        }
        let unproven = !self.doubts.is_empty();
        let checked = Checked {
            entries: self.entries,
            pruned_up_to: self.pruned_up_to,
            tip: self.tip,
            doubts: self.doubts,
        };
        if self.chosen_entries {
            Verdict::Partial(checked)
        } else if unproven {
            Verdict::Unproven(checked)
        } else {
            Verdict::Intact(checked)
        }
    }

    fn check_head(&mut self, sealed: Option<&SealedHead>) -> Result<(), Break> {
        let last = self.tip.position;
        let Some(sealed) = sealed else {
            return if self.chosen_entries { Ok(()) } else { Err(Break::HeadMissing { last }) };
        };
        let head = &sealed.head;
        if head.instance_id != self.tip.instance_id {
            return Err(Break::HeadOfOtherInstance);
        }
        self.check_head_seal(sealed)?;
        if head.position < last {
            let first_behind = if self.chosen_entries { last } else { head.position.saturating_add(1) };
            return Err(Break::EntryBehindHead { position: first_behind });
        }
        if last < head.position && !self.chosen_entries {
            let first = last.saturating_add(1);
            return Err(Break::EntriesMissingAtEnd { first, last: head.position });
        }
        if last == head.position && self.tip.hash != head.hash {
            return Err(Break::HeadDiffers { position: last });
        }
        Ok(())
    }

    fn check_head_seal(&mut self, sealed: &SealedHead) -> Result<(), Break> {
        let position = sealed.head.position;
        let doubt = match self.keys.map(|keys| keys.check_head(sealed)) {
            Some(SealCheck::Genuine | SealCheck::GenuineUnderPreviousKey) => return Ok(()),
            Some(SealCheck::Wrong) => return Err(Break::HeadSealWrong { position }),
            Some(SealCheck::UnknownKey) => SealDoubt::UnknownKey { key_id: sealed.seal.key_id() },
            None => SealDoubt::NoKeys,
        };
        // An anchor at the very end says all that the seal could say.
        if self.anchor != Some(sealed.head.anchor()) {
            self.doubts.push(Doubt::HeadSeal(doubt));
        }
        Ok(())
    }

    /// Compares the anchor with the end of the chain: the head, which is also the tip unless entries were chosen.
    fn check_end(&mut self, head: Option<&SealedHead>) -> Result<(), Break> {
        let Some(Anchor { position, hash }) = self.anchor else { return Ok(()) };
        if let Some(SealedHead { head, .. }) = head {
            if head.position < position {
                return Err(Break::AnchorBehindEnd { anchor: position, last: head.position });
            }
            if head.position == position {
                self.anchored = head.hash == hash;
                return if self.anchored { Ok(()) } else { Err(Break::AnchorDiffers { position }) };
            }
        }
        if !self.anchored && self.pruned_up_to < position {
            self.doubts.push(Doubt::AnchorNotIncluded { position });
        }
        Ok(())
    }
}
