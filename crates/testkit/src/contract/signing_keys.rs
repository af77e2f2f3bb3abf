//! Signing keys.

use turnkeep_domain::signing_key::{SigningAlgorithm, SigningKeyState};
use turnkeep_storage::signing_key::StoredSigningKey;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

/// Inserted and moved on in every form.
pub fn every_form_of_a_signing_key_round_trips(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let states = [
        SigningKeyState::PrePublished,
        SigningKeyState::Active { since: fixtures::later(1) },
        SigningKeyState::Retiring { until: fixtures::later(2) },
    ];
    let mut keys = Vec::new();
    for algorithm in SigningAlgorithm::ALL {
        for state in states {
            let number = u32::try_from(keys.len()).unwrap() + 1;
            let mut key = fixtures::signing_key(&instance, number);
            key.key.algorithm = algorithm;
            key.key.state = state;
            given::mutate(store, |writes| writes.insert_signing_key(&key));
            keys.push(key);
        }
    }
    assert_eq!(published(store, &keys), keys);
    for state in states {
        for key in &mut keys {
            key.key.state = state;
            given::mutate(store, |writes| writes.update_signing_key_state(instance.id, key.key.id, state));
        }
        assert_eq!(published(store, &keys), keys);
    }
}

fn published(store: &dyn Store, keys: &[StoredSigningKey]) -> Vec<StoredSigningKey> {
    let instance_id = keys.first().unwrap().key.instance_id;
    given::read(store, |reads| reads.list_published_signing_keys(instance_id))
}

/// It is out of the key set. Even if its state is set back, the private key is not there any more.
pub fn a_gone_key_is_erased(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let (one, two) = (fixtures::signing_key(&instance, 1), fixtures::signing_key(&instance, 2));
    given::mutate(store, |writes| {
        writes.insert_signing_key(&one)?;
        writes.insert_signing_key(&two)?;
        let gone = SigningKeyState::Gone { since: fixtures::later(5) };
        writes.update_signing_key_state(instance.id, one.key.id, gone)?;
        assert_eq!(writes.list_published_signing_keys(instance.id)?, std::slice::from_ref(&two));
        writes.update_signing_key_state(instance.id, one.key.id, one.key.state)?;
        let erased = StoredSigningKey { sealed_private_key: None, ..one.clone() };
        assert_eq!(writes.list_published_signing_keys(instance.id)?, [erased, two.clone()]);
        Ok(())
    });
}

/// Of that key only; an erased key, or one that is not there, does not come back.
pub fn a_key_is_sealed_again_unless_it_is_erased(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let [one, two, erased] = [1, 2, 3].map(|number| fixtures::signing_key(&instance, number));
    given::mutate(store, |writes| {
        for key in [&one, &two, &erased] {
            writes.insert_signing_key(key)?;
        }
        let gone = SigningKeyState::Gone { since: fixtures::later(5) };
        writes.update_signing_key_state(instance.id, erased.key.id, gone)?;
        writes.reseal_signing_key(instance.id, one.key.id, b"sealed again")?;
        let resealed = StoredSigningKey { sealed_private_key: Some(b"sealed again".to_vec()), ..one.clone() };
        assert_eq!(writes.list_published_signing_keys(instance.id)?, [resealed, two.clone()]);
        Ok(())
    });
    for id in [erased.key.id, fixtures::signing_key(&instance, 9).key.id] {
        let resealed = store.mutate(|writes| writes.reseal_signing_key(instance.id, id, b"sealed again"));
        assert!(resealed.is_err());
    }
}

/// By their time of creation.
pub fn the_oldest_key_comes_first(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let [one, two, three] = [1, 2, 3].map(|number| fixtures::signing_key(&instance, number));
    for key in [&two, &three, &one] {
        given::mutate(store, |writes| writes.insert_signing_key(key));
    }
    let listed = given::read(store, |reads| reads.list_published_signing_keys(instance.id));
    assert_eq!(listed, [one, two, three]);
}
