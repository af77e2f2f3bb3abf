//! The tower layer around a service that says who came through.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};

use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_verify::gate::settings::GateSettings;
use turnkeep_verify::gate::verified_token::VerifiedToken;
use turnkeep_verify::requirements::AccessRequirements;
use turnkeep_verify::tower::RequireTokenLayer;

use crate::authority::{Authority, start_gate};
use crate::reference_tokens::{active, pat};

#[derive(Clone)]
struct WhoAmI;

impl Service<Request<()>> for WhoAmI {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<()>) -> Self::Future {
        let token = request.extensions().get::<VerifiedToken>().unwrap();
        ready(Ok(Response::new(token.client_id.to_string())))
    }
}

#[tokio::test]
async fn only_admitted_requests_reach_the_service() {
    let authority = Authority::start().await;
    let gate = authority.gate(GateSettings::default());
    let good = format!("Bearer {}", authority.token());
    let realm = r#"Bearer realm="TrueParser.API""#;
    for (scopes, uri, header, status, body, challenge) in [
        ("read", "/", good.as_str(), 200, "app", None),
        ("sec", "/", good.as_str(), 403, "", Some("insufficient_scope")),
        ("read", "/", "", 401, "", Some(realm)),
        ("read", "/", "Bearer abc", 401, "", Some("invalid_token")),
        ("read", "/?access_token=abc", good.as_str(), 400, "", Some("invalid_request")),
    ] {
        let requirements = AccessRequirements::of_scopes(ScopeSet::parse(scopes).unwrap());
        let mut service = RequireTokenLayer::new(gate.clone(), requirements).layer(WhoAmI);
        let mut request = Request::get(uri);
        if !header.is_empty() {
            request = request.header("Authorization", header);
        }
        let response = service.call(request.body(()).unwrap()).await.unwrap();
        assert_eq!((response.status().as_u16(), response.body().as_str()), (status, body), "{uri} {header}");
        let given = response.headers().get("WWW-Authenticate").map(|value| value.to_str().unwrap());
        assert_eq!(given.is_some(), challenge.is_some(), "{given:?}");
        assert!(given.unwrap_or_default().contains(challenge.unwrap_or_default()), "{given:?}");
    }
}

#[tokio::test]
async fn an_api_key_is_taken_where_the_issuer_is_asked() {
    let authority = Authority::start().await;
    authority.publish(|published| published.introspection = active(&authority).to_string());
    let pinned = authority.pinned().with_introspection("api", "secret").unwrap();
    let asking = start_gate([pinned], GateSettings::default());
    for (gate, status) in [(asking, 200), (authority.gate(GateSettings::default()), 401)] {
        let mut service = RequireTokenLayer::new(gate, AccessRequirements::default()).layer(WhoAmI);
        let request = Request::get("/").header("X-Api-Key", pat()).body(()).unwrap();
        assert_eq!(service.call(request).await.unwrap().status().as_u16(), status);
    }
}
