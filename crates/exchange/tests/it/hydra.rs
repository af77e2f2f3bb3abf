//! Hydra's clients in every shape they are exported in.

use turnkeep_exchange::format::ImportFormat;
use turnkeep_protocol::management::app_fields::{ClientTypeName, ServicePrincipal};

use crate::{app, clear_secret, client_ids, hash_accepts, may_sign_in, places, principal};

const CLIENTS: &str = include_str!("samples/hydra_clients.json");

#[test]
fn clients_become_apps() {
    let set = ImportFormat::Hydra.read(CLIENTS).unwrap();
    let reports_id = "d1f9a5c0-9c5e-4e0f-9a67-3a2b1c0d4e5f";
    assert_eq!(client_ids(&set), [reports_id, "from-file", "legacy-web", "listed", "single-page"]);

    let reports = app(&set, reports_id);
    assert_eq!(
        (reports.name.as_deref(), reports.scopes.as_deref()),
        (Some("Reports"), Some("reports.read reports.write"))
    );
    assert_eq!(principal(reports), Some(ServicePrincipal::App));
    assert!(may_sign_in(reports) == Some(false));
    assert!(hash_accepts(reports, "correct horse") && !hash_accepts(reports, "correct horsf"));
    assert!(reports.secrets.as_ref().unwrap()[0].expires_at.is_none());

    let legacy = app(&set, "legacy-web");
    assert!(may_sign_in(legacy) == Some(true));
    assert!(hash_accepts(legacy, "correct horse"));
    assert_eq!(legacy.secrets.as_ref().unwrap()[0].expires_at.unwrap().to_string(), "2100-01-01T00:00:00Z");
    assert_eq!(legacy.logout_redirect_uris.as_deref().unwrap(), ["https://legacy.example/bye"]);

    let spa = app(&set, "single-page");
    assert_eq!((spa.client_type, spa.name.as_deref()), (ClientTypeName::Public, None));
    assert!(spa.secrets.is_none());

    assert_eq!(clear_secret(app(&set, "from-file")), Some("plain-secret-of-the-file"));
}

#[test]
fn a_client_that_authenticates_without_a_secret_is_a_problem_and_one_whose_secret_is_not_said_is_none() {
    let set = ImportFormat::Hydra.read(CLIENTS).unwrap();
    assert_eq!(places(&set), [("client «keyed»", "token_endpoint_auth_method")]);
    let listed = app(&set, "listed");
    assert_eq!(listed.client_type, ClientTypeName::Confidential);
    assert!(listed.secrets.is_none());
}

#[test]
fn an_array_lines_and_one_client_are_read_too() {
    let one = r#"{"client_id":"one","token_endpoint_auth_method":"none","redirect_uris":["https://one.example/cb"]}"#;
    let two = one.replace("one", "two").replace("ntwo", "none");
    for (text, expected) in [
        (format!("[{one},{two}]"), vec!["one", "two"]),
        (format!("{two}\n{one}\r\n"), vec!["one", "two"]),
        (format!("{{\"clients\":[{one}]}}"), vec!["one"]),
        (one.to_owned(), vec!["one"]),
        (String::new(), vec![]),
    ] {
        let set = ImportFormat::Hydra.read(&text).unwrap();
        assert_eq!(client_ids(&set), expected, "{text}");
        assert!(set.problems.is_empty(), "{:?}", set.problems);
    }
}

#[test]
fn costly_and_unknown_hashes_are_problems() {
    let line = |hash: &str| {
        format!(r#"{{"client_id":"web","client_secret":"{hash}","grant_types":["client_credentials"]}}"#)
    };
    for hash in [
        "$2b$31$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
        "$argon2id$v=19$m=4194304,t=2,p=2$c2FsdHNhbHRzYWx0c2FsdA$Sh1LF6dsajp2YjljvL/T0Tk68lSWQP232iGGbb+Qa5Y",
        "$pbkdf2-sha256$i=200000000,l=32$c2FsdHNhbHRzYWx0c2FsdA$BBs+1+PaslLtBPULUr8/lQicvVuHiEPMz0i8MjLCbzM",
        "$scrypt$ln=30,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$jEgpCUtvA44HVzfVdPMA8tfAzsWE0hBy4rqSqDwK5Z8",
        "$6$rounds=5000$c2FsdHNhbHQ$x",
    ] {
        let set = ImportFormat::Hydra.read(&line(hash)).unwrap();
        assert_eq!(places(&set), [("client «web»", "client_secret")], "{hash}");
        assert!(set.records.apps.is_empty());
    }
}
