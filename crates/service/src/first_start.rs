//! The first start of a server: the default instance, the platform's tenant, the operator's app, and a link for the
//! first person to operate it.

use turnkeep_domain::account_link::AccountLinkPurpose;
use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::app::{App, AppOrigin, AppSettings, AppState, BasicAuthentication};
use turnkeep_domain::audit::Actor;
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, InstanceId, TenantId};
use turnkeep_domain::instance::DEFAULT_INSTANCE;
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::placement::Placement;
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::scope::{ScopeName, ScopeSet};
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::tenant::{AppLimit, Tenant, TenantState};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_domain::version::RecordVersion;
use turnkeep_secret::generated::SecretKind;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::error::StoreError;
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Writes;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::handles::make_handle;
use crate::registry::complete_instances::complete_instances;
use crate::registry::create_instance::NewInstance;
use crate::registry::new_secret::make_secret;
use crate::registry::recording::{Done, audit_done};
use crate::sign_in::account_links::{insert_link, link_url};
use crate::tokens::authenticate_bearer::OPERATE_SCOPE;
use crate::transaction::mutate;

/// The credentials of the operator's app: not stored, and never shown again.
#[derive(Debug)]
pub struct OperatorCredentials {
    /// The client id.
    pub client_id: ClientId,
    /// The secret.
    pub client_secret: PlaintextSecret,
    /// The link by which a person becomes the first operator, where this is the first start.
    pub first_operator_link: Option<PlaintextSecret>,
}

/// How a start began.
#[derive(Debug)]
pub enum FirstStart {
    /// The database was empty; now it has an operator.
    Done(OperatorCredentials),
    /// There is an instance already, perhaps made by another node a moment ago.
    DoneBefore,
}

/// Makes an empty database usable; to any other it only adds what a newer version of this program needs. There is no
/// default password: the credentials are made here and handed to the caller once. Keys that it leaves missing, such as
/// that for ID tokens, come from [`rotate_due_keys`](crate::keys::rotate_keys::rotate_due_keys), since an RSA key takes
/// its time; `turnkeep-embed` does both in one call.
pub fn ensure_first_start(authority: &Authority) -> Result<FirstStart, Fault> {
    if !authority.store.read(|reads| reads.list_instances())?.is_empty() {
        complete_instances(authority)?;
        return Ok(FirstStart::DoneBefore);
    }
    let now = authority.now();
    let names = Names::known()?;
    let new = NewInstance::make(authority, names.slug.clone(), names.platform.clone())?;
    let tenant = platform_tenant(authority, new.instance.id, &names, now);
    let app = operator_app(authority, &tenant, &names, now);
    let secret = make_secret(authority, app.id)?;
    let link = make_handle(authority, SecretKind::AccountLink);
    let first = mutate(&*authority.store, |writes| {
        if new.insert(authority, writes)? == Inserted::Conflict {
            return Ok(false);
        }
        insert(writes, &tenant, &app)?;
        writes.insert_secret(tenant.id, &secret.stored)?;
        let instance_id = new.instance.id;
        writes.record_change(ChangeScope::Instance(instance_id), TokensBefore::Live, now)?;
        let done = Done::of(app.id, ()).in_tenant(tenant.id).set("client_id", &app.client_id);
        audit_done(authority, writes, instance_id, Actor::System, None, "server.first_start", &done, now)?;
        // What the event of the first start stands for.
        insert_link(writes, instance_id, AccountLinkPurpose::FirstOperator, &link, now)?;
        Ok(true)
    })?;
    if first {
        let credentials = OperatorCredentials {
            client_id: app.client_id,
            client_secret: secret.plaintext,
            first_operator_link: Some(link_url(authority, &names.slug, &link.plaintext)),
        };
        Ok(FirstStart::Done(credentials))
    } else {
        Ok(FirstStart::DoneBefore)
    }
}

/// What the operator's app may be granted.
pub(crate) fn operate_scopes() -> Result<ScopeSet, Fault> {
    Ok(Names::known()?.operate)
}

struct Names {
    slug: Slug,
    platform: DisplayName,
    operator: DisplayName,
    operate: ScopeSet,
}

impl Names {
    fn known() -> Result<Self, Fault> {
        Self::parse().ok_or(Fault::Store(StoreError::Corrupt { table: "instances", column: "name" }))
    }

    /// `None` cannot happen: the texts are valid (see the test).
    fn parse() -> Option<Self> {
        Some(Self {
            slug: Slug::parse(DEFAULT_INSTANCE).ok()?,
            platform: DisplayName::parse("Platform").ok()?,
            operator: DisplayName::parse("Operator").ok()?,
            operate: ScopeSet::new([ScopeName::parse(OPERATE_SCOPE).ok()?].into()).ok()?,
        })
    }
}

fn platform_tenant(authority: &Authority, instance_id: InstanceId, names: &Names, now: Timestamp) -> Tenant {
    Tenant {
        id: TenantId::new(now, authority.random_bytes()),
        instance_id,
        name: names.platform.clone(),
        state: TenantState::Active,
        app_limit: AppLimit::DEFAULT,
        tokens_dead_below: ChangeSequence::ZERO,
        secret_max_age: None,
        state_since: now,
        created_at: now,
        version: RecordVersion::FIRST,
    }
}

fn operator_app(authority: &Authority, tenant: &Tenant, names: &Names, now: Timestamp) -> App {
    App {
        id: AppId::new(now, authority.random_bytes()),
        instance_id: tenant.instance_id,
        tenant_id: tenant.id,
        client_id: ClientId::generate(authority.random_bytes()),
        client_type: ClientType::Confidential,
        origin: AppOrigin::Platform,
        placement: Placement::Unplaced,
        state: AppState::Enabled,
        settings: AppSettings {
            name: names.operator.clone(),
            allowed_domains: AllowedDomains::default(),
            login_redirect_uris: RedirectUris::default(),
            logout_redirect_uris: RedirectUris::default(),
            sign_in: SignIn::Nobody,
            service_access: ServiceAccess::AsApp,
            scopes: names.operate.clone(),
            reference_tokens: ReferenceTokenPolicy::None,
            basic_authentication: BasicAuthentication::Off,
            token_lifetime: TokenLifetime::default(),
            pkce: PkceRequirement::Required,
            backchannel_logout_uri: None,
        },
        plan: None,
        tokens_dead_below: ChangeSequence::ZERO,
        state_since: now,
        created_at: now,
        version: RecordVersion::FIRST,
    }
}

/// The instance is new in this transaction, so nothing can be taken in it.
fn insert(writes: &mut dyn Writes, tenant: &Tenant, app: &App) -> Result<(), Fault> {
    let inserted = (writes.insert_tenant(tenant)?, writes.insert_app(app)?);
    if inserted == (Inserted::Inserted, Inserted::Inserted) {
        Ok(())
    } else {
        Err(Fault::Store(StoreError::Corrupt { table: "tenants", column: "name" }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_the_first_records_are_valid() {
        assert!(Names::parse().is_some());
    }
}
