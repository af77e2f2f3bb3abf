//! An app gives back one of its tokens (RFC 7009). Self-contained tokens included: a revoked `jti` is inactive
//! at introspection until it would have expired.

use std::sync::Arc;

use turnkeep_domain::audit::Actor;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{AppId, InstanceId, RequestId};
use turnkeep_domain::person_grant::PersonGrant;
use turnkeep_domain::reference_token::ReferenceToken;
use turnkeep_domain::slug::Slug;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_storage::revoked_token::RevokedToken;
use turnkeep_verify::access_token::VerifiedAccessToken;

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::keys::publish_key_set::UnknownIssuer;
use crate::person_tokens::presented_refresh_token::{find_presented, is_refresh_token};
use crate::person_tokens::revoke_grants::{GrantRevocation, revoke_one_grant};
use crate::reference_tokens::check_reference_token::is_reference_token;
use crate::reference_tokens::give_back::{find_presented as find_reference_token, give_back};
use crate::registry::recording::{Done, audit_done};
use crate::snapshot::cached_issuer::CachedIssuer;
use crate::snapshot::look_up::LookUp;
use crate::tokens::admission::{Admission, NotAdmitted};
use crate::tokens::authenticate_client::{ClientAttempt, ClientPurpose, PublicApps, authenticate_client};
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
        purpose: ClientPurpose::Revoke,
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
    let issuer = &client.registration.issuer;
    let Some(presented) = Presented::find(authority, issuer, &command.token)? else {
        return Ok(());
    };
    if presented.app_id() != client.app_id {
        return Err(Failure::Denied(RevokeTokenDenial::ForeignToken));
    }
    client.admit_if_named(&attempt, authority.now())?;
    let request_id = command.request_id;
    match presented {
        // With it goes everything that came of its grant (RFC 7009 §2.1), also if it was used or has expired.
        Presented::OfGrant(grant) => {
            let revocation = GrantRevocation {
                actor: Actor::App(client.app_id),
                reason: "given_back",
                request_id,
                at: authority.now(),
            };
            revoke_one_grant(authority, grant.instance_id, grant.id, &revocation)?;
        }
        // It is its app's to give back, whoever it acts as.
        Presented::Reference(token) => give_back(authority, &token, request_id)?,
        Presented::SelfContained(token) => {
            revoke_access_token(authority, issuer.catalogue.instance.id, &token, request_id)?;
        }
    }
    Ok(())
}

/// A token of this instance, be it alive or not.
enum Presented {
    /// A refresh token stands for its grant.
    OfGrant(Box<PersonGrant>),
    Reference(Box<ReferenceToken>),
    SelfContained(Box<VerifiedAccessToken>),
}

impl Presented {
    fn find(authority: &Authority, issuer: &CachedIssuer, text: &str) -> Result<Option<Self>, Fault> {
        let instance_id = issuer.catalogue.instance.id;
        if is_refresh_token(text) {
            let found = find_presented(authority, instance_id, text)?;
            return Ok(found.map(|(_, loaded)| Self::OfGrant(Box::new(loaded.grant))));
        }
        if is_reference_token(text) {
            let found = find_reference_token(authority, instance_id, text)?;
            return Ok(found.map(|token| Self::Reference(Box::new(token))));
        }
        let found = verify_signature_at_any_time(issuer, text)?;
        Ok(found.map(|token| Self::SelfContained(Box::new(token))))
    }

    fn app_id(&self) -> AppId {
        match self {
            Self::OfGrant(grant) => grant.app_id,
            Self::Reference(token) => token.app_id,
            Self::SelfContained(token) => token.app_id,
        }
    }
}

fn revoke_access_token(
    authority: &Authority,
    instance_id: InstanceId,
    token: &VerifiedAccessToken,
    request_id: Option<RequestId>,
) -> Result<(), Fault> {
    let now = authority.now();
    let VerifiedAccessToken { token_id, tenant_id, app_id, expires_at, .. } = *token;
    let revoked = RevokedToken { instance_id, token_id, app_id, expires_at };
    authority.store.mutate(|writes| {
        if writes.is_token_revoked(instance_id, token_id)? {
            return Ok(());
        }
        writes.revoke_token(&revoked)?;
        let scope = ChangeScope::Token(instance_id, tenant_id, app_id, token_id);
        writes.record_change(scope, TokensBefore::Dead, now)?;
        let done = Done::of(token_id, ()).in_tenant(tenant_id);
        let actor = Actor::App(app_id);
        audit_done(authority, writes, instance_id, actor, request_id, "token.revoke", &done, now)
    })?;
    Ok(())
}
