//! Why requests were refused, in words, with what to do about each reason.

use turnkeep_console::parts::row_chart::{ChartRow, RowChart};
use turnkeep_policy::decide_token_quota::TokenQuotaExceeded;
use turnkeep_policy::token_advice::token_advice;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::person_tokens::grant_denial::GrantDenial;
use turnkeep_service::token_requests::token_history::RefusedFor;
use turnkeep_service::tokens::admission::NotAdmitted;

use super::HOURS_SHOWN;
use super::grant_advice::grant_advice;
use crate::dashboard::denial::sentence;

const KEEP_TOKENS: &str = "Keep a token and use it until it expires. Whoever does and still needs more can ask an operator for \
                           a plan with a higher quota.";

/// For a reason that a later version had, and this one knows nothing of.
const LOOK_IT_UP: &str = "The audit says when that was, and by which app.";

/// The reasons of the last hours.
pub(crate) fn refusals_chart(refusals: &[RefusedFor]) -> RowChart {
    RowChart {
        id: "refusals".into(),
        title: format!("Refusals by reason, last {HOURS_SHOWN} hours"),
        label_heading: "Reason".into(),
        amount_heading: "Requests".into(),
        note_heading: "What to do".into(),
        empty: "No request was refused. If one is, its reason stands here, with what to do about it.".into(),
        rows: refusals.iter().map(row).collect(),
    }
}

fn row(refused: &RefusedFor) -> ChartRow {
    let (label, note) = in_words(&refused.code);
    ChartRow { code: refused.code.clone(), label, amount: refused.refused, note: Some(note.to_owned()) }
}

fn in_words(code: &str) -> (String, &'static str) {
    if code == TokenQuotaExceeded::CODE {
        return ("The quota of tokens was used up.".to_owned(), KEEP_TOKENS);
    }
    if code == NotAdmitted::CODE {
        return ("Too many requests at once.".to_owned(), KEEP_TOKENS);
    }
    if let Some(denial) = TokenDenial::ALL.into_iter().find(|denial| denial.code() == code) {
        return (sentence(&denial.to_string()), token_advice(denial));
    }
    match GrantDenial::ALL.into_iter().find(|denial| denial.code() == code) {
        Some(denial) => (sentence(&denial.to_string()), grant_advice(denial)),
        None => (sentence(&code.replace('_', " ")), LOOK_IT_UP),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_words_and_advice() {
        let mut codes: Vec<&str> = TokenDenial::ALL.map(TokenDenial::code).to_vec();
        codes.extend(GrantDenial::ALL.map(GrantDenial::code));
        codes.extend([TokenQuotaExceeded::CODE, NotAdmitted::CODE]);
        for code in codes {
            let (label, advice) = in_words(code);
            assert!(!label.contains('_') && advice != LOOK_IT_UP, "{code}: {label}");
        }
        let (label, advice) = in_words("code_replayed");
        assert_eq!(label, "The code was redeemed before.");
        assert!(advice.contains("Redeem each code once"), "{advice}");
        assert_eq!(in_words("not_known_yet"), ("Not known yet.".to_owned(), LOOK_IT_UP));
    }
}
