//! A resource server with one protected endpoint, which costs a Document Unit:
//! `example-resource-server ISSUER AUDIENCE ADDRESS FOLDER CLIENT_ID SECRET_VARIABLE`. What is used is kept in the folder
//! and reported with the credentials of the resource server's own app, whose secret is in the environment variable
//! named. Without the last three nothing is metered.
//!
//! Beside `turnkeep demo`, which says how to get a token:
//!
//! ```text
//! cargo run -p example-resource-server -- http://localhost:8080 TrueParser.API 127.0.0.1:8081
//! curl -i -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8081/documents
//! ```

mod meter_tokens;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, get, web};
use anyhow::{Context, bail};
use turnkeep_domain::resource::Audience;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_verify::gate::TokenGate;
use turnkeep_verify::gate::pinned_issuer::PinnedIssuer;
use turnkeep_verify::gate::settings::GateSettings;
use turnkeep_verify::gate::verified_token::VerifiedToken;
use turnkeep_verify::meter::UsageMeter;
use turnkeep_verify::meter::refusal::MeterRefusal;
use turnkeep_verify::meter::settings::MeterSettings;
use turnkeep_verify::meter::usage_endpoint::UsageReporter;
use turnkeep_verify::requirements::AccessRequirements;

use meter_tokens::MeterTokens;

const USAGE: &str =
    "usage: example-resource-server ISSUER AUDIENCE [ADDRESS [FOLDER CLIENT_ID SECRET_VARIABLE]]";

/// The scope that a token needs for the documents.
const SCOPE: &str = "TrueParser.API";

/// What the documents cost, in Document Units.
const UNITS: u64 = 1;

/// How often usage is reported: rather often, for whoever watches.
const REPORT_EVERY: Duration = Duration::from_secs(1);

/// Says whose documents these would be, and how many units the app's plan allows it in an hour.
#[get("")]
async fn list_documents(
    token: VerifiedToken,
    meter: web::Data<Option<UsageMeter>>,
) -> Result<HttpResponse, MeterRefusal> {
    let mut response = HttpResponse::Ok();
    if let Some(meter) = meter.as_ref() {
        for header in meter.take(&token, UNITS)?.headers() {
            response.insert_header(header);
        }
    }
    let limits = token.plan_limits().ok().flatten();
    let units = limits.and_then(|limits| limits.allowed.document_units.hour());
    let units = units.map_or("unlimited".to_owned(), |units| units.to_string());
    let text = format!("documents of {} for {}; units per hour: {units}\n", token.tenant_id, token.client_id);
    Ok(response.content_type("text/plain; charset=utf-8").body(text))
}

/// Says whether the issuer can be heard, and since when not, and what is not reported yet. Needs no token.
#[get("/status")]
async fn status(gate: web::Data<TokenGate>, meter: web::Data<Option<UsageMeter>>) -> String {
    let meter = meter.as_ref().as_ref().map(|meter| format!("{}\n", meter.status()));
    format!("{}\n{}", gate.status(), meter.unwrap_or_default())
}

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [issuer, audience, rest @ ..] = arguments.as_slice() else { bail!(USAGE) };
    let (address, metering) = match rest {
        [] => ("127.0.0.1:8081", None),
        [address] => (address.as_str(), None),
        [address, folder, client_id, variable] => (address.as_str(), Some((folder, client_id, variable))),
        _ => bail!(USAGE),
    };
    let issuer = PinnedIssuer::parse(issuer).context("the issuer")?;
    let audience = Audience::parse(audience).context("the audience")?;
    let meter = match metering {
        Some((folder, client_id, variable)) => {
            let tokens = MeterTokens::new(issuer.issuer(), client_id, secret(variable)?)?;
            let reporter = UsageReporter::new(&issuer, tokens).context("the issuer")?;
            let settings = MeterSettings { report_every: REPORT_EVERY, ..MeterSettings::default() };
            Some(UsageMeter::open(Path::new(folder), settings, reporter)?)
        }
        None => None,
    };
    // The app that reports usage serves the resource, so it may ask about reference tokens, too.
    let issuer = match metering {
        Some((_, client_id, variable)) => issuer.with_introspection(client_id, secret(variable)?)?,
        None => issuer,
    };
    // Fetches the issuer's keys and follows its kill marks for as long as this program runs.
    let gate = TokenGate::start(audience, [issuer], GateSettings::default())?;
    let requirements = AccessRequirements::of_scopes(ScopeSet::parse(SCOPE)?);

    let at_the_end = meter.clone();
    let server = HttpServer::new(move || {
        let documents = web::scope("/documents").app_data(requirements.clone()).service(list_documents);
        App::new()
            .app_data(web::Data::new(gate.clone()))
            .app_data(web::Data::new(meter.clone()))
            .service(documents)
            .service(status)
    })
    .workers(1)
    .bind(address)
    .with_context(|| format!("listening on {address}"))?;
    for address in server.addrs() {
        writeln!(std::io::stdout(), "listening on http://{address}")?;
    }
    server.run().await?;
    if let Some(meter) = at_the_end {
        // If that fails, the next start reports it.
        let _ = meter.report_now().await;
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a program may read its environment")]
fn secret(variable: &str) -> anyhow::Result<String> {
    std::env::var(variable).with_context(|| format!("no secret in the variable {variable}"))
}
