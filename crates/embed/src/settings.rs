//! What can be set about an embedded authority. Two things have no default: where it is reached, and its keys.

use std::time::Duration;

use turnkeep_domain::storage_place::PlainHttp;
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_guard::resource::resource_guard::ResourceGuardSettings;
use turnkeep_outbound::allow_list::AllowList;
use turnkeep_secret::master_key::MasterKeys;
use turnkeep_service::authority::{AuthoritySettings, HashingLimits};
use turnkeep_service::issuer::{BaseUrl, BaseUrlError};
use turnkeep_shared_limits::settings::SharedLimitsSettings;
use turnkeep_storage_diesel::database_url::{DatabaseUrl, DatabaseUrlError};
use turnkeep_storage_diesel::pool::Notifications;
use turnkeep_web::state::WebSettings;

use crate::mail::MailSettings;

/// Why a text is no setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The base URL is none.
    #[error("the base URL {0}")]
    BaseUrl(BaseUrlError),
    /// The database URL is none.
    #[error("the database {0}")]
    Database(DatabaseUrlError),
}

/// The settings of an authority.
#[derive(Debug)]
pub struct EmbedSettings {
    /// Under which URL clients reach the root of the application: the issuer of the default instance. If it has a
    /// path, something in front of the application takes it off.
    pub base_url: BaseUrl,
    /// The database. Its schema is brought up to date when it is opened.
    pub database: DatabaseUrl,
    /// The keys that are not in the database.
    pub master_keys: MasterKeys,
    /// Whether nodes tell each other of changes through the database.
    pub notifications: Notifications,
    /// How much longer than the guarantee allows a node goes on that is cut off from its database. Zero is the
    /// guarantee: what was stopped anywhere is stopped here.
    pub serve_stale: Duration,
    /// How many apps are kept in memory.
    pub snapshot_apps: usize,
    /// How many tokens an app may have if its plan says nothing about it.
    pub token_quota: TokenRequestLimits,
    /// Where storage of apps may be beyond the public internet.
    pub storage_allow_list: AllowList,
    /// Where apps may be told of logouts beyond the public internet.
    pub logout_allow_list: AllowList,
    /// What becomes of invitations and of links for a new password.
    pub mail: MailSettings,
    /// How long events stay in the audit trails; `None` is for ever.
    pub audit_retention: Option<Duration>,
    /// Where the nodes of a cluster count requests together; `None` if each counts by itself.
    pub shared_limits: Option<SharedLimitsSettings>,
    /// When the node is under load.
    pub guard: ResourceGuardSettings,
    /// The HTTP side, such as whose `X-Forwarded-For` is believed.
    pub web: WebSettings,
}

impl EmbedSettings {
    /// The defaults, but for what has none.
    pub fn new(base_url: BaseUrl, database: DatabaseUrl, master_keys: MasterKeys) -> Self {
        let AuthoritySettings { snapshot_apps, serve_stale, .. } = AuthoritySettings::default();
        Self {
            base_url,
            database,
            master_keys,
            notifications: Notifications::Sent,
            serve_stale,
            snapshot_apps,
            token_quota: TokenRequestLimits::default(),
            storage_allow_list: AllowList::empty(),
            logout_allow_list: AllowList::empty(),
            mail: MailSettings::default(),
            audit_retention: None,
            shared_limits: None,
            guard: ResourceGuardSettings::default(),
            web: WebSettings::default(),
        }
    }

    /// The same from texts: `https://id.example.com`, and `sqlite:PATH` or `postgres://…`.
    pub fn parse(base_url: &str, database: &str, master_keys: MasterKeys) -> Result<Self, SettingsError> {
        let base_url = BaseUrl::parse(base_url).map_err(SettingsError::BaseUrl)?;
        let database = DatabaseUrl::parse(database).map_err(SettingsError::Database)?;
        Ok(Self::new(base_url, database, master_keys))
    }

    /// Those of the use cases.
    pub(crate) fn authority(&self) -> AuthoritySettings {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        AuthoritySettings {
            hashing: HashingLimits { at_once: cores.saturating_sub(1).max(1), waiting: 64 },
            // For no other places than those on the list, as the probe sees to.
            storage_plain_http: match self.storage_allow_list == AllowList::empty() {
                true => PlainHttp::Refused,
                false => PlainHttp::Allowed,
            },
            snapshot_apps: self.snapshot_apps,
            serve_stale: self.serve_stale,
            token_quota: self.token_quota,
            ..AuthoritySettings::default()
        }
    }
}
