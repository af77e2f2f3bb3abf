//! Why the token endpoint issued no token, as a fixed set.

use turnkeep_policy::decide_token_quota::TokenQuotaExceeded;
use turnkeep_policy::token_denial::TokenDenial;
use turnkeep_service::keys::publish_key_set::UnknownIssuer;
use turnkeep_service::person_tokens::grant_denial::GrantDenial;
use turnkeep_service::tokens::admission::NotAdmitted;
use turnkeep_service::tokens::issue_token_denial::IssueTokenDenial;

use crate::telemetry::label::Label;

/// The causes. Unlike the answer to the client, they tell an unknown client from a wrong secret: only operators see them,
/// and only as sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenRefusal {
    /// No such issuer, or it is off.
    UnknownIssuer,
    /// What the decision said.
    Denied(TokenDenial),
    /// There was no room for the client: a limit, or the load. The counters of those say which.
    NotAdmitted,
    /// The app has had all the tokens that it may have for now.
    QuotaExceeded,
    /// What was presented of a person's was of no use.
    Grant(GrantDenial),
}

impl From<&IssueTokenDenial> for TokenRefusal {
    fn from(denial: &IssueTokenDenial) -> Self {
        match denial {
            IssueTokenDenial::UnknownIssuer(UnknownIssuer) => Self::UnknownIssuer,
            IssueTokenDenial::Token(denial) => Self::Denied(*denial),
            IssueTokenDenial::NotAdmitted(NotAdmitted) => Self::NotAdmitted,
            IssueTokenDenial::QuotaExceeded(_) => Self::QuotaExceeded,
            IssueTokenDenial::Grant(denial) => Self::Grant(*denial),
        }
    }
}

impl Label for TokenRefusal {
    const NAME: &'static str = "reason";

    fn all() -> impl Iterator<Item = Self> {
        [Self::UnknownIssuer, Self::NotAdmitted, Self::QuotaExceeded]
            .into_iter()
            .chain(TokenDenial::ALL.into_iter().map(Self::Denied))
            .chain(GrantDenial::ALL.into_iter().map(Self::Grant))
    }

    fn text(self) -> &'static str {
        match self {
            Self::UnknownIssuer => "unknown_issuer",
            Self::NotAdmitted => "not_admitted",
            Self::QuotaExceeded => TokenQuotaExceeded::CODE,
            Self::Denied(denial) => denial.code(),
            Self::Grant(denial) => denial.code(),
        }
    }
}
