//! An app signs somebody out with an ID token of the session.

use turnkeep_storage::logout_notice::NoticeLimits;
use turnkeep_storage::store::Store;

use super::estate::{BACK, Estate};
use crate::account::browser::encoded;
use crate::account::pages::assert_page;
use crate::world::World;
use crate::world::requests::{bearer, form, request};

#[actix_web::test]
async fn an_id_token_of_the_session_ends_it_and_the_browser_goes_back_with_the_state() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    let handle = estate.browser.session().unwrap();
    world.advance(1_200);
    let answer = estate
        .go(&[
            ("id_token_hint", &estate.id_token),
            ("client_id", &estate.app.client_id),
            ("post_logout_redirect_uri", BACK),
            ("state", "a b&c"),
            ("ui_locales", "de"),
        ])
        .await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(answer.header("location"), Some(format!("{BACK}&state=a%20b%26c").as_str()));
    let cleared = "__Host-turnkeep-session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0";
    assert_eq!(answer.header("set-cookie"), Some(cleared));
    assert_page(&answer);
    assert_eq!(estate.browser.session(), None);
    assert!(!estate.is_signed_in(&handle).await, "the session is dead here, not only the cookie");
    let refused = estate.refresh().await;
    assert_eq!(refused.oauth_error(), (400, "invalid_grant".to_owned()));
    let userinfo = request("GET", "/connect/userinfo").insert_header(bearer(&estate.access_token));
    assert_eq!(world.send(userinfo).await.status, 401);
}

#[actix_web::test]
async fn offline_access_goes_on() {
    let world = World::new().await;
    let estate = Estate::asking_for(&world, "openid offline_access").await;
    let answer = estate.go(&[("id_token_hint", &estate.id_token)]).await;
    assert_eq!(answer.header("location"), Some("/account/signed-out"));
    let page = estate.browser.get("/account/signed-out").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("id=\"signed-out\""));
    assert_eq!(estate.refresh().await.status, 200);
}

#[actix_web::test]
async fn a_form_of_the_app_comes_without_the_cookie_and_the_browser_brings_it_along() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    let body =
        encoded(&[("id_token_hint", &estate.id_token), ("post_logout_redirect_uri", BACK), ("state", "s-1")]);
    // Cross-site: SameSite=Lax keeps the cookie back.
    let answer = world.send(form("/connect/endsession", &body)).await;
    assert_eq!(answer.status, 303);
    let location = answer.header("location").unwrap();
    assert!(location.starts_with("/connect/endsession/resume?interaction="), "{location}");
    assert!(!location.contains(&estate.id_token));
    let ended = estate.browser.get(location).await;
    assert_eq!(ended.header("location"), Some(format!("{BACK}&state=s-1").as_str()));
    assert_eq!(estate.browser.session(), None);
}

#[actix_web::test]
async fn whoever_is_signed_out_already_goes_where_they_are_to_go() {
    let world = World::new().await;
    let estate = Estate::new(&world).await;
    estate.go(&[("id_token_hint", &estate.id_token)]).await;
    for (parameters, location) in [
        (&[("id_token_hint", estate.id_token.as_str()), ("post_logout_redirect_uri", BACK)][..], BACK),
        (&[("client_id", estate.app.client_id.as_str()), ("post_logout_redirect_uri", BACK)], BACK),
        (&[("client_id", estate.app.client_id.as_str())], "/account/signed-out"),
        (&[], "/account/signed-out"),
    ] {
        let answer = estate.go(parameters).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some(location)), "{parameters:?}");
    }
}

#[actix_web::test]
async fn apps_that_want_to_know_are_noted_whether_they_go_on_or_not() {
    let world = World::new().await;
    let estate = Estate::asking_for(&world, "openid offline_access").await;
    let path = format!("/api/v1/apps/{}", estate.app.id);
    let uri = serde_json::json!({"backchannel_logout_uri": "https://app.example.com/logout"});
    world.operated("PATCH", &path, Some(uri)).await;
    estate.go(&[("id_token_hint", &estate.id_token)]).await;
    let store: &dyn Store = &*world.store;
    let now = world.authority.now();
    let limits = NoticeLimits { all: 10, of_an_app: 10 };
    let taken = store.keep_books(|books| books.take_logout_notices(now, now, limits)).unwrap();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].app_id.to_string(), estate.app.id);
}
