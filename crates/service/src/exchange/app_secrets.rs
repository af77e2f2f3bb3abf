//! The secrets of a new app, from hashes in its document or from secrets in the clear that were hashed beforehand.

use turnkeep_domain::client_secret::{ClientSecret, SecretHint, SecretState};
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::id::{AppId, SecretId};
use turnkeep_domain::tenant::Tenant;
use turnkeep_exchange::document::app::AppRecord;
use turnkeep_exchange::document::app_secret::{AppSecretRecord, SecretMaterial};
use turnkeep_exchange::document::values::value;
use turnkeep_policy::decide_secret_addition::{MAX_LIVE_SECRETS, SecretAdditionDenial};
use turnkeep_policy::decide_secret_expiry::decide_limited_secret_expiry;
use turnkeep_secret::digest::SecretDigest;
use turnkeep_storage::secret::StoredSecret;

use crate::exchange::import_report::{RecordResult, refusal};
use crate::exchange::importing::Importing;
use crate::registry::denial::RegistryDenial;

/// The live secrets of a new app, none older than its tenant allows. A confidential app without one is refused, as it
/// could never authenticate and nobody would know, unless the document says that it has none: that it lists none, or
/// that all of them have ended.
pub(super) fn new_secrets(
    importing: &Importing<'_, '_>,
    record: &AppRecord,
    tenant: &Tenant,
    app_id: AppId,
) -> RecordResult<Vec<StoredSecret>> {
    let prepared = importing.prepared.app(&record.client_id);
    let mut hashed = prepared.map(|app| app.digests.as_slice()).unwrap_or_default().iter();
    let mut stored = Vec::new();
    for secret in record.secrets.iter().flatten() {
        let digest = match &secret.material {
            SecretMaterial::Withheld => continue,
            SecretMaterial::Clear(_) => hashed.next().cloned(),
            SecretMaterial::Hash(hash) => {
                Some(SecretDigest { record: value("secrets", hash.record())?, mac: None })
            }
        };
        let life = life_of(importing, secret, tenant, app_id);
        if life.state(importing.change.now) == SecretState::Live {
            stored.extend(digest.map(|digest| StoredSecret { secret: life, digest }));
        }
    }
    match (record.client_type_value(), stored.len()) {
        (ClientType::Public, 0) => Ok(stored),
        (ClientType::Confidential, 0) if says_that_it_has_none(importing, record) => Ok(stored),
        (ClientType::Public, _) => {
            Err(RegistryDenial::SecretAddition(SecretAdditionDenial::PublicClient).into())
        }
        (ClientType::Confidential, 0) => Err(refusal(
            "secrets",
            "no_secret",
            "no secret: the document has neither a secret nor a hash for this new app that still counts, so that it \
             could never authenticate",
        )),
        (ClientType::Confidential, live) if MAX_LIVE_SECRETS < live => {
            Err(RegistryDenial::SecretAddition(SecretAdditionDenial::TooManyLive).into())
        }
        (ClientType::Confidential, _) => Ok(stored),
    }
}

fn says_that_it_has_none(importing: &Importing<'_, '_>, record: &AppRecord) -> bool {
    let now = importing.change.now;
    let has_ended =
        |secret: &AppSecretRecord| secret.expires_at.is_some_and(|expires_at| expires_at.0 <= now);
    record.secrets.as_ref().is_some_and(|secrets| secrets.iter().all(has_ended))
}

fn life_of(
    importing: &Importing<'_, '_>,
    record: &AppSecretRecord,
    tenant: &Tenant,
    app_id: AppId,
) -> ClientSecret {
    let now = importing.change.now;
    let created_at = record.created_at.map_or(now, |time| time.0.min(now));
    let life = ClientSecret {
        id: SecretId::new(now, importing.context.authority.random_bytes()),
        app_id,
        hint: record.hint.as_deref().and_then(SecretHint::parse).unwrap_or_else(|| SecretHint::of("")),
        created_at,
        expires_at: record.expires_at.map(|time| time.0),
        revoked_at: None,
        last_used_at: None,
    };
    let limit = tenant.secret_max_age.and_then(|max_age| decide_limited_secret_expiry(&life, max_age, now));
    ClientSecret { expires_at: limit.or(life.expires_at), ..life }
}
