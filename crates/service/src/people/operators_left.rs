//! Who is left to operate an instance?

use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::user::{User, UserState};
use turnkeep_policy::decide_operator_loss::{OfficeTaker, OperatorLossFacts, decide_operator_loss};
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::store::Reads;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;

/// The people who operate an instance and can act: whoever is disabled operates nothing.
pub(crate) fn acting_operators<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
) -> StoreResult<Vec<User>> {
    let mut operators = Vec::new();
    for (user_id, _) in reads.list_operators(instance_id)? {
        let missing = StoreError::Corrupt { table: "operators", column: "user_id" };
        let user = reads.find_user(instance_id, user_id)?.ok_or(missing)?;
        operators.extend((user.state == UserState::Active).then_some(user));
    }
    Ok(operators)
}

/// Refuses to take the office or the account of the last person who operates the instance, in the transaction that
/// would do it.
pub(crate) fn check_operators_left<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    leaving: &User,
) -> RegistryResult<()> {
    let operators = acting_operators(reads, context.instance_id)?;
    let other_operators = operators.iter().filter(|other| other.id != leaving.id).count();
    let facts = OperatorLossFacts {
        taker: taker(context, reads)?,
        operates: operators.iter().any(|operator| operator.id == leaving.id),
        other_operators: u32::try_from(other_operators).unwrap_or(u32::MAX),
    };
    Ok(decide_operator_loss(facts).map_err(RegistryDenial::from)?)
}

/// Users belong to one instance: an operator of the default one is none of another's.
fn taker<R: Reads + ?Sized>(context: &RegistryContext<'_>, reads: &mut R) -> StoreResult<OfficeTaker> {
    Ok(match context.caller.actor {
        Actor::User(id) if reads.find_user(context.instance_id, id)?.is_some() => {
            OfficeTaker::PersonOfInstance
        }
        Actor::User(_) | Actor::App(_) | Actor::System | Actor::CommandLine | Actor::Anonymous => {
            OfficeTaker::Other
        }
    })
}
