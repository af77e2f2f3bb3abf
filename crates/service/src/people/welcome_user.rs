//! Inviting a person to choose a password, by mail where they have an address.

use turnkeep_domain::id::UserId;
use turnkeep_domain::user::{User, UserKind, UserState};
use turnkeep_policy::permission::Permission;

use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::RegistryDenial;
use crate::sign_in::account_denial::AccountDenial;
use crate::sign_in::account_links::{NewAccountLink, create_welcome_link};

/// A link that was made, and whether it was mailed as well.
#[derive(Debug)]
pub struct Welcome {
    /// The link: it is not stored, and never shown again.
    pub link: NewAccountLink,
    /// Whether it was given to the mail.
    pub is_mailed: bool,
}

/// Makes a link with which a person chooses a password. Operators only.
pub fn welcome_user(context: &RegistryContext<'_>, user_id: UserId) -> RegistryResult<Welcome> {
    context.audited("user.welcome", Some(user_id.to_string()), context.require(Permission::Operate))?;
    let found = context.authority.store.read(|reads| reads.find_user(context.instance_id, user_id))?;
    let User { kind, state, email, .. } = found.ok_or(RegistryDenial::NotFound)?;
    match (kind, state) {
        (UserKind::System, _) => return Err(RegistryDenial::SystemUser.into()),
        (_, UserState::Disabled) => return Err(RegistryDenial::UserDisabled.into()),
        (UserKind::Internal | UserKind::Community, UserState::Active) => {}
    }
    let link = create_welcome_link(context, user_id)
        .map_err(|failure| failure.map(AccountDenial::into_registry_denial))?;
    Ok(Welcome { link, is_mailed: email.is_some() })
}
