//! Requests that are refused before anybody is authenticated (RFC 6749 §3.2).

use actix_web::test::TestRequest;

use crate::world::World;
use crate::world::requests::{basic, form, request};

const ENDPOINTS: [&str; 3] = ["/connect/token", "/connect/introspect", "/connect/revoke"];

#[actix_web::test]
async fn only_post_is_allowed() {
    let world = World::bare();
    for endpoint in ENDPOINTS {
        for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            let answer = world.send(request(method, endpoint)).await;
            assert_eq!(answer.status, 405, "{method} {endpoint}");
            assert_eq!(answer.header("allow"), Some("POST"));
            if method != "HEAD" {
                assert_eq!(answer.oauth_error(), (405, "invalid_request".to_owned()), "{method}");
            }
        }
    }
}

#[actix_web::test]
async fn only_forms_are_read() {
    let world = World::bare();
    for endpoint in ENDPOINTS {
        for content_type in ["application/json", "multipart/form-data", "text/plain", "application/xml", ""] {
            let request = TestRequest::post()
                .uri(endpoint)
                .insert_header(("Content-Type", content_type))
                .set_payload("grant_type=client_credentials");
            let answer = world.send(request).await;
            assert_eq!(answer.oauth_error(), (400, "invalid_request".to_owned()), "{content_type}");
        }
        let without = TestRequest::post().uri(endpoint).set_payload("grant_type=client_credentials");
        assert_eq!(world.send(without).await.oauth_error(), (400, "invalid_request".to_owned()));
        let compressed = form(endpoint, "grant_type=x").insert_header(("Content-Encoding", "gzip"));
        assert_eq!(world.send(compressed).await.oauth_error(), (400, "invalid_request".to_owned()));
    }
}

#[actix_web::test]
async fn a_form_is_in_utf_8_whether_it_says_so_or_not() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    for (charset, status) in [("charset=UTF-8", 200), ("charset=\"utf-8\"", 200), ("charset=iso-8859-1", 400)]
    {
        let request = TestRequest::post()
            .uri("/connect/token")
            .insert_header(("Content-Type", format!("Application/X-WWW-Form-Urlencoded; {charset}")))
            .insert_header(basic(&app.client_id, &app.secret))
            .set_payload("grant_type=client_credentials");
        assert_eq!(world.send(request).await.status, status, "{charset}");
    }
}

#[actix_web::test]
async fn malformed_forms_are_refused() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    let many: String = (0..100).map(|number| format!("&p{number}=1")).collect();
    for more in ["&scope=read&scope=write", "&grant_type=client_credentials", "&x=%zz", "&x=%ff", &many] {
        let answer = world.ask_token(&app, more).await;
        assert_eq!(answer.oauth_error(), (400, "invalid_request".to_owned()), "{more}");
    }
}

#[actix_web::test]
async fn large_bodies_are_refused() {
    let world = World::bare();
    for size in [64 * 1024 + 1, 10 * 1024 * 1024] {
        for endpoint in ENDPOINTS {
            let answer = world.send(form(endpoint, &"x".repeat(size))).await;
            assert_eq!(answer.oauth_error(), (413, "invalid_request".to_owned()));
        }
    }
}

#[actix_web::test]
async fn credentials_in_the_url_are_refused() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    for query in ["client_id=a", "client_secret=b", "access_token=c", "token=d", "%63lient_secret=b"] {
        for endpoint in ENDPOINTS {
            let request = form(&format!("{endpoint}?{query}"), "grant_type=client_credentials&token=x")
                .insert_header(basic(&app.client_id, &app.secret));
            assert_eq!(
                world.send(request).await.oauth_error(),
                (400, "invalid_request".to_owned()),
                "{endpoint} {query}"
            );
        }
    }
}

#[actix_web::test]
async fn the_grant_type_has_to_be_a_known_one() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    for (body, code) in [
        ("", "invalid_request"),
        ("grant_type=", "invalid_request"),
        ("scope=read", "invalid_request"),
        ("grant_type=password&username=a&password=b", "unsupported_grant_type"),
        ("grant_type=CLIENT_CREDENTIALS", "unsupported_grant_type"),
        ("grant_type=client_credentials%20", "unsupported_grant_type"),
    ] {
        let request = form("/connect/token", body).insert_header(basic(&app.client_id, &app.secret));
        assert_eq!(world.send(request).await.oauth_error(), (400, code.to_owned()), "{body}");
    }
}

#[actix_web::test]
async fn a_token_to_look_at_or_to_revoke_has_to_be_there() {
    let world = World::new().await;
    let app = world.lone_app("Acme").await;
    for endpoint in ["/connect/introspect", "/connect/revoke"] {
        for body in ["", "token="] {
            let request = form(endpoint, body).insert_header(basic(&app.client_id, &app.secret));
            assert_eq!(world.send(request).await.oauth_error(), (400, "invalid_request".to_owned()));
        }
    }
}
