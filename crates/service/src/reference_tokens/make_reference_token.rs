//! Making a reference token. It is shown once.

use turnkeep_domain::app::App;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::client_secret::SecretHint;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, ReferenceTokenId, UserId};
use turnkeep_domain::reference_token::{
    ReferenceToken, ReferenceTokenKind, ReferenceTokenLifetime, ReferenceTokenState,
};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::User;
use turnkeep_policy::decide_reference_token_use::{
    ReferenceTokenFacts, ReferenceTokenRefusal, decide_reference_token_use,
};
use turnkeep_policy::decide_sign_in::decide_sign_in;
use turnkeep_policy::permission::Permission;
use turnkeep_secret::generated::SecretKind;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::error::StoreError;
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Reads;

use crate::audit::attributes::created;
use crate::handles::make_handle;
use crate::reference_tokens::attributes::reference_token_attributes;
use crate::reference_tokens::holder::holder_of;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::find_app::existing_app;
use crate::registry::recording::{Change, Done, mutate};
use crate::snapshot::cached_app::app_facts;
use crate::snapshot::catalogue::Catalogue;

/// How many tokens of one app that have not ended one user may have, or the app of its own.
pub const MOST_LIVE_TOKENS: usize = 50;

/// A token to make.
#[derive(Debug, Clone)]
pub struct MakeReferenceTokenCommand {
    /// For which app.
    pub app_id: AppId,
    /// As whom it acts.
    pub kind: ReferenceTokenKind,
    /// What it is called.
    pub name: DisplayName,
    /// What it may be used for.
    pub scopes: ScopeSet,
    /// For which resource; without one, that of the scopes.
    pub audience: Option<Audience>,
    /// For how long.
    pub lifetime: ReferenceTokenLifetime,
}

/// A token that was made.
#[derive(Debug)]
pub struct MadeReferenceToken {
    /// Its record.
    pub token: ReferenceToken,
    /// The token itself: it is not stored, and never shown again.
    pub plaintext: PlaintextSecret,
}

/// Makes a token: a personal one for the person who calls, a service one for administrators of the app's tenant.
pub fn make_reference_token(
    context: &RegistryContext<'_>,
    command: &MakeReferenceTokenCommand,
) -> RegistryResult<MadeReferenceToken> {
    const ACTION: &str = "reference_token.make";
    let object = Some(command.app_id.to_string());
    let required = match command.kind {
        ReferenceTokenKind::Service => context.require(Permission::ManageReferenceTokens),
        ReferenceTokenKind::Personal => calling_person(context).map(drop),
    };
    context.audited(ACTION, object.clone(), required)?;
    let secret_kind = match command.kind {
        ReferenceTokenKind::Personal => SecretKind::PersonalAccessToken,
        ReferenceTokenKind::Service => SecretKind::ServiceAccessToken,
    };
    let handle = make_handle(context.authority, secret_kind);
    let hint = SecretHint::of(handle.plaintext.expose());
    let token = mutate(context, ACTION, object, |change| {
        let app = app_to_use(context, change, command)?;
        let token = judged(context, change, &app, command, hint)?;
        if change.writes.insert_reference_token(&token, &handle.hash)? == Inserted::Conflict {
            return Err(StoreError::Corrupt { table: "reference_tokens", column: "token_hash" }.into());
        }
        change.record(ChangeScope::App(context.instance_id, app.tenant_id, app.id), TokensBefore::Live)?;
        let changes = created(reference_token_attributes(&token));
        Ok(Done::of(token.id, token).in_tenant(app.tenant_id).changes(changes))
    })?;
    Ok(MadeReferenceToken { token, plaintext: handle.plaintext })
}

/// The person who calls; an app has no personal tokens.
fn calling_person(context: &RegistryContext<'_>) -> RegistryResult<UserId> {
    match context.caller.actor {
        Actor::User(user_id) => Ok(user_id),
        Actor::App(_) | Actor::System | Actor::CommandLine | Actor::Anonymous => {
            Err(RegistryDenial::PersonNeeded.into())
        }
    }
}

/// Administrators reach the apps of their tenant, people every app of the instance that admits them.
fn app_to_use(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    command: &MakeReferenceTokenCommand,
) -> RegistryResult<App> {
    match command.kind {
        ReferenceTokenKind::Service => existing_app(context, change.writes, command.app_id),
        ReferenceTokenKind::Personal => {
            let instance_id = context.instance_id;
            let tenant_id = change.writes.find_tenant_of_app(instance_id, command.app_id)?;
            let tenant_id = tenant_id.ok_or(RegistryDenial::NotFound)?;
            let app = change.writes.find_app(instance_id, tenant_id, command.app_id)?;
            Ok(app.ok_or(RegistryDenial::NotFound)?)
        }
    }
}

/// The token, if it could be used right away.
fn judged(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    app: &App,
    command: &MakeReferenceTokenCommand,
    hint: SecretHint,
) -> RegistryResult<ReferenceToken> {
    let now = change.now;
    let user_id = match (command.kind, app.settings.service_access) {
        (ReferenceTokenKind::Personal, _) => Some(calling_person(context)?),
        (ReferenceTokenKind::Service, ServiceAccess::AsUser(user_id)) => Some(user_id),
        (ReferenceTokenKind::Service, ServiceAccess::AsApp | ServiceAccess::Disabled) => None,
    };
    let reads: &mut dyn Reads = change.writes;
    let instance = reads.find_instance(context.instance_id)?.ok_or(RegistryDenial::NotFound)?;
    let catalogue = Catalogue::read(reads, instance)?;
    let live = reads.find_live_app(context.instance_id, &app.client_id)?.found;
    let live = live.ok_or(RegistryDenial::NotFound)?;
    // The audience is the decision's to find; until then it is any that the instance has.
    let any = catalogue.resources.first().map(|resource| resource.audience.clone());
    let mut token = ReferenceToken {
        id: ReferenceTokenId::new(now, context.authority.random_bytes()),
        instance_id: context.instance_id,
        tenant_id: app.tenant_id,
        app_id: app.id,
        kind: command.kind,
        user_id,
        name: command.name.clone(),
        hint,
        scopes: command.scopes.clone(),
        audience: command.audience.clone().or(any).ok_or(RegistryDenial::NotFound)?,
        made_by: context.caller.actor,
        created_at: now,
        expires_at: now.plus(command.lifetime.as_duration()),
        revoked_at: None,
        last_used_at: None,
    };
    let (user, holder) = holder_of(reads, &token)?;
    let decided = decide_reference_token_use(&ReferenceTokenFacts {
        token: &token,
        app: Some(app_facts(&live, &catalogue)),
        user: user.as_ref(),
        holder,
        scope_request: catalogue.scope_request(Some(&command.scopes), command.audience.as_ref()),
        now,
    });
    let grant = decided.map_err(|refusal| hidden(context, app, user.as_ref(), refusal))?;
    token.audience = grant.resource.audience.clone();
    if MOST_LIVE_TOKENS <= live_tokens_like(reads, &token, now)? {
        return Err(RegistryDenial::TooManyReferenceTokens.into());
    }
    Ok(token)
}

/// An app that the person neither reaches nor may sign in to is as good as absent, whatever else is refused there.
fn hidden(
    context: &RegistryContext<'_>,
    app: &App,
    user: Option<&User>,
    refusal: ReferenceTokenRefusal,
) -> RegistryDenial {
    let reaches = context.reachable(app.tenant_id).is_ok();
    let admits = user.is_some_and(|user| decide_sign_in(app.settings.sign_in, user.kind, user.state).is_ok());
    if reaches || admits { RegistryDenial::ReferenceToken(refusal) } else { RegistryDenial::NotFound }
}

fn live_tokens_like(reads: &mut dyn Reads, token: &ReferenceToken, now: Timestamp) -> RegistryResult<usize> {
    let all = reads.list_reference_tokens_of_app(token.instance_id, token.tenant_id, token.app_id)?;
    let is_like = |other: &&ReferenceToken| {
        other.kind == token.kind
            && other.user_id == token.user_id
            && other.state(now) == ReferenceTokenState::Live
    };
    Ok(all.iter().filter(is_like).count())
}
