//! What the plan of an app allows it, as its token says (seed 000 §4), with types. Counting is the resource server's
//! business.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;
use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::plan::{FeatureValue, Features, PlanLimits};
use turnkeep_domain::slug::Slug;

use crate::access_token::VerifiedAccessToken;

/// The limits of a token are not those of a plan: this issuer does not write such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token's limits are not those of a plan")]
pub struct LimitsError;

/// A `limits` or `entitlements` claim as the token has it. Most requests are not about it, so it is read when asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitsClaim(Arc<str>);

impl LimitsClaim {
    /// From the value of the claim, which must be an object.
    pub(crate) fn from_json(json: &RawValue) -> Result<Self, LimitsError> {
        if json.get().starts_with('{') { Ok(Self(json.get().into())) } else { Err(LimitsError) }
    }

    /// The object, as the token has it.
    pub fn as_json(&self) -> &str {
        &self.0
    }

    /// The object as a tree; `None` if it is nested deeper than anybody reads.
    pub fn to_value(&self) -> Option<Value> {
        serde_json::from_str(&self.0).ok()
    }

    /// The object with its types. Members that are not known are ignored.
    pub fn typed(&self) -> Result<TokenLimits, LimitsError> {
        serde_json::from_str(&self.0).ok().and_then(RawLimits::typed).ok_or(LimitsError)
    }
}

/// As the token has it.
impl Serialize for LimitsClaim {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json: &RawValue = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        json.serialize(serializer)
    }
}

/// The plan that a token was issued on, and what it allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenLimits {
    /// The plan's code.
    pub plan: Slug,
    /// What may be used: Document Units per window, requests per minute, features.
    pub allowed: PlanLimits,
}

impl VerifiedAccessToken {
    /// The limits of the app's plan, from `limits` (seed 000) or else `entitlements` (seed 001). `None` without a plan:
    /// what that means is for the resource server to decide.
    pub fn plan_limits(&self) -> Result<Option<TokenLimits>, LimitsError> {
        let claim = self.limits.as_ref().or(self.entitlements.as_ref());
        claim.map(LimitsClaim::typed).transpose()
    }
}

#[derive(Deserialize)]
struct RawLimits {
    plan: String,
    #[serde(default)]
    document_units: RawWindows,
    requests_per_minute: Option<u32>,
    #[serde(default)]
    features: BTreeMap<String, RawFeature>,
}

#[derive(Deserialize, Default)]
struct RawWindows {
    hour: Option<u64>,
    day: Option<u64>,
    week: Option<u64>,
    month: Option<u64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawFeature {
    Flag(bool),
    Number(i64),
    Text(String),
}

impl RawLimits {
    fn typed(self) -> Option<TokenLimits> {
        let RawWindows { hour, day, week, month } = self.document_units;
        let features = self.features.into_iter().map(|(name, value)| (name, value.typed())).collect();
        Some(TokenLimits {
            plan: Slug::parse(&self.plan).ok()?,
            allowed: PlanLimits {
                document_units: DocumentUnitLimits::new(hour, day, week, month).ok()?,
                requests_per_minute: self.requests_per_minute,
                features: Features::new(features).ok()?,
            },
        })
    }
}

impl RawFeature {
    fn typed(self) -> FeatureValue {
        match self {
            Self::Flag(flag) => FeatureValue::Flag(flag),
            Self::Number(number) => FeatureValue::Number(number),
            Self::Text(text) => FeatureValue::Text(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claim(value: &Value) -> Result<LimitsClaim, LimitsError> {
        LimitsClaim::from_json(&serde_json::value::to_raw_value(value).unwrap())
    }

    #[test]
    fn the_limits_of_the_seeds_are_read() {
        let limits = claim(&json!({
            "plan": "pro",
            "document_units": {"hour": 100, "day": 250, "week": 500, "month": 1000},
            "requests_per_minute": 10,
            "features": {"ocr": true, "pages": 4, "tier": "gold"},
            "of_a_later_version": {},
        }))
        .unwrap()
        .typed()
        .unwrap();
        let units = limits.allowed.document_units;
        assert_eq!(limits.plan.as_str(), "pro");
        assert_eq!(
            [units.hour(), units.day(), units.week(), units.month()],
            [Some(100), Some(250), Some(500), Some(1000)]
        );
        assert_eq!(limits.allowed.requests_per_minute, Some(10));
        let features: Vec<_> =
            limits.allowed.features.iter().map(|(name, value)| (name, value.clone())).collect();
        let expected = [
            ("ocr", FeatureValue::Flag(true)),
            ("pages", FeatureValue::Number(4)),
            ("tier", FeatureValue::Text("gold".to_owned())),
        ];
        assert_eq!(features, expected);
    }

    #[test]
    fn what_is_absent_is_unlimited() {
        let limits = claim(&json!({"plan": "free"})).unwrap().typed().unwrap();
        assert_eq!(limits.allowed.document_units, DocumentUnitLimits::default());
        assert_eq!(limits.allowed.requests_per_minute, None);
    }

    #[test]
    fn limits_of_no_plan_are_refused() {
        for value in [
            json!({}),
            json!({"plan": ""}),
            json!({"plan": "pro", "document_units": {"hour": -1}}),
            json!({"plan": "pro", "document_units": {"hour": "100"}}),
            json!({"plan": "pro", "document_units": {"hour": 100, "day": 99}}),
            json!({"plan": "pro", "requests_per_minute": 4_294_967_296_u64}),
            json!({"plan": "pro", "features": {"a b": true}}),
            json!({"plan": "pro", "features": {"a": null}}),
        ] {
            assert_eq!(claim(&value).unwrap().typed(), Err(LimitsError), "{value}");
        }
        for value in [json!(null), json!("pro"), json!([]), json!(1)] {
            assert_eq!(claim(&value), Err(LimitsError), "{value}");
        }
    }

    #[test]
    fn a_claim_is_written_as_it_was_read() {
        let value = json!({"plan": "pro", "of_a_later_version": [{}]});
        let claim = claim(&value).unwrap();
        assert_eq!(claim.to_value(), Some(value));
        assert_eq!(serde_json::to_string(&claim).unwrap(), claim.as_json());
    }
}
