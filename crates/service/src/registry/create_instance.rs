//! A new instance: an issuer with its own key, and the management API as its first resource.

use turnkeep_audit::chain::ChainHead;
use turnkeep_domain::accent::Accent;
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{InstanceId, ResourceId};
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_domain::resource::{Audience, LimitsClaims, Resource, Scope, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::signing_key::{SigningAlgorithm, SigningKeyState};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::signing_key::StoredSigningKey;
use turnkeep_storage::store::Writes;
use turnkeep_token::id_token::ID_TOKEN_ALGORITHM;

use crate::audit::attributes::{created, instance_attributes};
use crate::authority::Authority;
use crate::failure::Fault;
use crate::keys::rotate_keys::make_key;
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::recording::{Done, mutate};
use crate::tokens::authenticate_bearer::{
    MANAGE_SCOPE, MANAGEMENT_AUDIENCE, METER_SCOPE, OPERATE_SCOPE, READ_SCOPE,
};

/// A new instance.
#[derive(Debug, Clone)]
pub struct CreateInstanceCommand {
    /// Its place in the issuer's path.
    pub slug: Slug,
    /// Name for people.
    pub name: DisplayName,
    /// The accent colour of its pages.
    pub accent: Accent,
}

/// Creates an instance. Platform operators only.
pub fn create_instance(
    context: &RegistryContext<'_>,
    command: &CreateInstanceCommand,
) -> RegistryResult<Instance> {
    context.audited("instance.create", None, context.require_platform())?;
    let authority = context.authority;
    let mut new = NewInstance::make(authority, command.slug.clone(), command.name.clone())?
        .with_id_token_key(authority)?;
    new.instance.accent = command.accent;
    mutate(context, "instance.create", None, |change| {
        if new.insert(authority, change.writes)? == Inserted::Conflict {
            return Err(RegistryDenial::Taken(UniqueAttribute::Slug).into());
        }
        change.record(ChangeScope::Instance(new.instance.id), TokensBefore::Live)?;
        let done = Done::of(new.instance.id, new.instance.clone());
        Ok(done.changes(created(instance_attributes(&new.instance))))
    })
}

/// An instance with what it cannot be without.
pub(crate) struct NewInstance {
    pub(crate) instance: Instance,
    keys: Vec<StoredSigningKey>,
    resource: Resource,
    scopes: Vec<Scope>,
}

impl NewInstance {
    /// Makes ids and a key; nothing is stored yet.
    pub(crate) fn make(authority: &Authority, slug: Slug, name: DisplayName) -> Result<Self, Fault> {
        let now = authority.now();
        let id = InstanceId::new(now, authority.random_bytes());
        let instance = Instance {
            id,
            slug,
            name,
            accent: Accent::default(),
            state: InstanceState::Active,
            tokens_dead_below: ChangeSequence::ZERO,
            state_since: now,
            created_at: now,
            version: RecordVersion::FIRST,
        };
        let active = SigningKeyState::Active { since: now };
        let key = make_key(authority, id, SigningAlgorithm::default(), active, now)?;
        let resource = management_resource(id, ResourceId::new(now, authority.random_bytes()), now)
            .ok_or(Fault::Store(StoreError::Corrupt { table: "resources", column: "audience" }))?;
        let scopes = management_scopes(resource.id);
        Ok(Self { instance, keys: vec![key], resource, scopes })
    }

    /// With a key for ID tokens from the beginning. The instance of a first start gets it with the first rotation, before
    /// anybody is served: such a key takes a while to make.
    fn with_id_token_key(mut self, authority: &Authority) -> Result<Self, Fault> {
        let now = authority.now();
        let active = SigningKeyState::Active { since: now };
        self.keys.push(make_key(authority, self.instance.id, ID_TOKEN_ALGORITHM, active, now)?);
        Ok(self)
    }

    /// Stores everything, or nothing if the slug is taken.
    pub(crate) fn insert(&self, authority: &Authority, writes: &mut dyn Writes) -> StoreResult<Inserted> {
        if writes.insert_instance(&self.instance)? == Inserted::Conflict {
            return Ok(Inserted::Conflict);
        }
        // A chain begins with a sealed head, so that one without a head was tampered with.
        let head = ChainHead::genesis(self.instance.id);
        writes.append_audit_entries(&[], &authority.seal_keys.seal_head(head))?;
        for key in &self.keys {
            writes.insert_signing_key(key)?;
        }
        let resource = writes.insert_resource(&self.resource)?;
        let mut complete = resource == Inserted::Inserted;
        for scope in &self.scopes {
            complete &= writes.insert_scope(self.instance.id, scope)? == Inserted::Inserted;
        }
        if complete {
            Ok(Inserted::Inserted)
        } else {
            Err(StoreError::Corrupt { table: "resources", column: "audience" })
        }
    }
}

/// `None` cannot happen: the constants are valid (see the test).
fn management_resource(instance_id: InstanceId, id: ResourceId, now: Timestamp) -> Option<Resource> {
    Some(Resource {
        id,
        instance_id,
        audience: Audience::parse(MANAGEMENT_AUDIENCE).ok()?,
        name: DisplayName::parse("Turnkeep management").ok()?,
        limits_claims: LimitsClaims::Limits,
        signing_algorithm: SigningAlgorithm::default(),
        created_at: now,
        version: RecordVersion::FIRST,
    })
}

/// The scopes of the management API.
pub(crate) fn management_scopes(resource_id: ResourceId) -> Vec<Scope> {
    [
        (OPERATE_SCOPE, "everything in the instance", ScopeGrant::Reserved),
        (MANAGE_SCOPE, "the apps of one's own tenant", ScopeGrant::AnyApp),
        (READ_SCOPE, "reading about one's own tenant", ScopeGrant::AnyApp),
        (METER_SCOPE, "reporting what others use of the resources that one serves", ScopeGrant::AnyApp),
    ]
    .into_iter()
    .filter_map(|(name, description, grant)| {
        Some(Scope {
            resource_id,
            name: ScopeName::parse(name).ok()?,
            description: description.to_owned(),
            grant,
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instance_begins_with_the_management_resource_and_its_scopes() {
        let resource_id = ResourceId::from_bytes([1; 16]);
        let now = Timestamp::from_micros(0);
        assert!(management_resource(InstanceId::from_bytes([1; 16]), resource_id, now).is_some());
        let names: Vec<_> =
            management_scopes(resource_id).iter().map(|scope| scope.name.to_string()).collect();
        assert_eq!(names, [OPERATE_SCOPE, MANAGE_SCOPE, READ_SCOPE, METER_SCOPE]);
    }
}
