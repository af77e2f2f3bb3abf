//! What somebody allowed apps, as they see it and take it back.

use serde_json::json;
use turnkeep_domain::consent::Consent;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_storage::store::Store;

use super::browser::{form_to, message_of};
use super::persons::{person_with_password, signed_in};
use crate::world::World;

#[actix_web::test]
async fn attack_66_the_name_of_an_app_is_text_and_its_consent_is_taken_back() {
    let world = World::new().await;
    let user_id = person_with_password(&world, "ada").await;
    person_with_password(&world, "eve").await;
    let tenant = world.tenant("", "<b>Tenant</b>").await;
    let app = world.app_with(&tenant, "<script>alert(1)</script>", json!({})).await;
    let user = world.operated("GET", &format!("/api/v1/users/{user_id}"), None).await;
    assert_eq!(user["id"], user_id.as_str());
    let slug = turnkeep_domain::slug::Slug::parse("default").unwrap();
    let instance =
        turnkeep_service::registry::context::find_addressed_instance(&world.authority, &slug).unwrap();
    let consent = Consent {
        instance_id: instance.id,
        user_id: user_id.parse().unwrap(),
        tenant_id: tenant.parse().unwrap(),
        app_id: app.id.parse().unwrap(),
        scopes: ScopeSet::parse("openid read").unwrap(),
        given_at: world.authority.now(),
    };
    let store: &dyn Store = &*world.store;
    store.admit(|admits| admits.put_consent(&consent)).unwrap();

    let browser = signed_in(&world, "ada").await;
    let account = browser.get("/account").await;
    assert!(account.text().contains("&#60;script&#62;alert(1)&#60;/script&#62;"), "{}", account.text());
    assert!(!account.text().contains("<script>alert") && !account.text().contains("<b>Tenant"));
    let path = format!("/account/consents/{}/revoke", app.id);
    let eve = signed_in(&world, "eve").await;
    let form = super::browser::form_of(&eve.get("/account").await, "sign-out-form");
    assert_eq!(eve.post(&path, &[("csrf", &form.hidden[0].1)]).await.status, 404, "not hers");
    let revoked = browser.send_form(&form_to(&account, &path), &[]).await;
    assert_eq!((revoked.status, revoked.header("location")), (303, Some("/account?done=consent_revoked")));
    let after = browser.get("/account?done=consent_revoked").await;
    assert_eq!(message_of(&after).as_deref(), Some("consent_revoked"));
    assert!(!after.text().contains("alert(1)"));
    assert_eq!(browser.send_form(&form_to(&account, &path), &[]).await.status, 404, "there is none any more");
}
