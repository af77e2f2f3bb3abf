//! The operations on regions and their databases.

use turnkeep_protocol::management::region::{
    CreateRegionDatabaseRequest, CreateRegionRequest, RegionDatabaseResponse, RegionResponse,
    UpdateRegionDatabaseRequest, UpdateRegionRequest,
};

use crate::management::operation::{Operation, get, patch, post};
use crate::management::operations::Chapter;
use crate::management::query_parameter::{SEARCH, SORT, one_of};
use crate::management::regions::{create, databases, read, update};

pub(crate) fn chapter() -> Chapter {
    let mut operations = regions();
    operations.extend(region_databases());
    Chapter {
        title: "Regions",
        description: "An app is created in a region and placed in its active database with the least load. Both \
            codes are claims of its tokens and never change.",
        operations,
    }
}

fn regions() -> Vec<Operation> {
    vec![
        get("/regions", "listRegions", read::list)
            .summary("Lists regions.")
            .lists::<RegionResponse>()
            .query(&[SORT, SEARCH, one_of("state", "Only regions in this state.", &["active", "inactive"])]),
        post("/regions", "createRegion", create::create)
            .summary("Creates a region.")
            .takes::<CreateRegionRequest>()
            .creates::<RegionResponse>()
            .refuses(&["code_taken"]),
        get("/regions/{id}", "getRegion", read::find).summary("Shows a region.").shows::<RegionResponse>(),
        patch("/regions/{id}", "updateRegion", update::update)
            .summary("Renames a region.")
            .takes::<UpdateRegionRequest>()
            .changes::<RegionResponse>(),
        post("/regions/{id}/activate", "activateRegion", update::activate)
            .summary("Lets a region take new apps.")
            .changes::<RegionResponse>(),
        post("/regions/{id}/deactivate", "deactivateRegion", update::deactivate)
            .summary("Lets a region take no new apps; those it has go on.")
            .changes::<RegionResponse>(),
    ]
}

fn region_databases() -> Vec<Operation> {
    vec![
        get("/regions/{id}/databases", "listRegionDatabases", databases::list)
            .summary("Lists the databases of a region.")
            .lists::<RegionDatabaseResponse>()
            .query(&[
                SORT,
                SEARCH,
                one_of("state", "Only databases in this state.", &["active", "inactive"]),
            ]),
        post("/regions/{id}/databases", "createRegionDatabase", databases::create)
            .summary("Adds a database to a region.")
            .takes::<CreateRegionDatabaseRequest>()
            .creates::<RegionDatabaseResponse>()
            .refuses(&["db_code_taken"]),
        get("/regions/{id}/databases/{database_id}", "getRegionDatabase", databases::find)
            .summary("Shows a database of a region.")
            .shows::<RegionDatabaseResponse>(),
        patch("/regions/{id}/databases/{database_id}", "updateRegionDatabase", databases::update)
            .summary("Changes the capacity of a database.")
            .takes::<UpdateRegionDatabaseRequest>()
            .changes::<RegionDatabaseResponse>()
            .refuses(&["capacity_below_use"]),
        post("/regions/{id}/databases/{database_id}/activate", "activateRegionDatabase", databases::activate)
            .summary("Lets a database take new apps.")
            .changes::<RegionDatabaseResponse>(),
        post(
            "/regions/{id}/databases/{database_id}/deactivate",
            "deactivateRegionDatabase",
            databases::deactivate,
        )
        .summary("Lets a database take no new apps; those it has go on.")
        .changes::<RegionDatabaseResponse>(),
    ]
}
