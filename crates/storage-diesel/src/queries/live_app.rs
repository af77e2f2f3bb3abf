//! An app with its surroundings, in one query.

use std::cmp::Reverse;

use diesel::prelude::*;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::InstanceId;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::live_app::{LiveApp, LiveAppAsOf, LiveAppReads};
use turnkeep_storage::secret::StoredSecret;

use crate::records::app::AppRow;
use crate::records::secret::{SecretDigestRow, SecretRow, into_domain};
use crate::records::tenant::TenantRow;
use crate::records::user::UserRow;
use crate::schema::{apps, change_counter, client_secret_digests, client_secrets, tenants, users};
use crate::session::Session;

/// Live ones come first. Of the others an app can have any number, each of which would take memory; tokens that a
/// forgotten secret obtained count as dead, as it was revoked.
const MOST_SECRETS: i64 = 64;

/// What the query returns, once for each secret of the app; only the sequence if there is no app.
type LiveAppRow =
    (i64, Option<AppRow>, Option<TenantRow>, Option<UserRow>, Option<SecretRow>, Option<SecretDigestRow>);

impl LiveAppReads for Session<'_> {
    fn find_live_app(&mut self, instance_id: InstanceId, client_id: &ClientId) -> StoreResult<LiveAppAsOf> {
        let app = apps::table.on(apps::instance_id
            .eq(instance_id.as_bytes().to_vec())
            .and(apps::client_id.eq(client_id.as_str().to_owned())));
        let tenant = tenants::table
            .on(tenants::instance_id.eq(apps::instance_id).and(tenants::id.eq(apps::tenant_id)));
        let user = users::table
            .on(users::instance_id.eq(apps::instance_id).and(users::id.nullable().eq(apps::system_user_id)));
        let secret = client_secrets::table
            .on(client_secrets::tenant_id.eq(apps::tenant_id).and(client_secrets::app_id.eq(apps::id)));
        let digest = client_secret_digests::table.on(client_secret_digests::tenant_id
            .eq(client_secrets::tenant_id)
            .and(client_secret_digests::app_id.eq(client_secrets::app_id))
            .and(client_secret_digests::client_secret_id.eq(client_secrets::id)));
        let query = change_counter::table
            .left_join(app)
            .left_join(tenant)
            .left_join(user)
            .left_join(secret)
            .left_join(digest)
            .order((
                client_secrets::revoked_at.is_not_null(),
                client_secrets::created_at.desc(),
                client_secrets::id.desc(),
            ))
            .limit(MOST_SECRETS)
            .select((
                change_counter::sequence,
                Option::<AppRow>::as_select(),
                Option::<TenantRow>::as_select(),
                Option::<UserRow>::as_select(),
                Option::<SecretRow>::as_select(),
                Option::<SecretDigestRow>::as_select(),
            ));
        let rows: Vec<LiveAppRow> = self.run(|c| query.load(c))?;
        read(rows)
    }
}

fn read(rows: Vec<LiveAppRow>) -> StoreResult<LiveAppAsOf> {
    let mut rows = rows.into_iter();
    let Some((sequence, app, tenant, user, life, digest)) = rows.next() else {
        return Err(StoreError::Corrupt { table: "change_counter", column: "id" });
    };
    let as_of = ChangeSequence::from_number(sequence);
    let Some(app) = app else {
        return Ok(LiveAppAsOf { found: None, as_of });
    };
    let first = life.zip(digest);
    let others = rows.filter_map(|(_, _, _, _, life, digest)| life.zip(digest));
    let mut secrets: Vec<StoredSecret> =
        first.into_iter().chain(others).map(into_domain).collect::<StoreResult<_>>()?;
    secrets.sort_unstable_by_key(|stored| Reverse((stored.secret.created_at, stored.secret.id)));
    // Many of these are kept in memory.
    secrets.shrink_to_fit();
    let live = LiveApp {
        app: app.into_domain()?,
        tenant: tenant.ok_or(StoreError::Corrupt { table: "apps", column: "tenant_id" })?.into_domain()?,
        system_user: user.map(UserRow::into_domain).transpose()?,
        secrets,
    };
    Ok(LiveAppAsOf { found: Some(live), as_of })
}
