//! Texts that somebody made to break the import, or to see a secret come back in an error.

use turnkeep_exchange::document::Document;
use turnkeep_exchange::format::ImportFormat;
use turnkeep_exchange::import_set::{ImportError, MAX_INPUT_BYTES, MAX_RECORDS};

use crate::places;

const CANARY: &str = "canary-9fK2";

/// A text in which the canary is wherever a secret can be, and everything is wrong with it.
fn texts() -> Vec<(ImportFormat, String)> {
    let json = |format, text: &str| (format, text.replace('@', CANARY));
    vec![
        json(ImportFormat::Turnkeep, r#"{"turnkeep":"@"}"#),
        json(ImportFormat::Turnkeep, r#"{"turnkeep":1,"apps":"@"}"#),
        json(ImportFormat::Turnkeep, r#"{"turnkeep":1,"apps":["@"]}"#),
        json(ImportFormat::Turnkeep, r#"{"turnkeep":1,"apps":[{"client_id":"a","secrets":"@"}]}"#),
        json(
            ImportFormat::Turnkeep,
            r#"{"turnkeep":1,"apps":[{"client_id":"a","name":"A","client_type":"@","secrets":[{"hash":"@"}]}]}"#,
        ),
        json(
            ImportFormat::Turnkeep,
            r#"{"turnkeep":1,"apps":[{"client_id":"a","name":"A","client_type":"confidential","secrets":[{"hint":"@","hash":"@"}]}]}"#,
        ),
        json(
            ImportFormat::Turnkeep,
            r#"{"turnkeep":1,"apps":[{"client_id":"a","name":"A","client_type":"confidential","secrets":[{"hash":"@","secret @":"@"}]}]}"#,
        ),
        json(ImportFormat::Turnkeep, r#"{"turnkeep":1,"secret @":"@"}"#),
        json(ImportFormat::Keycloak, r#"{"clients":"@"}"#),
        json(ImportFormat::Keycloak, r#"{"clients":[{"clientId":"a","secret":["@"]}]}"#),
        json(ImportFormat::Keycloak, r#"{"clients":[{"clientId":"a","publicClient":"@","secret":"@"}]}"#),
        json(ImportFormat::Keycloak, "{\"clients\":[{\"clientId\":\"a\",\"secret\":\"@\\u0000\"}]}"),
        json(ImportFormat::Hydra, r#"[{"client_id":"a","client_secret":{"@":"@"}}]"#),
        json(ImportFormat::Hydra, r#"[{"client_id":"a","client_secret":"$2b$@"}]"#),
        json(ImportFormat::Hydra, r#"{"client_id":"a","client_secret":"@""#),
        json(ImportFormat::TrustedApplicationCsv, "@\n"),
        json(
            ImportFormat::TrustedApplicationCsv,
            "ApplicationUri,ClientType,ApplicationSecretHash\na,Confidential,@\n",
        ),
        json(ImportFormat::TrustedApplicationCsv, "ApplicationUri,ClientType\na,@\na,Public,@\n"),
    ]
}

#[test]
fn no_error_repeats_a_value() {
    for (format, text) in texts() {
        let said = match format.read(&text) {
            Ok(set) => {
                assert!(!set.problems.is_empty() && set.records.apps.is_empty(), "{text}");
                format!("{:?} {:?}", set.problems, set.notes)
            }
            Err(error) => format!("{error} {error:?}"),
        };
        // A column or member has to be named; a secret in the place of its name is nobody's but the caller's.
        let is_header = format == ImportFormat::TrustedApplicationCsv && text.starts_with(CANARY);
        assert!(is_header || !said.contains(CANARY), "{text}: {said}");
    }
}

#[test]
fn formulas_and_control_characters_in_cells_are_refused() {
    let header = "ApplicationUri,Name,ClientType,ApplicationSecretHash";
    for (row, field) in [
        ("a,\"=HYPERLINK(\"\"https://evil.example\"\",\"\"x\"\")\",Public,", "Name"),
        ("a,+1,Public,", "Name"),
        ("a,-1,Public,", "Name"),
        ("a,@SUM(A1),Public,", "Name"),
        ("a,  =1,Public,", "Name"),
        ("=a,A,Public,", "ApplicationUri"),
        ("a,A\0,Public,", "Name"),
        ("a,\"A\nB\",Public,", "Name"),
        ("a,A\tB,Public,", "Name"),
    ] {
        let set = ImportFormat::TrustedApplicationCsv.read(&format!("{header}\n{row}\n")).unwrap();
        assert!(places(&set).contains(&("row 2", field)), "{row}: {:?}", set.problems);
        assert!(set.records.apps.is_empty(), "{row}");
    }
    // base 64 may begin with a plus sign.
    let hash = format!("+{}=", "A".repeat(42));
    let text = format!("{header}\na,A,Confidential,{hash}\n");
    let set = ImportFormat::TrustedApplicationCsv.read(&text).unwrap();
    assert!(set.problems.is_empty(), "{:?}", set.problems);
}

#[test]
fn long_texts_are_not_looked_at() {
    let text = " ".repeat(MAX_INPUT_BYTES + 1);
    for format in ImportFormat::ALL {
        assert_eq!(format.read(&text).map(|_| ()), Err(ImportError::TooLarge), "{format}");
    }
}

#[test]
fn records_are_counted_before_they_are_read() {
    let many = |count: usize| vec!["1"; count].join(",");
    for (format, text) in [
        (ImportFormat::Turnkeep, format!("{{\"turnkeep\":1,\"apps\":[{}]}}", many(MAX_RECORDS + 1))),
        (
            ImportFormat::Turnkeep,
            format!("{{\"turnkeep\":1,\"apps\":[{}],\"users\":[1]}}", many(MAX_RECORDS)),
        ),
        (ImportFormat::Keycloak, format!("{{\"clients\":[{}]}}", many(MAX_RECORDS + 1))),
        (ImportFormat::Hydra, format!("[{}]", many(MAX_RECORDS + 1))),
        (ImportFormat::Hydra, "1 ".repeat(MAX_RECORDS + 1)),
        (
            ImportFormat::TrustedApplicationCsv,
            format!("ApplicationUri,ClientType\n{}", "a,Public\n".repeat(MAX_RECORDS + 1)),
        ),
    ] {
        assert_eq!(format.read(&text).map(|_| ()), Err(ImportError::TooManyRecords), "{format}");
    }
}

#[test]
fn deep_nesting_is_refused_or_skipped() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let unknown = format!("{{\"clients\":[{{\"clientId\":\"a\",\"publicClient\":true,\"x\":{deep}}}]}}");
    assert_eq!(ImportFormat::Keycloak.read(&unknown).unwrap().records.apps.len(), 1);
    let wrong = format!(
        "{{\"turnkeep\":1,\"apps\":[{{\"client_id\":\"a\",\"client_type\":\"public\",\"name\":{deep}}}]}}"
    );
    assert_eq!(places(&ImportFormat::Turnkeep.read(&wrong).unwrap()), [("app «a»", "name")]);
    assert!(ImportFormat::Turnkeep.read(&deep).is_err());
}

#[test]
fn long_lists_in_a_record_are_one_problem() {
    let uris = vec!["\"x\""; 10_000].join(",");
    let text = format!(
        "[{{\"client_id\":\"a\",\"token_endpoint_auth_method\":\"none\",\"redirect_uris\":[{uris}]}}]"
    );
    assert_eq!(places(&ImportFormat::Hydra.read(&text).unwrap()), [("client «a»", "redirect_uris")]);
}

#[test]
fn a_name_that_would_disturb_a_log_names_no_record() {
    let text = "{\"turnkeep\":1,\"apps\":[{\"client_id\":\"a\\u202e\\u0000\"}]}";
    let set = ImportFormat::Turnkeep.read(text).unwrap();
    assert_eq!(set.problems[0].record, "app 1");
}

#[test]
fn a_list_is_no_record_and_no_part_of_one() {
    for (format, text, expected) in [
        (ImportFormat::Turnkeep, r#"{"turnkeep":1,"tenants":[["X"]]}"#, ("tenant 1", "")),
        (
            ImportFormat::Turnkeep,
            r#"{"turnkeep":1,"regions":[{"code":"eu","name":"EU","databases":[{"db_code":"a","capacity":1},["b",1]]}]}"#,
            ("region «eu»", "databases[1]"),
        ),
        (ImportFormat::Keycloak, r#"{"clients":[["a","b"]]}"#, ("client 1", "")),
        (ImportFormat::Hydra, r#"[["a","b"]]"#, ("client 1", "")),
    ] {
        let set = format.read(text).unwrap();
        assert_eq!(places(&set)[0], expected, "{text}");
        let Document { tenants, regions, apps, .. } = &set.records;
        assert!(tenants.is_empty() && regions.is_empty() && apps.is_empty(), "{text}");
    }
    for (format, text) in
        [(ImportFormat::Turnkeep, "[1,[]]"), (ImportFormat::Keycloak, r#"[[{"clientId":"a"}]]"#)]
    {
        assert!(format.read(text).is_err(), "{text}");
    }
}
