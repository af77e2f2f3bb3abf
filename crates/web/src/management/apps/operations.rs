//! The operations on apps, their secrets and their plans.

use turnkeep_protocol::management::app::{
    AppResponse, AssignPlanRequest, CreateAppRequest, NewAppResponse, UpdateAppRequest,
};
use turnkeep_protocol::management::explanation::ExplanationResponse;
use turnkeep_protocol::management::secret::{
    AddSecretRequest, NewSecretResponse, RevokedOthersResponse, SecretResponse,
};
use turnkeep_protocol::management::storage_settings::{
    PutStorageRequest, StorageCheckResponse, StorageResponse,
};

use crate::management::apps::{
    create, delete as removal, explain, filter, plan, read, secrets, storage, switch, update,
};
use crate::management::operation::{Operation, delete, get, patch, post, put};
use crate::management::operations::Chapter;
use crate::management::query_parameter::{SEARCH, SORT, SORT_BY_CREATION, TENANT_ID, one_of};

pub(crate) fn chapter() -> Chapter {
    let mut operations = apps();
    operations.extend(app_secrets());
    operations.extend(app_storage());
    operations.extend(app_plan());
    Chapter {
        title: "Apps",
        description: "An app is the record of an OAuth client, for the tenant application and the trusted \
            application alike. Its secrets are shown once, when they are made.",
        operations,
    }
}

fn apps() -> Vec<Operation> {
    vec![
        get("/apps", "listApps", read::list)
            .summary("Lists the apps of a tenant, or for operators of all.")
            .lists::<AppResponse>()
            .query(&[SORT, SEARCH, TENANT_ID])
            .query(&filter::PARAMETERS),
        post("/apps", "createApp", create::create)
            .summary("Creates an app; a confidential one comes with its secret.")
            .takes::<CreateAppRequest>()
            .creates::<NewAppResponse>()
            .refuses(&[
                "tenant_required",
                "app_limit_reached",
                "tenant_not_usable",
                "name_taken",
                "client_id_taken",
                "region_unknown",
                "region_inactive",
                "region_without_active_database",
                "region_full",
                "app_settings",
                "endpoint_refused",
                "plan_unknown",
                "plan_not_assignable",
                "free_plan_taken",
            ]),
        get("/apps/{id}", "getApp", read::find).summary("Shows an app.").shows::<AppResponse>(),
        patch("/apps/{id}", "updateApp", update::update)
            .summary("Changes an app.")
            .takes::<UpdateAppRequest>()
            .changes::<AppResponse>()
            .refuses(&["name_taken", "app_settings", "endpoint_refused"]),
        delete("/apps/{id}", "deleteApp", removal::delete)
            .takes_access_away()
            .summary("Deletes an app for good, with its secrets.")
            .removes_version()
            .refuses(&["platform_record"]),
        post("/apps/{id}/enable", "enableApp", switch::enable)
            .summary("Puts an app in use again.")
            .changes::<AppResponse>(),
        post("/apps/{id}/disable", "disableApp", switch::disable)
            .takes_access_away()
            .summary("Stops an app, with every token it has.")
            .changes::<AppResponse>(),
        get("/apps/{id}/explain", "explainApp", explain::explain)
            .summary("Says why an app can or cannot get a token.")
            .views::<ExplanationResponse>(),
    ]
}

fn app_secrets() -> Vec<Operation> {
    vec![
        get("/apps/{id}/secrets", "listSecrets", secrets::list)
            .summary("Lists the secrets of an app, without the secrets.")
            .lists::<SecretResponse>()
            .query(&[
                SORT_BY_CREATION,
                one_of("state", "Only secrets in this state.", &["live", "expired", "revoked"]),
            ]),
        post("/apps/{id}/secrets", "addSecret", secrets::add)
            .summary("Adds a secret beside the older one, which goes on for a while.")
            .takes::<AddSecretRequest>()
            .creates_part::<NewSecretResponse>()
            .changes_part()
            .refuses(&["public_client", "too_many_live_secrets"]),
        post("/apps/{id}/secrets/regenerate", "regenerateSecret", secrets::regenerate)
            .takes_access_away()
            .summary("Replaces all secrets of an app by a new one.")
            .creates_part::<NewSecretResponse>()
            .changes_part()
            .refuses(&["public_client"]),
        post("/apps/{id}/secrets/{secret_id}/revoke-others", "revokeOtherSecrets", secrets::revoke_others)
            .takes_access_away()
            .summary("Takes every other secret of the app back.")
            .views::<RevokedOthersResponse>()
            .changes_part()
            .refuses(&["secret_not_live"]),
        delete("/apps/{id}/secrets/{secret_id}", "revokeSecret", secrets::revoke)
            .takes_access_away()
            .summary("Takes a secret back, with the tokens of its app.")
            .changes_part(),
    ]
}

fn app_storage() -> Vec<Operation> {
    vec![
        get("/apps/{id}/storage", "getStorage", storage::show)
            .summary("Shows the storage settings of an app, without the secret key.")
            .shows::<StorageResponse>(),
        put("/apps/{id}/storage", "putStorage", storage::put)
            .summary("Sets the storage of an app. `If-None-Match: *` only makes settings, and replaces none.")
            .takes::<PutStorageRequest>()
            .changes::<StorageResponse>()
            .or_creates()
            .refuses(&["secret_key_required", "endpoint_refused"]),
        delete("/apps/{id}/storage", "deleteStorage", storage::delete)
            .summary("Puts an app back on the platform's managed storage.")
            .removes_version(),
        post("/apps/{id}/storage/check", "checkStorage", storage::check)
            .summary("Tries the storage settings of an app with a real request.")
            .views::<StorageCheckResponse>(),
    ]
}

fn app_plan() -> Vec<Operation> {
    vec![
        put("/apps/{id}/plan", "assignPlan", plan::assign)
            .summary("Puts an app on a plan.")
            .takes::<AssignPlanRequest>()
            .changes::<AppResponse>()
            .refuses(&["plan_unknown", "plan_not_assignable", "free_plan_taken"]),
        delete("/apps/{id}/plan", "removePlan", plan::remove)
            .summary("Takes an app off its plan.")
            .changes::<AppResponse>()
            .refuses(&["no_plan"]),
        post("/apps/{id}/plan/hold", "holdPlan", plan::hold)
            .takes_access_away()
            .summary("Stops an app until a payment arrives.")
            .changes::<AppResponse>()
            .refuses(&["no_plan"]),
        post("/apps/{id}/plan/release", "releasePlan", plan::release)
            .summary("Ends the hold of an app's plan.")
            .changes::<AppResponse>()
            .refuses(&["no_plan"]),
    ]
}
