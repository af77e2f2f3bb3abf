//! `POST /invitations/accept`.

use actix_web::HttpResponse;
use turnkeep_protocol::management::invitation::AcceptInvitationRequest;
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_service::people::accept_invitation::accept_invitation;

use crate::error::api_error::ApiError;
use crate::management::answer;
use crate::management::call::ManagementCall;
use crate::management::members::show;

/// Makes the caller a member. What is too long to be a token is as unknown as any other.
pub(crate) async fn accept(mut call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let request: AcceptInvitationRequest = call.json().await?;
    let handle = PlaintextSecret::presented(request.token.expose().to_owned());
    let handle = handle.map_err(|_| ApiError::NotFound)?;
    let member = call.run(move |context| accept_invitation(context, &handle)).await?;
    let membership = member.membership;
    let location = call.url(&format!("tenants/{}/members/{}", membership.tenant_id, membership.user_id));
    Ok(answer::created(location, Some(membership.version), &show(&member)))
}
