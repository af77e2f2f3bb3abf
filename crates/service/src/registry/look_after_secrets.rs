//! Warning of secrets that end before long, and removing those that ended long ago.

use std::time::Duration;

use turnkeep_domain::audit::{Actor, AttributeChange, AuditEvent, AuditOutcome};
use turnkeep_domain::id::AuditEventId;
use turnkeep_domain::secret_max_age::SecretExpiryWarning;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::bookkeeping::{Bookkeeping, ExpiringSecret};
use turnkeep_storage::error::StoreResult;

use crate::audit::append::append_to_chains;
use crate::authority::Authority;
use crate::failure::Fault;

/// How long an expired or revoked secret stays in the list.
const KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How many secrets one transaction looks at.
const AT_ONCE: u32 = 500;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SecretsLookedAfter {
    /// How many were warned of, each at most three times in its life.
    pub warned: u32,
    /// How many were removed.
    pub purged: u32,
}

/// Warns in the audit trail 30, 7 and 1 days before a secret ends, once each, and removes secrets that ended 30
/// days ago. To be called now and then; when does not matter for what a secret opens.
pub fn look_after_secrets(authority: &Authority) -> Result<SecretsLookedAfter, Fault> {
    use SecretExpiryWarning::{Within1Day, Within7Days, Within30Days};
    let now = authority.now();
    let mut done = SecretsLookedAfter::default();
    // The most urgent first, so that nobody is warned twice of one secret at once.
    for warning in [Within1Day, Within7Days, Within30Days] {
        loop {
            let warned = authority.store.keep_books(|books| warn_of_some(authority, books, warning, now))?;
            done.warned += warned;
            if warned < AT_ONCE {
                break;
            }
        }
    }
    // A mutation, since others may be about to revoke the same secrets.
    done.purged = authority.store.mutate(|writes| writes.purge_secrets(now.minus(KEPT)))?;
    Ok(done)
}

fn warn_of_some(
    authority: &Authority,
    books: &mut dyn Bookkeeping,
    warning: SecretExpiryWarning,
    now: Timestamp,
) -> StoreResult<u32> {
    let days = u32::from(warning.days());
    let until = now.plus(DAY.saturating_mul(days));
    let secrets = books.list_expiring_secrets(now, until, days, AT_ONCE)?;
    let mut events = Vec::new();
    for secret in &secrets {
        books.note_expiry_warning(secret, days)?;
        events.push(event(authority, secret, warning, now));
    }
    append_to_chains(authority, books, &events)?;
    Ok(u32::try_from(events.len()).unwrap_or(u32::MAX))
}

fn event(
    authority: &Authority,
    secret: &ExpiringSecret,
    warning: SecretExpiryWarning,
    now: Timestamp,
) -> AuditEvent {
    let set = |attribute, after: String| AttributeChange { attribute, before: None, after: Some(after) };
    AuditEvent {
        id: AuditEventId::new(now, authority.random_bytes()),
        instance_id: secret.instance_id,
        tenant_id: Some(secret.tenant_id),
        actor: Actor::System,
        action: "secret.expires_soon",
        object: Some(secret.app_id.to_string()),
        outcome: AuditOutcome::Done {
            changes: vec![
                set("secret_id", secret.secret_id.to_string()),
                set("days_left", warning.days().to_string()),
            ],
        },
        request_id: None,
        at: now,
    }
}
