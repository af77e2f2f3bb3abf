//! The bare prototype: parse the form, look the app up in memory, check its secret, sign its claims, answer. No
//! policy, no database, no log, no limits, one thread: what the real server can be compared with, and no more.

use std::net::SocketAddr;
use std::path::Path;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{App as Service, HttpResponse, HttpServer, Route, web};
use serde::{Deserialize, Serialize};
use turnkeep_domain::id::TokenId;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_secret::digest::{QuickCheck, quick_check};
use turnkeep_secret::random::random_bytes;
use turnkeep_service::clock::Clock;
use turnkeep_token::access_token::mint;
use turnkeep_token::claims::{ClaimsTemplate, TokenIssue, TokenSubject};

use memory::{Memory, Remembered};
use signers::Signers;
use turnkeep_embed::system::{SystemClock, SystemRandom};

mod memory;
mod signers;

/// A token endpoint of the prototype: what it signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    /// 64 zero bytes in the place of a signature.
    Unsigned,
    /// A signature.
    Signed(SigningAlgorithm),
}

impl Lane {
    const ALL: [(&'static str, Self); 4] = [
        ("/token/unsigned", Self::Unsigned),
        ("/token/es256", Self::Signed(SigningAlgorithm::Es256)),
        ("/token/eddsa", Self::Signed(SigningAlgorithm::EdDsa)),
        ("/token/rs256", Self::Signed(SigningAlgorithm::Rs256)),
    ];

    /// Whose resource the token is for.
    const fn algorithm(self) -> SigningAlgorithm {
        match self {
            Self::Unsigned => SigningAlgorithm::Es256,
            Self::Signed(algorithm) => algorithm,
        }
    }
}

struct Prototype {
    memory: Memory,
    signers: Signers,
}

#[derive(Deserialize)]
struct TokenForm {
    grant_type: String,
    client_id: String,
    client_secret: String,
    scope: String,
}

#[derive(Serialize)]
struct TokenAnswer<'a> {
    access_token: &'a str,
    token_type: &'static str,
    expires_in: u64,
    scope: &'a str,
}

/// Loads that many apps, then serves until it is stopped.
pub(crate) fn run(data: &Path, most: usize, listen: SocketAddr) -> anyhow::Result<()> {
    let memory = Memory::load(data, most)?;
    let prototype = web::Data::new(Prototype { memory, signers: Signers::generate()? });
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            let service = Service::new()
                .app_data(prototype.clone())
                .route("/empty", web::get().to(async || HttpResponse::Ok().finish()));
            Lane::ALL.iter().fold(service, |service, (path, lane)| service.route(path, route(*lane)))
        });
        server.workers(1).bind(listen)?.run().await
    })?;
    Ok(())
}

fn route(lane: Lane) -> Route {
    web::post().to(move |prototype: web::Data<Prototype>, form: web::Form<TokenForm>| async move {
        answer(&prototype, lane, &form).unwrap_or_else(|| HttpResponse::BadRequest().finish())
    })
}

/// `None` for whatever is wrong with the request.
fn answer(prototype: &Prototype, lane: Lane, form: &TokenForm) -> Option<HttpResponse> {
    let memory = &prototype.memory;
    let remembered = memory.apps.get(&form.client_id)?;
    if form.grant_type != "client_credentials" || !knows_secret(memory, remembered, &form.client_secret) {
        return None;
    }
    let scopes = ScopeSet::parse(&form.scope).ok()?;
    let app = &remembered.app;
    let now = SystemClock.now();
    let lifetime = app.settings.token_lifetime.as_duration();
    let resource = memory.resources.get(&lane.algorithm())?;
    let plan = memory.plan.as_ref();
    // Written anew for each token: whoever does better has earned it.
    let template = ClaimsTemplate::new(&TokenSubject {
        iss: "http://127.0.0.1:8080",
        sub: app.client_id.as_str(),
        audience: &resource.audience,
        client_id: &app.client_id,
        scopes: &scopes,
        tenant_id: app.tenant_id,
        app_id: app.id,
        placement: &app.placement,
        allowed_domains: &app.settings.allowed_domains,
        plan: plan.map(|plan| (&plan.code, &plan.limits, resource.limits_claims)),
        person: None,
    });
    let issue = TokenIssue {
        issued_at: now,
        lifetime,
        token_id: TokenId::new(now, random_bytes(&SystemRandom)),
        sequence: memory.sequence,
        secret_id: Some(remembered.secret.secret.id),
    };
    let token = mint(prototype.signers.of(lane), &template.ok()?, &issue).ok()?;
    let body = TokenAnswer {
        access_token: &token,
        token_type: "Bearer",
        expires_in: lifetime.as_secs(),
        scope: &form.scope,
    };
    Some(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(body))
}

fn knows_secret(memory: &Memory, remembered: &Remembered, presented: &str) -> bool {
    let owner = remembered.app.id;
    let check = quick_check(presented, owner.as_bytes(), &remembered.secret.digest, &memory.mac_keys);
    check == QuickCheck::Match { stale: false }
}
