//! Signing keys in the hands of an operator: looking at them, and having another one made in time.

use turnkeep_domain::signing_key::{SigningAlgorithm, SigningKey};

use crate::keys::rotate_keys::{RotationCause, rotate_keys};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;

/// The published keys of the instance, the oldest first. Operators only.
pub fn list_instance_keys(context: &RegistryContext<'_>) -> RegistryResult<Vec<SigningKey>> {
    context.audited("signing_keys.read", None, context.require_operator())?;
    let stored =
        context.authority.store.read(|reads| reads.list_published_signing_keys(context.instance_id))?;
    Ok(stored.into_iter().map(|stored| stored.key).collect())
}

/// Has another key made for an algorithm that the instance signs with. It is published now and signs once everybody has
/// had the time to learn of it; nothing that was signed before dies. A key that others may know is not changed like
/// this, but at the command line. Operators only.
pub fn rotate_instance_key(context: &RegistryContext<'_>, algorithm: SigningAlgorithm) -> RegistryResult<()> {
    context.audited("signing_keys.rotate", None, context.require_operator())?;
    let known = list_instance_keys(context)?;
    if !known.iter().any(|key| key.algorithm == algorithm) {
        return Err(RegistryDenial::NotFound.into());
    }
    let cause = RotationCause::Operator(context.caller.actor, algorithm);
    rotate_keys(context.authority, context.instance_id, cause)?;
    Ok(())
}
