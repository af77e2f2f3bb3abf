//! What people allowed apps to have.

use turnkeep_domain::consent::Consent;
use turnkeep_storage::logout_notice::NoticeLimits;
use turnkeep_storage::outcome::{Deleted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

/// There is one for each person and app; the newest comes first.
pub fn a_consent_replaces_the_one_before(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let (one, two) = (given::app(store, &tenant, 1), given::app(store, &tenant, 2));
    let (user, other) = (given::user(store, &instance, 1), given::user(store, &instance, 2));
    let of_two = Consent { given_at: fixtures::later(1), ..fixtures::consent(&two, &user) };
    let first = fixtures::consent(&one, &user);
    let second =
        Consent { scopes: fixtures::scopes("openid"), given_at: fixtures::later(2), ..first.clone() };
    for consent in [&of_two, &first, &second] {
        given::admit(store, |admits| {
            admits.put_consent(consent)?;
            let found = admits.find_consent(instance.id, user.id, consent.app_id)?;
            assert_eq!(found.as_ref(), Some(consent));
            Ok(())
        });
    }
    given::read(store, |reads| {
        assert_eq!(reads.list_consents(instance.id, user.id)?, [second, of_two]);
        assert_eq!(reads.list_consents(instance.id, other.id)?, []);
        assert_eq!(reads.find_consent(instance.id, other.id, one.id)?, None);
        Ok(())
    });
}

/// Taken back once.
pub fn a_consent_is_taken_back(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let app = given::app(store, &given::tenant(store, &instance, 1), 1);
    let (user, other) = (given::user(store, &instance, 1), given::user(store, &instance, 2));
    let kept = fixtures::consent(&app, &other);
    given::mutate(store, |writes| {
        writes.put_consent(&fixtures::consent(&app, &user))?;
        writes.put_consent(&kept)?;
        for expected in [Updated::Updated, Updated::Stale] {
            assert_eq!(writes.delete_consent(instance.id, user.id, app.id)?, expected);
        }
        assert_eq!(writes.find_consent(instance.id, user.id, app.id)?, None);
        assert_eq!(writes.find_consent(instance.id, other.id, app.id)?, Some(kept));
        Ok(())
    });
}

/// With everything else that people granted it, or that says so: nothing else of theirs goes with it.
pub fn a_deleted_app_takes_what_people_granted_it_with_it(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let (app, kept) = (given::app(store, &tenant, 1), given::app(store, &tenant, 2));
    let user = given::user(store, &instance, 1);
    let session = given::session(store, &user, 1);
    let mut grants = Vec::new();
    for (app, number) in [(&app, 1), (&kept, 2)] {
        grants.push(given::person_grant(store, app, &session, number));
        let token = fixtures::reference_token(app, &user, number);
        given::mutate(store, |writes| {
            writes.put_consent(&fixtures::consent(app, &user))?;
            writes.insert_logout_notice(&fixtures::logout_notice(app, &session, number))?;
            let _inserted = writes.insert_reference_token(&token, &fixtures::hash(number))?;
            Ok(())
        });
        let used = turnkeep_storage::reference_token::ReferenceTokenUse {
            instance_id: instance.id,
            id: token.id,
            at: fixtures::START,
        };
        given::keep_books(store, |books| books.record_reference_token_uses(&[used]));
    }
    let deleted = given::mutate(store, |writes| writes.delete_app(instance.id, tenant.id, app.id));
    assert_eq!(deleted, Deleted::Deleted);
    given::read(store, |reads| {
        for (grant, number, is_there) in
            [(grants.first().unwrap(), 1, false), (grants.get(1).unwrap(), 2, true)]
        {
            let hash = fixtures::hash(number);
            assert_eq!(reads.find_grant(instance.id, grant.id)?.is_some(), is_there);
            assert_eq!(reads.find_code(instance.id, &hash)?.is_some(), is_there);
            assert_eq!(reads.find_refresh_token(instance.id, &hash)?.is_some(), is_there);
            assert_eq!(reads.find_consent(instance.id, user.id, grant.app_id)?.is_some(), is_there);
            assert_eq!(reads.find_reference_token(instance.id, &hash)?.is_some(), is_there);
        }
        assert_eq!(reads.find_session_by_id(instance.id, session.id)?.as_ref(), Some(&session));
        Ok(())
    });
    let (now, retry_at) = (fixtures::later(1), fixtures::later(2));
    let limits = NoticeLimits { all: 10, of_an_app: 10 };
    let due = given::keep_books(store, |books| books.take_logout_notices(now, retry_at, limits));
    assert_eq!(due.iter().map(|notice| notice.app_id).collect::<Vec<_>>(), [kept.id]);
}
