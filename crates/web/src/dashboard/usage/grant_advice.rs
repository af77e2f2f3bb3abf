//! What to do about each reason for which a code or a refresh token gets no tokens: most are mended in the app, some by
//! the person who signs in.

use turnkeep_policy::decide_person_token::PersonTokenDenial;
use turnkeep_policy::decide_sign_in::SignInDenial;
use turnkeep_policy::judge_grant::GrantEnd;
use turnkeep_policy::token_advice::token_advice;
use turnkeep_service::person_tokens::grant_denial::GrantDenial;

/// A sentence or two that say who can do what about it.
pub(super) const fn grant_advice(denial: GrantDenial) -> &'static str {
    match denial {
        GrantDenial::CodeUnknown => {
            "Send the code just as it came to the redirect URI, decoded once, and to the instance that made it."
        }
        GrantDenial::CodeOfAnotherApp => {
            "Redeem a code with the client id that asked for it. If no app of yours mixes them up, somebody tries a stolen \
             code."
        }
        GrantDenial::CodeExpired => "Redeem a code at once when it comes: it lives a minute.",
        GrantDenial::CodeReplayed => {
            "Redeem each code once only: a page that is loaded anew must not send it again. What came of the code is \
             revoked, so the person signs in again. If the app sends it once, somebody else had it, too."
        }
        GrantDenial::RedirectUriMismatch => {
            "Send the same redirect URI with the code as with the sign-in request, letter by letter."
        }
        GrantDenial::VerifierMissing => "Send the code verifier of PKCE with the code.",
        GrantDenial::VerifierMismatch => {
            "Keep the code verifier beside the state of each sign-in: that of another sign-in does not fit."
        }
        GrantDenial::VerifierUnexpected => {
            "Send the code challenge with the sign-in request, or no verifier with the code. If the app sends both, the \
             challenge was taken out on the way."
        }
        GrantDenial::RefreshTokenUnknown => {
            "Send the refresh token just as it was issued, to the instance that issued it. If it is lost, the person \
             signs in again."
        }
        GrantDenial::RefreshTokenOfAnotherApp => {
            "Use a refresh token with the client id that it was issued to. If no app of yours mixes them up, somebody \
             tries a stolen one."
        }
        GrantDenial::RefreshTokenExpired => {
            "Nothing is wrong: it lay unused for long. The person signs in again."
        }
        GrantDenial::RefreshTokenReused => {
            "Keep the refresh token of every answer and forget the one before, also where several processes share one. \
             What was granted is revoked, so the person signs in again. If the app does so, somebody else had it, too."
        }
        GrantDenial::ScopeWidened => {
            "Ask for the scopes that were granted, or for fewer. For more of them the person has to sign in again."
        }
        GrantDenial::Ended(GrantEnd::Revoked) => {
            "The person or the app took back what was granted. The person signs in again, if they want to."
        }
        GrantDenial::Ended(GrantEnd::Expired) => {
            "Nothing is wrong: what was granted lasts only so long. The person signs in again from time to time."
        }
        GrantDenial::Ended(GrantEnd::Killed) => {
            "The app, its tenant or the person was stopped since, or the app lost rights. Where that is over, the person \
             signs in again."
        }
        GrantDenial::Ended(GrantEnd::SessionOver) => {
            "Nothing is wrong: the person signed out. An app that has to go on without them asks for offline_access."
        }
        GrantDenial::Person(PersonTokenDenial::App(denial)) => token_advice(denial),
        GrantDenial::Person(PersonTokenDenial::UserMissing) => {
            "The account does not exist any more. Delete what the app keeps about the person."
        }
        GrantDenial::Person(PersonTokenDenial::SignIn(SignInDenial::UserDisabled)) => {
            "Ask an operator why the person was disabled; only an operator can enable them again."
        }
        GrantDenial::Person(PersonTokenDenial::SignIn(SignInDenial::SystemUser)) => {
            "System users act for apps without signing in. Use service access instead."
        }
        GrantDenial::Person(PersonTokenDenial::SignIn(SignInDenial::KindNotAdmitted)) => {
            "Say in the app's settings that such people may sign in, if they are meant to."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_advice_of_its_own_that_reads_as_sentences() {
        let mut texts: Vec<_> = GrantDenial::ALL.into_iter().map(grant_advice).collect();
        for text in &texts {
            assert!(text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
        }
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), GrantDenial::ALL.len());
    }
}
