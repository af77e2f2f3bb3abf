//! May this app have a token? One ordered list of checks, used wherever the question comes up: the token
//! endpoint, introspection, reference tokens, and *explain*.

use turnkeep_domain::app::{App, AppOrigin, AppState};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::instance::InstanceState;
use turnkeep_domain::plan::{Plan, PlanState};
use turnkeep_domain::plan_assignment::AssignmentState;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::tenant::TenantState;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::{User, UserState};

use crate::decide_token_scope::{ScopeRequest, TokenGrant, decide_token_scope};
use crate::token_denial::TokenDenial;

/// What is known of how the client authenticated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// It presented a live secret, or a token that this server issued to it.
    Verified,
    /// It presented none, or a wrong, expired or revoked one.
    Failed,
    /// It was not asked: somebody wants to know whether it *could* get a token.
    NotAttempted,
    /// Nor could it succeed: the app needs a secret and none is live.
    Impossible {
        /// When the last one ended, where that is known.
        since: Option<Timestamp>,
    },
}

/// An app with everything around it that a token depends on.
#[derive(Debug, Clone, Copy)]
pub struct AppFacts<'a> {
    /// The app.
    pub app: &'a App,
    /// Of the app's tenant.
    pub tenant_state: TenantState,
    /// Since when the tenant is in that state.
    pub tenant_state_since: Timestamp,
    /// Of the app's instance.
    pub instance_state: InstanceState,
    /// Since when the instance is in that state.
    pub instance_state_since: Timestamp,
    /// The assigned plan, if one is.
    pub plan: Option<&'a Plan>,
    /// The system user, if the app acts as one and it exists.
    pub system_user: Option<&'a User>,
}

/// Everything the decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct TokenFacts<'a> {
    /// The app; `None` if the client id is unknown.
    pub app: Option<AppFacts<'a>>,
    /// How the client authenticated.
    pub authentication: Authentication,
    /// What is asked for, and what there is to ask for.
    pub scope_request: ScopeRequest<'a>,
}

/// The checks, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The client id is known.
    AppExists,
    /// The client authenticated.
    ClientAuthenticated,
    /// The app is enabled.
    AppEnabled,
    /// Its tenant is active.
    TenantActive,
    /// Its instance is active.
    InstanceActive,
    /// It has a license region.
    RegionStamped,
    /// It has a database code.
    DbCodeStamped,
    /// Its plan, if any, is not retired.
    PlanNotRetired,
    /// Its plan, if any, is not on hold.
    PlanNotOnHold,
    /// It has service access, and its system user, if any, is alive.
    ServiceAccess,
    /// It may have the scopes, for the resource.
    ScopeAndAudience,
}

impl Check {
    /// The stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AppExists => "app_exists",
            Self::ClientAuthenticated => "client_authenticated",
            Self::AppEnabled => "app_enabled",
            Self::TenantActive => "tenant_active",
            Self::InstanceActive => "instance_active",
            Self::RegionStamped => "region_stamped",
            Self::DbCodeStamped => "db_code_stamped",
            Self::PlanNotRetired => "plan_not_retired",
            Self::PlanNotOnHold => "plan_not_on_hold",
            Self::ServiceAccess => "service_access",
            Self::ScopeAndAudience => "scope_and_audience",
        }
    }
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckState {
    /// Nothing stands against a token here.
    Passed,
    /// This alone would deny a token.
    Denied(TokenDenial),
    /// It could not be judged: it depends on a check before it, or nobody tried.
    NotChecked,
}

pub(crate) type Judge = fn(&AppFacts<'_>) -> Result<(), TokenDenial>;

/// What is judged of a known and authenticated app, in order.
pub(crate) const APP_CHECKS: [(Check, Judge); 8] = [
    (Check::AppEnabled, app_enabled),
    (Check::TenantActive, tenant_active),
    (Check::InstanceActive, instance_active),
    (Check::RegionStamped, region_stamped),
    (Check::DbCodeStamped, db_code_stamped),
    (Check::PlanNotRetired, plan_not_retired),
    (Check::PlanNotOnHold, plan_not_on_hold),
    (Check::ServiceAccess, service_access),
];

/// The grant, or the first denial.
pub fn decide_token<'a>(facts: &TokenFacts<'a>) -> Result<TokenGrant<'a>, TokenDenial> {
    let app = first_denial(facts.app.as_ref(), facts.authentication, |_| true)?;
    decide_token_scope(app.app, &facts.scope_request)
}

/// Whether the client may talk to the server at all, as at introspection and revocation: the checks up to the
/// instance's state. Those after it are about getting tokens.
pub fn decide_client(app: Option<&AppFacts<'_>>, authentication: Authentication) -> Result<(), TokenDenial> {
    let about_the_client = |check| match check {
        Check::AppEnabled | Check::TenantActive | Check::InstanceActive => true,
        Check::AppExists
        | Check::ClientAuthenticated
        | Check::RegionStamped
        | Check::DbCodeStamped
        | Check::PlanNotRetired
        | Check::PlanNotOnHold
        | Check::ServiceAccess
        | Check::ScopeAndAudience => false,
    };
    first_denial(app, authentication, about_the_client).map(drop)
}

/// The same for a token that acts as a person: the person takes the place of service access, and scopes are judged by
/// the caller.
pub(crate) fn first_denial_but_service_access<'f, 'a>(
    app: Option<&'f AppFacts<'a>>,
    authentication: Authentication,
) -> Result<&'f AppFacts<'a>, TokenDenial> {
    first_denial(app, authentication, |check| check != Check::ServiceAccess)
}

fn first_denial<'f, 'a>(
    app: Option<&'f AppFacts<'a>>,
    authentication: Authentication,
    concerns: impl Fn(Check) -> bool,
) -> Result<&'f AppFacts<'a>, TokenDenial> {
    let app = app.ok_or(TokenDenial::AppUnknown)?;
    match authentication {
        Authentication::Verified => {}
        Authentication::Failed | Authentication::NotAttempted => {
            return Err(TokenDenial::ClientAuthenticationFailed);
        }
        Authentication::Impossible { .. } => return Err(TokenDenial::NoLiveSecret),
    }
    for (_, judge) in APP_CHECKS.into_iter().filter(|(check, _)| concerns(*check)) {
        judge(app)?;
    }
    Ok(app)
}

fn app_enabled(facts: &AppFacts<'_>) -> Result<(), TokenDenial> {
    match facts.app.state {
        AppState::Enabled => Ok(()),
        AppState::Disabled => Err(TokenDenial::AppDisabled),
    }
}

fn tenant_active(facts: &AppFacts<'_>) -> Result<(), TokenDenial> {
    match facts.tenant_state {
        TenantState::Active => Ok(()),
        TenantState::PendingActivation => Err(TokenDenial::TenantPendingActivation),
        TenantState::Suspended => Err(TokenDenial::TenantSuspended),
        TenantState::Closed => Err(TokenDenial::TenantClosed),
    }
}

fn instance_active(facts: &AppFacts<'_>) -> Result<(), TokenDenial> {
    match facts.instance_state {
        InstanceState::Active => Ok(()),
        InstanceState::Disabled => Err(TokenDenial::InstanceDisabled),
    }
}

fn region_stamped(facts: &AppFacts<'_>) -> Result<(), TokenDenial> {
    match facts.app.origin {
        AppOrigin::Platform => Ok(()),
        AppOrigin::External => facts.app.placement.region_code().map(drop).ok_or(TokenDenial::RegionMissing),
    }
}

fn db_code_stamped(facts: &AppFacts<'_>) -> Result<(), TokenDenial> {
    match facts.app.origin {
        AppOrigin::Platform => Ok(()),
        AppOrigin::External => facts.app.placement.db_code().map(drop).ok_or(TokenDenial::DbCodeMissing),
    }
}

fn plan_not_retired(facts: &AppFacts<'_>) -> Result<(), TokenDenial> {
    match facts.plan.map(|plan| plan.state) {
        Some(PlanState::Retired) => Err(TokenDenial::PlanRetired),
        Some(PlanState::Draft | PlanState::Active | PlanState::Archived) | None => Ok(()),
    }
}

fn plan_not_on_hold(facts: &AppFacts<'_>) -> Result<(), TokenDenial> {
    match facts.app.plan.map(|assignment| assignment.state) {
        Some(AssignmentState::OnHold { .. }) => Err(TokenDenial::PlanOnHold),
        Some(AssignmentState::Current) | None => Ok(()),
    }
}

fn service_access(facts: &AppFacts<'_>) -> Result<(), TokenDenial> {
    match (facts.app.settings.service_access, facts.system_user) {
        (ServiceAccess::Disabled, _) => match facts.app.client_type {
            ClientType::Confidential => Err(TokenDenial::ServiceAccessOff),
            ClientType::Public => Err(TokenDenial::PublicApp),
        },
        (ServiceAccess::AsApp, _) => Ok(()),
        (ServiceAccess::AsUser(id), Some(user)) if user.id == id => match user.state {
            UserState::Active => Ok(()),
            UserState::Disabled => Err(TokenDenial::SystemUserDisabled),
        },
        (ServiceAccess::AsUser(_), _) => Err(TokenDenial::SystemUserMissing),
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::id::UserId;
    use turnkeep_domain::placement::Placement;
    use turnkeep_domain::user::UserKind;

    use super::*;
    use crate::samples::{self, Sample};

    fn check(change: impl FnOnce(&mut Sample), expected: Result<&str, TokenDenial>) {
        let mut sample = samples::usable();
        change(&mut sample);
        let decided = decide_token(&sample.facts()).map(|grant| grant.scopes.to_string());
        assert_eq!(decided, expected.map(str::to_owned));
    }

    #[test]
    fn a_usable_app_gets_its_scopes() {
        check(|_| {}, Ok("api read"));
    }

    #[test]
    fn seed_000_no_plan_is_no_obstacle() {
        check(
            |s| {
                s.app.plan = None;
                s.plan = None;
            },
            Ok("api read"),
        );
    }

    #[test]
    fn seed_000_and_001_a_retired_plan_blocks_issuance_and_no_other_state_does() {
        for (state, expected) in [
            (PlanState::Draft, Ok("api read")),
            (PlanState::Active, Ok("api read")),
            (PlanState::Archived, Ok("api read")),
            (PlanState::Retired, Err(TokenDenial::PlanRetired)),
        ] {
            check(|s| s.plan.as_mut().unwrap().state = state, expected);
        }
    }

    #[test]
    fn seed_000_each_state_around_an_app_stops_it() {
        check(|s| s.known = false, Err(TokenDenial::AppUnknown));
        check(|s| s.authentication = Authentication::Failed, Err(TokenDenial::ClientAuthenticationFailed));
        check(
            |s| s.authentication = Authentication::NotAttempted,
            Err(TokenDenial::ClientAuthenticationFailed),
        );
        let impossible = Authentication::Impossible { since: None };
        check(|s| s.authentication = impossible, Err(TokenDenial::NoLiveSecret));
        check(|s| s.app.state = AppState::Disabled, Err(TokenDenial::AppDisabled));
        check(|s| s.tenant_state = TenantState::PendingActivation, Err(TokenDenial::TenantPendingActivation));
        check(|s| s.tenant_state = TenantState::Suspended, Err(TokenDenial::TenantSuspended));
        check(|s| s.tenant_state = TenantState::Closed, Err(TokenDenial::TenantClosed));
        check(|s| s.instance_state = InstanceState::Disabled, Err(TokenDenial::InstanceDisabled));
        check(|s| s.app.placement = Placement::Unplaced, Err(TokenDenial::RegionMissing));
        check(|s| s.app.placement = samples::region_only(), Err(TokenDenial::DbCodeMissing));
        let hold = AssignmentState::OnHold { since: Timestamp::from_secs(1) };
        check(|s| s.app.plan.as_mut().unwrap().state = hold, Err(TokenDenial::PlanOnHold));
    }

    #[test]
    fn seed_002_service_access_needs_its_system_user_alive() {
        check(
            |s| s.app.settings.service_access = ServiceAccess::Disabled,
            Err(TokenDenial::ServiceAccessOff),
        );
        check(
            |s| {
                s.app.settings.service_access = ServiceAccess::Disabled;
                s.app.client_type = ClientType::Public;
            },
            Err(TokenDenial::PublicApp),
        );
        let user = samples::user(UserKind::System);
        let as_user = ServiceAccess::AsUser(user.id);
        check(
            |s| {
                s.app.settings.service_access = as_user;
                s.system_user = Some(user.clone());
            },
            Ok("api read"),
        );
        check(|s| s.app.settings.service_access = as_user, Err(TokenDenial::SystemUserMissing));
        check(
            |s| {
                s.app.settings.service_access = ServiceAccess::AsUser(UserId::from_bytes([9; 16]));
                s.system_user = Some(user.clone());
            },
            Err(TokenDenial::SystemUserMissing),
        );
        check(
            |s| {
                s.app.settings.service_access = as_user;
                s.system_user = Some(User { state: UserState::Disabled, ..user.clone() });
            },
            Err(TokenDenial::SystemUserDisabled),
        );
    }

    #[test]
    fn the_platforms_own_apps_need_no_region() {
        check(
            |s| {
                s.app.origin = AppOrigin::Platform;
                s.app.placement = Placement::Unplaced;
            },
            Ok("api read"),
        );
    }

    #[test]
    fn the_first_denial_in_the_order_of_the_design_wins() {
        let mut sample = samples::usable();
        let mut met = Vec::new();
        sample.break_everything();
        while let Err(denial) = decide_token(&sample.facts()) {
            met.push(denial);
            sample.mend(denial);
        }
        assert_eq!(
            met,
            [
                TokenDenial::AppUnknown,
                TokenDenial::ClientAuthenticationFailed,
                TokenDenial::AppDisabled,
                TokenDenial::TenantSuspended,
                TokenDenial::InstanceDisabled,
                TokenDenial::RegionMissing,
                TokenDenial::DbCodeMissing,
                TokenDenial::PlanRetired,
                TokenDenial::PlanOnHold,
                TokenDenial::ServiceAccessOff,
                TokenDenial::ScopeNotAllowed,
            ]
        );
    }

    #[test]
    fn a_client_without_right_to_tokens_may_still_introspect_and_revoke() {
        let mut sample = samples::usable();
        sample.plan.as_mut().unwrap().state = PlanState::Retired;
        sample.app.settings.service_access = ServiceAccess::Disabled;
        let facts = sample.facts();
        assert_eq!(decide_client(facts.app.as_ref(), facts.authentication), Ok(()));
        sample.app.state = AppState::Disabled;
        let facts = sample.facts();
        assert_eq!(decide_client(facts.app.as_ref(), facts.authentication), Err(TokenDenial::AppDisabled));
        let failed = decide_client(facts.app.as_ref(), Authentication::Failed);
        assert_eq!(failed, Err(TokenDenial::ClientAuthenticationFailed));
        assert_eq!(decide_client(None, Authentication::Verified), Err(TokenDenial::AppUnknown));
    }

    #[test]
    fn codes_are_distinct() {
        let mut codes: Vec<_> = TokenDenial::ALL.iter().map(|denial| denial.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), TokenDenial::ALL.len());
    }
}
