//! Redirect URIs that look like the registered one to somebody (attacks 13 to 17): each ends on a page of ours.

use std::collections::BTreeSet;

use serde_json::json;

use super::estate::{app, app_with, ask, error_page, signed_in, user};
use crate::account::browser::Browser;
use crate::world::World;
use crate::world::answer::Answer;
use crate::world::requests::form;

const HOST: &str = "app.example.com";
const REGISTERED: &str = "https://app.example.com/cb";

/// All of them.
pub(crate) fn tricks() -> BTreeSet<String> {
    let told = host_tricks().into_iter().chain(path_tricks()).chain(scheme_tricks());
    told.chain(authority_tricks()).chain(slash_tricks()).chain(address_tricks()).collect()
}

/// Whatever somebody takes for the end of a host, between the two hosts in either order.
fn authority_tricks() -> Vec<String> {
    let evil = "evil.example";
    let ends = [
        "@", "%40", "%2540", ":@", "\\@", "/@", ".", "%2e", "%252e", "..", ":", "%3a", "%00", "%01", "%0a",
        "%0d", "%09", "%20", "%23", "%3f", "%2f", "%252f", "%5c", "%255c", "\\", "\\\\", "&", "=", ",", ";",
        "!", "$", "~", "`", "|", "(", "[", "]", "{", "<", "^", "\u{2024}", "\u{2044}", "\u{2215}",
        "\u{29f8}", "\u{3002}", "\u{ff0e}", "\u{ff0f}", "\u{ff1f}", "\u{ff20}", "\u{fe56}", "\u{200d}",
        "\u{ad}", "\u{2060}",
    ];
    let between =
        |end: &str| [format!("https://{HOST}{end}{evil}/cb"), format!("https://{evil}{end}{HOST}/cb")];
    ends.iter().flat_map(|end| between(end)).collect()
}

/// What browsers take for the beginning of another host (WHATWG URL, the states before the authority).
fn slash_tricks() -> Vec<String> {
    let beginnings = [
        "//",
        "///",
        "////",
        "/////",
        "\\\\",
        "\\/",
        "/\\",
        "/\\/",
        "\\\\/",
        "/\t/",
        "/\n/",
        "/\r/",
        "\t//",
        "/%09/",
        "/%5c",
        "/%2f",
        "%2f%2f",
        "//%00",
        "/.//",
        "/..//",
        "./",
        "../",
        "https:/\\",
        "https:\\/",
        "https:////",
        "https:///",
        "https:/",
        "https:",
        "http://",
        "//\u{ff0f}",
        "/%0d%0a/",
    ];
    let with = |beginning: &str| {
        [format!("{beginning}evil.example/cb"), format!("{beginning}{HOST}@evil.example/cb")]
    };
    beginnings.iter().flat_map(|beginning| with(beginning)).collect()
}

/// Addresses of this computer and of its neighbours, in the ways in which they can be written.
fn address_tricks() -> Vec<String> {
    let hosts = [
        "127.0.0.1",
        "127.1",
        "0",
        "0.0.0.0",
        "0x7f.1",
        "0x7f000001",
        "0177.0.0.1",
        "017700000001",
        "127.0.0.1.",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "app.localhost",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::127.0.0.1]",
        "[::ffff:7f00:1]",
        "[fe80::1%25lo]",
        "169.254.169.254",
        "0xa9fea9fe",
        "2852039166",
        "[::ffff:169.254.169.254]",
        "10.0.0.1",
        "192.168.0.1",
        "[fd00::1]",
        "127.0.0.1.nip.example",
        "\u{2460}27.0.0.1",
        "1\u{ff12}7.0.0.1",
    ];
    hosts.iter().flat_map(|host| [format!("https://{host}/cb"), format!("http://{host}/cb")]).collect()
}

/// Tricks with the host: another one, or one that is read differently by somebody.
fn host_tricks() -> Vec<String> {
    let evil = "evil.example";
    [
        format!("https://{HOST}.{evil}/cb"),
        format!("https://{HOST}@{evil}/cb"),
        format!("https://{HOST}:443@{evil}/cb"),
        format!("https://{HOST}%40{evil}/cb"),
        format!("https://{HOST}%2e{evil}/cb"),
        format!("https://{HOST}%00.{evil}/cb"),
        format!("https://{HOST}%23.{evil}/cb"),
        format!("https://{HOST}\\.{evil}/cb"),
        format!("https://{HOST}\\@{evil}/cb"),
        format!("https://{HOST}#@{evil}/cb"),
        format!("https://{HOST}?@{evil}/cb"),
        format!("https://{HOST};@{evil}/cb"),
        format!("https://{HOST}&{evil}/cb"),
        format!("https://{HOST} .{evil}/cb"),
        format!("https://{HOST}\u{ff0e}{evil}/cb"),
        format!("https://{evil}/{HOST}/cb"),
        format!("https://{evil}?{REGISTERED}"),
        format!("https://{evil}#{REGISTERED}"),
        format!("https://{evil}\\{HOST}/cb"),
        format!("https://{evil}%2f{HOST}/cb"),
        format!("https://x.{HOST}/cb"),
        format!("https://{HOST}./cb"),
        format!("https://.{HOST}/cb"),
        "https://appaexample.com/cb".to_owned(),
        "https://app.exampleacom/cb".to_owned(),
        "https://example.com/cb".to_owned(),
        "https://APP.example.com/cb".to_owned(),
        "https://app.ex\u{e4}mple.com/cb".to_owned(),
        "https://app.ex\u{430}mple.com/cb".to_owned(),
        "https://app.exam\u{200b}ple.com/cb".to_owned(),
        "https://\u{24b6}pp.example.com/cb".to_owned(),
        "https://app\u{3002}example\u{3002}com/cb".to_owned(),
        format!("https://user@{HOST}/cb"),
        format!("https://user:pass@{HOST}/cb"),
        format!("https://@{HOST}/cb"),
        format!("https://{HOST}:443/cb"),
        format!("https://{HOST}:8443/cb"),
        format!("https://{HOST}:/cb"),
        format!("https://{HOST}:99999/cb"),
        "https://[::ffff:127.0.0.1]/cb".to_owned(),
        "https://2130706433/cb".to_owned(),
        "https:///cb".to_owned(),
        "https://".to_owned(),
    ]
    .into()
}

/// Tricks with the path, the query and the fragment.
fn path_tricks() -> Vec<String> {
    let behind = [
        "/",
        "//",
        "/.",
        "/..",
        "/../evil",
        "/..%2fevil",
        "/%2e%2e/evil",
        "/%252e%252e/evil",
        "/..;/evil",
        "/..\\evil",
        "/.%2e/evil",
        "%2f",
        "%252f",
        "%5c",
        "%00",
        "%0a",
        "%0d%0aLocation:%20https://evil.example",
        "%20",
        "%09",
        "%",
        "\\",
        "\t",
        "\n",
        "\r\n",
        " ",
        "\0",
        ";",
        ";x=1",
        ".",
        "?",
        "?x=1",
        "?next=https://evil.example",
        "&x=1",
        "#",
        "#x",
        "#@evil.example",
        "x",
        "\u{202e}",
        "\u{e9}",
        "*",
        "'",
        "\"",
        "<script>",
    ];
    let mut tricks: Vec<String> = behind.iter().map(|end| format!("{REGISTERED}{end}")).collect();
    tricks.extend(
        [
            "https://app.example.com/CB",
            "https://app.example.com/%63b",
            "https://app.example.com/c%62",
            "https://app.example.com//cb",
            "https://app.example.com/./cb",
            "https://app.example.com/x/../cb",
            "https://app.example.com/c",
            "https://app.example.com/",
            "https://app.example.com",
            "https://app.example.com\\cb",
            "https:/app.example.com/cb",
            "https:app.example.com/cb",
            "https:\\\\app.example.com\\cb",
            "//app.example.com/cb",
            "///app.example.com/cb",
            "/cb",
            "cb",
            "?",
            "app.example.com/cb",
            " https://app.example.com/cb",
            "\thttps://app.example.com/cb",
            "\u{feff}https://app.example.com/cb",
            "https%3A%2F%2Fapp.example.com%2Fcb",
            "https%253A%252F%252Fapp.example.com%252Fcb",
            "https://app.example.com/cb,https://evil.example",
            "https://app.example.com/cb https://evil.example",
            "https://app.example.com/cb|https://evil.example",
        ]
        .map(str::to_owned),
    );
    tricks
}

/// Schemes that do something else.
fn scheme_tricks() -> Vec<String> {
    [
        "http://app.example.com/cb",
        "HTTPS://app.example.com/cb",
        "hTTps://app.example.com/cb",
        "ftp://app.example.com/cb",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "javascript://app.example.com/%0aalert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:msgbox(1)",
        "blob:https://app.example.com/cb",
        "view-source:https://app.example.com/cb",
        "com.example.app:/cb",
        "com.example.app://app.example.com/cb",
        "urn:ietf:wg:oauth:2.0:oob",
        "about:blank",
        "ws://app.example.com/cb",
        "null",
        "intent://app.example.com/cb#Intent;scheme=https;end",
    ]
    .map(str::to_owned)
    .into()
}

#[track_caller]
fn assert_page_of_ours(answer: &Answer, trick: &str) {
    assert_eq!(error_page(answer), (400, "redirect_uri_mismatch".to_owned()), "{trick:?}");
    assert_eq!(answer.header("refresh"), None);
    assert!(!answer.text().contains("evil"), "{trick:?}");
    assert!(!answer.text().contains("alert("), "{trick:?}");
}

#[actix_web::test]
async fn attacks_13_14_and_17_no_trick_leads_off_the_site() {
    let world = World::new().await;
    let app = app(&world).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    let visitor = Browser::new(&world);
    let tricks = tricks();
    // The list of requirement C17 has 298.
    assert!(298 <= tricks.len(), "{}", tricks.len());
    for trick in &tricks {
        for mode in ["", "form_post"] {
            let changes = [("redirect_uri", trick.as_str()), ("response_mode", mode), ("prompt", "none")];
            assert_page_of_ours(&ask(&browser, &app.client_id, &changes).await, trick);
        }
        assert_page_of_ours(&ask(&visitor, &app.client_id, &[("redirect_uri", trick)]).await, trick);
    }
    for trick in tricks.iter().take(20) {
        let body = super::estate::query(&app.client_id, &[("redirect_uri", trick)]);
        assert_page_of_ours(&browser.send(form("/connect/authorize", &body)).await, trick);
    }
}

#[actix_web::test]
async fn attack_15_only_the_port_of_a_loopback_address_may_differ() {
    let world = World::new().await;
    let uris = json!(["http://127.0.0.1/cb", "http://[::1]:5000/cb", "http://localhost:3000/cb"]);
    let app = app_with(&world, "Native", json!({"client_type": "public", "login_redirect_uris": uris})).await;
    let browser = signed_in(&world, &user(&world, "ada", "internal").await);
    for accepted in [
        "http://127.0.0.1/cb",
        "http://127.0.0.1:1/cb",
        "http://127.0.0.1:65535/cb",
        "http://[::1]/cb",
        "http://[::1]:4711/cb",
        "http://localhost:3000/cb",
    ] {
        let answer = ask(&browser, &app.client_id, &[("redirect_uri", accepted)]).await;
        assert_eq!(answer.status, 200, "{accepted}: {}", answer.text());
    }
    for trick in [
        "http://127.0.0.1:9@evil.example/cb",
        "http://127.0.0.1:9@evil.example/",
        "http://localhost@evil.example/cb",
        "http://localhost:3000@evil.example/cb",
        "http://localhost:3001/cb",
        "http://localhost/cb",
        "http://127.0.0.1:4711/other",
        "http://127.0.0.1:4711/cb/",
        "http://127.0.0.1:4711/cb?x=1",
        "http://127.0.0.1:4711/cb#x",
        "http://127.0.0.1:4711/../cb",
        "http://127.0.0.1:0x50/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:-1/cb",
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:80/cb/../cb",
        "http://127.0.0.2/cb",
        "http://127.1/cb",
        "http://2130706433/cb",
        "http://0x7f.0.0.1/cb",
        "http://0177.0.0.1/cb",
        "http://0/cb",
        "http://[::ffff:127.0.0.1]/cb",
        "http://[0:0:0:0:0:0:0:1]:5000/cb",
        "https://127.0.0.1/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://evil.example/cb",
    ] {
        assert_page_of_ours(&ask(&browser, &app.client_id, &[("redirect_uri", trick)]).await, trick);
    }
}

#[actix_web::test]
async fn attack_16_what_runs_or_is_anybodys_cannot_be_registered() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Tenant").await;
    for uri in
        scheme_tricks().iter().chain(&["https://*.example.com/cb".to_owned(), format!("{REGISTERED}#x")])
    {
        let body = json!({
            "tenant_id": tenant_id, "name": "App", "region": "eu-west", "login_redirect_uris": [uri],
        });
        let answer = world.operate("POST", "/api/v1/apps", Some(body)).await;
        assert!(matches!(answer.status, 400 | 422), "{uri}: {}", answer.text());
    }
}
