//! People and their tokens.

use serde_json::{Value, json};

use crate::world::World;

/// A user who is a person; the id.
pub(crate) async fn person(world: &World, name: &str) -> String {
    let user = json!({"kind": "internal", "name": name, "display_name": name});
    text(&world.create("/api/v1/users", user).await["id"])
}

/// A token of a person, for a tenant or none.
pub(crate) async fn token_of(world: &World, user_id: &str, tenant_id: Option<&str>) -> String {
    let body = json!({"tenant_id": tenant_id});
    text(&world.create(&format!("/api/v1/users/{user_id}/tokens"), body).await["token"])
}

/// A person with a role in a tenant, and a token for it.
pub(crate) async fn member(world: &World, tenant_id: &str, name: &str, role: &str) -> (String, String) {
    let user_id = person(world, name).await;
    let path = format!("/api/v1/tenants/{tenant_id}/members/{user_id}");
    world.operated("PUT", &path, Some(json!({"role": role}))).await;
    let token = token_of(world, &user_id, Some(tenant_id)).await;
    (user_id, token)
}

/// A text of an answer.
#[track_caller]
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
