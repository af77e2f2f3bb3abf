//! The operations on instances.

use turnkeep_protocol::management::instance::{
    CreateInstanceRequest, InstanceResponse, UpdateInstanceRequest,
};

use crate::management::instances::{create, read, switch, update};
use crate::management::operation::{get, patch, post};
use crate::management::operations::Chapter;
use crate::management::query_parameter::{SEARCH, SORT, one_of};

pub(crate) fn chapter() -> Chapter {
    Chapter {
        title: "Instances",
        description: "An instance is an issuer with its own keys, users, scopes and tenants. Only operators of \
            the default instance manage them.",
        operations: vec![
            get("/instances", "listInstances", read::list)
                .summary("Lists instances.")
                .lists::<InstanceResponse>()
                .query(&[
                    SORT,
                    SEARCH,
                    one_of("state", "Only instances in this state.", &["active", "disabled"]),
                ]),
            post("/instances", "createInstance", create::create)
                .summary("Creates an instance with its own signing keys.")
                .takes::<CreateInstanceRequest>()
                .creates::<InstanceResponse>()
                .refuses(&["slug_taken"]),
            get("/instances/{id}", "getInstance", read::find)
                .summary("Shows an instance.")
                .shows::<InstanceResponse>(),
            patch("/instances/{id}", "updateInstance", update::update)
                .summary("Changes an instance's name and the colour of its pages.")
                .takes::<UpdateInstanceRequest>()
                .changes::<InstanceResponse>(),
            post("/instances/{id}/enable", "enableInstance", switch::enable)
                .summary("Lets an instance answer again.")
                .changes::<InstanceResponse>(),
            post("/instances/{id}/disable", "disableInstance", switch::disable)
                .takes_access_away()
                .summary("Makes an instance behave like one that does not exist.")
                .changes::<InstanceResponse>()
                .refuses(&["default_instance"]),
        ],
    }
}
