//! Records are objects: a list is none, whatever its elements are and wherever it stands.

use turnkeep_exchange::format::ImportFormat;

use crate::places;

#[test]
fn a_list_in_the_place_of_a_record_is_refused() {
    use ImportFormat::{Hydra, Keycloak, Turnkeep};
    let app = |member: &str| {
        let app = r#"{"turnkeep":1,"apps":[{"client_id":"a","client_type":"public",@}]}"#;
        app.replace('@', member)
    };
    for (format, text, place) in [
        (Turnkeep, r#"{"turnkeep":1,"tenants":[["X"]]}"#.to_owned(), ("tenant 1", "")),
        (Turnkeep, r#"{"turnkeep":1,"plans":[["pro","Pro"]]}"#.to_owned(), ("plan 1", "")),
        (Turnkeep, r#"{"turnkeep":1,"users":[["ada","internal","Ada"]]}"#.to_owned(), ("user 1", "")),
        (
            Turnkeep,
            r#"{"turnkeep":1,"tenants":[{"name":"X","members":[["ada","owner"]]}]}"#.to_owned(),
            ("tenant «X»", "members[0]"),
        ),
        (
            Turnkeep,
            r#"{"turnkeep":1,"regions":[{"code":"x","name":"X","databases":[["X-1","active",5]]}]}"#
                .to_owned(),
            ("region «x»", "databases[0]"),
        ),
        (
            Turnkeep,
            r#"{"turnkeep":1,"resources":[{"audience":"x","name":"X","scopes":[["read","",null]]}]}"#
                .to_owned(),
            ("resource «x»", "scopes[0]"),
        ),
        (
            Turnkeep,
            r#"{"turnkeep":1,"plans":[{"code":"x","name":"X","limits":[{"hour":1},5,{}]}]}"#.to_owned(),
            ("plan «x»", "limits"),
        ),
        (
            Turnkeep,
            r#"{"turnkeep":1,"plans":[{"code":"x","name":"X","limits":{"document_units":[1,2,3,4]}}]}"#
                .to_owned(),
            ("plan «x»", "limits.document_units"),
        ),
        (Turnkeep, r#"{"turnkeep":1,"instance":["teal"]}"#.to_owned(), ("instance", "")),
        (Turnkeep, app(r#""sign_in":[true,true]"#), ("app «a»", "sign_in")),
        (Turnkeep, app(r#""service_access":["app"]"#), ("app «a»", "service_access")),
        (Turnkeep, app(r#""plan":["pro",false]"#), ("app «a»", "plan")),
        (Turnkeep, app(r#""storage":["aws_s3","b","k"]"#), ("app «a»", "storage")),
        (Turnkeep, app(r#""secrets":[["abcd"]]"#), ("app «a»", "secrets[0]")),
        (Keycloak, r#"{"clients":[["a"]]}"#.to_owned(), ("client 1", "")),
        (Hydra, r#"[["a",null,"secret"]]"#.to_owned(), ("client 1", "")),
        (Hydra, r#"{"clients":[["a",null,"secret"]]}"#.to_owned(), ("client 1", "")),
    ] {
        let set = format.read(&text).unwrap();
        assert_eq!(places(&set), [place], "{text}: {:?}", set.problems);
        assert!(set.records.is_empty(), "{text}");
    }
}

#[test]
fn a_list_in_the_place_of_a_document_is_refused() {
    for (format, text) in [
        (ImportFormat::Turnkeep, r#"[1,[],[],[],[],[],[{"name":"X"}],[]]"#),
        (ImportFormat::Keycloak, r#"[[{"clientId":"a","publicClient":true}]]"#),
    ] {
        assert!(format.read(text).is_err(), "{text}");
    }
    let nested = r#"[[{"client_id":"a","token_endpoint_auth_method":"none"}]]"#;
    assert!(ImportFormat::Hydra.read(nested).unwrap().records.is_empty());
}
