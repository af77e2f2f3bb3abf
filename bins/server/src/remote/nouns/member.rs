//! `turnkeep member`.

use clap::Subcommand;
use serde_json::Value;
use turnkeep_domain::id::{TenantId, UserId};

use crate::remote::call::Call;
use crate::remote::confirm::{Subject, confirm_loss};
use crate::remote::fields::Fields;
use crate::remote::list::{ListFlags, list};
use crate::remote::outcome::RemoteResult;
use crate::remote::session::{RemoteCommand, Session};
use crate::remote::table::{Column, find};

/// The roles in a tenant, the most powerful first.
pub(super) const ROLES: [&str; 4] = ["owner", "admin", "developer", "auditor"];

const COLUMNS: &[Column] =
    &[("USER ID", "user_id"), ("USER NAME", "user_name"), ("ROLE", "role"), ("SINCE", "created_at")];

/// What can be done with the members of a tenant.
#[derive(Debug, Subcommand)]
pub(crate) enum MemberVerb {
    /// List a tenant's members
    List {
        /// The tenant
        tenant: TenantId,
        /// Only with this role
        #[arg(long, value_parser = ROLES)]
        role: Option<String>,
        /// Which part.
        #[command(flatten)]
        list: ListFlags,
    },
    /// Make a user a member, or change a member's role
    Set {
        /// The tenant
        tenant: TenantId,
        /// The user
        user: UserId,
        /// What the user may do
        #[arg(long, value_parser = ROLES)]
        role: String,
    },
    /// Take the membership away
    Remove {
        /// The tenant
        tenant: TenantId,
        /// The user
        user: UserId,
    },
}

impl RemoteCommand for MemberVerb {
    fn run(self, session: &Session) -> RemoteResult {
        match self {
            Self::List { tenant, role, list: flags } => {
                let call = Call::get(&[&"tenants", &tenant, &"members"]).query("role", role);
                list(session, &call, &flags, COLUMNS)
            }
            Self::Set { tenant, user, role } => {
                let rank = |role: &str| ROLES.iter().position(|known| *known == role);
                let call = Call::get(&[&"tenants", &tenant, &"members", &user]);
                // Nothing is above the first role, so nobody loses anything by getting it.
                if rank(&role) != Some(0) {
                    confirm_loss(session, "member", &call, "who will be allowed less", |member| {
                        let before = find(member, "role").and_then(Value::as_str);
                        before.is_some_and(|before| rank(before) < rank(&role))
                    })?;
                }
                let body = Fields::default().with("role", Some(role)).body();
                session.show(&Call::put(&[&"tenants", &tenant, &"members", &user]).body(&body), "member: set")
            }
            Self::Remove { tenant, user } => {
                let call = Call::delete(&[&"tenants", &tenant, &"members", &user]);
                let subject = Subject::Described(format!("{user} of tenant {tenant}"));
                session.take_away("remove", "member", subject, &call)
            }
        }
    }
}
