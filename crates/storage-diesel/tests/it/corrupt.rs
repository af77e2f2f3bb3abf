//! Stored values that this version cannot read are reported with their place.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use turnkeep_domain::account_link::AccountLinkPurpose;
use turnkeep_domain::allowed_domain::AllowedDomains;
use turnkeep_domain::app::App;
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::filter::{AppFilter, AuditFilter, TenantFilter, UserFilter};
use turnkeep_domain::membership::Role;
use turnkeep_domain::page::{AuditPage, Direction, Page};
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_domain::user::User;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::person_grant::GrantsOf;
use turnkeep_storage::store::{Reads, Store};
use turnkeep_storage::token_counts::{CountedApp, CountedApps, RefusalCount, TokenCount};
use turnkeep_storage::usage::UsageReport;
use turnkeep_testkit::fixtures;

use crate::backends::{migrated_sqlite, open};

/// Each is the assignment of an `UPDATE`, and the column that is reported.
const CORRUPTIONS: &[(&str, &str, &str)] = &[
    ("instances", "slug = 'Not A Slug'", "slug"),
    ("instances", "state = 'asleep'", "state"),
    ("instances", "accent = 'plaid'", "accent"),
    ("tenants", "name = ''", "name"),
    ("tenants", "state = 'gone'", "state"),
    ("tenants", "app_limit = -1", "app_limit"),
    ("tenants", "app_limit = 1000001", "app_limit"),
    ("regions", "availability = 'maybe'", "availability"),
    ("regions", "slug = ''", "slug"),
    ("region_databases", "capacity = 4294967296", "capacity"),
    ("region_databases", "db_code = 'a b'", "db_code"),
    ("plans", "features = '[1]'", "features"),
    ("plans", "features = '{\"x\": null}'", "features"),
    ("plans", "features = '{\"x\": 1.5}'", "features"),
    ("plans", "units_per_day = 1", "units_per_month"),
    ("plans", "units_per_hour = -1", "units_per_hour"),
    ("plans", "requests_per_minute = -1", "requests_per_minute"),
    ("plans", "token_requests_per_hour = -1", "token_requests_per_hour"),
    ("plans", "token_requests_per_minute = 0", "token_requests_per_day"),
    ("plans", "token_requests_mode = 'never'", "token_requests_mode"),
    ("users", "kind = 'robot'", "kind"),
    ("users", "name = 'a b'", "name"),
    ("resources", "audience = ''", "audience"),
    ("resources", "signing_algorithm = 'none'", "signing_algorithm"),
    ("scopes", "grantee = 'everybody'", "grantee"),
    ("scopes", "name = 'a b'", "name"),
    ("apps", "client_id = 'a b'", "client_id"),
    ("apps", "client_type = 'secret'", "client_type"),
    ("apps", "region_code = NULL", "region_code"),
    ("apps", "db_code = NULL", "db_code"),
    ("apps", "allowed_domain_2 = allowed_domain_1", "allowed_domain_1"),
    ("apps", "allowed_domain_3 = '*.example.com'", "allowed_domain_3"),
    ("apps", "login_redirect_uris = '[\"ftp://a.example/\"]'", "login_redirect_uris"),
    ("apps", "logout_redirect_uris = 'https://a.example/'", "logout_redirect_uris"),
    ("apps", "service_access = 'as-app'", "service_access"),
    ("apps", "system_user_id = NULL", "service_access"),
    ("apps", "scopes = '[\"a b\"]'", "scopes"),
    ("apps", "token_lifetime_secs = 1", "token_lifetime_secs"),
    ("apps", "plan_assigned_at = NULL", "plan_assigned_at"),
    ("client_secrets", "hint = 'long hint'", "hint"),
    ("client_secret_digests", "record_hash = 'plain'", "record_hash"),
    ("client_secret_digests", "mac_key_id = x'00'", "mac_key_id"),
    ("client_secret_digests", "mac_key_id = NULL", "mac_key_id"),
    ("client_secret_digests", "mac_hash = x'00'", "mac_hash"),
    ("tenants", "secret_max_age_days = 0", "secret_max_age_days"),
    ("tenants", "secret_max_age_days = -1", "secret_max_age_days"),
    ("memberships", "role = 'king'", "role"),
    ("memberships", "user_id = x'00'", "user_id"),
    ("operators", "user_id = x'00'", "user_id"),
    ("invitations", "user_name = ''", "user_name"),
    ("invitations", "role = ''", "role"),
    ("invitations", "invited_by = 'root'", "invited_by"),
    ("invitations", "state = 'accepted'", "state"),
    ("invitations", "state_at = 1", "state"),
    ("invitations", "state = 'accepted', state_at = 1, accepted_by = x'00'", "accepted_by"),
    ("management_tokens", "issued_by = ''", "issued_by"),
    ("management_tokens", "tenant_id = x'00'", "tenant_id"),
    ("storage_configs", "provider = 'gcs'", "provider"),
    ("storage_configs", "bucket = 'Not A Bucket'", "endpoint"),
    ("storage_configs", "endpoint = 'gopher://minio.example'", "endpoint"),
    ("storage_configs", "checked_at = 1", "check_outcome"),
    ("storage_configs", "checked_at = 1, check_outcome = 'perhaps'", "check_outcome"),
    ("idempotent_requests", "fingerprint = x'00'", "fingerprint"),
    ("idempotent_requests", "answer_status = 70000", "answer_status"),
    ("idempotent_requests", "answer_status = 200, answer_body = NULL", "answer_body"),
    ("audit_trail", "tenant_id = x'00'", "tenant_id"),
    ("audit_trail", "changes = '{}'", "changes"),
    ("audit_trail", "request_id = x'00'", "request_id"),
    ("audit_trail", "previous_hash = x'00'", "previous_hash"),
    ("audit_trail", "entry_hash = x'00'", "entry_hash"),
    ("audit_heads", "position = -1", "position"),
    ("audit_heads", "entry_hash = x'00'", "entry_hash"),
    ("audit_heads", "seal_key_id = x'00'", "seal_key_id"),
    ("audit_heads", "seal_tag = x'00'", "seal_tag"),
    ("signing_keys", "state = 'active', state_at = NULL", "state"),
    ("signing_keys", "algorithm = 'HS256'", "algorithm"),
    ("change_log", "instance_id = x'00'", "instance_id"),
    ("change_log", "tenant_id = x'00'", "tenant_id"),
    ("change_log", "app_id = x'00'", "app_id"),
    ("change_log", "secret_id = x'00'", "secret_id"),
    ("change_log", "token_id = x'00', secret_id = NULL", "token_id"),
    ("change_log", "token_id = secret_id", "secret_id"),
    ("change_log", "is_new = 1", "secret_id"),
    ("change_log", "secret_id = NULL, grant_id = x'00'", "grant_id"),
    ("change_log", "tenant_id = NULL, user_id = x'00'", "user_id"),
    ("users", "email = 'nobody'", "email"),
    ("apps", "pkce = 'perhaps'", "pkce"),
    ("apps", "backchannel_logout_uri = 'ftp://app.example'", "backchannel_logout_uri"),
    ("sessions", "id = x'00'", "id"),
    ("sessions", "methods = 'magic'", "methods"),
    ("passwords", "hash = 'plain'", "hash"),
    ("passkeys", "user_id = x'00'", "user_id"),
    ("account_links", "purpose = 'welcome'", "purpose"),
    ("account_links", "purpose = 'whatever'", "purpose"),
    ("consents", "scopes = '[\" \"]'", "scopes"),
    ("person_grants", "session_id = x'00'", "session_id"),
    ("person_grants", "audience = ''", "audience"),
    ("authorization_codes", "challenge = 'short'", "challenge"),
    ("refresh_tokens", "grant_id = x'00'", "grant_id"),
    ("reference_tokens", "made_by = 'root'", "made_by"),
    ("reference_tokens", "kind = 'other'", "kind"),
    ("reference_tokens", "hint = 'abc'", "hint"),
    ("nodes", "id = x'00'", "id"),
    ("token_counts", "refused = -1", "refused"),
    ("token_refusals", "refused = -1", "refused"),
    ("usage_counts", "units = -1", "units"),
    ("usage_counts", "app_id = x'00' WHERE window_kind = 'hour'", "app_id"),
];

/// How many records [`fill`] makes.
const RECORDS: usize = 24 + 9;

fn fill(store: &dyn Store) -> StoreResult<()> {
    let instance = fixtures::instance(1);
    let tenant = fixtures::tenant(&instance, 1);
    let region = fixtures::region(&instance, 1);
    let database = fixtures::region_database(&region, 1);
    let plan = fixtures::plan(&instance, 1);
    let resource = fixtures::resource(&instance, 1);
    let user = fixtures::system_user(&instance, 1);
    let mut app = fixtures::app(&tenant, 1);
    app.placement = fixtures::placement(&region, &database);
    app.plan = Some(fixtures::plan_assignment(&plan));
    app.settings.service_access = ServiceAccess::AsUser(user.id);
    app.settings.allowed_domains = AllowedDomains::parse_slots(["a.example"]).unwrap();
    store.mutate(|writes| {
        let _inserted = writes.insert_instance(&instance)?;
        let _inserted = writes.insert_tenant(&tenant)?;
        let _inserted = writes.insert_region(&region)?;
        let _inserted = writes.insert_region_database(instance.id, &database)?;
        let _inserted = writes.insert_plan(&plan)?;
        let _inserted = writes.insert_resource(&resource)?;
        let _inserted = writes.insert_scope(instance.id, &fixtures::scope(&resource, "read"))?;
        let _inserted = writes.insert_user(&user)?;
        let _inserted = writes.insert_app(&app)?;
        writes.insert_secret(tenant.id, &fixtures::stored_secret(&app, 1))?;
        let _inserted =
            writes.insert_membership(instance.id, &fixtures::membership(&tenant, &user, Role::Owner))?;
        let _inserted = writes.insert_operator(instance.id, user.id, fixtures::START)?;
        let _inserted = writes.insert_invitation(&fixtures::invitation(&tenant, 1), &fixtures::hash(1))?;
        let token = fixtures::management_token(&user, 1);
        let _inserted = writes.insert_management_token(&token, &fixtures::hash(1))?;
        let _inserted = writes.insert_storage_config(instance.id, &fixtures::storage_config(&app, 1))?;
        let _inserted = writes.insert_idempotent_request(&fixtures::idempotent_request(&instance, 1))?;
        fixtures::append_events(writes, instance.id, &[fixtures::audit_event(&tenant, 1)])?;
        let secret_id = fixtures::stored_secret(&app, 1).secret.id;
        let scope = ChangeScope::Secret(instance.id, tenant.id, app.id, secret_id);
        writes.record_change(scope, TokensBefore::Dead, fixtures::START)?;
        writes.insert_signing_key(&fixtures::signing_key(&instance, 1))
    })?;
    fill_sign_in(store, &app, &user)?;
    let counted = CountedApp { instance_id: instance.id, tenant_id: tenant.id, app_id: app.id };
    let count =
        TokenCount { app: counted, hour_start: fixtures::START, issued: 1, refused: 1, would_refuse: 1 };
    let usage = UsageReport {
        instance_id: instance.id,
        reporter_id: app.id,
        received_at: fixtures::START,
        events: vec![(tenant.id, fixtures::usage_event(&app, "1", 1, fixtures::START))],
    };
    let refusal = RefusalCount { app: counted, hour_start: fixtures::START, code: "no_scope", refused: 1 };
    store.keep_books(|books| {
        books.add_token_counts(&[count])?;
        books.add_refusal_counts(&[refusal])?;
        books.record_usage(&usage)?;
        books.register_node(&fixtures::node(1, ChangeSequence::ZERO))
    })
}

/// Everything that a person who signs in leaves behind.
fn fill_sign_in(store: &dyn Store, app: &App, user: &User) -> StoreResult<()> {
    let (instance_id, hash) = (app.instance_id, fixtures::hash(1));
    let session = fixtures::session(user, 1);
    let grant = fixtures::person_grant(app, &session, 1);
    store.mutate(|writes| {
        let _inserted = writes.insert_session(&session, &hash)?;
        writes.put_password(instance_id, user.id, &fixtures::password("x"))?;
        let _inserted = writes.insert_passkey(&fixtures::passkey(user, 1))?;
        let link = fixtures::account_link(instance_id, AccountLinkPurpose::FirstOperator);
        let _inserted = writes.insert_account_link(&link, &hash)?;
        writes.put_consent(&fixtures::consent(app, user))?;
        let _inserted = writes.insert_grant(&grant, &fixtures::authorization_code(&grant), &hash)?;
        let _inserted = writes.insert_refresh_token(instance_id, &fixtures::refresh_token(&grant), &hash)?;
        writes.insert_reference_token(&fixtures::reference_token(app, user, 1), &hash).map(|_| ())
    })
}

fn read_sign_in(reads: &mut dyn Reads, app: &App, user: &User) -> StoreResult<usize> {
    let (instance_id, hash, now) = (app.instance_id, fixtures::hash(1), fixtures::START);
    Ok(reads.list_sessions(instance_id, user.id, now)?.len()
        + usize::from(reads.find_password(instance_id, user.id)?.is_some())
        + usize::from(reads.find_passkey(instance_id, &1_u32.to_be_bytes())?.is_some())
        + usize::from(reads.find_account_link(instance_id, &hash)?.is_some())
        + reads.list_consents(instance_id, user.id)?.len()
        + reads.list_grants(instance_id, GrantsOf::User(user.id), now)?.len()
        + usize::from(reads.find_code(instance_id, &hash)?.is_some())
        + usize::from(reads.find_refresh_token(instance_id, &hash)?.is_some())
        + usize::from(reads.find_reference_token(instance_id, &hash)?.is_some()))
}

fn read_everything(store: &dyn Store) -> StoreResult<usize> {
    let instance = fixtures::instance(1);
    let tenant = fixtures::tenant(&instance, 1);
    let app = fixtures::app(&tenant, 1);
    let region = fixtures::region(&instance, 1);
    let user = fixtures::system_user(&instance, 1);
    let page = AuditPage { after: None, direction: Direction::Ascending, limit: 10 };
    let request = fixtures::idempotent_request(&instance, 1);
    store.read(|reads| {
        Ok(reads.list_instances()?.len()
            + reads.list_tenants(instance.id, &TenantFilter::default(), &Page::first(10))?.len()
            + reads.list_regions(instance.id)?.len()
            + reads.list_region_databases(instance.id, region.id)?.len()
            + reads.list_plans(instance.id)?.len()
            + reads.list_resources(instance.id)?.len()
            + reads.list_scopes(instance.id)?.len()
            + reads.list_users(instance.id, &UserFilter::default(), &Page::first(10))?.len()
            + reads.list_apps(instance.id, tenant.id, &AppFilter::default(), &Page::first(10))?.len()
            + reads.list_secrets(tenant.id, app.id)?.len()
            + reads.list_published_signing_keys(instance.id)?.len()
            + reads.list_members(instance.id, tenant.id)?.len()
            + reads.list_operators(instance.id)?.len()
            + reads.list_invitations(instance.id, tenant.id)?.len()
            + reads.list_management_tokens(instance.id, user.id)?.len()
            + reads.list_storage_configs(instance.id, None, 10)?.len()
            + usize::from(reads.find_idempotent_request(&request.key, fixtures::START)?.is_some())
            + reads.list_audit_trail(instance.id, &AuditFilter::default(), page)?.len()
            + read_sign_in(reads, &app, &user)?
            + reads.list_changes(ChangeSequence::ZERO, 10)?.len()
            + reads.list_nodes_behind(ChangeSequence::from_number(1))?.len()
            + reads.list_token_counts(instance.id, CountedApps::OfInstance, fixtures::START, 10)?.len()
            + reads.list_refusals(instance.id, CountedApps::OfInstance, fixtures::START)?.len()
            + reads.used_by_apps_of(tenant.id, fixtures::START)?.len()
            + usize::from(reads.audit_head(instance.id)?.is_some()))
    })
}

#[test]
fn what_cannot_be_read_is_named() {
    let (_dir, url) = migrated_sqlite();
    let store = open(&url);
    fill(&*store).unwrap();
    assert_eq!(read_everything(&*store).unwrap(), RECORDS);
    let mut raw = SqliteConnection::establish(url.sqlite_path().unwrap().to_str().unwrap()).unwrap();
    raw.batch_execute(
        "PRAGMA ignore_check_constraints = ON; \
         DROP TRIGGER audit_trail_never_changes; DROP TRIGGER audit_trail_goes_by_segments",
    )
    .unwrap();
    for (table, assignment, column) in CORRUPTIONS {
        raw.batch_execute(&format!("CREATE TEMP TABLE kept AS SELECT * FROM {table}")).unwrap();
        raw.batch_execute(&format!("UPDATE {table} SET {assignment}")).unwrap();
        match read_everything(&*store) {
            Err(StoreError::Corrupt { table: named, column: cell }) => {
                assert_eq!((named, cell), (*table, *column), "{assignment}");
            }
            other => panic!("{table}: {assignment}: {other:?}"),
        }
        raw.batch_execute(&format!(
            "PRAGMA foreign_keys = OFF; DELETE FROM {table}; \
             INSERT INTO {table} SELECT * FROM kept; DROP TABLE kept"
        ))
        .unwrap();
    }
    assert_eq!(read_everything(&*store).unwrap(), RECORDS);
}
