//! An app hands in something that works once, a code or a refresh token, and gets tokens of a person for it: what both
//! have in common.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{GrantId, InstanceId, RequestId};
use turnkeep_domain::person_grant::PersonGrant;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Admits;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::person_tokens::grant_denial::{GrantDenial, denied, note_grant_refusal};
use crate::person_tokens::issue_for_person::{PersonIssue, Prepared};
use crate::person_tokens::loaded_grant::{Granted, LoadedGrant, Wanted, decide_for_person};
use crate::person_tokens::revoke_grants::{GrantRevocation, revoke_one_grant};
use crate::snapshot::look_up::LookUp;
use crate::tokens::admission::Admission;
use crate::tokens::authenticate_client::{
    AuthenticatedClient, ClientAttempt, ClientPurpose, PublicApps, authenticate_client,
};
use crate::tokens::granted_tokens::GrantedTokens;
use crate::tokens::issue_token_denial::IssueTokenDenial;
use crate::tokens::presented_client::PresentedClient;

/// Who hands something in.
pub(crate) struct ExchangeRequest<'a> {
    pub(crate) issuer: &'a Slug,
    pub(crate) client: &'a PresentedClient,
    pub(crate) request_id: Option<RequestId>,
    pub(crate) admission: &'a dyn Admission,
}

/// An exchange under way: the client is authenticated.
pub(crate) struct Exchange<'a> {
    pub(crate) authority: &'a Authority,
    pub(crate) client: AuthenticatedClient,
    pub(crate) now: Timestamp,
    attempt: ClientAttempt<'a>,
    look_up: LookUp,
}

impl<'a> Exchange<'a> {
    /// Authenticates the client and goes on. Refusals are noted for the audit trail.
    pub(crate) fn run(
        authority: &'a Authority,
        request: &ExchangeRequest<'a>,
        look_up: LookUp,
        exchange: impl FnOnce(&Self) -> Result<GrantedTokens, Failure<IssueTokenDenial>>,
    ) -> Result<GrantedTokens, Failure<IssueTokenDenial>> {
        let attempt = ClientAttempt {
            purpose: ClientPurpose::GetTokens,
            request_id: request.request_id,
            admission: request.admission,
            public_apps: PublicApps::NameThemselves,
        };
        let client = authenticate_client(authority, request.issuer, request.client, &attempt, look_up)?;
        // What works once is in no memory.
        look_up.require_anywhere()?;
        let under_way = Self { authority, client, now: authority.now(), attempt, look_up };
        exchange(&under_way)
            .map_err(|failure| note_grant_refusal(authority, &under_way.client, &under_way.attempt, failure))
    }

    pub(crate) fn instance_id(&self) -> InstanceId {
        self.client.registration.issuer.catalogue.instance.id
    }

    /// What was handed in is the client's: a public app counts from here on.
    pub(crate) fn admit(&self) -> Result<(), Failure<IssueTokenDenial>> {
        self.client.admit_if_named(&self.attempt, self.now)
    }

    /// What may be had of the grant now.
    pub(crate) fn decide(
        &self,
        loaded: &LoadedGrant,
        wanted: &Wanted<'_>,
    ) -> Result<Granted, Failure<IssueTokenDenial>> {
        decide_for_person(self.authority, &self.client, loaded, wanted, self.now)
    }

    /// Makes the tokens, and uses up what was handed in, in one transaction with the refresh token that is given for it:
    /// who uses it up has one, and nobody else does. `None` if it was used up already, or has expired a moment ago.
    pub(crate) fn issue(
        &self,
        grant: &PersonGrant,
        granted: &Granted,
        nonce: Option<&str>,
        use_up: impl FnOnce(&mut dyn Admits) -> StoreResult<Updated>,
    ) -> Result<Option<GrantedTokens>, Failure<IssueTokenDenial>> {
        let (client, attempt) = (&self.client, &self.attempt);
        let issue = PersonIssue { client, attempt, grant, granted, nonce, now: self.now };
        let prepared = issue.prepare(self.authority, self.look_up)?;
        let exchanged = self.authority.store.admit(|admits| match use_up(admits)? {
            Updated::Stale => Ok(false),
            Updated::Updated => self.insert_refresh_token(admits, &prepared).map(|()| true),
        });
        if matches!(exchanged, Ok(true)) {
            return Ok(Some(issue.issue(prepared)));
        }
        issue.give_back(&prepared);
        exchanged?;
        Ok(None)
    }

    fn insert_refresh_token(&self, admits: &mut dyn Admits, prepared: &Prepared) -> StoreResult<()> {
        let Prepared { refresh_token, handle, .. } = prepared;
        match admits.insert_refresh_token(self.instance_id(), refresh_token, &handle.hash)? {
            Inserted::Inserted => Ok(()),
            Inserted::Conflict => Err(StoreError::Corrupt { table: "refresh_tokens", column: "token_hash" }),
        }
    }

    /// It comes a second time: one of the two who had it should not have it, and nobody knows which.
    pub(crate) fn end_family<T>(
        &self,
        grant_id: GrantId,
        denial: GrantDenial,
    ) -> Result<T, Failure<IssueTokenDenial>> {
        let revocation = GrantRevocation {
            actor: Actor::App(self.client.app_id),
            reason: denial.code(),
            request_id: self.attempt.request_id,
            at: self.now,
        };
        revoke_one_grant(self.authority, self.instance_id(), grant_id, &revocation)?;
        Err(denied(denial))
    }
}
