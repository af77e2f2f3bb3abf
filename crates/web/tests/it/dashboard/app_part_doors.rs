//! The secrets, tokens, storage and audit of an app, for whoever may only look. Who gets there at all is in
//! `every_route`.

use serde_json::json;

use super::estate::member;
use crate::account::pages::assert_page;
use crate::world::World;

#[actix_web::test]
async fn whoever_may_only_look_sees_no_form() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let settings = json!({"scopes": "read", "reference_tokens": "administrators_only"});
    let app = world.app_with(&acme, "Orders", settings).await;
    let audrey = member(&world, &acme, "audrey", "auditor").await;
    for page in ["secrets", "tokens", "storage", "audit"] {
        let page = audrey.get(&format!("/dashboard/tenants/{acme}/apps/{}/{page}", app.id)).await;
        assert_page(&page);
        assert_eq!(page.status, 200, "{}", page.text());
        let forms = page.text().matches("<form").count();
        assert_eq!(forms, 2, "search and sign-out: {}", page.text());
    }
}
