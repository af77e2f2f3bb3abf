//! A secret for an app, new or old: made here, stored by whoever wants it.

use turnkeep_domain::client_secret::{ClientSecret, SecretHint};
use turnkeep_domain::id::{AppId, InstanceId, SecretId, TenantId};
use turnkeep_domain::time::Timestamp;
use turnkeep_policy::decide_secret_expiry::decide_new_secret_expiry;
use turnkeep_secret::generated::{SecretKind, generate};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::secret::StoredSecret;
use turnkeep_storage::store::Reads;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::make_digest::make_digest;
use crate::registry::context::RegistryResult;
use crate::registry::denial::RegistryDenial;

/// A new secret in both its forms.
pub(crate) struct NewSecret {
    pub(crate) plaintext: PlaintextSecret,
    pub(crate) stored: StoredSecret,
}

/// Makes a secret for an app. It takes tens of milliseconds: not for inside a transaction.
pub(crate) fn make_secret(authority: &Authority, app_id: AppId) -> Result<NewSecret, Fault> {
    let now = authority.now();
    let plaintext = generate(SecretKind::ClientSecret, authority.random_bytes());
    let digest = make_digest(authority, &plaintext, app_id.as_bytes())?;
    let secret = ClientSecret {
        id: SecretId::new(now, authority.random_bytes()),
        app_id,
        hint: SecretHint::of(plaintext.expose()),
        created_at: now,
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
    };
    Ok(NewSecret { plaintext, stored: StoredSecret { secret, digest } })
}

/// A new secret with the end that its tenant's maximum age gives it.
pub(crate) fn aged<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    tenant_id: TenantId,
    new: &StoredSecret,
    now: Timestamp,
) -> RegistryResult<StoredSecret> {
    let tenant = reads.find_tenant(instance_id, tenant_id)?.ok_or(RegistryDenial::NotFound)?;
    let expires_at = decide_new_secret_expiry(tenant.secret_max_age, now);
    let secret = ClientSecret { expires_at, created_at: now, ..new.secret };
    Ok(StoredSecret { secret, digest: new.digest.clone() })
}
