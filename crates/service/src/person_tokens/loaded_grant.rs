//! What a person granted, with everything about the person that its tokens depend on, as the database has it now.

use turnkeep_domain::id::{GrantId, InstanceId};
use turnkeep_domain::person_grant::PersonGrant;
use turnkeep_domain::resource::{Audience, LimitsClaims};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::session::Session;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::{User, UserKind};
use turnkeep_policy::decide_person_scope::PersonAudience;
use turnkeep_policy::decide_person_token::{
    PersonFacts, PersonTokenDenial, PersonTokenFacts, decide_person_token, still_grantable,
};
use turnkeep_policy::decide_token::Authentication;
use turnkeep_policy::decide_token_scope::ScopeRequest;
use turnkeep_policy::judge_grant::{GrantFacts, judge_grant};
use turnkeep_policy::protocol_scopes::ProtocolScope;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::Reads;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::person_tokens::grant_denial::{GrantDenial, denied};
use crate::snapshot::cached_app::CachedApp;
use crate::tokens::authenticate_client::AuthenticatedClient;
use crate::tokens::issue_token_denial::IssueTokenDenial;
use crate::tokens::registration::Registration;

/// A grant with its person.
pub(crate) struct LoadedGrant {
    pub(crate) grant: PersonGrant,
    user: Option<User>,
    session: Option<Session>,
}

impl LoadedGrant {
    /// Reads it; `None` if there is no such grant any more.
    pub(crate) fn read(
        reads: &mut dyn Reads,
        instance_id: InstanceId,
        id: GrantId,
    ) -> StoreResult<Option<Self>> {
        let Some(grant) = reads.find_grant(instance_id, id)? else {
            return Ok(None);
        };
        let user = reads.find_user(instance_id, grant.user_id)?;
        let session = reads.find_session_by_id(instance_id, grant.session_id)?;
        Ok(Some(Self { grant, user, session }))
    }

    /// Whether it still stands, and for whom.
    pub(crate) fn person(
        &self,
        authority: &Authority,
        registration: &Registration,
        app: &CachedApp,
        now: Timestamp,
    ) -> Result<PersonFacts, GrantDenial> {
        let user = self.user.as_ref().ok_or(GrantDenial::Person(PersonTokenDenial::UserMissing))?;
        judge_grant(&GrantFacts {
            grant: &self.grant,
            dead_below: registration.kill_marks(app),
            user_dead_below: user.tokens_dead_below,
            session: self.session.as_ref(),
            session_limits: &authority.settings.session_limits,
            now,
        })?;
        Ok(PersonFacts { kind: user.kind, state: user.state })
    }
}

/// What a request asks for, of what was granted.
pub(crate) struct Wanted<'a> {
    pub(crate) scopes: Option<&'a ScopeSet>,
    pub(crate) audience: Option<&'a Audience>,
}

/// What may be had of a grant now.
pub(crate) struct Granted {
    pub(crate) kind: UserKind,
    pub(crate) scopes: ScopeSet,
    /// Who takes the access token.
    pub(crate) audience: Audience,
    /// How the resource wants its tokens; `None` for tokens that only the issuer takes.
    pub(crate) resource: Option<(SigningAlgorithm, LimitsClaims)>,
}

/// Whether the grant still stands, and what may be had of it now: what was asked for, or all that the app may still have.
pub(crate) fn decide_for_person(
    authority: &Authority,
    client: &AuthenticatedClient,
    loaded: &LoadedGrant,
    wanted: &Wanted<'_>,
    now: Timestamp,
) -> Result<Granted, Failure<IssueTokenDenial>> {
    let grant = &loaded.grant;
    let person = loaded.person(authority, &client.registration, &client.app, now).map_err(denied)?;
    if wanted.audience.is_some_and(|audience| *audience != grant.audience) {
        return Err(Failure::Denied(TokenDenial::AudienceNotAllowed.into()));
    }
    if wanted.scopes.is_some_and(|scopes| scopes.is_empty() || !scopes.is_subset(&grant.scopes)) {
        return Err(denied(GrantDenial::ScopeWidened));
    }
    let issuer = &client.registration.issuer;
    let audience = match (wanted.scopes, wanted.audience) {
        // What is asked for has nothing to do with the resource any more.
        (Some(scopes), None) if scopes.iter().all(|name| ProtocolScope::of(name).is_some()) => None,
        (_, _) => Some(&grant.audience),
    };
    let nothing = issuer.catalogue.scope_request(None, audience);
    let scopes = match wanted.scopes {
        Some(scopes) => scopes.clone(),
        None => still_grantable(&client.app.live.app, &grant.scopes, &nothing),
    };
    let decided = decide_person_token(&PersonTokenFacts {
        app: client.registration.app_facts(),
        authentication: Authentication::Verified,
        person: Some(person),
        scope_request: ScopeRequest { scopes: Some(&scopes), ..nothing },
        issuer: &issuer.url,
    });
    let decided = decided.map_err(|denial| denied(GrantDenial::Person(denial)))?;
    let (audience, resource) = match decided.audience {
        PersonAudience::Issuer => (issuer_audience(&issuer.url)?, None),
        PersonAudience::Resource(resource) => {
            (resource.audience.clone(), Some((resource.signing_algorithm, resource.limits_claims)))
        }
    };
    Ok(Granted { kind: person.kind, scopes: decided.scopes, audience, resource })
}

/// The issuer as the one that takes a token.
pub(crate) fn issuer_audience(url: &str) -> Result<Audience, StoreError> {
    Audience::parse(url).map_err(|_| StoreError::Database("the URL of the issuer is no audience".into()))
}
