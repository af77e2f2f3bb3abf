//! The operations on reference tokens.

use turnkeep_protocol::management::reference_token::{
    MakeReferenceTokenRequest, NewReferenceTokenResponse, ReferenceTokenResponse,
};

use crate::management::operation::{delete, get, post};
use crate::management::operations::Chapter;
use crate::management::query_parameter::{SORT, one_of};
use crate::management::reference_tokens::{make, read, revoke};

pub(crate) fn chapter() -> Chapter {
    let operations = vec![
        get("/apps/{id}/reference-tokens", "listReferenceTokens", read::list)
            .summary("Lists the reference tokens of an app, without the tokens.")
            .lists::<ReferenceTokenResponse>()
            .query(&[SORT, one_of("state", "Only tokens in this state.", &["live", "expired", "revoked"])]),
        post("/apps/{id}/reference-tokens", "makeReferenceToken", make::make)
            .summary("Makes a personal or a service access token.")
            .takes::<MakeReferenceTokenRequest>()
            .creates_part::<NewReferenceTokenResponse>()
            .refuses(&[
                "person_needed",
                "reference_tokens_off",
                "administrators_only",
                "scope_not_allowed",
                "audience_not_allowed",
                "app_not_usable",
                "user_not_admitted",
                "too_many_reference_tokens",
            ]),
        delete("/apps/{id}/reference-tokens/{token_id}", "revokeReferenceToken", revoke::revoke)
            .takes_access_away()
            .summary("Takes a reference token back: the next use is refused."),
    ];
    Chapter {
        title: "Reference tokens",
        description: "Opaque keys for APIs that cannot get tokens by themselves: personal ones act as the person \
            who made them, service ones as the app's system user. The app's policy (`reference_tokens`) is asked \
            when one is made and at every use.",
        operations,
    }
}
