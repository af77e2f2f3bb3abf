//! Instances, signing keys, nodes and the review: for operators, and for nobody else.

use serde_json::json;
use turnkeep_guard::resource::guard_state::GuardState;
use turnkeep_guard::resource::resource_guard::fixed;
use turnkeep_testkit::page_form::text_of;

use super::estate::{member, operator};
use crate::account::browser::{Browser, csrf_of, message_of};
use crate::account::pages::assert_page;
use crate::account::persons::PASSWORD;
use crate::world::{BASE_URL, World};

/// The box that is ticked before an instance is disabled.
const MEANT: [(&str, &str); 1] = [("instance_stops", "on")];

#[actix_web::test]
async fn nobody_but_operators_finds_them() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let (ada, olga) = (member(&world, &acme, "ada", "owner").await, operator(&world, "olga").await);
    for page in ["instances", "keys", "node", "review"] {
        let path = format!("/dashboard/{page}");
        assert_eq!(ada.get(&path).await.status, 404, "{page}");
        let shown = olga.get(&path).await;
        assert_eq!(shown.status, 200, "{page}: {}", shown.text());
        assert_page(&shown);
        assert!(shown.text().contains(&format!("id=\"nav-{page}\" href=\"{path}\" aria-current=\"page\"")));
    }
    let keys = olga.get("/dashboard/keys").await;
    let token = csrf_of(&ada.get(&format!("/dashboard/tenants/{acme}/apps")).await);
    let rotation = [("csrf", token.as_str()), ("algorithm", "ES256")];
    assert_eq!(ada.post("/dashboard/keys/rotate", &rotation).await.status, 404);
    assert_eq!(Browser::new(&world).post("/dashboard/keys/rotate", &rotation).await.status, 303);
    assert_eq!(
        olga.get("/dashboard/keys").await.text().matches("<tr ").count(),
        keys.text().matches("<tr ").count()
    );
}

#[actix_web::test]
async fn an_operator_has_another_key_made_which_does_not_sign_yet() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let page = olga.get("/dashboard/keys").await;
    assert!(page.text().contains("signs since") && !page.text().contains("signs later"), "{}", page.text());
    let done = olga.submit(&page, "rotate-form-1", &[]).await;
    assert_eq!((done.status, done.header("location")), (303, Some("/dashboard/keys?done=rotated")));
    let page = olga.get("/dashboard/keys?done=rotated").await;
    assert!(page.text().contains("signs later") && page.text().contains("id=\"notice\""), "{}", page.text());
    let trail = world.operated("GET", "/api/v1/audit-events?action=signing_keys.rotate", None).await;
    assert!(trail["items"][0]["actor"].as_str().unwrap().starts_with("usr_"), "{trail}");
}

#[actix_web::test]
async fn a_node_says_what_passes_and_from_where_on_less_does() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let page = olga.get("/dashboard/node").await;
    assert!(page.text().contains("id=\"no-guard\""), "{}", page.text());
    world.state.watch_by(fixed(GuardState::Slow));
    let page = olga.get("/dashboard/node").await;
    assert_page(&page);
    for text in [
        "id=\"guard-state\">slow",
        "id=\"level-slow\" role=\"row\" aria-current=\"true\"",
        "The management API, sign-in and pages wait about 0.2 seconds first.",
        "Time in which something waits for a processor",
        "data-label=\"Slow from\">90 %</td>",
        "data-label=\"Reject from\">1000 ms</td>",
    ] {
        assert!(page.text().contains(text), "{text}: {}", page.text());
    }
}

#[actix_web::test]
async fn an_instance_is_made_coloured_turned_off_and_on() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let list = olga.get("/dashboard/instances").await;
    let fields = [("slug", "acme"), ("name", "<i>Acme</i>"), ("accent", "teal")];
    let made = olga.submit(&list, "new-instance-form", &fields).await;
    assert_eq!(made.status, 303, "{}", made.text());
    assert!(Browser::new(&world).get("/i/acme/account/sign-in").await.text().contains("accent-teal"));

    let list = olga.get("/dashboard/instances").await;
    assert!(list.text().contains("&#60;i&#62;Acme"), "{}", list.text());
    let (_, rest) = list
        .text()
        .split_once("&#60;i&#62;Acme")
        .map(|(before, _)| before.rsplit_once("href=\"").unwrap())
        .unwrap();
    let path = rest.split('"').next().unwrap().to_owned();
    let page = olga.get(&path).await;
    assert_page(&page);
    let saved = olga.submit(&page, "instance-form", &[("name", "Acme"), ("accent", "rose")]).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    // Made of what was there before somebody else saved.
    let stale = olga.submit(&page, "instance-form", &[("name", "Late"), ("accent", "rose")]).await;
    assert_eq!(stale.status, 409);
    assert!(stale.text().contains("data-code=\"stale_version\""), "{}", stale.text());
    // Where no field is wrong, the reader begins at the message.
    let said = "<title>Error: ";
    assert!(stale.text().contains(said) && stale.text().contains("role=\"alert\" tabindex=\"-1\" autofocus"));

    let unasked = olga.submit(&olga.get(&path).await, "switch-form", &[]).await;
    assert_eq!(unasked.status, 422, "{}", unasked.text());
    assert_page(&unasked);
    assert!(unasked.text().contains("id=\"instance-stops-error\""), "{}", unasked.text());
    assert_eq!(Browser::new(&world).get("/i/acme/account/sign-in").await.status, 200);
    let off = olga.submit(&olga.get(&path).await, "switch-form", &MEANT).await;
    assert_eq!(off.status, 303, "{}", off.text());
    assert_eq!(Browser::new(&world).get("/i/acme/account/sign-in").await.status, 404);
    olga.submit(&olga.get(&path).await, "switch-form", &[]).await;
    assert_eq!(Browser::new(&world).get("/i/acme/account/sign-in").await.status, 200);
}

/// The path of the page of an instance of this name.
async fn instance_path(olga: &Browser<'_>, name: &str) -> String {
    let list = olga.get("/dashboard/instances").await;
    let (before, _) = list.text().split_once(&format!("\">{name}</a>")).unwrap();
    before.rsplit_once("href=\"").unwrap().1.to_owned()
}

#[actix_web::test]
async fn an_instance_says_how_its_first_operator_gets_into_its_own_dashboard() {
    let world = World::new().await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    let olga = operator(&world, "olga").await;
    let path = instance_path(&olga, "Acme").await;
    let page = olga.get(&path).await;
    assert_page(&page);
    assert!(page.text().contains("id=\"dashboard-link\" href=\"/i/acme/dashboard\""), "{}", page.text());
    // A session counts in its own instance only.
    let foreign = olga.get("/i/acme/dashboard").await;
    assert!(foreign.header("location").unwrap().starts_with("/i/acme/account/sign-in"), "{}", foreign.text());

    let once = olga.submit(&page, "first-operator-form", &[]).await;
    assert_page(&once);
    assert_eq!((once.status, once.header("cache-control")), (200, Some("no-store")));
    let (_, rest) = once.text().split_once("id=\"operator-link\">").unwrap();
    let link = rest.split('<').next().unwrap().strip_prefix(BASE_URL).unwrap().to_owned();
    for told in [
        page.text().contains("One that was made before stops working."),
        once.text().contains("A link that was made before no longer works."),
    ] {
        assert!(told, "{}", once.text());
    }
    // The page of the link, loaded anew: that link is the one that works.
    let again = olga.submit(&page, "first-operator-form", &[]).await;
    assert_eq!((again.status, message_of(&again).as_deref()), (409, Some("request_in_progress")));
    assert!(again.text().contains("The form was sent twice") && !again.text().contains("/account/link"));
    let trail = world.operated("GET", "/i/acme/api/v1/audit-events?action=operator.link", None).await;
    assert!(trail["items"][0]["actor"].as_str().unwrap().starts_with("usr_"), "{trail}");

    let adam = Browser::new(&world);
    let fields = [("user_name", "adam"), ("display_name", "Adam"), ("new_password", PASSWORD)];
    let made = adam.submit(&adam.get(&link).await, "set-password-form", &fields).await;
    assert_eq!((made.status, made.header("location")), (303, Some("/i/acme/dashboard")), "{}", made.text());
    assert_page(&adam.get("/i/acme/dashboard").await);

    let late = olga.submit(&page, "first-operator-form", &[]).await;
    assert_eq!(late.status, 409, "{}", late.text());
    assert!(!late.text().contains("/account/link"), "{}", late.text());
    let page = olga.get(&path).await;
    assert_page(&page);
    assert!(page.text().contains("<code>adam</code>") && !page.text().contains("first-operator-form"));
    let command = text_of(page.text(), "link-command").unwrap();
    assert_eq!(command, "turnkeep user link NAME --instance acme");
    for said in ["on the server’s own files", "<code>--data</code>", "<code>demo-data</code>"] {
        assert!(page.text().contains(said), "{said}: {}", page.text());
    }

    olga.submit(&page, "switch-form", &MEANT).await;
    let page = olga.get(&path).await;
    assert!(!page.text().contains("dashboard-link") && !page.text().contains("adam"), "{}", page.text());
    let own = olga.get(&instance_path(&olga, "Platform").await).await;
    assert!(own.text().contains("You are in it.") && !own.text().contains("first-operator-form"));
}

#[actix_web::test]
async fn an_operator_of_another_instance_makes_no_links_into_it_or_others() {
    let world = World::new().await;
    world.create("/api/v1/instances", json!({"slug": "acme", "name": "Acme"})).await;
    world.create("/api/v1/instances", json!({"slug": "bolt", "name": "Bolt"})).await;
    let olga = operator(&world, "olga").await;
    let bolt = instance_path(&olga, "Bolt").await;
    let acme = instance_path(&olga, "Acme").await;
    let once = olga.submit(&olga.get(&acme).await, "first-operator-form", &[]).await;
    let (_, rest) = once.text().split_once("id=\"operator-link\">").unwrap();
    let link = rest.split('<').next().unwrap().strip_prefix(BASE_URL).unwrap().to_owned();
    let adam = Browser::new(&world);
    let fields = [("user_name", "adam"), ("display_name", "Adam"), ("new_password", PASSWORD)];
    adam.submit(&adam.get(&link).await, "set-password-form", &fields).await;
    let csrf = csrf_of(&adam.get("/i/acme/dashboard").await);
    for path in [&bolt, &acme] {
        let sent = adam.post(&format!("/i/acme{path}/first-operator"), &[("csrf", &csrf)]).await;
        assert_eq!(sent.status, 404, "{}", sent.text());
    }
}

#[actix_web::test]
async fn a_made_up_link_cannot_say_that_an_active_instance_is_disabled() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let path = instance_path(&olga, "Platform").await;
    for (word, is_said) in [("disabled", false), ("enabled", true), ("saved", true)] {
        let page = olga.get(&format!("{path}?done={word}")).await;
        assert_eq!(page.text().contains("id=\"notice\""), is_said, "{word}");
    }
}

#[actix_web::test]
async fn what_is_wrong_with_an_instance_stands_beside_its_field() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let list = olga.get("/dashboard/instances").await;
    for (fields, status, beside) in [
        ([("slug", "A C"), ("name", "Acme"), ("accent", "teal")], 422, "slug-error"),
        ([("slug", "acme"), ("name", ""), ("accent", "teal")], 422, "name-error"),
        ([("slug", "acme"), ("name", "Acme"), ("accent", "plaid")], 422, "accent-error"),
        ([("slug", "default"), ("name", "Acme"), ("accent", "teal")], 409, "slug-error"),
    ] {
        let refused = olga.submit(&list, "new-instance-form", &fields).await;
        assert_eq!(refused.status, status, "{fields:?}");
        assert_page(&refused);
        assert!(refused.text().contains(&format!("id=\"{beside}\"")), "{fields:?}: {}", refused.text());
    }
    let own = olga.get("/dashboard/instances").await;
    let (_, rest) = own.text().split_once("<a href=\"/dashboard/instances/").unwrap();
    let page = olga.get(&format!("/dashboard/instances/{}", rest.split('"').next().unwrap())).await;
    assert!(!page.text().contains("switch-form"), "the default instance stays");
}

#[actix_web::test]
async fn the_review_names_what_deserves_a_look() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "Orphan", json!({})).await;
    let olga = operator(&world, "olga").await;
    let all = olga.get("/dashboard/review").await;
    assert!(all.text().contains(&app.id) && all.text().contains("no owner"), "{}", all.text());
    let none = olga.get("/dashboard/review?finding=disabled_for_long").await;
    assert!(none.text().contains("id=\"no-findings\""), "{}", none.text());
}
