//! Private keys at rest.

use turnkeep_domain::id::SigningKeyId;
use turnkeep_domain::signing_key::SigningKey;
use turnkeep_service::failure::Fault;
use turnkeep_service::keys::publish_key_set::publish_key_set;
use turnkeep_service::snapshot::look_up::LookUp;
use turnkeep_service::tokens::introspect_token::IntrospectionCaller;
use turnkeep_storage::signing_key::StoredSigningKey;

use crate::world::token_verbs::presented;
use crate::world::{World, cheap_settings, fault};

#[test]
fn keys_do_not_open_under_another_master_key() {
    let world = World::new();
    let app = world.lone_app("Acme");
    let token = world.token(&app);
    let stranger = world.restarted(&[2], cheap_settings(), 2);
    assert!(matches!(fault(stranger.issue(&app)), Fault::SigningKey { .. }));
    let asked = stranger.introspect(IntrospectionCaller::Client(presented(&app)), &token);
    assert!(matches!(fault(asked), Fault::SigningKey { .. }));
    let published = publish_key_set(&stranger.authority, &stranger.slug, LookUp::Anywhere).map(|_| ());
    assert!(matches!(fault(published), Fault::SigningKey { .. }));
    assert!(world.is_active(&token), "nothing was harmed");
}

#[test]
fn private_keys_are_stored_sealed_and_bound_to_their_record() {
    let world = World::new();
    let other = world.bare_instance("acme");
    let stored = |world: &World| {
        world.store.read(|reads| reads.list_published_signing_keys(world.instance_id)).unwrap().remove(0)
    };
    let (here, there) = (stored(&world), stored(&other));
    let sealed = here.sealed_private_key.clone().unwrap();
    assert!(!here.public_jwk.contains("\"d\""));
    assert_ne!(sealed, there.sealed_private_key.clone().unwrap());
    // The key of one instance in a row of another: as if somebody wrote to the database.
    let moved = StoredSigningKey {
        key: SigningKey { id: SigningKeyId::from_bytes([9; 16]), ..there.key },
        public_jwk: there.public_jwk.clone(),
        sealed_private_key: Some(sealed),
    };
    other.store.mutate(|writes| writes.insert_signing_key(&moved)).unwrap();
    let node = other.restarted(&[1], cheap_settings(), 2);
    assert!(matches!(
        fault(publish_key_set(&node.authority, &node.slug, LookUp::Anywhere).map(|_| ())),
        Fault::SigningKey { .. }
    ));
}
