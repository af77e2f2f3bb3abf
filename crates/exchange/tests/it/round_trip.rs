//! Our own format: what is read and written again is the same to the byte.

use turnkeep_domain::accent::Accent;
use turnkeep_domain::client_secret::{ClientSecret, SecretHint};
use turnkeep_domain::id::{AppId, SecretId};
use turnkeep_domain::time::Timestamp;
use turnkeep_exchange::document::app_secret::{AppSecretRecord, SecretMaterial};
use turnkeep_exchange::format::ImportFormat;
use turnkeep_exchange::import_set::ImportError;
use turnkeep_protocol::patch::Patch;
use turnkeep_secret::digest::SecretRecord;

use crate::{app, client_ids, places};

const DOCUMENT: &str = include_str!("samples/turnkeep.json");

#[test]
fn export_and_import_are_inverse() {
    let set = ImportFormat::Turnkeep.read(DOCUMENT).unwrap();
    assert!(set.problems.is_empty(), "{:?}", set.problems);
    let exported = set.records.into_json().unwrap();
    let again = ImportFormat::Turnkeep.read(&exported).unwrap();
    assert!(again.problems.is_empty(), "{:?}", again.problems);
    assert_eq!(again.records.into_json().unwrap(), exported);
    assert!(exported.ends_with("}\n"));
}

#[test]
fn of_the_instance_a_document_says_a_known_accent_or_nothing() {
    for (said, place) in [
        (r#"{"accent":"plaid"}"#, ("instance", "accent")),
        (r#"{"accent":null}"#, ("instance", "accent")),
        (r#"{"accent":"teal","accent":"teal"}"#, ("instance", "accent")),
        (r#"{"name":"Other"}"#, ("instance", "name")),
        ("null", ("instance", "")),
    ] {
        let set = ImportFormat::Turnkeep.read(&format!(r#"{{"turnkeep":1,"instance":{said}}}"#)).unwrap();
        assert_eq!(places(&set), [place], "{said}: {:?}", set.problems);
        assert!(set.records.is_empty(), "{said}");
    }
    let set = ImportFormat::Turnkeep.read(r#"{"turnkeep":1,"instance":{}}"#).unwrap();
    assert_eq!((set.records.len(), set.records.instance.unwrap().accent()), (1, None));
    assert!(ImportFormat::Turnkeep.read(r#"{"turnkeep":1}"#).unwrap().records.instance.is_none());
}

#[test]
fn everything_that_can_be_said_is_kept_in_canonical_form() {
    let set = ImportFormat::Turnkeep.read(DOCUMENT).unwrap();
    let records = &set.records;
    assert_eq!(client_ids(&set), ["com.vendor/portal", "com.vendor/sync"]);
    let sync = app(&set, "com.vendor/sync");
    assert_eq!(sync.name.as_deref(), Some("Inventory sync"));
    assert_eq!(sync.scopes.as_deref(), Some("read update"));
    assert_eq!(
        sync.allowed_domains.as_deref().unwrap(),
        [Some("app.vendor.example".to_owned()), None, Some("localhost:3000".to_owned())]
    );
    assert_eq!(
        sync.plan_value().flatten().map(|plan| (plan.code.as_str(), plan.on_hold)),
        Some(("pro", Some(true)))
    );
    assert_eq!(sync.storage.as_ref().unwrap().bucket, "vendor-inventory");
    let secrets = sync.secrets.as_ref().unwrap();
    assert_eq!(secrets[0].hint.as_deref(), Some("b2Lm"));
    assert!(matches!(secrets[0].material, SecretMaterial::Withheld));
    assert!(matches!(secrets[1].material, SecretMaterial::Hash(_)));
    let portal = app(&set, "com.vendor/portal");
    assert_eq!(
        portal.login_redirect_uris.as_deref().unwrap(),
        ["https://portal.vendor.example/cb", "https://a.vendor.example/cb"],
        "the order of redirect URIs stays"
    );
    assert_eq!(
        records.users.iter().map(|user| user.name.as_str()).collect::<Vec<_>>(),
        ["ada", "svc-inventory"]
    );
    assert_eq!(records.plans[1].limits.as_ref().unwrap().features.as_ref().unwrap().len(), 3);
    assert_eq!(records.regions[0].databases[0].db_code, "EU1");
    assert_eq!(records.resources[0].scopes[0].name, "read");
    assert_eq!(records.instance.as_ref().unwrap().accent(), Some(Accent::Teal));
    assert_eq!(records.tenants[1].secret_max_age_days, Patch::Set(365));
}

#[test]
fn a_hash_is_written_only_if_it_was_asked_for() {
    let secret = ClientSecret {
        id: SecretId::from_bytes([1; 16]),
        app_id: AppId::from_bytes([2; 16]),
        hint: SecretHint::of("a secret that is long enough"),
        created_at: Timestamp::from_secs(1_700_000_000),
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
    };
    let hash = SecretRecord::import_sha256(&"ab".repeat(32)).unwrap();
    let mut set = ImportFormat::Turnkeep.read(DOCUMENT).unwrap();
    let text_with = |secrets, set: &mut turnkeep_exchange::import_set::ImportSet| {
        set.records.apps[1].secrets = Some(secrets);
        set.records.clone().into_json().unwrap()
    };
    let without = text_with(vec![AppSecretRecord::new(&secret, None)], &mut set);
    assert!(without.contains("\"hint\": \"ough\"") && !without.contains("\"hash\""), "{without}");
    let with = text_with(vec![AppSecretRecord::new(&secret, Some(&hash))], &mut set);
    assert!(with.contains(&format!("\"hash\": \"sha256:{}\"", "ab".repeat(32))), "{with}");
}

#[test]
fn a_secret_in_the_clear_is_never_written() {
    let realm = include_str!("samples/keycloak_realm.json");
    let set = ImportFormat::Keycloak.read(realm).unwrap();
    let written = format!("{set:?} {}", set.records.clone().into_json().unwrap());
    for secret in ["Gk3qYd0Zt8uWm1xPz5vRn7cLb2sHf9aE", "Zt8uWm1xPz5vRn7cLb2sHf9aEGk3qYd0"] {
        assert!(realm.contains(secret));
        assert!(!written.contains(secret), "{written}");
    }
}

#[test]
fn another_document_is_refused_as_a_whole() {
    for (text, expected) in [
        ("{}", ImportError::MissingMember { member: "turnkeep" }),
        (r#"{"turnkeep":2}"#, ImportError::UnsupportedVersion),
        (r#"{"turnkeep":1,"realm":"x"}"#, ImportError::UnknownMember { member: "realm".to_owned() }),
        (r#"{"turnkeep":1,"<b>":"x"}"#, ImportError::UnknownMember { member: "?".to_owned() }),
        (r#"{"turnkeep":1,"apps":{}}"#, ImportError::Json { line: 1, column: 21 }),
        ("{\"turnkeep\":1,\n", ImportError::Json { line: 2, column: 0 }),
        ("", ImportError::Json { line: 1, column: 0 }),
    ] {
        assert_eq!(ImportFormat::Turnkeep.read(text).map(|_| ()), Err(expected), "{text}");
    }
    assert!(ImportFormat::Turnkeep.read("\u{feff}{\"turnkeep\":1}").is_ok());
}

#[test]
fn a_wrong_record_leaves_the_others_alone() {
    for (from, to, place) in [
        ("\"enabled\": false", "\"enabled\": \"no\"", ("app «com.vendor/portal»", "enabled")),
        ("\"enabled\": false", "\"enabeld\": false", ("app «com.vendor/portal»", "enabeld")),
        ("\"client_type\": \"public\",", "", ("app «com.vendor/portal»", "client_type")),
        ("\"name\": \"Portal\"", "\"name\": \"x\", \"name\": \"y\"", ("app «com.vendor/portal»", "name")),
        (
            "\"client_type\": \"public\"",
            "\"client_type\": \"open\"",
            ("app «com.vendor/portal»", "client_type"),
        ),
        ("com.vendor/portal", "com.vendor/po rtal", ("app «com.vendor/po rtal»", "client_id")),
        (
            "portal.vendor.example/cb",
            "*.vendor.example/cb",
            ("app «com.vendor/portal»", "login_redirect_uris[0]"),
        ),
        ("com.vendor/portal", "com.vendor/sync", ("app «com.vendor/sync»", "client_id")),
        (
            "\"token_lifetime_seconds\": 600",
            "\"token_lifetime_seconds\": 901",
            ("app «com.vendor/sync»", "token_lifetime_seconds"),
        ),
        ("App.Vendor.example", "a b", ("app «com.vendor/sync»", "allowed_domains[0]")),
        ("\"user\": \"svc-inventory\"", "\"user\": \"ü\"", ("app «com.vendor/sync»", "service_access.user")),
        (
            "\"as\": \"user\", \"user\": \"svc-inventory\"",
            "\"as\": \"user\"",
            ("app «com.vendor/sync»", "service_access.user"),
        ),
        ("\"provider\": \"aws_s3\"", "\"provider\": \"ftp\"", ("app «com.vendor/sync»", "storage.provider")),
        (
            "\"bucket\": \"vendor-inventory\"",
            "\"bucket\": \"V\"",
            ("app «com.vendor/sync»", "storage.bucket"),
        ),
        (
            "\"bucket\":",
            "\"secret_key\": \"x\", \"bucket\":",
            ("app «com.vendor/sync»", "storage.secret_key"),
        ),
        ("$scrypt$ln=10", "$scrypt$ln=30", ("app «com.vendor/sync»", "secrets")),
        ("2026-05-01T10:00:00Z", "2026-05-32T10:00:00Z", ("app «com.vendor/sync»", "secrets[0].created_at")),
        ("\"x7Qa\"", "\"x7Qab\"", ("app «com.vendor/sync»", "secrets.hint")),
        ("\"app_limit\": 5", "\"app_limit\": 1000001", ("tenant «Vendor GmbH»", "app_limit")),
        (
            "\"secret_max_age_days\": 365",
            "\"secret_max_age_days\": 0",
            ("tenant «Vendor GmbH»", "secret_max_age_days"),
        ),
        ("\"Acme\"", "\"VENDOR gmbh\"", ("tenant «VENDOR gmbh»", "name")),
        ("\"name\": \"ada\"", "\"name\": \"a da\"", ("user «a da»", "name")),
        ("\"hour\": 10", "\"hour\": 6000", ("plan «pro»", "limits.document_units")),
        ("\"seats\"", "\"\"", ("plan «pro»", "limits.features")),
        ("\"EU2\"", "\"EU1\"", ("region «eu»", "databases")),
        ("\"capacity\": 50", "\"capacity\": -1", ("region «eu»", "databases[1].capacity")),
        ("\"EdDSA\"", "\"none\"", ("resource «https://api.vendor.example»", "signing_alg")),
        ("\"name\": \"update\"", "\"name\": \"read\"", ("resource «https://api.vendor.example»", "scopes")),
    ] {
        let text = DOCUMENT.replacen(from, to, 1);
        assert_ne!(text, DOCUMENT, "{from}");
        let set = ImportFormat::Turnkeep.read(&text).unwrap();
        assert!(places(&set).contains(&place), "{to}: {:?}", set.problems);
        let records = &set.records;
        let left = records.apps.len() + records.tenants.len() + records.users.len() + records.plans.len();
        assert_eq!(left + records.regions.len() + records.resources.len(), 9, "{to}");
    }
}
