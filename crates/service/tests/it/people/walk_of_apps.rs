//! The role walk among a tenant's apps, with their secrets and storage, and what is read about them.

use turnkeep_domain::app::AppState;
use turnkeep_domain::client_secret::Overlap;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::filter::AuditFilter;
use turnkeep_domain::id::{AppId, AuditEventId, PlanId, ReferenceTokenId, SecretId, TenantId};
use turnkeep_domain::page::{AuditPage, Direction, Page};
use turnkeep_domain::reference_token::{ReferenceTokenKind, ReferenceTokenLifetime};
use turnkeep_domain::usage_window::UsageWindow;
use turnkeep_policy::permission::Permission::{
    CheckStorage, ManageApps, ManageReferenceTokens, ManageSecrets, ManageStorage, Operate, ReadApps,
    ReadAudit, ReadReview, ReadSecrets, ReadStorage, ReadTenant, UpdateTenant,
};
use turnkeep_service::audit::export_trail::begin_export;
use turnkeep_service::audit::list_events::{find_audit_event, list_audit_events};
use turnkeep_service::audit::review_apps::{ReviewFilter, review_apps};
use turnkeep_service::reference_tokens::list_reference_tokens::list_reference_tokens;
use turnkeep_service::reference_tokens::make_reference_token::{
    MakeReferenceTokenCommand, make_reference_token,
};
use turnkeep_service::reference_tokens::revoke_reference_token::revoke_reference_token;
use turnkeep_service::registry::add_secret::{add_secret, regenerate_secret};
use turnkeep_service::registry::assign_plan::{PlanAction, change_plan};
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::create_app::{CreateAppCommand, RegionChoice, create_app};
use turnkeep_service::registry::delete_app::delete_app;
use turnkeep_service::registry::explain_app::explain_app;
use turnkeep_service::registry::find_app::{count_apps, find_app, list_apps};
use turnkeep_service::registry::list_secrets::list_secrets;
use turnkeep_service::registry::manage_tenant::{TenantChanges, find_tenant, list_tenants, update_tenant};
use turnkeep_service::registry::revoke_secret::{revoke_other_secrets, revoke_secret};
use turnkeep_service::registry::switch_app::switch_app;
use turnkeep_service::registry::update_app::{AppChanges, update_app};
use turnkeep_service::storage_settings::check_connection::check_storage_connection;
use turnkeep_service::storage_settings::delete_settings::delete_storage_settings;
use turnkeep_service::storage_settings::put_settings::put_storage_settings;
use turnkeep_service::storage_settings::show_settings::show_storage_settings;
use turnkeep_service::token_requests::report_token_requests::{TokenRequestsQuery, report_token_requests};
use turnkeep_service::token_requests::token_history::{refusals_of_tenant, tokens_of_app};
use turnkeep_service::usage::show_usage::{UsageHistory, usage_of_app};
use turnkeep_service::usage::tenant_usage::{usage_history_of_tenant, usage_of_tenant};
use turnkeep_testkit::fixtures::{name, scopes, slug};

use super::people_verbs::told;
use super::role_walk::{Step, first_missing};
use crate::storage_settings::scripted_storage::{MINIO, SECRET_KEY, putting};
use crate::world::registry_verbs::settings;

const ABSENT: AppId = AppId::from_bytes([9; 16]);

pub(super) fn walk_apps(context: &RegistryContext<'_>, own: TenantId) -> Vec<Step> {
    let mut steps = reading(context, own);
    steps.extend(changing(context, own));
    steps.extend(reference_tokens(context));
    steps.extend(storage(context));
    steps
}

fn reading(context: &RegistryContext<'_>, own: TenantId) -> Vec<Step> {
    let all_apps = Default::default();
    let (all_tenants, whole_trail) = (Default::default(), AuditFilter::default());
    let trail_page = AuditPage { after: None, direction: Direction::Descending, limit: 9 };
    let recent = UsageHistory::recent(UsageWindow::Day);
    let review = ReviewFilter::default();
    let token_requests = TokenRequestsQuery { tenant_id: None, hours: 1, limit: 9 };
    vec![
        ("list_tenants", ReadTenant, told(list_tenants(context, &all_tenants, &Page::first(9)))),
        ("find_tenant", ReadTenant, told(find_tenant(context, own))),
        ("list_apps", ReadApps, told(list_apps(context, None, &all_apps, &Page::first(9)))),
        ("find_app", ReadApps, told(find_app(context, ABSENT))),
        ("explain_app", ReadApps, told(explain_app(context, ABSENT))),
        ("list_secrets", ReadSecrets, told(list_secrets(context, ABSENT))),
        ("list_audit_events", ReadAudit, told(list_audit_events(context, &whole_trail, trail_page))),
        ("find_audit_event", ReadAudit, told(find_audit_event(context, AuditEventId::from_bytes([9; 16])))),
        ("begin_export", ReadAudit, told(begin_export(context, &whole_trail))),
        ("review_apps", ReadReview, told(review_apps(context, &review, &Page::first(9)))),
        ("usage_of_app", ReadApps, told(usage_of_app(context, ABSENT, &[]))),
        ("usage_of_tenant", ReadApps, told(usage_of_tenant(context, own, 9))),
        ("usage_history_of_tenant", ReadApps, told(usage_history_of_tenant(context, own, &recent))),
        ("tokens_of_app", ReadApps, told(tokens_of_app(context, ABSENT, 1))),
        ("refusals_of_tenant", ReadApps, told(refusals_of_tenant(context, own, 1))),
        ("count_apps", ReadApps, told(count_apps(context, own))),
        ("report_token_requests", ReadReview, told(report_token_requests(context, &token_requests))),
    ]
}

fn changing(context: &RegistryContext<'_>, own: TenantId) -> Vec<Step> {
    let create = CreateAppCommand {
        tenant_id: Some(own),
        region: RegionChoice::Code(slug("eu-west")),
        client_id: None,
        client_type: ClientType::Confidential,
        settings: settings("Walker"),
        scopes: None,
        plan_id: None,
    };
    let on_plan = CreateAppCommand { plan_id: Some(PlanId::from_bytes([9; 16])), ..create.clone() };
    let (secret, overlap) = (SecretId::from_bytes([9; 16]), Overlap::from_secs(60).unwrap());
    let rename = TenantChanges { name: Some(name("Walked")), ..TenantChanges::default() };
    vec![
        ("update_tenant", UpdateTenant, told(update_tenant(context, own, &rename, None))),
        ("create_app", ManageApps, told(create_app(context, &create))),
        ("update_app", ManageApps, told(update_app(context, ABSENT, &AppChanges::default(), None))),
        ("switch_app", ManageApps, told(switch_app(context, ABSENT, AppState::Disabled, None))),
        ("delete_app", ManageApps, told(delete_app(context, ABSENT, None))),
        ("add_secret", ManageSecrets, told(add_secret(context, ABSENT, overlap, None))),
        ("regenerate_secret", ManageSecrets, told(regenerate_secret(context, ABSENT, None))),
        ("revoke_secret", ManageSecrets, told(revoke_secret(context, ABSENT, secret, None))),
        ("revoke_other_secrets", ManageSecrets, told(revoke_other_secrets(context, ABSENT, secret, None))),
        ("change_plan", Operate, told(change_plan(context, ABSENT, PlanAction::Remove, None))),
        // Who may create apps is asked first, who may put them on plans second.
        ("create_app", first_missing(context, ManageApps, Operate), told(create_app(context, &on_plan))),
    ]
}

fn reference_tokens(context: &RegistryContext<'_>) -> Vec<Step> {
    let token = ReferenceTokenId::from_bytes([9; 16]);
    let make = MakeReferenceTokenCommand {
        app_id: ABSENT,
        kind: ReferenceTokenKind::Service,
        name: name("Walker"),
        scopes: scopes("read"),
        audience: None,
        lifetime: ReferenceTokenLifetime::default(),
    };
    let all = Page::first(9);
    vec![
        ("list_reference_tokens", ReadSecrets, told(list_reference_tokens(context, ABSENT, None, &all))),
        ("make_reference_token", ManageReferenceTokens, told(make_reference_token(context, &make))),
        (
            "revoke_reference_token",
            ManageReferenceTokens,
            told(revoke_reference_token(context, ABSENT, token)),
        ),
    ]
}

fn storage(context: &RegistryContext<'_>) -> Vec<Step> {
    let put = putting(MINIO, Some(SECRET_KEY));
    vec![
        ("show_storage_settings", ReadStorage, told(show_storage_settings(context, ABSENT))),
        ("put_storage_settings", ManageStorage, told(put_storage_settings(context, ABSENT, &put))),
        ("delete_storage_settings", ManageStorage, told(delete_storage_settings(context, ABSENT, None))),
        ("check_storage_connection", CheckStorage, told(check_storage_connection(context, ABSENT))),
    ]
}
