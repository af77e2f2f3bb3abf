//! Is this a token of ours that still counts? Signature, then the same ordered decision as at issue, then kills
//! and revocation.

use std::sync::Arc;

use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_token::{Authentication, decide_token};
use turnkeep_policy::judge_token_age::{TokenAge, judge_token_age};
use turnkeep_policy::judge_token_secret::{TokenOrigin, judge_token_secret};
use turnkeep_verify::access_token::{AccessTokenVerifier, CLOCK_SKEW, VerifiedAccessToken};

use crate::authority::Authority;
use crate::failure::Fault;
use crate::snapshot::cached_app::CachedApp;
use crate::snapshot::cached_issuer::CachedIssuer;
use crate::snapshot::look_up::LookUp;
use crate::tokens::registration::Registration;

/// A token with a signature of this issuer, in its time.
pub(crate) fn verify_signature(
    authority: &Authority,
    issuer: &CachedIssuer,
    token: &str,
    now: Timestamp,
) -> Result<Option<Arc<VerifiedAccessToken>>, Fault> {
    let verified = match authority.seen_tokens.find(issuer, token) {
        Some(seen) => seen,
        None => {
            let verifier = AccessTokenVerifier::new(issuer.url.as_str());
            let Ok(verified) = verifier.verify(&issuer.ring()?.verification_keys, token, now) else {
                return Ok(None);
            };
            authority.seen_tokens.remember(issuer, token, verified)
        }
    };
    // The verifier allows for clocks that differ; at the end of a token's life there is no need to.
    let has_begun = verified.not_before <= now.plus(CLOCK_SKEW);
    Ok((has_begun && now < verified.expires_at).then_some(verified))
}

/// Whether everything that the token was issued for is still so. Returns the app it was issued to.
pub(crate) fn still_counts(
    authority: &Authority,
    issuer: &Slug,
    token: &VerifiedAccessToken,
    look_up: LookUp,
) -> Result<Option<Arc<CachedApp>>, Fault> {
    let Some(registration) = Registration::of_client(authority, issuer, token.client_id.as_str(), look_up)?
    else {
        return Ok(None);
    };
    let Some(cached) = registration.app.as_ref().filter(|cached| {
        let app = &cached.live.app;
        app.id == token.app_id && app.tenant_id == token.tenant_id
    }) else {
        return Ok(None);
    };
    let facts =
        registration.token_facts(Authentication::Verified, Some(&token.scopes), Some(&token.audience));
    let instance = &registration.issuer.catalogue.instance;
    let marks =
        [cached.live.app.tokens_dead_below, cached.live.tenant.tokens_dead_below, instance.tokens_dead_below];
    let origin = TokenOrigin { secret_id: token.secret_id, issued_at: token.issued_at };
    let secrets = cached.live.secrets.iter().map(|stored| &stored.secret);
    let counts = decide_token(&facts).is_ok()
        && judge_token_age(token.sequence, marks) == TokenAge::Current
        && judge_token_secret(origin, secrets) == TokenAge::Current
        && !authority.follower.kills.is_revoked(instance.id, token.token_id);
    registration.confirm(authority, look_up)?;
    Ok(counts.then(|| Arc::clone(cached)))
}
