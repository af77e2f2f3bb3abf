//! Grants of people with their codes and refresh tokens.

use turnkeep_domain::app::App;
use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::person_grant::{AuthorizationCode, Offline, PersonGrant, RefreshToken};
use turnkeep_domain::session::Session;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::person_grant::GrantsOf;
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn given_session(store: &dyn Store) -> (App, Session) {
    let instance = given::instance(store, 1);
    let app = given::app(store, &given::tenant(store, &instance, 1), 1);
    let user = given::user(store, &instance, 1);
    (app, given::session(store, &user, 1))
}

/// With a code and a refresh token each.
pub fn every_form_of_a_grant_round_trips(store: &dyn Store) {
    let (app, session) = given_session(store);
    let two = Authentication::by(AuthenticationMethod::Password, fixtures::later(1))
        .and(AuthenticationMethod::Totp, fixtures::later(2));
    let full = PersonGrant {
        offline: Offline::Yes,
        authentication: two,
        sequence: ChangeSequence::from_number(i64::MAX),
        revoked_at: Some(fixtures::later(9)),
        ..fixtures::person_grant(&app, &session, 2)
    };
    for (form, number) in [fixtures::person_grant(&app, &session, 1), full].into_iter().zip(1..) {
        let hash = fixtures::hash(number);
        let bare = AuthorizationCode {
            was_redirect_uri_sent: false,
            challenge: None,
            nonce: None,
            redeemed_at: Some(fixtures::later(3)),
            ..fixtures::authorization_code(&form)
        };
        let code = if number == 1 { fixtures::authorization_code(&form) } else { bare };
        let unused = fixtures::refresh_token(&form);
        let token = RefreshToken { used_at: form.revoked_at, ..unused };
        given::admit(store, |admits| {
            assert_eq!(admits.insert_grant(&form, &code, &hash)?, Inserted::Inserted);
            let inserted = admits.insert_refresh_token(form.instance_id, &token, &hash)?;
            assert_eq!(inserted, Inserted::Inserted);
            assert_eq!(admits.find_grant(form.instance_id, form.id)?.as_ref(), Some(&form));
            assert_eq!(admits.find_code(form.instance_id, &hash)?.as_ref(), Some(&code));
            assert_eq!(admits.find_refresh_token(form.instance_id, &hash)?.as_ref(), Some(&token));
            assert_eq!(admits.find_code(form.instance_id, &fixtures::hash(9))?, None);
            assert_eq!(admits.find_refresh_token(form.instance_id, &fixtures::hash(9))?, None);
            Ok(())
        });
    }
}

/// Nothing is left of a grant whose code somebody else has.
pub fn codes_and_refresh_tokens_are_taken_once(store: &dyn Store) {
    let (app, session) = given_session(store);
    let first = given::person_grant(store, &app, &session, 1);
    let second = fixtures::person_grant(&app, &session, 2);
    let hash = fixtures::hash(1);
    given::admit(store, |admits| {
        let inserted = admits.insert_grant(&second, &fixtures::authorization_code(&second), &hash)?;
        assert_eq!(inserted, Inserted::Conflict);
        assert_eq!(admits.find_grant(app.instance_id, second.id)?, None);
        let token = fixtures::refresh_token(&first);
        assert_eq!(admits.insert_refresh_token(app.instance_id, &token, &hash)?, Inserted::Conflict);
        Ok(())
    });
    let found = given::read(store, |reads| reads.find_code(app.instance_id, &hash));
    assert_eq!(found, Some(fixtures::authorization_code(&first)));
}

/// And not at all once it has expired.
pub fn a_code_is_redeemed_once(store: &dyn Store) {
    let (app, session) = given_session(store);
    let grants = [1, 2].map(|number| given::person_grant(store, &app, &session, number));
    let [one, two, unknown] = [1, 2, 3].map(fixtures::hash);
    let (last, late) = (fixtures::later(59), fixtures::later(60));
    for (hash, now, expected) in [
        (one, late, Updated::Stale),
        (one, last, Updated::Updated),
        (one, last, Updated::Stale),
        (unknown, last, Updated::Stale),
    ] {
        let redeemed = given::admit(store, |admits| admits.redeem_code(app.instance_id, &hash, now));
        assert_eq!(redeemed, expected);
    }
    let [redeemed, bystander] = grants.each_ref().map(fixtures::authorization_code);
    given::read(store, |reads| {
        let redeemed = AuthorizationCode { redeemed_at: Some(last), ..redeemed };
        assert_eq!(reads.find_code(app.instance_id, &one)?, Some(redeemed));
        assert_eq!(reads.find_code(app.instance_id, &two)?, Some(bystander));
        Ok(())
    });
}

/// And not at all once it has expired.
pub fn a_refresh_token_is_used_once(store: &dyn Store) {
    let (app, session) = given_session(store);
    let grant = given::person_grant(store, &app, &session, 1);
    given::person_grant(store, &app, &session, 2);
    let [one, two, unknown] = [1, 2, 3].map(fixtures::hash);
    let (last, late) = (fixtures::later(3_599), fixtures::later(3_600));
    for (hash, now, expected) in [
        (one, late, Updated::Stale),
        (one, last, Updated::Updated),
        (one, last, Updated::Stale),
        (unknown, last, Updated::Stale),
    ] {
        let used = given::admit(store, |admits| admits.use_refresh_token(app.instance_id, &hash, now));
        assert_eq!(used, expected);
    }
    given::read(store, |reads| {
        let used = RefreshToken { used_at: Some(last), ..fixtures::refresh_token(&grant) };
        assert_eq!(reads.find_refresh_token(app.instance_id, &one)?, Some(used));
        assert_eq!(reads.find_refresh_token(app.instance_id, &two)?.unwrap().used_at, None);
        Ok(())
    });
}

/// Neither revoked nor expired ones, in the order of creation.
pub fn live_grants_are_listed_by_user_app_and_session(store: &dyn Store) {
    let (app, session) = given_session(store);
    let instance = fixtures::instance(1);
    let other_app = given::app(store, &fixtures::tenant(&instance, 1), 2);
    let other_user = given::user(store, &instance, 2);
    let [later, foreign] = [(&fixtures::user(&instance, 1), 2), (&other_user, 3)]
        .map(|(user, number)| given::session(store, user, number));
    let one = given::person_grant(store, &app, &session, 1);
    let two = given::person_grant(store, &other_app, &session, 2);
    let three = given::person_grant(store, &app, &later, 3);
    let theirs = given::person_grant(store, &app, &foreign, 4);
    let revoked = given::person_grant(store, &app, &session, 5);
    let user_id = session.user_id;
    given::mutate(store, |writes| {
        for (at, expected) in [(1, Updated::Updated), (2, Updated::Stale)] {
            assert_eq!(writes.revoke_grant(instance.id, revoked.id, fixtures::later(at))?, expected);
        }
        assert_eq!(writes.find_grant(instance.id, revoked.id)?.unwrap().revoked_at, Some(fixtures::later(1)));
        Ok(())
    });
    for (of, expected) in [
        (GrantsOf::User(user_id), vec![&one, &two, &three]),
        (GrantsOf::UserAndApp(user_id, app.id), vec![&one, &three]),
        (GrantsOf::UserAndApp(user_id, other_app.id), vec![&two]),
        (GrantsOf::Session(session.id), vec![&one, &two]),
        (GrantsOf::User(other_user.id), vec![&theirs]),
    ] {
        let listed = |now| given::read(store, |reads| reads.list_grants(instance.id, of, now));
        assert!(listed(fixtures::START).iter().eq(expected), "{of:?}");
        assert_eq!(listed(one.expires_at), [], "{of:?}");
    }
}
