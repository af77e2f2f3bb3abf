//! Members and invitations on their page.

use serde_json::{Value, json};
use turnkeep_testkit::page_form::text_of;

use super::estate::{member, operator, user_id};
use crate::account::browser::{Browser, csrf_of, form_of, form_to, link_of, message_of};
use crate::account::pages::assert_page;
use crate::account::persons::{PASSWORD, person_with_password, set_password, signed_in};
use crate::world::answer::Answer;
use crate::world::people::text;
use crate::world::{BASE_URL, World};

async fn role_of(world: &World, tenant: &str, user_id: &str) -> Option<String> {
    let answer = world.operate("GET", &format!("/api/v1/tenants/{tenant}/members/{user_id}"), None).await;
    (answer.status == 200).then(|| text(&answer.json()["role"]))
}

async fn invitations(world: &World, tenant: &str) -> Vec<Value> {
    let path = format!("/api/v1/tenants/{tenant}/invitations?state=pending");
    world.operated("GET", &path, None).await["items"].as_array().unwrap().clone()
}

/// Somebody with an address, who can sign in.
async fn kim(world: &World) {
    let user = json!({"kind": "community", "name": "kim", "display_name": "Kim", "email": "kim@example.com"});
    world.create("/api/v1/users", user).await;
    set_password(world, "kim", PASSWORD);
}

/// The link on the page that shows it once.
#[track_caller]
fn link_on(page: &Answer) -> String {
    text_of(page.text(), "invitation-link").unwrap_or_else(|| panic!("no link: {}", page.text()))
}

#[actix_web::test]
async fn everybody_in_a_tenant_sees_its_members_and_only_some_are_offered_to_change_them() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let path = format!("/dashboard/tenants/{acme}/members");
    let owner = member(&world, &acme, "olive", "owner").await;
    let admin = member(&world, &acme, "abe", "admin").await;
    let developer = member(&world, &acme, "dora", "developer").await;
    let auditor = member(&world, &acme, "audrey", "auditor").await;
    let operator = operator(&world, "olga").await;
    let owner_row = format!("/members/{}/role", user_id(&world, "olive").await);
    let auditor_row = format!("/members/{}/role", user_id(&world, "audrey").await);
    for (browser, who, invites, changes_owner, changes_auditor) in [
        (&owner, "owner", true, true, true),
        (&admin, "admin", true, false, true),
        (&developer, "developer", false, false, false),
        (&auditor, "auditor", false, false, false),
        (&operator, "operator", true, true, true),
    ] {
        let page = browser.get(&path).await;
        assert_page(&page);
        assert_eq!(page.status, 200, "{who}");
        for name in ["olive", "abe", "dora", "audrey"] {
            assert!(page.text().contains(&format!("<code>{name}</code>")), "{who}: {name}");
        }
        assert_eq!(page.text().contains("id=\"invite-form\""), invites, "{who}");
        assert_eq!(page.text().contains(&owner_row), changes_owner, "{who}");
        assert_eq!(page.text().contains(&auditor_row), changes_auditor, "{who}");
        // Owners are made by owners only.
        assert_eq!(page.text().contains("value=\"owner\""), changes_owner, "{who}");
    }
}

#[actix_web::test]
async fn what_a_role_does_not_include_is_refused_also_without_its_button() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    member(&world, &acme, "olive", "owner").await;
    let olive = user_id(&world, "olive").await;
    let path = format!("/dashboard/tenants/{acme}/members");
    for role in ["admin", "developer", "auditor"] {
        let browser = member(&world, &acme, role, role).await;
        let csrf = csrf_of(&browser.get(&path).await);
        let (owner, none): (&[_], &[_]) = (&[("role", "owner")], &[]);
        for (rest, fields) in
            [(format!("/{olive}/role"), owner), (format!("/{olive}/remove"), none), (String::new(), owner)]
        {
            let all = [&[("csrf", csrf.as_str()), ("version", "1"), ("user_name", "eve")], fields].concat();
            let answer = browser.post(&format!("{path}{rest}"), &all).await;
            assert_eq!(
                (answer.status, message_of(&answer).as_deref()),
                (403, Some("forbidden")),
                "{role} {rest}"
            );
        }
    }
    assert_eq!(role_of(&world, &acme, &olive).await.as_deref(), Some("owner"));
    assert_eq!(invitations(&world, &acme).await, Vec::<Value>::new());
}

#[actix_web::test]
async fn members_of_another_tenant_find_nothing_and_change_nothing() {
    let world = World::new().await;
    let (acme, bolt) = (world.tenant("", "Acme").await, world.tenant("", "Bolt").await);
    member(&world, &acme, "olive", "owner").await;
    let olive = user_id(&world, "olive").await;
    let mallory = member(&world, &bolt, "mallory", "owner").await;
    let csrf = csrf_of(&mallory.get(&format!("/dashboard/tenants/{bolt}/members")).await);
    assert_eq!(mallory.get(&format!("/dashboard/tenants/{acme}/members")).await.status, 404);
    for (tenant, rest) in [
        (&acme, "/members".to_owned()),
        (&acme, format!("/members/{olive}/role")),
        (&acme, format!("/members/{olive}/remove")),
        (&acme, "/invitations/inv_00000000000000000000000000/resend".to_owned()),
        (&acme, "/invitations/inv_00000000000000000000000000/cancel".to_owned()),
        // Nor by way of one's own tenant.
        (&bolt, format!("/members/{olive}/remove")),
        (&bolt, "/invitations/inv_00000000000000000000000000/cancel".to_owned()),
    ] {
        let fields = [("csrf", csrf.as_str()), ("version", "1"), ("role", "auditor"), ("user_name", "eve")];
        let answer = mallory.post(&format!("/dashboard/tenants/{tenant}{rest}"), &fields).await;
        assert_eq!((answer.status, message_of(&answer).as_deref()), (404, Some("not_found")), "{rest}");
    }
    assert_eq!(role_of(&world, &acme, &olive).await.as_deref(), Some("owner"));
}

#[actix_web::test]
async fn forms_from_elsewhere_change_nothing() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "owner").await;
    member(&world, &acme, "bob", "auditor").await;
    let bob = user_id(&world, "bob").await;
    let path = format!("/dashboard/tenants/{acme}");
    for rest in ["/members".to_owned(), format!("/members/{bob}/role"), format!("/members/{bob}/remove")] {
        for csrf in [None, Some("forged")] {
            let mut fields = vec![("version", "1"), ("role", "admin"), ("user_name", "eve")];
            fields.extend(csrf.map(|csrf| ("csrf", csrf)));
            let answer = ada.post(&format!("{path}{rest}"), &fields).await;
            assert_eq!(
                (answer.status, message_of(&answer).as_deref()),
                (403, Some("form_expired")),
                "{rest}"
            );
        }
    }
    assert_eq!(role_of(&world, &acme, &bob).await.as_deref(), Some("auditor"));
    assert_eq!(invitations(&world, &acme).await, Vec::<Value>::new());
}

#[actix_web::test]
async fn a_role_is_changed_once_and_a_membership_ends_at_the_next_request() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "owner").await;
    let bob_browser = member(&world, &acme, "bob", "auditor").await;
    let bob = user_id(&world, "bob").await;
    let path = format!("/dashboard/tenants/{acme}/members");

    let old_page = ada.get(&path).await;
    let form = form_to(&old_page, &format!("{path}/{bob}/role"));
    let changed = ada.send_form(&form, &[("role", "admin")]).await;
    assert_eq!(changed.header("location"), Some(&*format!("{path}?done=role-changed")));
    assert_eq!(role_of(&world, &acme, &bob).await.as_deref(), Some("admin"));
    let page = ada.get(&format!("{path}?done=role-changed")).await;
    assert!(page.text().contains("The role was changed."), "{}", page.text());

    // The form was made of a record that is not there any more.
    let stale = ada.send_form(&form, &[("role", "developer")]).await;
    assert_eq!((stale.status, message_of(&stale).as_deref()), (409, Some("stale_version")));
    assert_eq!(role_of(&world, &acme, &bob).await.as_deref(), Some("admin"));

    let form = form_to(&page, &format!("{path}/{bob}/remove"));
    let removed = ada.send_form(&form, &[]).await;
    assert_eq!(removed.header("location"), Some(&*format!("{path}?done=member-removed")));
    assert_eq!(role_of(&world, &acme, &bob).await, None);
    assert_eq!(bob_browser.get(&path).await.status, 404);
}

#[actix_web::test]
async fn the_last_owner_stays_and_others_may_leave() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "owner").await;
    let bob = member(&world, &acme, "bob", "auditor").await;
    let (ada_id, path) = (user_id(&world, "ada").await, format!("/dashboard/tenants/{acme}/members"));
    let page = ada.get(&path).await;
    for (rest, fields) in [("role", &[("role", "admin")][..]), ("remove", &[])] {
        let form = form_to(&page, &format!("{path}/{ada_id}/{rest}"));
        let refused = ada.send_form(&form, fields).await;
        assert_eq!((refused.status, message_of(&refused).as_deref()), (409, Some("last_owner")), "{rest}");
        assert_page(&refused);
        let text = "The tenant would be left without an owner.";
        assert!(refused.text().contains(text), "{}", refused.text());
    }
    assert_eq!(role_of(&world, &acme, &ada_id).await.as_deref(), Some("owner"));

    let bob_id = user_id(&world, "bob").await;
    let form = form_to(&bob.get(&path).await, &format!("{path}/{bob_id}/remove"));
    let left = bob.send_form(&form, &[]).await;
    assert_eq!((left.status, left.header("location")), (303, Some("/dashboard")));
    assert_eq!(role_of(&world, &acme, &bob_id).await, None);
}

#[actix_web::test]
async fn an_invitation_is_mailed_once_and_its_link_is_shown_once() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    kim(&world).await;
    let ada = member(&world, &acme, "ada", "owner").await;
    let path = format!("/dashboard/tenants/{acme}/members");
    let fields = [("user_name", " Kim "), ("role", "developer")];
    let form = form_of(&ada.get(&path).await, "invite-form");
    let invited = ada.send_form(&form, &fields).await;
    assert_eq!(invited.status, 200, "{}", invited.text());
    assert_page(&invited);
    let link = link_on(&invited);
    assert!(link.starts_with(&format!("{BASE_URL}/account/invitation?token=")), "{link}");
    let mails = world.mail.take();
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(mail.to, "kim@example.com");
    assert!(mail.text.contains(&link));

    let again = ada.send_form(&form, &fields).await;
    assert_eq!(again.status, 409);
    assert!(again.text().contains("id=\"invite-user-name-error\""), "{}", again.text());
    assert!(again.text().contains("value=\" Kim \""), "what was typed stays: {}", again.text());
    assert_eq!(world.mail.take(), Vec::new());
    let list = ada.get(&path).await;
    assert!(list.text().contains("<code>kim</code> as developer"), "{}", list.text());
    assert!(!list.text().contains("token="), "{}", list.text());

    // Whoever gets the link is who was invited, and becomes a member.
    let browser = signed_in(&world, "kim").await;
    let offered = browser.get(link.strip_prefix(BASE_URL).unwrap()).await;
    let offered = match offered.header("location") {
        Some(location) => browser.get(location).await,
        None => offered,
    };
    assert!(offered.text().contains("Acme"), "{}", offered.text());
}

#[actix_web::test]
async fn an_invitation_is_sent_again_with_another_link_and_taken_back() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    kim(&world).await;
    let ada = member(&world, &acme, "ada", "admin").await;
    let path = format!("/dashboard/tenants/{acme}/members");
    let page = ada.get(&path).await;
    let fields = [("user_name", "kim"), ("role", "auditor")];
    let first = link_on(&ada.submit(&page, "invite-form", &fields).await);
    let page = ada.get(&path).await;
    let resent = ada.submit(&page, "resend-form-1", &[]).await;
    assert_eq!(resent.status, 200, "{}", resent.text());
    assert_ne!(link_on(&resent), first);
    assert_eq!(world.mail.take().len(), 2);

    // The version is that of before it was sent again.
    let stale = ada.submit(&page, "cancel-form-1", &[]).await;
    assert_eq!((stale.status, message_of(&stale).as_deref()), (409, Some("stale_version")));
    let cancelled = ada.submit(&ada.get(&path).await, "cancel-form-1", &[]).await;
    assert_eq!(cancelled.header("location"), Some(&*format!("{path}?done=invitation-cancelled")));
    assert_eq!(invitations(&world, &acme).await, Vec::<Value>::new());
    assert!(ada.get(&path).await.text().contains("id=\"no-invitations\""));
}

#[actix_web::test]
async fn inviting_tells_nobody_whether_there_is_such_a_person() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    person_with_password(&world, "known").await;
    let ada = member(&world, &acme, "ada", "owner").await;
    let path = format!("/dashboard/tenants/{acme}/members");
    let mut answers = Vec::new();
    for name in ["known", "nobody"] {
        let page = ada.get(&path).await;
        let answer = ada.submit(&page, "invite-form", &[("user_name", name), ("role", "auditor")]).await;
        assert_eq!(answer.status, 200, "{name}");
        let (link, csrf) = (link_on(&answer), csrf_of(&page));
        answers.push(answer.text().replace(&link, "").replace(name, "").replace(&csrf, ""));
    }
    assert_eq!(answers[0], answers[1]);
}

#[actix_web::test]
async fn what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let ada = member(&world, &acme, "ada", "owner").await;
    let path = format!("/dashboard/tenants/{acme}/members");
    for (name, role, field) in [
        ("two words", "auditor", "invite-user-name-error"),
        ("", "auditor", "invite-user-name-error"),
        ("\"><script>alert(1)</script>\u{e9}", "auditor", "invite-user-name-error"),
        ("kim", "king", "invite-role-error"),
        ("kim", "", "invite-role-error"),
    ] {
        let page = ada.get(&path).await;
        let refused = ada.submit(&page, "invite-form", &[("user_name", name), ("role", role)]).await;
        assert_eq!(refused.status, 422, "{name}");
        assert!(refused.text().contains(&format!("id=\"{field}\"")), "{name}: {}", refused.text());
        assert!(!refused.text().contains("<script>alert"), "{}", refused.text());
    }
    assert_eq!(invitations(&world, &acme).await, Vec::<Value>::new());
}

#[actix_web::test]
async fn attack_66_names_of_members_become_no_markup() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme <script>alert(0)</script>").await;
    let ada = member(&world, &acme, "ada", "owner").await;
    let user = json!({"kind": "internal", "name": "<script>alert(1)</script>",
        "display_name": "\"><img src=x onerror=alert(2)>"});
    let id = text(&world.create("/api/v1/users", user).await["id"]);
    let put = format!("/api/v1/tenants/{acme}/members/{id}");
    world.operated("PUT", &put, Some(json!({"role": "auditor"}))).await;
    let path = format!("/dashboard/tenants/{acme}/members");
    let invited = ada
        .submit(
            &ada.get(&path).await,
            "invite-form",
            &[("user_name", "<script>alert(3)</script>"), ("role", "auditor")],
        )
        .await;
    for page in [ada.get(&path).await, invited] {
        assert_eq!(page.status, 200);
        assert!(!page.text().contains("<script>alert") && !page.text().contains("<img"), "{}", page.text());
        assert!(page.text().contains("&#60;script&#62;alert"), "{}", page.text());
    }
}

#[actix_web::test]
async fn many_members_come_page_by_page_in_the_order_of_their_names() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let olga = operator(&world, "olga").await;
    // The order of their names is not that of their making.
    for number in (0..53).rev() {
        let user = json!({"kind": "internal", "name": format!("m{number:02}"), "display_name": "M"});
        let id = text(&world.create("/api/v1/users", user).await["id"]);
        let put = format!("/api/v1/tenants/{acme}/members/{id}");
        world.operated("PUT", &put, Some(json!({"role": "auditor"}))).await;
    }
    let names = |page: &Answer| -> Vec<String> {
        let cells = page.text().split("data-label=\"User name\"><code>").skip(1);
        cells.map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
    };
    let first = olga.get(&format!("/dashboard/tenants/{acme}/members")).await;
    let second = olga.get(&link_of(&first, "next-link").unwrap()).await;
    assert!(!second.text().contains("next-link"));
    let all = [names(&first), names(&second)].concat();
    let expected: Vec<_> = (0..53).map(|number| format!("m{number:02}")).collect();
    assert_eq!((all, names(&first).len()), (expected, 50));
}

#[actix_web::test]
async fn an_operator_invites_the_first_owner_of_a_new_tenant() {
    let world = World::new().await;
    let acme = world.tenant("", "Acme").await;
    let olga = operator(&world, "olga").await;
    let path = format!("/dashboard/tenants/{acme}/members");
    let empty = olga.get(&path).await;
    assert!(empty.text().contains("id=\"no-members\""), "{}", empty.text());
    let invited = olga.submit(&empty, "invite-form", &[("user_name", "kim"), ("role", "owner")]).await;
    assert_eq!(invited.status, 200, "{}", invited.text());
    assert_eq!(invitations(&world, &acme).await[0]["role"], "owner");
    let nobody = Browser::new(&world).get(&path).await;
    assert_eq!(nobody.status, 303);
}
