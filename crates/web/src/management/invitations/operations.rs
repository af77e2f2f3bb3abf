//! The operations on invitations.

use turnkeep_protocol::management::invitation::{
    AcceptInvitationRequest, CreateInvitationRequest, InvitationResponse, NewInvitationResponse,
};
use turnkeep_protocol::management::member::MemberResponse;

use crate::management::invitations::{accept, cancel, create, read, resend};
use crate::management::members::ROLE;
use crate::management::operation::{delete, get, post};
use crate::management::operations::Chapter;
use crate::management::query_parameter::{SORT, one_of};

pub(crate) fn chapter() -> Chapter {
    Chapter {
        title: "Invitations",
        description: "An invitation offers a role in a tenant to whoever has a user name, once and for 72 hours. \
            Its token is shown when it is made or sent again, and belongs to the invited person, who gets it by mail \
            as well if the instance knows an address of theirs.",
        operations: vec![
            get("/tenants/{id}/invitations", "listInvitations", read::list)
                .summary("Lists the invitations of a tenant, past ones included.")
                .lists::<InvitationResponse>()
                .query(&[
                    SORT,
                    ROLE,
                    one_of(
                        "state",
                        "Only invitations in this state.",
                        &["pending", "accepted", "cancelled", "expired"],
                    ),
                ]),
            post("/tenants/{id}/invitations", "createInvitation", create::create)
                .summary("Invites somebody into a tenant.")
                .takes::<CreateInvitationRequest>()
                .creates::<NewInvitationResponse>()
                .refuses(&["tenant_closed", "already_member", "already_invited", "too_many_invitations"]),
            get("/tenants/{id}/invitations/{invitation_id}", "getInvitation", read::find)
                .summary("Shows an invitation.")
                .shows::<InvitationResponse>(),
            delete("/tenants/{id}/invitations/{invitation_id}", "cancelInvitation", cancel::cancel)
                .takes_access_away()
                .summary("Takes an invitation back.")
                .removes_version()
                .refuses(&["invitation_accepted", "invitation_cancelled"]),
            post("/tenants/{id}/invitations/{invitation_id}/resend", "resendInvitation", resend::resend)
                .summary("Gives an invitation its whole time again and a new token; the old one is void.")
                .creates::<NewInvitationResponse>()
                .refuses(&[
                    "tenant_closed",
                    "already_member",
                    "already_invited",
                    "too_many_invitations",
                    "invitation_accepted",
                    "invitation_cancelled",
                ]),
            post("/invitations/accept", "acceptInvitation", accept::accept)
                .summary("Makes the caller, if it is the invited person, a member of the tenant.")
                .takes::<AcceptInvitationRequest>()
                .creates::<MemberResponse>()
                .refuses(&[
                    "system_user",
                    "user_disabled",
                    "tenant_closed",
                    "already_member",
                    "invitation_accepted",
                    "invitation_cancelled",
                    "invitation_expired",
                ]),
        ],
    }
}
