//! An authority over its database, before it serves anybody.

use std::sync::Arc;
use std::time::Duration;

use turnkeep_guard::resource::resource_guard::ResourceGuardSettings;
use turnkeep_mail::queue::MailThread;
use turnkeep_service::authority::{Authority, AuthorityParts};
use turnkeep_service::failure::Fault;
use turnkeep_service::first_start::{FirstStart, OperatorCredentials, ensure_first_start};
use turnkeep_service::keys::open_every_key::open_every_key;
use turnkeep_service::keys::rotate_keys::rotate_due_keys;
use turnkeep_shared_limits::redis_limits::RedisLimits;
use turnkeep_storage_diesel::migrations;
use turnkeep_web::state::WebSettings;

use crate::logout_delivery::GuardedLogoutDelivery;
use crate::mail;
use crate::open_error::OpenError;
use crate::running::Running;
use crate::settings::EmbedSettings;
use crate::storage_probe::GuardedStorageProbe;
use crate::stores::{self, Stores};
use crate::system::{SystemClock, SystemRandom};

/// An opened authority. Its use cases can be called; [`start`](Self::start) makes it serve.
pub struct Turnkeep {
    pub(crate) authority: Arc<Authority>,
    pub(crate) web: WebSettings,
    pub(crate) guard: ResourceGuardSettings,
    pub(crate) shared_limits: Option<RedisLimits>,
    /// Ends when it is dropped, after what waits was sent.
    pub(crate) mail_thread: Option<MailThread>,
    /// How often changes of other nodes are looked for.
    pub(crate) poll: Duration,
    pub(crate) audit_retention: Option<Duration>,
}

impl Turnkeep {
    /// Brings the database up to date, opens it, and makes sure that its keys open with the master keys.
    pub fn open(settings: EmbedSettings) -> Result<Self, OpenError> {
        let report = migrations::apply(&settings.database).map_err(OpenError::Migration)?;
        for name in report.names {
            tracing::info!(migration = name, "migration applied");
        }
        let stores =
            Stores::connect(&settings.database, settings.notifications).map_err(OpenError::Connect)?;
        let shared_limits = match &settings.shared_limits {
            Some(shared) => {
                let opened = RedisLimits::open(shared.clone(), settings.master_keys.current());
                Some(opened.map_err(OpenError::SharedLimits)?)
            }
            None => None,
        };
        let mail = mail::open(&settings.mail).map_err(OpenError::Mail)?;
        let parts = AuthorityParts {
            store: stores.working,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            settings: settings.authority(),
            master_keys: Arc::new(settings.master_keys),
            base_url: settings.base_url,
            storage_probe: Arc::new(GuardedStorageProbe::new(settings.storage_allow_list)),
            mail: mail.sender,
            logout_delivery: Arc::new(GuardedLogoutDelivery::new(settings.logout_allow_list)),
        };
        let authority = Arc::new(Authority::following_through(parts, stores.following));
        open_every_key(&authority).map_err(OpenError::MasterKeys)?;
        Ok(Self {
            authority,
            web: settings.web,
            guard: settings.guard,
            shared_limits,
            mail_thread: mail.thread,
            poll: stores::poll(&settings.database),
            audit_retention: settings.audit_retention,
        })
    }

    /// The authority itself: the first argument of every use case of `turnkeep-service`.
    pub fn authority(&self) -> &Arc<Authority> {
        &self.authority
    }

    /// Makes the default instance and the operator's app where the database has none, and returns the operator's
    /// credentials, which nobody can show again; `None` at every later start. Keys for the tokens of apps and of people
    /// are there when this returns: nothing else is needed before serving.
    pub fn first_start(&self) -> Result<Option<OperatorCredentials>, Fault> {
        let started = ensure_first_start(&self.authority)?;
        // Keys that a new instance, or a newer version, needs are there before anybody is served.
        rotate_due_keys(&self.authority)?;
        match started {
            FirstStart::Done(credentials) => Ok(Some(credentials)),
            FirstStart::DoneBefore => Ok(None),
        }
    }

    /// Joins the other nodes on this database, and begins what has to happen now and then. The first look at the
    /// database is over when this returns; where it failed, requests get 503 until it can be looked at.
    pub fn start(self) -> Running {
        Running::start(self)
    }
}
