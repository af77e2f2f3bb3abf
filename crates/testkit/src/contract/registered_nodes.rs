//! Nodes that have registered, and how far each has come.

use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::NodeId;
use turnkeep_storage::node::Node;
use turnkeep_storage::outcome::{Deleted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn node(number: u32, applied: i64) -> Node {
    fixtures::node(number, ChangeSequence::from_number(applied))
}

fn given_node(store: &dyn Store, number: u32, applied: i64) -> Node {
    let node = node(number, applied);
    given::keep_books(store, |books| books.register_node(&node));
    node
}

fn behind(store: &dyn Store, sequence: i64) -> Vec<Node> {
    given::read(store, |reads| reads.list_nodes_behind(ChangeSequence::from_number(sequence)))
}

fn acknowledge(store: &dyn Store, id: NodeId, applied: i64) -> Updated {
    given::keep_books(store, |books| books.acknowledge_changes(id, ChangeSequence::from_number(applied)))
}

fn is_registered(store: &dyn Store, id: NodeId) -> bool {
    given::read(store, |reads| reads.is_node_registered(id))
}

/// At the beginning of the log and at its end, registered long ago and late.
pub fn every_form_of_a_node_round_trips(store: &dyn Store) {
    let end = i64::MAX - 1;
    let forms = [node(1, 0), Node { registered_at: fixtures::later(1_000_000), ..node(2, 7) }, node(3, end)];
    for (form, before) in forms.iter().zip(0..) {
        assert_eq!(given::read(store, |reads| reads.count_nodes()), before);
        assert!(!is_registered(store, form.id));
        given::keep_books(store, |books| books.register_node(form));
        assert!(is_registered(store, form.id));
    }
    assert_eq!(behind(store, i64::MAX), forms);
    assert_eq!(given::read(store, |reads| reads.count_nodes()), 3);
}

/// A second registration under the same id is a fault, and leaves the first as it is.
pub fn a_node_registers_once(store: &dyn Store) {
    let node = given_node(store, 1, 5);
    let again = Node { applied: ChangeSequence::from_number(1), ..node };
    assert!(store.keep_books(|books| books.register_node(&again)).is_err());
    assert_eq!(behind(store, i64::MAX), [node]);
}

/// Those that have come to a change are not behind it; the order is that of the ids.
pub fn nodes_are_behind_until_they_acknowledge(store: &dyn Store) {
    let three = given_node(store, 3, 4);
    let one = given_node(store, 1, 4);
    let two = given_node(store, 2, 6);
    assert_eq!(behind(store, 4), []);
    assert_eq!(behind(store, 5), [one, three]);
    assert_eq!(behind(store, 6), [one, three]);
    assert_eq!(behind(store, 7), [one, two, three]);
    assert_eq!(acknowledge(store, one.id, 6), Updated::Updated);
    assert_eq!(behind(store, 6), [three]);
    let one = Node { applied: ChangeSequence::from_number(6), ..one };
    assert_eq!(behind(store, 7), [one, two, three]);
    assert_eq!(acknowledge(store, three.id, 5), Updated::Updated);
    let three = Node { applied: ChangeSequence::from_number(5), ..three };
    assert_eq!(behind(store, 6), [three], "not far enough");
    // It has nothing new to say, but it is still there.
    assert_eq!(acknowledge(store, three.id, 5), Updated::Updated);
}

/// It learns so from its next acknowledgement, which does not bring it back.
pub fn a_removed_node_is_stale(store: &dyn Store) {
    let (one, two) = (given_node(store, 1, 4), given_node(store, 2, 4));
    assert_eq!(given::keep_books(store, |books| books.remove_node(one.id)), Deleted::Deleted);
    assert_eq!(given::keep_books(store, |books| books.remove_node(one.id)), Deleted::Unknown);
    assert!(!is_registered(store, one.id));
    assert_eq!(acknowledge(store, one.id, 9), Updated::Stale);
    assert!(!is_registered(store, one.id));
    assert_eq!(behind(store, 9), [two]);
    assert_eq!(acknowledge(store, two.id, 9), Updated::Updated);
    assert_eq!(acknowledge(store, node(3, 0).id, 9), Updated::Stale, "never there");
    assert_eq!(given::read(store, |reads| reads.count_nodes()), 1);
}

/// Whoever has come to the change meanwhile stays, and so does everybody else.
pub fn only_a_node_that_is_behind_is_removed(store: &dyn Store) {
    let (one, two) = (given_node(store, 1, 4), given_node(store, 2, 4));
    let remove = |id, sequence| {
        let sequence = ChangeSequence::from_number(sequence);
        given::keep_books(store, |books| books.remove_node_behind(id, sequence))
    };
    assert_eq!(remove(one.id, 4), Deleted::Unknown);
    assert_eq!(acknowledge(store, one.id, 5), Updated::Updated);
    assert_eq!(remove(one.id, 5), Deleted::Unknown);
    assert!(is_registered(store, one.id));
    assert_eq!(remove(one.id, 6), Deleted::Deleted);
    assert_eq!(remove(one.id, 6), Deleted::Unknown);
    assert_eq!(acknowledge(store, one.id, 6), Updated::Stale);
    assert_eq!(behind(store, 9), [two]);
}
