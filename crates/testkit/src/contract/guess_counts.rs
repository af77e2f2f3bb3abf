//! Failures in a row.

use turnkeep_domain::id::UserId;
use turnkeep_storage::guess_count::{GuessSubject, GuessedCredential};
use turnkeep_storage::store::Store;

use super::given;

pub(super) fn given_subject(store: &dyn Store) -> GuessSubject {
    let instance = given::instance(store, 1);
    let user = given::user(store, &instance, 1);
    GuessSubject { instance_id: instance.id, user_id: user.id, credential: GuessedCredential::Password }
}

pub(super) fn charge(store: &dyn Store, subject: &GuessSubject) -> u64 {
    given::admit(store, |admits| admits.charge_guess(subject))
}

/// Each subject has its own row, also one that is nobody.
pub fn failures_are_counted_in_a_row(store: &dyn Store) {
    let subject = given_subject(store);
    let other_instance = given::instance(store, 2);
    let others = [
        GuessSubject { credential: GuessedCredential::SecondFactor, ..subject },
        GuessSubject { user_id: UserId::from_bytes([0; 16]), ..subject },
        GuessSubject { instance_id: other_instance.id, ..subject },
    ];
    let charged: Vec<u64> = (0..3).map(|_| charge(store, &subject)).collect();
    assert_eq!(charged, [1, 2, 3]);
    for other in &others {
        assert_eq!(charge(store, other), 1, "{other:?}");
        given::admit(store, |admits| admits.forgive_guesses(other));
    }
    given::admit(store, |admits| admits.refund_guess(&subject));
    assert_eq!(charge(store, &subject), 3);
    given::mutate(store, |writes| writes.forgive_guesses(&subject));
    // There is nothing to take back, and nothing below nothing.
    given::admit(store, |admits| admits.refund_guess(&subject));
    assert_eq!(charge(store, &subject), 1);
    given::admit(store, |admits| admits.refund_guess(&subject));
    given::admit(store, |admits| admits.refund_guess(&subject));
    assert_eq!(charge(store, &subject), 1);
}
