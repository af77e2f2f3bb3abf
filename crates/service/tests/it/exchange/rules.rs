//! The rules of creation and change hold for imported records as for others.

use serde_json::{Value, json};
use turnkeep_domain::plan::PlanPrice;
use turnkeep_domain::secret_max_age::SecretMaxAge;
use turnkeep_service::exchange::import_report::ImportOutcome;
use turnkeep_service::registry::list_secrets::list_secrets;

use crate::exchange::exchange_verbs::{app_with, applying, document, errors, skipping};
use crate::world::World;

fn apps(records: &[Value]) -> String {
    document(json!({"apps": records}))
}

#[test]
fn an_imported_app_breaks_no_rule_that_a_created_one_keeps() {
    let world = World::with_acme();
    world.plan("free", PlanPrice::Free);
    world.tenant("Zeta");
    world.import_all(&apps(&[app_with("com.a/there", json!({"name": "There", "plan": {"code": "free"}}))]));
    let domains = |domains: Value| json!({"allowed_domains": domains});
    for (changes, expected) in [
        (json!({"name": "tHERE"}), ("name", "name_taken")),
        (json!({"plan": {"code": "free"}}), ("plan.code", "free_plan_taken")),
        (json!({"license_region": "mars"}), ("license_region", "region_unknown")),
        (json!({"db_code": "EU-7"}), ("db_code", "db_code_unknown")),
        (json!({"scopes": "read unknown"}), ("scopes", "scope_unknown")),
        (json!({"scopes": "turnkeep.operate"}), ("scopes", "scope_reserved")),
        (json!({"origin": "platform"}), ("", "platform_record")),
        (json!({"client_type": "public"}), ("secrets", "invalid_fields")),
        (json!({"client_type": "public", "secrets": []}), ("service_access", "public_with_service_access")),
        (
            domains(json!(["a.example", "b.example", "c.example", "d.example"])),
            ("allowed_domains", "invalid_fields"),
        ),
        (domains(json!(["a.example", "https://A.example/"])), ("allowed_domains", "invalid_fields")),
    ] {
        let text = apps(&[app_with("com.a/new", changes.clone())]);
        let report = world.import(&text, &applying());
        let record = report.records.last().unwrap();
        assert_eq!(record.outcome, ImportOutcome::Refused, "{changes}");
        let first = &record.errors[0];
        assert_eq!((first.field.as_str(), first.code), expected, "{changes}: {:?}", record.errors);
    }
    for (member, code) in [("license_region", "region_required"), ("tenant", "tenant_required")] {
        let mut app = app_with("com.a/new", json!({}));
        app.as_object_mut().unwrap().remove(member);
        assert_eq!(errors(&world.import(&apps(&[app]), &applying()), "app", "com.a/new"), [(member, code)]);
    }
    world.import_all(&apps(&[
        app_with("com.a/new", domains(json!(["https://a.example/", "b.example", "localhost:3000"]))),
        app_with("com.z/there", json!({"name": "There", "tenant": "Zeta", "plan": {"code": "free"}})),
    ]));
}

#[test]
fn the_limits_of_tenant_and_database_hold() {
    let world = World::new();
    world.import_all(&document(json!({
        "tenants": [{"name": "Acme", "state": "active", "app_limit": 2}, {"name": "Zeta", "state": "active"}],
        "regions": [{"code": "tiny", "name": "Tiny", "databases": [{"db_code": "T1", "capacity": 1}]}],
    })));
    let tiny = |client_id: &str| app_with(client_id, json!({"tenant": "Zeta", "license_region": "tiny"}));
    let report = world.import(
        &apps(&[
            app_with("com.a/1", json!({})),
            app_with("com.a/2", json!({})),
            app_with("com.a/3", json!({})),
            tiny("com.z/1"),
            tiny("com.z/2"),
        ]),
        &skipping(),
    );
    assert_eq!(errors(&report, "app", "com.a/3"), [("tenant", "app_limit_reached")]);
    assert_eq!(errors(&report, "app", "com.z/2")[0].1, "region_full");
    assert_eq!(report.count(ImportOutcome::Created), 3);
    assert_eq!((world.app_counts("eu-west"), world.app_counts("tiny")), (vec![2], vec![1]));
}

#[test]
fn what_never_changes_is_not_changed_by_an_import() {
    let world = World::with_acme();
    world.tenant("Zeta");
    world.plan("pro", PlanPrice::Paid);
    world.import_all(&apps(&[app_with("com.a/app", json!({}))]));
    for (changes, field) in [
        (json!({"tenant": "Zeta"}), "tenant"),
        (json!({"db_code": "EU-2"}), "db_code"),
        (json!({"license_region": "us-east"}), "license_region"),
        (json!({"client_type": "public", "secrets": [], "service_access": {"as": "none"}}), "client_type"),
    ] {
        let report = world.import(&apps(&[app_with("com.a/app", changes)]), &applying());
        assert_eq!(errors(&report, "app", "com.a/app"), [(field, "immutable")]);
    }
    let plan = json!({"code": "pro", "name": "pro", "free": true, "state": "active"});
    let report = world.import(&document(json!({"plans": [plan]})), &applying());
    assert_eq!(errors(&report, "plan", "pro"), [("free", "immutable")]);
    let retired = json!({"code": "pro", "name": "pro", "state": "retired"});
    let report = world.import(&document(json!({"plans": [retired]})), &applying());
    assert_eq!(errors(&report, "plan", "pro"), [("state", "plan_state")]);
}

#[test]
fn a_revoked_secret_does_not_come_back_with_an_import() {
    let world = World::with_acme();
    let text = apps(&[app_with("com.a/app", json!({}))]);
    world.import_all(&text);
    let app = world.imported("com.a/app", "correct horse");
    let operator = world.operator();
    let new =
        turnkeep_service::registry::add_secret::regenerate_secret(&operator, app.id, None).unwrap().plaintext;
    let report = world.import_all(&text);
    assert_eq!(report.count(ImportOutcome::Unchanged), 1);
    assert_eq!(report.notes.len(), 1, "{:?}", report.notes);
    world.refusal(&app);
    world.token(&app.with_secret(&new));
}

#[test]
fn an_imported_secret_is_no_older_than_the_tenant_allows() {
    let world = World::with_acme();
    world.import_all(&document(json!({
        "tenants": [{"name": "Acme", "state": "active", "secret_max_age_days": 30}],
        "apps": [app_with("com.a/app", json!({}))],
    })));
    let app = world.imported("com.a/app", "correct horse");
    let secret = list_secrets(&world.operator(), app.id).unwrap()[0];
    let days = SecretMaxAge::from_days(30).unwrap().days();
    let limit = std::time::Duration::from_secs(u64::from(days) * 86_400);
    assert_eq!(secret.expires_at, Some(secret.created_at.plus(limit)));
}
