//! Is this a token of ours that still counts? Signature, then the same ordered decision as at issue, then kills
//! and revocation.

use std::convert::Infallible;
use std::sync::Arc;

use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_token::{Authentication, decide_token};
use turnkeep_policy::judge_token_age::{TokenAge, judge_token_age};
use turnkeep_policy::judge_token_secret::{TokenOrigin, judge_token_secret};
use turnkeep_verify::access_token::VerifiedAccessToken;

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::snapshot::cached_app::CachedApp;
use crate::snapshot::cached_issuer::CachedIssuer;
use crate::snapshot::look_up::{LookUp, while_overtaken};
use crate::tokens::registration::Registration;

/// A token with a signature of this issuer, in its time.
pub(crate) fn verify_signature(
    issuer: &CachedIssuer,
    token: &str,
    now: Timestamp,
) -> Result<Option<Arc<VerifiedAccessToken>>, Fault> {
    let verified = issuer.verifier.verify(&issuer.ring()?.verification_keys, token, now);
    // The verifier allows for clocks that differ; at the end of a token's life there is no need to.
    Ok(verified.ok().filter(|token| now < token.expires_at))
}

/// A token with a signature of this issuer, even one that has expired or is not valid yet: it may only look so to a
/// clock that is wrong.
pub(crate) fn verify_signature_at_any_time(
    issuer: &CachedIssuer,
    token: &str,
) -> Result<Option<VerifiedAccessToken>, Fault> {
    Ok(issuer.verifier.verifier().verify_at_any_time(&issuer.ring()?.verification_keys, token).ok())
}

/// A token of the instance that still counts, for this audience if one is named, with the app it was issued to.
pub(crate) fn current_token(
    authority: &Authority,
    instance: &Slug,
    token: &str,
    audience: Option<&str>,
    look_up: LookUp,
) -> Result<Option<(Arc<VerifiedAccessToken>, Arc<CachedApp>)>, Fault> {
    authority.in_step(look_up)?;
    let Some(issuer) = authority.snapshot.issuer(authority, instance, look_up)? else {
        return Ok(None);
    };
    let Some(token) = verify_signature(&issuer, token, authority.now())? else {
        return Ok(None);
    };
    if audience.is_some_and(|audience| token.audience.as_str() != audience) {
        return Ok(None);
    }
    let app = while_overtaken(look_up, || {
        still_counts(authority, instance, &token, look_up).map_err(Failure::<Infallible>::Fault)
    });
    match app {
        Ok(app) => Ok(app.map(|app| (token, app))),
        Err(Failure::Fault(fault)) => Err(fault),
        Err(Failure::Denied(never)) => match never {},
    }
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
        && judge_token_secret(origin, secrets) == TokenAge::Current;
    registration.confirm(authority, look_up)?;
    // Asked last: a revocation makes nothing in memory stale that could be confirmed.
    let is_revoked =
        authority.follower.kills.is_revoked(instance.id, token.app_id, token.token_id, token.sequence);
    Ok((counts && !is_revoked).then(|| Arc::clone(cached)))
}
