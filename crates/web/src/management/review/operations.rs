//! The operation that reviews all apps.

use turnkeep_protocol::management::review::ReviewedAppResponse;

use crate::management::operation::get;
use crate::management::operations::Chapter;
use crate::management::query_parameter::{QueryParameter, SORT, TENANT_ID, one_of};
use crate::management::review::read;

/// The codes of findings, warnings last.
pub(crate) const FINDINGS: &[&str] = &[
    "no_owner",
    "unused_for_long",
    "never_used",
    "disabled_for_long",
    "secret_old",
    "no_live_secret",
    "token_per_call",
    "community_without_internal",
    "scope_wider_than_read",
    "reference_tokens_allowed",
    "basic_authentication_allowed",
    "sign_in_without_redirect_uri",
    "redirect_uri_without_sign_in",
    "nobody_can_use_it",
    "secret_expires_soon",
];

const FINDING: QueryParameter = one_of("finding", "Only apps with this finding or warning.", FINDINGS);

pub(crate) fn chapter() -> Chapter {
    Chapter {
        title: "Review",
        description: "Trusted apps are to be reviewed periodically for owners, scopes and use.",
        operations: vec![
            get("/review", "reviewApps", read::list)
                .summary("Reviews the apps of a tenant, or for operators of all. A page can be short and have a `next`.")
                .lists::<ReviewedAppResponse>()
                .query(&[SORT, TENANT_ID, FINDING]),
        ],
    }
}
