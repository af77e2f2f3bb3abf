//! Queries of nodes.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::NodeId;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::node::{Node, NodeReads, NodeWrites};
use turnkeep_storage::outcome::{Deleted, Updated};

use crate::per_backend::{count, deleted, updated};
use crate::records::node::NodeRow;
use crate::schema::nodes;
use crate::session::Session;

impl NodeReads for Session<'_> {
    fn is_node_registered(&mut self, id: NodeId) -> StoreResult<bool> {
        let node = nodes::table.filter(nodes::id.eq(id.as_bytes()));
        self.run(|c| select(exists(node)).get_result(c))
    }

    fn list_nodes_behind(&mut self, sequence: ChangeSequence) -> StoreResult<Vec<Node>> {
        let behind = nodes::table
            .filter(nodes::applied.lt(sequence.as_number()))
            .order(nodes::id)
            .select(NodeRow::as_select());
        self.run(|c| behind.load(c))?.into_iter().map(NodeRow::into_domain).collect()
    }

    fn count_nodes(&mut self) -> StoreResult<u32> {
        let all = nodes::table.count();
        self.run(|c| all.get_result::<i64>(c).and_then(count))
    }
}

impl NodeWrites for Session<'_> {
    fn register_node(&mut self, node: &Node) -> StoreResult<()> {
        let row = NodeRow::from(node);
        self.run(|c| diesel::insert_into(nodes::table).values(row).execute(c)).map(|_| ())
    }

    fn acknowledge_changes(&mut self, id: NodeId, applied: ChangeSequence) -> StoreResult<Updated> {
        let node = nodes::table.filter(nodes::id.eq(id.as_bytes()));
        let applied = nodes::applied.eq(applied.as_number());
        self.run(|c| diesel::update(node).set(applied).execute(c)).map(updated)
    }

    fn remove_node(&mut self, id: NodeId) -> StoreResult<Deleted> {
        let node = nodes::table.filter(nodes::id.eq(id.as_bytes()));
        self.run(|c| diesel::delete(node).execute(c)).map(deleted)
    }

    fn remove_node_behind(&mut self, id: NodeId, sequence: ChangeSequence) -> StoreResult<Deleted> {
        let node =
            nodes::table.filter(nodes::id.eq(id.as_bytes())).filter(nodes::applied.lt(sequence.as_number()));
        self.run(|c| diesel::delete(node).execute(c)).map(deleted)
    }
}
