//! `GET /audit-chain`: where the chain begins and ends, for operators.

use actix_web::HttpResponse;
use turnkeep_audit::seal::{SealCheck, SealedHead};
use turnkeep_audit::segment::SealedSegment;
use turnkeep_protocol::management::audit_chain::{
    AuditChainResponse, ChainHeadResponse, ChainSegmentResponse, SealCheckName,
};
use turnkeep_protocol::rfc3339::format_utc;
use turnkeep_service::audit::show_chain::show_chain;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;

/// Head and segments, and whether their seals are genuine.
pub(super) async fn show(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let chain = call.run(show_chain).await?;
    Ok(answer::view(&AuditChainResponse {
        head: chain.head.map(|(head, check)| show_head(&head, check)),
        first_position: chain.first_position,
        segments: chain.segments.iter().map(|(sealed, check)| show_segment(sealed, *check)).collect(),
    }))
}

fn show_head(sealed: &SealedHead, check: SealCheck) -> ChainHeadResponse {
    ChainHeadResponse {
        position: sealed.head.position,
        hash: sealed.head.hash.to_string(),
        anchor: sealed.head.anchor().to_string(),
        seal: name_of(check),
    }
}

fn show_segment(sealed: &SealedSegment, check: SealCheck) -> ChainSegmentResponse {
    let segment = &sealed.segment;
    ChainSegmentResponse {
        first_position: segment.first_position,
        last_position: segment.last_position,
        last_hash: segment.last_hash.to_string(),
        pruned_at: format_utc(segment.pruned_at),
        seal: name_of(check),
    }
}

fn name_of(check: SealCheck) -> SealCheckName {
    match check {
        SealCheck::Genuine => SealCheckName::Genuine,
        SealCheck::GenuineUnderPreviousKey => SealCheckName::GenuineUnderPreviousKey,
        SealCheck::Wrong => SealCheckName::Wrong,
        SealCheck::UnknownKey => SealCheckName::UnknownKey,
    }
}
