//! Parts of an app's settings that take more than one step to check.

use turnkeep_domain::allowed_domain::{AllowedDomain, AllowedDomainError, AllowedDomains};
use turnkeep_domain::app::BasicAuthentication;
use turnkeep_domain::redirect_uri::{RedirectUri, RedirectUris};
use turnkeep_domain::service_access::ServiceAccess;
use turnkeep_protocol::management::app_fields::{ServiceAccessFields, ServicePrincipal};
use turnkeep_protocol::patch::Patch;

use crate::management::field_errors::FieldErrors;

/// Up to three slots; `null` and an empty text leave a slot empty.
pub(super) fn allowed_domains(errors: &mut FieldErrors, texts: &[Option<String>]) -> Option<AllowedDomains> {
    const FIELD: &str = "allowed_domains";
    let mut slots = [const { None }; AllowedDomains::SLOTS];
    if slots.len() < texts.len() {
        errors.note(FIELD, &AllowedDomainError::TooMany.to_string());
        return None;
    }
    let mut complete = true;
    for (index, (slot, text)) in slots.iter_mut().zip(texts).enumerate() {
        let text = text.as_deref().unwrap_or_default();
        if !text.trim().is_empty() {
            *slot = errors.check(&format!("{FIELD}.{index}"), AllowedDomain::parse(text));
            complete &= slot.is_some();
        }
    }
    if complete { errors.check(FIELD, AllowedDomains::new(slots)) } else { None }
}

/// A list of redirect URIs.
pub(super) fn redirect_uris(errors: &mut FieldErrors, field: &str, texts: &[String]) -> Option<RedirectUris> {
    let mut uris = Vec::new();
    // What is beyond the limit need not be looked at one by one.
    for (index, text) in texts.iter().enumerate().take(RedirectUris::MAX + 1) {
        uris.extend(errors.check(&format!("{field}.{index}"), RedirectUri::parse(text)));
    }
    if uris.len() < texts.len().min(RedirectUris::MAX + 1) {
        return None;
    }
    errors.check(field, RedirectUris::new(uris))
}

/// As whom it acts without a person.
pub(super) fn service_access(errors: &mut FieldErrors, fields: ServiceAccessFields) -> Option<ServiceAccess> {
    const USER: &str = "service_access.user_id";
    match (fields.principal, fields.user_id) {
        (ServicePrincipal::None, None) => Some(ServiceAccess::Disabled),
        (ServicePrincipal::App, None) => Some(ServiceAccess::AsApp),
        (ServicePrincipal::User, Some(id)) => errors.check(USER, id.parse()).map(ServiceAccess::AsUser),
        (ServicePrincipal::User, None) => {
            errors.note(USER, "is required for service access as a user");
            None
        }
        (ServicePrincipal::None | ServicePrincipal::App, Some(_)) => {
            errors.note(USER, "is only for service access as a user");
            None
        }
    }
}

/// On or off.
pub(super) fn basic_authentication(allowed: bool) -> BasicAuthentication {
    if allowed { BasicAuthentication::Allowed } else { BasicAuthentication::Off }
}

/// A member of a PATCH with a check of its own; `null` sets the default.
pub(super) fn patched<T, U: Default>(
    patch: Patch<T>,
    check: impl FnOnce(T) -> Option<U>,
) -> Option<Option<U>> {
    match patch {
        Patch::Absent => Some(None),
        Patch::Clear => Some(Some(U::default())),
        Patch::Set(value) => check(value).map(Some),
    }
}
