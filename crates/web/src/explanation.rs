//! *Explain* in the words of the wire; for the management API, and for a command line without a server.

use turnkeep_policy::decide_token::CheckState;
use turnkeep_policy::explain_person_token::PersonTokenObstacle;
use turnkeep_policy::explain_token::ExplainedCheck;
use turnkeep_protocol::management::explanation::{
    CheckResponse, CheckStateName, ExplanationResponse, PeopleResponse,
};
use turnkeep_protocol::rfc3339::format_utc;
use turnkeep_service::registry::explain_app::AppExplanation;

/// Every check with its state, since when, and what to do.
pub fn show_explanation(explanation: &AppExplanation) -> ExplanationResponse {
    ExplanationResponse {
        token_possible: explanation.is_token_possible(),
        live_secrets: explanation.live_secrets,
        for_people: show_for_people(explanation.for_people),
        checks: explanation.checks.iter().map(show_check).collect(),
    }
}

fn show_for_people(outcome: Result<(), PersonTokenObstacle>) -> PeopleResponse {
    let obstacle = outcome.err();
    PeopleResponse {
        token_possible: obstacle.is_none(),
        code: obstacle.map(|obstacle| obstacle.code().to_owned()),
        message: obstacle.map(|obstacle| obstacle.to_string()),
        advice: obstacle.map(|obstacle| obstacle.advice().to_owned()),
    }
}

fn show_check(explained: &ExplainedCheck) -> CheckResponse {
    let (name, denial) = match explained.state {
        CheckState::Passed => (CheckStateName::Passed, None),
        CheckState::Denied(denial) => (CheckStateName::Denied, Some(denial)),
        CheckState::NotChecked => (CheckStateName::NotChecked, None),
    };
    CheckResponse {
        check: explained.check.code().to_owned(),
        state: name,
        code: denial.map(|denial| denial.code().to_owned()),
        message: denial.map(|denial| denial.to_string()),
        since: explained.since.map(format_utc),
        advice: explained.advice().map(str::to_owned),
    }
}
