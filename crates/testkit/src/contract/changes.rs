//! The change log.

use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_storage::error::StoreError;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

/// Of every scope and kind, several in one transaction too.
pub fn sequences_count_from_one_without_gaps(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let app = given::app(store, &tenant, 1);
    let scopes = [
        ChangeScope::Instance(instance.id),
        ChangeScope::Tenant(instance.id, tenant.id),
        ChangeScope::App(instance.id, tenant.id, app.id),
    ];
    assert_eq!(given::read(store, |reads| reads.change_sequence()), ChangeSequence::ZERO);
    let mut expected = 0;
    for tokens_before in [TokensBefore::Live, TokensBefore::Dead] {
        given::mutate(store, |writes| {
            for scope in scopes {
                expected += 1;
                let sequence = writes.record_change(scope, tokens_before, fixtures::START)?;
                assert_eq!(sequence, ChangeSequence::from_number(expected));
                assert_eq!(writes.change_sequence()?, sequence);
            }
            Ok(())
        });
        let last = given::read(store, |reads| reads.change_sequence());
        assert_eq!(last, ChangeSequence::from_number(expected));
    }
}

/// The next change gets its number.
pub fn a_rolled_back_change_leaves_no_gap(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let scope = ChangeScope::Instance(instance.id);
    let failed = store.mutate(|writes| {
        writes.record_change(scope, TokensBefore::Dead, fixtures::START)?;
        Err::<(), _>(StoreError::Database("made up".into()))
    });
    assert!(failed.is_err());
    let sequence =
        given::mutate(store, |writes| writes.record_change(scope, TokensBefore::Live, fixtures::START));
    assert_eq!(sequence, ChangeSequence::from_number(1));
}
