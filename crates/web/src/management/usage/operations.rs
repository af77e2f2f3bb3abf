//! The operations that report and show usage.

use turnkeep_protocol::management::usage::{
    ReportUsageRequest, ReportUsageResponse, TenantUsageResponse, UsageResponse,
};

use crate::management::operation::{Callers, get, post};
use crate::management::operations::Chapter;
use crate::management::usage::{history, read, report};

pub(crate) fn chapter() -> Chapter {
    Chapter {
        title: "Usage",
        description: "Usage is counted in Document Units, by hours, days, weeks and months of the calendar in UTC. \
                      Resource servers report it with a token that has the scope `turnkeep.meter`; an app reads its \
                      own with any of its tokens.",
        operations: vec![
            post("/usage", "reportUsage", report::report)
                .summary("Counts what apps have used, each event once however often it is reported.")
                .takes::<ReportUsageRequest>()
                .views::<ReportUsageResponse>()
                .called_by(Callers::Meters),
            get("/usage", "showOwnUsage", read::own)
                .summary("Shows the calling app what it has used and what of its limits that is.")
                .views::<UsageResponse>()
                .query(&history::PARAMETERS)
                .called_by(Callers::AppItself),
            get("/apps/{id}/usage", "showAppUsage", read::of_app)
                .summary("Shows what an app has used and what of its limits that is.")
                .views::<UsageResponse>()
                .query(&history::PARAMETERS),
            get("/tenants/{id}/usage", "showTenantUsage", read::of_tenant)
                .summary("Shows what the apps of a tenant have used, nearest to a limit first.")
                .views::<TenantUsageResponse>(),
        ],
    }
}
