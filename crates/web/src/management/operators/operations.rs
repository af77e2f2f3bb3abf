//! The operations on operators.

use turnkeep_protocol::management::member::OperatorResponse;

use crate::management::operation::{delete, get, put};
use crate::management::operations::Chapter;
use crate::management::operators::{add, read, remove};
use crate::management::query_parameter::{SEARCH, SORT, one_of};

pub(crate) fn chapter() -> Chapter {
    Chapter {
        title: "Operators",
        description: "People who may do everything in an instance; those of the default instance, everywhere.",
        operations: vec![
            get("/operators", "listOperators", read::list)
                .summary("Lists the people who operate the instance.")
                .lists::<OperatorResponse>()
                .query(&[
                    SORT,
                    SEARCH,
                    one_of("user_state", "Only people in this state.", &["active", "disabled"]),
                ]),
            put("/operators/{user_id}", "addOperator", add::add)
                .summary("Makes a person an operator.")
                .views::<OperatorResponse>()
                .refuses(&["system_user", "community_user", "user_disabled"]),
            delete("/operators/{user_id}", "removeOperator", remove::remove)
                .takes_access_away()
                .summary("Takes that away; no person of the instance takes it from the last one.")
                .refuses(&["last_operator"]),
        ],
    }
}
