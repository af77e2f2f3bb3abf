//! How the operators of an instance get into its dashboard: a session of one instance counts in no other.

use turnkeep_console::dashboard::instances::WayIn;
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_service::people::instance_operators::list_instance_operators;

use super::one::path_of;
use crate::account::error_page::PageError;
use crate::account::paths::PagePaths;
use crate::dashboard::dashboard_request::DashboardRequest;
use crate::dashboard::form_once::once;

/// The way in.
pub(super) async fn way_in(dashboard: &DashboardRequest, instance: &Instance) -> Result<WayIn, PageError> {
    let id = instance.id;
    if id == dashboard.acting.instance.id {
        return Ok(WayIn::Here);
    }
    if instance.state == InstanceState::Disabled {
        return Ok(WayIn::Closed);
    }
    let base_url = dashboard.person.page.state.authority.base_url();
    let dashboard_path = PagePaths::of(base_url, &instance.slug).dashboard();
    let operators = dashboard.read(move |context| list_instance_operators(context, id)).await?;
    Ok(if operators.is_empty() {
        let link_action = format!("{}/first-operator", path_of(dashboard, id));
        WayIn::Unoperated { dashboard_path, link_action, once: once(dashboard) }
    } else {
        let operators = operators.into_iter().map(|operator| operator.user.name.to_string()).collect();
        let command = format!("turnkeep user link NAME --instance {}", instance.slug);
        WayIn::Operated { dashboard_path, operators, command }
    })
}
