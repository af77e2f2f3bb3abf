//! Plans.

use std::collections::BTreeMap;

use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::plan::{FeatureValue, Features, Plan, PlanLimits, PlanPrice, PlanState};
use turnkeep_domain::token_requests::{QuotaMode, TokenRequestLimits};
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::store::Store;

use super::given;
use crate::fixtures;

fn features() -> Features {
    let features = [
        ("flag-off", FeatureValue::Flag(false)),
        ("flag.on", FeatureValue::Flag(true)),
        ("most", FeatureValue::Number(9_007_199_254_740_991)),
        ("least", FeatureValue::Number(-9_007_199_254_740_991)),
        ("text", FeatureValue::Text("\"quoted\", 'ünïcode' \u{1f600} {}".to_owned())),
        ("empty", FeatureValue::Text(String::new())),
    ];
    Features::new(BTreeMap::from(features.map(|(name, value)| (name.to_owned(), value)))).unwrap()
}

fn limits() -> [PlanLimits; 3] {
    let most = Some(DocumentUnitLimits::MAX);
    [
        PlanLimits {
            document_units: DocumentUnitLimits::default(),
            requests_per_minute: None,
            features: Features::default(),
        },
        PlanLimits {
            document_units: DocumentUnitLimits::new(Some(0), None, Some(5), None).unwrap(),
            requests_per_minute: Some(0),
            features: features(),
        },
        PlanLimits {
            document_units: DocumentUnitLimits::new(most, most, most, most).unwrap(),
            requests_per_minute: Some(u32::MAX),
            features: features(),
        },
    ]
}

/// One form after the other.
fn token_requests(number: i64) -> TokenRequestLimits {
    let (minute, hour, day, mode) = match number.rem_euclid(3) {
        0 => (None, None, None, QuotaMode::Enforced),
        1 => (Some(1), None, Some(u32::MAX), QuotaMode::DryRun),
        _ => (Some(60), Some(600), Some(6_000), QuotaMode::Enforced),
    };
    TokenRequestLimits::new(minute, hour, day, mode).unwrap()
}

/// Inserted and updated in every form; a limit that was set can be lifted.
pub fn every_form_of_a_plan_round_trips(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let mut stored = given::plan(store, &instance, 1);
    let other = given::plan(store, &instance, 2);
    for state in [PlanState::Draft, PlanState::Active, PlanState::Archived, PlanState::Retired] {
        for price in [PlanPrice::Free, PlanPrice::Paid] {
            for limits in limits() {
                let version = stored.version.next();
                let name = fixtures::name(&format!("Now {}", version.as_number()));
                let state_since = fixtures::later(version.as_number().unsigned_abs());
                let token_requests = token_requests(version.as_number());
                let changed = Plan {
                    name,
                    state,
                    state_since,
                    price,
                    limits,
                    token_requests,
                    version,
                    ..stored.clone()
                };
                let updated = given::mutate(store, |writes| writes.update_plan(&changed, stored.version));
                assert_eq!(updated, Updated::Updated);
                let found = given::read(store, |reads| reads.find_plan(instance.id, changed.id));
                assert_eq!(found.as_ref(), Some(&changed));
                stored = changed;
            }
        }
    }
    assert_eq!(given::read(store, |reads| reads.list_plans(instance.id)), [stored, other]);
}

/// A second plan with the same code conflicts, but not in another instance.
pub fn a_plan_code_is_taken_once_in_an_instance(store: &dyn Store) {
    let (here, there) = (given::instance(store, 1), given::instance(store, 2));
    let plan = given::plan(store, &here, 1);
    let same_code = Plan { code: plan.code.clone(), ..fixtures::plan(&here, 2) };
    let elsewhere = Plan { code: plan.code.clone(), ..fixtures::plan(&there, 3) };
    assert_eq!(given::mutate(store, |writes| writes.insert_plan(&same_code)), Inserted::Conflict);
    assert_eq!(given::mutate(store, |writes| writes.insert_plan(&elsewhere)), Inserted::Inserted);
}

/// Of two updates of the same version the second is stale.
pub fn an_update_needs_the_present_version_of_a_plan(store: &dyn Store) {
    let instance = given::instance(store, 1);
    let plan = given::plan(store, &instance, 1);
    let changed = Plan { version: plan.version.next(), ..plan.clone() };
    for expected in [Updated::Updated, Updated::Stale] {
        assert_eq!(given::mutate(store, |writes| writes.update_plan(&changed, plan.version)), expected);
    }
}
