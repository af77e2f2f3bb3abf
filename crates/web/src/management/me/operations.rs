//! The operation on the caller itself.

use turnkeep_protocol::management::me::MeResponse;

use crate::management::me::read;
use crate::management::operation::get;
use crate::management::operations::Chapter;

pub(crate) fn chapter() -> Chapter {
    Chapter {
        title: "Me",
        description: "Who the caller is to this server, as it is judged at this moment.",
        operations: vec![
            get("/me", "getMe", read::me)
                .summary("Shows who calls, how far it reaches and what it may do.")
                .views::<MeResponse>(),
        ],
    }
}
