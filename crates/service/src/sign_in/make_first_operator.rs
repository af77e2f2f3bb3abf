//! The first operator makes their account, by the link of the first start.

use turnkeep_domain::account_link::AccountLinkPurpose;
use turnkeep_domain::audit::Actor;
use turnkeep_domain::authentication::{Authentication, AuthenticationMethod};
use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::id::{RequestId, UserId};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::user::{User, UserKind, UserName, UserState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_secret::generated::{GeneratedForm, SecretKind, check_form};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::error::StoreError;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Reads;

use crate::audit::append::append_to_chains;
use crate::audit::attributes::{created, user_attributes};
use crate::authority::Authority;
use crate::failure::Fault;
use crate::handles::handle_hash;
use crate::people::user_identifiers::check_new_user;
use crate::sign_in::account_denial::{AccountDenial, AccountResult};
use crate::sign_in::account_links::usable_link;
use crate::sign_in::browser::Browser;
use crate::sign_in::events::{Deed, set};
use crate::sign_in::new_password::{SecondFactor, judge_new_password};
use crate::sign_in::password_hash::hash_password;
use crate::sign_in::session::{NewSession, instance_of};
use crate::sign_in::start_session::{Start, start_session};
use crate::snapshot::look_up::LookUp;
use crate::transaction;

/// What somebody sent.
#[derive(Debug, Clone)]
pub struct MakeFirstOperator {
    /// Where.
    pub issuer: Slug,
    /// What the link has.
    pub token: PlaintextSecret,
    /// The user name.
    pub name: UserName,
    /// Name for people.
    pub display_name: DisplayName,
    /// The password.
    pub password: PlaintextSecret,
    /// With what.
    pub browser: Browser,
    /// The request.
    pub request_id: Option<RequestId>,
}

/// Makes an internal user who operates the instance, and signs in. One link makes one operator, and none where there is
/// one already.
pub fn make_first_operator(authority: &Authority, command: &MakeFirstOperator) -> AccountResult<NewSession> {
    let MakeFirstOperator { issuer, token, password, browser, request_id, .. } = command;
    if check_form(token.expose()) != GeneratedForm::Generated(SecretKind::AccountLink) {
        return Err(AccountDenial::LinkSpent.into());
    }
    let instance_id = instance_of(authority, issuer)?.ok_or(AccountDenial::LinkSpent)?;
    let (hash, now) = (handle_hash(token.expose()), authority.now());
    let is_usable = |reads: &mut dyn Reads| {
        let link = usable_link(reads, instance_id, &hash, now)?;
        Ok::<_, StoreError>(link.is_some_and(|link| link.purpose == AccountLinkPurpose::FirstOperator))
    };
    if !authority.store.read(is_usable)? {
        return Err(AccountDenial::LinkSpent.into());
    }
    let user = User {
        id: UserId::new(now, authority.random_bytes()),
        instance_id,
        kind: UserKind::Internal,
        name: command.name.clone(),
        display_name: command.display_name.clone(),
        // A name that reads as an address has to be one's own.
        email: EmailAddress::parse(command.name.as_str()).ok(),
        tokens_dead_below: ChangeSequence::ZERO,
        state: UserState::Active,
        state_since: now,
        created_at: now,
        version: RecordVersion::FIRST,
    };
    let normalised = judge_new_password(authority, issuer, &user, SecondFactor::None, password)?;
    let hashed = hash_password(authority, &normalised)?;
    let deed = Deed { authority, instance_id, actor: Actor::User(user.id), request_id: *request_id };
    transaction::mutate(&*authority.store, |writes| {
        let link = usable_link(writes, instance_id, &hash, now)?;
        if link.is_none_or(|link| link.purpose != AccountLinkPurpose::FirstOperator) {
            return Ok(Err(AccountDenial::LinkSpent));
        }
        if check_new_user(writes, &user)?.is_err() || writes.insert_user(&user)? == Inserted::Conflict {
            return Ok(Err(AccountDenial::NameTaken));
        }
        // What was read in this transaction cannot have changed since.
        let unheard_of = || Fault::Store(StoreError::Corrupt { table: "operators", column: "user_id" });
        if writes.use_account_link(instance_id, &hash, now)? == Updated::Stale
            || writes.insert_operator(instance_id, user.id, now)? == Inserted::Conflict
        {
            return Err(unheard_of());
        }
        writes.put_password(instance_id, user.id, &hashed)?;
        writes.record_change(ChangeScope::Instance(instance_id), TokensBefore::Live, now)?;
        let events = [
            deed.done("user.create", user.id, created(user_attributes(&user))),
            deed.done("operator.add", user.id, vec![set("operator", true)]),
        ];
        append_to_chains(authority, writes, &events)?;
        Ok(Ok(()))
    })??;
    let start = Start {
        issuer,
        instance_id,
        user_id: user.id,
        authentication: Authentication::by(AuthenticationMethod::Password, now),
        sequence: authority.in_step(LookUp::Anywhere)?,
        browser,
        request_id: *request_id,
    };
    Ok(start_session(authority, &start, |_, _| Ok(true))?.ok_or(AccountDenial::LinkSpent)?)
}
