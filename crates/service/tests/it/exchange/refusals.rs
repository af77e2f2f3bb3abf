//! Records that are refused: why, and what becomes of the others.

use serde_json::json;
use turnkeep_domain::membership::Role;
use turnkeep_policy::permission::Permission;
use turnkeep_service::exchange::export_records::{Hashes, export_records};
use turnkeep_service::exchange::import_records::{MAX_RECORDS_AT_ONCE, import_document};
use turnkeep_service::exchange::import_report::ImportOutcome;
use turnkeep_service::registry::denial::RegistryDenial;
use turnkeep_service::tokens::authenticate_bearer::Reach;

use crate::exchange::exchange_verbs::{
    app_record, app_with, applying, counts, document, dry_run, errors, skipping,
};
use crate::world::{World, denial};

#[test]
fn a_confidential_app_without_a_secret_fails_loudly() {
    let world = World::with_acme();
    for secrets in [json!([{"hint": "abcd"}]), json!([{"hint": "abcd", "hash": null}])] {
        let app = app_with("com.old/app", json!({"secrets": secrets}));
        let report = world.import(&document(json!({"apps": [app]})), &applying());
        assert_eq!(errors(&report, "app", "com.old/app"), [("secrets", "no_secret")]);
        assert!(!report.applied);
    }
}

#[test]
fn nobody_is_imported_under_the_address_of_another() {
    let world = World::with_acme();
    let user = |name: &str, email: Option<&str>| json!({"name": name, "kind": "internal", "display_name": "Somebody", "email": email});
    let wanda = user("wanda", Some("wanda@example.org"));
    for (others, at, expected) in [
        (vec![user("wanda@example.org", None)], "wanda@example.org", ("name", "name_is_address")),
        (vec![user("kim@example.org", None)], "kim@example.org", ("name", "name_is_address")),
        (
            vec![user("kim@example.org", Some("kim@example.org")), user("zed", Some("KIM@example.org"))],
            "zed",
            ("email", "email_taken"),
        ),
    ] {
        let users: Vec<_> = std::iter::once(wanda.clone()).chain(others).collect();
        let report = world.import(&document(json!({"users": users})), &applying());
        assert_eq!(errors(&report, "user", at), [expected]);
        assert!(!report.applied);
    }
    let own = document(json!({"users": [wanda, user("Kim@example.org", Some("kim@example.org"))]}));
    for _ in 0..2 {
        let report = world.import(&own, &applying());
        assert!(report.applied, "{report:#?}");
    }
}

#[test]
fn all_or_nothing_unless_the_others_are_wanted() {
    let world = World::with_acme();
    let before = world.export(Hashes::Withheld);
    let wrong = [
        app_with("com.old/unread", json!({"enabled": "perhaps"})),
        app_with("com.old/nowhere", json!({"license_region": "mars"})),
    ];
    for wrong in wrong {
        let text = document(json!({
            "users": [{"name": "ada", "kind": "internal", "display_name": "Ada"}],
            "apps": [app_record("com.old/a"), wrong, app_record("com.old/z")],
        }));
        let nothing = world.import(&text, &applying());
        assert!(!nothing.applied);
        assert_eq!(counts(&nothing), [3, 0, 0, 1], "{nothing:#?}");
        assert_eq!(world.export(Hashes::Withheld), before);
        assert_eq!(world.events("app.create").len(), 0);
    }
    let text = document(json!({"apps": [
        app_record("com.old/a"),
        app_with("com.old/nowhere", json!({"license_region": "mars"})),
        app_record("com.old/z"),
    ]}));
    let others = world.import(&text, &skipping());
    assert!(others.applied);
    assert_eq!(counts(&others), [2, 0, 0, 1]);
    for client_id in ["com.old/a", "com.old/z"] {
        world.token(&world.imported(client_id, "correct horse"));
    }
    assert_eq!(world.app_counts("eu-west"), [2], "the refused app takes no room");
}

#[test]
fn what_depends_on_a_refused_record_is_refused_with_it_and_nothing_half_made_stays() {
    let world = World::with_acme();
    let text = document(json!({
        "tenants": [{"name": "New", "members": [{"user": "nobody", "role": "owner"}]}],
        "regions": [{"code": "x", "name": "X", "databases": [{"db_code": "EU-9", "capacity": 1}]}],
        "apps": [
            app_with("com.old/no-tenant", json!({"tenant": "Missing"})),
            app_with("com.old/no-user", json!({"service_access": {"as": "user", "user": "nobody"}})),
            app_with("com.old/no-plan", json!({"plan": {"code": "gold"}})),
            app_with("com.old/no-audience", json!({"resource_server_of": ["https://nowhere.example"]})),
        ],
    }));
    let report = world.import(&text, &skipping());
    assert!(report.applied);
    assert_eq!(errors(&report, "member", "New / nobody"), [("user", "user_unknown")]);
    assert_eq!(errors(&report, "app", "com.old/no-tenant"), [("tenant", "tenant_unknown")]);
    assert_eq!(errors(&report, "app", "com.old/no-user"), [("service_access.user", "user_unknown")]);
    assert_eq!(errors(&report, "app", "com.old/no-plan"), [("plan.code", "plan_unknown")]);
    let server = "https://nowhere.example / com.old/no-audience";
    assert_eq!(errors(&report, "resource_server", server), [("resource_server_of", "audience_unknown")]);
    world.token(&world.imported("com.old/no-audience", "correct horse"));
    assert_eq!(world.app_counts("eu-west"), [1]);
    let again = world.import(&text, &skipping());
    assert_eq!(again.count(ImportOutcome::Created), 0);
    assert_eq!(again.count(ImportOutcome::Refused), 5);
}

#[test]
fn only_operators_import_and_take_hashes_out() {
    let world = World::with_acme();
    let tenant_id = world.imported_tenant("Acme");
    for role in [Role::Owner, Role::Admin, Role::Developer, Role::Auditor] {
        let member = world.tenant_caller(tenant_id, role);
        let text = document(json!({"apps": [app_record("com.old/a")]}));
        for options in [applying(), dry_run()] {
            let refused = denial(import_document(&member, &text, &options));
            assert_eq!(refused, RegistryDenial::Forbidden(Permission::Operate));
        }
        let refused = denial(export_records(&member, None, Hashes::Included));
        assert_eq!(refused, RegistryDenial::Forbidden(Permission::Operate));
        assert!(export_records(&member, None, Hashes::Withheld).is_ok());
    }
    let stranger = world.context(Reach::Nowhere);
    assert_eq!(
        denial(import_document(&stranger, "{}", &applying())),
        RegistryDenial::Forbidden(Permission::Operate)
    );
    let refused = denial(export_records(&stranger, None, Hashes::Withheld));
    assert!(matches!(refused, RegistryDenial::Forbidden(_)), "{refused:?}");
    world.authority.keep_books().unwrap();
    assert_eq!(world.events("import.apply").iter().filter(|event| event.refusal.is_some()).count(), 9);
    assert_eq!(world.events("export.hashes").len(), 4);
    assert!(!world.has_app("com.old/a"));
}

#[test]
fn a_document_has_no_more_than_one_transaction_can_take() {
    let world = World::with_acme();
    let users = |count: usize| {
        let users: Vec<_> = (0..count)
            .map(|n| json!({"name": format!("u{n}"), "kind": "internal", "display_name": "U"}))
            .collect();
        document(json!({"users": users}))
    };
    let parts = |count: usize| {
        let databases: Vec<_> =
            (0..count).map(|n| json!({"db_code": format!("D{n}"), "capacity": 1})).collect();
        let (one, two) = databases.split_at(count / 2);
        document(json!({"regions": [
            {"code": "one", "name": "One", "databases": one},
            {"code": "two", "name": "Two", "databases": two},
        ]}))
    };
    for text in [users(MAX_RECORDS_AT_ONCE + 1), parts(MAX_RECORDS_AT_ONCE - 1)] {
        let refused = denial(import_document(&world.operator(), &text, &applying()));
        assert_eq!(refused, RegistryDenial::ImportTooLarge);
    }
    let report = world.import(&parts(MAX_RECORDS_AT_ONCE - 2), &dry_run());
    assert_eq!(counts(&report), [MAX_RECORDS_AT_ONCE, 0, 0, 0]);
    let refused = denial(import_document(&world.operator(), "{\"turnkeep\":", &applying()));
    assert!(matches!(refused, RegistryDenial::ImportUnreadable(_)));
}
