//! Instances: issuers that share nothing but the server they run on.

use crate::accent::Accent;
use crate::change::ChangeSequence;
use crate::display_name::DisplayName;
use crate::id::InstanceId;
use crate::slug::Slug;
use crate::time::Timestamp;
use crate::version::RecordVersion;

/// Slug of the instance whose issuer is the server's base URL (every other has `{base}/i/{slug}`).
pub const DEFAULT_INSTANCE: &str = "default";

/// Whether an instance answers at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstanceState {
    /// It issues tokens.
    Active,
    /// It behaves like an instance that does not exist.
    Disabled,
}

/// An issuer with its own signing keys, users, scopes and tenants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Identifier.
    pub id: InstanceId,
    /// Its place in the issuer's path; never changes, since the issuer is in every token.
    pub slug: Slug,
    /// Name for people.
    pub name: DisplayName,
    /// The accent colour of its pages.
    pub accent: Accent,
    /// Whether it answers.
    pub state: InstanceState,
    /// Its kill mark: its tokens with a lower `seq` are dead.
    pub tokens_dead_below: ChangeSequence,
    /// Since when it is in its present state.
    pub state_since: Timestamp,
    /// When it was created.
    pub created_at: Timestamp,
    /// Optimistic lock.
    pub version: RecordVersion,
}
