//! Members, operators, invitations and the tokens of people, on the wire.

use serde_json::{Value, json};

use crate::world::World;
use crate::world::answer::Answer;
use crate::world::people::{member, person, text, token_of};
use crate::world::requests::{bearer, request};

const USERS: &str = "/api/v1/users";

fn is_private(answer: &Answer) {
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{}", answer.text());
}

/// What every item of a list says about one thing.
fn column(list: &Value, name: &str) -> Vec<Value> {
    list["items"].as_array().unwrap().iter().map(|item| item[name].clone()).collect()
}

#[actix_web::test]
async fn me_is_who_calls_in_each_reach() {
    let world = World::bare();
    let acme = world.tenant("", "Acme").await;
    let (auditor, token) = member(&world, &acme, "ann", "auditor").await;
    let nobody = person(&world, "nobody").await;
    let stranger = token_of(&world, &nobody, None).await;
    let answer = world.call(&token, "GET", "/api/v1/me", None).await;
    is_private(&answer);
    let me = answer.json();
    assert_eq!(
        (me["actor"].clone(), me["reach"].clone(), me["tenant_id"].clone(), me["role"].clone()),
        (json!(auditor), json!("tenant"), json!(acme), json!("auditor"))
    );
    assert!(me["permissions"].as_array().unwrap().contains(&json!("members.read")));
    let me = world.call(&stranger, "GET", "/api/v1/me", None).await.json();
    let expected = json!({
        "actor": nobody, "reach": "nowhere", "tenant_id": null, "role": null, "permissions": []
    });
    assert_eq!(me, expected);
    let me = world.operated("GET", "/api/v1/me", None).await;
    assert_eq!(me["reach"], "platform");
    assert!(me["permissions"].as_array().unwrap().contains(&json!("instance.operate")));
    for path in ["/api/v1/tenants", "/api/v1/plans", "/api/v1/regions", "/api/v1/users", "/api/v1/apps"] {
        let refused = world.call(&stranger, "GET", path, None).await;
        assert_eq!(refused.problem(), (403, "forbidden".to_owned()), "{path}");
    }
}

#[actix_web::test]
async fn members_are_put_changed_listed_and_removed() {
    let world = World::bare();
    let acme = world.tenant("", "Acme").await;
    let (_, owner) = member(&world, &acme, "owner", "owner").await;
    let ann = person(&world, "ann").await;
    let members = format!("/api/v1/tenants/{acme}/members");
    let path = format!("{members}/{ann}");
    let put = |role: &str| Some(json!({"role": role}));
    let unknown = world.call(&owner, "PUT", &path, put("auditor")).await;
    assert_eq!(unknown.problem(), (404, "not_found".to_owned()));
    let added = world.operate("PUT", &path, put("auditor")).await;
    is_private(&added);
    let first = added.json()["version"].as_i64().unwrap();
    let tag = format!("\"{first}\"");
    assert_eq!((added.status, added.header("etag")), (200, Some(&*tag)));
    let changed = world.call(&owner, "PUT", &path, put("admin")).await;
    assert_eq!((changed.status, changed.header("etag")), (200, Some(&*format!("\"{}\"", first + 1))));
    assert_eq!(world.call(&owner, "GET", &path, None).await.json(), changed.json());
    let tag = ("If-Match", tag);
    let stale = world.send(request("DELETE", &path).insert_header(bearer(&owner)).insert_header(tag)).await;
    assert_eq!(stale.problem(), (412, "stale_version".to_owned()));
    for (query, expected) in
        [("?sort=name", vec!["ann", "owner"]), ("?role=owner", vec!["owner"]), ("?role=developer", vec![])]
    {
        let list = world.call(&owner, "GET", &format!("{members}{query}"), None).await;
        is_private(&list);
        assert_eq!(column(&list.json(), "user_name"), expected, "{query}");
    }
    let nonsense = world.call(&owner, "GET", &format!("{members}?role=god"), None).await;
    assert_eq!((nonsense.problem().0, nonsense.blamed_fields()), (422, vec!["role".to_owned()]));
    for body in [json!({}), json!({"role": "god"}), json!({"role": "admin", "tenant_id": acme})] {
        assert_eq!(world.call(&owner, "PUT", &path, Some(body)).await.problem().0, 422);
    }
    let removed = world.call(&owner, "DELETE", &path, None).await;
    is_private(&removed);
    assert_eq!(removed.status, 204);
    assert_eq!(world.call(&owner, "GET", &path, None).await.problem().0, 404);
}

#[actix_web::test]
async fn refusals_about_members_have_codes_of_their_own() {
    let world = World::bare();
    let acme = world.tenant("", "Acme").await;
    let (owner_id, owner) = member(&world, &acme, "owner", "owner").await;
    let (admin_id, admin) = member(&world, &acme, "admin", "admin").await;
    let (_, auditor) = member(&world, &acme, "auditor", "auditor").await;
    let service = json!({"kind": "system", "name": "svc", "display_name": "Service"});
    let service = text(&world.create(USERS, service).await["id"]);
    let path = |id: &str| format!("/api/v1/tenants/{acme}/members/{id}");
    let operator = world.token(&world.operator).await;
    for (token, id, role, expected) in [
        (&owner, &owner_id, "admin", (409, "last_owner")),
        (&admin, &owner_id, "admin", (403, "forbidden")),
        (&admin, &admin_id, "owner", (403, "forbidden")),
        (&auditor, &admin_id, "auditor", (403, "forbidden")),
        (&operator, &service, "auditor", (409, "system_user")),
    ] {
        let answer = world.call(token, "PUT", &path(id), Some(json!({"role": role}))).await;
        let (status, code) = answer.problem();
        assert_eq!((status, code.as_str()), expected, "{role}");
    }
}

#[actix_web::test]
async fn an_invitation_shows_its_token_once_and_is_accepted_once() {
    let world = World::bare();
    let acme = world.tenant("", "Acme").await;
    let (_, owner) = member(&world, &acme, "owner", "owner").await;
    let invitations = format!("/api/v1/tenants/{acme}/invitations");
    let body = Some(json!({"user_name": "Ann", "role": "developer"}));
    let created = world.call(&owner, "POST", &invitations, body.clone()).await;
    is_private(&created);
    assert_eq!((created.status, created.header("etag")), (201, Some("\"1\"")), "{}", created.text());
    let (id, first) = (text(&created.json()["id"]), text(&created.json()["token"]));
    let path = format!("{invitations}/{id}");
    assert_eq!(created.header("location"), Some(format!("https://id.example.com{path}").as_str()));
    assert_eq!(
        (created.json()["state"].clone(), created.json()["user_name"].clone()),
        (json!("pending"), json!("ann"))
    );
    let twice = world.call(&owner, "POST", &invitations, body).await;
    assert_eq!(twice.problem(), (409, "already_invited".to_owned()));
    let resent = world.call(&owner, "POST", &format!("{path}/resend"), None).await;
    assert_eq!((resent.status, resent.header("etag")), (201, Some("\"2\"")));
    let second = text(&resent.json()["token"]);
    assert!(first.starts_with("tkin_") && second.starts_with("tkin_") && first != second);
    let ann = person(&world, "ann").await;
    let stranger = token_of(&world, &ann, None).await;
    let accept = async |token: &str, handle: &str| {
        world.call(token, "POST", "/api/v1/invitations/accept", Some(json!({"token": handle}))).await
    };
    for (token, handle) in [
        (&stranger, first.as_str()),
        (&stranger, "tkin_x"),
        (&stranger, ""),
        (&stranger, "x".repeat(10_000).as_str()),
        (&owner, second.as_str()),
    ] {
        assert_eq!(accept(token, handle).await.problem(), (404, "not_found".to_owned()));
    }
    let accepted = accept(&stranger, &second).await;
    is_private(&accepted);
    assert_eq!(accepted.status, 201, "{}", accepted.text());
    assert_eq!(accepted.json()["role"], "developer");
    let location = format!("https://id.example.com/api/v1/tenants/{acme}/members/{ann}");
    assert_eq!(accepted.header("location"), Some(location.as_str()));
    let again = accept(&stranger, &second).await.problem();
    assert_eq!(again, (409, "invitation_accepted".to_owned()));
    let cancelled = world.call(&owner, "DELETE", &path, None).await;
    assert_eq!(cancelled.problem(), (409, "invitation_accepted".to_owned()));
    for reading in [path, invitations] {
        let shown = world.call(&owner, "GET", &reading, None).await;
        is_private(&shown);
        assert!(!shown.text().contains("tkin_") && !shown.text().contains("hash"), "{}", shown.text());
    }
}

#[actix_web::test]
async fn invitations_are_cancelled_and_listed_by_state() {
    let world = World::bare();
    let acme = world.tenant("", "Acme").await;
    let invitations = format!("/api/v1/tenants/{acme}/invitations");
    let invite =
        async |name: &str| world.create(&invitations, json!({"user_name": name, "role": "auditor"})).await;
    invite("late").await;
    world.advance(72 * 3_600);
    let (gone, _open) = (invite("gone").await, invite("open").await);
    let cancelled = world.operate("DELETE", &format!("{invitations}/{}", text(&gone["id"])), None).await;
    is_private(&cancelled);
    assert_eq!(cancelled.status, 204);
    for (query, expected) in [
        ("?sort=name", vec!["gone", "late", "open"]),
        ("?state=pending", vec!["open"]),
        ("?state=cancelled", vec!["gone"]),
        ("?state=expired", vec!["late"]),
        ("?state=accepted", vec![]),
        ("?state=pending&role=owner", vec![]),
    ] {
        let list = world.operated("GET", &format!("{invitations}{query}"), None).await;
        assert_eq!(column(&list, "user_name"), expected, "{query}");
    }
    for (body, blamed) in [
        (json!({"user_name": "a b", "role": "auditor"}), "user_name"),
        (json!({"user_name": "ann", "role": "god"}), "role"),
        (json!({"user_name": "ann", "role": "owner", "state": "accepted"}), "state"),
        (json!({"role": "owner"}), "user_name"),
    ] {
        let refused = world.operate("POST", &invitations, Some(body)).await;
        assert_eq!((refused.problem().0, refused.blamed_fields()), (422, vec![blamed.to_owned()]));
    }
}

#[actix_web::test]
async fn operators_are_made_listed_and_unmade() {
    let world = World::bare();
    let ann = person(&world, "ann").await;
    let token = token_of(&world, &ann, None).await;
    let path = format!("/api/v1/operators/{ann}");
    assert_eq!(world.call(&token, "PUT", &path, None).await.problem(), (403, "forbidden".to_owned()));
    for body in [json!({"zzz": 1}), json!([])] {
        let refused = world.operate("PUT", &path, Some(body)).await;
        assert_eq!(refused.problem(), (422, "invalid_fields".to_owned()));
    }
    let customer = json!({"kind": "community", "name": "cat", "display_name": "Cat"});
    let customer = world.create("/api/v1/users", customer).await;
    let refused = world.operate("PUT", &format!("/api/v1/operators/{}", text(&customer["id"])), None).await;
    assert_eq!(refused.problem(), (409, "community_user".to_owned()));
    let added = world.operate("PUT", &path, None).await;
    is_private(&added);
    assert_eq!((added.status, added.json()["user_name"].clone()), (200, json!("ann")));
    let list = world.call(&token, "GET", "/api/v1/operators", None).await;
    is_private(&list);
    assert_eq!(column(&list.json(), "user_id"), [json!(ann)]);
    // Nobody leaves the instance without somebody who operates it, whichever way they try.
    for (method, path) in [("DELETE", &path), ("POST", &format!("{USERS}/{ann}/disable"))] {
        let refused = world.call(&token, method, path, None).await;
        assert_eq!(refused.problem(), (409, "last_operator".to_owned()), "{path}");
    }
    let second = person(&world, "zoe").await;
    world.operated("PUT", &format!("/api/v1/operators/{second}"), None).await;
    let removed = world.call(&token, "DELETE", &path, None).await;
    assert_eq!(removed.status, 204);
    // The operator's app goes on without any person.
    assert_eq!(world.operate("DELETE", &format!("/api/v1/operators/{second}"), None).await.status, 204);
    let reach = world.call(&token, "GET", "/api/v1/me", None).await.json()["reach"].clone();
    assert_eq!(reach, "nowhere");
    assert_eq!(world.operate("DELETE", &path, None).await.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn a_management_token_is_shown_once_and_ends_with_its_revocation() {
    let world = World::bare();
    let acme = world.tenant("", "Acme").await;
    let ann = person(&world, "ann").await;
    let tokens = format!("{USERS}/{ann}/tokens");
    let issued = world.operate("POST", &tokens, Some(json!({"lifetime_seconds": 43_200}))).await;
    is_private(&issued);
    assert_eq!(issued.status, 201, "{}", issued.text());
    let (id, token) = (text(&issued.json()["id"]), text(&issued.json()["token"]));
    assert!(token.starts_with("tkmt_"));
    let list = world.operate("GET", &tokens, None).await;
    is_private(&list);
    assert_eq!(column(&list.json(), "state"), ["live"]);
    assert!(!list.text().contains("tkmt_") && !list.text().contains("hash"), "{}", list.text());
    assert_eq!(world.call(&token, "GET", "/api/v1/me", None).await.status, 200);
    let revoked = world.operate("DELETE", &format!("{tokens}/{id}"), None).await;
    is_private(&revoked);
    assert_eq!(revoked.status, 204);
    let refused = world.call(&token, "GET", "/api/v1/me", None).await;
    assert_eq!(refused.problem(), (401, "invalid_token".to_owned()));
    let again = world.operate("DELETE", &format!("{tokens}/{id}"), None).await;
    assert_eq!(again.problem(), (404, "not_found".to_owned()));
    for (state, count) in [("live", 0), ("revoked", 1), ("expired", 0)] {
        let list = world.operated("GET", &format!("{tokens}?state={state}"), None).await;
        assert_eq!(list["items"].as_array().unwrap().len(), count, "{state}");
    }
    for (body, status, blamed) in [
        (json!({"lifetime_seconds": 43_201}), 422, "lifetime_seconds"),
        (json!({"lifetime_seconds": 59}), 422, "lifetime_seconds"),
        (json!({"tenant_id": "x"}), 422, "tenant_id"),
        (json!({"tenant_id": acme}), 422, "tenant_id"),
        (json!({"tenant_id": "ten_00000000000000000000000000"}), 422, "tenant_id"),
        (json!({"user_id": ann}), 422, "user_id"),
    ] {
        let refused = world.operate("POST", &tokens, Some(body)).await;
        assert_eq!((refused.problem().0, refused.blamed_fields()), (status, vec![blamed.to_owned()]));
    }
}

#[actix_web::test]
async fn disabling_a_user_ends_its_live_token_at_the_next_request() {
    let world = World::bare();
    let acme = world.tenant("", "Acme").await;
    let (ann, token) = member(&world, &acme, "ann", "admin").await;
    let path = format!("/api/v1/tenants/{acme}");
    assert_eq!(world.call(&token, "GET", &path, None).await.status, 200);
    world.operated("POST", &format!("{USERS}/{ann}/disable"), None).await;
    let refused = world.call(&token, "GET", &path, None).await;
    assert_eq!(refused.problem(), (401, "invalid_token".to_owned()));
    assert!(refused.header("www-authenticate").unwrap().contains("invalid_token"));
    let issued = world.operate("POST", &format!("{USERS}/{ann}/tokens"), Some(json!({}))).await;
    assert_eq!(issued.problem(), (409, "user_disabled".to_owned()));
}

#[actix_web::test]
async fn a_user_is_renamed_under_its_version_and_in_nothing_else() {
    let world = World::bare();
    let ann = person(&world, "ann").await;
    let path = format!("{USERS}/{ann}");
    let renamed = world.operate("PATCH", &path, Some(json!({"display_name": "Ann B."}))).await;
    is_private(&renamed);
    assert_eq!((renamed.status, renamed.header("etag")), (200, Some("\"2\"")));
    assert_eq!(renamed.json()["display_name"], "Ann B.");
    let unchanged = world.operate("PATCH", &path, Some(json!({}))).await;
    assert_eq!(unchanged.json(), renamed.json());
    for (body, blamed) in [
        (json!({"display_name": null}), "display_name"),
        (json!({"display_name": ""}), "display_name"),
        (json!({"name": "eve"}), "name"),
        (json!({"kind": "system"}), "kind"),
        (json!({"state": "disabled"}), "state"),
    ] {
        let refused = world.operate("PATCH", &path, Some(body)).await;
        assert_eq!((refused.problem().0, refused.blamed_fields()), (422, vec![blamed.to_owned()]));
    }
    let operator = world.token(&world.operator).await;
    let stale = request("PATCH", &path)
        .insert_header(bearer(&operator))
        .insert_header(("If-Match", "\"1\""))
        .insert_header(("Content-Type", "application/json"))
        .set_payload(json!({"display_name": "Eve"}).to_string());
    assert_eq!(world.send(stale).await.problem(), (412, "stale_version".to_owned()));
}

#[actix_web::test]
async fn a_repeated_request_shows_no_token_twice() {
    let world = World::bare();
    let acme = world.tenant("", "Acme").await;
    let ann = person(&world, "ann").await;
    let operator = world.token(&world.operator).await;
    for (path, body) in [
        (format!("/api/v1/tenants/{acme}/invitations"), json!({"user_name": "ann", "role": "auditor"})),
        (format!("{USERS}/{ann}/tokens"), json!({})),
    ] {
        let send = async || {
            let request = request("POST", &path)
                .insert_header(bearer(&operator))
                .insert_header(("Idempotency-Key", path.as_str()))
                .insert_header(("Content-Type", "application/json"))
                .set_payload(body.to_string());
            world.send(request).await
        };
        let (first, second) = (send().await, send().await);
        assert_eq!((first.status, second.status), (201, 201), "{}", second.text());
        assert!(first.json()["token"].is_string(), "{path}");
        let mut expected = first.json();
        expected.as_object_mut().unwrap().remove("token");
        expected["token_withheld"] = json!(true);
        assert_eq!(second.json(), expected, "{path}");
        assert_eq!(second.header("idempotency-replayed"), Some("true"));
    }
}
