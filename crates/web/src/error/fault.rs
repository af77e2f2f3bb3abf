//! Faults: ours, logged once, and told to nobody but the log.

use turnkeep_domain::id::RequestId;
use turnkeep_service::failure::Fault;

use crate::blocking::NotRun;
use crate::error::overload_log::note_overload;

/// What the wire learns of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// 500.
    Internal,
    /// 503, worth another try.
    Unavailable,
}

/// Logs a fault with its causes. That this node is not in step has been logged by whoever keeps it so: it is no news of
/// each request, nor is that too many secrets wait to be hashed.
pub(crate) fn log_fault(fault: &Fault, request_id: RequestId) -> FaultKind {
    let kind = kind_of(fault);
    if matches!(fault, Fault::NotInStep) {
        return kind;
    }
    if matches!(fault, Fault::Overloaded) {
        note_overload(fault);
        return kind;
    }
    let error: &dyn std::error::Error = fault;
    tracing::error!(
        request.id = %request_id,
        error,
        unavailable = kind == FaultKind::Unavailable,
        "request failed"
    );
    kind
}

/// Logs a fault that keeps any number of requests from being answered.
pub(crate) fn log_load_fault(fault: &Fault) -> FaultKind {
    let kind = kind_of(fault);
    let error: &dyn std::error::Error = fault;
    tracing::error!(error, unavailable = kind == FaultKind::Unavailable, "reading into memory failed");
    kind
}

/// Logs that a use case did not run to its end. Being too busy is no news; the access log shows it.
pub(crate) fn log_not_run(not_run: &NotRun, request_id: RequestId) -> FaultKind {
    match not_run {
        NotRun::Overloaded => FaultKind::Unavailable,
        NotRun::NotLoaded(kind) => *kind,
        NotRun::Broken => {
            tracing::error!(request.id = %request_id, "a use case panicked or was cancelled");
            FaultKind::Internal
        }
    }
}

fn kind_of(fault: &Fault) -> FaultKind {
    if fault.is_temporary() { FaultKind::Unavailable } else { FaultKind::Internal }
}
