//! *Explain* in the words of a page: whether the app gets a token, the first reason if not, and every check.

use turnkeep_console::dashboard::app_overview::{CheckItem, CheckMark, Verdict};
use turnkeep_policy::decide_token::{Check, CheckState};
use turnkeep_policy::explain_token::ExplainedCheck;
use turnkeep_policy::token_advice::token_advice;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::registry::explain_app::AppExplanation;

use crate::dashboard::denial::sentence;
use crate::dashboard::shown::moment;

/// What stands at the top.
pub(super) fn verdict_of(explanation: &AppExplanation) -> Verdict {
    let Some((first, denial)) = explanation.first_denial() else {
        return Verdict::Possible { text: possible(explanation.live_secrets) };
    };
    if is_for_people(explanation) {
        return Verdict::ForPeople { text: token_advice(denial).to_owned() };
    }
    Verdict::Impossible {
        code: denial.code(),
        text: format!("No: {denial}."),
        since: first.since.map(moment),
        advice: token_advice(denial).to_owned(),
    }
}

/// Every check.
pub(super) fn checks_of(explanation: &AppExplanation) -> Vec<CheckItem> {
    explanation.checks.iter().map(|explained| item(explained, explanation.live_secrets)).collect()
}

fn possible(live_secrets: usize) -> String {
    let secret = match live_secrets {
        1 => "its live secret".to_owned(),
        more => format!("one of its {more} live secrets"),
    };
    format!("Yes: whoever presents {secret} gets a token now.")
}

/// Nothing but being public stands against a token.
fn is_for_people(explanation: &AppExplanation) -> bool {
    explanation.checks.iter().all(|explained| {
        matches!(
            explained.state,
            CheckState::Passed | CheckState::NotChecked | CheckState::Denied(TokenDenial::PublicApp)
        )
    })
}

fn item(explained: &ExplainedCheck, live_secrets: usize) -> CheckItem {
    let (mark, text) = match explained.state {
        CheckState::Passed => (CheckMark::Passed, None),
        CheckState::Denied(denial) => {
            let text = format!("{} {}", sentence(&denial.to_string()), token_advice(denial));
            (CheckMark::Denied, Some(text))
        }
        CheckState::NotChecked => (CheckMark::Open, open_text(explained.check, live_secrets)),
    };
    CheckItem { label: label(explained.check), mark, since: explained.since.map(moment), text }
}

fn open_text(check: Check, live_secrets: usize) -> Option<String> {
    match (check, live_secrets) {
        (Check::ClientAuthenticated, 0) => Some("It has no secret to present.".to_owned()),
        (Check::ClientAuthenticated, 1) => Some("A request has to present its live secret.".to_owned()),
        (Check::ClientAuthenticated, more) => {
            Some(format!("A request has to present one of its {more} live secrets."))
        }
        _ => None,
    }
}

fn label(check: Check) -> &'static str {
    match check {
        Check::AppExists => "The app is registered",
        Check::ClientAuthenticated => "The client authenticates",
        Check::AppEnabled => "The app is enabled",
        Check::TenantActive => "The tenant is active",
        Check::InstanceActive => "The instance is active",
        Check::RegionStamped => "It has a license region",
        Check::DbCodeStamped => "It has a database code",
        Check::PlanNotRetired => "Its plan is not retired",
        Check::PlanNotOnHold => "Its plan is not on hold",
        Check::ServiceAccess => "It may act without a person",
        Check::ScopeAndAudience => "It may be granted a scope",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explanation(states: &[(Check, CheckState)], live_secrets: usize) -> AppExplanation {
        let checks =
            states.iter().map(|(check, state)| ExplainedCheck { check: *check, state: *state, since: None });
        AppExplanation { checks: checks.collect(), live_secrets }
    }

    #[test]
    fn the_first_reason_is_what_is_said_and_being_public_is_no_fault() {
        use CheckState::{Denied, NotChecked, Passed};
        let authenticated = (Check::ClientAuthenticated, NotChecked);
        let public = (Check::ServiceAccess, Denied(TokenDenial::PublicApp));
        let disabled = (Check::AppEnabled, Denied(TokenDenial::AppDisabled));
        let no_scope = (Check::ScopeAndAudience, Denied(TokenDenial::NoScope));
        let code = |states: &[(Check, CheckState)]| match verdict_of(&explanation(states, 1)) {
            Verdict::Possible { .. } => "possible",
            Verdict::ForPeople { .. } => "for people",
            Verdict::Impossible { code, .. } => code,
        };
        assert_eq!(code(&[authenticated, (Check::AppEnabled, Passed)]), "possible");
        assert_eq!(code(&[authenticated, public]), "for people");
        assert_eq!(code(&[disabled, public]), "app_disabled");
        assert_eq!(code(&[public, no_scope]), "public_app");
    }

    #[test]
    fn a_check_that_denies_says_why_and_what_to_do() {
        let checks =
            checks_of(&explanation(&[(Check::AppEnabled, CheckState::Denied(TokenDenial::AppDisabled))], 1));
        let text = checks[0].text.as_deref().unwrap();
        assert!(text.starts_with("The app is disabled. Enable"), "{text}");
    }
}
