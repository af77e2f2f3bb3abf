//! `turnkeep invitation`.

use std::fmt::Display;
use std::path::PathBuf;

use clap::Subcommand;
use turnkeep_domain::id::TenantId;

use crate::remote::call::Call;
use crate::remote::confirm::Subject;
use crate::remote::fields::{Fields, read_document};
use crate::remote::list::{ListFlags, list};
use crate::remote::nouns::member::ROLES;
use crate::remote::outcome::RemoteResult;
use crate::remote::secret_once::{SecretFlags, show_once};
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::Column;

const COLUMNS: &[Column] = &[
    ("ID", "id"),
    ("USER NAME", "user_name"),
    ("ROLE", "role"),
    ("STATE", "state"),
    ("EXPIRES", "expires_at"),
];

/// What can be done with invitations to a tenant.
#[derive(Debug, Subcommand)]
pub(crate) enum InvitationVerb {
    /// List a tenant's invitations
    List {
        /// The tenant
        tenant: TenantId,
        /// Only in this state
        #[arg(long, value_name = "STATE", value_parser = ["pending", "accepted", "cancelled", "expired"])]
        state: Option<String>,
        /// Only for this role
        #[arg(long, value_parser = ROLES)]
        role: Option<String>,
        /// Which part.
        #[command(flatten)]
        list: ListFlags,
    },
    /// Invite a user, by mail where they have an address; the handle to accept with is shown once, and good for 72 hours
    Create {
        /// The tenant
        tenant: TenantId,
        /// Who is invited
        #[arg(long, value_name = "NAME")]
        user_name: String,
        /// What the user will be able to do
        #[arg(long, value_parser = ROLES)]
        role: String,
        /// Where the handle goes.
        #[command(flatten)]
        secret: SecretFlags,
    },
    /// Show an invitation
    Show {
        /// The tenant
        tenant: TenantId,
        /// The invitation
        invitation: String,
    },
    /// Make a new handle; the one before is dead
    Resend {
        /// The tenant
        tenant: TenantId,
        /// The invitation
        invitation: String,
        /// Where the handle goes.
        #[command(flatten)]
        secret: SecretFlags,
    },
    /// Take an invitation back
    Cancel {
        /// The tenant
        tenant: TenantId,
        /// The invitation
        invitation: String,
    },
    /// Accept an invitation, as the user whose token is used
    Accept {
        /// File with the handle; `-` is standard input
        file: PathBuf,
    },
}

impl RemoteCommand for InvitationVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List { tenant, state, role, list: flags } => {
                let call = Call::get(&[&"tenants", &tenant, &"invitations"]);
                list(session, &call.query("state", state).query("role", role), &flags, COLUMNS)
            }
            Self::Create { tenant, user_name, role, secret } => {
                let body =
                    Fields::default().with("user_name", Some(user_name)).with("role", Some(role)).body();
                let call = Call::post(&[&"tenants", &tenant, &"invitations"]).body(&body);
                show_once(session, &call, "token", &secret)
            }
            Self::Show { tenant, invitation } => {
                session.show(&Call::get(&[&"tenants", &tenant, &"invitations", &invitation]), "")
            }
            Self::Resend { tenant, invitation, secret } => {
                let call = Call::post(&[&"tenants", &tenant, &"invitations", &invitation, &"resend"]);
                show_once(session, &call, "token", &secret)
            }
            Self::Cancel { tenant, invitation } => {
                let path: [&dyn Display; 4] = [&"tenants", &tenant, &"invitations", &invitation];
                session.take_away(
                    "cancel",
                    "invitation",
                    Subject::Record(&Call::get(&path)),
                    &Call::delete(&path),
                )
            }
            Self::Accept { file } => {
                let handle = read_document(&file)?.trim().to_owned();
                let body = Fields::default().with("token", Some(handle)).body();
                session.show(&Call::post(&[&"invitations", &"accept"]).body(&body), "invitation: accepted")
            }
        }
    }
}
