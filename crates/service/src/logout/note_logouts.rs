//! Noting, in the transaction that ends sessions, which apps have to be told of it (Back-Channel Logout §2.3).

use std::collections::BTreeSet;

use turnkeep_domain::id::LogoutNoticeId;
use turnkeep_domain::logout_notice::LogoutNotice;
use turnkeep_domain::person_grant::PersonGrant;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Writes;

use crate::authority::Authority;

/// Notes one notice for each app and session among the grants that were made in sessions that end now, whether they
/// outlive them or not. The bell is to be rung when all of it is committed.
pub(crate) fn note_logouts(
    authority: &Authority,
    writes: &mut dyn Writes,
    grants: &[PersonGrant],
    now: Timestamp,
) -> StoreResult<()> {
    let mut told = BTreeSet::new();
    for grant in grants {
        let PersonGrant { instance_id, tenant_id, app_id, user_id, session_id, .. } = *grant;
        if !told.insert((session_id, app_id)) {
            continue;
        }
        let app = writes.find_app(instance_id, tenant_id, app_id)?;
        if app.is_none_or(|app| app.settings.backchannel_logout_uri.is_none()) {
            continue;
        }
        writes.insert_logout_notice(&LogoutNotice {
            id: LogoutNoticeId::new(now, authority.random_bytes()),
            instance_id,
            tenant_id,
            app_id,
            user_id,
            session_id,
            attempts: 0,
            due_at: now,
            created_at: now,
        })?;
    }
    Ok(())
}
