//! Every route of the server. What is not here does not exist.

use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, Resource, Route, guard};

use crate::connect::{introspect, revoke, token};
use crate::error::api_error::ApiError;
use crate::error::connect_error::ConnectError;
use crate::health::{live, ready};
use crate::management::{apps, instances, plans, regions, resources, tenants, users};
use crate::request_context::with_context;
use crate::state::WebState;
use crate::well_known::{key_set, metadata};

/// Adds everything to an application. The default instance comes first, with literal paths, since it is the one
/// that is asked most.
pub fn configure(config: &mut ServiceConfig, state: web::Data<WebState>) {
    let all = web::scope("")
        .wrap(from_fn(with_context))
        .configure(connect)
        .configure(well_known)
        .service(readable("/.well-known/oauth-authorization-server/i/{slug}", || {
            web::to(metadata::authorization_server)
        }))
        .service(readable("/health/live", || web::to(live::live)))
        .service(readable("/health/ready", || web::to(ready::ready)))
        .service(web::scope("/api/v1").configure(management).default_service(web::to(not_found)))
        .service(
            web::scope("/i/{slug}")
                .configure(connect)
                .configure(well_known)
                .service(web::scope("/api/v1").configure(management).default_service(web::to(not_found)))
                .default_service(web::to(not_found)),
        )
        .default_service(web::to(not_found));
    config.app_data(state).service(all);
}

fn connect(config: &mut ServiceConfig) {
    config
        .service(post_only("/connect/token").route(web::post().to(token::token)))
        .service(post_only("/connect/introspect").route(web::post().to(introspect::introspect)))
        .service(post_only("/connect/revoke").route(web::post().to(revoke::revoke)));
}

fn well_known(config: &mut ServiceConfig) {
    config
        .service(readable("/.well-known/jwks.json", || web::to(key_set::key_set)))
        .service(readable("/.well-known/oauth-authorization-server", || {
            web::to(metadata::authorization_server)
        }))
        .service(readable("/.well-known/openid-configuration", || web::to(metadata::openid_provider)));
}

fn management(config: &mut ServiceConfig) {
    config
        .configure(instance_routes)
        .configure(tenant_routes)
        .configure(region_routes)
        .configure(plan_routes)
        .configure(resource_routes)
        .configure(user_routes)
        .configure(app_routes)
        .configure(app_part_routes);
}

fn instance_routes(config: &mut ServiceConfig) {
    config
        .service(
            only("/instances", "GET, POST")
                .route(web::get().to(instances::read::list))
                .route(web::post().to(instances::create::create)),
        )
        .service(
            only("/instances/{id}", "GET, PATCH")
                .route(web::get().to(instances::read::find))
                .route(web::patch().to(instances::update::update)),
        )
        .service(only("/instances/{id}/enable", "POST").route(web::post().to(instances::switch::enable)))
        .service(only("/instances/{id}/disable", "POST").route(web::post().to(instances::switch::disable)));
}

fn tenant_routes(config: &mut ServiceConfig) {
    config
        .service(
            only("/tenants", "GET, POST")
                .route(web::get().to(tenants::read::list))
                .route(web::post().to(tenants::create::create)),
        )
        .service(
            only("/tenants/{id}", "GET, PATCH")
                .route(web::get().to(tenants::read::find))
                .route(web::patch().to(tenants::update::update)),
        )
        .service(only("/tenants/{id}/activate", "POST").route(web::post().to(tenants::step::activate)))
        .service(only("/tenants/{id}/suspend", "POST").route(web::post().to(tenants::step::suspend)))
        .service(only("/tenants/{id}/close", "POST").route(web::post().to(tenants::step::close)));
}

fn region_routes(config: &mut ServiceConfig) {
    use regions::databases;
    config
        .service(
            only("/regions", "GET, POST")
                .route(web::get().to(regions::read::list))
                .route(web::post().to(regions::create::create)),
        )
        .service(
            only("/regions/{id}", "GET, PATCH")
                .route(web::get().to(regions::read::find))
                .route(web::patch().to(regions::update::update)),
        )
        .service(only("/regions/{id}/activate", "POST").route(web::post().to(regions::update::activate)))
        .service(only("/regions/{id}/deactivate", "POST").route(web::post().to(regions::update::deactivate)))
        .service(
            only("/regions/{id}/databases", "GET, POST")
                .route(web::get().to(databases::list))
                .route(web::post().to(databases::create)),
        )
        .service(
            only("/regions/{id}/databases/{database_id}", "PATCH").route(web::patch().to(databases::update)),
        )
        .service(
            only("/regions/{id}/databases/{database_id}/activate", "POST")
                .route(web::post().to(databases::activate)),
        )
        .service(
            only("/regions/{id}/databases/{database_id}/deactivate", "POST")
                .route(web::post().to(databases::deactivate)),
        );
}

fn plan_routes(config: &mut ServiceConfig) {
    config
        .service(
            only("/plans", "GET, POST")
                .route(web::get().to(plans::read::list))
                .route(web::post().to(plans::create::create)),
        )
        .service(
            only("/plans/{id}", "GET, PATCH")
                .route(web::get().to(plans::read::find))
                .route(web::patch().to(plans::update::update)),
        )
        .service(only("/plans/{id}/activate", "POST").route(web::post().to(plans::step::activate)))
        .service(only("/plans/{id}/archive", "POST").route(web::post().to(plans::step::archive)))
        .service(only("/plans/{id}/retire", "POST").route(web::post().to(plans::step::retire)));
}

fn resource_routes(config: &mut ServiceConfig) {
    use resources::{scopes, servers};
    config
        .service(
            only("/resources", "GET, POST")
                .route(web::get().to(resources::read::list))
                .route(web::post().to(resources::create::create)),
        )
        .service(
            only("/resources/{id}", "GET, PATCH")
                .route(web::get().to(resources::read::find))
                .route(web::patch().to(resources::update::update)),
        )
        .service(
            only("/resources/{id}/scopes", "GET, POST")
                .route(web::get().to(scopes::list))
                .route(web::post().to(scopes::create)),
        )
        .service(only("/resources/{id}/scopes/{name}", "DELETE").route(web::delete().to(scopes::delete)))
        .service(only("/resources/{id}/servers", "GET").route(web::get().to(servers::list)))
        .service(
            only("/resources/{id}/servers/{app_id}", "PUT, DELETE")
                .route(web::put().to(servers::add))
                .route(web::delete().to(servers::remove)),
        );
}

fn user_routes(config: &mut ServiceConfig) {
    config
        .service(
            only("/users", "GET, POST")
                .route(web::get().to(users::read::list))
                .route(web::post().to(users::create::create)),
        )
        .service(only("/users/{id}", "GET").route(web::get().to(users::read::find)))
        .service(only("/users/{id}/enable", "POST").route(web::post().to(users::switch::enable)))
        .service(only("/users/{id}/disable", "POST").route(web::post().to(users::switch::disable)));
}

fn app_routes(config: &mut ServiceConfig) {
    config
        .service(
            only("/apps", "GET, POST")
                .route(web::get().to(apps::read::list))
                .route(web::post().to(apps::create::create)),
        )
        .service(
            only("/apps/{id}", "GET, PATCH, DELETE")
                .route(web::get().to(apps::read::find))
                .route(web::patch().to(apps::update::update))
                .route(web::delete().to(apps::delete::delete)),
        )
        .service(only("/apps/{id}/enable", "POST").route(web::post().to(apps::switch::enable)))
        .service(only("/apps/{id}/disable", "POST").route(web::post().to(apps::switch::disable)))
        .service(only("/apps/{id}/explain", "GET").route(web::get().to(apps::explain::explain)));
}

fn app_part_routes(config: &mut ServiceConfig) {
    use apps::{plan, secrets};
    config
        .service(
            only("/apps/{id}/secrets", "GET, POST")
                .route(web::get().to(secrets::list))
                .route(web::post().to(secrets::add)),
        )
        .service(only("/apps/{id}/secrets/regenerate", "POST").route(web::post().to(secrets::regenerate)))
        .service(only("/apps/{id}/secrets/{secret_id}", "DELETE").route(web::delete().to(secrets::revoke)))
        .service(
            only("/apps/{id}/plan", "PUT, DELETE")
                .route(web::put().to(plan::assign))
                .route(web::delete().to(plan::remove)),
        )
        .service(only("/apps/{id}/plan/hold", "POST").route(web::post().to(plan::hold)))
        .service(only("/apps/{id}/plan/release", "POST").route(web::post().to(plan::release)));
}

/// A resource of `/connect/…`: every other method is refused in its own form (RFC 6749 §3.2).
fn post_only(path: &str) -> Resource {
    web::resource(path)
        .default_service(web::to(|| async { Err::<HttpResponse, _>(ConnectError::MethodNotAllowed) }))
}

/// A public document: GET, and HEAD as for every GET (RFC 9110 §9.1).
fn readable(path: &str, handler: fn() -> Route) -> Resource {
    let reads = guard::Any(guard::Method(Method::GET)).or(guard::Method(Method::HEAD));
    only(path, "GET, HEAD").route(handler().guard(reads))
}

/// A resource with these methods.
fn only(path: &str, allowed: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move || async move {
        Err::<HttpResponse, _>(ApiError::MethodNotAllowed(allowed))
    }))
}

async fn not_found() -> Result<HttpResponse, ApiError> {
    Err(ApiError::NotFound)
}
