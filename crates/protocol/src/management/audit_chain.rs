//! The chain that the events of the audit trail form.

use serde::{Deserialize, Serialize};

#[cfg(feature = "openapi")]
use crate::management::texts;

/// What a seal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SealCheckName {
    /// It was made by this server.
    Genuine,
    /// It was made by this server under a master key before the current one.
    GenuineUnderPreviousKey,
    /// It was made for something else, or without the key: somebody tampered with it.
    Wrong,
    /// It was made under a master key that is not configured any more.
    UnknownKey,
}

/// Where the chain ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChainHeadResponse {
    /// The position of the last event; 0 before the first one.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::PositionNumber"))]
    pub position: u64,
    /// Its hash.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::HashText"))]
    pub hash: String,
    /// Both as one text. Kept elsewhere, it shows later whether anything up to here was changed or removed.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::AnchorText"))]
    pub anchor: String,
    /// Whether it is this server's.
    pub seal: SealCheckName,
}

/// What remains of events that were pruned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct ChainSegmentResponse {
    /// The position of the first.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::PositionNumber"))]
    pub first_position: u64,
    /// The position of the last.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::PositionNumber"))]
    pub last_position: u64,
    /// The hash of the last.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::HashText"))]
    pub last_hash: String,
    /// When they were removed.
    #[cfg_attr(feature = "openapi", schemars(with = "texts::TimeText"))]
    pub pruned_at: String,
    /// Whether this server removed them.
    pub seal: SealCheckName,
}

/// `GET /audit-chain`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(schemars::JsonSchema))]
pub struct AuditChainResponse {
    /// Where it ends; `null` if nothing was ever written.
    pub head: Option<ChainHeadResponse>,
    /// The position of the first event that is still there; `null` if none is.
    #[cfg_attr(feature = "openapi", schemars(with = "Option<texts::PositionNumber>"))]
    pub first_position: Option<u64>,
    /// What remains of pruned events, the oldest first.
    pub segments: Vec<ChainSegmentResponse>,
}
