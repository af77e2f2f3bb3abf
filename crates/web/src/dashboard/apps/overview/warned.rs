//! Warnings about an app, in sentences.

use turnkeep_domain::secret_max_age::SecretExpiryWarning;
use turnkeep_policy::decide_app_settings::AppSettingsWarning;

/// What deserves a second thought, and why (seed 002, "Security Guidelines").
pub(super) fn warning_text(warning: AppSettingsWarning) -> &'static str {
    match warning {
        AppSettingsWarning::CommunityWithoutInternal => {
            "Customers and partners may sign in, but internal users may not. Mostly internal users should be able to see \
             what their customers see."
        }
        AppSettingsWarning::ScopeWiderThanRead => {
            "It may be granted more than read. Leave it so only if the app needs it."
        }
        AppSettingsWarning::ReferenceTokensAllowed => {
            "Reference tokens can be made for it. They live long, so allow them only for a clear need."
        }
        AppSettingsWarning::BasicAuthenticationAllowed => {
            "Legacy Basic authentication is on. Turn it off, unless an old client cannot do without."
        }
        AppSettingsWarning::SignInWithoutRedirectUri => {
            "People may sign in, but there is no redirect URI to send them back to. Add one in the settings."
        }
        AppSettingsWarning::RedirectUriWithoutSignIn => {
            "It has URLs that sign-in or sign-out lead back to, but nobody may sign in, so they have no effect. Say in the \
             settings who may."
        }
        AppSettingsWarning::NobodyCanUseIt => {
            "Neither people nor services can use it. Let somebody sign in, or turn service access on."
        }
        AppSettingsWarning::SecretExpiresSoon(SecretExpiryWarning::Within30Days) => {
            "Its last secret ends within 30 days. Make a new one before that."
        }
        AppSettingsWarning::SecretExpiresSoon(SecretExpiryWarning::Within7Days) => {
            "Its last secret ends within 7 days. Make a new one before that."
        }
        AppSettingsWarning::SecretExpiresSoon(SecretExpiryWarning::Within1Day) => {
            "Its last secret ends within a day. Make a new one now."
        }
    }
}
