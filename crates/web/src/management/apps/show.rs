//! How apps and what is said about them look.

use turnkeep_domain::app::App;
use turnkeep_policy::decide_app_settings::AppSettingsWarning;
use turnkeep_protocol::management::app::AppResponse;
use turnkeep_service::registry::find_app::AppView;

/// An app with its warnings.
pub(super) fn show_view(view: &AppView) -> AppResponse {
    show_app(&view.app, &view.warnings)
}

/// An app with these warnings.
pub(super) fn show_app(app: &App, warnings: &[AppSettingsWarning]) -> AppResponse {
    let codes = warnings.iter().map(|warning| code_of(*warning).to_owned()).collect();
    AppResponse { warnings: Some(codes), ..AppResponse::from(app) }
}

fn code_of(warning: AppSettingsWarning) -> &'static str {
    match warning {
        AppSettingsWarning::CommunityWithoutInternal => "community_without_internal",
        AppSettingsWarning::ScopeWiderThanRead => "scope_wider_than_read",
        AppSettingsWarning::ReferenceTokensAllowed => "reference_tokens_allowed",
        AppSettingsWarning::BasicAuthenticationAllowed => "basic_authentication_allowed",
        AppSettingsWarning::SignInWithoutRedirectUri => "sign_in_without_redirect_uri",
        AppSettingsWarning::NobodyCanUseIt => "nobody_can_use_it",
    }
}
