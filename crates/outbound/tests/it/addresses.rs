//! Where a request may go: requirements C 59 (addresses) and C 60 (rebinding).

use std::net::SocketAddr;

use turnkeep_outbound::client::FetchError;
use turnkeep_outbound::target::TargetError;
use url::Url;

use crate::local_server::{Behaviour, LocalServer, answer};
use crate::resolvers::{Scripted, patient_client};

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[test]
fn a_loopback_address_that_is_not_listed_sees_no_connection() {
    let server = LocalServer::answering("200 OK", "", "secret");
    let port = server.port();
    let client = patient_client(&[], Scripted::new(&[]));
    for text in [
        format!("http://127.0.0.1:{port}/"),
        format!("https://127.0.0.1:{port}/"),
        format!("https://2130706433:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://localhost:{port}/"),
    ] {
        assert!(matches!(client.get(&url(&text)), Err(FetchError::Target(_))), "{text}");
    }
    assert_eq!(server.into_connections(), 0);
}

#[test]
fn a_url_is_judged_at_the_request_too() {
    let client = patient_client(&[], Scripted::new(&[]));
    let cases = [
        ("file:///etc/passwd", TargetError::Scheme),
        ("http://s3.example.com/", TargetError::HttpsRequired),
        ("https://user@s3.example.com/", TargetError::UserInfo),
        ("https://169.254.169.254/latest/meta-data/", TargetError::NotPublic),
        ("https://metadata.google.internal/", TargetError::NotPublic),
    ];
    for (text, expected) in cases {
        assert_eq!(client.get(&url(text)), Err(FetchError::Target(expected)), "{text}");
    }
}

#[test]
fn a_name_with_any_address_that_is_not_allowed_sees_no_connection() {
    let server = LocalServer::answering("200 OK", "", "secret");
    let resolutions: [&[&str]; 6] = [
        &["127.0.0.1"],
        &["8.8.8.8", "127.0.0.1"],
        &["127.0.0.1", "8.8.8.8"],
        &["::ffff:127.0.0.1"],
        &["169.254.169.254"],
        &["2606:4700::1", "fe80::1"],
    ];
    for resolution in resolutions {
        let client = patient_client(&[], Scripted::new(&[resolution]));
        let outcome = client.get(&url(&format!("https://s3.example.com:{}/", server.port())));
        assert_eq!(outcome, Err(FetchError::RefusedAddress), "{resolution:?}");
    }
    assert_eq!(server.into_connections(), 0);
}

#[test]
fn a_name_that_changes_its_mind_is_asked_once_and_stays_where_it_was_judged() {
    let judged = LocalServer::answering("200 OK", "", "the judged one");
    let other_address = SocketAddr::from(([127, 0, 0, 2], judged.port()));
    let other =
        LocalServer::start_at(other_address, Behaviour::Answer(answer("200 OK", "", "the other one")));
    let resolver = Scripted::new(&[&["127.0.0.1"], &["127.0.0.2"], &["127.0.0.2"]]);
    let client = patient_client(&["rebinding.example"], resolver.clone());

    let answer = client.get(&url(&format!("http://rebinding.example:{}/", judged.port()))).unwrap();

    assert_eq!(answer.body, b"the judged one");
    assert_eq!(resolver.asked(), ["rebinding.example"]);
    assert_eq!(other.into_connections(), 0);
}

#[test]
fn a_name_that_leads_home_the_second_time_is_refused_the_second_time() {
    let allowed = LocalServer::start(Behaviour::HangUp);
    let home_address = SocketAddr::from(([127, 0, 0, 2], allowed.port()));
    let home = LocalServer::start_at(home_address, Behaviour::Answer(answer("200 OK", "", "secret")));
    let resolver = Scripted::new(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let client = patient_client(&["127.0.0.1/32"], resolver.clone());
    let url = url(&format!("https://rebinding.example:{}/", allowed.port()));

    // It is reached, though it hangs up.
    assert_eq!(client.get(&url), Err(FetchError::Connection));
    assert_eq!(client.get(&url), Err(FetchError::RefusedAddress));

    assert_eq!(resolver.asked(), ["rebinding.example."; 2]);
    assert_eq!(allowed.into_connections(), 1);
    assert_eq!(home.into_connections(), 0);
}

#[test]
fn only_a_listed_name_is_left_to_the_search_list() {
    let resolver = Scripted::new(&[]);
    let client = patient_client(&["minio:9000"], resolver.clone());
    assert_eq!(client.get(&url("http://minio:9000/")), Err(FetchError::UnknownHost));
    assert_eq!(client.get(&url("https://minio.storage/")), Err(FetchError::UnknownHost));
    assert_eq!(resolver.asked(), ["minio", "minio.storage."]);
}

#[test]
fn a_redirect_is_an_answer_and_not_followed() {
    let private = LocalServer::answering("200 OK", "", "secret");
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        for place in [private.url(), "file:///etc/passwd".to_owned(), "gopher://127.0.0.1/".to_owned()] {
            let server = LocalServer::answering(status, &format!("Location: {place}\r\n"), "elsewhere");
            let client = patient_client(&[&server.entry(), &private.entry()], Scripted::new(&[]));
            let answer = client.get(&url(&server.url())).unwrap();
            assert_eq!(answer.status.to_string(), status[..3]);
            assert_eq!(answer.body, b"elsewhere");
            assert_eq!(server.into_connections(), 1);
        }
    }
    assert_eq!(private.into_connections(), 0);
}
