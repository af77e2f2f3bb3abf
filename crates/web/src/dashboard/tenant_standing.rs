//! What the state of a tenant means for its apps, in words.

use turnkeep_domain::tenant::TenantState;

/// Why apps of the tenant get no token.
pub(crate) struct Obstacle {
    /// In a few words.
    pub(crate) heading: &'static str,
    /// What that means, and who can change it.
    pub(crate) text: &'static str,
}

/// What keeps all apps of the tenant from getting tokens, if anything does.
pub(crate) const fn obstacle(state: TenantState) -> Option<Obstacle> {
    let (heading, text) = match state {
        TenantState::Active => return None,
        TenantState::PendingActivation => (
            "Waiting for an operator",
            "Apps of this tenant can be prepared. They get tokens as soon as an operator of the platform activates it.",
        ),
        TenantState::Suspended => (
            "Stopped by an operator",
            "No app of this tenant gets a token, and no app can be made. Ask an operator why; only an operator can \
             activate it again.",
        ),
        TenantState::Closed => (
            "Closed",
            "No app of this tenant gets a token any more, and no app can be made. A closed tenant stays closed.",
        ),
    };
    Some(Obstacle { heading, text })
}

/// Whether apps can be made in the tenant, as long as there is room.
pub(crate) const fn takes_apps(state: TenantState) -> bool {
    match state {
        TenantState::PendingActivation | TenantState::Active => true,
        TenantState::Suspended | TenantState::Closed => false,
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::tenant::AppLimit;
    use turnkeep_policy::decide_app_creation::{AppCreationFacts, decide_app_creation};

    use super::*;

    #[test]
    fn apps_are_offered_where_they_can_be_made() {
        let states = [
            TenantState::PendingActivation,
            TenantState::Active,
            TenantState::Suspended,
            TenantState::Closed,
        ];
        for tenant_state in states {
            let (app_limit, app_count) = (AppLimit::DEFAULT, 0);
            let facts = AppCreationFacts { tenant_state, app_limit, app_count, name_taken: false };
            let is_possible = decide_app_creation(&facts).is_ok();
            assert_eq!(takes_apps(tenant_state), is_possible, "{tenant_state}");
            let says_so =
                obstacle(tenant_state).is_some_and(|found| found.text.contains("no app can be made"));
            assert_eq!(says_so, !is_possible, "{tenant_state}");
        }
    }
}
