//! What to do about each reason for which an app gets no token, for people who read *explain*.

use crate::token_denial::TokenDenial;

/// A sentence or two that say who can do what about it.
pub const fn token_advice(denial: TokenDenial) -> &'static str {
    match denial {
        TokenDenial::AppUnknown => {
            "Check the client id and the instance: the app has to be registered in the instance it asks for a token."
        }
        TokenDenial::ClientAuthenticationFailed => {
            "Check that the service uses a secret that is listed as live. If the secret is lost, regenerate it and \
             update every service that uses the old one."
        }
        TokenDenial::NoLiveSecret => "Regenerate its secret.",
        TokenDenial::AppDisabled => "Enable the app, if it was not disabled for a reason.",
        TokenDenial::TenantPendingActivation => "Ask an operator to activate the tenant.",
        TokenDenial::TenantSuspended => {
            "Ask an operator why the tenant was suspended; only an operator can activate it again."
        }
        TokenDenial::TenantClosed => "A closed tenant stays closed. Register the app in another tenant.",
        TokenDenial::InstanceDisabled => "Ask an operator of the server to enable the instance.",
        TokenDenial::RegionMissing => {
            "The region is stamped when an app is created. Create the app again in a region."
        }
        TokenDenial::DbCodeMissing => {
            "The database is stamped when an app is created. Ask an operator for an active database in the region, \
             then create the app again."
        }
        TokenDenial::PlanRetired => {
            "Ask an operator to put the app on an active plan, or to take it off its plan."
        }
        TokenDenial::PlanOnHold => "Settle the payment, or ask an operator to release the hold.",
        TokenDenial::ServiceAccessOff => {
            "An app that people sign in to needs none. Ask an operator to turn service access on, if the app is meant \
             to act without a person."
        }
        TokenDenial::PublicApp => {
            "A public app is there for people to sign in, and nothing is wrong with it. What acts without a person \
             needs a confidential app."
        }
        TokenDenial::SystemUserMissing => {
            "Ask an operator to name a system user of the same instance for the app's service access."
        }
        TokenDenial::SystemUserDisabled => {
            "Ask an operator to enable the system user, or to name another one for the app's service access."
        }
        TokenDenial::NoScope => "Register the app for at least one scope.",
        TokenDenial::ScopeNotAllowed => {
            "Ask only for scopes that the app is registered for, and register it for at least one that the \
             instance has and that is not reserved."
        }
        TokenDenial::AudienceNotAllowed => {
            "Name one resource that the instance has and that all the scopes belong to."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_denial_has_advice_of_its_own_that_reads_as_sentences() {
        let mut texts: Vec<_> = TokenDenial::ALL.into_iter().map(token_advice).collect();
        for text in &texts {
            assert!(text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
        }
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), TokenDenial::ALL.len());
    }
}
