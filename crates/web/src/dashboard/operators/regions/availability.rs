//! Whether a region or a database takes new apps: in words, and the panel that switches it.

use turnkeep_console::parts::step_panel::{Step, StepPanel, StepWay};
use turnkeep_domain::region::Availability;

/// In words.
pub(super) fn in_words(availability: Availability) -> &'static str {
    match availability {
        Availability::Active => "active",
        Availability::Inactive => "inactive",
    }
}

/// The panel, for what stands at `path`.
pub(super) fn switch_panel(availability: Availability, path: &str, csrf: String) -> StepPanel {
    let step = match availability {
        Availability::Active => Step {
            id: "deactivate",
            name: "Deactivate".into(),
            hint: "It takes no new apps. Those in it go on.".into(),
            way: StepWay::Sent { action: format!("{path}/deactivate"), is_danger: true },
            button: "Deactivate".into(),
        },
        Availability::Inactive => Step {
            id: "activate",
            name: "Activate".into(),
            hint: "It takes new apps again.".into(),
            way: StepWay::Sent { action: format!("{path}/activate"), is_danger: false },
            button: "Activate".into(),
        },
    };
    StepPanel { id: "availability".into(), title: "New apps".into(), csrf, steps: vec![step] }
}
