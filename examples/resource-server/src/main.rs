//! A resource server with one protected endpoint: `example-resource-server ISSUER AUDIENCE [ADDRESS]`.
//!
//! Beside `turnkeep demo`, which says how to get a token:
//!
//! ```text
//! cargo run -p example-resource-server -- http://127.0.0.1:8080 TrueParser.API
//! curl -i -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8081/documents
//! ```

use std::io::Write;

use actix_web::{App, HttpServer, get, web};
use anyhow::{Context, bail};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_verify::gate::TokenGate;
use turnkeep_verify::gate::pinned_issuer::PinnedIssuer;
use turnkeep_verify::gate::settings::GateSettings;
use turnkeep_verify::gate::verified_token::VerifiedToken;
use turnkeep_verify::requirements::AccessRequirements;

/// The scope that a token needs for the documents.
const SCOPE: &str = "TrueParser.API";

/// Says whose documents these would be, and how many units the app's plan allows it in an hour.
#[get("")]
async fn list_documents(token: VerifiedToken) -> String {
    let limits = token.plan_limits().ok().flatten();
    let units = limits.and_then(|limits| limits.allowed.document_units.hour());
    let units = units.map_or("unlimited".to_owned(), |units| units.to_string());
    format!("documents of {} for {}; units per hour: {units}\n", token.tenant_id, token.client_id)
}

/// Says whether the issuer can be heard, and since when not. Needs no token.
#[get("/status")]
async fn status(gate: web::Data<TokenGate>) -> String {
    format!("{}\n", gate.status())
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (issuer, audience, address) = match arguments.as_slice() {
        [issuer, audience] => (issuer, audience, "127.0.0.1:8081"),
        [issuer, audience, address] => (issuer, audience, address.as_str()),
        _ => bail!("usage: example-resource-server ISSUER AUDIENCE [ADDRESS]"),
    };
    let issuer = PinnedIssuer::parse(issuer).context("the issuer")?;
    let audience = Audience::parse(audience).context("the audience")?;
    // Fetches the issuer's keys and follows its kill marks for as long as this program runs.
    let gate = TokenGate::start(audience, [issuer], GateSettings::default())?;
    let requirements = AccessRequirements::of_scopes(ScopeSet::parse(SCOPE)?);

    let server = HttpServer::new(move || {
        let documents = web::scope("/documents").app_data(requirements.clone()).service(list_documents);
        App::new()
            .app_data(web::Data::new(gate.clone()))
            .app_data(gate.clone())
            .service(documents)
            .service(status)
    })
    .workers(1)
    .bind(address)
    .with_context(|| format!("listening on {address}"))?;
    for address in server.addrs() {
        writeln!(std::io::stdout(), "listening on http://{address}")?;
    }
    Ok(server.run().await?)
}
