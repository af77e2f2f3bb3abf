//! Every operation as everybody (attack 68): what a role does not include is refused and leaves no trace but the
//! refusal.

use std::collections::BTreeSet;

use serde_json::json;
use turnkeep_domain::membership::Role;
use turnkeep_policy::permission::{Permission, Principal, decide_permission};

use crate::attacks::estate::Estate;
use crate::attacks::operations::{Access, OPERATIONS, Row};
use crate::world::World;
use crate::world::answer::Answer;
use crate::world::databases::on_both_databases;
use crate::world::description::document;
use crate::world::people::{member, person, token_of};

on_both_databases!(
    attack_68_everybody_does_what_the_table_of_permissions_says,
    attack_68_an_operator_of_one_instance_is_nobody_in_another,
    attack_68_a_role_that_was_taken_away_no_longer_counts_at_the_next_request,
);

/// Somebody who walks.
struct Walker {
    name: &'static str,
    actor: String,
    token: String,
    /// `None` for somebody who is nothing anywhere.
    principal: Option<Principal>,
}

impl Walker {
    fn may(&self, access: Access) -> bool {
        let has = |permission| {
            self.principal.is_some_and(|principal| decide_permission(principal, permission).is_ok())
        };
        match access {
            Access::Anyone => true,
            Access::With(permission) => has(permission),
            Access::Platform => has(Permission::Operate),
            Access::AppItself => self.is_app(),
            Access::Meters => false,
        }
    }

    fn is_app(&self) -> bool {
        self.actor.starts_with("app_")
    }

    /// How what it may not do is refused.
    fn refusal(&self, access: Access) -> (u16, String) {
        let (status, code) = match access {
            Access::Anyone | Access::With(_) | Access::Platform => (403, "forbidden"),
            Access::Meters if self.is_app() => (403, "insufficient_scope"),
            Access::AppItself | Access::Meters => (401, "invalid_token"),
        };
        (status, code.to_owned())
    }

    async fn call(&self, world: &World, (method, template, _, body): &Row, estate: &Estate) -> Answer {
        let body = (!body.is_empty()).then(|| serde_json::from_str(body).unwrap());
        world.call(&self.token, method, &estate.path(template), body).await
    }
}

async fn walkers(world: &World, tenant: &str) -> Vec<Walker> {
    let mut walkers = Vec::new();
    for role in Role::ALL {
        let (actor, token) = member(world, tenant, role.as_str(), role.as_str()).await;
        walkers.push(Walker { name: role.as_str(), actor, token, principal: Some(Principal::Member(role)) });
    }
    for (name, scope, role) in [
        ("an app that manages", "turnkeep.manage", Role::Developer),
        ("an app that reads", "turnkeep.read", Role::Auditor),
    ] {
        let app = world.app_with(tenant, name, json!({"scopes": scope})).await;
        let token = world.token(&app).await;
        walkers.push(Walker { name, actor: app.id, token, principal: Some(Principal::Member(role)) });
    }
    let nobody = person(world, "nobody").await;
    let token = token_of(world, &nobody, None).await;
    walkers.push(Walker { name: "nobody", actor: nobody, token, principal: None });
    let operator = person(world, "operator").await;
    world.operated("PUT", &format!("/api/v1/operators/{operator}"), None).await;
    let token = token_of(world, &operator, None).await;
    walkers.push(Walker { name: "operator", actor: operator, token, principal: Some(Principal::Operator) });
    walkers
}

fn without_query(path: &str) -> String {
    path.split('?').next().unwrap().to_owned()
}

#[test]
fn attack_68_the_walk_passes_every_operation() {
    let paths = document()["paths"].as_object().unwrap();
    let described: BTreeSet<(String, String)> = paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(move |verb| (verb.to_ascii_uppercase(), path.clone()))
        })
        .collect();
    let walked: BTreeSet<(String, String)> =
        OPERATIONS.iter().map(|(method, path, ..)| ((*method).to_owned(), without_query(path))).collect();
    assert_eq!(walked, described, "an operation has no row in the table of this walk, or is no more");
}

async fn attack_68_everybody_does_what_the_table_of_permissions_says(world: World) {
    let estate = Estate::of_tenant(&world, "Acme").await;
    let absent = Estate::absent();
    let tenant = estate.path("/tenants/{id}");
    world.operated("PATCH", &tenant, Some(json!({"app_limit": 10}))).await;
    let walkers = walkers(&world, estate.id("tenants")).await;
    for walker in &walkers {
        for row in OPERATIONS {
            let (method, path, access, _) = *row;
            let step = format!("{}: {method} {path} {}", walker.name, row.3);
            if !walker.may(access) {
                let refused = walker.call(&world, row, &estate).await;
                assert_eq!(refused.problem(), walker.refusal(access), "{step}");
            } else if method == "GET" {
                let shown = walker.call(&world, row, &estate).await;
                assert_eq!(shown.status, 200, "{step}: {}", shown.text());
            } else {
                // Something that is not there, so that everything is left for the next one.
                let allowed = walker.call(&world, row, &absent).await;
                assert!(![401, 403, 405].contains(&allowed.status), "{step}: {}", allowed.text());
                assert!(allowed.status < 500, "{step}: {}", allowed.text());
            }
        }
    }
    world.keep_books();
    for walker in walkers.iter().filter(|walker| walker.principal != Some(Principal::Operator)) {
        let events = format!("/api/v1/audit-events?outcome=done&actor={}", walker.actor);
        assert_eq!(world.operated("GET", &events, None).await["items"], json!([]), "{}", walker.name);
        let events = format!("/api/v1/audit-events?outcome=refused&code=forbidden&actor={}", walker.actor);
        let refused = world.operated("GET", &events, None).await;
        assert!(!refused["items"].as_array().unwrap().is_empty(), "{}: refusals are noted", walker.name);
    }
    for walker in walkers.iter().filter(|walker| walker.actor.starts_with("usr_")) {
        world.operated("POST", &format!("/api/v1/users/{}/disable", walker.actor), None).await;
        for row in OPERATIONS {
            let refused = walker.call(&world, row, &estate).await;
            let step = format!("disabled {}: {} {}", walker.name, row.0, row.1);
            assert_eq!(refused.problem(), (401, "invalid_token".to_owned()), "{step}");
        }
    }
}

async fn attack_68_an_operator_of_one_instance_is_nobody_in_another(world: World) {
    for slug in ["one", "two"] {
        world.create("/api/v1/instances", json!({"slug": slug, "name": slug})).await;
    }
    let user = json!({"kind": "internal", "name": "ann", "display_name": "Ann"});
    let ann = world.create("/i/one/api/v1/users", user).await["id"].as_str().unwrap().to_owned();
    world.operated("PUT", &format!("/i/one/api/v1/operators/{ann}"), None).await;
    let token = world.create(&format!("/i/one/api/v1/users/{ann}/tokens"), json!({})).await;
    let token = token["token"].as_str().unwrap();
    for (path, status) in [
        ("/i/one/api/v1/tenants", 200),
        ("/i/one/api/v1/users", 200),
        ("/i/one/api/v1/instances", 403),
        ("/i/two/api/v1/tenants", 401),
        ("/i/two/api/v1/me", 401),
        ("/api/v1/tenants", 401),
        ("/api/v1/instances", 401),
    ] {
        assert_eq!(world.call(token, "GET", path, None).await.status, status, "{path}");
    }
    let third = json!({"slug": "three", "name": "Three"});
    let refused = world.call(token, "POST", "/i/one/api/v1/instances", Some(third)).await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
}

async fn attack_68_a_role_that_was_taken_away_no_longer_counts_at_the_next_request(world: World) {
    let acme = world.tenant("", "Acme").await;
    let app = world.app_with(&acme, "App", json!({})).await;
    let path = format!("/api/v1/apps/{}", app.id);
    let (ann, token) = member(&world, &acme, "ann", "admin").await;
    let membership = format!("/api/v1/tenants/{acme}/members/{ann}");
    let rename = |name: &str| Some(json!({"name": name}));
    assert_eq!(world.call(&token, "PATCH", &path, rename("First")).await.status, 200);
    // Another server on the same database hears of it as soon.
    let node = world.node();
    world.operated("PUT", &membership, Some(json!({"role": "auditor"}))).await;
    for server in [&world, &node] {
        let refused = server.call(&token, "PATCH", &path, rename("Second")).await;
        assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
        assert_eq!(server.call(&token, "GET", &path, None).await.json()["name"], "First");
    }
    assert_eq!(world.operate("DELETE", &membership, None).await.status, 204);
    for server in [&world, &node] {
        let refused = server.call(&token, "GET", &path, None).await;
        assert_eq!(refused.problem(), (401, "invalid_token".to_owned()));
    }
}
