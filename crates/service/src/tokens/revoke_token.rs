//! An app gives back one of its tokens (RFC 7009). Self-contained tokens included: a revoked `jti` is inactive
//! at introspection until it would have expired.

use std::sync::Arc;

use turnkeep_domain::audit::Actor;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::RequestId;
use turnkeep_domain::slug::Slug;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_storage::revoked_token::RevokedToken;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::keys::publish_key_set::UnknownIssuer;
use crate::person_tokens::presented_refresh_token::{find_presented, is_refresh_token};
use crate::person_tokens::revoke_grants::{GrantRevocation, revoke_one_grant};
use crate::reference_tokens::check_reference_token::is_reference_token;
use crate::reference_tokens::give_back::{find_presented as find_reference_token, give_back};
use crate::registry::recording::{Done, audit_done};
use crate::snapshot::look_up::LookUp;
use crate::tokens::admission::{Admission, NotAdmitted};
use crate::tokens::authenticate_client::{
    AuthenticatedClient, ClientAttempt, PublicApps, authenticate_client,
};
use crate::tokens::check_issued_token::verify_signature_at_any_time;
use crate::tokens::presented_client::PresentedClient;

/// A request to revoke a token.
#[derive(Debug)]
pub struct RevokeTokenCommand {
    /// The instance that is asked.
    pub issuer: Slug,
    /// Who asks.
    pub client: PresentedClient,
    /// The token, whatever it is.
    pub token: String,
    /// The request, for the audit trail.
    pub request_id: Option<RequestId>,
    /// Whether there is room for the client.
    pub admission: Arc<dyn Admission>,
}

/// Why nothing was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RevokeTokenDenial {
    /// The issuer does not exist, or is off.
    #[error(transparent)]
    UnknownIssuer(#[from] UnknownIssuer),
    /// The app did not authenticate or may not talk to the server.
    #[error(transparent)]
    Client(#[from] TokenDenial),
    /// The token was issued to another client (RFC 7009 §2.1).
    #[error("the token was issued to another client")]
    ForeignToken,
    /// Not now.
    #[error(transparent)]
    NotAdmitted(#[from] NotAdmitted),
}

/// Revokes a token of the calling app. A token that is unknown or dead already is no error (RFC 7009 §2.2). One that
/// seems to have expired, or not to have begun, is revoked all the same: another node's clock may see it otherwise.
pub fn revoke_token(
    authority: &Authority,
    command: &RevokeTokenCommand,
) -> Result<(), Failure<RevokeTokenDenial>> {
    let attempt = ClientAttempt {
        action: "token.revoke",
        request_id: command.request_id,
        admission: &*command.admission,
        public_apps: PublicApps::NameThemselves,
    };
    let anywhere = LookUp::Anywhere;
    let client = authenticate_client::<RevokeTokenDenial>(
        authority,
        &command.issuer,
        &command.client,
        &attempt,
        anywhere,
    )?;
    let (app_id, issuer) = (client.app_id, &client.registration.issuer);
    let instance_id = issuer.catalogue.instance.id;
    let now = authority.now();
    if is_refresh_token(&command.token) {
        return revoke_refresh_token(authority, command, &client, &attempt);
    }
    if is_reference_token(&command.token) {
        return revoke_reference_token(authority, command, &client, &attempt);
    }
    let Some(token) = verify_signature_at_any_time(issuer, &command.token)? else {
        return Ok(());
    };
    if token.app_id != app_id {
        return Err(Failure::Denied(RevokeTokenDenial::ForeignToken));
    }
    client.admit_if_named(&attempt)?;
    let revoked =
        RevokedToken { instance_id, token_id: token.token_id, app_id, expires_at: token.expires_at };
    authority.store.mutate(|writes| {
        if writes.is_token_revoked(instance_id, token.token_id)? {
            return Ok(());
        }
        writes.revoke_token(&revoked)?;
        writes.record_change(
            ChangeScope::Token(instance_id, token.tenant_id, app_id, token.token_id),
            TokensBefore::Dead,
            now,
        )?;
        let done = Done::of(token.token_id, ()).in_tenant(token.tenant_id);
        audit_done(
            authority,
            writes,
            instance_id,
            Actor::App(app_id),
            command.request_id,
            "token.revoke",
            &done,
            now,
        )
    })?;
    Ok(())
}

/// With a refresh token goes everything that came of its grant (RFC 7009 §2.1), also if it was used or has expired.
fn revoke_refresh_token(
    authority: &Authority,
    command: &RevokeTokenCommand,
    client: &AuthenticatedClient,
    attempt: &ClientAttempt<'_>,
) -> Result<(), Failure<RevokeTokenDenial>> {
    let instance_id = client.registration.issuer.catalogue.instance.id;
    let Some((_, loaded)) = find_presented(authority, instance_id, &command.token)? else {
        return Ok(());
    };
    if loaded.grant.app_id != client.app_id {
        return Err(Failure::Denied(RevokeTokenDenial::ForeignToken));
    }
    client.admit_if_named(attempt)?;
    let revocation = GrantRevocation {
        actor: Actor::App(client.app_id),
        reason: "given_back",
        request_id: command.request_id,
        at: authority.now(),
    };
    Ok(revoke_one_grant(authority, instance_id, loaded.grant.id, &revocation)?)
}

/// Reference tokens of an app are its own to give back, whoever they act as.
fn revoke_reference_token(
    authority: &Authority,
    command: &RevokeTokenCommand,
    client: &AuthenticatedClient,
    attempt: &ClientAttempt<'_>,
) -> Result<(), Failure<RevokeTokenDenial>> {
    let instance_id = client.registration.issuer.catalogue.instance.id;
    let Some(token) = find_reference_token(authority, instance_id, &command.token)? else {
        return Ok(());
    };
    if token.app_id != client.app_id {
        return Err(Failure::Denied(RevokeTokenDenial::ForeignToken));
    }
    client.admit_if_named(attempt)?;
    Ok(give_back(authority, &token, command.request_id)?)
}
