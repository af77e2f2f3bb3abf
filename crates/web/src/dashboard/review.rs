//! `GET /dashboard/review`: the periodic review of all apps ("Audit all trusted apps periodically for owners, scopes, and
//! usage", seed 002), for operators.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use turnkeep_console::dashboard::review::{ReviewItem, ReviewPage};
use turnkeep_console::parts::choice_field::{Choice, ChoiceField};
use turnkeep_console::render::Render;
use turnkeep_domain::id::AppId;
use turnkeep_domain::page::{Order, Page};
use turnkeep_service::audit::review_apps::{ReviewFilter, ReviewedApp, review_apps};

use super::dashboard_request::DashboardRequest;
use super::listing::{SHOWN, next_path};
use super::place::{OperatorPlace, Place};
use super::shown::moment;
use crate::account::error_page::PageError;
use crate::account::paths::PagePaths;
use crate::management::review::operations::FINDINGS;

/// The page.
pub(crate) async fn show_review(dashboard: DashboardRequest) -> Result<HttpResponse, PageError> {
    dashboard.require_operator()?;
    let mut query = dashboard.query()?;
    let wanted = query.take("finding").unwrap_or_default();
    let finding = FINDINGS.contains(&wanted.as_str()).then_some(wanted);
    let after: Option<AppId> = query.take("after").and_then(|id| id.parse().ok());
    let filter = ReviewFilter { tenant_id: None, finding: finding.clone() };
    let page = Page { order: Order::Created { after }, ..Page::first(SHOWN) };
    let reviewed = dashboard.read(move |context| review_apps(context, &filter, &page)).await?;
    let path = dashboard.paths().operator_place(OperatorPlace::Review);
    let chosen = finding.unwrap_or_default();
    let page = ReviewPage {
        chrome: dashboard.chrome(Place::Operator(OperatorPlace::Review), Vec::new()),
        next_path: reviewed.next_after.map(|(_, id)| next_path(&path, &[("finding", &chosen)], &id)),
        finding: finding_field(chosen),
        apps: reviewed.apps.iter().map(|app| item(dashboard.paths(), app)).collect(),
        path,
    };
    dashboard.page(StatusCode::OK, page.render())
}

fn finding_field(chosen: String) -> ChoiceField {
    let all = Choice::of("", "all apps");
    let one = |code: &&'static str| Choice::of(*code, words(code));
    ChoiceField {
        id: "finding".into(),
        name: "finding".into(),
        label: "Finding".into(),
        chosen,
        choices: std::iter::once(all).chain(FINDINGS.iter().map(one)).collect(),
        ..ChoiceField::default()
    }
}

fn item(paths: &PagePaths, reviewed: &ReviewedApp) -> ReviewItem {
    let app = &reviewed.app;
    let codes = reviewed.findings.iter().map(|finding| finding.code());
    ReviewItem {
        name: app.settings.name.to_string(),
        path: paths.app(app.tenant_id, app.id, ""),
        tenant: reviewed.tenant_name.to_string(),
        owners: reviewed.owners.iter().map(ToString::to_string).collect(),
        scopes: app.settings.scopes.to_string(),
        last_used_at: reviewed.last_used_at.map(moment),
        findings: codes.map(words).collect(),
    }
}

/// A finding or warning in words; one that has none yet is called by its code.
fn words(code: &'static str) -> &'static str {
    match code {
        "no_owner" => "no owner",
        "unused_for_long" => "unused for long",
        "never_used" => "never used",
        "disabled_for_long" => "disabled for long",
        "secret_old" => "old secret",
        "no_live_secret" => "no live secret",
        "token_per_call" => "a token for every call",
        "community_without_internal" => "community without internal",
        "scope_wider_than_read" => "scope wider than reading",
        "reference_tokens_allowed" => "reference tokens allowed",
        "basic_authentication_allowed" => "Basic allowed",
        "sign_in_without_redirect_uri" => "sign-in without redirect URI",
        "redirect_uri_without_sign_in" => "redirect URI without sign-in",
        "nobody_can_use_it" => "nobody can use it",
        "secret_expires_soon" => "secret expires soon",
        code => code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_has_words() {
        for code in FINDINGS {
            assert!(!words(code).contains('_'), "{code}");
        }
    }
}
