//! Mailing an invitation to who is invited, if the instance knows them and an address of theirs. Whether it does is told
//! to nobody: a tenant could ask for every name.

use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::Instance;
use turnkeep_domain::invitation::Invitation;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::user::{User, UserName};
use turnkeep_secret::plaintext::PlaintextSecret;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

use crate::authority::Authority;
use crate::sign_in::account_links::can_sign_in;
use crate::sign_in::mail_texts::invitation_to;
use crate::sign_in::throttle::Guess;

/// Who gets the mail.
pub(super) struct Addressee {
    instance: Instance,
    user: User,
}

/// The person of this name, if they can sign in and so accept anything.
pub(super) fn addressee<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    user_name: &UserName,
) -> StoreResult<Option<Addressee>> {
    let (instance, user) =
        (reads.find_instance(instance_id)?, reads.find_user_by_name(instance_id, user_name)?);
    Ok(instance.zip(user.filter(can_sign_in)).map(|(instance, user)| Addressee { instance, user }))
}

/// Mails it, unless this tenant has sent this person a few a moment ago.
pub(super) fn mail_invitation(
    authority: &Authority,
    addressee: Option<Addressee>,
    invitation: &Invitation,
    handle: &PlaintextSecret,
) {
    let Some(Addressee { instance, user }) = addressee else { return };
    let Some(email) = &user.email else { return };
    let to = format!("{} of {}", user.id, invitation.tenant_id);
    let guess = Guess::mail_to(instance.id, &to);
    let Ok(attempt) = authority.throttle.admit(&guess, authority.clock.since_boot()) else { return };
    let url = invitation_url(authority, &instance.slug, handle);
    let mail = invitation_to(&instance.name, &user, invitation.role, &url);
    authority.mail.send(email, &mail.subject, &mail.text);
    attempt.failed();
}

/// Where the invited person of an instance accepts it. The host is always the server's own base URL, never that of a request
/// (requirements C 64).
pub fn invitation_url(authority: &Authority, slug: &Slug, handle: &PlaintextSecret) -> PlaintextSecret {
    let issuer = authority.base_url.issuer_of(slug);
    PlaintextSecret::new(format!("{issuer}/account/invitation?token={}", handle.expose()))
}
