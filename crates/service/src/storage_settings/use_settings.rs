//! Using the stored credentials on behalf of an app (seed 001): the one way by which a service that embeds this
//! crate obtains them in the clear. Every use is in the audit trail before the credentials are handed out; there is
//! no route to here.
//!
//! # Examples
//!
//! ```
//! use turnkeep_domain::audit::Actor;
//! use turnkeep_domain::id::{AppId, InstanceId};
//! use turnkeep_policy::decide_storage_use::StorageUseDenial;
//! use turnkeep_service::authority::Authority;
//! use turnkeep_service::failure::Failure;
//! use turnkeep_service::storage_settings::use_settings::{StorageUse, UsePurpose, use_storage_settings};
//!
//! /// Puts a document where its app wants it.
//! fn store_document(
//!     authority: &Authority,
//!     instance_id: InstanceId,
//!     app_id: AppId,
//!     purpose: UsePurpose,
//! ) -> Result<(), Failure<StorageUseDenial>> {
//!     let storage_use = StorageUse { actor: Actor::System, purpose };
//!     match use_storage_settings(authority, instance_id, app_id, &storage_use)? {
//!         // The app's own bucket: sign for it, and drop the credentials when that is done.
//!         Some(storage) => {
//!             let settings = &storage.settings;
//!             upload(settings.endpoint().as_str(), settings.bucket().as_str(), storage.secret_key.expose());
//!         }
//!         // The platform's managed storage.
//!         None => upload("https://storage.example.com", "managed", "the platform's own key"),
//!     }
//!     Ok(())
//! }
//! # fn upload(endpoint: &str, bucket: &str, secret_key: &str) {}
//! # use std::sync::Arc;
//! # use turnkeep_secret::master_key::{MasterKey, MasterKeys};
//! # use turnkeep_service::authority::{AuthorityParts, AuthoritySettings};
//! # use turnkeep_service::clock::Clock;
//! # use turnkeep_service::issuer::BaseUrl;
//! # use turnkeep_service::storage_settings::probe::NoStorageProbe;
//! # use turnkeep_storage_diesel::database_url::DatabaseUrl;
//! # use turnkeep_storage_diesel::diesel_store::DieselStore;
//! # use turnkeep_storage_diesel::pool::PoolOptions;
//! # struct Stopped;
//! # impl Clock for Stopped {
//! #     fn now(&self) -> turnkeep_domain::time::Timestamp { turnkeep_domain::time::Timestamp::from_secs(0) }
//! #     fn since_boot(&self) -> std::time::Duration { std::time::Duration::ZERO }
//! #     fn pause(&self, _: std::time::Duration) {}
//! # }
//! # let store = DieselStore::connect(&DatabaseUrl::parse("sqlite::memory:")?, &PoolOptions::default())?;
//! # let authority = Authority::new(AuthorityParts {
//! #     store: Arc::new(store),
//! #     clock: Arc::new(Stopped),
//! #     random: Arc::new(turnkeep_testkit::seeded_random::SeededRandom::new(1)),
//! #     master_keys: Arc::new(MasterKeys::single(MasterKey::generate([1; 32]))),
//! #     base_url: BaseUrl::parse("https://id.example.com")?,
//! #     storage_probe: Arc::new(NoStorageProbe),
//! #     mail: Arc::new(turnkeep_service::sign_in::mail::NoMail),
//! #     logout_delivery: Arc::new(turnkeep_service::logout::deliver_logout::NoLogoutDelivery),
//! #     settings: AuthoritySettings::default(),
//! # });
//! # let (instance_id, app_id) = (InstanceId::from_bytes([1; 16]), AppId::from_bytes([1; 16]));
//!
//! let purpose = UsePurpose::parse("storing parsed documents")?;
//! let refused = store_document(&authority, instance_id, app_id, purpose);
//! assert!(matches!(refused, Err(Failure::Denied(StorageUseDenial::AppUnknown))));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use turnkeep_domain::audit::{Actor, AttributeChange, AuditEvent, AuditOutcome};
use turnkeep_domain::display_name::{DisplayName, DisplayNameError};
use turnkeep_domain::id::{AppId, AuditEventId, InstanceId, TenantId};
use turnkeep_domain::storage_config::StorageSettings;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_storage_use::{StorageUseDenial, StorageUseFacts, decide_storage_use};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::storage_config::StoredStorageConfig;
use turnkeep_storage::store::Reads;

use crate::audit::append::append_event;
use crate::authority::Authority;
use crate::failure::Failure;
use crate::storage_settings::sealed_key::open_secret_key;
use crate::storage_settings::secret_key::StorageSecretKey;

/// What the credentials are for, for the audit trail: one line of 1 to 100 characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsePurpose(DisplayName);

impl UsePurpose {
    /// Accepts what makes a name; white space is collapsed.
    pub fn parse(text: &str) -> Result<Self, DisplayNameError> {
        DisplayName::parse(text).map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Who uses the credentials, and what for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageUse {
    /// On whose behalf; [`Actor::System`] for the embedding service itself.
    pub actor: Actor,
    /// What for.
    pub purpose: UsePurpose,
}

/// Storage settings with their secret key, which cannot be printed and is wiped when this is dropped.
#[derive(Debug, Clone)]
pub struct DecryptedStorageSettings {
    /// Where the data goes, and under which access key.
    pub settings: StorageSettings,
    /// The secret key in the clear.
    pub secret_key: StorageSecretKey,
    /// The version of the settings; another one means other credentials or another place.
    pub version: RecordVersion,
}

/// The decrypted settings of an app that is in use; `None` if it is on the platform's managed storage.
pub fn use_storage_settings(
    authority: &Authority,
    instance_id: InstanceId,
    app_id: AppId,
    storage_use: &StorageUse,
) -> Result<Option<DecryptedStorageSettings>, Failure<StorageUseDenial>> {
    let (tenant_id, judged) = authority.store.read(|reads| {
        let tenant_id = reads.find_tenant_of_app(instance_id, app_id)?;
        Ok((tenant_id, judge(reads, instance_id, tenant_id, app_id)?))
    })?;
    let event = |tenant_id, outcome| {
        let at = authority.now();
        AuditEvent {
            id: AuditEventId::new(at, authority.random_bytes()),
            instance_id,
            tenant_id,
            actor: storage_use.actor,
            action: "app.use_storage",
            object: Some(app_id.to_string()),
            outcome,
            request_id: None,
            at,
        }
    };
    let stored = match judged {
        Ok(None) => return Ok(None),
        Ok(Some(stored)) => stored,
        // There may not even be such an instance, whose trail could tell of it.
        Err(denial @ StorageUseDenial::AppUnknown) => return Err(Failure::Denied(denial)),
        Err(denial) => {
            authority.books.note_refusal(event(tenant_id, AuditOutcome::Refused { code: denial.code() }));
            return Err(Failure::Denied(denial));
        }
    };
    let secret_key = open_secret_key(authority, instance_id, &stored)?;
    let StoredStorageConfig { config, tenant_id, .. } = stored;
    let told = |attribute, after| AttributeChange { attribute, before: None, after: Some(after) };
    let changes = vec![
        told("purpose", storage_use.purpose.as_str().to_owned()),
        told("settings_version", config.version.as_number().to_string()),
    ];
    let used = event(Some(tenant_id), AuditOutcome::Done { changes });
    authority.store.keep_books(|books| append_event(authority, books, &used))?;
    Ok(Some(DecryptedStorageSettings { settings: config.settings, secret_key, version: config.version }))
}

type Judged = Result<Option<StoredStorageConfig>, StorageUseDenial>;

fn judge(
    reads: &mut dyn Reads,
    instance_id: InstanceId,
    tenant_id: Option<TenantId>,
    app_id: AppId,
) -> StoreResult<Judged> {
    let instance = reads.find_instance(instance_id)?;
    let (tenant, app) = match tenant_id {
        Some(tenant_id) => {
            (reads.find_tenant(instance_id, tenant_id)?, reads.find_app(instance_id, tenant_id, app_id)?)
        }
        None => (None, None),
    };
    let (Some(instance), Some(tenant), Some(app)) = (instance, tenant, app) else {
        return Ok(Err(StorageUseDenial::AppUnknown));
    };
    let plan = match app.plan {
        Some(assignment) => reads.find_plan(instance_id, assignment.plan_id)?,
        None => None,
    };
    let facts = StorageUseFacts {
        app_state: app.state,
        tenant_state: tenant.state,
        instance_state: instance.state,
        plan_state: plan.map(|plan| plan.state),
        assignment_state: app.plan.map(|assignment| assignment.state),
    };
    match decide_storage_use(&facts) {
        Ok(()) => reads.find_storage_config(instance_id, tenant.id, app_id).map(Ok),
        Err(denial) => Ok(Err(denial)),
    }
}
