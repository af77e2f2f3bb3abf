//! Why an app gets no token.

/// The first check that failed. Each has a stable code, for logs, the audit trail and *explain*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TokenDenial {
    /// No app has this client id in this instance.
    #[error("no such app")]
    AppUnknown,
    /// The secret was missing, wrong, expired or revoked.
    #[error("the client did not authenticate")]
    ClientAuthenticationFailed,
    /// No secret of the app is live, so that no client can authenticate. Only *explain* says so: who presents a secret
    /// is not told which ones there are.
    #[error("the app has no live secret")]
    NoLiveSecret,
    /// The kill switch (seed 002: `IsEnabled`).
    #[error("the app is disabled")]
    AppDisabled,
    /// The tenant was never activated.
    #[error("the tenant is not activated yet")]
    TenantPendingActivation,
    /// An operator stopped the tenant.
    #[error("the tenant is suspended")]
    TenantSuspended,
    /// The tenant was ended.
    #[error("the tenant is closed")]
    TenantClosed,
    /// The instance is off.
    #[error("the instance is disabled")]
    InstanceDisabled,
    /// No license region was stamped on the app.
    #[error("the app has no license region")]
    RegionMissing,
    /// No database code was stamped on the app.
    #[error("the app has no database code")]
    DbCodeMissing,
    /// The app's plan is retired (seeds 000 §4 and 001).
    #[error("the app's plan is retired")]
    PlanRetired,
    /// The app's plan waits for a payment.
    #[error("the app's plan is on hold")]
    PlanOnHold,
    /// The app may not act without a person (seed 002: `SystemUserAllowed`).
    #[error("the app has no service access")]
    ServiceAccessOff,
    /// A public client gets no token without a person (RFC 6749 §4.4: confidential clients only).
    #[error("a public app gets no token without a person")]
    PublicApp,
    /// The system user that the app acts as is gone.
    #[error("the app's system user does not exist")]
    SystemUserMissing,
    /// The system user that the app acts as is disabled.
    #[error("the app's system user is disabled")]
    SystemUserDisabled,
    /// The app is registered for no scope.
    #[error("the app has no scope")]
    NoScope,
    /// A scope that is unknown, reserved, or not registered for the app; or all that the app has are.
    #[error("the app may not be granted this scope")]
    ScopeNotAllowed,
    /// A resource that is unknown, that the scopes do not belong to, or that cannot be told from the request.
    #[error("the app may not get a token for this resource")]
    AudienceNotAllowed,
}

impl TokenDenial {
    /// Every denial, in the order of the checks.
    pub const ALL: [Self; 19] = [
        Self::AppUnknown,
        Self::ClientAuthenticationFailed,
        Self::NoLiveSecret,
        Self::AppDisabled,
        Self::TenantPendingActivation,
        Self::TenantSuspended,
        Self::TenantClosed,
        Self::InstanceDisabled,
        Self::RegionMissing,
        Self::DbCodeMissing,
        Self::PlanRetired,
        Self::PlanOnHold,
        Self::ServiceAccessOff,
        Self::PublicApp,
        Self::SystemUserMissing,
        Self::SystemUserDisabled,
        Self::NoScope,
        Self::ScopeNotAllowed,
        Self::AudienceNotAllowed,
    ];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AppUnknown => "app_unknown",
            Self::ClientAuthenticationFailed => "client_authentication_failed",
            Self::NoLiveSecret => "no_live_secret",
            Self::AppDisabled => "app_disabled",
            Self::TenantPendingActivation => "tenant_pending_activation",
            Self::TenantSuspended => "tenant_suspended",
            Self::TenantClosed => "tenant_closed",
            Self::InstanceDisabled => "instance_disabled",
            Self::RegionMissing => "region_missing",
            Self::DbCodeMissing => "db_code_missing",
            Self::PlanRetired => "plan_retired",
            Self::PlanOnHold => "plan_on_hold",
            Self::ServiceAccessOff => "service_access_off",
            Self::PublicApp => "public_app",
            Self::SystemUserMissing => "system_user_missing",
            Self::SystemUserDisabled => "system_user_disabled",
            Self::NoScope => "no_scope",
            Self::ScopeNotAllowed => "scope_not_allowed",
            Self::AudienceNotAllowed => "audience_not_allowed",
        }
    }
}
