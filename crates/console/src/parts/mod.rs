//! What pages are put together of: each piece is a view of its own, which stands in a template as `{{ piece }}`.

pub mod amount;
pub mod audit_table;
pub mod bar_chart;
pub mod choice_field;
pub mod data_table;
pub(crate) mod described_by;
pub mod form_panel;
pub mod gauge;
pub mod live_update;
pub mod moment;
pub mod notice;
pub mod row_chart;
pub mod session_notice;
pub mod step_panel;
pub mod text_field;
pub mod tick_field;
pub mod usage_table;
