//! After a new master key was put first: everything that is kept under an older one is sealed again, so that the
//! older one can go. Nothing is decided, nothing changes for anybody, and doing it twice does nothing.

use std::collections::BTreeSet;

use turnkeep_audit::seal::SealCheck;
use turnkeep_domain::app::App;
use turnkeep_domain::audit::{Actor, AttributeChange, AuditEvent, AuditOutcome};
use turnkeep_domain::client_secret::SecretState;
use turnkeep_domain::filter::{AppFilter, UserFilter};
use turnkeep_domain::id::{AppId, AuditEventId, InstanceId, UserId};
use turnkeep_domain::page::Page;
use turnkeep_domain::time::Timestamp;
use turnkeep_secret::master_key::MasterKeyId;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::secret::StoredSecret;
use turnkeep_storage::storage_config::StoredStorageConfig;
use turnkeep_storage::store::{Reads, Writes};
use turnkeep_token::sealing::SealedBytes;

use crate::audit::append::append_event;
use crate::authority::Authority;
use crate::failure::Fault;
use crate::keys::key_ring::open_private_key;
use crate::sign_in::totp::resealed_totp;
use crate::storage_settings::sealed_key::resealed;
use crate::transaction::mutate;

/// How many records one transaction looks at, since everybody else who changes something waits for it.
const AT_ONCE: u32 = 100;

/// What was sealed again, and what remains under older keys.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResealReport {
    /// Private keys that were sealed again.
    pub signing_keys: u64,
    /// Secret keys of storage settings that were sealed again.
    pub storage_secret_keys: u64,
    /// Secrets of authenticator apps that were sealed again.
    pub totp_secrets: u64,
    /// Ends of audit trails that were sealed again.
    pub audit_heads: u64,
    /// Segments in the place of pruned audit entries that were sealed again.
    pub audit_segments: u64,
    /// Segments whose seal is not genuine, or whose key is not here: they keep it, for a new one would vouch for
    /// what nobody knows to be true.
    pub audit_segments_left: u64,
    /// Ends of audit trails of which the same is true.
    pub audit_heads_left: u64,
    /// The keys that the seals name which are kept.
    pub keys_of_seals_left: BTreeSet<MasterKeyId>,
    /// Live client secrets whose fast check is keyed with an older key. Without it their next use takes the slow
    /// way, once.
    pub secrets_with_older_macs: u64,
}

/// Seals everything of every instance under the current master key, in transactions of bounded size. The older keys
/// have to be there still.
pub fn reseal_keys(authority: &Authority, actor: Actor) -> Result<ResealReport, Fault> {
    let mut report = ResealReport::default();
    for instance in authority.store.read(|reads| reads.list_instances())? {
        let current = authority.master_keys.current_id();
        let here = Resealing { authority, actor, instance_id: instance.id, current };
        // Each of these writes an event, and so seals a genuine head anew.
        let head_before = here.head_seal()?;
        report.signing_keys += here.signing_keys()?;
        report.storage_secret_keys += here.storage_secret_keys()?;
        report.totp_secrets += here.totp_secrets()?;
        here.audit_segments(&mut report)?;
        here.audit_head(head_before, &mut report)?;
        report.secrets_with_older_macs += here.older_macs()?;
    }
    Ok(report)
}

struct Resealing<'a> {
    authority: &'a Authority,
    actor: Actor,
    instance_id: InstanceId,
    current: MasterKeyId,
}

impl Resealing<'_> {
    fn signing_keys(&self) -> Result<u64, Fault> {
        mutate(&*self.authority.store, |writes| {
            let mut done = 0;
            for stored in writes.list_published_signing_keys(self.instance_id)? {
                let Some(sealed) = stored.sealed_private_key.clone().map(SealedBytes::from_stored) else {
                    continue;
                };
                if sealed.master_key_id() == Some(self.current) {
                    continue;
                }
                let Authority { master_keys, random, .. } = self.authority;
                let resealed = open_private_key(self.authority, &stored)?
                    .seal(master_keys, &**random, self.instance_id, stored.key.id)
                    .map_err(|error| Fault::signing_key("sealing a private key")(error.into()))?;
                writes.reseal_signing_key(self.instance_id, stored.key.id, resealed.as_bytes())?;
                done += 1;
            }
            self.note(writes, "signing_keys", done)?;
            Ok(done)
        })
    }

    fn storage_secret_keys(&self) -> Result<u64, Fault> {
        let mut done = 0;
        let mut after: Option<AppId> = None;
        loop {
            let (page, resealed) = mutate(&*self.authority.store, |writes| {
                let page = writes.list_storage_configs(self.instance_id, after, AT_ONCE)?;
                let resealed = self.storage_page(writes, &page)?;
                self.note(writes, "storage_secret_keys", resealed)?;
                Ok((page, resealed))
            })?;
            done += resealed;
            match page.last() {
                Some(last) => after = Some(last.config.app_id),
                None => return Ok(done),
            }
        }
    }

    /// The versions stay: what callers can see is the same.
    fn storage_page(&self, writes: &mut dyn Writes, page: &[StoredStorageConfig]) -> Result<u64, Fault> {
        let mut done = 0;
        for stored in page {
            let Some(sealed_secret_key) = resealed(self.authority, self.instance_id, stored)? else {
                continue;
            };
            let version = stored.config.version;
            let stored = StoredStorageConfig { sealed_secret_key, ..stored.clone() };
            // Read in this transaction, so it is not stale.
            let _updated = writes.update_storage_config(self.instance_id, &stored, version)?;
            done += 1;
        }
        Ok(done)
    }

    fn totp_secrets(&self) -> Result<u64, Fault> {
        let mut done = 0;
        let mut page = Page::first(AT_ONCE);
        loop {
            let (last, resealed) = mutate(&*self.authority.store, |writes| {
                let users = writes.list_users(self.instance_id, &UserFilter::default(), &page)?;
                let mut resealed = 0;
                for user in &users {
                    resealed += self.totp_secret(writes, user.id)?;
                }
                self.note(writes, "totp_secrets", resealed)?;
                Ok((users.last().map(|user| user.id), resealed))
            })?;
            done += resealed;
            match last {
                Some(last) => page = Page::after(last, AT_ONCE),
                None => return Ok(done),
            }
        }
    }

    fn totp_secret(&self, writes: &mut dyn Writes, user_id: UserId) -> Result<u64, Fault> {
        let Some(stored) = writes.find_totp(self.instance_id, user_id)? else {
            return Ok(0);
        };
        let Some(resealed) = resealed_totp(self.authority, self.instance_id, user_id, &stored)? else {
            return Ok(0);
        };
        writes.put_totp(self.instance_id, user_id, &resealed)?;
        Ok(1)
    }

    /// What the seal of the head says, and the key that it names; `None` before the first event.
    fn head_seal(&self) -> Result<Option<(SealCheck, MasterKeyId)>, Fault> {
        let head = self.authority.store.read(|reads| reads.audit_head(self.instance_id))?;
        Ok(head.map(|sealed| (self.authority.seal_keys.check_head(&sealed), sealed.seal.key_id())))
    }

    /// An event of its own seals the head, unless there was one for something else.
    fn audit_head(
        &self,
        before: Option<(SealCheck, MasterKeyId)>,
        report: &mut ResealReport,
    ) -> Result<(), Fault> {
        match self.head_seal()? {
            None | Some((SealCheck::Genuine, _)) => {}
            Some((SealCheck::GenuineUnderPreviousKey, _)) => {
                mutate(&*self.authority.store, |writes| Ok(self.note(writes, "audit_heads", 1)?))?;
            }
            Some((SealCheck::Wrong | SealCheck::UnknownKey, key_id)) => {
                report.audit_heads_left += 1;
                report.keys_of_seals_left.insert(key_id);
                return Ok(());
            }
        }
        if matches!(before, Some((SealCheck::GenuineUnderPreviousKey, _))) {
            report.audit_heads += 1;
        }
        Ok(())
    }

    /// There are few of them: one for each time that entries were pruned.
    fn audit_segments(&self, report: &mut ResealReport) -> Result<(), Fault> {
        let keys = &self.authority.seal_keys;
        let (done, left) = mutate(&*self.authority.store, |writes| {
            let (mut done, mut left) = (0, Vec::new());
            for sealed in writes.list_audit_segments(self.instance_id)? {
                match keys.check_segment(&sealed) {
                    SealCheck::Genuine => {}
                    SealCheck::GenuineUnderPreviousKey => {
                        // Read in this transaction, so it is there.
                        let _updated = writes.reseal_audit_segment(&keys.seal_segment(sealed.segment))?;
                        done += 1;
                    }
                    SealCheck::Wrong | SealCheck::UnknownKey => left.push(sealed.seal.key_id()),
                }
            }
            self.note(writes, "audit_segments", done)?;
            Ok((done, left))
        })?;
        report.audit_segments += done;
        for key_id in left {
            report.audit_segments_left += 1;
            report.keys_of_seals_left.insert(key_id);
        }
        Ok(())
    }

    fn older_macs(&self) -> Result<u64, Fault> {
        let now = self.authority.now();
        let mut found = 0;
        let mut page = Page::first(AT_ONCE);
        loop {
            let (last, older) = self.authority.store.read(|reads| {
                let apps = reads.list_apps_of_instance(self.instance_id, &AppFilter::default(), &page)?;
                let mut older = 0;
                for app in &apps {
                    older += self.older_macs_of(reads, app, now)?;
                }
                Ok((apps.last().map(|app| app.id), older))
            })?;
            found += older;
            match last {
                Some(last) => page = Page::after(last, AT_ONCE),
                None => return Ok(found),
            }
        }
    }

    fn older_macs_of(&self, reads: &mut dyn Reads, app: &App, now: Timestamp) -> StoreResult<u64> {
        let older = |stored: &StoredSecret| {
            let keyed = stored.digest.mac.as_ref().is_some_and(|mac| mac.key_id() != self.current);
            keyed && stored.secret.state(now) == SecretState::Live
        };
        let secrets = reads.list_secrets(app.tenant_id, app.id)?;
        Ok(secrets.iter().filter(|stored| older(stored)).map(|_| 1).sum())
    }

    /// Puts an event into the instance's trail, if there is something to tell.
    fn note(&self, writes: &mut dyn Writes, what: &'static str, done: u64) -> StoreResult<()> {
        if done == 0 {
            return Ok(());
        }
        let at = self.authority.now();
        let told = |attribute, text| AttributeChange { attribute, before: None, after: Some(text) };
        let changes = vec![told(what, done.to_string()), told("master_key_id", self.current.to_string())];
        let event = AuditEvent {
            id: AuditEventId::new(at, self.authority.random_bytes()),
            instance_id: self.instance_id,
            tenant_id: None,
            actor: self.actor,
            action: "keys.reseal",
            object: None,
            outcome: AuditOutcome::Done { changes },
            request_id: None,
            at,
        };
        append_event(self.authority, writes, &event)
    }
}
