//! Which scopes of a person's, for which resource (RFC 6749 §3.3, RFC 8707 §2, OpenID Connect Core §3.1.2.1).

use turnkeep_domain::app::App;
use turnkeep_domain::resource::Resource;
use turnkeep_domain::scope::ScopeSet;

use crate::decide_token_scope::{ScopeRequest, may_be_granted, resource_named, resource_of};
use crate::protocol_scopes::ProtocolScope;
use crate::token_denial::TokenDenial;

/// The audience of the management API. What an app may do there it may do as itself; a person who signed in to it has
/// not thereby become it, nor lent it what they may do there.
pub const MANAGEMENT_AUDIENCE: &str = "turnkeep.management";

/// Who an access token of a person is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonAudience<'a> {
    /// The issuer itself: it is good for who the person is, and for nothing else.
    Issuer,
    /// A resource.
    Resource(&'a Resource),
}

/// What a token of a person is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonGrantScope<'a> {
    /// Who accepts it.
    pub audience: PersonAudience<'a>,
    /// The scopes, those of OpenID Connect among them.
    pub scopes: ScopeSet,
}

/// Scopes of OpenID Connect are everybody's; any other one has to be registered for the app, and all of these have to
/// belong to one resource, which is the one that was named, if one was. A resource is only granted with a scope of its
/// own. `issuer` as the named resource stands for none.
pub fn decide_person_scope<'a>(
    app: &App,
    request: &ScopeRequest<'a>,
    issuer: &str,
) -> Result<PersonGrantScope<'a>, TokenDenial> {
    let scopes = match request.scopes {
        Some(scopes) if !scopes.is_empty() => scopes,
        Some(_) | None => return Err(TokenDenial::NoScope),
    };
    let named = named_resource(request, issuer)?;
    let mut resource_ids = Vec::new();
    for name in scopes.iter().filter(|name| ProtocolScope::of(name).is_none()) {
        if !may_be_granted(app, request, name) {
            return Err(TokenDenial::ScopeNotAllowed);
        }
        resource_ids.extend(resource_of(request, name));
    }
    resource_ids.dedup();
    let audience = match (resource_ids.as_slice(), named) {
        ([], None | Some(PersonAudience::Issuer)) => PersonAudience::Issuer,
        ([id], None) => {
            let found = request.known_resources.iter().find(|resource| resource.id == *id);
            PersonAudience::Resource(found.ok_or(TokenDenial::AudienceNotAllowed)?)
        }
        ([id], Some(PersonAudience::Resource(resource))) if resource.id == *id => {
            PersonAudience::Resource(resource)
        }
        (_, _) => return Err(TokenDenial::AudienceNotAllowed),
    };
    match audience {
        PersonAudience::Resource(resource) if resource.audience.as_str() == MANAGEMENT_AUDIENCE => {
            Err(TokenDenial::ScopeNotAllowed)
        }
        PersonAudience::Resource(_) | PersonAudience::Issuer => {
            Ok(PersonGrantScope { audience, scopes: scopes.clone() })
        }
    }
}

fn named_resource<'a>(
    request: &ScopeRequest<'a>,
    issuer: &str,
) -> Result<Option<PersonAudience<'a>>, TokenDenial> {
    match request.audience {
        None => Ok(None),
        Some(audience) if audience.as_str() == issuer => Ok(Some(PersonAudience::Issuer)),
        Some(audience) => resource_named(request, audience).map(PersonAudience::Resource).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::resource::Audience;

    use super::*;
    use crate::samples;

    const ISSUER: &str = "https://id.example.com";

    /// Registered: `api read update` of resource `Example.API`, `reports` of another, `sec` of the first.
    fn decide(scopes: &str, audience: Option<&str>) -> Result<(String, String), TokenDenial> {
        let mut app = samples::app();
        app.settings.scopes = ScopeSet::parse("api read update reports sec gone").unwrap();
        let (known_resources, known_scopes) = samples::two_resources();
        let scopes = ScopeSet::parse(scopes).unwrap();
        let audience = audience.map(|text| Audience::parse(text).unwrap());
        let request = ScopeRequest {
            scopes: Some(&scopes),
            audience: audience.as_ref(),
            known_resources: &known_resources,
            known_scopes: &known_scopes,
        };
        decide_person_scope(&app, &request, ISSUER).map(|granted| {
            let audience = match granted.audience {
                PersonAudience::Issuer => "issuer",
                PersonAudience::Resource(resource) => resource.audience.as_str(),
            };
            (audience.to_owned(), granted.scopes.to_string())
        })
    }

    #[test]
    fn a_token_is_for_the_issuer_or_for_the_one_resource_that_its_scopes_belong_to() {
        for (scopes, audience, expected) in [
            ("openid", None, Ok("issuer")),
            ("openid profile email offline_access", None, Ok("issuer")),
            ("offline_access", None, Ok("issuer")),
            ("openid", Some(ISSUER), Ok("issuer")),
            ("openid read", None, Ok("Example.API")),
            ("read update", None, Ok("Example.API")),
            ("openid read", Some("Example.API"), Ok("Example.API")),
            ("openid reports", Some("https://reports.example"), Ok("https://reports.example")),
            ("openid", Some("Example.API"), Err(TokenDenial::AudienceNotAllowed)),
            ("openid read", Some(ISSUER), Err(TokenDenial::AudienceNotAllowed)),
            ("openid read", Some("https://reports.example"), Err(TokenDenial::AudienceNotAllowed)),
            ("openid read", Some("https://unknown.example"), Err(TokenDenial::AudienceNotAllowed)),
            ("read reports", None, Err(TokenDenial::AudienceNotAllowed)),
            ("openid delete", None, Err(TokenDenial::ScopeNotAllowed)),
            ("openid gone", None, Err(TokenDenial::ScopeNotAllowed)),
            ("openid sec", None, Err(TokenDenial::ScopeNotAllowed)),
            ("OpenID", None, Err(TokenDenial::ScopeNotAllowed)),
            ("", None, Err(TokenDenial::NoScope)),
        ] {
            let decided = decide(scopes, audience);
            let expected =
                expected.map(|audience| (audience.to_owned(), ScopeSet::parse(scopes).unwrap().to_string()));
            assert_eq!(decided, expected, "{scopes} {audience:?}");
        }
    }

    #[test]
    fn an_app_without_a_scope_of_its_own_may_ask_who_signed_in() {
        let mut app = samples::app();
        app.settings.scopes = ScopeSet::default();
        let scopes = ScopeSet::parse("openid email").unwrap();
        let request =
            ScopeRequest { scopes: Some(&scopes), audience: None, known_resources: &[], known_scopes: &[] };
        assert!(decide_person_scope(&app, &request, ISSUER).is_ok());
    }
}
