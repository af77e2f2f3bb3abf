//! Seed 002's records as CSV: its four minimal setups, and the form of the text.

use turnkeep_exchange::document::app::SignInRecord;
use turnkeep_exchange::format::ImportFormat;
use turnkeep_exchange::import_set::ImportError;
use turnkeep_protocol::management::app_fields::{ClientTypeName, ReferenceTokenPolicyName, ServicePrincipal};

use crate::{app, client_ids, hash_accepts, places};

const RECORDS: &str = include_str!("samples/trusted_applications.csv");

#[test]
fn the_four_minimal_setups_become_apps() {
    let set = ImportFormat::TrustedApplicationCsv.read(RECORDS).unwrap();
    assert!(set.problems.is_empty(), "{:?}", set.problems);
    assert_eq!(
        client_ids(&set),
        ["com.vendor/hybrid", "com.vendor/portal", "com.vendor/spa", "com.vendor/sync"]
    );
    let flags = |internal, community| SignInRecord { internal: Some(internal), community: Some(community) };
    let internal = flags(true, false);
    let (none, user) = (ServicePrincipal::None, ServicePrincipal::User);
    for (id, client_type, sign_in, principal, service_user, scopes) in [
        ("com.vendor/portal", ClientTypeName::Confidential, internal, none, None, "read"),
        (
            "com.vendor/sync",
            ClientTypeName::Confidential,
            flags(false, false),
            user,
            Some("svc-inventory"),
            "read update",
        ),
        ("com.vendor/spa", ClientTypeName::Public, flags(false, true), none, None, "read"),
        (
            "com.vendor/hybrid",
            ClientTypeName::Confidential,
            internal,
            user,
            Some("svc-hybrid"),
            "read update",
        ),
    ] {
        let app = app(&set, id);
        assert_eq!((app.client_type, app.sign_in), (client_type, Some(sign_in)), "{id}");
        assert_eq!(
            app.service_access.as_ref().map(|access| (access.principal, access.user.as_deref())),
            Some((principal, service_user))
        );
        assert_eq!(app.scopes.as_deref(), Some(scopes));
        assert!(app.basic_authentication == Some(false));
        assert_eq!(hash_accepts(app, "abc"), client_type == ClientTypeName::Confidential, "{id}");
        assert!(!hash_accepts(app, "abd"));
    }
    let hybrid = app(&set, "com.vendor/hybrid");
    assert_eq!(
        (hybrid.enabled, hybrid.reference_tokens),
        (Some(false), Some(ReferenceTokenPolicyName::AdministratorsOnly))
    );
}

#[test]
fn commas_separate_uris_and_are_part_of_them() {
    let set = ImportFormat::TrustedApplicationCsv.read(RECORDS).unwrap();
    assert_eq!(
        app(&set, "com.vendor/portal").login_redirect_uris.as_deref().unwrap(),
        ["https://portal.vendor.example/cb", "https://staging.vendor.example/cb?tags=a,b"]
    );
}

#[test]
fn a_byte_order_mark_and_other_line_ends_change_nothing() {
    let other = format!("\u{feff}{}", RECORDS.replace('\n', "\r\n"));
    let [one, two] =
        [RECORDS, &other].map(|text| ImportFormat::TrustedApplicationCsv.read(text).unwrap().records);
    assert_eq!(one.into_json().unwrap(), two.into_json().unwrap());
}

#[test]
fn a_wrong_header_is_named() {
    let unknown = |column: &str| Err(ImportError::UnknownColumn { column: column.to_owned() });
    for (header, expected) in [
        ("ApplicationUri,ClientType,Nmae", unknown("Nmae")),
        ("applicationuri,ClientType", unknown("applicationuri")),
        ("ApplicationUri,ClientType,=cmd|' /C calc'!A0", unknown("?")),
        ("ApplicationUri,ClientType,ClientType", Err(ImportError::RepeatedColumn { column: "ClientType" })),
        ("ApplicationUri,Name", Err(ImportError::MissingColumn { column: "ClientType" })),
        ("ApplicationUri;ClientType", Err(ImportError::Header)),
        ("", Err(ImportError::Header)),
        ("ApplicationUri,ClientType", Ok(())),
    ] {
        let read = ImportFormat::TrustedApplicationCsv.read(&format!("{header}\n"));
        assert_eq!(read.map(|_| ()), expected, "{header}");
    }
}

#[test]
fn problems_have_the_row_and_the_column() {
    let header = "ApplicationUri,ClientType,ApplicationSecretHash,ImpersonateLoginUrl,SystemUserAllowed,SystemUser,Scope,AccessTokens,IsEnabled";
    let hash = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";
    for (row, field) in [
        ("a,Confidential,hunter2,,,,read,,".to_owned(), "ApplicationSecretHash"),
        (format!("a,Public,{hash},,,,read,,"), "ApplicationSecretHash"),
        ("a,Secret,,,,,read,,".to_owned(), "ClientType"),
        (format!("a,Confidential,{hash},,true,,read,,"), "SystemUser"),
        (format!("a,Confidential,{hash},,false,svc,read,,"), "SystemUser"),
        (format!("a,Confidential,{hash},,perhaps,,read,,"), "SystemUserAllowed"),
        (format!("a,Confidential,{hash},https://a.example/*,,,read,,"), "ImpersonateLoginUrl[0]"),
        (format!("a,Confidential,{hash},,,,re\"ad,,"), "Scope"),
        (format!("a,Confidential,{hash},,,,read,Everybody,"), "AccessTokens"),
        (format!("a,Confidential,{hash},,,,read,,on"), "IsEnabled"),
        (format!(",Confidential,{hash},,,,read,,"), "ApplicationUri"),
        (format!("a,Confidential,{hash}"), ""),
    ] {
        let text = format!("{header}\nfine,Public,,,,,read,,\n{row}\n");
        let set = ImportFormat::TrustedApplicationCsv.read(&text).unwrap();
        assert!(places(&set).contains(&("row 3", field)), "{row}: {:?}", set.problems);
        assert_eq!(client_ids(&set), ["fine"], "{row}");
    }
}

#[test]
fn an_empty_cell_and_a_column_that_is_not_there_say_nothing() {
    let empty = format!("a,,Public{}\n", ",".repeat(11));
    let header = RECORDS.lines().next().unwrap();
    for (text, client_type) in [
        (format!("{header}\n{empty}"), "public"),
        ("ApplicationUri,ClientType\na,Public\n".to_owned(), "public"),
        // Whether the app is new, and so needs a secret, only the registry knows.
        (format!("{header}\n{}", empty.replace("Public", "Confidential")), "confidential"),
        ("ApplicationUri,ClientType\na,Confidential\n".to_owned(), "confidential"),
    ] {
        let set = ImportFormat::TrustedApplicationCsv.read(&text).unwrap();
        assert!(set.problems.is_empty(), "{:?}", set.problems);
        let app = serde_json::to_value(app(&set, "a")).unwrap();
        let expected = serde_json::json!({
            "client_id": "a", "client_type": client_type, "origin": "external", "sign_in": {},
        });
        assert_eq!(app, expected, "{text}");
    }
}
