//! Somebody's own personal tokens that could still be used, for the person.

use std::cmp::Reverse;
use std::collections::HashMap;

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::AppId;
use turnkeep_domain::reference_token::{ReferenceToken, ReferenceTokenKind, ReferenceTokenState};
use turnkeep_domain::user::User;

use crate::authority::Authority;
use crate::failure::Fault;

/// A token, with the name of the app that it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnToken {
    /// Its record.
    pub token: ReferenceToken,
    /// The name of its app.
    pub app_name: DisplayName,
}

/// All personal ones that are neither expired nor revoked, the newest first. Whether their apps still allow them is seen
/// when they are used.
pub fn list_own_tokens(authority: &Authority, user: &User) -> Result<Vec<OwnToken>, Fault> {
    let now = authority.now();
    let mut own = authority.store.read(|reads| {
        let mut names: HashMap<AppId, DisplayName> = HashMap::new();
        let mut own = Vec::new();
        for token in reads.list_reference_tokens_of_user(user.instance_id, user.id)? {
            let is_live = token.state(now) == ReferenceTokenState::Live;
            if !is_live || token.kind != ReferenceTokenKind::Personal {
                continue;
            }
            let name = match names.get(&token.app_id) {
                Some(name) => Some(name.clone()),
                None => reads
                    .find_app(user.instance_id, token.tenant_id, token.app_id)?
                    .map(|app| app.settings.name),
            };
            if let Some(app_name) = name {
                names.insert(token.app_id, app_name.clone());
                own.push(OwnToken { token, app_name });
            }
        }
        Ok(own)
    })?;
    own.sort_by_key(|own| Reverse(own.token.id));
    Ok(own)
}
