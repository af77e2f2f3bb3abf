//! Keys that people and services put into programs that cannot ask for tokens.

use std::net::SocketAddr;

use serde_json::json;

use super::world::World;
use crate::management::{Api, text};

/// A reference token of the hybrid app.
pub(super) struct ReferenceToken {
    pub(super) token: String,
    path: String,
}

impl ReferenceToken {
    /// One that acts as the person of the errands.
    pub(super) fn personal(operator: &mut Api, server: SocketAddr, world: &World) -> anyhow::Result<Self> {
        let issued = operator.create(&format!("/users/{}/tokens", world.user.id), &json!({}))?;
        let mut person = Api::with_token(server, &text(&issued, "token")?);
        Self::make(&mut person, world, "personal")
    }

    /// One that acts as the app's system user.
    pub(super) fn service(operator: &mut Api, world: &World) -> anyhow::Result<Self> {
        Self::make(operator, world, "service")
    }

    fn make(api: &mut Api, world: &World, kind: &str) -> anyhow::Result<Self> {
        let tokens = format!("/apps/{}/reference-tokens", world.app("hybrid")?.id);
        let made = api.create(&tokens, &json!({"kind": kind, "name": kind, "scopes": world.scope}))?;
        Ok(Self { token: text(&made, "token")?, path: format!("{tokens}/{}", text(&made, "id")?) })
    }

    /// Takes it back.
    pub(super) fn revoke(&self, operator: &mut Api) -> anyhow::Result<()> {
        operator.done("DELETE", &self.path, None).map(drop)
    }
}
