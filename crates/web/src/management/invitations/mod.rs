//! Invitations into tenants.

pub(crate) mod accept;
pub(crate) mod cancel;
pub(crate) mod create;
pub(crate) mod operations;
pub(crate) mod read;
pub(crate) mod resend;

use actix_web::HttpResponse;
use turnkeep_protocol::management::invitation::{InvitationResponse, NewInvitationResponse};
use turnkeep_protocol::revealed_secret::RevealedSecret;
use turnkeep_service::people::invite::OpenInvitation;

use crate::management::answer::{self, ShownOnce};
use crate::management::call::ManagementCall;

impl ShownOnce for NewInvitationResponse {
    fn withhold(&mut self) {
        self.token_withheld = self.token.take().map(|_| true);
    }
}

/// The one answer with what the invited person presents.
fn show_open(call: &ManagementCall, open: &OpenInvitation) -> HttpResponse {
    let OpenInvitation { invitation, handle } = open;
    let standing = invitation.state_at(call.authority().now());
    let response = NewInvitationResponse {
        invitation: InvitationResponse::new(invitation, standing),
        token: Some(RevealedSecret::new(handle.expose().to_owned())),
        token_withheld: None,
    };
    let location = call.url(&format!("tenants/{}/invitations/{}", invitation.tenant_id, invitation.id));
    answer::created_with_secret(location, Some(invitation.version), response)
}
