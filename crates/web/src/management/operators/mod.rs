//! Operators of an instance.

pub(crate) mod add;
pub(crate) mod operations;
pub(crate) mod read;
pub(crate) mod remove;

use turnkeep_protocol::management::member::OperatorResponse;
use turnkeep_service::people::manage_operators::Operator;

/// An operator as it is shown.
fn show(operator: &Operator) -> OperatorResponse {
    OperatorResponse::new(&operator.user, operator.since)
}
