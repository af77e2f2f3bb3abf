//! Who a token acts as, for the app that has it (OpenID Connect Core §5.3): as much as its scopes allow.

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::email_address::EmailAddress;
use turnkeep_domain::id::UserId;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::user::{UserName, UserState};
use turnkeep_policy::protocol_scopes::ProtocolScope;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::snapshot::look_up::LookUp;
use crate::tokens::authenticate_bearer::BearerDenial;
use crate::tokens::check_issued_token::current_token;

/// What is told (§5.4). Whether anybody reads the address is not known, and never claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserInfo {
    /// `sub`, always.
    pub user_id: UserId,
    /// By `profile`: `name` and `preferred_username`.
    pub profile: Option<(DisplayName, UserName)>,
    /// By `email`, if there is one.
    pub email: Option<EmailAddress>,
}

/// Tells about the person of an access token that still counts, whatever resource it is for. It needs `openid`; one of a
/// service is of no use here.
pub fn user_info(
    authority: &Authority,
    issuer: &Slug,
    token: &str,
    look_up: LookUp,
) -> Result<UserInfo, Failure<BearerDenial>> {
    let found = current_token(authority, issuer, token, None, look_up)?;
    let (token, app) = found.ok_or(Failure::Denied(BearerDenial::InvalidToken))?;
    let person = token.person.filter(|_| ProtocolScope::OpenId.is_in(&token.scopes));
    let person = person.ok_or(Failure::Denied(BearerDenial::InsufficientScope))?;
    // People are in no memory.
    look_up.require_anywhere()?;
    let instance_id = app.live.app.instance_id;
    let user = authority.store.read(|reads| reads.find_user(instance_id, person.user_id))?;
    let user =
        user.filter(|user| user.state == UserState::Active && user.tokens_dead_below <= token.sequence);
    let user = user.ok_or(Failure::Denied(BearerDenial::InvalidToken))?;
    Ok(UserInfo {
        user_id: user.id,
        profile: ProtocolScope::Profile.is_in(&token.scopes).then_some((user.display_name, user.name)),
        email: user.email.filter(|_| ProtocolScope::Email.is_in(&token.scopes)),
    })
}
