//! What belongs to another tenant is as good as absent, and nobody touches it (attacks 5 and 69).

use serde_json::{Value, json};
use turnkeep_policy::permission::Permission::Operate;

use crate::attacks::estate::Estate;
use crate::attacks::operations::{Access, OPERATIONS};
use crate::world::World;
use crate::world::answer::Answer;
use crate::world::databases::on_both_databases;
use crate::world::people::{member, text, token_of};

on_both_databases!(
    attack_05_no_operation_finds_or_touches_a_record_of_another_tenant,
    attack_05_a_record_is_found_below_its_own_parent_only,
    attack_05_lists_show_ones_own_tenant_and_no_filter_or_cursor_shows_another,
    attack_69_the_audit_trail_of_another_tenant_cannot_be_read_in_any_way,
    attack_69_drafts_of_plans_and_other_instances_regions_are_absent,
    attack_69_ids_next_to_a_known_one_lead_nowhere,
);

/// Two tenants, and a token of an owner of the first, which is to stay away from the second.
struct Neighbours {
    world: World,
    own: Estate,
    other: Estate,
    owner: String,
}

impl Neighbours {
    async fn settle(world: World) -> Self {
        let (own, other) =
            (Estate::of_tenant(&world, "Acme").await, Estate::of_tenant(&world, "Victim").await);
        let (_, owner) = member(&world, own.id("tenants"), "mallory", "owner").await;
        Self { world, own, other, owner }
    }

    async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.world.call(&self.owner, method, path, body).await
    }

    /// Everything that the operator sees of the other tenant.
    async fn state_of_the_other(&self) -> Vec<String> {
        let mut state = Vec::new();
        for path in [
            "/tenants/{id}",
            "/tenants/{id}/members",
            "/tenants/{id}/invitations",
            "/apps/{id}",
            "/apps/{id}/secrets",
            "/apps/{id}/storage",
            "/apps/{id}/explain",
        ] {
            state.push(self.world.operated("GET", &self.other.path(path), None).await.to_string());
        }
        let tenant = self.other.id("tenants");
        for list in ["apps", "audit-events"] {
            let path = format!("/api/v1/{list}?limit=100&tenant_id={tenant}");
            state.push(self.world.operated("GET", &path, None).await.to_string());
        }
        state
    }
}

/// A refusal without what is different in every answer.
#[track_caller]
fn absent(answer: &Answer, step: &str) -> Value {
    assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{step}: {}", answer.text());
    let mut problem = answer.json();
    problem.as_object_mut().unwrap().remove("instance");
    problem
}

async fn attack_05_no_operation_finds_or_touches_a_record_of_another_tenant(world: World) {
    let neighbours = Neighbours::settle(world).await;
    let before = neighbours.state_of_the_other().await;
    let nothing = Estate::absent();
    let mut tried = 0;
    for (method, template, access, body) in OPERATIONS {
        let of_a_tenant =
            ["/tenants/{", "/apps/{", "/audit-events/{"].iter().any(|start| template.starts_with(start));
        // What only operators do is refused whatever it is done to: that is attack 68.
        if !of_a_tenant || *access == Access::With(Operate) {
            continue;
        }
        let body = || (!body.is_empty()).then(|| serde_json::from_str(body).unwrap());
        let step = format!("{method} {template}");
        let foreign = neighbours.call(method, &neighbours.other.path(template), body()).await;
        let unknown = neighbours.call(method, &nothing.path(template), body()).await;
        assert_eq!(absent(&foreign, &step), absent(&unknown, &step), "{step}");
        tried += 1;
    }
    assert!(25 < tried, "{tried}");
    assert_eq!(neighbours.state_of_the_other().await, before);
    let token = neighbours.world.operated("GET", &neighbours.other.path("/apps/{id}/explain"), None).await;
    assert_eq!(token["live_secrets"], 1);
}

async fn attack_05_a_record_is_found_below_its_own_parent_only(world: World) {
    let neighbours = Neighbours::settle(world).await;
    let before = neighbours.state_of_the_other().await;
    let Neighbours { own, other, .. } = &neighbours;
    for (segment, operations) in [
        (
            "secrets",
            [("DELETE", "/apps/{id}/secrets/{s}"), ("POST", "/apps/{id}/secrets/{s}/revoke-others")]
                .as_slice(),
        ),
        ("reference-tokens", &[("DELETE", "/apps/{id}/reference-tokens/{t}")]),
        ("members", &[("GET", "/tenants/{id}/members/{u}"), ("DELETE", "/tenants/{id}/members/{u}")]),
        (
            "invitations",
            &[
                ("GET", "/tenants/{id}/invitations/{i}"),
                ("POST", "/tenants/{id}/invitations/{i}/resend"),
                ("DELETE", "/tenants/{id}/invitations/{i}"),
            ],
        ),
    ] {
        let mixed = own.with(segment, other.id(segment));
        for (method, template) in operations {
            absent(&neighbours.call(method, &mixed.path(template), None).await, template);
            let as_operator = neighbours.world.operate(method, &mixed.path(template), None).await;
            absent(&as_operator, template);
        }
    }
    let role = Some(json!({"role": "admin"}));
    let member = own.with("members", other.id("members")).path("/tenants/{id}/members/{u}");
    absent(&neighbours.call("PUT", &member, role).await, &member);
    for (segment, method, template, body) in [
        ("databases", "PATCH", "/regions/{id}/databases/{d}", Some(json!({"capacity": 1}))),
        ("databases", "POST", "/regions/{id}/databases/{d}/deactivate", None),
        ("scopes", "DELETE", "/resources/{id}/scopes/{n}", None),
        ("tokens", "DELETE", "/users/{id}/tokens/{t}", None),
    ] {
        let mixed = own.with(segment, other.id(segment)).path(template);
        absent(&neighbours.world.operate(method, &mixed, body).await, template);
    }
    assert_eq!(neighbours.state_of_the_other().await, before);
}

async fn attack_05_lists_show_ones_own_tenant_and_no_filter_or_cursor_shows_another(world: World) {
    let neighbours = Neighbours::settle(world).await;
    let Neighbours { world, own, other, .. } = &neighbours;
    let victim = other.id("tenants");
    for list in ["apps", "audit-events", "audit-export", "review"] {
        for id in [victim, "ten_00000000000000000000000000", "nonsense", "%00", "*"] {
            let path = format!("/api/v1/{list}?tenant_id={id}");
            absent(&neighbours.call("GET", &path, None).await, &path);
        }
    }
    for list in ["apps", "tenants", "audit-events", "audit-export", "review", "apps?search=victim"] {
        let shown = neighbours.call("GET", &format!("/api/v1/{list}"), None).await;
        assert_eq!(shown.status, 200, "{list}");
        for segment in ["tenants", "apps", "secrets", "members", "invitations", "audit-events"] {
            assert!(!shown.text().contains(other.id(segment)), "{list}: {segment}");
        }
    }
    // Cursors of the operator's, and of an owner of the other tenant's.
    let second = json!({"tenant_id": victim, "name": "Second", "region": "eu-west"});
    world.create("/api/v1/apps", second).await;
    let operator = world.token(&world.operator).await;
    let victims = token_of(
        world,
        &{
            let (id, _) = member(world, victim, "vera", "owner").await;
            id
        },
        Some(victim),
    )
    .await;
    for token in [&operator, &victims] {
        for list in ["apps?limit=1", "apps?limit=1&sort=name", "audit-events?limit=1"] {
            let page = world.call(token, "GET", &format!("/api/v1/{list}"), None).await.json();
            let after = format!("/api/v1/{list}&after={}", text(&page["next"]));
            assert_eq!(world.call(token, "GET", &after, None).await.status, 200, "{after}");
            absent(&neighbours.call("GET", &after, None).await, &after);
        }
    }
    let list = world.operated("GET", &format!("/api/v1/apps?tenant_id={}", own.id("tenants")), None).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
}

async fn attack_69_the_audit_trail_of_another_tenant_cannot_be_read_in_any_way(world: World) {
    let neighbours = Neighbours::settle(world).await;
    let other = &neighbours.other;
    let ids = |list: &Value| -> Vec<String> {
        list["items"].as_array().unwrap().iter().map(|event| text(&event["id"])).collect()
    };
    for filter in ["apps", "tenants", "members", "invitations"] {
        let path = format!("/api/v1/audit-events?object={}", other.id(filter));
        assert_eq!(ids(&neighbours.call("GET", &path, None).await.json()), Vec::<String>::new(), "{path}");
        let path = format!("/api/v1/audit-export?object={}", other.id(filter));
        let export = neighbours.call("GET", &path, None).await;
        assert_eq!(export.text().lines().filter(|line| line.contains("\"id\"")).count(), 0, "{path}");
    }
    let event = other.path("/audit-events/{id}");
    let seen = neighbours.world.operated("GET", &event, None).await;
    let request = text(&seen["request_id"]);
    for path in
        [format!("audit-events?request_id={request}"), format!("audit-events?actor={}", other.id("members"))]
    {
        let answer = neighbours.call("GET", &format!("/api/v1/{path}"), None).await;
        assert_eq!(ids(&answer.json()), Vec::<String>::new(), "{path}");
    }
    absent(&neighbours.call("GET", &event, None).await, &event);
    let chain = neighbours.call("GET", "/api/v1/audit-chain", None).await;
    assert_eq!(chain.problem(), (403, "forbidden".to_owned()));
    assert!(!neighbours.call("GET", "/api/v1/audit-export", None).await.text().contains(other.id("tenants")));
}

async fn attack_69_drafts_of_plans_and_other_instances_regions_are_absent(world: World) {
    let neighbours = Neighbours::settle(world).await;
    let world = &neighbours.world;
    let draft = world.create("/api/v1/plans", json!({"code": "secret-offer", "name": "Secret offer"})).await;
    let instance = format!("/i/{}", "acme");
    let region = json!({"code": "elsewhere", "name": "Elsewhere"});
    let region = world.create(&format!("{instance}/api/v1/regions"), region).await;
    let plan = world.create(&format!("{instance}/api/v1/plans"), json!({"code": "x", "name": "X"})).await;
    let tenant = world.create(&format!("{instance}/api/v1/tenants"), json!({"name": "Theirs"})).await;
    for path in [
        format!("/plans/{}", text(&draft["id"])),
        format!("/plans/{}", text(&plan["id"])),
        format!("/regions/{}", text(&region["id"])),
        format!("/tenants/{}", text(&tenant["id"])),
    ] {
        absent(&neighbours.call("GET", &format!("/api/v1{path}"), None).await, &path);
    }
    assert!(!neighbours.call("GET", "/api/v1/plans", None).await.text().contains("secret-offer"));
    // Not even the operator finds a record of another instance below this one.
    for path in [format!("/regions/{}", text(&region["id"])), format!("/tenants/{}", text(&tenant["id"]))] {
        absent(&world.operate("GET", &format!("/api/v1{path}"), None).await, &path);
        assert_eq!(world.operate("GET", &format!("{instance}/api/v1{path}"), None).await.status, 200);
    }
    // The records of one's own are of no use below another instance.
    let own = neighbours.own.path("/apps/{id}");
    let refused = neighbours.call("GET", &format!("{instance}{own}"), None).await;
    assert_eq!(refused.problem(), (401, "invalid_token".to_owned()));
}

async fn attack_69_ids_next_to_a_known_one_lead_nowhere(world: World) {
    let neighbours = Neighbours::settle(world).await;
    for (kind, template) in [
        ("apps", "/apps/{id}"),
        ("tenants", "/tenants/{id}"),
        ("audit-events", "/audit-events/{id}"),
        ("invitations", "/tenants/{id}/invitations/{i}"),
    ] {
        let known = neighbours.own.id(kind);
        let (start, last) = known.split_at(known.len() - 1);
        for neighbour in ["0", "1", "2", "y", "z"].iter().filter(|other| **other != last) {
            let guess = format!("{start}{neighbour}");
            let path = neighbours.own.with(kind, &guess).path(template);
            absent(&neighbours.call("GET", &path, None).await, &path);
        }
        for spelling in [known.to_uppercase(), known.replace('_', "-"), format!("{known}0"), start.to_owned()]
        {
            let path = neighbours.own.with(kind, &spelling).path(template);
            absent(&neighbours.call("GET", &path, None).await, &path);
        }
    }
}
