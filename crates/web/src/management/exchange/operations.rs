//! The operations on the registry as a whole.

use turnkeep_protocol::management::exchange::{ImportRequest, ImportResponse};
use turnkeep_protocol::management::texts::ExchangeDocument;

use crate::management::exchange::{export, import};
use crate::management::operation::{get, post};
use crate::management::operations::Chapter;
use crate::management::query_parameter::{QueryParameter, TENANT_ID, one_of};

/// 8 MiB: some thousand apps with all that can be said of them.
const MAX_IMPORT_BYTES: usize = 8 * 1024 * 1024;

const INCLUDE_HASHES: QueryParameter = one_of(
    "include_hashes",
    "With the hashes of secrets, so that apps can go on elsewhere; for operators, and recorded.",
    &["true", "false"],
);

pub(crate) fn chapter() -> Chapter {
    Chapter {
        title: "Import and export",
        description: "An instance's records as a document with natural keys instead of identifiers. Importing one again \
            changes nothing. Other formats are read by the command line, which makes such documents of them.",
        operations: vec![
            post("/import", "importRecords", import::import)
                .summary("Brings records in, or says what that would do. An import that is refused is answered too: see `applied`.")
                .takes_up_to::<ImportRequest>(MAX_IMPORT_BYTES)
                .views::<ImportResponse>()
                .refuses(&["import_unreadable", "import_too_large"]),
            get("/export", "exportRecords", export::export)
                .summary("Shows all records: of the instance to operators, of their tenant to others; no secret is among them.")
                .views::<ExchangeDocument>()
                .query(&[TENANT_ID, INCLUDE_HASHES])
                .refuses(&["export_too_large"]),
        ],
    }
}
