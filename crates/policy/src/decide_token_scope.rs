//! Which scopes, for which resource (RFC 6749 §3.3, RFC 8707 §2, seed 002).

use turnkeep_domain::app::{App, AppOrigin};
use turnkeep_domain::id::ResourceId;
use turnkeep_domain::resource::{Audience, Resource, Scope};
use turnkeep_domain::scope::{ScopeName, ScopeSet};

use crate::token_denial::TokenDenial;

/// What a request asks for, and what the instance has.
#[derive(Debug, Clone, Copy)]
pub struct ScopeRequest<'a> {
    /// The `scope` parameter; `None` asks for all that the app is registered for.
    pub scopes: Option<&'a ScopeSet>,
    /// The `resource` parameter; `None` leaves it to the scopes.
    pub audience: Option<&'a Audience>,
    /// Every resource of the instance.
    pub known_resources: &'a [Resource],
    /// Every scope of the instance.
    pub known_scopes: &'a [Scope],
}

/// What a token is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenGrant<'a> {
    /// The resource, whose audience, claims and algorithm the token has.
    pub resource: &'a Resource,
    /// The granted scopes, never empty.
    pub scopes: ScopeSet,
}

/// A token is for one resource: the one named, else the one that all requested (or registered) scopes belong to.
pub(crate) fn decide_token_scope<'a>(
    app: &App,
    request: &ScopeRequest<'a>,
) -> Result<TokenGrant<'a>, TokenDenial> {
    if app.settings.scopes.is_empty() {
        return Err(TokenDenial::NoScope);
    }
    let named = match request.audience {
        Some(audience) => Some(resource_named(request, audience)?),
        None => None,
    };
    let wanted = match request.scopes {
        Some(scopes) => {
            if !scopes.iter().all(|name| may_be_granted(app, request, name)) {
                return Err(TokenDenial::ScopeNotAllowed);
            }
            scopes.clone()
        }
        None => app.settings.scopes.filtered(|name| {
            may_be_granted(app, request, name)
                && named.is_none_or(|resource| resource_of(request, name) == Some(resource.id))
        }),
    };
    let resource = only_resource_of(request, &wanted)?;
    if named.is_some_and(|named| named.id != resource.id) {
        return Err(TokenDenial::AudienceNotAllowed);
    }
    Ok(TokenGrant { resource, scopes: wanted })
}

/// What the app can have tokens for: one grant for each resource that it has scopes of.
pub fn grants_of_app<'a>(
    app: &App,
    known_resources: &'a [Resource],
    known_scopes: &'a [Scope],
) -> impl Iterator<Item = TokenGrant<'a>> {
    known_resources.iter().filter_map(move |resource| {
        let audience = Some(&resource.audience);
        let request = ScopeRequest { scopes: None, audience, known_resources, known_scopes };
        decide_token_scope(app, &request).ok()
    })
}

fn only_resource_of<'a>(request: &ScopeRequest<'a>, scopes: &ScopeSet) -> Result<&'a Resource, TokenDenial> {
    let mut ids = scopes.iter().filter_map(|name| resource_of(request, name));
    let first = ids.next().ok_or(TokenDenial::ScopeNotAllowed)?;
    if ids.any(|id| id != first) {
        return Err(TokenDenial::AudienceNotAllowed);
    }
    let found = request.known_resources.iter().find(|resource| resource.id == first);
    found.ok_or(TokenDenial::AudienceNotAllowed)
}

pub(crate) fn resource_named<'a>(
    request: &ScopeRequest<'a>,
    audience: &Audience,
) -> Result<&'a Resource, TokenDenial> {
    let found = request.known_resources.iter().find(|resource| resource.audience == *audience);
    found.ok_or(TokenDenial::AudienceNotAllowed)
}

fn scope_named<'a>(request: &ScopeRequest<'a>, name: &ScopeName) -> Option<&'a Scope> {
    request.known_scopes.iter().find(|scope| scope.name == *name)
}

pub(crate) fn resource_of(request: &ScopeRequest<'_>, name: &ScopeName) -> Option<ResourceId> {
    scope_named(request, name).map(|scope| scope.resource_id)
}

/// Registered for the app, known to the instance, and not reserved (seed 002: `sec` "not for external apps").
pub(crate) fn may_be_granted(app: &App, request: &ScopeRequest<'_>, name: &ScopeName) -> bool {
    app.settings.scopes.contains(name)
        && scope_named(request, name).is_some_and(|scope| match app.origin {
            AppOrigin::External => !scope.is_reserved(),
            AppOrigin::Platform => true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    /// Registered: `api read update` of resource `api`, `reports` of resource `reports`, `sec` of `api`.
    fn check(scopes: Option<&str>, audience: Option<&str>, expected: Result<(&str, &str), TokenDenial>) {
        check_as(AppOrigin::External, scopes, audience, expected);
    }

    fn check_as(
        origin: AppOrigin,
        scopes: Option<&str>,
        audience: Option<&str>,
        expected: Result<(&str, &str), TokenDenial>,
    ) {
        let mut app = samples::app();
        app.origin = origin;
        app.settings.scopes = ScopeSet::parse("api read update reports sec gone").unwrap();
        let (known_resources, known_scopes) = samples::two_resources();
        let scopes = scopes.map(|text| ScopeSet::parse(text).unwrap());
        let audience = audience.map(|text| Audience::parse(text).unwrap());
        let request = ScopeRequest {
            scopes: scopes.as_ref(),
            audience: audience.as_ref(),
            known_resources: &known_resources,
            known_scopes: &known_scopes,
        };
        let decided = decide_token_scope(&app, &request)
            .map(|grant| (grant.resource.audience.to_string(), grant.scopes.to_string()));
        assert_eq!(decided, expected.map(|(a, s)| (a.to_owned(), s.to_owned())), "{scopes:?} {audience:?}");
    }

    #[test]
    fn requested_scopes_are_granted_as_requested() {
        check(Some("read"), None, Ok(("Example.API", "read")));
        check(Some("update read"), Some("Example.API"), Ok(("Example.API", "read update")));
        check(Some("reports"), None, Ok(("https://reports.example", "reports")));
    }

    #[test]
    fn no_scope_asks_for_all_registered_ones_of_the_resource() {
        check(None, Some("Example.API"), Ok(("Example.API", "api read update")));
        check(None, Some("https://reports.example"), Ok(("https://reports.example", "reports")));
    }

    #[test]
    fn an_app_has_a_grant_for_each_resource_that_it_has_scopes_of() {
        let (known_resources, known_scopes) = samples::two_resources();
        for (scopes, expected) in [
            (
                "api read update reports sec gone",
                vec!["Example.API: api read update", "https://reports.example: reports"],
            ),
            ("reports", vec!["https://reports.example: reports"]),
            ("sec gone", vec![]),
            ("", vec![]),
        ] {
            let mut app = samples::app();
            app.settings.scopes = ScopeSet::parse(scopes).unwrap();
            let grants = grants_of_app(&app, &known_resources, &known_scopes);
            let texts: Vec<_> =
                grants.map(|grant| format!("{}: {}", grant.resource.audience, grant.scopes)).collect();
            assert_eq!(texts, expected, "{scopes}");
        }
    }

    #[test]
    fn a_request_that_names_no_single_resource_is_refused() {
        check(None, None, Err(TokenDenial::AudienceNotAllowed));
        check(Some("read reports"), None, Err(TokenDenial::AudienceNotAllowed));
        check(Some("read"), Some("https://reports.example"), Err(TokenDenial::AudienceNotAllowed));
        check(Some("read"), Some("https://unknown.example"), Err(TokenDenial::AudienceNotAllowed));
    }

    #[test]
    fn scopes_that_are_not_registered_or_no_longer_exist_are_refused() {
        check(Some("delete"), None, Err(TokenDenial::ScopeNotAllowed));
        check(Some("read gone"), None, Err(TokenDenial::ScopeNotAllowed));
        check(Some("READ"), None, Err(TokenDenial::ScopeNotAllowed));
    }

    #[test]
    fn an_app_without_any_scope_is_told_so_whatever_it_asks_for() {
        let mut app = samples::app();
        app.settings.scopes = ScopeSet::default();
        let (known_resources, known_scopes) = samples::two_resources();
        let read = ScopeSet::parse("read").unwrap();
        for scopes in [None, Some(&read)] {
            let request = ScopeRequest {
                scopes,
                audience: None,
                known_resources: &known_resources,
                known_scopes: &known_scopes,
            };
            assert_eq!(decide_token_scope(&app, &request), Err(TokenDenial::NoScope));
        }
    }

    #[test]
    fn seed_002_reserved_scopes_are_never_granted_to_external_apps() {
        check(Some("sec"), None, Err(TokenDenial::ScopeNotAllowed));
        check_as(AppOrigin::Platform, Some("sec"), None, Ok(("Example.API", "sec")));
    }
}
