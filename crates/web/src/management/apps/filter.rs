//! Which apps a list shows.

use turnkeep_domain::app::{AppState, BasicAuthentication};
use turnkeep_domain::client_id::ClientId;
use turnkeep_domain::client_type::ClientType;
use turnkeep_domain::filter::{AppFilter, Search};
use turnkeep_domain::reference_token::ReferenceTokenPolicy;
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::slug::Slug;

use crate::error::api_error::ApiError;
use crate::management::call::ManagementCall;
use crate::management::field_errors::FieldErrors;
use crate::management::query_parameter::{QueryParameter, Values, one_of};

/// The parameters.
pub(super) const PARAMETERS: [QueryParameter; 9] = [
    QueryParameter {
        name: "client_id",
        description: "Only the app with this client id.",
        values: Values::Pattern("^[!#-\\[\\]-~]{1,200}$"),
    },
    one_of("state", "Only apps in this state.", &["enabled", "disabled"]),
    one_of("client_type", "Only apps of this type.", &["confidential", "public"]),
    QueryParameter { name: "plan_id", description: "Only apps on this plan.", values: Values::Id("pln") },
    QueryParameter {
        name: "region",
        description: "Only apps in the region with this code.",
        values: Values::Pattern("^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$"),
    },
    QueryParameter {
        name: "system_user_id",
        description: "Only apps that act as this system user.",
        values: Values::Id("usr"),
    },
    QueryParameter {
        name: "scope",
        description: "Only apps that may be granted this scope.",
        values: Values::Pattern("^[!#-\\[\\]-~]{1,100}$"),
    },
    one_of(
        "reference_tokens",
        "Only apps with this policy.",
        &["none", "authenticated_users", "administrators_only"],
    ),
    one_of(
        "basic_authentication",
        "Only apps with or without legacy Basic authentication.",
        &["true", "false"],
    ),
];

/// What they say.
pub(super) fn filter_of(call: &ManagementCall) -> Result<AppFilter, ApiError> {
    let (query, mut errors) = (call.query(), FieldErrors::default());
    let filter = checked(&mut errors, |name| query.value(name));
    errors.finish(filter)
}

fn checked<'a>(errors: &mut FieldErrors, value: impl Fn(&str) -> Option<&'a str>) -> Option<AppFilter> {
    let search = errors.check_optional("search", value("search"), Search::parse);
    let client_id = errors.check_optional("client_id", value("client_id"), ClientId::parse);
    let state = errors.one_of(
        "state",
        value("state"),
        &[("enabled", AppState::Enabled), ("disabled", AppState::Disabled)],
    );
    let client_type = errors.one_of(
        "client_type",
        value("client_type"),
        &[("confidential", ClientType::Confidential), ("public", ClientType::Public)],
    );
    let plan_id = errors.check_optional("plan_id", value("plan_id"), str::parse);
    let region_code = errors.check_optional("region", value("region"), Slug::parse);
    let user = errors.check_optional("system_user_id", value("system_user_id"), str::parse);
    let scope = errors.check_optional("scope", value("scope"), ScopeName::parse);
    let policy = errors.one_of(
        "reference_tokens",
        value("reference_tokens"),
        &[
            ("none", ReferenceTokenPolicy::None),
            ("authenticated_users", ReferenceTokenPolicy::AuthenticatedUsers),
            ("administrators_only", ReferenceTokenPolicy::AdministratorsOnly),
        ],
    );
    let basic = errors.one_of(
        "basic_authentication",
        value("basic_authentication"),
        &[("true", BasicAuthentication::Allowed), ("false", BasicAuthentication::Off)],
    );
    Some(AppFilter {
        search: search?,
        client_id: client_id?,
        state: state?,
        client_type: client_type?,
        plan_id: plan_id?,
        region_code: region_code?,
        system_user_id: user?,
        scope: scope?,
        reference_tokens: policy?,
        basic_authentication: basic?,
    })
}
