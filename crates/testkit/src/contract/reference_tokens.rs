//! Personal and service access tokens.

use turnkeep_domain::app::App;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::reference_token::{ReferenceToken, ReferenceTokenKind};
use turnkeep_domain::user::User;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::reference_token::ReferenceTokenUse;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_app(store: &dyn Store) -> (App, User) {
    let instance = given::instance(store, 1);
    (given::app(store, &given::tenant(store, &instance, 1), 1), given::user(store, &instance, 1))
}

fn insert(store: &dyn Store, token: &ReferenceToken, number: u32) -> Inserted {
    given::mutate(store, |writes| writes.insert_reference_token(token, &fixtures::hash(number)))
}

/// Found by the token, in the inventory of its app and in that of its user.
pub fn every_form_of_a_reference_token_round_trips(store: &dyn Store) {
    let (app, user) = given_app(store);
    let service = ReferenceToken {
        kind: ReferenceTokenKind::Service,
        user_id: None,
        made_by: Actor::App(app.id),
        revoked_at: Some(fixtures::later(9)),
        ..fixtures::reference_token(&app, &user, 2)
    };
    let forms = [fixtures::reference_token(&app, &user, 1), service];
    for (form, number) in forms.iter().zip(1..) {
        assert_eq!(insert(store, form, number), Inserted::Inserted);
        assert_eq!(insert(store, &fixtures::reference_token(&app, &user, 9), number), Inserted::Conflict);
        given::read(store, |reads| {
            let found = reads.find_reference_token(form.instance_id, &fixtures::hash(number))?;
            assert_eq!(found.as_ref(), Some(form));
            let found = reads.find_reference_token_by_id(form.instance_id, form.tenant_id, form.id)?;
            assert_eq!(found.as_ref(), Some(form));
            Ok(())
        });
    }
    given::read(store, |reads| {
        assert_eq!(reads.list_reference_tokens_of_app(app.instance_id, app.tenant_id, app.id)?, forms);
        let of_user = reads.list_reference_tokens_of_user(app.instance_id, user.id)?;
        assert!(of_user.iter().eq(forms.first()));
        Ok(())
    });
}

/// The second revocation is stale and leaves the time of the first.
pub fn a_reference_token_is_revoked_once(store: &dyn Store) {
    let (app, user) = given_app(store);
    let (token, bystander) =
        (fixtures::reference_token(&app, &user, 1), fixtures::reference_token(&app, &user, 2));
    assert_eq!(insert(store, &token, 1), Inserted::Inserted);
    assert_eq!(insert(store, &bystander, 2), Inserted::Inserted);
    given::mutate(store, |writes| {
        for (at, expected) in [(1, Updated::Updated), (2, Updated::Stale)] {
            let at = fixtures::later(at);
            let revoked = writes.revoke_reference_token(app.instance_id, app.tenant_id, token.id, at)?;
            assert_eq!(revoked, expected);
        }
        let revoked = ReferenceToken { revoked_at: Some(fixtures::later(1)), ..token.clone() };
        let listed = writes.list_reference_tokens_of_app(app.instance_id, app.tenant_id, app.id)?;
        assert_eq!(listed, [revoked, bystander.clone()]);
        Ok(())
    });
}

/// Whatever the order in which uses arrive, also within one batch; uses of what is gone are nobody's.
pub fn the_last_use_of_a_reference_token_never_goes_back(store: &dyn Store) {
    let (app, user) = given_app(store);
    let [token, bystander, gone] = [1, 2, 3].map(|number| fixtures::reference_token(&app, &user, number));
    assert_eq!(insert(store, &token, 1), Inserted::Inserted);
    assert_eq!(insert(store, &bystander, 2), Inserted::Inserted);
    let used = |token: &ReferenceToken, at: u64| ReferenceTokenUse {
        instance_id: token.instance_id,
        id: token.id,
        at: fixtures::later(at),
    };
    for (uses, expected) in [
        (vec![], None),
        (vec![used(&token, 20), used(&gone, 20)], Some(20)),
        (vec![used(&token, 10)], Some(20)),
        (vec![used(&token, 30), used(&token, 25)], Some(30)),
    ] {
        given::keep_books(store, |books| books.record_reference_token_uses(&uses));
        let found =
            given::read(store, |reads| reads.find_reference_token(app.instance_id, &fixtures::hash(1)));
        assert_eq!(found.unwrap().last_used_at, expected.map(fixtures::later));
    }
    let found = given::read(store, |reads| reads.find_reference_token(app.instance_id, &fixtures::hash(2)));
    assert_eq!(found, Some(bystander));
}
