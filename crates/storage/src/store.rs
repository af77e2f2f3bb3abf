//! Transactions. Four kinds, so that the type says what a piece of work may do.

use turnkeep_domain::change::ChangeSequence;

use crate::bookkeeping::Bookkeeping;
use crate::change_hints::ChangeHints;
use crate::error::StoreResult;
use crate::{
    account_link, app, audit, change_log, consent, credential, guess_count, idempotency, instance,
    invitation, live_app, logout_notice, management_token, membership, node, person_grant, plan,
    reference_token, region, resource, revoked_token, secret, session, signing_key, single_use,
    storage_config, tenant, token_counts, usage, user,
};

/// Everything that can be read, as of one moment.
pub trait Reads:
    instance::InstanceReads
    + tenant::TenantReads
    + region::RegionReads
    + plan::PlanReads
    + resource::ResourceReads
    + user::UserReads
    + membership::MembershipReads
    + invitation::InvitationReads
    + management_token::ManagementTokenReads
    + app::AppReads
    + live_app::LiveAppReads
    + node::NodeReads
    + secret::SecretReads
    + storage_config::StorageConfigReads
    + signing_key::SigningKeyReads
    + revoked_token::RevokedTokenReads
    + audit::AuditReads
    + idempotency::IdempotencyReads
    + change_log::ChangeLogReads
    + token_counts::TokenCountReads
    + usage::UsageReads
    + session::SessionReads
    + credential::CredentialReads
    + account_link::AccountLinkReads
    + consent::ConsentReads
    + person_grant::PersonGrantReads
    + reference_token::ReferenceTokenReads
{
}

/// What lets people in: sessions, consents, codes and tokens. Whatever it writes carries the sequence that its node knew
/// of before, so that a kill which comes in between counts; and what works once is used up by one statement.
pub trait Admits:
    Reads
    + session::SessionStarts
    + credential::CredentialUses
    + guess_count::GuessCounts
    + account_link::AccountLinkStarts
    + consent::ConsentStarts
    + person_grant::PersonGrantStarts
    + single_use::SingleUseWrites
    + audit::AuditAppend
{
}

/// Everything that can be changed, one transaction after the other.
pub trait Writes:
    Reads
    + instance::InstanceWrites
    + tenant::TenantWrites
    + region::RegionWrites
    + plan::PlanWrites
    + resource::ResourceWrites
    + user::UserWrites
    + membership::MembershipWrites
    + invitation::InvitationWrites
    + management_token::ManagementTokenWrites
    + app::AppWrites
    + secret::SecretWrites
    + storage_config::StorageConfigWrites
    + signing_key::SigningKeyWrites
    + revoked_token::RevokedTokenWrites
    + single_use::SingleUseWrites
    + audit::AuditAppend
    + audit::AuditRetention
    + idempotency::IdempotencyWrites
    + node::NodeWrites
    + change_log::ChangeLogWrites
    + session::SessionStarts
    + session::SessionEnds
    + credential::CredentialUses
    + guess_count::GuessCounts
    + credential::CredentialWrites
    + account_link::AccountLinkStarts
    + account_link::AccountLinkWrites
    + consent::ConsentStarts
    + consent::ConsentEnds
    + person_grant::PersonGrantStarts
    + person_grant::PersonGrantEnds
    + reference_token::ReferenceTokenWrites
    + logout_notice::LogoutNoticeWrites
{
}

/// Work of a [`Store::read_erased`] transaction.
pub type ReadWork<'a> = &'a mut dyn FnMut(&mut dyn Reads) -> StoreResult<()>;
/// Work of a [`Store::mutate_erased`] transaction.
pub type MutateWork<'a> = &'a mut dyn FnMut(&mut dyn Writes) -> StoreResult<()>;
/// Work of a [`Store::admit_erased`] transaction.
pub type AdmitWork<'a> = &'a mut dyn FnMut(&mut dyn Admits) -> StoreResult<()>;
/// Work of a [`Store::keep_books_erased`] transaction.
pub type BookkeepingWork<'a> = &'a mut dyn FnMut(&mut dyn Bookkeeping) -> StoreResult<()>;

/// A database. Synchronous: callers in async code go through their blocking pool.
///
/// A transaction commits when its work returns `Ok`, whatever that value says, and rolls back on `Err`. A denial
/// is therefore an `Ok` value, so that what it recorded stays recorded.
///
/// The erased methods are for implementations; callers use the generic ones of `dyn Store`.
pub trait Store: Send + Sync {
    /// Runs work that reads. All of it sees the database as of one moment.
    fn read_erased(&self, work: ReadWork<'_>) -> StoreResult<()>;

    /// Runs work that changes the registry. Such transactions run strictly one after the other in the whole
    /// cluster, each holding the change counter from its first to its last statement, so what the work reads
    /// cannot change before it commits. Returns the last change that it recorded, if it recorded any.
    fn mutate_erased(&self, work: MutateWork<'_>) -> StoreResult<Option<ChangeSequence>>;

    /// Runs work that lets people in. It does not wait for mutations, nor for other nodes.
    fn admit_erased(&self, work: AdmitWork<'_>) -> StoreResult<()>;

    /// Runs work that notes what happened but changes nobody's access. It does not wait for mutations.
    fn keep_books_erased(&self, work: BookkeepingWork<'_>) -> StoreResult<()>;

    /// What tells soon after a commit that something has changed; `None` if this database, or its settings, have no
    /// such thing. Nothing may depend on it.
    fn change_hints(&self) -> StoreResult<Option<Box<dyn ChangeHints>>>;
}

impl dyn Store + '_ {
    /// [`Store::read_erased`] with a result.
    pub fn read<T>(&self, work: impl FnOnce(&mut dyn Reads) -> StoreResult<T>) -> StoreResult<T> {
        let mut job = Job::new(work);
        self.read_erased(&mut |reads| job.run(|work| work(reads)))?;
        job.result()
    }

    /// [`Store::mutate_erased`] with a result.
    pub fn mutate<T>(&self, work: impl FnOnce(&mut dyn Writes) -> StoreResult<T>) -> StoreResult<T> {
        let mut job = Job::new(work);
        self.mutate_erased(&mut |writes| job.run(|work| work(writes)))?;
        job.result()
    }

    /// [`Store::admit_erased`] with a result.
    pub fn admit<T>(&self, work: impl FnOnce(&mut dyn Admits) -> StoreResult<T>) -> StoreResult<T> {
        let mut job = Job::new(work);
        self.admit_erased(&mut |admits| job.run(|work| work(admits)))?;
        job.result()
    }

    /// [`Store::keep_books_erased`] with a result.
    pub fn keep_books<T>(&self, work: impl FnOnce(&mut dyn Bookkeeping) -> StoreResult<T>) -> StoreResult<T> {
        let mut job = Job::new(work);
        self.keep_books_erased(&mut |books| job.run(|work| work(books)))?;
        job.result()
    }
}

/// Carries a closure that runs once, and its result, through an erased call.
struct Job<W, T> {
    work: Option<W>,
    output: Option<T>,
}

impl<W, T> Job<W, T> {
    fn new(work: W) -> Self {
        Self { work: Some(work), output: None }
    }

    fn run(&mut self, start: impl FnOnce(W) -> StoreResult<T>) -> StoreResult<()> {
        let work = self.work.take().ok_or_else(contract_broken)?;
        self.output = Some(start(work)?);
        Ok(())
    }

    fn result(self) -> StoreResult<T> {
        self.output.ok_or_else(contract_broken)
    }
}

fn contract_broken() -> crate::error::StoreError {
    crate::error::StoreError::Database("a store must run the work of a transaction exactly once".into())
}
