//! Valid records with sensible defaults. Each takes a number that makes its ids, names and codes unique among
//! records of its kind; the ids sort by it. A test changes the fields that it is about.
#![expect(clippy::unwrap_used, reason = "a fixture that is not valid has to stop its test")]

use std::time::Duration;

mod chain;
mod people;
mod settings;
mod sign_in;
mod usage;

use turnkeep_domain::accent::Accent;
use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::app::{App, AppOrigin, AppSettings, AppState, BasicAuthentication};
use turnkeep_domain::audit::{Actor, AttributeChange, AuditEvent, AuditOutcome};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::client_secret::{ClientSecret, SecretHint};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::id::{
    AppId, AuditEventId, InstanceId, NodeId, PlanId, RegionDatabaseId, RegionId, ResourceId, SecretId,
    SigningKeyId, TenantId, TokenId, UserId,
};
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_domain::pkce::PkceRequirement;
use turnkeep_domain::placement::Placement;
use turnkeep_domain::plan::{Features, Plan, PlanLimits, PlanPrice, PlanState};
use turnkeep_domain::plan_assignment::{AssignmentState, PlanAssignment};
use turnkeep_domain::redirect_uri::RedirectUris;
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::region::{Availability, DbCode, Region, RegionDatabase};
use turnkeep_domain::resource::{Audience, LimitsClaims, Resource, Scope, ScopeGrant};
use turnkeep_domain::scope::{ScopeName, ScopeSet};
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::sign_in::SignIn;
use turnkeep_domain::signing_key::{SigningAlgorithm, SigningKey, SigningKeyState};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::tenant::{AppLimit, Tenant, TenantState};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_lifetime::TokenLifetime;
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_domain::user::{User, UserKind, UserName, UserState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_secret::derived_mac::KeyedMac;
use turnkeep_secret::digest::{SecretDigest, SecretRecord};
use turnkeep_secret::master_key::MasterKeyId;
use turnkeep_storage::node::Node;
use turnkeep_storage::revoked_token::RevokedToken;
use turnkeep_storage::secret::StoredSecret;
use turnkeep_storage::signing_key::StoredSigningKey;
use turnkeep_storage::single_use::SingleUse;

pub use chain::{append_events, chain, master_keys, numbered_master_keys, seal_keys};
pub use people::{invitation, management_token, membership};
pub use settings::{idempotent_request, kept_answer, storage_config};
pub use sign_in::{
    account_link, authorization_code, consent, logout_notice, passkey, password, person_grant,
    reference_token, refresh_token, session, totp,
};
pub use usage::usage_event;

/// When the records were made: 2026-01-01T00:00:00Z. Also what a new `FixedClock` shows.
pub const START: Timestamp = Timestamp::from_secs(1_767_225_600);

/// A time after [`START`].
pub fn later(secs: u64) -> Timestamp {
    START.plus(Duration::from_secs(secs))
}

/// The random part of an id.
fn random(number: u32) -> [u8; 10] {
    let [a, b, c, d] = number.to_be_bytes();
    [0, 0, 0, 0, 0, 0, a, b, c, d]
}

/// The time of an id, so that ids sort by their number.
fn at(number: u32) -> Timestamp {
    START.plus(Duration::from_millis(number.into()))
}

/// A display name.
pub fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}

/// A slug.
pub fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

/// An e-mail address.
pub fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// Scopes, in the space-delimited form.
pub fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

/// An active instance with the slug `instance-1`.
pub fn instance(number: u32) -> Instance {
    Instance {
        id: InstanceId::new(at(number), random(number)),
        slug: slug(&format!("instance-{number}")),
        name: name(&format!("Instance {number}")),
        accent: Accent::default(),
        state: InstanceState::Active,
        tokens_dead_below: ChangeSequence::ZERO,
        state_since: START,
        created_at: START,
        version: RecordVersion::FIRST,
    }
}

/// An active tenant with the default app limit.
pub fn tenant(instance: &Instance, number: u32) -> Tenant {
    Tenant {
        id: TenantId::new(at(number), random(number)),
        instance_id: instance.id,
        name: name(&format!("Tenant {number}")),
        state: TenantState::Active,
        app_limit: AppLimit::DEFAULT,
        tokens_dead_below: ChangeSequence::ZERO,
        secret_max_age: None,
        state_since: START,
        created_at: START,
        version: RecordVersion::FIRST,
    }
}

/// An active region with the code `region-1`.
pub fn region(instance: &Instance, number: u32) -> Region {
    Region {
        id: RegionId::new(at(number), random(number)),
        instance_id: instance.id,
        code: slug(&format!("region-{number}")),
        name: name(&format!("Region {number}")),
        availability: Availability::Active,
        created_at: START,
        version: RecordVersion::FIRST,
    }
}

/// An active and empty database with room for 100 apps and the code `DB-1`.
pub fn region_database(region: &Region, number: u32) -> RegionDatabase {
    RegionDatabase {
        id: RegionDatabaseId::new(at(number), random(number)),
        region_id: region.id,
        db_code: DbCode::parse(&format!("DB-{number}")).unwrap(),
        availability: Availability::Active,
        capacity: 100,
        app_count: 0,
        created_at: START,
        version: RecordVersion::FIRST,
    }
}

/// A place in a region's database.
pub fn placement(region: &Region, database: &RegionDatabase) -> Placement {
    Placement::Placed {
        region_id: region.id,
        region_code: region.code.clone(),
        database_id: database.id,
        db_code: database.db_code.clone(),
    }
}

/// An active paid plan with the code `plan-1` and limits for every window.
pub fn plan(instance: &Instance, number: u32) -> Plan {
    Plan {
        id: PlanId::new(at(number), random(number)),
        instance_id: instance.id,
        code: slug(&format!("plan-{number}")),
        name: name(&format!("Plan {number}")),
        state: PlanState::Active,
        price: PlanPrice::Paid,
        limits: PlanLimits {
            document_units: DocumentUnitLimits::new(Some(100), Some(250), Some(500), Some(1_000)).unwrap(),
            requests_per_minute: Some(10),
            features: Features::default(),
        },
        token_requests: TokenRequestLimits::default(),
        state_since: START,
        created_at: START,
        version: RecordVersion::FIRST,
    }
}

/// A current assignment of the plan.
pub fn plan_assignment(plan: &Plan) -> PlanAssignment {
    PlanAssignment { plan_id: plan.id, assigned_at: START, state: AssignmentState::Current }
}

/// A resource with the audience `Api.1` and the default claims and algorithm.
pub fn resource(instance: &Instance, number: u32) -> Resource {
    Resource {
        id: ResourceId::new(at(number), random(number)),
        instance_id: instance.id,
        audience: Audience::parse(&format!("Api.{number}")).unwrap(),
        name: name(&format!("Resource {number}")),
        limits_claims: LimitsClaims::Both,
        signing_algorithm: SigningAlgorithm::Es256,
        created_at: START,
        version: RecordVersion::FIRST,
    }
}

/// A scope that any app may be registered for.
pub fn scope(resource: &Resource, text: &str) -> Scope {
    Scope {
        resource_id: resource.id,
        name: ScopeName::parse(text).unwrap(),
        description: format!("Allows {text}"),
        grant: ScopeGrant::AnyApp,
    }
}

/// An active internal user with the name `user-1`.
pub fn user(instance: &Instance, number: u32) -> User {
    User {
        id: UserId::new(at(number), random(number)),
        instance_id: instance.id,
        kind: UserKind::Internal,
        name: UserName::parse(&format!("user-{number}")).unwrap(),
        display_name: name(&format!("User {number}")),
        email: None,
        tokens_dead_below: ChangeSequence::ZERO,
        state: UserState::Active,
        state_since: START,
        created_at: START,
        version: RecordVersion::FIRST,
    }
}

/// An active system user.
pub fn system_user(instance: &Instance, number: u32) -> User {
    User { kind: UserKind::System, ..user(instance, number) }
}

/// Settings with the name `App 1`, service access as the app itself, and nothing else.
pub fn app_settings(number: u32) -> AppSettings {
    AppSettings {
        name: name(&format!("App {number}")),
        allowed_domains: AllowedDomains::default(),
        login_redirect_uris: RedirectUris::default(),
        logout_redirect_uris: RedirectUris::default(),
        sign_in: SignIn::Nobody,
        service_access: ServiceAccess::AsApp,
        scopes: ScopeSet::default(),
        reference_tokens: ReferenceTokenPolicy::None,
        basic_authentication: BasicAuthentication::Off,
        token_lifetime: TokenLifetime::default(),
        pkce: PkceRequirement::Required,
        backchannel_logout_uri: None,
    }
}

/// An enabled confidential app of the tenant with the client id `com.example/app-1`, without place and plan.
pub fn app(tenant: &Tenant, number: u32) -> App {
    App {
        id: AppId::new(at(number), random(number)),
        instance_id: tenant.instance_id,
        tenant_id: tenant.id,
        client_id: ClientId::parse(&format!("com.example/app-{number}")).unwrap(),
        client_type: ClientType::Confidential,
        origin: AppOrigin::External,
        placement: Placement::Unplaced,
        state: AppState::Enabled,
        settings: app_settings(number),
        plan: None,
        tokens_dead_below: ChangeSequence::ZERO,
        state_since: START,
        created_at: START,
        version: RecordVersion::FIRST,
    }
}

/// A live secret of the app that nobody knows: its digest is made up, not computed.
pub fn stored_secret(app: &App, number: u32) -> StoredSecret {
    StoredSecret {
        secret: ClientSecret {
            id: SecretId::new(at(number), random(number)),
            app_id: app.id,
            hint: SecretHint::parse("f0fA").unwrap(),
            created_at: at(number),
            expires_at: None,
            revoked_at: None,
            last_used_at: None,
        },
        digest: secret_digest(number),
    }
}

/// A digest that no secret has, with a MAC under a key that does not exist.
pub fn secret_digest(number: u32) -> SecretDigest {
    let hash = hash(number);
    SecretDigest {
        record: SecretRecord::ImportedSha256(hash),
        mac: Some(KeyedMac::from_parts(MasterKeyId::from_bytes([7; 8]), hash)),
    }
}

/// A made-up SHA-256: of a handle, a key, or a request.
pub const fn hash(number: u32) -> [u8; 32] {
    let [a, b, c, d] = number.to_be_bytes();
    let mut hash = [0x5a; 32];
    let [one, two, three, four, ..] = &mut hash;
    (*one, *two, *three, *four) = (a, b, c, d);
    hash
}

/// An active ES256 key with a made-up JWK and a made-up private key.
pub fn signing_key(instance: &Instance, number: u32) -> StoredSigningKey {
    StoredSigningKey {
        key: SigningKey {
            id: SigningKeyId::new(at(number), random(number)),
            instance_id: instance.id,
            algorithm: SigningAlgorithm::Es256,
            state: SigningKeyState::Active { since: START },
            created_at: at(number),
        },
        public_jwk: format!(r#"{{"kty":"EC","kid":"{number}"}}"#),
        sealed_private_key: Some(number.to_be_bytes().to_vec()),
    }
}

/// A revoked token of the app that would have lived for 15 minutes.
pub fn revoked_token(app: &App, number: u32) -> RevokedToken {
    RevokedToken {
        instance_id: app.instance_id,
        token_id: TokenId::new(at(number), random(number)),
        app_id: app.id,
        expires_at: later(900),
    }
}

/// A single-use thing that works for a minute.
pub fn single_use(instance: &Instance, number: u32) -> SingleUse {
    SingleUse { instance_id: instance.id, handle_hash: hash(number), expires_at: later(60) }
}

/// A node that has come to this change.
pub fn node(number: u32, applied: ChangeSequence) -> Node {
    Node { id: NodeId::new(at(number), random(number)), applied, registered_at: START }
}

/// Somebody at the command line changed the name of a tenant.
pub fn audit_event(tenant: &Tenant, number: u32) -> AuditEvent {
    AuditEvent {
        id: AuditEventId::new(at(number), random(number)),
        instance_id: tenant.instance_id,
        tenant_id: Some(tenant.id),
        actor: Actor::CommandLine,
        action: "tenant.update",
        object: Some(tenant.id.to_string()),
        outcome: AuditOutcome::Done {
            changes: vec![AttributeChange {
                attribute: "name",
                before: Some("Old".to_owned()),
                after: Some("New".to_owned()),
            }],
        },
        request_id: None,
        at: at(number),
    }
}
