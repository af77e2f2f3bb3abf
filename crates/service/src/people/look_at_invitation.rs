//! An invitation as the person sees it who is invited, before they accept it.

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::membership::Role;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::User;
use turnkeep_secret::generated::{GeneratedForm, SecretKind, check_form};
use turnkeep_secret::plaintext::PlaintextSecret;

use crate::authority::Authority;
use crate::failure::{Failure, Fault};
use crate::handles::handle_hash;
use crate::people::accept_invitation::acceptable;
use crate::transaction::read;

/// What an invited person decides about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvitationOffer {
    /// The name of the tenant.
    pub tenant_name: DisplayName,
    /// As what they would be there.
    pub role: Role,
    /// From when on it cannot be accepted.
    pub expires_at: Timestamp,
}

/// Whether a text has the form of what an invited person presents.
pub fn is_invitation_handle(text: &str) -> bool {
    check_form(text) == GeneratedForm::Generated(SecretKind::Invitation)
}

/// The invitation that a person presents; `None` if they cannot accept it, for whatever reason. Changes nothing.
pub fn look_at_invitation(
    authority: &Authority,
    user: &User,
    handle: &PlaintextSecret,
) -> Result<Option<InvitationOffer>, Fault> {
    if !is_invitation_handle(handle.expose()) {
        return Ok(None);
    }
    let (hash, now) = (handle_hash(handle.expose()), authority.now());
    let found = read(&*authority.store, |reads| acceptable(reads, user.instance_id, &hash, user.id, now));
    match found {
        Ok(found) => Ok(Some(InvitationOffer {
            tenant_name: found.tenant.name,
            role: found.invitation.role,
            expires_at: found.invitation.expires_at,
        })),
        Err(Failure::Denied(_)) => Ok(None),
        Err(Failure::Fault(fault)) => Err(fault),
    }
}
