//! Members of tenants.

pub(crate) mod operations;
pub(crate) mod read;
pub(crate) mod remove;
pub(crate) mod set;

use turnkeep_domain::membership::Role;
use turnkeep_protocol::management::member::MemberResponse;
use turnkeep_service::people::list_members::Member;

use crate::management::query_parameter::{QueryParameter, one_of};

/// `role`, for lists of what has one.
pub(crate) const ROLE: QueryParameter =
    one_of("role", "Only those with this role.", &["owner", "admin", "developer", "auditor"]);

/// The roles by their names in a query.
pub(crate) const ROLES: [(&str, Role); 4] = [
    ("owner", Role::Owner),
    ("admin", Role::Admin),
    ("developer", Role::Developer),
    ("auditor", Role::Auditor),
];

/// A member as it is shown.
pub(crate) fn show(member: &Member) -> MemberResponse {
    MemberResponse::new(&member.membership, &member.user)
}
