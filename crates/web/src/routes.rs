//! Every route of the server. What is not here does not exist.

use std::rc::Rc;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, Route, Scope, guard};

use crate::connect::{introspect, revoke, token};
use crate::error::api_error::ApiError;
use crate::error::connect_error::ConnectError;
use crate::health::{live, node_state, ready};
use crate::management::operations;
use crate::management::serve::serve;
use crate::metrics::publish::metrics;
use crate::openapi::publish;
use crate::request_context::with_context;
use crate::state::WebState;
use crate::telemetry::route_label::RouteLabel;
use crate::well_known::{key_set, kill_marks, metadata};

/// What paths of ours are or begin with, for applications that serve more than this.
const ROOTS: [&str; 11] = [
    "/connect",
    "/.well-known/jwks.json",
    "/.well-known/kill-marks",
    "/.well-known/oauth-authorization-server",
    "/.well-known/openid-configuration",
    "/health/live",
    "/health/node-state",
    "/health/ready",
    "/api/v1",
    "/i",
    "/metrics",
];

/// Adds everything to an application that serves nothing else.
pub fn configure(config: &mut ServiceConfig, state: web::Data<WebState>) {
    config.app_data(state).service(every_route());
}

/// The same for an application with routes of its own, which gets the requests to all paths that are not ours.
pub fn configure_beside(config: &mut ServiceConfig, state: web::Data<WebState>) {
    let ours = guard::fn_guard(|context| is_ours(context.head().uri.path()));
    config.app_data(state).service(every_route().guard(ours));
}

fn is_ours(path: &str) -> bool {
    let below =
        |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    ROOTS.into_iter().any(below)
}

/// The default instance comes first, with literal paths, since it is the one that is asked most.
fn every_route() -> Scope<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    web::scope("")
        .wrap(from_fn(with_context))
        .configure(connect)
        .configure(well_known)
        .service(readable("/.well-known/oauth-authorization-server/i/{slug}", RouteLabel::WellKnown, || {
            web::to(metadata::authorization_server)
        }))
        .service(readable("/health/live", RouteLabel::Health, || web::to(live::live)))
        .service(readable("/health/ready", RouteLabel::Health, || web::to(ready::ready)))
        .service(readable("/health/node-state", RouteLabel::Health, || web::to(node_state::node_state)))
        .service(readable("/metrics", RouteLabel::Health, || web::to(metrics)))
        .service(
            web::scope("/api/v1")
                .app_data(RouteLabel::Management)
                .configure(management)
                .default_service(web::to(not_found)),
        )
        .service(
            web::scope("/i/{slug}")
                .configure(connect)
                .configure(well_known)
                .service(
                    web::scope("/api/v1")
                        .app_data(RouteLabel::Management)
                        .configure(management)
                        .default_service(web::to(not_found)),
                )
                .default_service(web::to(not_found)),
        )
        .default_service(web::to(not_found))
}

fn connect(config: &mut ServiceConfig) {
    config
        .service(post_only("/connect/token", RouteLabel::Token).route(web::post().to(token::token)))
        .service(
            post_only("/connect/introspect", RouteLabel::Introspection)
                .route(web::post().to(introspect::introspect)),
        )
        .service(post_only("/connect/revoke", RouteLabel::Revocation).route(web::post().to(revoke::revoke)));
}

fn well_known(config: &mut ServiceConfig) {
    config
        .service(readable("/.well-known/jwks.json", RouteLabel::WellKnown, || web::to(key_set::key_set)))
        .service(readable("/.well-known/kill-marks", RouteLabel::KillMarks, || {
            web::to(kill_marks::kill_marks)
        }))
        .service(readable("/.well-known/oauth-authorization-server", RouteLabel::WellKnown, || {
            web::to(metadata::authorization_server)
        }))
        .service(readable("/.well-known/openid-configuration", RouteLabel::WellKnown, || {
            web::to(metadata::openid_provider)
        }));
}

/// What is mounted here is declared in [`operations`]; the OpenAPI document is made of the same declarations.
fn management(config: &mut ServiceConfig) {
    config
        .service(readable("/openapi.json", RouteLabel::Management, || web::to(publish::document)))
        .service(readable("/docs", RouteLabel::Management, || web::to(publish::docs)));
    for (path, operations) in operations::by_path() {
        let operations = Rc::new(operations);
        config.service(web::resource(path).to(move |request: HttpRequest, payload: web::Payload| {
            let operations = Rc::clone(&operations);
            async move { serve(&operations, request, payload.into_inner()).await }
        }));
    }
}

/// A resource of `/connect/…`: every other method is refused in its own form (RFC 6749 §3.2).
fn post_only(path: &str, label: RouteLabel) -> Resource {
    web::resource(path)
        .app_data(label)
        .default_service(web::to(|| async { Err::<HttpResponse, _>(ConnectError::MethodNotAllowed) }))
}

/// A public document: GET, and HEAD as for every GET (RFC 9110 §9.1).
fn readable(path: &str, label: RouteLabel, handler: fn() -> Route) -> Resource {
    let reads = guard::Any(guard::Method(Method::GET)).or(guard::Method(Method::HEAD));
    only(path, "GET, HEAD").app_data(label).route(handler().guard(reads))
}

/// A resource with these methods.
fn only(path: &str, allowed: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move || async move {
        Err::<HttpResponse, _>(ApiError::MethodNotAllowed(allowed.to_owned()))
    }))
}

async fn not_found() -> Result<HttpResponse, ApiError> {
    Err(ApiError::NotFound)
}
