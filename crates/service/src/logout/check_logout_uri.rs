//! Where an app wants to be told of logouts has to be a place that may be told (requirement C 59).

use turnkeep_domain::app::AppSettings;

use crate::authority::Authority;
use crate::registry::context::RegistryResult;
use crate::registry::denial::RegistryDenial;

/// Refuses what the address guard would refuse at connect, in the same words whatever it is. What was saved before, under
/// another allow list, stops no other change.
pub(crate) fn check_logout_uri(
    authority: &Authority,
    before: Option<&AppSettings>,
    after: &AppSettings,
) -> RegistryResult<()> {
    let known = before.and_then(|before| before.backchannel_logout_uri.as_ref());
    match &after.backchannel_logout_uri {
        Some(uri) if known != Some(uri) && !authority.logout_delivery.may_reach(uri) => {
            Err(RegistryDenial::LogoutUriRefused.into())
        }
        Some(_) | None => Ok(()),
    }
}
