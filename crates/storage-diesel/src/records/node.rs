//! Rows of `nodes`.

use diesel::prelude::*;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::NodeId;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::node::Node;

use super::cell::cell;
use crate::schema::nodes;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = nodes)]
pub(crate) struct NodeRow {
    id: Vec<u8>,
    applied: i64,
    registered_at: i64,
}

impl From<&Node> for NodeRow {
    fn from(node: &Node) -> Self {
        Self {
            id: node.id.as_bytes().to_vec(),
            applied: node.applied.as_number(),
            registered_at: node.registered_at.as_micros(),
        }
    }
}

impl NodeRow {
    pub(crate) fn into_domain(self) -> StoreResult<Node> {
        Ok(Node {
            id: NodeId::from_bytes(cell("nodes", "id").bytes(&self.id)?),
            applied: ChangeSequence::from_number(self.applied),
            registered_at: Timestamp::from_micros(self.registered_at),
        })
    }
}
