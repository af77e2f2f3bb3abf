//! Every route of the server. What is not here does not exist.

use std::rc::Rc;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, Route, Scope, guard};

use crate::account::assets::asset;
use crate::account::error_page::PageError;
use crate::account::forgotten::{show_forgotten, show_forgotten_sent, submit_forgotten};
use crate::account::invitation::show::show_invitation;
use crate::account::invitation::submit::submit_invitation;
use crate::account::link::show::show_link;
use crate::account::link::submit::submit_link;
use crate::account::overview::consents::submit_consent_revocation;
use crate::account::overview::passkeys::{begin_passkey, submit_passkey, submit_passkey_removal};
use crate::account::overview::password::submit_password_change;
use crate::account::overview::recovery_codes::submit_recovery_codes;
use crate::account::overview::sessions::{submit_other_sessions_end, submit_session_end};
use crate::account::overview::show::show_account;
use crate::account::overview::tokens::{submit_token, submit_token_revocation};
use crate::account::overview::totp::{begin_totp, submit_totp, submit_totp_removal};
use crate::account::present_session::present_session;
use crate::account::sign_in::second_factor::submit_second_factor;
use crate::account::sign_in::show::show_sign_in;
use crate::account::sign_in::with_passkey::{begin_passkey_use, submit_passkey_use};
use crate::account::sign_in::with_password::submit_sign_in;
use crate::account::sign_out::{confirm_sign_out, show_signed_out, submit_sign_out};
use crate::connect::authorization::{authorize, consent, resume};
use crate::connect::{end_session, forward_auth, introspect, revoke, token, userinfo};
use crate::dashboard;
use crate::dashboard::apps::{new as new_app, secrets, storage, tokens};
use crate::dashboard::instances;
use crate::dashboard::{audit, members};
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
const ROOTS: [&str; 13] = [
    "/account",
    "/connect",
    "/dashboard",
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
        .configure(authorization)
        .configure(account)
        .configure(dashboard)
        .configure(well_known)
        .service(readable("/", RouteLabel::Dashboard, || web::to(dashboard::issuer_root::lead_to_dashboard)))
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
                .service(readable("", RouteLabel::Dashboard, || {
                    web::to(dashboard::issuer_root::lead_to_dashboard)
                }))
                .configure(connect)
                .configure(authorization)
                .configure(account)
                .configure(dashboard)
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
        .service(post_only("/connect/revoke", RouteLabel::Revocation).route(web::post().to(revoke::revoke)))
        .service(
            web::resource("/connect/userinfo")
                .app_data(RouteLabel::Userinfo)
                .route(web::get().to(userinfo::userinfo))
                .route(web::post().to(userinfo::userinfo))
                .route(web::method(Method::OPTIONS).to(userinfo::preflight))
                .default_service(web::to(userinfo::not_allowed)),
        )
        .service(
            // With the method of the request that a gateway holds up.
            web::resource("/connect/forward-auth")
                .app_data(RouteLabel::ForwardAuth)
                .default_service(web::to(forward_auth::forward_auth)),
        );
}

/// Pages, too, but where apps send people. What asks for nothing is not answered, so there is no HEAD.
fn authorization(config: &mut ServiceConfig) {
    let page = |path, allowed| page(path, allowed).app_data(RouteLabel::Authorization);
    config
        .service(
            page("/connect/authorize", "GET, POST")
                .route(web::get().to(authorize::by_get))
                .route(web::post().to(authorize::by_post)),
        )
        .service(page("/connect/authorize/resume", "GET").route(web::get().to(resume::resume)))
        .service(page("/connect/consent", "POST").route(web::post().to(consent::answer)));
    logout(config);
}

/// The same for signing out.
fn logout(config: &mut ServiceConfig) {
    let page = |path, allowed| page(path, allowed).app_data(RouteLabel::EndSession);
    config
        .service(
            page("/connect/endsession", "GET, POST")
                .route(web::get().to(end_session::by_get))
                .route(web::post().to(end_session::by_post)),
        )
        .service(page("/connect/endsession/resume", "GET").route(web::get().to(end_session::resume)))
        .service(page("/connect/endsession/confirm", "POST").route(web::post().to(end_session::confirm)));
}

/// The pages of people. What leads nowhere here is a page, too.
fn account(config: &mut ServiceConfig) {
    config.service(
        web::scope("/account")
            .app_data(RouteLabel::Account)
            .configure(sign_in)
            .configure(own_account)
            .service(shown("/assets/{name}", || web::to(asset)))
            .default_service(web::to(no_page)),
    );
}

/// The pages of members of tenants and of operators.
fn dashboard(config: &mut ServiceConfig) {
    config.service(
        web::scope("/dashboard")
            .app_data(RouteLabel::Dashboard)
            .service(shown("", || web::to(dashboard::home::show_home)))
            .service(shown("/search", || web::to(dashboard::search::show_search)))
            .configure(operators_tenants)
            .configure(operators_plans)
            .configure(operators_regions)
            .configure(operators_people)
            .configure(operators_resources)
            .configure(tenant_pages)
            .configure(people_pages)
            .configure(audit_pages)
            .configure(app_pages)
            .configure(server_pages)
            .default_service(web::to(no_page)),
    );
}

/// What operators look after besides tenants.
fn server_pages(config: &mut ServiceConfig) {
    config
        .service(
            asked("/instances", || web::to(instances::list::show_instances))
                .route(web::post().to(instances::list::submit_instance)),
        )
        .service(
            asked("/instances/{id}", || web::to(instances::one::show_instance))
                .route(web::post().to(instances::one::submit_look)),
        )
        .service(sent("/instances/{id}/enable", web::post().to(instances::one::submit_enable)))
        .service(sent(
            "/instances/{id}/first-operator",
            web::post().to(instances::first_operator::submit_first_operator),
        ))
        .service(sent("/instances/{id}/disable", web::post().to(instances::one::submit_disable)))
        .service(shown("/keys", || web::to(dashboard::keys::show_keys)))
        .service(sent("/keys/rotate", web::post().to(dashboard::keys::submit_rotation)))
        .service(shown("/node", || web::to(dashboard::node::show::show_node)))
        .service(shown("/review", || web::to(dashboard::review::show_review)));
}

/// Those of tenants for operators; the pages for members come after them, whose ids could be names.
fn operators_tenants(config: &mut ServiceConfig) {
    use crate::dashboard::operators::tenants;
    config
        .service(shown("/tenants", || web::to(tenants::list::show_tenants)))
        .service(
            asked("/tenants/new", || web::to(tenants::new::show_new_tenant))
                .route(web::post().to(tenants::new::submit_new_tenant)),
        )
        .service(
            asked("/tenants/{tenant}/edit", || web::to(tenants::edit::show_tenant_edit))
                .route(web::post().to(tenants::edit::submit_tenant_edit)),
        )
        .service(sent("/tenants/{tenant}/activate", web::post().to(tenants::step::submit_activation)))
        .service(sent("/tenants/{tenant}/suspend", web::post().to(tenants::step::submit_suspension)))
        .service(
            asked("/tenants/{tenant}/close", || web::to(tenants::close::show_closing))
                .route(web::post().to(tenants::close::submit_closing)),
        );
}

fn operators_regions(config: &mut ServiceConfig) {
    use crate::dashboard::operators::regions;
    config
        .service(shown("/regions", || web::to(regions::list::show_regions)))
        .service(
            asked("/regions/new", || web::to(regions::new::show_new_region))
                .route(web::post().to(regions::new::submit_new_region)),
        )
        .service(
            asked("/regions/{region}", || web::to(regions::region::show_region))
                .route(web::post().to(regions::region::submit_region)),
        )
        .service(sent("/regions/{region}/activate", web::post().to(regions::region::submit_activation)))
        .service(sent("/regions/{region}/deactivate", web::post().to(regions::region::submit_deactivation)))
        .service(
            asked("/regions/{region}/databases/new", || web::to(regions::new_database::show_new_database))
                .route(web::post().to(regions::new_database::submit_new_database)),
        )
        .service(
            asked("/regions/{region}/databases/{database}", || web::to(regions::database::show_database))
                .route(web::post().to(regions::database::submit_database)),
        )
        .service(sent(
            "/regions/{region}/databases/{database}/activate",
            web::post().to(regions::database::submit_activation),
        ))
        .service(sent(
            "/regions/{region}/databases/{database}/deactivate",
            web::post().to(regions::database::submit_deactivation),
        ));
}

fn operators_people(config: &mut ServiceConfig) {
    use crate::dashboard::operators::people;
    config
        .service(shown("/people", || web::to(people::list::show_people)))
        .service(
            asked("/people/new", || web::to(people::new::show_new_person))
                .route(web::post().to(people::new::submit_new_person)),
        )
        .service(shown("/people/operators", || web::to(people::operators::show_operators)))
        .service(
            asked("/people/{user}", || web::to(people::person::show_person))
                .route(web::post().to(people::person::submit_person)),
        )
        .service(sent("/people/{user}/welcome", web::post().to(people::welcome::submit_welcome)))
        .service(sent("/people/{user}/enable", web::post().to(people::step::submit_enabling)))
        .service(sent("/people/{user}/disable", web::post().to(people::step::submit_disabling)))
        .service(sent(
            "/people/{user}/sign-out-everywhere",
            web::post().to(people::step::submit_sign_out_everywhere),
        ))
        .service(sent("/people/{user}/make-operator", web::post().to(people::step::submit_operator)))
        .service(sent(
            "/people/{user}/remove-operator",
            web::post().to(people::step::submit_operator_removal),
        ));
}

fn operators_resources(config: &mut ServiceConfig) {
    use crate::dashboard::operators::resources;
    config
        .service(shown("/resources", || web::to(resources::list::show_resources)))
        .service(
            asked("/resources/new", || web::to(resources::new::show_new_resource))
                .route(web::post().to(resources::new::submit_new_resource)),
        )
        .service(
            asked("/resources/{resource}", || web::to(resources::resource::show_resource))
                .route(web::post().to(resources::resource::submit_resource)),
        )
        .service(
            asked("/resources/{resource}/scopes/new", || web::to(resources::new_scope::show_new_scope))
                .route(web::post().to(resources::new_scope::submit_new_scope)),
        )
        .service(sent(
            "/resources/{resource}/scopes/delete",
            web::post().to(resources::parts::submit_scope_deletion),
        ))
        .service(
            asked("/resources/{resource}/servers/new", || web::to(resources::new_server::show_new_server))
                .route(web::post().to(resources::new_server::submit_new_server)),
        )
        .service(sent(
            "/resources/{resource}/servers/remove",
            web::post().to(resources::parts::submit_server_removal),
        ));
}

fn operators_plans(config: &mut ServiceConfig) {
    use crate::dashboard::operators::plans;
    config
        .service(shown("/plans", || web::to(plans::list::show_plans)))
        .service(
            asked("/plans/new", || web::to(plans::new::show_new_plan))
                .route(web::post().to(plans::new::submit_new_plan)),
        )
        .service(
            asked("/plans/{plan}", || web::to(plans::edit::show_plan))
                .route(web::post().to(plans::edit::submit_plan)),
        )
        .service(sent("/plans/{plan}/activate", web::post().to(plans::step::submit_activation)))
        .service(sent("/plans/{plan}/archive", web::post().to(plans::step::submit_archiving)))
        .service(
            asked("/plans/{plan}/retire", || web::to(plans::retire::show_retirement))
                .route(web::post().to(plans::retire::submit_retirement)),
        );
}

fn tenant_pages(config: &mut ServiceConfig) {
    config
        .service(shown("/tenants/{tenant}", || web::to(dashboard::tenant_overview::show_tenant)))
        .service(shown("/tenants/{tenant}/usage", || web::to(dashboard::tenant_usage::show_tenant_usage)))
        .service(shown("/tenants/{tenant}/apps", || web::to(dashboard::apps::list::show_apps)))
        .service(
            asked("/tenants/{tenant}/apps/new", || web::to(new_app::show::show_new_app))
                .route(web::post().to(new_app::submit::submit_new_app)),
        )
        .service(shown("/tenants/{tenant}/apps/name-check", || web::to(new_app::name_check::check_name)))
        .service(shown("/tenants/{tenant}/apps/domain-preview", || {
            web::to(new_app::domain_preview::preview_domain)
        }));
}

/// The members of a tenant and the invitations into it.
fn people_pages(config: &mut ServiceConfig) {
    config
        .service(
            asked("/tenants/{tenant}/members", || web::to(members::show::show_members))
                .route(web::post().to(members::invite::submit_invitation)),
        )
        .service(sent("/tenants/{tenant}/members/{user}/role", web::post().to(members::role::submit_role)))
        .service(sent(
            "/tenants/{tenant}/members/{user}/remove",
            web::post().to(members::remove::submit_removal),
        ))
        .service(sent(
            "/tenants/{tenant}/invitations/{invitation}/resend",
            web::post().to(members::resend_invitation::submit_resend),
        ))
        .service(sent(
            "/tenants/{tenant}/invitations/{invitation}/cancel",
            web::post().to(members::cancel_invitation::submit_cancellation),
        ));
}

/// The trail of a tenant, and that of the whole instance.
fn audit_pages(config: &mut ServiceConfig) {
    for place in ["/tenants/{tenant}/audit", "/audit"] {
        config
            .service(shown(place, || web::to(audit::list::show_audit)))
            .service(shown(&format!("{place}/export"), || web::to(audit::export::export_audit)))
            .service(shown(&format!("{place}/{{event}}"), || web::to(audit::event::show_event)));
    }
}

/// The pages of one app; they come after those of the list, whose names could be ids.
fn app_pages(config: &mut ServiceConfig) {
    config
        .service(shown("/tenants/{tenant}/apps/{app}", || {
            web::to(dashboard::apps::overview::show::show_overview)
        }))
        .service(shown("/tenants/{tenant}/apps/{app}/usage", || {
            web::to(dashboard::apps::usage::show_app_usage)
        }))
        .service(sent(
            "/tenants/{tenant}/apps/{app}/enable",
            web::post().to(dashboard::apps::switch::submit_enable),
        ))
        .service(sent(
            "/tenants/{tenant}/apps/{app}/disable",
            web::post().to(dashboard::apps::switch::submit_disable),
        ))
        .service(sent(
            "/tenants/{tenant}/apps/{app}/plan",
            web::post().to(dashboard::apps::plan::submit_plan),
        ))
        .service(
            asked("/tenants/{tenant}/apps/{app}/settings", || {
                web::to(dashboard::apps::settings::page::show_settings)
            })
            .route(web::post().to(dashboard::apps::settings::page::submit_settings)),
        )
        .service(
            asked("/tenants/{tenant}/apps/{app}/delete", || web::to(dashboard::apps::delete::show_delete))
                .route(web::post().to(dashboard::apps::delete::submit_delete)),
        );
    app_credentials(config);
    config
        .service(
            asked("/tenants/{tenant}/apps/{app}/storage", || web::to(storage::show::show_storage))
                .route(web::post().to(storage::save::submit_storage)),
        )
        .service(sent(
            "/tenants/{tenant}/apps/{app}/storage/check",
            web::post().to(storage::check::submit_check),
        ))
        .service(sent(
            "/tenants/{tenant}/apps/{app}/storage/remove",
            web::post().to(storage::remove::submit_removal),
        ))
        .service(shown("/tenants/{tenant}/apps/{app}/audit", || {
            web::to(dashboard::apps::audit::show_app_audit)
        }));
}

/// What apps prove themselves by, and what acts in their name.
fn app_credentials(config: &mut ServiceConfig) {
    config
        .service(shown("/tenants/{tenant}/apps/{app}/secrets", || web::to(secrets::show::show_secrets)))
        .service(sent(
            "/tenants/{tenant}/apps/{app}/secrets/regenerate",
            web::post().to(secrets::replace::submit_regeneration),
        ))
        .service(sent(
            "/tenants/{tenant}/apps/{app}/secrets/add",
            web::post().to(secrets::replace::submit_addition),
        ))
        .service(sent(
            "/tenants/{tenant}/apps/{app}/secrets/{secret}/revoke",
            web::post().to(secrets::revoke::submit_revocation),
        ))
        .service(sent(
            "/tenants/{tenant}/apps/{app}/secrets/{secret}/revoke-others",
            web::post().to(secrets::revoke::submit_revocation_of_others),
        ))
        .service(
            asked("/tenants/{tenant}/apps/{app}/tokens", || web::to(tokens::show::show_tokens))
                .route(web::post().to(tokens::make::submit_token)),
        )
        .service(sent(
            "/tenants/{tenant}/apps/{app}/tokens/{token}/revoke",
            web::post().to(tokens::revoke::submit_revocation),
        ));
}

fn sign_in(config: &mut ServiceConfig) {
    config
        .service(asked("/sign-in", || web::to(show_sign_in)).route(web::post().to(submit_sign_in)))
        .service(sent("/second-factor", web::post().to(submit_second_factor)))
        .service(sent("/passkey/options", web::post().to(begin_passkey_use)))
        .service(sent("/passkey/sign-in", web::post().to(submit_passkey_use)))
        .service(asked("/forgotten", || web::to(show_forgotten)).route(web::post().to(submit_forgotten)))
        .service(shown("/forgotten/sent", || web::to(show_forgotten_sent)))
        .service(asked("/link", || web::to(show_link)).route(web::post().to(submit_link)))
        .service(asked("/sign-out", || web::to(confirm_sign_out)).route(web::post().to(submit_sign_out)))
        .service(shown("/signed-out", || web::to(show_signed_out)));
}

fn own_account(config: &mut ServiceConfig) {
    config
        .service(asked("/invitation", || web::to(show_invitation)).route(web::post().to(submit_invitation)))
        .service(shown("", || web::to(show_account)))
        .service(shown("/session", || web::to(present_session)))
        .service(sent("/sessions/end-others", web::post().to(submit_other_sessions_end)))
        .service(sent("/sessions/{id}/end", web::post().to(submit_session_end)))
        .service(sent("/consents/{id}/revoke", web::post().to(submit_consent_revocation)))
        .service(sent("/password", web::post().to(submit_password_change)))
        .service(sent("/passkeys", web::post().to(submit_passkey)))
        .service(sent("/passkeys/options", web::post().to(begin_passkey)))
        .service(sent("/passkeys/{id}/remove", web::post().to(submit_passkey_removal)))
        .service(sent("/totp", web::post().to(begin_totp)))
        .service(sent("/totp/confirm", web::post().to(submit_totp)))
        .service(sent("/totp/remove", web::post().to(submit_totp_removal)))
        .service(sent("/recovery-codes", web::post().to(submit_recovery_codes)))
        .service(sent("/tokens", web::post().to(submit_token)))
        .service(sent("/tokens/{id}/revoke", web::post().to(submit_token_revocation)));
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
    only(path, "GET, HEAD").app_data(label).route(handler().guard(is_read()))
}

fn is_read() -> impl guard::Guard {
    guard::Any(guard::Method(Method::GET)).or(guard::Method(Method::HEAD))
}

/// A page that is looked at.
fn shown(path: &str, handler: fn() -> Route) -> Resource {
    page(path, "GET, HEAD").route(handler().guard(is_read()))
}

/// A page with a form that is sent to the same address.
fn asked(path: &str, handler: fn() -> Route) -> Resource {
    page(path, "GET, HEAD, POST").route(handler().guard(is_read()))
}

/// Where a form is sent.
fn sent(path: &str, route: Route) -> Resource {
    page(path, "POST").route(route)
}

/// A page whose other methods are refused by a page.
fn page(path: &str, allowed: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move || async move {
        Err::<HttpResponse, _>(PageError::MethodNotAllowed(allowed))
    }))
}

async fn no_page() -> Result<HttpResponse, PageError> {
    Err(PageError::NotFound)
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
