//! The operations on resources, their scopes and the apps that serve them.

use turnkeep_protocol::management::resource::{
    CreateResourceRequest, CreateScopeRequest, ResourceResponse, ResourceServerResponse, ScopeResponse,
    UpdateResourceRequest,
};

use crate::management::operation::{Operation, delete, get, patch, post, put};
use crate::management::operations::Chapter;
use crate::management::query_parameter::{
    QueryParameter, SEARCH, SORT, SORT_BY_CREATION, SORT_BY_NAME, Values, one_of,
};
use crate::management::resources::{create, read, scopes, servers, update};

pub(crate) fn chapter() -> Chapter {
    let mut operations = resources();
    operations.extend(parts());
    Chapter {
        title: "Resources",
        description: "A resource is an audience with its scopes. A resource server is an app that may introspect \
            every token for the resource.",
        operations,
    }
}

fn resources() -> Vec<Operation> {
    vec![
        get("/resources", "listResources", read::list)
            .summary("Lists resources.")
            .lists::<ResourceResponse>()
            .query(&[
                SORT,
                SEARCH,
                one_of(
                    "signing_alg",
                    "Only resources whose tokens are signed with this.",
                    &["ES256", "EdDSA", "RS256", "PS256"],
                ),
            ]),
        post("/resources", "createResource", create::create)
            .summary("Creates a resource.")
            .takes::<CreateResourceRequest>()
            .creates::<ResourceResponse>()
            .refuses(&["audience_taken"]),
        get("/resources/{id}", "getResource", read::find)
            .summary("Shows a resource.")
            .shows::<ResourceResponse>(),
        patch("/resources/{id}", "updateResource", update::update)
            .summary("Changes a resource.")
            .takes::<UpdateResourceRequest>()
            .changes::<ResourceResponse>(),
    ]
}

fn parts() -> Vec<Operation> {
    vec![
        get("/resources/{id}/scopes", "listScopes", scopes::list)
            .summary("Lists the scopes of a resource.")
            .lists::<ScopeResponse>()
            .query(&[
                SORT_BY_NAME,
                SEARCH,
                one_of(
                    "grant",
                    "Only scopes that are granted like this.",
                    &["default", "any_app", "reserved"],
                ),
            ]),
        post("/resources/{id}/scopes", "createScope", scopes::create)
            .summary("Adds a scope to a resource.")
            .takes::<CreateScopeRequest>()
            .creates_part::<ScopeResponse>()
            .refuses(&["scope_taken", "scope_of_protocol"]),
        delete("/resources/{id}/scopes/{name}", "deleteScope", scopes::delete)
            .takes_access_away()
            .summary("Takes a scope away, from every app too.")
            .refuses(&["platform_record"]),
        get("/resources/{id}/servers", "listResourceServers", servers::list)
            .summary("Lists the apps that may introspect every token for a resource.")
            .lists::<ResourceServerResponse>()
            .query(&[
                SORT_BY_CREATION,
                QueryParameter {
                    name: "app_id",
                    description: "Only this app, if it is one of them.",
                    values: Values::Id("app"),
                },
            ]),
        put("/resources/{id}/servers/{app_id}", "addResourceServer", servers::add)
            .summary("Lets an app introspect every token for a resource.")
            .views::<ResourceServerResponse>(),
        delete("/resources/{id}/servers/{app_id}", "removeResourceServer", servers::remove)
            .takes_access_away()
            .summary("Takes that back."),
    ]
}
