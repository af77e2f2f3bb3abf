//! The operation that reports about requests for tokens.

use turnkeep_protocol::management::token_requests::TokenRequestsResponse;

use crate::management::operation::get;
use crate::management::operations::Chapter;
use crate::management::query_parameter::{LIMIT, QueryParameter, TENANT_ID, Values};
use crate::management::token_requests::report::{self, DEFAULT_HOURS, MOST_HOURS};

const HOURS: QueryParameter = QueryParameter {
    name: "hours",
    description: "How many hours the report is about, the present one among them.",
    values: Values::Number { least: 1, most: MOST_HOURS, usual: DEFAULT_HOURS },
};

pub(crate) fn chapter() -> Chapter {
    Chapter {
        title: "Token requests",
        description: "Apps are to keep their access tokens until they are close to expiry.",
        operations: vec![
            get("/token-requests", "reportTokenRequests", report::report)
                .summary("Names the apps of a tenant, or for operators of all, that ask for the most tokens.")
                .views::<TokenRequestsResponse>()
                .query(&[HOURS, TENANT_ID, LIMIT]),
        ],
    }
}
