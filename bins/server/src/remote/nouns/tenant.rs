//! `turnkeep tenant`.

use clap::{Args, Subcommand};
use serde_json::Value;
use turnkeep_domain::id::TenantId;

use crate::remote::call::Call;
use crate::remote::confirm::{Subject, confirm_loss};
use crate::remote::fields::Fields;
use crate::remote::list::{ListFlags, list};
use crate::remote::outcome::RemoteResult;
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::{Column, find};

const COLUMNS: &[Column] = &[
    ("ID", "id"),
    ("NAME", "name"),
    ("STATE", "state"),
    ("APP LIMIT", "app_limit"),
    ("CREATED", "created_at"),
];

/// What can be done with tenants.
#[derive(Debug, Subcommand)]
pub(crate) enum TenantVerb {
    /// List tenants
    List {
        /// Only with this in their name
        #[arg(long, value_name = "TEXT")]
        search: Option<String>,
        /// Only in this state
        #[arg(long, value_name = "STATE", value_parser = ["pending_activation", "active", "suspended", "closed"])]
        state: Option<String>,
        /// Which part.
        #[command(flatten)]
        list: ListFlags,
    },
    /// Show a tenant
    Show {
        /// The tenant
        tenant: TenantId,
    },
    /// Make a tenant; it waits for `activate`
    Create {
        /// Name, unique in the instance
        #[arg(long)]
        name: String,
        /// How many apps it may have (3 if absent)
        #[arg(long, value_name = "N")]
        app_limit: Option<u32>,
    },
    /// Change a tenant; what is not named stays as it is
    Update(UpdateTenant),
    /// Let its apps get tokens; also ends a suspension
    Activate {
        /// The tenant
        tenant: TenantId,
    },
    /// No tokens for any of its apps, and those they have are dead
    Suspend {
        /// The tenant
        tenant: TenantId,
    },
    /// Close it for good; an active one has to be suspended before
    Close {
        /// The tenant
        tenant: TenantId,
    },
}

/// `tenant update`.
#[derive(Debug, Args)]
pub(crate) struct UpdateTenant {
    /// The tenant
    tenant: TenantId,
    /// Name, unique in the instance
    #[arg(long)]
    name: Option<String>,
    /// How many apps it may have
    #[arg(long, value_name = "N")]
    app_limit: Option<u32>,
    /// Secrets end when they are so many days old: new ones then, those there are not before 30 more days
    #[arg(long, value_name = "DAYS", conflicts_with = "no_secret_max_age")]
    secret_max_age_days: Option<u32>,
    /// New secrets have no end by their age any more; those that have one keep it
    #[arg(long)]
    no_secret_max_age: bool,
    /// Only if it still has this version
    #[arg(long, value_name = "N")]
    if_version: Option<u64>,
}

impl RemoteCommand for TenantVerb {
    fn run(self, session: &Session) -> RemoteResult {
        let read = |tenant: TenantId| Call::get(&[&"tenants", &tenant]);
        let step = |tenant: TenantId, step: &str| Call::post(&[&"tenants", &tenant, &step]);
        match self {
            Self::List { search, state, list: flags } => {
                let call = Call::get(&[&"tenants"]).query("search", search).query("state", state);
                list(session, &call, &flags, COLUMNS)
            }
            Self::Show { tenant } => session.show(&read(tenant), ""),
            Self::Create { name, app_limit } => {
                let body = Fields::default().with("name", Some(name)).with("app_limit", app_limit).body();
                session.show(&Call::post(&[&"tenants"]).body(&body), "")
            }
            Self::Update(flags) => flags.run(session),
            Self::Activate { tenant } => session.show(&step(tenant, "activate"), ""),
            Self::Suspend { tenant } => {
                let call = step(tenant, "suspend");
                session.take_away("suspend", "tenant", Subject::Record(&read(tenant)), &call)
            }
            Self::Close { tenant } => {
                let call = step(tenant, "close");
                session.take_away("close", "tenant", Subject::Record(&read(tenant)), &call)
            }
        }
    }
}

impl UpdateTenant {
    fn run(self, session: &Session) -> RemoteResult {
        let cleared: &[String] =
            &if self.no_secret_max_age { vec!["secret_max_age_days".to_owned()] } else { Vec::new() };
        let body = Fields::default()
            .with("name", self.name)
            .with("app_limit", self.app_limit)
            .with("secret_max_age_days", self.secret_max_age_days)
            .with_nulls(cleared)
            .change()?;
        if let Some(days) = self.secret_max_age_days {
            let read = Call::get(&[&"tenants", &self.tenant]);
            let consequence = "whose secrets will end at that age (those it has in 30 days at the earliest)";
            confirm_loss(session, "tenant", &read, consequence, |tenant| {
                let before = find(tenant, "secret_max_age_days").and_then(Value::as_u64);
                before.is_none_or(|before| u64::from(days) < before)
            })?;
        }
        session.show(&Call::patch(&[&"tenants", &self.tenant]).body(&body).if_version(self.if_version), "")
    }
}
