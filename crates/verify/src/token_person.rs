//! Who a token acts as, where somebody signed in.

use turnkeep_domain::authentication::AssuranceLevel;
use turnkeep_domain::id::{GrantId, SessionId, UserId};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::UserKind;

/// The person that an access token acts as. A token without one acts as a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenPerson {
    /// `sub`.
    pub user_id: UserId,
    /// `user_kind`: never [`UserKind::System`].
    pub kind: UserKind,
    /// `grant_id`: what the person granted to the app. The token dies with it.
    pub grant_id: GrantId,
    /// `sid`: the session in which they signed in.
    pub session_id: SessionId,
    /// `auth_time`: when they last proved who they are.
    pub authenticated_at: Timestamp,
    /// `acr`: how sure it is; `None` for a level that is not known here.
    pub assurance: Option<AssuranceLevel>,
}
