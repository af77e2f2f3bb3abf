//! Resources and their scopes.

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::ResourceId;
use turnkeep_domain::resource::{Audience, LimitsClaims, Resource, Scope, ScopeGrant};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::version::RecordVersion;
use turnkeep_exchange::document::resource::{ResourceRecord, ScopeRecord};
use turnkeep_exchange::document::values::value;
use turnkeep_storage::outcome::Inserted;

use crate::audit::attributes::{created, removed, resource_attributes, scope_attributes};
use crate::exchange::import_report::{RecordResult, of_the_platform};
use crate::exchange::importing::{Found, Importing};
use crate::failure::Fault;
use crate::keys::rotate_keys::insert_missing_key;
use crate::registry::create_resource::check_scope_name;
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::manage_resource::{ResourceChanges, change_resource};
use crate::registry::recording::Done;
use crate::tokens::authenticate_bearer::MANAGEMENT_AUDIENCE;

/// What tokens of a new resource are signed with if its document does not say.
pub(super) const USUAL_ALGORITHM: SigningAlgorithm = SigningAlgorithm::Es256;

/// Imports a resource, then its scopes. Scopes that the document does not name stay.
pub(super) fn import_resource(
    importing: &mut Importing<'_, '_>,
    record: &ResourceRecord,
) -> Result<(), Fault> {
    let is_there =
        importing.record("resource", &record.audience, |importing| put_resource(importing, record))?;
    if is_there {
        for scope in &record.scopes {
            importing.record("scope", &scope.name, |importing| put_scope(importing, record, scope))?;
        }
    }
    Ok(())
}

/// The resource with this audience.
pub(super) fn find_resource(
    importing: &mut Importing<'_, '_>,
    audience: &str,
) -> RecordResult<Option<Resource>> {
    let resources = importing.change.writes.list_resources(importing.context.instance_id)?;
    Ok(resources.into_iter().find(|resource| resource.audience.as_str() == audience))
}

fn put_resource(importing: &mut Importing<'_, '_>, record: &ResourceRecord) -> RecordResult<Found> {
    if record.audience == MANAGEMENT_AUDIENCE {
        return Err(of_the_platform());
    }
    let name = value("name", DisplayName::parse(&record.name))?;
    let signing_algorithm = record.signing_algorithm()?;
    let Some(before) = find_resource(importing, &record.audience)? else {
        let now = importing.change.now;
        let resource = Resource {
            id: ResourceId::new(now, importing.context.authority.random_bytes()),
            instance_id: importing.context.instance_id,
            audience: value("audience", Audience::parse(&record.audience))?,
            name,
            limits_claims: record.limits_claims_value().unwrap_or(LimitsClaims::Both),
            signing_algorithm: signing_algorithm.unwrap_or(USUAL_ALGORITHM),
            created_at: now,
            version: RecordVersion::FIRST,
        };
        return create_resource(importing, &resource);
    };
    let limits_claims = record.limits_claims_value().unwrap_or(before.limits_claims);
    let signing_algorithm = signing_algorithm.unwrap_or(before.signing_algorithm);
    let is_same = before.name == name
        && before.limits_claims == limits_claims
        && before.signing_algorithm == signing_algorithm;
    if !is_same {
        let changes = ResourceChanges {
            name: Some(name),
            limits_claims: Some(limits_claims),
            signing_algorithm: Some(signing_algorithm),
        };
        insert_missing_key(importing.change.writes, importing.prepared.key(signing_algorithm))?;
        let done = change_resource(importing.context, &mut importing.change, &before, &changes)?;
        importing.done("resource.update", done);
    }
    Ok(Found::Known)
}

fn create_resource(importing: &mut Importing<'_, '_>, resource: &Resource) -> RecordResult<Found> {
    if importing.change.writes.insert_resource(resource)? == Inserted::Conflict {
        return Err(RegistryDenial::Taken(UniqueAttribute::Audience).into());
    }
    insert_missing_key(importing.change.writes, importing.prepared.key(resource.signing_algorithm))?;
    importing.record_instance_change()?;
    importing
        .done("resource.create", Done::of(resource.id, ()).changes(created(resource_attributes(resource))));
    Ok(Found::New)
}

fn put_scope(
    importing: &mut Importing<'_, '_>,
    resource: &ResourceRecord,
    record: &ScopeRecord,
) -> RecordResult<Found> {
    let resource = find_resource(importing, &resource.audience)?.ok_or(RegistryDenial::NotFound)?;
    let instance_id = importing.context.instance_id;
    let name = value("name", ScopeName::parse(&record.name))?;
    let scopes = importing.change.writes.list_scopes(instance_id)?;
    let known = scopes.into_iter().find(|known| known.name == name);
    let present = |known: &Scope| (known.description.clone(), known.grant);
    let (description, grant) = known.as_ref().map_or((String::new(), ScopeGrant::AnyApp), present);
    let scope = Scope {
        resource_id: resource.id,
        name,
        description: record.description.clone().unwrap_or(description),
        grant: record.grant_value().unwrap_or(grant),
    };
    match known {
        None => {
            check_scope_name(&scope.name)?;
            create_scope(importing, &scope)?;
            Ok(Found::New)
        }
        Some(known) if known == scope => Ok(Found::Known),
        Some(known) if known.resource_id != scope.resource_id => {
            Err(RegistryDenial::Taken(UniqueAttribute::Scope).into())
        }
        Some(known) => {
            // A scope has no other attributes than these, so changing it is putting another in its place.
            let _deleted = importing.change.writes.delete_scope(instance_id, resource.id, &known.name)?;
            let done = Done::of(resource.id, ()).changes(removed(scope_attributes(&known)));
            importing.done("scope.delete", done);
            create_scope(importing, &scope)?;
            Ok(Found::Known)
        }
    }
}

fn create_scope(importing: &mut Importing<'_, '_>, scope: &Scope) -> RecordResult<()> {
    if importing.change.writes.insert_scope(importing.context.instance_id, scope)? == Inserted::Conflict {
        return Err(RegistryDenial::Taken(UniqueAttribute::Scope).into());
    }
    importing.record_instance_change()?;
    let done = Done::of(scope.resource_id, ()).changes(created(scope_attributes(scope)));
    importing.done("scope.create", done);
    Ok(())
}
