//! Plans: the limits and features that apps of a tenant get.

use std::collections::BTreeMap;
use std::fmt;

use crate::display_name::DisplayName;
use crate::document_units::DocumentUnitLimits;
use crate::id::{InstanceId, PlanId};
use crate::slug::Slug;
use crate::time::Timestamp;
use crate::token_requests::TokenRequestLimits;
use crate::version::RecordVersion;

/// The life of a plan: `Draft → Active → Archived → Retired`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanState {
    /// Being written; not assignable.
    Draft,
    /// Assignable.
    Active,
    /// No new assignment; apps on it go on.
    Archived,
    /// Not assignable, and apps still on it get no token (seed 000 §4).
    Retired,
}

/// The change is not possible from the plan's present state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a plan that is {from} cannot become {to}")]
pub struct PlanTransitionError {
    /// The present state.
    pub from: PlanState,
    /// The state asked for.
    pub to: PlanState,
}

impl PlanState {
    /// Makes a draft assignable.
    pub fn activate(self) -> Result<Self, PlanTransitionError> {
        match self {
            Self::Draft => Ok(Self::Active),
            Self::Active | Self::Archived | Self::Retired => self.refuse(Self::Active),
        }
    }

    /// Ends new assignments.
    pub fn archive(self) -> Result<Self, PlanTransitionError> {
        match self {
            Self::Active => Ok(Self::Archived),
            Self::Draft | Self::Archived | Self::Retired => self.refuse(Self::Archived),
        }
    }

    /// Ends new assignments and stops the apps that are on it. An active plan may be retired directly: an
    /// operator who has to stop a plan should not have to archive it first.
    pub fn retire(self) -> Result<Self, PlanTransitionError> {
        match self {
            Self::Active | Self::Archived => Ok(Self::Retired),
            Self::Draft | Self::Retired => self.refuse(Self::Retired),
        }
    }

    /// Whether an app may be put on the plan now.
    pub fn is_assignable(self) -> bool {
        match self {
            Self::Active => true,
            Self::Draft | Self::Archived | Self::Retired => false,
        }
    }

    fn refuse(self, to: Self) -> Result<Self, PlanTransitionError> {
        Err(PlanTransitionError { from: self, to })
    }
}

/// Why a feature map is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeatureError {
    /// A name with other characters or length than allowed.
    #[error("a feature name has 1 to 40 letters, digits, `_`, `-` or `.`")]
    Name,
    /// A text value that is too long or has control characters.
    #[error("a feature text has at most 200 characters and no control characters")]
    Text,
    /// A number that JSON clients cannot hold exactly.
    #[error("a feature number must lie within ±(2^53 - 1)")]
    Number,
    /// Too many features for a token.
    #[error("a plan has at most 32 features")]
    TooMany,
}

/// The value of a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeatureValue {
    /// On or off.
    Flag(bool),
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
}

/// What a plan grants beside its limits, by name; carried in the token as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Features(BTreeMap<String, FeatureValue>);

impl Features {
    /// The most features a plan may have; they travel in every token.
    pub const MAX: usize = 32;

    /// Checks names and values.
    pub fn new(features: BTreeMap<String, FeatureValue>) -> Result<Self, FeatureError> {
        if Self::MAX < features.len() {
            return Err(FeatureError::TooMany);
        }
        for (name, value) in &features {
            let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
            if name.is_empty() || 40 < name.len() || !name.bytes().all(allowed) {
                return Err(FeatureError::Name);
            }
            match value {
                FeatureValue::Text(text)
                    if 200 < text.chars().count() || text.chars().any(char::is_control) =>
                {
                    return Err(FeatureError::Text);
                }
                FeatureValue::Number(number) if DocumentUnitLimits::MAX < number.unsigned_abs() => {
                    return Err(FeatureError::Number);
                }
                FeatureValue::Flag(_) | FeatureValue::Number(_) | FeatureValue::Text(_) => {}
            }
        }
        Ok(Self(features))
    }

    /// Names and values in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FeatureValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// What an app on the plan may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLimits {
    /// Document Units per window.
    pub document_units: DocumentUnitLimits,
    /// Requests per minute; `None` is unlimited.
    pub requests_per_minute: Option<u32>,
    /// Everything else.
    pub features: Features,
}

/// Whether a plan costs something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanPrice {
    /// A tenant may have one app on free plans.
    Free,
    /// No limit on the number of apps.
    Paid,
}

/// A plan of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Identifier.
    pub id: PlanId,
    /// The instance it belongs to.
    pub instance_id: InstanceId,
    /// What the token's `limits` name as `plan`; unique in the instance, never changes.
    pub code: Slug,
    /// Name for people.
    pub name: DisplayName,
    /// Where it is in its life.
    pub state: PlanState,
    /// Whether it is free.
    pub price: PlanPrice,
    /// What it allows; carried in tokens.
    pub limits: PlanLimits,
    /// How many tokens each app on it may ask for; not in tokens.
    pub token_requests: TokenRequestLimits,
    /// Since when it is in its present state.
    pub state_since: Timestamp,
    /// When it was created.
    pub created_at: Timestamp,
    /// Optimistic lock.
    pub version: RecordVersion,
}

impl fmt::Display for PlanState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Archived => "archived",
            Self::Retired => "retired",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::PlanState::{Active, Archived, Draft, Retired};
    use super::*;

    #[test]
    fn transitions() {
        type Step = fn(PlanState) -> Result<PlanState, PlanTransitionError>;
        let table: [(Step, PlanState, &[PlanState]); 3] = [
            (PlanState::activate, Active, &[Draft]),
            (PlanState::archive, Archived, &[Active]),
            (PlanState::retire, Retired, &[Active, Archived]),
        ];
        for (step, to, allowed) in table {
            for from in [Draft, Active, Archived, Retired] {
                let expected =
                    if allowed.contains(&from) { Ok(to) } else { Err(PlanTransitionError { from, to }) };
                assert_eq!(step(from), expected, "{from} to {to}");
            }
        }
    }

    #[test]
    fn only_active_plans_are_assignable() {
        let assignable: Vec<_> =
            [Draft, Active, Archived, Retired].into_iter().filter(|s| s.is_assignable()).collect();
        assert_eq!(assignable, [Active]);
    }

    #[test]
    fn features_are_bounded() {
        let one = |name: &str, value| Features::new(BTreeMap::from([(name.to_owned(), value)]));
        assert!(one("ocr.pages", FeatureValue::Number(4)).is_ok());
        assert_eq!(one("", FeatureValue::Flag(true)), Err(FeatureError::Name));
        assert_eq!(one("a b", FeatureValue::Flag(true)), Err(FeatureError::Name));
        assert_eq!(one("a", FeatureValue::Text("\u{1b}[0m".into())), Err(FeatureError::Text));
        assert_eq!(one("a", FeatureValue::Number(i64::MIN)), Err(FeatureError::Number));
        let many = (0..=Features::MAX).map(|n| (format!("f{n}"), FeatureValue::Flag(true))).collect();
        assert_eq!(Features::new(many), Err(FeatureError::TooMany));
    }
}
