//! What people sign in with, and what they granted, is as good as absent for every other instance, tenant and user.

use turnkeep_domain::account_link::AccountLinkPurpose;
use turnkeep_domain::app::App;
use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::consent::Consent;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::Instance;
use turnkeep_domain::person_grant::PersonGrant;
use turnkeep_domain::reference_token::ReferenceToken;
use turnkeep_domain::session::Session;
use turnkeep_domain::user::User;
use turnkeep_storage::credential::StoredPasskeyRecord;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::logout_notice::NoticeLimits;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::person_grant::GrantsOf;
use turnkeep_storage::reference_token::ReferenceTokenUse;
use turnkeep_storage::store::{Reads, Store};

use super::given;
use crate::fixtures;

/// Of everything that is found by one.
const HASH: [u8; 32] = fixtures::hash(1);

/// How many looks at a [`Victim`] show something to those who may see it.
const ALL_SEEN: usize = 22;

/// One record of each kind.
struct Victim {
    instance: Instance,
    app: App,
    user: User,
    session: Session,
    grant: PersonGrant,
    passkey: StoredPasskeyRecord,
    token: ReferenceToken,
}

impl Victim {
    fn stored(store: &dyn Store) -> Self {
        let instance = given::instance(store, 1);
        let app = given::app(store, &given::tenant(store, &instance, 1), 1);
        let email = Some(fixtures::email("ada@example.com"));
        let user = User { email, ..fixtures::user(&instance, 1) };
        assert_eq!(given::mutate(store, |writes| writes.insert_user(&user)), Inserted::Inserted);
        let session = given::session(store, &user, 1);
        let grant = given::person_grant(store, &app, &session, 1);
        let (passkey, token) = (fixtures::passkey(&user, 1), fixtures::reference_token(&app, &user, 1));
        let link = fixtures::account_link(instance.id, AccountLinkPurpose::Reset(user.id));
        given::mutate(store, |writes| {
            writes.put_password(instance.id, user.id, &fixtures::password("x"))?;
            writes.put_totp(instance.id, user.id, &fixtures::totp(1))?;
            writes.put_recovery_codes(instance.id, user.id, &[HASH])?;
            writes.put_consent(&fixtures::consent(&app, &user))?;
            writes.insert_logout_notice(&fixtures::logout_notice(&app, &session, 1))?;
            let inserted = [
                writes.insert_passkey(&passkey)?,
                writes.insert_account_link(&link, &HASH)?,
                writes.insert_reference_token(&token, &HASH)?,
            ];
            assert_eq!(inserted, [Inserted::Inserted; 3]);
            Ok(())
        });
        Self { instance, app, user, session, grant, passkey, token }
    }

    /// How much of it can be seen from an instance.
    fn seen(&self, reads: &mut dyn Reads, instance_id: InstanceId) -> StoreResult<usize> {
        let (user, app, now) = (self.user.id, &self.app, fixtures::START);
        let seen = [
            reads.find_user_by_email(instance_id, &fixtures::email("ADA@example.com"))?.is_some(),
            reads.find_session(instance_id, &HASH)?.is_some(),
            reads.find_session_by_id(instance_id, self.session.id)?.is_some(),
            !reads.list_sessions(instance_id, user, now)?.is_empty(),
            reads.find_password(instance_id, user)?.is_some(),
            reads.find_totp(instance_id, user)?.is_some(),
            reads.count_recovery_codes(instance_id, user)? == 1,
            !reads.list_passkeys(instance_id, user)?.is_empty(),
            reads.find_passkey(instance_id, &self.passkey.credential_id)?.is_some(),
            reads.find_account_link(instance_id, &HASH)?.is_some_and(|link| link.used_at.is_none()),
            reads.find_consent(instance_id, user, app.id)?.is_some(),
            !reads.list_consents(instance_id, user)?.is_empty(),
            reads.find_grant(instance_id, self.grant.id)?.is_some(),
            !reads.list_grants(instance_id, GrantsOf::User(user), now)?.is_empty(),
            !reads.list_grants(instance_id, GrantsOf::UserAndApp(user, app.id), now)?.is_empty(),
            !reads.list_grants(instance_id, GrantsOf::Session(self.session.id), now)?.is_empty(),
            reads.find_code(instance_id, &HASH)?.is_some_and(|code| code.redeemed_at.is_none()),
            reads.find_refresh_token(instance_id, &HASH)?.is_some_and(|token| token.used_at.is_none()),
            reads.find_reference_token(instance_id, &HASH)?.is_some(),
            reads.find_reference_token_by_id(instance_id, app.tenant_id, self.token.id)?.is_some(),
            !reads.list_reference_tokens_of_app(instance_id, app.tenant_id, app.id)?.is_empty(),
            !reads.list_reference_tokens_of_user(instance_id, user)?.is_empty(),
        ];
        Ok(seen.into_iter().filter(|seen| *seen).count())
    }

    /// Nothing about it has changed.
    fn assert_untouched(&self, store: &dyn Store) {
        given::read(store, |reads| {
            assert_eq!(self.seen(reads, self.instance.id)?, ALL_SEEN);
            let session = reads.find_session(self.instance.id, &HASH)?;
            assert_eq!(session.as_ref(), Some(&self.session));
            assert_eq!(reads.find_grant(self.instance.id, self.grant.id)?.as_ref(), Some(&self.grant));
            assert_eq!(reads.find_totp(self.instance.id, self.user.id)?, Some(fixtures::totp(1)));
            let token = reads.find_reference_token(self.instance.id, &HASH)?;
            assert_eq!(token.as_ref(), Some(&self.token));
            let keys = reads.list_passkeys(self.instance.id, self.user.id)?;
            assert_eq!(keys, std::slice::from_ref(&self.passkey));
            Ok(())
        });
    }
}

/// Neither by id, nor by handle, nor in a list.
pub fn another_instance_sees_nobody_who_signs_in(store: &dyn Store) {
    let victim = Victim::stored(store);
    let other = given::instance(store, 2);
    given::read(store, |reads| {
        assert_eq!(victim.seen(reads, victim.instance.id)?, ALL_SEEN);
        assert_eq!(victim.seen(reads, other.id)?, 0);
        Ok(())
    });
}

/// Every change is refused as if the record did not exist, or fails.
pub fn another_instance_lets_nobody_in(store: &dyn Store) {
    let victim = Victim::stored(store);
    let other = given::instance(store, 2);
    let (there, user, now) = (other.id, victim.user.id, fixtures::later(1));
    let again = Authentication::by(AuthenticationMethod::Passkey, now);
    given::mutate(store, |writes| {
        let stale = [
            writes.renew_session(there, victim.session.id, &fixtures::hash(9), &again, now)?,
            writes.end_session(there, user, victim.session.id, now)?,
            writes.use_totp_step(there, user, 1)?,
            writes.use_recovery_code(there, user, &HASH, now)?,
            writes.use_passkey(there, victim.passkey.id, "x", now)?,
            writes.delete_totp(there, user)?,
            writes.delete_passkey(there, user, victim.passkey.id)?,
            writes.use_account_link(there, &HASH, now)?,
            writes.delete_consent(there, user, victim.app.id)?,
            writes.redeem_code(there, &HASH, now)?,
            writes.use_refresh_token(there, &HASH, now)?,
            writes.revoke_grant(there, victim.grant.id, now)?,
            writes.revoke_reference_token(there, victim.app.tenant_id, victim.token.id, now)?,
        ];
        assert_eq!(stale, [Updated::Stale; 13]);
        writes.touch_session(there, victim.session.id, now)?;
        writes.use_account_links_of(there, user, now)?;
        writes.put_recovery_codes(there, user, &[])
    });
    let use_of_token = ReferenceTokenUse { instance_id: there, id: victim.token.id, at: now };
    given::keep_books(store, |books| {
        books.record_reference_token_uses(&[use_of_token])?;
        let notice = fixtures::logout_notice(&victim.app, &victim.session, 1);
        books.delete_logout_notice(there, notice.id)?;
        books.put_off_logout_notice(there, notice.id, fixtures::later(1_000))
    });
    let session = Session { instance_id: there, ..fixtures::session(&victim.user, 2) };
    let grant = PersonGrant { instance_id: there, ..fixtures::person_grant(&victim.app, &victim.session, 2) };
    let consent = Consent { instance_id: there, ..fixtures::consent(&victim.app, &victim.user) };
    let token =
        ReferenceToken { instance_id: there, ..fixtures::reference_token(&victim.app, &victim.user, 2) };
    let passkey = StoredPasskeyRecord { instance_id: there, ..fixtures::passkey(&victim.user, 2) };
    let link = fixtures::account_link(there, AccountLinkPurpose::Reset(user));
    let code = fixtures::authorization_code(&grant);
    let refresh = fixtures::refresh_token(&victim.grant);
    let hash = fixtures::hash(2);
    let faults = [
        store.admit(|admits| admits.insert_session(&session, &hash)).is_err(),
        store.admit(|admits| admits.insert_grant(&grant, &code, &hash)).is_err(),
        store.admit(|admits| admits.insert_refresh_token(there, &refresh, &hash)).is_err(),
        store.admit(|admits| admits.put_consent(&consent)).is_err(),
        store.admit(|admits| admits.insert_account_link(&link, &hash)).is_err(),
        store.mutate(|writes| writes.put_password(there, user, &fixtures::password("y"))).is_err(),
        store.mutate(|writes| writes.put_totp(there, user, &fixtures::totp(2))).is_err(),
        store.mutate(|writes| writes.put_recovery_codes(there, user, &[hash])).is_err(),
        store.mutate(|writes| writes.insert_passkey(&passkey)).is_err(),
        store.mutate(|writes| writes.insert_reference_token(&token, &hash)).is_err(),
    ];
    assert_eq!(faults, [true; 10]);
    victim.assert_untouched(store);
    let (retry_at, limits) = (fixtures::later(9), NoticeLimits { all: 10, of_an_app: 10 });
    let due = given::keep_books(store, |books| books.take_logout_notices(now, retry_at, limits));
    assert_eq!(due.len(), 1);
}

/// The inventory of a tenant is its own.
pub fn another_tenant_reaches_no_reference_token(store: &dyn Store) {
    let victim = Victim::stored(store);
    let other = given::tenant(store, &victim.instance, 2);
    let instance_id = victim.instance.id;
    given::mutate(store, |writes| {
        assert_eq!(writes.find_reference_token_by_id(instance_id, other.id, victim.token.id)?, None);
        assert_eq!(writes.list_reference_tokens_of_app(instance_id, other.id, victim.app.id)?, []);
        let revoked =
            writes.revoke_reference_token(instance_id, other.id, victim.token.id, fixtures::START)?;
        assert_eq!(revoked, Updated::Stale);
        Ok(())
    });
    victim.assert_untouched(store);
}
