//! Choosing a password, in whatever way one got so far.

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::User;
use turnkeep_policy::judge_password::{PasswordDenial, PasswordFacts, judge_password};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::credential::StoredPassword;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Writes;

use crate::authority::Authority;
use crate::sign_in::account_denial::{AccountDenial, AccountResult};
use crate::sign_in::end_sessions::{Ended, end_everything};
use crate::sign_in::events::Deed;
use crate::sign_in::guess_count::forgive_all_guesses;
use crate::sign_in::password_hash::NormalisedPassword;
use crate::snapshot::look_up::LookUp;

/// Whether something else is asked for besides the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SecondFactor {
    None,
    Totp,
}

/// Refuses what is too easy to guess; costs no hash.
pub(crate) fn judge_new_password(
    authority: &Authority,
    issuer: &Slug,
    user: &User,
    second_factor: SecondFactor,
    password: &PlaintextSecret,
) -> AccountResult<NormalisedPassword> {
    let found = authority.snapshot.issuer(authority, issuer, LookUp::Anywhere)?;
    let instance = found.ok_or(AccountDenial::NotFound)?.catalogue.instance.name.clone();
    Ok(judged(&instance, user, second_factor, password).map_err(AccountDenial::from)?)
}

/// [`judge_new_password`] where the instance is known.
pub(crate) fn judged(
    instance: &DisplayName,
    user: &User,
    second_factor: SecondFactor,
    password: &PlaintextSecret,
) -> Result<NormalisedPassword, PasswordDenial> {
    let normalised = NormalisedPassword::new(password).ok_or(PasswordDenial::TooLong)?;
    let facts = PasswordFacts {
        user_name: user.name.as_str(),
        display_name: user.display_name.as_str(),
        email: user.email.as_ref().map(turnkeep_domain::email_address::EmailAddress::as_str),
        instance_name: instance.as_str(),
        has_second_factor: second_factor == SecondFactor::Totp,
    };
    judge_password(normalised.expose(), &facts)?;
    Ok(normalised)
}

/// Sets the password. Whatever was begun under another one ends: sessions, grants, links to the account, and the row of
/// wrong guesses.
pub(crate) fn store_password(
    writes: &mut dyn Writes,
    user: &User,
    password: &StoredPassword,
    deed: Deed<'_>,
    now: Timestamp,
) -> StoreResult<Ended> {
    writes.put_password(user.instance_id, user.id, password)?;
    forgive_all_guesses(writes, user.instance_id, user.id)?;
    writes.use_account_links_of(user.instance_id, user.id, now)?;
    end_everything(writes, user, deed, now)
}
