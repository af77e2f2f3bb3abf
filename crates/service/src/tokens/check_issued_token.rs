//! Is this a token of ours that still counts? Signature, then the same ordered decision as at issue, then kills
//! and revocation.

use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_token::{Authentication, decide_token};
use turnkeep_policy::judge_token_age::{TokenAge, judge_token_age};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;
use turnkeep_verify::access_token::{AccessTokenVerifier, VerifiedAccessToken};

use crate::authority::Authority;
use crate::failure::Fault;
use crate::keys::key_rings::ring_of_issuer;
use crate::tokens::registration::{RegisteredApp, Registration};

/// A token with a signature of this issuer, in its time.
pub(crate) fn verify_signature(
    authority: &Authority,
    issuer: &Slug,
    token: &str,
    now: Timestamp,
) -> Result<Option<VerifiedAccessToken>, Fault> {
    let Some((_, ring)) = ring_of_issuer(authority, issuer)? else {
        return Ok(None);
    };
    let verifier = AccessTokenVerifier::new(authority.base_url.issuer_of(issuer));
    let verified = verifier.verify(&ring.verification_keys, token, now);
    // The verifier allows for clocks that differ; at the end of a token's life there is no need to.
    Ok(verified.ok().filter(|token| now < token.expires_at))
}

/// Whether everything that the token was issued for is still so. Returns the app it was issued to.
pub(crate) fn still_counts(
    reads: &mut dyn Reads,
    issuer: &Slug,
    token: &VerifiedAccessToken,
) -> StoreResult<Option<RegisteredApp>> {
    let Some(registration) = Registration::of_app(reads, issuer, token.tenant_id, token.app_id)? else {
        return Ok(None);
    };
    let facts =
        registration.token_facts(Authentication::Verified, Some(&token.scopes), Some(&token.audience));
    let granted = decide_token(&facts).is_ok();
    let Some(registered) = registration.app else {
        return Ok(None);
    };
    let marks = [
        registered.app.tokens_dead_below,
        registered.tenant.tokens_dead_below,
        registration.instance.tokens_dead_below,
    ];
    let current = judge_token_age(token.sequence, marks) == TokenAge::Current;
    let same_client = registered.app.client_id == token.client_id;
    if !granted || !current || !same_client {
        return Ok(None);
    }
    let revoked = reads.is_token_revoked(registration.instance.id, token.token_id)?;
    Ok((!revoked).then_some(registered))
}
