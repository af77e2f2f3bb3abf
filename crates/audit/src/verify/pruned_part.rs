//! The pruned part of a chain: its segments, from position 1 without a gap.

use turnkeep_domain::id::InstanceId;

use super::finding::Break;
use super::verdict::{Doubt, SealDoubt};
use crate::anchor::Anchor;
use crate::chain::ChainHead;
use crate::seal::{SealCheck, SealKeys};
use crate::segment::{SealedSegment, Segment};

/// The point from which the chain goes on, and the first segment whose seal could not be judged.
pub(super) struct PrunedPart {
    pub(super) end: ChainHead,
    pub(super) doubt: Option<Doubt>,
}

pub(super) fn check_segments(
    instance_id: InstanceId,
    segments: &[SealedSegment],
    keys: Option<&SealKeys>,
) -> Result<PrunedPart, Break> {
    let mut part = PrunedPart { end: ChainHead::genesis(instance_id), doubt: None };
    for sealed in segments {
        check_place(&part.end, &sealed.segment)?;
        let doubt = check_seal(sealed, keys)?;
        part.doubt = part.doubt.or(doubt);
        part.end = sealed.segment.end();
    }
    Ok(part)
}

fn check_place(end: &ChainHead, segment: &Segment) -> Result<(), Break> {
    let (first, last) = (segment.first_position, segment.last_position);
    let expected = end.position.saturating_add(1);
    if segment.instance_id != end.instance_id {
        Err(Break::SegmentOfOtherInstance { first, last })
    } else if first != expected || last < first {
        Err(Break::SegmentsNotContiguous { expected, first, last })
    } else if segment.hash_before_first != end.hash {
        Err(Break::SegmentLinkBroken { first, last })
    } else {
        Ok(())
    }
}

fn check_seal(sealed: &SealedSegment, keys: Option<&SealKeys>) -> Result<Option<Doubt>, Break> {
    let (first, last) = (sealed.segment.first_position, sealed.segment.last_position);
    let doubt = match keys.map(|keys| keys.check_segment(sealed)) {
        Some(SealCheck::Genuine | SealCheck::GenuineUnderPreviousKey) => return Ok(None),
        Some(SealCheck::Wrong) => return Err(Break::SegmentSealWrong { first, last }),
        Some(SealCheck::UnknownKey) => SealDoubt::UnknownKey { key_id: sealed.seal.key_id() },
        None => SealDoubt::NoKeys,
    };
    Ok(Some(Doubt::SegmentSeal { first, last, doubt }))
}

/// Compares an anchor at or before the end of the pruned part with what the segments still know.
pub(super) fn check_anchor(
    instance_id: InstanceId,
    segments: &[SealedSegment],
    anchor: Anchor,
) -> Result<Option<Doubt>, Break> {
    let position = anchor.position;
    let known = std::iter::once(ChainHead::genesis(instance_id))
        .chain(segments.iter().map(|sealed| sealed.segment.end()))
        .find(|point| point.position == position);
    match known {
        None => Ok(Some(Doubt::AnchorPruned { position })),
        Some(point) if point.hash == anchor.hash => Ok(None),
        Some(_) => Err(Break::AnchorDiffers { position }),
    }
}
