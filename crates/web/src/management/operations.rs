//! Every operation of the management API. What is not here does not exist.

use crate::management::operation::Operation;
use crate::management::{
    apps, audit, exchange, instances, invitations, me, members, operators, plans, reference_tokens, regions,
    resources, review, tenants, token_requests, usage, users,
};

/// The operations of one kind of record.
pub(crate) struct Chapter {
    /// What they are about.
    pub(crate) title: &'static str,
    /// What there is to know about it.
    pub(crate) description: &'static str,
    /// The operations.
    pub(crate) operations: Vec<Operation>,
}

/// All operations, by what they are about.
pub(crate) fn chapters() -> Vec<Chapter> {
    vec![
        me::operations::chapter(),
        instances::operations::chapter(),
        operators::operations::chapter(),
        tenants::operations::chapter(),
        members::operations::chapter(),
        invitations::operations::chapter(),
        regions::operations::chapter(),
        plans::operations::chapter(),
        resources::operations::chapter(),
        users::operations::chapter(),
        apps::operations::chapter(),
        reference_tokens::operations::chapter(),
        usage::operations::chapter(),
        token_requests::operations::chapter(),
        audit::operations::chapter(),
        review::operations::chapter(),
        exchange::operations::chapter(),
    ]
}

/// All operations by their paths, in an order in which a router that takes the first match finds the right one:
/// a segment that is named comes before one that is a parameter.
pub(crate) fn by_path() -> Vec<(&'static str, Vec<Operation>)> {
    let mut paths: Vec<(&'static str, Vec<Operation>)> = Vec::new();
    for operation in chapters().into_iter().flat_map(|chapter| chapter.operations) {
        match paths.iter_mut().find(|(path, _)| *path == operation.path) {
            Some((_, operations)) => operations.push(operation),
            None => paths.push((operation.path, vec![operation])),
        }
    }
    paths.sort_by_key(|(path, _)| path.split('/').map(|part| part.starts_with('{')).collect::<Vec<_>>());
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_methods_are_unique() {
        let (mut names, mut methods) = (Vec::new(), Vec::new());
        for operation in chapters().into_iter().flat_map(|chapter| chapter.operations) {
            assert!(!operation.summary.is_empty(), "{}", operation.name);
            names.push(operation.name);
            methods.push((operation.path, operation.verb));
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        methods.sort_unstable();
        methods.dedup();
        assert_eq!((names.len(), methods.len()), (count, count));
    }

    #[test]
    fn a_named_segment_comes_before_a_parameter() {
        let paths: Vec<_> = by_path().into_iter().map(|(path, _)| path).collect();
        let place = |path: &str| paths.iter().position(|known| *known == path).unwrap();
        assert!(place("/apps/{id}/secrets/regenerate") < place("/apps/{id}/secrets/{secret_id}"));
    }
}
