//! Telling apps that a session is over: signed anew at each attempt, since a logout token lives for two minutes only
//! (OpenID Connect Back-Channel Logout §2.4 to §2.8). An app that does not answer is asked again a few times, with growing
//! pauses, and then given up.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use turnkeep_domain::audit::{Actor, AuditEvent, AuditOutcome};
use turnkeep_domain::backchannel_logout_uri::BackchannelLogoutUri;
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::id::{AppId, AuditEventId};
use turnkeep_domain::logout_notice::LogoutNotice;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::logout_notice::NoticeLimits;
use turnkeep_storage::store::Reads;
use turnkeep_token::id_token::ID_TOKEN_ALGORITHM;
use turnkeep_token::logout_token::{LogoutToken, mint_logout_token};

use crate::audit::append::append_to_chains;
use crate::authority::Authority;
use crate::failure::Fault;
use crate::logout::deliver_logout::DeliveryOutcome;
use crate::snapshot::look_up::LookUp;

/// How many notices are delivered at once, each on a thread of its own. One slow app does not take all of them, and is not
/// sent more than these at once.
const AT_ONCE: NoticeLimits = NoticeLimits { all: 16, of_an_app: 4 };

/// How long nobody else tries what was taken: much longer than an attempt takes.
const TAKEN_FOR: Duration = Duration::from_secs(60);

/// What was done with some notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Deliveries {
    /// An app has taken them.
    pub delivered: u32,
    /// They are tried again later.
    pub failed: u32,
    /// They were tried often enough.
    pub given_up: u32,
    /// Their apps are gone, or want to know of nothing any more.
    pub dropped: u32,
    /// Whether there may be more to do at once.
    pub is_more_due: bool,
}

/// A notice with what it takes to deliver it.
enum Addressed {
    /// To this address, of an app of this client id, in the name of this issuer.
    To(BackchannelLogoutUri, ClientId, Slug),
    /// The app is gone, or wants no notices any more.
    Nobody,
}

/// What became of a notice.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Delivered,
    Failed,
    Dropped,
}

impl Authority {
    /// Returns when there is a notice to deliver, or after this long.
    pub fn wait_for_logout(&self, longest: Duration) {
        self.logout_bell.wait(longest);
    }

    /// Makes [`wait_for_logout`](Self::wait_for_logout) return.
    pub fn wake_logout_delivery(&self) {
        self.logout_bell.ring();
    }
}

/// Delivers some of the notices that are due. To be called every few seconds, on a thread that may block; on a fault what
/// was taken is tried again in a minute.
pub fn deliver_notices(authority: &Authority) -> Result<Deliveries, Fault> {
    let now = authority.now();
    let retry_at = now.plus(TAKEN_FOR);
    let taken = authority.store.keep_books(|books| books.take_logout_notices(now, retry_at, AT_ONCE))?;
    if taken.is_empty() {
        return Ok(Deliveries::default());
    }
    let addressed = authority
        .store
        .read(|reads| taken.iter().map(|notice| address(reads, notice)).collect::<StoreResult<Vec<_>>>())?;
    let tokens: Vec<Option<(BackchannelLogoutUri, String)>> = taken
        .iter()
        .zip(&addressed)
        .map(|(notice, addressed)| prepare(authority, notice, addressed, now))
        .collect::<Result<_, _>>()?;
    let told = tell_all(authority, &tokens);
    let fates: Vec<Fate> =
        addressed.iter().zip(told).map(|(addressed, told)| fate(addressed, told)).collect();
    let mut done = settle(authority, &taken, &fates, now)?;
    done.is_more_due = may_be_more(&taken);
    authority.logout_counters.count(&done);
    Ok(done)
}

/// Whether one of the limits may have kept notices from being taken.
fn may_be_more(taken: &[LogoutNotice]) -> bool {
    let reaches = |count: usize, limit: u32| usize::try_from(limit).is_ok_and(|limit| limit <= count);
    let mut of_apps: BTreeMap<AppId, usize> = BTreeMap::new();
    for notice in taken {
        *of_apps.entry(notice.app_id).or_default() += 1;
    }
    reaches(taken.len(), AT_ONCE.all) || of_apps.values().any(|count| reaches(*count, AT_ONCE.of_an_app))
}

fn address(reads: &mut dyn Reads, notice: &LogoutNotice) -> StoreResult<Addressed> {
    let app = reads.find_app(notice.instance_id, notice.tenant_id, notice.app_id)?;
    let to = app.and_then(|app| Some((app.settings.backchannel_logout_uri?, app.client_id)));
    let instance = reads.find_instance(notice.instance_id)?;
    Ok(match (to, instance) {
        (Some((uri, client_id)), Some(instance)) => Addressed::To(uri, client_id, instance.slug),
        (None, _) | (_, None) => Addressed::Nobody,
    })
}

/// What is wrong with the keys of one instance is not to hold up the others.
fn prepare(
    authority: &Authority,
    notice: &LogoutNotice,
    addressed: &Addressed,
    now: Timestamp,
) -> Result<Option<(BackchannelLogoutUri, String)>, Fault> {
    match sign(authority, notice, addressed, now) {
        Err(fault) if !fault.is_temporary() => {
            tracing::error!(error = %fault, "a logout token could not be signed");
            Ok(None)
        }
        signed => signed,
    }
}

/// `None` if there is nobody to tell, or the issuer says nothing at present since it is switched off.
fn sign(
    authority: &Authority,
    notice: &LogoutNotice,
    addressed: &Addressed,
    now: Timestamp,
) -> Result<Option<(BackchannelLogoutUri, String)>, Fault> {
    let Addressed::To(uri, client_id, slug) = addressed else {
        return Ok(None);
    };
    authority.in_step(LookUp::Anywhere)?;
    let Some(issuer) = authority.snapshot.issuer(authority, slug, LookUp::Anywhere)? else {
        return Ok(None);
    };
    let token = LogoutToken {
        iss: &issuer.url,
        client_id,
        user_id: notice.user_id,
        session_id: notice.session_id,
        id: notice.id,
        issued_at: now,
    };
    let signer = issuer.ring()?.signer(ID_TOKEN_ALGORITHM).ok_or(Fault::NoSigningKey)?;
    let signed = mint_logout_token(signer, &token)
        .map_err(|error| Fault::signing_key("signing a logout token")(error.into()))?;
    Ok(Some((uri.clone(), signed)))
}

/// All at once. A thread that cannot be started, or panics, has told nobody.
fn tell_all(
    authority: &Authority,
    tokens: &[Option<(BackchannelLogoutUri, String)>],
) -> Vec<DeliveryOutcome> {
    thread::scope(|scope| {
        let tell = |signed: &'_ Option<(BackchannelLogoutUri, String)>| {
            let (uri, token) = signed.clone()?;
            let deliver = move || authority.logout_delivery.deliver(&uri, &token);
            thread::Builder::new().name("logout".to_owned()).spawn_scoped(scope, deliver).ok()
        };
        let telling: Vec<_> = tokens.iter().map(tell).collect();
        let outcome = |told: Option<thread::ScopedJoinHandle<'_, DeliveryOutcome>>| {
            told.and_then(|told| told.join().ok()).unwrap_or(DeliveryOutcome::Failed)
        };
        telling.into_iter().map(outcome).collect()
    })
}

fn fate(addressed: &Addressed, told: DeliveryOutcome) -> Fate {
    match (addressed, told) {
        (Addressed::Nobody, _) => Fate::Dropped,
        (Addressed::To(..), DeliveryOutcome::Delivered) => Fate::Delivered,
        (Addressed::To(..), DeliveryOutcome::Failed) => Fate::Failed,
    }
}

/// `began` is when the attempts were made, not when they ended: how long one took is nobody's business (requirement C 62).
fn settle(
    authority: &Authority,
    taken: &[LogoutNotice],
    fates: &[Fate],
    began: Timestamp,
) -> Result<Deliveries, Fault> {
    let done = authority.store.keep_books(|books| {
        let (mut done, mut events) = (Deliveries::default(), Vec::new());
        for (notice, fate) in taken.iter().zip(fates) {
            let is_last = LogoutNotice::MAX_ATTEMPTS <= notice.attempts;
            match fate {
                Fate::Delivered => done.delivered += 1,
                Fate::Dropped => done.dropped += 1,
                Fate::Failed if is_last => {
                    done.given_up += 1;
                    events.push(given_up(authority, notice, began));
                }
                Fate::Failed => {
                    done.failed += 1;
                    let due_at = began.plus(LogoutNotice::delay_after(notice.attempts));
                    books.put_off_logout_notice(notice.instance_id, notice.id, due_at)?;
                    continue;
                }
            }
            books.delete_logout_notice(notice.instance_id, notice.id)?;
        }
        append_to_chains(authority, books, &events)?;
        Ok(done)
    })?;
    Ok(done)
}

fn given_up(authority: &Authority, notice: &LogoutNotice, at: Timestamp) -> AuditEvent {
    AuditEvent {
        id: AuditEventId::new(at, authority.random_bytes()),
        instance_id: notice.instance_id,
        tenant_id: Some(notice.tenant_id),
        actor: Actor::System,
        action: "logout.notify",
        object: Some(notice.app_id.to_string()),
        outcome: AuditOutcome::Refused { code: "undelivered" },
        request_id: None,
        at,
    }
}
