//! A reference token in the answer of the introspection endpoint: with the claims that an access token would have.

use turnkeep_protocol::introspection_response::{ActiveToken, AppClaims};
use turnkeep_protocol::token_response::TokenType;
use turnkeep_service::reference_tokens::introspect_reference_token::ActiveReferenceToken;

/// What is told of it.
pub(super) fn shown(iss: String, active: ActiveReferenceToken) -> ActiveToken {
    let app = app_claims(&active);
    let ActiveReferenceToken { token, subject, client_id, scopes, .. } = active;
    ActiveToken {
        iss,
        sub: subject,
        aud: token.audience.to_string(),
        client_id: client_id.to_string(),
        token_type: TokenType::Bearer,
        scope: scopes.to_string(),
        exp: token.expires_at,
        iat: token.created_at,
        nbf: token.created_at,
        jti: token.id.to_string(),
        app,
    }
}

fn app_claims(active: &ActiveReferenceToken) -> AppClaims {
    let slots = active.allowed_domains.slots();
    let [first, second, third] = slots.each_ref().map(|slot| slot.as_ref().map(ToString::to_string));
    AppClaims {
        tenant_id: active.token.tenant_id.to_string(),
        app_id: active.token.app_id.to_string(),
        license_region: active.placement.region_code().map(ToString::to_string),
        db_code: active.placement.db_code().map(ToString::to_string),
        allowed_domain_1: first,
        allowed_domain_2: second,
        allowed_domain_3: third,
        limits: active.limits.clone(),
        entitlements: active.entitlements.clone(),
        seq: active.sequence.as_number(),
        person: None,
    }
}
