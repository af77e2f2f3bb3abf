//! Whoever takes access away gets through when the server is busy, and whoever wants more waits.

use serde_json::json;
use turnkeep_guard::resource::guard_state::GuardState;
use turnkeep_guard::resource::resource_guard::fixed;

use super::browser::{form_of, form_to, message_of};
use super::persons::{person_with_password, signed_in};
use crate::world::World;

#[actix_web::test]
async fn what_is_ended_and_taken_back_is_not_put_off() {
    let world = World::new().await;
    let tenant_id = world.tenant("", "Acme").await;
    let settings = json!({
        "scopes": "read", "reference_tokens": "authenticated_users",
        "sign_in": {"internal": true, "community": false},
        "login_redirect_uris": ["https://app.example.com/callback"],
    });
    world.app_with(&tenant_id, "Orders", settings).await;
    person_with_password(&world, "ada").await;
    let (browser, other) = (signed_in(&world, "ada").await, signed_in(&world, "ada").await);
    let fields = [("name", "laptop"), ("days", "7"), ("scope:read", "on")];
    browser.submit(&browser.get("/account").await, "new-token-form-1", &fields).await;
    let account = browser.get("/account").await;
    let question = other.get("/connect/endsession").await;
    assert_eq!(question.status, 200, "{}", question.text());

    world.state.watch_by(fixed(GuardState::Reject));
    let late = browser.get("/account").await;
    assert_eq!((late.status, message_of(&late).as_deref()), (503, Some("temporarily_unavailable")));
    assert_eq!(browser.submit(&account, "new-token-form-1", &fields).await.status, 503);
    let (_, rest) = account.text().split_once("action=\"/account/tokens/").unwrap();
    let revoke = format!("/account/tokens/{}", rest.split('"').next().unwrap());
    assert_eq!(browser.send_form(&form_to(&account, &revoke), &[]).await.status, 303);
    let asked = other.get("/connect/endsession").await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    let ended = other.send_form(&form_to(&question, "/connect/endsession/confirm"), &[]).await;
    assert_eq!((ended.status, other.session()), (303, None), "{}", ended.text());
    assert_eq!(browser.send_form(&form_of(&account, "end-others-form"), &[]).await.status, 303);
    assert_eq!(browser.send_form(&form_of(&account, "sign-out-form"), &[]).await.status, 303);
    assert_eq!(browser.session(), None);
}
