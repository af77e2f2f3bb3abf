//! `POST /users/{id}/welcome`.

use actix_web::HttpResponse;
use turnkeep_domain::id::UserId;
use turnkeep_protocol::management::user::WelcomeResponse;
use turnkeep_protocol::revealed_secret::RevealedSecret;
use turnkeep_protocol::rfc3339::format_utc;
use turnkeep_service::people::welcome_user::{Welcome, welcome_user};

use crate::error::api_error::ApiError;
use crate::management::answer::{self, ShownOnce};
use crate::management::call::ManagementCall;

/// Invites a person to choose a password.
pub(super) async fn welcome(call: ManagementCall) -> Result<HttpResponse, ApiError> {
    let user_id: UserId = call.path_id("id")?;
    let Welcome { link, is_mailed } = call.run(move |context| welcome_user(context, user_id)).await?;
    let response = WelcomeResponse {
        link: Some(RevealedSecret::new(link.url.expose().to_owned())),
        link_withheld: None,
        expires_at: format_utc(link.expires_at),
        mailed: is_mailed,
    };
    Ok(answer::created_with_secret(call.url(&format!("users/{user_id}")), None, response))
}

impl ShownOnce for WelcomeResponse {
    fn withhold(&mut self) {
        self.link_withheld = self.link.take().map(|_| true);
    }
}
