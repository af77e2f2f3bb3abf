//! Domains in disguise are refused or take their one form (attack 70).

use serde_json::{Value, json};

use crate::world::World;
use crate::world::databases::on_both_databases;

on_both_databases!(
    attack_70_a_domain_in_disguise_is_refused_or_takes_its_one_form,
    attack_70_the_same_domain_in_two_spellings_is_listed_twice,
);

/// Spellings of domains, with their one form where they have one.
pub(crate) const DISGUISES: [(&str, Option<&str>); 54] = [
    ("EXAMPLE.com", Some("example.com")),
    ("https://example.com/", Some("example.com")),
    ("HTTP://Example.COM:8080//", Some("example.com:8080")),
    ("  example.com  ", Some("example.com")),
    ("b\u{fc}cher.example", Some("xn--bcher-kva.example")),
    ("B\u{dc}CHER.example", Some("xn--bcher-kva.example")),
    ("xn--bcher-kva.example", Some("xn--bcher-kva.example")),
    ("XN--BCHER-KVA.example", Some("xn--bcher-kva.example")),
    ("example\u{3002}com", Some("example.com")),
    ("example\u{ff0e}com", Some("example.com")),
    ("\u{ff45}xample.com", Some("example.com")),
    ("\u{217c}ocalhost", Some("localhost")),
    ("LOCALHOST:3000", Some("localhost:3000")),
    ("[::1]:3000", Some("[::1]:3000")),
    ("[0:0::1]", Some("[::1]")),
    ("*.example.com", None),
    ("*", None),
    ("exa*mple.com", None),
    ("xn--a.example", None),
    ("xn--.example", None),
    ("ex\u{ad}ample.com", Some("example.com")),
    ("example.com#", None),
    ("example.com?", None),
    ("example.com/..", None),
    ("example.com/path", None),
    ("example.com\\", None),
    ("https://https://example.com", None),
    ("user@example.com", None),
    ("user:password@example.com", None),
    ("example.com:99999", None),
    ("example.com:0", None),
    ("example.com:", None),
    ("example.com:80:80", None),
    ("example.com:8e3", None),
    ("example.com.", None),
    (".example.com", None),
    ("example..com", None),
    ("-example.com", None),
    ("example", None),
    ("2130706433", None),
    ("0x7f.0.0.1", None),
    ("127.1", None),
    ("[::ffff:127.0.0.1]", None),
    ("::1", None),
    ("[::1", None),
    ("exam ple.com", None),
    ("example.com\u{0}", None),
    ("example.com\r\nX: y", None),
    ("javascript:alert(1)", None),
    ("ftp://example.com", None),
    ("//example.com", None),
    ("exa%6dple.com", None),
    ("ex_ample.com", None),
    ("\u{202e}moc.elpmaxe", None),
];

async fn attack_70_a_domain_in_disguise_is_refused_or_takes_its_one_form(world: World) {
    let tenant = world.tenant("", "Acme").await;
    let app = world.app_with(&tenant, "App", json!({})).await;
    let path = format!("/api/v1/apps/{}", app.id);
    for (text, expected) in DISGUISES {
        let answer = world.operate("PATCH", &path, Some(json!({"allowed_domains": [text]}))).await;
        match expected {
            Some(expected) => {
                assert_eq!(answer.status, 200, "{text:?}: {}", answer.text());
                assert_eq!(answer.json()["allowed_domain_1"], expected, "{text:?}");
                assert_eq!(world.operated("GET", &path, None).await["allowed_domain_1"], expected);
            }
            None => {
                assert_eq!(answer.problem(), (422, "invalid_fields".to_owned()), "{text:?}");
                assert_eq!(answer.blamed_fields(), ["allowed_domains.0"], "{text:?}");
            }
        }
    }
    // An invisible character that browsers drop too either goes or is refused; it is never kept.
    for text in ["ex\u{200b}ample.com", "ex\u{200d}ample.com", "ex\u{2060}ample.com", "ex\u{feff}ample.com"] {
        let answer = world.operate("PATCH", &path, Some(json!({"allowed_domains": [text]}))).await;
        let kept = answer.json()["allowed_domain_1"].clone();
        assert!(answer.status == 422 || kept == "example.com", "{text:?}: {}", answer.text());
    }
    // A look-alike is another domain, and looks like one.
    let twin = json!({"allowed_domains": ["ex\u{430}mple.com"]});
    let shown = world.operated("PATCH", &path, Some(twin)).await["allowed_domain_1"].clone();
    assert!(shown.as_str().unwrap().starts_with("xn--"), "{shown}");
}

async fn attack_70_the_same_domain_in_two_spellings_is_listed_twice(world: World) {
    let tenant = world.tenant("", "Acme").await;
    for other in ["EXAMPLE.COM", "https://example.com/", "example\u{ff0e}com", " example.com"] {
        let domains = json!({"tenant_id": tenant, "name": "App", "region": "eu-west",
            "allowed_domains": ["example.com", Value::Null, other]});
        let refused = world.operate("POST", "/api/v1/apps", Some(domains)).await;
        assert_eq!(refused.problem(), (422, "invalid_fields".to_owned()), "{other}");
        assert_eq!(refused.blamed_fields(), ["allowed_domains"], "{other}");
    }
    let ports = json!({"allowed_domains": ["localhost:3000", "localhost:3001", "localhost"]});
    world.app_with(&tenant, "Ports", ports).await;
}
