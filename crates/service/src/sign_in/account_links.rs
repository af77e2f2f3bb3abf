//! Links by which people get into their accounts without a password: making them, and looking at them.

use turnkeep_domain::account_link::{AccountLink, AccountLinkPurpose};
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::{InstanceId, UserId};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::{User, UserKind, UserName, UserState};
use turnkeep_secret::generated::{GeneratedForm, SecretKind, check_form};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::account_link::AccountLinkStarts;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::{Reads, Writes};

use crate::authority::Authority;
use crate::failure::Fault;
use crate::handles::{NewHandle, handle_hash, make_handle};
use crate::people::operators_left::acting_operators;
use crate::registry::context::RegistryContext;
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Done, mutate};
use crate::sign_in::account_denial::{AccountDenial, AccountResult};
use crate::sign_in::mail_texts::welcome;
use crate::sign_in::session::instance_of;

/// A link to hand to somebody: not stored, and never shown again.
#[derive(Debug)]
pub struct NewAccountLink {
    /// The URL.
    pub url: PlaintextSecret,
    /// From when on it no longer works.
    pub expires_at: Timestamp,
}

/// What the page of a link shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLinkView {
    /// What it is for.
    pub purpose: AccountLinkPurpose,
    /// Whose account it opens; `None` if it makes one.
    pub user: Option<User>,
    /// From when on it no longer works.
    pub expires_at: Timestamp,
}

/// The link that a browser presents; `None` if it does not work, for whatever reason.
pub fn look_at_link(
    authority: &Authority,
    issuer: &Slug,
    token: &str,
) -> Result<Option<AccountLinkView>, Fault> {
    if check_form(token) != GeneratedForm::Generated(SecretKind::AccountLink) {
        return Ok(None);
    }
    let Some(instance_id) = instance_of(authority, issuer)? else {
        return Ok(None);
    };
    let (hash, now) = (handle_hash(token), authority.now());
    Ok(authority.store.read(|reads| usable_link(reads, instance_id, &hash, now))?)
}

/// A link that works at this moment.
pub(crate) fn usable_link(
    reads: &mut (impl Reads + ?Sized),
    instance_id: InstanceId,
    hash: &[u8; 32],
    now: Timestamp,
) -> StoreResult<Option<AccountLinkView>> {
    let Some(link) = reads.find_account_link(instance_id, hash)? else {
        return Ok(None);
    };
    if link.used_at.is_some() || link.expires_at <= now {
        return Ok(None);
    }
    let AccountLink { purpose, expires_at, .. } = link;
    let user = match purpose.user_id() {
        Some(user_id) => match reads.find_user(instance_id, user_id)?.filter(can_sign_in) {
            Some(user) => Some(user),
            None => return Ok(None),
        },
        // Whoever comes second is late.
        None if !acting_operators(reads, instance_id)?.is_empty() => return Ok(None),
        None => None,
    };
    Ok(Some(AccountLinkView { purpose, user, expires_at }))
}

/// Makes a link with which a user chooses a password for the first time, and mails it to who has an address. One that was
/// made before no longer works. Operators only.
pub fn create_welcome_link(context: &RegistryContext<'_>, user_id: UserId) -> AccountResult<NewAccountLink> {
    const ACTION: &str = "user.welcome";
    let RegistryContext { authority, instance_id, .. } = *context;
    let object = Some(user_id.to_string());
    let permitted = context.audited(ACTION, object.clone(), context.require_operator());
    permitted.map_err(|failure| failure.map(AccountDenial::Registry))?;
    let (found, instance) = authority
        .store
        .read(|reads| Ok((reads.find_user(instance_id, user_id)?, reads.find_instance(instance_id)?)))?;
    let (user, instance) = found.zip(instance).ok_or(AccountDenial::NotFound)?;
    if !can_sign_in(&user) {
        return Err(AccountDenial::UserCannotSignIn.into());
    }
    let handle = make_handle(authority, SecretKind::AccountLink);
    let expires_at = mutate(context, ACTION, object, |change| {
        let user = change.writes.find_user(instance_id, user_id)?;
        if !user.as_ref().is_some_and(can_sign_in) {
            return Err(RegistryDenial::NotFound.into());
        }
        let purpose = AccountLinkPurpose::Welcome(user_id);
        let link = replace_link(change.writes, instance_id, purpose, &handle, change.now)?;
        change.record(ChangeScope::Instance(instance_id), TokensBefore::Live)?;
        Ok(Done::of(user_id, link.expires_at))
    });
    let expires_at = expires_at.map_err(|failure| failure.map(AccountDenial::Registry))?;
    let url = link_url(authority, &instance.slug, &handle.plaintext);
    if let Some(email) = &user.email {
        let mail = welcome(&instance.name, &user, &url);
        authority.mail.send(email, &mail.subject, &mail.text);
    }
    Ok(NewAccountLink { url, expires_at })
}

/// [`create_welcome_link`] by the user's name.
pub fn create_welcome_link_by_name(
    context: &RegistryContext<'_>,
    name: &UserName,
) -> AccountResult<NewAccountLink> {
    let user = context.authority.store.read(|reads| reads.find_user_by_name(context.instance_id, name))?;
    // Who is no operator learns nothing of it: the permission is looked at first.
    match (user, context.require_operator()) {
        (Some(user), _) => create_welcome_link(context, user.id),
        (None, Ok(())) => Err(AccountDenial::NotFound.into()),
        (None, Err(failure)) => Err(failure.map(AccountDenial::Registry)),
    }
}

/// Makes a link with which the first operator of an instance makes their account; for who is at the server's command
/// line. `None` if there is an operator who is not disabled: it is the way back in, too. One that was made before no longer
/// works.
pub fn create_first_operator_link(context: &RegistryContext<'_>) -> AccountResult<Option<NewAccountLink>> {
    const ACTION: &str = "operator.link";
    let RegistryContext { authority, instance_id, .. } = *context;
    let permitted = context.audited(ACTION, None, context.require_platform());
    permitted.map_err(|failure| failure.map(AccountDenial::Registry))?;
    let instance = authority.store.read(|reads| reads.find_instance(instance_id))?;
    let slug = instance.ok_or(AccountDenial::NotFound)?.slug;
    let handle = make_handle(authority, SecretKind::AccountLink);
    let made = mutate(context, ACTION, None, |change| {
        if !acting_operators(change.writes, instance_id)?.is_empty() {
            return Ok(Done::unchanged(None));
        }
        let purpose = AccountLinkPurpose::FirstOperator;
        let link = replace_link(change.writes, instance_id, purpose, &handle, change.now)?;
        Ok(Done::of(instance_id, Some(link.expires_at)))
    });
    let made = made.map_err(|failure| failure.map(AccountDenial::Registry))?;
    Ok(made
        .map(|expires_at| NewAccountLink { url: link_url(authority, &slug, &handle.plaintext), expires_at }))
}

/// Writes a link that takes the place of those for the same purpose: whoever makes another one has lost the first, or
/// does not want it to work. A link that anybody may ask for must not: they could keep its owner from using theirs.
fn replace_link(
    writes: &mut dyn Writes,
    instance_id: InstanceId,
    purpose: AccountLinkPurpose,
    handle: &NewHandle,
    now: Timestamp,
) -> StoreResult<AccountLink> {
    writes.use_account_links_for(instance_id, purpose, now)?;
    insert_link(writes, instance_id, purpose, handle, now)
}

/// Writes a link.
pub(crate) fn insert_link(
    starts: &mut (impl AccountLinkStarts + ?Sized),
    instance_id: InstanceId,
    purpose: AccountLinkPurpose,
    handle: &NewHandle,
    now: Timestamp,
) -> StoreResult<AccountLink> {
    let expires_at = now.plus(purpose.lifetime());
    let link = AccountLink { instance_id, purpose, created_at: now, expires_at, used_at: None };
    match starts.insert_account_link(&link, &handle.hash)? {
        Inserted::Inserted => Ok(link),
        Inserted::Conflict => Err(StoreError::Corrupt { table: "account_links", column: "handle_hash" }),
    }
}

/// Where a link leads. The host is always the server's own base URL, never that of a request (requirements C 64).
pub(crate) fn link_url(authority: &Authority, slug: &Slug, handle: &PlaintextSecret) -> PlaintextSecret {
    let issuer = authority.base_url.issuer_of(slug);
    PlaintextSecret::new(format!("{issuer}/account/link?token={}", handle.expose()))
}

/// Whether the user is a person who may act.
pub(crate) fn can_sign_in(user: &User) -> bool {
    user.state == UserState::Active && user.kind != UserKind::System
}
