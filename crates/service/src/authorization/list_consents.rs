//! What a person has allowed apps to have, for the person.

use turnkeep_domain::consent::Consent;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::user::User;

use crate::authority::Authority;
use crate::failure::Fault;

/// A consent, with the names of what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentView {
    /// The consent.
    pub consent: Consent,
    /// The name of the app.
    pub app_name: DisplayName,
    /// The name of its tenant.
    pub tenant_name: DisplayName,
}

/// All of a person, the newest first. Apps that are gone are left out: what was allowed to them is dead.
pub fn list_consents(authority: &Authority, user: &User) -> Result<Vec<ConsentView>, Fault> {
    let (instance_id, user_id) = (user.instance_id, user.id);
    Ok(authority.store.read(|reads| {
        let mut views = Vec::new();
        for consent in reads.list_consents(instance_id, user_id)? {
            let app = reads.find_app(instance_id, consent.tenant_id, consent.app_id)?;
            let tenant = reads.find_tenant(instance_id, consent.tenant_id)?;
            if let (Some(app), Some(tenant)) = (app, tenant) {
                views.push(ConsentView { consent, app_name: app.settings.name, tenant_name: tenant.name });
            }
        }
        Ok(views)
    })?)
}
