//! How a check of a connection ended, in words. Why an address was not reached is not told (requirements C 62).

use turnkeep_console::dashboard::storage::{StepMark, StorageCheckItem, StorageStep};
use turnkeep_domain::storage_config::{LastStorageCheck, StorageCheckOutcome};

use crate::dashboard::shown::moment;

/// What is looked at, one after the other.
const STEPS: [&str; 4] = [
    "Something answers at the endpoint",
    "It is an S3-compatible storage",
    "It accepts the keys",
    "The bucket is there",
];

/// The check as the page shows it.
pub(super) fn check_item(check: LastStorageCheck) -> StorageCheckItem {
    let step = |(label, mark)| StorageStep { label, mark };
    StorageCheckItem {
        at: moment(check.at),
        outcome: check.outcome.as_str(),
        works: check.outcome == StorageCheckOutcome::Works,
        text: text(check.outcome),
        steps: STEPS.into_iter().zip(marks(check.outcome)).map(step).collect(),
    }
}

const fn text(outcome: StorageCheckOutcome) -> &'static str {
    match outcome {
        StorageCheckOutcome::Works => "It works: the bucket is there, and the keys open it.",
        StorageCheckOutcome::CredentialsRefused => {
            "The provider refuses the keys. Enter both anew, and see that they may use this bucket."
        }
        StorageCheckOutcome::BucketNotFound => {
            "The provider knows no such bucket. Look at its name, and at the region."
        }
        StorageCheckOutcome::Unreachable => {
            "No storage can be reached at the endpoint. Look at the address, and whether it is open to us."
        }
        StorageCheckOutcome::UnexpectedAnswer => {
            "Something answers at the endpoint, but not as an S3-compatible storage does. Look at the address."
        }
    }
}

const fn marks(outcome: StorageCheckOutcome) -> [StepMark; 4] {
    use StepMark::{Failed, NotReached, Passed};
    match outcome {
        StorageCheckOutcome::Works => [Passed, Passed, Passed, Passed],
        StorageCheckOutcome::CredentialsRefused => [Passed, Passed, Failed, NotReached],
        // Some providers look for the bucket before they look at the keys.
        StorageCheckOutcome::BucketNotFound => [Passed, Passed, NotReached, Failed],
        StorageCheckOutcome::Unreachable => [Failed, NotReached, NotReached, NotReached],
        StorageCheckOutcome::UnexpectedAnswer => [Passed, Failed, NotReached, NotReached],
    }
}
