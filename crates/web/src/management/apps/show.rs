//! How apps and what is said about them look.

use turnkeep_domain::app::App;
use turnkeep_policy::decide_app_settings::AppSettingsWarning;
use turnkeep_protocol::management::app::{AppResponse, NewAppResponse};
use turnkeep_protocol::management::secret::NewSecretResponse;
use turnkeep_service::registry::find_app::AppView;

use crate::management::answer::ShownOnce;

/// An app with its warnings.
pub(super) fn show_view(view: &AppView) -> AppResponse {
    show_app(&view.app, &view.warnings)
}

/// An app with these warnings.
pub(super) fn show_app(app: &App, warnings: &[AppSettingsWarning]) -> AppResponse {
    let codes = warnings.iter().map(|warning| warning.code().to_owned()).collect();
    AppResponse { warnings: Some(codes), ..AppResponse::from(app) }
}

impl ShownOnce for NewAppResponse {
    fn withhold(&mut self) {
        self.client_secret_withheld = self.client_secret.take().map(|_| true);
    }
}

impl ShownOnce for NewSecretResponse {
    fn withhold(&mut self) {
        self.client_secret_withheld = self.client_secret.take().map(|_| true);
    }
}
