//! *Explain* in the words of a page: whether the app gets a token, the first reason if not, and every check.

use turnkeep_console::dashboard::app_overview::{CheckItem, CheckMark, Verdict};
use turnkeep_domain::sign_in::SignIn;
use turnkeep_policy::decide_token::{Check, CheckState};
use turnkeep_policy::explain_person_token::PersonTokenObstacle;
use turnkeep_policy::explain_token::ExplainedCheck;
use turnkeep_policy::token_advice::token_advice;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::registry::explain_app::AppExplanation;

use super::facts::who_may_sign_in;
use crate::dashboard::denial::sentence;
use crate::dashboard::shown::moment;

/// What stands at the top. That an app gets no token by itself is no fault of one that people sign in to (seed 002,
/// "Example Minimal Setups").
pub(super) fn verdict_of(explanation: &AppExplanation, sign_in: SignIn) -> Verdict {
    let Some((first, denial)) = explanation.first_denial() else {
        return Verdict::Possible { text: possible(explanation.live_secrets) };
    };
    let impossible = |text: String, advice: &str| Verdict::Impossible {
        code: denial.code(),
        text,
        since: first.since.map(moment),
        advice: advice.to_owned(),
    };
    if is_for_people(denial) {
        match explanation.for_people {
            Ok(()) => {
                let who = who_may_sign_in(sign_in);
                let text = format!(
                    "Yes, when somebody signs in: {who} can, and the app gets a token for them. By itself it gets none, \
                     as it is set."
                );
                return Verdict::ForPeople { text, is_ready: true };
            }
            Err(PersonTokenObstacle::NoRedirectUri) => {
                let text = "Not yet: it is there for people to sign in, and has no redirect URI to send them back to. By \
                            itself it gets no token, as it is set.";
                return Verdict::ForPeople { text: text.to_owned(), is_ready: false };
            }
            Err(PersonTokenObstacle::NotForPeople) => {
                let text = format!("No: {denial}, and nobody may sign in to it.");
                return impossible(text, way_out(denial));
            }
            // What stops people comes before what stops the app alone, so it is the first denial.
            Err(PersonTokenObstacle::App(_)) => {}
        }
    }
    impossible(format!("No: {denial}."), token_advice(denial))
}

/// Every check.
pub(super) fn checks_of(explanation: &AppExplanation, sign_in: SignIn) -> Vec<CheckItem> {
    let checks = explanation.checks.iter();
    checks.map(|explained| item(explained, explanation.live_secrets, sign_in)).collect()
}

/// Whether the app is not meant to act without a person; else its service access is what is wrong.
fn is_for_people(denial: TokenDenial) -> bool {
    matches!(denial, TokenDenial::PublicApp | TokenDenial::ServiceAccessOff)
}

/// What to do about an app that nobody can use.
fn way_out(denial: TokenDenial) -> &'static str {
    match denial {
        TokenDenial::PublicApp => "Say in its settings who may sign in.",
        _ => {
            "Say in its settings who may sign in. If it is meant to act without a person, ask an operator to turn service \
             access on."
        }
    }
}

fn possible(live_secrets: usize) -> String {
    let secret = match live_secrets {
        1 => "its live secret".to_owned(),
        more => format!("one of its {more} live secrets"),
    };
    format!("Yes: whoever presents {secret} gets a token now.")
}

fn item(explained: &ExplainedCheck, live_secrets: usize, sign_in: SignIn) -> CheckItem {
    let (mark, text) = match explained.state {
        CheckState::Passed => (CheckMark::Passed, None),
        CheckState::Denied(denial) if is_for_people(denial) && sign_in != SignIn::Nobody => {
            let text = "It is there for people to sign in, so it needs no service access.";
            (CheckMark::NotNeeded, Some(text.to_owned()))
        }
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
    use CheckState::{Denied, NotChecked, Passed};

    use super::*;

    type ForPeople = Result<(), PersonTokenObstacle>;

    const AUTHENTICATED: (Check, CheckState) = (Check::ClientAuthenticated, NotChecked);
    const NOT_FOR_PEOPLE: ForPeople = Err(PersonTokenObstacle::NotForPeople);

    fn explanation(states: &[(Check, CheckState)], for_people: ForPeople) -> AppExplanation {
        let checks =
            states.iter().map(|(check, state)| ExplainedCheck { check: *check, state: *state, since: None });
        AppExplanation { checks: checks.collect(), live_secrets: 1, for_people }
    }

    /// What kind of verdict it is, by its reason where it is a problem.
    fn kind(states: &[(Check, CheckState)], for_people: ForPeople) -> &'static str {
        match verdict_of(&explanation(states, for_people), SignIn::Internal) {
            Verdict::Possible { .. } => "possible",
            Verdict::ForPeople { is_ready: true, .. } => "for people",
            Verdict::ForPeople { is_ready: false, .. } => "not yet",
            Verdict::Impossible { code, .. } => code,
        }
    }

    #[test]
    fn the_first_reason_is_what_is_said() {
        let disabled = (Check::AppEnabled, Denied(TokenDenial::AppDisabled));
        let off = (Check::ServiceAccess, Denied(TokenDenial::ServiceAccessOff));
        let no_user = (Check::ServiceAccess, Denied(TokenDenial::SystemUserMissing));
        let stopped = Err(PersonTokenObstacle::App(TokenDenial::AppDisabled));
        assert_eq!(kind(&[AUTHENTICATED, (Check::AppEnabled, Passed)], Ok(())), "possible");
        assert_eq!(kind(&[AUTHENTICATED, disabled, off], stopped), "app_disabled");
        // It is meant to act by itself, too, and cannot.
        assert_eq!(kind(&[AUTHENTICATED, no_user], Ok(())), "system_user_missing");
    }

    #[test]
    fn seed_002_apps_that_people_sign_in_to_are_as_they_should_be_without_service_access() {
        let no_scope = (Check::ScopeAndAudience, Denied(TokenDenial::NoScope));
        for denial in [TokenDenial::ServiceAccessOff, TokenDenial::PublicApp] {
            let off = (Check::ServiceAccess, Denied(denial));
            assert_eq!(kind(&[AUTHENTICATED, off], Ok(())), "for people");
            assert_eq!(kind(&[AUTHENTICATED, off, no_scope], Ok(())), "for people");
            assert_eq!(kind(&[AUTHENTICATED, off], Err(PersonTokenObstacle::NoRedirectUri)), "not yet");
            assert_eq!(kind(&[AUTHENTICATED, off], NOT_FOR_PEOPLE), denial.code());
        }
    }

    #[test]
    fn what_an_app_for_people_does_not_need_is_no_fault() {
        for denial in [TokenDenial::ServiceAccessOff, TokenDenial::PublicApp] {
            let off = [(Check::ServiceAccess, Denied(denial))];
            for (sign_in, mark) in [
                (SignIn::Nobody, CheckMark::Denied),
                (SignIn::Internal, CheckMark::NotNeeded),
                (SignIn::Community, CheckMark::NotNeeded),
                (SignIn::InternalAndCommunity, CheckMark::NotNeeded),
            ] {
                assert_eq!(checks_of(&explanation(&off, Ok(())), sign_in)[0].mark, mark, "{sign_in:?}");
            }
        }
    }

    #[test]
    fn a_check_that_denies_says_why_and_what_to_do() {
        let checks = [(Check::AppEnabled, Denied(TokenDenial::AppDisabled))];
        let checks = checks_of(&explanation(&checks, NOT_FOR_PEOPLE), SignIn::Internal);
        let text = checks[0].text.as_deref().unwrap();
        assert!(text.starts_with("The app is disabled. Enable"), "{text}");
    }
}
