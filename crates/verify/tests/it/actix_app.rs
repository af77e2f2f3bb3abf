//! The extractor and the middleware in an actix app: statuses and challenges of RFC 6750 §3.

use actix_web::http::StatusCode;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, HttpResponse, web};
use turnkeep_domain::scope::ScopeSet;
use turnkeep_verify::actix::RequireToken;
use turnkeep_verify::gate::settings::GateSettings;
use turnkeep_verify::gate::verified_token::VerifiedToken;
use turnkeep_verify::meter::UsageMeter;
use turnkeep_verify::meter::refusal::MeterRefusal;
use turnkeep_verify::requirements::AccessRequirements;

use crate::authority::{Authority, Mood, start_gate};
use crate::meter::metered_app::{clock, on_demand, open, units_per_hour};
use crate::meter::usage_authority::UsageAuthority;

const REALM: &str = r#"Bearer realm="TrueParser.API""#;

/// Path, `Authorization` headers, `Origin`; status and challenge.
type Case<'a> = (&'a str, &'a [&'a str], Option<&'a str>, u16, Option<String>);

fn scopes(text: &str) -> AccessRequirements {
    AccessRequirements::of_scopes(ScopeSet::parse(text).unwrap())
}

async fn whoami(token: VerifiedToken) -> String {
    token.client_id.to_string()
}

async fn behind(token: web::ReqData<VerifiedToken>) -> String {
    token.client_id.to_string()
}

#[actix_web::test]
async fn requests_are_answered_as_rfc_6750_says() {
    let authority = Authority::start().await;
    let gate = authority.gate(GateSettings::default());
    let app = init_service(
        App::new()
            .app_data(web::Data::new(gate.clone()))
            .route("/any", web::get().to(whoami))
            .service(web::resource("/read").app_data(scopes("read")).get(whoami))
            .service(web::resource("/sec").app_data(scopes("sec read")).get(whoami))
            .service(
                web::scope("/all")
                    .wrap(RequireToken::new(gate.clone(), scopes("update")))
                    .route("/update", web::get().to(behind)),
            )
            .service(
                web::scope("/none")
                    .wrap(RequireToken::new(gate.clone(), scopes("sec")))
                    .route("/sec", web::get().to(behind)),
            ),
    )
    .await;
    let good = format!("Bearer {}", authority.token());
    let insufficient = |scopes: &str| {
        format!(
            "{REALM}, error=\"insufficient_scope\", \
             error_description=\"the token lacks a scope that is needed\", scope=\"{scopes}\""
        )
    };
    let bad_request = |why: &str| format!(r#"{REALM}, error="invalid_request", error_description="{why}""#);
    let (twice, in_query) = ("more than one authorization header", "a token must not be in the query");
    let wrong = format!(r#"{REALM}, error="invalid_token", error_description="not a signed token""#);
    let cases: [Case<'_>; 15] = [
        ("/any", &[&good], None, 200, None),
        ("/read", &[&good], None, 200, None),
        ("/all/update", &[&good], None, 200, None),
        ("/any", &[&good], Some("https://myapp.com"), 200, None),
        ("/any", &[&good], Some("https://evil.example"), 403, None),
        ("/sec", &[&good], None, 403, Some(insufficient("read sec"))),
        ("/none/sec", &[&good], None, 403, Some(insufficient("sec"))),
        ("/any", &[], None, 401, Some(REALM.to_owned())),
        ("/all/update", &[], None, 401, Some(REALM.to_owned())),
        ("/any", &["Basic YTpi"], None, 401, Some(REALM.to_owned())),
        ("/any", &["Bearer abc"], None, 401, Some(wrong.clone())),
        ("/none/sec", &["Bearer abc"], None, 401, Some(wrong)),
        ("/any", &[&good, &good], None, 400, Some(bad_request(twice))),
        ("/any?access_token=abc", &[], None, 400, Some(bad_request(in_query))),
        ("/any?access_token=abc", &[&good], None, 400, Some(bad_request(in_query))),
    ];
    for (path, headers, origin, status, challenge) in cases {
        let mut request = TestRequest::get().uri(path);
        for value in headers {
            request = request.append_header(("Authorization", *value));
        }
        if let Some(origin) = origin {
            request = request.append_header(("Origin", origin));
        }
        let response = match actix_web::dev::Service::call(&app, request.to_request()).await {
            Ok(response) => response.into_parts().1.map_into_boxed_body(),
            Err(error) => error.error_response(),
        };
        assert_eq!(response.status().as_u16(), status, "{path}");
        let given = response.headers().get("WWW-Authenticate").map(|value| value.to_str().unwrap());
        assert_eq!(given, challenge.as_deref(), "{path}");
        let cached = response.headers().get("Cache-Control").map(|value| value.to_str().unwrap());
        assert_eq!(cached, (status != 200).then_some("no-store"), "{path}");
    }
}

#[actix_web::test]
async fn a_reference_token_is_taken_in_either_header_but_not_in_both() {
    let authority = Authority::start().await;
    authority.publish(|published| {
        published.introspection = crate::reference_tokens::active(&authority).to_string();
    });
    let pinned = authority.pinned().with_introspection("api", "secret").unwrap();
    let gate = start_gate([pinned], GateSettings::default());
    let app = init_service(App::new().app_data(web::Data::new(gate)).route("/", web::get().to(whoami))).await;
    let pat = crate::reference_tokens::pat();
    let (bearer, key) = (("Authorization", format!("Bearer {pat}")), ("X-Api-Key", pat));
    for (headers, status) in [
        (vec![bearer.clone()], 200),
        (vec![key.clone()], 200),
        (vec![key.clone(), key.clone()], 400),
        (vec![bearer, key], 400),
        (vec![("X-Api-Key", authority.token())], 401),
    ] {
        let mut request = TestRequest::get();
        for header in &headers {
            request = request.append_header((header.0, header.1.as_str()));
        }
        let response = call_service(&app, request.to_request()).await;
        assert_eq!(response.status().as_u16(), status, "{headers:?}");
    }
}

#[actix_web::test]
async fn the_handler_gets_the_token() {
    let authority = Authority::start().await;
    let gate = authority.gate(GateSettings::default());
    let app = init_service(App::new().app_data(web::Data::new(gate)).route("/", web::get().to(whoami))).await;
    let request =
        TestRequest::get().append_header(("Authorization", format!("Bearer {}", authority.token())));
    let response = call_service(&app, request.to_request()).await;
    assert_eq!(read_body(response).await, "app");
}

#[actix_web::test]
async fn our_own_faults_are_not_the_callers() {
    let authority = Authority::start().await;
    authority.publish(|published| published.key_set_mood = Mood::Closing);
    let with_gate = init_service(
        App::new()
            .app_data(web::Data::new(authority.gate(GateSettings::default())))
            .default_service(web::to(whoami)),
    )
    .await;
    let without = init_service(App::new().default_service(web::to(whoami))).await;
    let request =
        || TestRequest::get().append_header(("Authorization", format!("Bearer {}", authority.token())));
    let response = call_service(&with_gate, request().to_request()).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers().get("Retry-After").unwrap(), "2");
    assert!(!response.headers().contains_key("WWW-Authenticate"));
    let response = call_service(&without, request().to_request()).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
}

#[actix_web::test]
async fn a_limit_in_the_way_is_a_problem_document() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let meter = open(&folder, on_demand(&clock()), &authority);
    let handler = async |meter: web::Data<UsageMeter>| -> Result<HttpResponse, MeterRefusal> {
        let charge = meter.take(&units_per_hour(1, 5), 3)?;
        let mut response = HttpResponse::Ok();
        for header in charge.headers() {
            response.insert_header(header);
        }
        Ok(response.finish())
    };
    let app =
        init_service(App::new().app_data(web::Data::new(meter)).default_service(web::to(handler))).await;
    let policy = r#""units-hour";q=5;w=3600;qu="document-units""#;
    for (status, limit, retry_after, content_type) in [
        (200, r#""units-hour";r=2;t=3200"#, None, None),
        (429, r#""units-hour";r=2;t=3200"#, Some("3200"), Some("application/problem+json")),
    ] {
        let response = call_service(&app, TestRequest::get().to_request()).await;
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap());
        assert_eq!(response.status().as_u16(), status);
        assert_eq!((header("RateLimit-Policy"), header("RateLimit")), (Some(policy), Some(limit)));
        assert_eq!((header("Retry-After"), header("Content-Type")), (retry_after, content_type));
        if status == 429 {
            let body = String::from_utf8(read_body(response).await.to_vec()).unwrap();
            assert!(body.contains(r#""violated-policies":["units-hour"]"#), "{body}");
        }
    }
}
