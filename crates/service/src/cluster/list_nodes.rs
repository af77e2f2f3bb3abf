//! The servers that share the database, for operators.

use turnkeep_domain::change::ChangeSequence;
use turnkeep_storage::node::Node;

use crate::registry::context::{RegistryContext, RegistryResult};

/// Every registered node, with how far it has followed the changes. Operators only.
pub fn list_nodes(context: &RegistryContext<'_>) -> RegistryResult<Vec<Node>> {
    context.audited("node.read", None, context.require_operator())?;
    // Behind what nobody can have reached is everybody.
    Ok(context
        .authority
        .store
        .read(|reads| reads.list_nodes_behind(ChangeSequence::from_number(i64::MAX)))?)
}
