//! New protected resources and their scopes. Operators only.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::ResourceId;
use turnkeep_domain::resource::{Audience, LimitsClaims, Resource, Scope, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::protocol_scopes::ProtocolScope;
use turnkeep_storage::outcome::Inserted;

use crate::audit::attributes::{created, resource_attributes, scope_attributes};
use crate::keys::rotate_keys::{insert_missing_key, make_missing_key};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::manage_resource::existing_resource;
use crate::registry::recording::{Done, mutate};

/// A new resource.
#[derive(Debug, Clone)]
pub struct CreateResourceCommand {
    /// The `aud` of its tokens.
    pub audience: Audience,
    /// Name for people.
    pub name: DisplayName,
    /// What its tokens call the plan's limits.
    pub limits_claims: LimitsClaims,
    /// What its tokens are signed with.
    pub signing_algorithm: SigningAlgorithm,
}

/// A new scope.
#[derive(Debug, Clone)]
pub struct CreateScopeCommand {
    /// The resource it belongs to.
    pub resource_id: ResourceId,
    /// The name; unique in the instance.
    pub name: ScopeName,
    /// What it allows, for people.
    pub description: String,
    /// Who may have it.
    pub grant: ScopeGrant,
}

/// Creates a resource, and a signing key if the instance has none for its algorithm.
pub fn create_resource(
    context: &RegistryContext<'_>,
    command: &CreateResourceCommand,
) -> RegistryResult<Resource> {
    context.audited("resource.create", None, context.require_operator())?;
    let key = make_missing_key(context.authority, context.instance_id, command.signing_algorithm)?;
    mutate(context, "resource.create", None, |change| {
        let resource = Resource {
            id: ResourceId::new(change.now, context.authority.random_bytes()),
            instance_id: context.instance_id,
            audience: command.audience.clone(),
            name: command.name.clone(),
            limits_claims: command.limits_claims,
            signing_algorithm: command.signing_algorithm,
            created_at: change.now,
            version: RecordVersion::FIRST,
        };
        if change.writes.insert_resource(&resource)? == Inserted::Conflict {
            return Err(RegistryDenial::Taken(UniqueAttribute::Audience).into());
        }
        insert_missing_key(change.writes, key.as_ref())?;
        change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        let changes = created(resource_attributes(&resource));
        Ok(Done::of(resource.id, resource).changes(changes))
    })
}

/// Creates a scope of a resource.
pub fn create_scope(context: &RegistryContext<'_>, command: &CreateScopeCommand) -> RegistryResult<Scope> {
    context.audited("scope.create", Some(command.resource_id.to_string()), context.require_operator())?;
    mutate(context, "scope.create", Some(command.resource_id.to_string()), |change| {
        let resource = existing_resource(context, change.writes, command.resource_id)?;
        check_scope_name(&command.name)?;
        let scope = Scope {
            resource_id: resource.id,
            name: command.name.clone(),
            description: command.description.clone(),
            grant: command.grant,
        };
        if change.writes.insert_scope(context.instance_id, &scope)? == Inserted::Conflict {
            return Err(RegistryDenial::Taken(UniqueAttribute::Scope).into());
        }
        change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        let changes = created(scope_attributes(&scope));
        Ok(Done::of(resource.id, scope).changes(changes))
    })
}

/// The scopes of OpenID Connect mean the same to every app, and belong to no resource.
pub(crate) fn check_scope_name(name: &ScopeName) -> RegistryResult<()> {
    match ProtocolScope::of(name) {
        Some(_) => Err(RegistryDenial::ScopeOfProtocol.into()),
        None => Ok(()),
    }
}
