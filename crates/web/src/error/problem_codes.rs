//! Every code that a problem document of the management API can have. The OpenAPI document and its page are made of
//! this table, and the tests hold every answer against it.

/// A kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ProblemCode {
    /// The stable code.
    pub(crate) code: &'static str,
    /// The status of its answers.
    pub(crate) status: u16,
    /// What it means and what to do.
    pub(crate) meaning: &'static str,
}

const fn problem(status: u16, code: &'static str, meaning: &'static str) -> ProblemCode {
    ProblemCode { code, status, meaning }
}

/// All of them, by status.
pub(crate) const PROBLEM_CODES: &[ProblemCode] = &[
    problem(
        400,
        "malformed_request",
        "no JSON, a malformed query, a token in the URL, or two `Authorization` headers; `detail` says which",
    ),
    problem(401, "unauthenticated", "no bearer token: send one"),
    problem(
        401,
        "invalid_token",
        "expired, revoked, killed, of another instance, or not for this API: get a new one",
    ),
    problem(
        403,
        "insufficient_scope",
        "the token has none of the scopes that `WWW-Authenticate` names: register one for the app",
    ),
    problem(403, "forbidden", "the caller's reach or role does not allow it; `detail` says what is needed"),
    problem(403, "app_limit_reached", "an operator can raise the tenant's `app_limit`"),
    problem(403, "administrators_only", "the app's policy leaves reference tokens to administrators"),
    problem(
        403,
        "person_needed",
        "a personal token is made by the person it acts as, with a token of theirs",
    ),
    problem(403, "own_role", "nobody raises their own role: ask an owner"),
    problem(
        404,
        "not_found",
        "no such path or record, another tenant's record, or a cursor that does not belong here",
    ),
    problem(405, "method_not_allowed", "see `Allow`"),
    problem(408, "body_timed_out", "the body took longer than 15 seconds"),
    problem(409, "name_taken", "choose another name"),
    problem(409, "slug_taken", "choose another slug; it has to be unique"),
    problem(409, "code_taken", "choose another code; it has to be unique in the instance"),
    problem(409, "db_code_taken", "choose another database code; it has to be unique in the instance"),
    problem(409, "audience_taken", "choose another audience; it has to be unique in the instance"),
    problem(409, "scope_taken", "choose another scope; it has to be unique in the instance"),
    problem(409, "client_id_taken", "choose another client id; it has to be unique in the instance"),
    problem(409, "email_taken", "another user of the instance has the address, or goes by it"),
    problem(409, "tenant_state", "not a step that the tenant can take now"),
    problem(409, "tenant_not_usable", "the tenant is suspended or closed: activate it first"),
    problem(409, "plan_state", "not a step that the plan can take now"),
    problem(409, "plan_not_assignable", "only active plans can be assigned"),
    problem(409, "free_plan_taken", "the tenant has an app on a free plan already"),
    problem(409, "no_plan", "the app has no plan to hold, release or remove"),
    problem(409, "region_inactive", "choose another region, or activate it"),
    problem(409, "region_without_active_database", "add or activate a database"),
    problem(409, "region_full", "raise the capacity of a database, or add one"),
    problem(409, "capacity_below_use", "a database cannot hold fewer apps than it does"),
    problem(409, "public_client", "public apps have no secrets"),
    problem(409, "too_many_live_secrets", "an overlap is going on: revoke one of the two, or wait"),
    problem(409, "reference_tokens_off", "the app has no reference tokens: its policy is `none`"),
    problem(409, "app_not_usable", "the app could not get a token either: `explain` says why"),
    problem(409, "user_not_admitted", "the app does not admit the user, or has another system user by now"),
    problem(409, "too_many_reference_tokens", "50 live ones for an app are the most: revoke one"),
    problem(409, "reference_token_ended", "it is expired or revoked"),
    problem(409, "secret_not_live", "the secret to keep is expired or revoked: choose another one"),
    problem(409, "successor_not_assignable", "only active plans can be successors"),
    problem(409, "last_owner", "make somebody else an owner first"),
    problem(409, "last_operator", "make somebody else an operator first"),
    problem(409, "operator_app_enabled", "disable the operator's app first; that stops it at once"),
    problem(409, "system_user", "system users act for apps, not for themselves"),
    problem(409, "community_user", "customers and partners cannot be operators: name an internal user"),
    problem(409, "user_disabled", "enable the user first"),
    problem(409, "tenant_closed", "nobody enters a closed tenant"),
    problem(409, "already_member", "change the role instead"),
    problem(409, "already_invited", "send the pending invitation again, or cancel it"),
    problem(409, "too_many_invitations", "cancel some of the tenant's pending invitations"),
    problem(409, "invitation_accepted", "it was used, and is good once only"),
    problem(409, "invitation_cancelled", "ask for a new one"),
    problem(409, "invitation_expired", "ask for it to be sent again"),
    problem(
        409,
        "audit_chain_broken",
        "the audit trail is evidence now: verify it with `turnkeep audit verify`",
    ),
    problem(409, "audit_chain_unproven", "the chain cannot be verified with the master keys at hand"),
    problem(409, "audit_head_differs", "the chain went on: look at its head again"),
    problem(409, "nothing_to_prune", "every entry of the audit trail is younger"),
    problem(409, "export_too_large", "export one tenant after the other"),
    problem(
        409,
        "platform_record",
        "the operator's app and the `turnkeep.…` scopes cannot be deleted, nor the operator's tenant closed",
    ),
    problem(409, "default_instance", "the default instance cannot be disabled"),
    problem(
        409,
        "request_in_progress",
        "a request with this `Idempotency-Key` is being carried out: send it again in a moment",
    ),
    problem(
        409,
        "answer_lost",
        "a request with this `Idempotency-Key` was carried out, but its answer is lost: read the record",
    ),
    problem(412, "stale_version", "somebody else changed the record: read it again, then decide"),
    problem(413, "body_too_large", "more than 256 KiB; for imports by operators more than 8 MiB"),
    problem(415, "unsupported_media_type", "send `application/json`, uncompressed"),
    problem(422, "invalid_fields", "`errors` has the fields, parameters or headers and the rules they break"),
    problem(422, "app_settings", "fields that do not go together; `errors` names them"),
    problem(422, "scope_not_allowed", "the app is not registered for a scope, or it is reserved"),
    problem(422, "audience_not_allowed", "no such resource, or the scopes are of others"),
    problem(
        422,
        "scope_of_protocol",
        "`openid`, `profile`, `email` and `offline_access` belong to no resource: choose another name",
    ),
    problem(
        422,
        "name_is_address",
        "the user name reads as an e-mail address: give the user that address, or choose another name",
    ),
    problem(422, "tenant_required", "operators name the `tenant_id`"),
    problem(422, "tenant_unknown", "no such tenant in this instance"),
    problem(422, "not_a_member", "the user is neither a member of the tenant nor an operator"),
    problem(422, "region_unknown", "no such region in this instance"),
    problem(422, "import_unreadable", "the document as a whole cannot be read; `errors` says why"),
    problem(422, "import_too_large", "send it in parts"),
    problem(422, "successor_unknown", "no such plan in this instance"),
    problem(422, "successor_is_plan", "a plan cannot follow itself"),
    problem(
        422,
        "secret_key_required",
        "provider, endpoint and access key of a storage change only together with its secret key",
    ),
    problem(422, "endpoint_refused", "no place that this server connects to"),
    problem(422, "plan_unknown", "no such plan in this instance"),
    problem(
        422,
        "idempotency_key_reused",
        "another request was made with this `Idempotency-Key`: use a new one",
    ),
    problem(
        429,
        "quota_exceeded",
        "a limit that `violated-policies` names is used up: come back after `Retry-After`",
    ),
    problem(500, "internal_error", "ours: look for the `instance` in the logs"),
    problem(503, "temporarily_unavailable", "too busy, or no database: come back after `Retry-After`"),
    problem(
        503,
        "temporary_reduced_capacity",
        "more important requests go first at the moment: come back after `Retry-After`",
    ),
];

/// The kind of problem with this code.
pub(crate) fn find(code: &str) -> Option<&'static ProblemCode> {
    PROBLEM_CODES.iter().find(|known| known.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::management::operations::chapters;

    #[test]
    fn every_refusal_of_an_operation_is_known() {
        for operation in chapters().into_iter().flat_map(|chapter| chapter.operations) {
            for code in &operation.refusals {
                assert!(find(code).is_some(), "{} refuses with {code}", operation.name);
            }
        }
    }

    #[test]
    fn each_code_is_there_once_and_in_order_of_statuses() {
        assert!(PROBLEM_CODES.is_sorted_by_key(|known| known.status));
        for known in PROBLEM_CODES {
            assert_eq!(PROBLEM_CODES.iter().filter(|other| other.code == known.code).count(), 1, "{known:?}");
        }
    }

    #[test]
    fn the_documentation_lists_each_code() {
        let page = include_str!("../../../../docs/management.md");
        for ProblemCode { code, status, meaning } in PROBLEM_CODES {
            assert!(page.contains(&format!("| `{code}` | {status} | {meaning} |")), "{code}");
        }
    }
}
