//! Telling apps that a session is over (OpenID Connect Back-Channel Logout §2).

use std::time::Duration;

use crate::id::{AppId, InstanceId, LogoutNoticeId, SessionId, TenantId, UserId};
use crate::time::Timestamp;

/// A logout token that has to be delivered to an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogoutNotice {
    /// Identifier; the `jti` of the logout token.
    pub id: LogoutNoticeId,
    /// The instance.
    pub instance_id: InstanceId,
    /// The tenant of the app.
    pub tenant_id: TenantId,
    /// The app that is told.
    pub app_id: AppId,
    /// Whose session it was.
    pub user_id: UserId,
    /// The session.
    pub session_id: SessionId,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub due_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
}

impl LogoutNotice {
    /// How often delivery is tried.
    pub const MAX_ATTEMPTS: u32 = 5;

    /// How long to wait after so many attempts: 10 s, 40 s, 160 s, 640 s.
    pub fn delay_after(attempts: u32) -> Duration {
        Duration::from_secs(10).saturating_mul(4_u32.saturating_pow(attempts.saturating_sub(1)))
    }
}
