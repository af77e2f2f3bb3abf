//! The tables of every address of the dashboard, and of who gets there.

/// The least that somebody has to be. Everybody may more than whoever comes before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    Anybody,
    Auditor,
    Developer,
    Admin,
    Owner,
    /// On a page of a tenant that its members see, too.
    OperatorOfTenant,
    /// Where nobody else sees that there is something.
    Operator,
}

/// Pages, and for whom they are.
pub(super) const SHOWN: &[(&str, Who)] = &[
    ("", Who::Anybody),
    ("/search", Who::Anybody),
    ("/keys", Who::Operator),
    ("/node", Who::Operator),
    ("/review", Who::Operator),
    ("/tenants", Who::Operator),
    ("/regions", Who::Operator),
    ("/people", Who::Operator),
    ("/people/operators", Who::Operator),
    ("/resources", Who::Operator),
    ("/plans", Who::Operator),
    ("/tenants/{tenant}", Who::Auditor),
    ("/tenants/{tenant}/usage", Who::Auditor),
    ("/tenants/{tenant}/apps", Who::Auditor),
    ("/tenants/{tenant}/apps/name-check", Who::Developer),
    ("/tenants/{tenant}/apps/domain-preview", Who::Auditor),
    ("/tenants/{tenant}/apps/{app}", Who::Auditor),
    ("/tenants/{tenant}/apps/{app}/usage", Who::Auditor),
    ("/tenants/{tenant}/apps/{app}/audit", Who::Auditor),
    ("/tenants/{tenant}/apps/{app}/secrets", Who::Auditor),
    ("/tenants/{tenant}/audit", Who::Auditor),
    ("/tenants/{tenant}/audit/export", Who::Auditor),
    ("/tenants/{tenant}/audit/{event}", Who::Auditor),
    ("/audit", Who::Operator),
    ("/audit/export", Who::Operator),
    ("/audit/{event}", Who::Operator),
];

/// Pages with a form that is sent to the same address: for whom the page is, and for whom the form.
pub(super) const ASKED: &[(&str, Who, Who)] = &[
    ("/instances", Who::Operator, Who::Operator),
    ("/instances/{id}", Who::Operator, Who::Operator),
    ("/tenants/new", Who::Operator, Who::Operator),
    ("/tenants/{tenant}/edit", Who::Admin, Who::Admin),
    ("/regions/new", Who::Operator, Who::Operator),
    ("/regions/{region}", Who::Operator, Who::Operator),
    ("/regions/{region}/databases/new", Who::Operator, Who::Operator),
    ("/regions/{region}/databases/{database}", Who::Operator, Who::Operator),
    ("/people/new", Who::Operator, Who::Operator),
    ("/people/{user}", Who::Operator, Who::Operator),
    ("/resources/new", Who::Operator, Who::Operator),
    ("/resources/{resource}", Who::Operator, Who::Operator),
    ("/resources/{resource}/scopes/new", Who::Operator, Who::Operator),
    ("/resources/{resource}/servers/new", Who::Operator, Who::Operator),
    ("/plans/new", Who::Operator, Who::Operator),
    ("/plans/{plan}", Who::Operator, Who::Operator),
    ("/plans/{plan}/retire", Who::Operator, Who::Operator),
    ("/tenants/{tenant}/apps/new", Who::Developer, Who::Developer),
    ("/tenants/{tenant}/members", Who::Auditor, Who::Admin),
    ("/tenants/{tenant}/apps/{app}/settings", Who::Developer, Who::Developer),
    ("/tenants/{tenant}/apps/{app}/delete", Who::Developer, Who::Developer),
    ("/tenants/{tenant}/apps/{app}/storage", Who::Auditor, Who::Developer),
    ("/tenants/{tenant}/apps/{app}/tokens", Who::Auditor, Who::Admin),
    ("/tenants/{tenant}/close", Who::Operator, Who::Operator),
];

/// Where nothing but a form is sent, and for whom that is.
pub(super) const SENT: &[(&str, Who)] = &[
    ("/instances/{id}/enable", Who::Operator),
    ("/instances/{id}/disable", Who::Operator),
    ("/instances/{id}/first-operator", Who::Operator),
    ("/keys/rotate", Who::Operator),
    ("/tenants/{tenant}/activate", Who::Operator),
    ("/tenants/{tenant}/suspend", Who::Operator),
    ("/regions/{region}/activate", Who::Operator),
    ("/regions/{region}/deactivate", Who::Operator),
    ("/regions/{region}/databases/{database}/activate", Who::Operator),
    ("/regions/{region}/databases/{database}/deactivate", Who::Operator),
    ("/people/{user}/welcome", Who::Operator),
    ("/people/{user}/enable", Who::Operator),
    ("/people/{user}/disable", Who::Operator),
    ("/people/{user}/sign-out-everywhere", Who::Operator),
    ("/people/{user}/make-operator", Who::Operator),
    ("/people/{user}/remove-operator", Who::Operator),
    ("/resources/{resource}/scopes/delete", Who::Operator),
    ("/resources/{resource}/servers/remove", Who::Operator),
    ("/plans/{plan}/activate", Who::Operator),
    ("/plans/{plan}/archive", Who::Operator),
    ("/tenants/{tenant}/members/{user}/role", Who::Admin),
    ("/tenants/{tenant}/members/{user}/remove", Who::Admin),
    ("/tenants/{tenant}/invitations/{invitation}/resend", Who::Admin),
    ("/tenants/{tenant}/invitations/{invitation}/cancel", Who::Admin),
    ("/tenants/{tenant}/apps/{app}/enable", Who::Developer),
    ("/tenants/{tenant}/apps/{app}/disable", Who::Developer),
    ("/tenants/{tenant}/apps/{app}/plan", Who::OperatorOfTenant),
    ("/tenants/{tenant}/apps/{app}/storage/check", Who::Developer),
    ("/tenants/{tenant}/apps/{app}/storage/remove", Who::Developer),
    ("/tenants/{tenant}/apps/{app}/secrets/regenerate", Who::Developer),
    ("/tenants/{tenant}/apps/{app}/secrets/add", Who::Developer),
    ("/tenants/{tenant}/apps/{app}/secrets/{secret}/revoke", Who::Developer),
    ("/tenants/{tenant}/apps/{app}/secrets/{secret}/revoke-others", Who::Developer),
    ("/tenants/{tenant}/apps/{app}/tokens/{token}/revoke", Who::Admin),
];

/// The addresses of pages, and for whom they are.
pub(super) fn pages() -> impl Iterator<Item = (&'static str, Who)> {
    SHOWN.iter().copied().chain(ASKED.iter().map(|(path, page, _)| (*path, *page)))
}

/// The addresses of forms, and for whom they are.
pub(super) fn forms() -> impl Iterator<Item = (&'static str, Who)> {
    ASKED.iter().map(|(path, _, form)| (*path, *form)).chain(SENT.iter().copied())
}
