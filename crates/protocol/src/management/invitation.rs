//! Invitations into tenants. What the invited person presents is in the answer to making or resending one only.

use serde::{Deserialize, Serialize};
use turnkeep_domain::invitation::{Invitation, InvitationStanding};

use crate::management::member::RoleName;
#[cfg(feature = "openapi")]
use crate::management::texts;
use crate::presented_secret::PresentedSecret;
use crate::revealed_secret::RevealedSecret;
use crate::rfc3339::format_utc;

/// `POST /tenants/{id}/invitations`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateInvitationRequest {
    /// Who is invited; the user need not exist yet.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UserNameText"))]
    pub user_name: String,
    /// As what.
    pub role: RoleName,
}

/// `POST /invitations/accept`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitationRequest {
    /// What the invited person was sent.
    #[cfg_attr(feature = "openapi", schemars(with = "String"))]
    pub token: PresentedSecret,
}

/// [`InvitationStanding`] on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InvitationStateName {
    /// It can be accepted.
    Pending,
    /// It was accepted; it cannot be a second time.
    Accepted,
    /// It was taken back.
    Cancelled,
    /// Its time is over; it can be sent again.
    Expired,
}

impl From<InvitationStanding> for InvitationStateName {
    fn from(standing: InvitationStanding) -> Self {
        match standing {
            InvitationStanding::Pending => Self::Pending,
            InvitationStanding::Accepted => Self::Accepted,
            InvitationStanding::Cancelled => Self::Cancelled,
            InvitationStanding::Expired => Self::Expired,
        }
    }
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct InvitationResponse {
    /// Identifier.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::InvitationIdText"))]
    pub id: String,
    /// The tenant invited into.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TenantIdText"))]
    pub tenant_id: String,
    /// Who is invited.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::UserNameText"))]
    pub user_name: String,
    /// As what.
    pub role: RoleName,
    /// Where it is in its life.
    pub state: InvitationStateName,
    /// Who invited: the id of a user or app, or `command-line`.
    pub invited_by: String,
    /// When it was first made.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub created_at: String,
    /// From when on it cannot be accepted.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub expires_at: String,
    /// How often it was changed; also its `ETag`.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::VersionNumber"))]
    pub version: i64,
}

impl InvitationResponse {
    /// Shows an invitation as it stands now.
    pub fn new(invitation: &Invitation, standing: InvitationStanding) -> Self {
        Self {
            id: invitation.id.to_string(),
            tenant_id: invitation.tenant_id.to_string(),
            user_name: invitation.user_name.to_string(),
            role: invitation.role.into(),
            state: standing.into(),
            invited_by: invitation.invited_by.to_string(),
            created_at: format_utc(invitation.created_at),
            expires_at: format_utc(invitation.expires_at),
            version: invitation.version.as_number(),
        }
    }
}

/// An invitation that can be passed on, shown this once.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct NewInvitationResponse {
    /// What is known of it afterwards too.
    #[serde(flatten)]
    pub invitation: InvitationResponse,
    /// What the invited person presents; absent in a repeated answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::RevealedSecretText>"))]
    pub token: Option<RevealedSecret>,
    /// `true` in a repeated answer: the token was shown before and is shown once only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_withheld: Option<bool>,
}
