//! Giving the head of a trail a genuine seal again, after an operator has looked into why it had none: its master key
//! is gone, or the chain was forged. No other code seals a head whose old seal is not genuine.

use turnkeep_audit::anchor::Anchor;
use turnkeep_audit::chain::ChainHead;
use turnkeep_audit::verify::Verdict;

use crate::audit::walk_trail::{TrailVerdict, walk_trail_to_trusted_head};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Done, mutate};

const ACTION: &str = "audit.accept_head";

/// Seals the head that the operator names, and says so in an event behind it. Operators only. Refused if the chain
/// ends elsewhere or its hashes and segments do not hold: what the operator has looked into is not what is there.
pub fn accept_head(context: &RegistryContext<'_>, anchor: Anchor) -> RegistryResult<ChainHead> {
    let object = Some(context.instance_id.to_string());
    let checked = context.require_operator().and_then(|()| check_chain(context, anchor));
    context.audited(ACTION, object.clone(), checked)?;
    mutate(context, ACTION, object, |change| {
        // An anchor further back fits the chain, too, and somebody may have appended since it was verified.
        let stored = change.writes.lock_audit_head(context.instance_id)?;
        let stored = stored.filter(|stored| stored.head.anchor() == anchor);
        let stored = stored.ok_or(RegistryDenial::AuditHeadDiffers)?;
        // The event goes behind a head that is genuine then.
        change.writes.append_audit_entries(&[], &context.authority.seal_keys.seal_head(stored.head))?;
        Ok(Done::of(context.instance_id, stored.head)
            .set("head", anchor)
            .set("replaced_seal_key_id", stored.seal.key_id()))
    })
}

/// All but the seal of the head has to hold, and pass through the anchor.
fn check_chain(context: &RegistryContext<'_>, anchor: Anchor) -> RegistryResult<()> {
    let RegistryContext { authority, instance_id, .. } = *context;
    let verdict = authority
        .store
        .read(|reads| walk_trail_to_trusted_head(reads, instance_id, &authority.seal_keys, anchor))?;
    match verdict {
        // A segment that was sealed under a key that is lost stays unproven for ever.
        TrailVerdict::Judged(Verdict::Intact(_) | Verdict::Unproven(_) | Verdict::Partial(_))
        | TrailVerdict::Empty => Ok(()),
        TrailVerdict::Judged(Verdict::Broken(found)) => Err(RegistryDenial::AuditChainBroken(found).into()),
        TrailVerdict::Unreadable { .. } => Err(RegistryDenial::AuditChainUnproven.into()),
    }
}
