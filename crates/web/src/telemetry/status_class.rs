//! The first digit of a status: what a hundred statuses have in common (RFC 9110 §15).

use actix_web::http::StatusCode;

use crate::telemetry::label::Label;

/// The classes of final answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatusClass {
    /// 2xx, and 1xx, by which no answer ends.
    Success,
    /// 3xx.
    Redirection,
    /// 4xx.
    CallersMistake,
    /// 5xx and above.
    OurFault,
}

impl From<StatusCode> for StatusClass {
    fn from(status: StatusCode) -> Self {
        match status.as_u16() {
            ..300 => Self::Success,
            300..400 => Self::Redirection,
            400..500 => Self::CallersMistake,
            500.. => Self::OurFault,
        }
    }
}

impl Label for StatusClass {
    const NAME: &'static str = "status";

    fn all() -> impl Iterator<Item = Self> {
        [Self::Success, Self::Redirection, Self::CallersMistake, Self::OurFault].into_iter()
    }

    fn text(self) -> &'static str {
        match self {
            Self::Success => "2xx",
            Self::Redirection => "3xx",
            Self::CallersMistake => "4xx",
            Self::OurFault => "5xx",
        }
    }
}
