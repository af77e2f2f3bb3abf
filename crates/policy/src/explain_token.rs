//! "Why can't this app get a token?": every check in order, each judged by itself, with since when.

use turnkeep_domain::app::App;
use turnkeep_domain::plan_assignment::AssignmentState;
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;

use crate::decide_token::{APP_CHECKS, AppFacts, Authentication, Check, CheckState, TokenFacts};
use crate::decide_token_scope::decide_token_scope;
use crate::token_advice::token_advice;
use crate::token_denial::TokenDenial;

/// A check and how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExplainedCheck {
    /// The check.
    pub check: Check,
    /// How it ended.
    pub state: CheckState,
    /// Since when what it looks at is as it is, where that is known.
    pub since: Option<Timestamp>,
}

impl ExplainedCheck {
    /// What to do, if the check denies a token.
    pub fn advice(&self) -> Option<&'static str> {
        match self.state {
            CheckState::Denied(denial) => Some(token_advice(denial)),
            CheckState::Passed | CheckState::NotChecked => None,
        }
    }
}

/// Every check in the order in which [`decide_token`](crate::decide_token::decide_token) judges them.
pub fn explain_token(facts: &TokenFacts<'_>) -> Vec<ExplainedCheck> {
    let app = facts.app.as_ref();
    let explained =
        |check, state| ExplainedCheck { check, state, since: app.and_then(|app| since(app, check)) };
    let exists = if app.is_some() { CheckState::Passed } else { CheckState::Denied(TokenDenial::AppUnknown) };
    let authenticated = match facts.authentication {
        Authentication::Verified => CheckState::Passed,
        Authentication::Failed => CheckState::Denied(TokenDenial::ClientAuthenticationFailed),
        Authentication::NotAttempted => CheckState::NotChecked,
        Authentication::Impossible { .. } => CheckState::Denied(TokenDenial::NoLiveSecret),
    };
    let ended = match facts.authentication {
        Authentication::Impossible { since } => since,
        Authentication::Verified | Authentication::Failed | Authentication::NotAttempted => None,
    };
    let authenticated =
        ExplainedCheck { since: ended, ..explained(Check::ClientAuthenticated, authenticated) };
    let mut checks = vec![explained(Check::AppExists, exists), authenticated];
    let state = |judged: Option<Result<(), TokenDenial>>| match judged {
        Some(Ok(())) => CheckState::Passed,
        Some(Err(denial)) => CheckState::Denied(denial),
        None => CheckState::NotChecked,
    };
    checks.extend(APP_CHECKS.map(|(check, judge)| explained(check, state(app.map(judge)))));
    let scope = app.map(|app| decide_token_scope(app.app, &facts.scope_request).map(drop));
    checks.push(explained(Check::ScopeAndAudience, state(scope)));
    checks
}

fn since(facts: &AppFacts<'_>, check: Check) -> Option<Timestamp> {
    let app = facts.app;
    match check {
        // Region and database are stamped when the app is created, and never change.
        Check::AppExists | Check::RegionStamped | Check::DbCodeStamped => Some(app.created_at),
        Check::ClientAuthenticated => None,
        // What an app with scopes is granted depends on the instance's scopes too, which have no times.
        Check::ScopeAndAudience if app.settings.scopes.is_empty() => settings_since(app),
        Check::ScopeAndAudience => None,
        Check::AppEnabled => Some(app.state_since),
        Check::TenantActive => Some(facts.tenant_state_since),
        Check::InstanceActive => Some(facts.instance_state_since),
        Check::PlanNotRetired => {
            // An app cannot have been stopped by its plan before it was on it.
            let assigned_at = app.plan.map(|assignment| assignment.assigned_at);
            facts.plan.zip(assigned_at).map(|(plan, assigned_at)| plan.state_since.max(assigned_at))
        }
        Check::PlanNotOnHold => match app.plan.map(|assignment| assignment.state) {
            Some(AssignmentState::OnHold { since }) => Some(since),
            Some(AssignmentState::Current) | None => None,
        },
        Check::ServiceAccess => match app.settings.service_access {
            ServiceAccess::AsUser(id) => {
                facts.system_user.filter(|user| user.id == id).map(|user| user.state_since)
            }
            ServiceAccess::Disabled => settings_since(app),
            ServiceAccess::AsApp => None,
        },
    }
}

/// Since when the settings are as they are. That is known of an app that was never changed only: a record says when it
/// was created and enabled, but not when its settings last changed. Its audit trail does.
fn settings_since(app: &App) -> Option<Timestamp> {
    (app.version == RecordVersion::FIRST).then_some(app.created_at)
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::client_type::ClientType;
    use turnkeep_domain::plan::PlanState;
    use turnkeep_domain::scope::ScopeSet;
    use turnkeep_domain::tenant::TenantState;
    use turnkeep_domain::user::{User, UserKind, UserState};

    use super::*;
    use crate::decide_token::decide_token;
    use crate::samples;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(secs)
    }

    #[test]
    fn explain_judges_every_check_by_itself() {
        let mut sample = samples::usable();
        sample.authentication = Authentication::NotAttempted;
        sample.tenant_state = TenantState::Suspended;
        sample.plan.as_mut().unwrap().state = PlanState::Retired;
        let denied: Vec<_> = explain_token(&sample.facts())
            .into_iter()
            .map(|explained| (explained.check, explained.state))
            .filter(|(_, state)| *state != CheckState::Passed)
            .collect();
        assert_eq!(
            denied,
            [
                (Check::ClientAuthenticated, CheckState::NotChecked),
                (Check::TenantActive, CheckState::Denied(TokenDenial::TenantSuspended)),
                (Check::PlanNotRetired, CheckState::Denied(TokenDenial::PlanRetired)),
            ]
        );
    }

    #[test]
    fn explain_and_decide_agree_on_the_first_denial() {
        let mut sample = samples::usable();
        sample.break_everything();
        loop {
            let explained = explain_token(&sample.facts());
            let first = explained.iter().find_map(|explained| match explained.state {
                CheckState::Denied(denial) => Some((denial, explained.advice())),
                CheckState::Passed | CheckState::NotChecked => None,
            });
            assert_eq!(decide_token(&sample.facts()).err(), first.map(|(denial, _)| denial));
            let Some((denial, advice)) = first else { break };
            assert_eq!(advice, Some(token_advice(denial)));
            sample.mend(denial);
        }
        assert!(explain_token(&sample.facts()).iter().all(|explained| explained.advice().is_none()));
    }

    #[test]
    fn each_check_says_since_when_where_that_is_known() {
        let mut sample = samples::usable();
        let user = User { state_since: at(9), state: UserState::Disabled, ..samples::user(UserKind::System) };
        sample.app.created_at = at(1);
        sample.app.state_since = at(2);
        sample.tenant_state_since = at(3);
        sample.instance_state_since = at(4);
        sample.plan.as_mut().unwrap().state_since = at(5);
        let assignment = sample.app.plan.as_mut().unwrap();
        assignment.assigned_at = at(6);
        assignment.state = AssignmentState::OnHold { since: at(7) };
        sample.app.settings.service_access = ServiceAccess::AsUser(user.id);
        sample.system_user = Some(user);
        let since: Vec<_> = explain_token(&sample.facts())
            .into_iter()
            .map(|explained| (explained.check, explained.since.map(Timestamp::as_secs)))
            .collect();
        assert_eq!(
            since,
            [
                (Check::AppExists, Some(1)),
                (Check::ClientAuthenticated, None),
                (Check::AppEnabled, Some(2)),
                (Check::TenantActive, Some(3)),
                (Check::InstanceActive, Some(4)),
                (Check::RegionStamped, Some(1)),
                (Check::DbCodeStamped, Some(1)),
                (Check::PlanNotRetired, Some(6)),
                (Check::PlanNotOnHold, Some(7)),
                (Check::ServiceAccess, Some(9)),
                (Check::ScopeAndAudience, None),
            ]
        );
    }

    #[test]
    fn an_app_that_nobody_can_authenticate_as_is_denied_since_its_last_secret_ended() {
        let mut sample = samples::usable();
        sample.authentication = Authentication::Impossible { since: Some(at(8)) };
        let explained = explain_token(&sample.facts())[1];
        assert_eq!(explained.check, Check::ClientAuthenticated);
        assert_eq!(explained.state, CheckState::Denied(TokenDenial::NoLiveSecret));
        assert_eq!(explained.since, Some(at(8)));
        assert_eq!(explained.advice(), Some("Regenerate its secret."));
    }

    #[test]
    fn a_public_app_is_told_that_it_is_there_for_people() {
        let mut sample = samples::usable();
        sample.app.client_type = ClientType::Public;
        sample.app.settings.service_access = ServiceAccess::Disabled;
        let checks = explain_token(&sample.facts());
        let explained = checks.iter().find(|explained| explained.check == Check::ServiceAccess).unwrap();
        assert_eq!(explained.state, CheckState::Denied(TokenDenial::PublicApp));
        assert!(explained.advice().unwrap().starts_with("A public app is there for people to sign in"));
    }

    #[test]
    fn settings_are_as_old_as_an_app_that_was_never_changed_and_else_of_unknown_age() {
        for (version, expected) in [(RecordVersion::FIRST, Some(1)), (RecordVersion::FIRST.next(), None)] {
            let mut sample = samples::usable();
            sample.app.created_at = at(1);
            sample.app.version = version;
            sample.app.settings.service_access = ServiceAccess::Disabled;
            sample.app.settings.scopes = ScopeSet::default();
            let since = |check| {
                let checks = explain_token(&sample.facts());
                let explained = checks.into_iter().find(|explained| explained.check == check).unwrap();
                assert!(matches!(explained.state, CheckState::Denied(_)), "{explained:?}");
                explained.since.map(Timestamp::as_secs)
            };
            assert_eq!((since(Check::ServiceAccess), since(Check::ScopeAndAudience)), (expected, expected));
        }
    }

    #[test]
    fn nothing_is_said_about_an_app_that_is_not_there_or_has_no_plan() {
        let mut sample = samples::usable();
        sample.app.plan = None;
        sample.plan = None;
        let without_plan = explain_token(&sample.facts());
        let plan_checks = [Check::PlanNotRetired, Check::PlanNotOnHold, Check::ServiceAccess];
        assert!(without_plan.iter().filter(|e| plan_checks.contains(&e.check)).all(|e| e.since.is_none()));
        sample.known = false;
        assert!(explain_token(&sample.facts()).iter().all(|explained| explained.since.is_none()));
    }
}
