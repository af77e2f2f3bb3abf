//! What is asked, and how what comes back is used.

use turnkeep_client::build_error::BuildError;
use turnkeep_client::builder::Authentication;
use turnkeep_client::token_client::TokenClient;

use crate::authority::{Answer, Authority, SECRET};

#[tokio::test]
async fn the_request_is_that_of_the_rfc() {
    let authority = Authority::start([]);
    let client = authority.builder().scope("orders.read").scope("orders.write").resource("https://r.example");
    client.build().unwrap().token().await.unwrap();
    let request = &authority.requests()[0];
    assert_eq!(request.line, "POST /connect/token");
    assert_eq!(request.header("content-type"), Some("application/x-www-form-urlencoded"));
    // com.vendor%2Fapp:kanarienvogel-Q7
    assert_eq!(request.header("authorization"), Some("Basic Y29tLnZlbmRvciUyRmFwcDprYW5hcmllbnZvZ2VsLVE3"));
    assert_eq!(
        request.body,
        "grant_type=client_credentials&scope=orders.read+orders.write&resource=https%3A%2F%2Fr.example"
    );
}

#[tokio::test]
async fn the_secret_can_go_into_the_body() {
    let authority = Authority::start([]);
    let client = authority.builder().authentication(Authentication::Post).build().unwrap();
    client.token().await.unwrap();
    let request = &authority.requests()[0];
    assert_eq!(request.header("authorization"), None);
    let expected = "grant_type=client_credentials&client_id=com.vendor%2Fapp&client_secret=kanarienvogel-Q7";
    assert_eq!(request.body, expected);
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_told_with_its_scope() {
    let body = r#"{"access_token":"t","token_type":"Bearer","expires_in":900,"scope":"orders.read"}"#;
    let authority = Authority::start([Answer::new(200, body)]);
    let client = authority.client();
    for _ in 0..3 {
        let token = client.clone().token().await.unwrap();
        assert_eq!((token.expose(), token.scope()), ("t", Some("orders.read")));
    }
    assert_eq!(authority.count(), 1);
}

#[tokio::test]
async fn calls_of_a_resource_carry_the_token() {
    let (authority, resource) = (Authority::start([]), Authority::start([]));
    let http = reqwest::Client::new();
    let request = authority.client().authorize(http.get(resource.url())).await.unwrap();
    request.send().await.unwrap();
    assert_eq!(resource.requests()[0].header("authorization"), Some("Bearer token-1"));
}

#[tokio::test]
async fn a_token_that_a_resource_server_refused_is_replaced() {
    let authority = Authority::start([]);
    let client = authority.client();
    let first = client.token().await.unwrap();
    assert!(client.invalidate(&first));
    assert_eq!(client.token().await.unwrap().expose(), "token-2");
    // Somebody else was told about the same token, a little later.
    assert!(client.invalidate(&first));
    assert_eq!((client.token().await.unwrap().expose(), authority.count()), ("token-2", 2));
}

#[test]
fn settings_that_cannot_work_are_refused_at_once() {
    type Case = (Result<TokenClient, BuildError>, fn(&BuildError) -> bool);
    let https = |id: &str, secret: &str| TokenClient::builder("https://id.example.com", id, secret);
    let cases: [Case; 8] = [
        (TokenClient::builder("http://id.example.com", "a", "b").build(), |e| {
            matches!(e, BuildError::InsecureIssuer)
        }),
        (TokenClient::builder("id.example.com", "a", "b").build(), |e| matches!(e, BuildError::Issuer)),
        (https("", "b").build(), |e| matches!(e, BuildError::ClientId)),
        (https("a", "").build(), |e| matches!(e, BuildError::ClientSecret)),
        (https("a", "b").scope("").build(), |e| matches!(e, BuildError::Scope)),
        (https("a", "b").scope("read write").build(), |e| matches!(e, BuildError::Scope)),
        (https("a", "b").resource("orders").build(), |e| matches!(e, BuildError::Resource)),
        (https("a", "b").resource("https://r.example#x").build(), |e| matches!(e, BuildError::Resource)),
    ];
    for (number, (built, is_expected)) in cases.iter().enumerate() {
        assert!(built.as_ref().is_err_and(is_expected), "{number}: {built:?}");
    }
    assert!(TokenClient::builder("http://id.example.com", "a", SECRET).allow_plain_http().build().is_ok());
    assert!(https("a", SECRET).build().is_ok());
}
