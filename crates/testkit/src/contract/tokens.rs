//! Revoked access tokens.

use std::time::Duration;

use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

/// Revoking again changes nothing, and the end of its app does not bring it back.
pub fn a_revoked_token_stays_revoked(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let tenant = given::tenant(store, &instance, 1);
    let app = given::app(store, &tenant, 1);
    let (token, other) = (fixtures::revoked_token(&app, 1), fixtures::revoked_token(&app, 2));
    given::mutate(store, |writes| {
        assert!(!writes.is_token_revoked(instance.id, token.token_id)?);
        writes.revoke_token(&token)?;
        writes.revoke_token(&token)?;
        let _deleted = writes.delete_app(instance.id, tenant.id, app.id)?;
        assert!(writes.is_token_revoked(instance.id, token.token_id)?);
        assert!(!writes.is_token_revoked(instance.id, other.token_id)?);
        Ok(())
    });
}

/// Not before the token would have expired.
pub fn expired_revocations_are_purged(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let app = given::app(store, &given::tenant(store, &instance, 1), 1);
    let token = fixtures::revoked_token(&app, 1);
    let mut longer = fixtures::revoked_token(&app, 2);
    longer.expires_at = token.expires_at.plus(Duration::from_secs(100));
    given::mutate(store, |writes| {
        writes.revoke_token(&token)?;
        writes.revoke_token(&longer)
    });
    let microsecond = Duration::from_micros(1);
    assert_eq!(given::keep_books(store, |books| books.purge_revoked_tokens(token.expires_at)), 0);
    let after = token.expires_at.plus(microsecond);
    assert_eq!(given::keep_books(store, |books| books.purge_revoked_tokens(after)), 1);
    given::read(store, |reads| {
        assert!(!reads.is_token_revoked(instance.id, token.token_id)?);
        assert!(reads.is_token_revoked(instance.id, longer.token_id)?);
        Ok(())
    });
}
