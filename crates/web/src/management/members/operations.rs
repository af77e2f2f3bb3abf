//! The operations on members.

use turnkeep_protocol::management::member::{MemberResponse, SetMemberRequest};

use crate::management::members::{ROLE, read, remove, set};
use crate::management::operation::{delete, get, put};
use crate::management::operations::Chapter;
use crate::management::query_parameter::SORT;

pub(crate) fn chapter() -> Chapter {
    Chapter {
        title: "Members",
        description: "Who is what in a tenant: owner, admin, developer or auditor. What somebody may do is looked \
            up at every request.",
        operations: vec![
            get("/tenants/{id}/members", "listMembers", read::list)
                .summary("Lists the members of a tenant.")
                .lists::<MemberResponse>()
                .query(&[SORT, ROLE]),
            get("/tenants/{id}/members/{user_id}", "getMember", read::find)
                .summary("Shows a member of a tenant.")
                .shows::<MemberResponse>(),
            put("/tenants/{id}/members/{user_id}", "setMember", set::set)
                .summary("Changes a member's role; for operators, puts a user into the tenant too.")
                .takes::<SetMemberRequest>()
                .changes::<MemberResponse>()
                .refuses(&["last_owner", "own_role", "system_user", "user_disabled", "tenant_closed"]),
            delete("/tenants/{id}/members/{user_id}", "removeMember", remove::remove)
                .takes_access_away()
                .summary("Takes a user out of a tenant, with the pending invitations that the user made.")
                .removes_version()
                .refuses(&["last_owner"]),
        ],
    }
}
