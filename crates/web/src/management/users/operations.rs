//! The operations on users.

use turnkeep_protocol::management::management_token::{
    IssueManagementTokenRequest, ManagementTokenResponse, NewManagementTokenResponse,
};
use turnkeep_protocol::management::user::{
    CreateUserRequest, SignedOutResponse, UpdateUserRequest, UserResponse, WelcomeResponse,
};

use crate::management::operation::{delete, get, patch, post};
use crate::management::operations::Chapter;
use crate::management::query_parameter::{SEARCH, SORT, SORT_BY_CREATION, one_of};
use crate::management::users::{create, read, sign_out, switch, tokens, update, welcome};

pub(crate) fn chapter() -> Chapter {
    Chapter {
        title: "Users",
        description: "The people of an instance, and the identities that background services act as.",
        operations: vec![
            get("/users", "listUsers", read::list).summary("Lists users.").lists::<UserResponse>().query(&[
                SORT,
                SEARCH,
                one_of("kind", "Only users of this kind.", &["internal", "community", "system"]),
                one_of("state", "Only users in this state.", &["active", "disabled"]),
            ]),
            post("/users", "createUser", create::create)
                .summary("Creates a user.")
                .takes::<CreateUserRequest>()
                .creates::<UserResponse>()
                .refuses(&["name_taken", "name_is_address", "email_taken"]),
            get("/users/{id}", "getUser", read::find).summary("Shows a user.").shows::<UserResponse>(),
            patch("/users/{id}", "updateUser", update::update)
                .summary("Changes the name that people see of a user, and the e-mail address.")
                .takes::<UpdateUserRequest>()
                .changes::<UserResponse>()
                .refuses(&["email_taken"]),
            post("/users/{id}/enable", "enableUser", switch::enable)
                .summary("Lets a user act again.")
                .changes::<UserResponse>(),
            post("/users/{id}/disable", "disableUser", switch::disable)
                .takes_access_away()
                .summary("Stops a user, with its management tokens and every app that acts as it.")
                .changes::<UserResponse>()
                .refuses(&["last_operator"]),
            post("/users/{id}/welcome", "welcomeUser", welcome::welcome)
                .summary("Makes a link with which a person chooses a password, and mails it.")
                .creates_part::<WelcomeResponse>()
                .refuses(&["system_user", "user_disabled"]),
            post("/users/{id}/sign-out", "signOutUser", sign_out::sign_out)
                .takes_access_away()
                .summary("Ends every session of a person, and all that apps were granted by them.")
                .views::<SignedOutResponse>(),
            get("/users/{id}/tokens", "listManagementTokens", tokens::list)
                .summary("Lists the management tokens of a person, without the tokens.")
                .lists::<ManagementTokenResponse>()
                .query(&[
                    SORT_BY_CREATION,
                    one_of("state", "Only tokens in this state.", &["live", "expired", "revoked"]),
                ]),
            post("/users/{id}/tokens", "issueManagementToken", tokens::issue)
                .summary("Gives a person a token for this API, in a tenant or without one.")
                .takes::<IssueManagementTokenRequest>()
                .creates_part::<NewManagementTokenResponse>()
                .refuses(&[
                    "system_user",
                    "user_disabled",
                    "tenant_unknown",
                    "tenant_closed",
                    "not_a_member",
                ]),
            delete("/users/{id}/tokens/{token_id}", "revokeManagementToken", tokens::revoke)
                .takes_access_away()
                .summary("Takes a management token back."),
        ],
    }
}
