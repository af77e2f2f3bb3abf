//! The pages on which operators look after users and operators.

use serde_json::json;
use turnkeep_testkit::page_form::text_of;

use super::estate::{member, operator};
use crate::account::browser::{Browser, form_of, message_of};
use crate::account::pages::assert_page;
use crate::account::persons::person_with_password;
use crate::world::answer::Answer;
use crate::world::{BASE_URL, World};

fn path_of(location: &str) -> &str {
    location.split('?').next().unwrap()
}

/// Where a list of people leads to for somebody.
#[track_caller]
fn path_in(list: &Answer, name: &str) -> String {
    let (before, _) = list.text().split_once(&format!(">{name}</a></th>")).unwrap();
    before.rsplit('"').nth(1).unwrap().to_owned()
}

async fn assert_signed_out(browser: &Browser<'_>) {
    let answer = browser.get("/dashboard").await;
    let location = answer.header("location").unwrap();
    assert!(location.starts_with("/account/sign-in"), "{location}");
}

#[actix_web::test]
async fn a_person_is_made_and_gets_a_link_that_is_shown_once() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let page = olga.get("/dashboard/people/new").await;
    assert_page(&page);
    let fields = [("kind", "community"), ("name", "ada"), ("display_name", "<b>Ada</b>")];
    let made = olga.submit(&page, "new-person-form", &fields).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let path = path_of(made.header("location").unwrap());
    let person = olga.get(path).await;
    assert_page(&person);
    assert!(person.text().contains("&#60;b&#62;Ada") && !person.text().contains("<b>Ada"));
    // Only internal people become operators.
    assert!(!person.text().contains("make-operator-form"), "{}", person.text());

    let welcome = olga.submit(&person, "welcome-form", &[]).await;
    assert_eq!(welcome.status, 200, "{}", welcome.text());
    assert_page(&welcome);
    assert!(welcome.text().contains("no e-mail address"), "{}", welcome.text());
    let link = text_of(welcome.text(), "welcome-link").unwrap();
    assert!(!olga.get(path).await.text().contains(&link), "it is shown only once");
    let (_, rest) = link.split_once("/account/").unwrap();
    let opened = Browser::new(&world).get(&format!("/account/{rest}")).await;
    assert_eq!(opened.status, 200, "{}", opened.text());
    assert!(opened.text().contains("ada"), "{}", opened.text());
}

#[actix_web::test]
async fn a_page_that_is_loaded_anew_leaves_the_link_that_it_showed_as_it_is() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let path = format!("/dashboard/people/{}", person_with_password(&world, "ada").await);
    let person = olga.get(&path).await;
    assert!(person.text().contains("One that was made before stops working."), "{}", person.text());
    let link_on = |page: &Answer| {
        let link = text_of(page.text(), "welcome-link").unwrap();
        link.strip_prefix(BASE_URL).unwrap().to_owned()
    };
    let works = async |link: &str| {
        let opened = Browser::new(&world).get(link).await;
        opened.text().contains("set-password-form")
    };
    let shown = olga.submit(&person, "welcome-form", &[]).await;
    assert!(shown.text().contains("A link that was made before no longer works."), "{}", shown.text());
    let first = link_on(&shown);

    let again = olga.submit(&person, "welcome-form", &[]).await;
    assert_eq!((again.status, message_of(&again).as_deref()), (409, Some("request_in_progress")));
    assert!(again.text().contains("The form was sent twice") && !again.text().contains("/account/link"));
    assert!(works(&first).await);

    // Who means it makes another by the page of now.
    let second = link_on(&olga.submit(&again, "welcome-form", &[]).await);
    assert!(works(&second).await && !works(&first).await);
    let mut form = form_of(&person, "welcome-form");
    form.hidden.retain(|(name, _)| name != "once");
    assert_eq!(olga.send_form(&form, &[]).await.status, 400, "every form of ours has the field");
    assert!(works(&second).await);
}

#[actix_web::test]
async fn people_are_found_by_name_kind_and_state() {
    let world = World::new().await;
    for (kind, name) in [("internal", "ivan"), ("community", "carla"), ("system", "svc-sync")] {
        let user = json!({"kind": kind, "name": name, "display_name": name});
        world.create("/api/v1/users", user).await;
    }
    let olga = operator(&world, "olga").await;
    for (query, found) in [
        ("", &["ivan", "carla", "svc-sync", "olga"][..]),
        ("?search=car", &["carla"]),
        ("?kind=system", &["svc-sync"]),
        ("?kind=internal&search=i", &["ivan"]),
        ("?state=disabled", &[]),
    ] {
        let page = olga.get(&format!("/dashboard/people{query}")).await;
        assert_page(&page);
        for name in ["ivan", "carla", "svc-sync"] {
            let is_listed = page.text().contains(&format!("<code>{name}</code>"));
            assert_eq!(is_listed, found.contains(&name), "{query} {name}");
        }
    }
}

#[actix_web::test]
async fn what_is_wrong_with_a_person_stands_beside_its_field() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let page = olga.get("/dashboard/people/new").await;
    for (field, value, status, error) in [
        ("name", "two words", 422, "name-error"),
        ("name", "olga", 409, "name-error"),
        ("display_name", "", 422, "display-name-error"),
        ("email", "nowhere", 422, "email-error"),
        ("kind", "robot", 422, "kind-error"),
    ] {
        let usual = [("kind", "internal"), ("name", "ada"), ("display_name", "Ada"), ("email", "")];
        let mut fields: Vec<_> = usual.into_iter().filter(|(name, _)| *name != field).collect();
        fields.push((field, value));
        let refused = olga.submit(&page, "new-person-form", &fields).await;
        assert_eq!(refused.status, status, "{field}: {}", refused.text());
        assert!(refused.text().contains(&format!("id=\"{error}\"")), "{field}: {}", refused.text());
    }
}

#[actix_web::test]
async fn disabling_ends_sessions_and_what_acts_as_the_user_at_once() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "owner").await;
    let olga = operator(&world, "olga").await;
    let path = path_in(&olga.get("/dashboard/people?search=ada").await, "ada");
    let person = olga.get(&path).await;
    let disabled = olga.submit(&person, "disable-form", &[]).await;
    assert_eq!(disabled.status, 303, "{}", disabled.text());
    assert_signed_out(&ada).await;

    let person_now = olga.get(&path).await;
    assert!(!person_now.text().contains("welcome-form"), "{}", person_now.text());
    // The page of before still offers a link.
    let refused = olga.submit(&person, "welcome-form", &[]).await;
    assert_eq!((refused.status, message_of(&refused).as_deref()), (409, Some("user_disabled")));
    assert_eq!(olga.submit(&person_now, "enable-form", &[]).await.status, 303);
    assert!(olga.get(&path).await.text().contains("welcome-form"));
}

#[actix_web::test]
async fn a_person_is_signed_out_everywhere() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "owner").await;
    let olga = operator(&world, "olga").await;
    let path = path_in(&olga.get("/dashboard/people?search=ada").await, "ada");
    let person = olga.get(&path).await;
    let answer = olga.submit(&person, "sign-out-everywhere-form", &[]).await;
    assert!(answer.header("location").unwrap().ends_with("?done=signed-out"), "{}", answer.text());
    assert_signed_out(&ada).await;
}

#[actix_web::test]
async fn operators_are_made_listed_and_removed() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let user_id = person_with_password(&world, "ivan").await;
    let path = format!("/dashboard/people/{user_id}");
    let person = olga.get(&path).await;
    assert_eq!(olga.submit(&person, "make-operator-form", &[]).await.status, 303);
    let operators = olga.get("/dashboard/people/operators").await;
    assert_page(&operators);
    assert!(operators.text().contains("<code>ivan</code>") && operators.text().contains("<code>olga</code>"));
    let person = olga.get(&path).await;
    assert_eq!(olga.submit(&person, "remove-operator-form", &[]).await.status, 303);
    assert!(!olga.get("/dashboard/people/operators").await.text().contains("<code>ivan</code>"));

    // Whoever removes themselves is led to where they may still be.
    let own = olga.get(&path_in(&operators, "olga")).await;
    // Not before there is somebody else.
    for form in ["remove-operator-form", "disable-form"] {
        let refused = olga.submit(&own, form, &[]).await;
        assert_page(&refused);
        assert_eq!((refused.status, message_of(&refused).as_deref()), (409, Some("last_operator")), "{form}");
        assert!(refused.text().contains("make somebody else an operator first"), "{}", refused.text());
    }
    operator(&world, "zoe").await;
    let removed = olga.submit(&own, "remove-operator-form", &[]).await;
    assert_eq!((removed.status, removed.header("location")), (303, Some("/dashboard")));
    assert_eq!(olga.get("/dashboard/people").await.status, 404);
}

#[actix_web::test]
async fn name_and_address_are_changed_and_the_address_can_go() {
    let world = World::new().await;
    let olga = operator(&world, "olga").await;
    let user_id = person_with_password(&world, "ada").await;
    let path = format!("/dashboard/people/{user_id}");
    let record = format!("/api/v1/users/{user_id}");
    let page = olga.get(&path).await;
    let fields = [("display_name", "Ada L."), ("email", "ada@example.com")];
    assert_eq!(olga.submit(&page, "person-form", &fields).await.status, 303);
    let user = world.operated("GET", &record, None).await;
    assert_eq!((&user["display_name"], &user["email"]), (&json!("Ada L."), &json!("ada@example.com")));
    let stale = olga.submit(&page, "person-form", &[("display_name", "Eva"), ("email", "")]).await;
    assert_eq!((stale.status, message_of(&stale).as_deref()), (409, Some("stale_version")));

    let page = olga.get(&path).await;
    let welcome = olga.submit(&page, "welcome-form", &[]).await;
    assert!(welcome.text().contains("on its way to ada@example.com"), "{}", welcome.text());
    assert_eq!(
        olga.submit(&page, "person-form", &[("display_name", "Ada"), ("email", "")]).await.status,
        303
    );
    assert_eq!(world.operated("GET", &record, None).await["email"], json!(null));
}

#[actix_web::test]
async fn nobody_else_touches_people_and_no_form_works_without_its_token() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "owner").await;
    let own = ada.get(&format!("/dashboard/tenants/{acme}/edit")).await;
    let olga = operator(&world, "olga").await;
    let user_id = person_with_password(&world, "ivan").await;
    for step in
        ["", "/welcome", "/disable", "/enable", "/sign-out-everywhere", "/make-operator", "/remove-operator"]
    {
        let action = format!("/dashboard/people/{user_id}{step}");
        let mut form = form_of(&own, "tenant-form");
        form.action.clone_from(&action);
        assert_eq!(ada.send_form(&form, &[("display_name", "Mine")]).await.status, 404, "{step}");
        assert_eq!(olga.post(&action, &[("version", "1")]).await.status, 403, "{step}");
    }
    let user = world.operated("GET", &format!("/api/v1/users/{user_id}"), None).await;
    assert_eq!((&user["state"], &user["display_name"]), (&json!("active"), &json!("ivan")));
}
