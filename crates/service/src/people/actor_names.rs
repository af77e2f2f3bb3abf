//! What those who did something are called, for people who read about it.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, UserId};
use turnkeep_policy::permission::Permission;
use turnkeep_storage::store::Reads;

use crate::failure::Failure;
use crate::registry::context::{Extent, RegistryContext, RegistryResult};
use crate::registry::find_app::existing_app;

/// Actors with their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActorNames(Vec<(Actor, DisplayName)>);

impl ActorNames {
    /// The name of an actor; `None` of one that has none, is gone, or is none of the reader's business.
    pub fn of(&self, actor: Actor) -> Option<&DisplayName> {
        self.0.iter().find(|(named, _)| *named == actor).map(|(_, name)| name)
    }
}

/// Finds the names of people and apps. Operators learn those of the instance, members those of their tenant and their
/// own; of everybody else there is only the id that the trail has anyway.
pub fn find_actor_names(context: &RegistryContext<'_>, actors: &[Actor]) -> RegistryResult<ActorNames> {
    context.require_read("member.read", None, Permission::ReadMembers)?;
    let mut wanted: Vec<Actor> = Vec::new();
    for actor in actors {
        if !wanted.contains(actor) {
            wanted.push(*actor);
        }
    }
    context.read(|reads| {
        let mut names = Vec::new();
        for actor in wanted {
            match name_of(context, reads, actor) {
                Ok(Some(name)) => names.push((actor, name)),
                Ok(None) | Err(Failure::Denied(_)) => {}
                Err(fault @ Failure::Fault(_)) => return Err(fault),
            }
        }
        Ok(ActorNames(names))
    })
}

fn name_of(
    context: &RegistryContext<'_>,
    reads: &mut dyn Reads,
    actor: Actor,
) -> RegistryResult<Option<DisplayName>> {
    match actor {
        Actor::User(id) => name_of_person(context, reads, id),
        Actor::App(id) => name_of_app(context, reads, id).map(Some),
        Actor::System | Actor::CommandLine | Actor::Anonymous => Ok(None),
    }
}

fn name_of_person(
    context: &RegistryContext<'_>,
    reads: &mut dyn Reads,
    id: UserId,
) -> RegistryResult<Option<DisplayName>> {
    let is_known = match context.extent()? {
        Extent::Instance => true,
        Extent::Tenant(_) if context.caller.actor == Actor::User(id) => true,
        Extent::Tenant(own) => reads.find_membership(context.instance_id, own, id)?.is_some(),
    };
    let user = if is_known { reads.find_user(context.instance_id, id)? } else { None };
    Ok(user.map(|user| user.display_name))
}

fn name_of_app(
    context: &RegistryContext<'_>,
    reads: &mut dyn Reads,
    id: AppId,
) -> RegistryResult<DisplayName> {
    Ok(existing_app(context, reads, id)?.settings.name)
}
