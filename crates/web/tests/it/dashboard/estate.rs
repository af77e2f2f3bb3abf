//! A tenant, and people with roles in it, each with a browser.

use serde_json::json;

use crate::account::browser::Browser;
use crate::account::persons::{person_with_password, signed_in};
use crate::world::people::text;
use crate::world::{TestApp, World};

/// Makes somebody a member of a tenant and signs them in.
pub(crate) async fn member<'a>(world: &'a World, tenant_id: &str, name: &str, role: &str) -> Browser<'a> {
    let user_id = person_with_password(world, name).await;
    let path = format!("/api/v1/tenants/{tenant_id}/members/{user_id}");
    world.operated("PUT", &path, Some(json!({"role": role}))).await;
    signed_in(world, name).await
}

/// Makes somebody an operator and signs them in.
pub(crate) async fn operator<'a>(world: &'a World, name: &str) -> Browser<'a> {
    let user_id = person_with_password(world, name).await;
    world.operated("PUT", &format!("/api/v1/operators/{user_id}"), None).await;
    signed_in(world, name).await
}

/// The id of the only user whose name has this in it.
pub(crate) async fn user_id(world: &World, name: &str) -> String {
    let list = world.operated("GET", &format!("/api/v1/users?search={name}"), None).await;
    text(&list["items"][0]["id"])
}

/// An app that may ask about all tokens for the resource.
pub(crate) async fn resource_server(world: &World, tenant_id: &str) -> TestApp {
    let api = world.app_with(tenant_id, "Api", json!({})).await;
    let resources = world.operated("GET", "/api/v1/resources", None).await;
    let mut resources = resources["items"].as_array().unwrap().iter();
    let resource = resources.find(|item| item["audience"] == "TrueParser.API").unwrap();
    let path = format!("/api/v1/resources/{}/servers/{}", resource["id"].as_str().unwrap(), api.id);
    world.operated("PUT", &path, None).await;
    api
}
