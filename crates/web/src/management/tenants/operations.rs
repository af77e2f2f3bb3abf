//! The operations on tenants.

use turnkeep_protocol::management::tenant::{CreateTenantRequest, TenantResponse, UpdateTenantRequest};

use crate::management::operation::{get, patch, post};
use crate::management::operations::Chapter;
use crate::management::query_parameter::{SEARCH, SORT, one_of};
use crate::management::tenants::{create, read, step, update};

pub(crate) fn chapter() -> Chapter {
    Chapter {
        title: "Tenants",
        description: "A tenant is the isolation boundary inside an instance. Only an active one's apps get tokens.",
        operations: vec![
            get("/tenants", "listTenants", read::list)
                .summary("Lists the tenants that the caller reaches.")
                .lists::<TenantResponse>()
                .query(&[
                    SORT,
                    SEARCH,
                    one_of(
                        "state",
                        "Only tenants in this state.",
                        &["pending_activation", "active", "suspended", "closed"],
                    ),
                ]),
            post("/tenants", "createTenant", create::create)
                .summary("Creates a tenant, which waits for its activation.")
                .takes::<CreateTenantRequest>()
                .creates::<TenantResponse>()
                .refuses(&["name_taken"]),
            get("/tenants/{id}", "getTenant", read::find)
                .summary("Shows a tenant.")
                .shows::<TenantResponse>(),
            patch("/tenants/{id}", "updateTenant", update::update)
                .summary("Changes a tenant.")
                .takes::<UpdateTenantRequest>()
                .changes::<TenantResponse>()
                .refuses(&["name_taken"]),
            post("/tenants/{id}/activate", "activateTenant", step::activate)
                .summary("Lets a tenant's apps get tokens; also ends a suspension.")
                .changes::<TenantResponse>()
                .refuses(&["tenant_state"]),
            post("/tenants/{id}/suspend", "suspendTenant", step::suspend)
                .takes_access_away()
                .summary("Stops all apps of a tenant and kills their tokens.")
                .changes::<TenantResponse>()
                .refuses(&["tenant_state", "operator_app_enabled"]),
            post("/tenants/{id}/close", "closeTenant", step::close)
                .takes_access_away()
                .summary("Ends a tenant for good.")
                .changes::<TenantResponse>()
                .refuses(&["tenant_state", "platform_record"]),
        ],
    }
}
