//! Is this a token of ours that still counts? Signature, then the same ordered decision as at issue, for a service or for
//! a person, then kills and revocation.

use std::sync::Arc;

use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::UserState;
use turnkeep_policy::decide_person_token::{PersonFacts, PersonTokenFacts, decide_person_token};
use turnkeep_policy::decide_token::{Authentication, decide_token};
use turnkeep_policy::judge_token_age::{TokenAge, judge_token_age};
use turnkeep_policy::judge_token_secret::{TokenOrigin, judge_token_secret};
use turnkeep_verify::access_token::VerifiedAccessToken;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::snapshot::cached_app::CachedApp;
use crate::snapshot::cached_issuer::CachedIssuer;
use crate::snapshot::look_up::{LookUp, fault_while_overtaken};
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

/// A token with the app that it was issued to.
pub(crate) type CurrentToken = (Arc<VerifiedAccessToken>, Arc<CachedApp>);

/// A token of the instance that still counts, for this audience if one is named, with the app it was issued to.
pub(crate) fn current_token(
    authority: &Authority,
    instance: &Slug,
    token: &str,
    audience: Option<&str>,
    look_up: LookUp,
) -> Result<Option<CurrentToken>, Fault> {
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
    let app = fault_while_overtaken(look_up, || still_counts(authority, instance, &token, look_up))?;
    Ok(app.map(|app| (token, app)))
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
    let marks = registration.kill_marks(cached);
    let origin = TokenOrigin { secret_id: token.secret_id, issued_at: token.issued_at };
    let secrets = cached.live.secrets.iter().map(|stored| &stored.secret);
    let counts = may_still_have(&registration, token)
        && judge_token_age(token.sequence, marks) == TokenAge::Current
        && judge_token_secret(origin, secrets) == TokenAge::Current;
    registration.confirm(authority, look_up)?;
    // Asked last: these make nothing in memory stale that could be confirmed.
    Ok((counts && !was_killed(authority, cached, token)).then(|| Arc::clone(cached)))
}

/// The same ordered decision as when it was issued. What has become of a person since is among the kills.
fn may_still_have(registration: &Registration, token: &VerifiedAccessToken) -> bool {
    let facts =
        registration.token_facts(Authentication::Verified, Some(&token.scopes), Some(&token.audience));
    match token.person {
        None => decide_token(&facts).is_ok(),
        Some(person) => decide_person_token(&PersonTokenFacts {
            app: facts.app,
            authentication: facts.authentication,
            person: Some(PersonFacts { kind: person.kind, state: UserState::Active }),
            scope_request: facts.scope_request,
            issuer: &registration.issuer.url,
        })
        .is_ok(),
    }
}

fn was_killed(authority: &Authority, cached: &CachedApp, token: &VerifiedAccessToken) -> bool {
    let (kills, app) = (&authority.follower.kills, &cached.live.app);
    let seq = token.sequence;
    let acts_as = match (token.person, app.settings.service_access) {
        (Some(person), _) => Some(person.user_id),
        (None, ServiceAccess::AsUser(user_id)) => Some(user_id),
        (None, ServiceAccess::AsApp | ServiceAccess::Disabled) => None,
    };
    kills.is_revoked(app.instance_id, app.id, token.token_id, seq)
        || acts_as.is_some_and(|user_id| kills.is_user_dead(app.instance_id, user_id, seq))
        || token.person.is_some_and(|person| kills.is_grant_dead(app.instance_id, person.grant_id, seq))
}
