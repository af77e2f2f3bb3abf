//! Queries of failures in a row.

use diesel::prelude::*;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::guess_count::{GuessCounts, GuessSubject};

use crate::per_backend::insert_or_replace;
use crate::records::guess_count::read_failures;
use crate::records::word::Word;
use crate::schema::guess_counts;
use crate::session::Session;

/// The one row of a subject.
macro_rules! row_of {
    ($subject:expr) => {
        guess_counts::table
            .filter(guess_counts::instance_id.eq($subject.instance_id.as_bytes()))
            .filter(guess_counts::user_id.eq($subject.user_id.as_bytes()))
            .filter(guess_counts::credential.eq($subject.credential.word()))
    };
}

impl GuessCounts for Session<'_> {
    fn charge_guess(&mut self, subject: &GuessSubject) -> StoreResult<u64> {
        let first = (
            guess_counts::instance_id.eq(subject.instance_id.as_bytes()),
            guess_counts::user_id.eq(subject.user_id.as_bytes()),
            guess_counts::credential.eq(subject.credential.word()),
            guess_counts::failures.eq(1_i64),
        );
        let key = (guess_counts::instance_id, guess_counts::user_id, guess_counts::credential);
        let one_more = guess_counts::failures.eq(guess_counts::failures + 1);
        self.run(|c| insert_or_replace!(c, guess_counts::table, first, key, one_more))?;
        // Nobody else changes it before this transaction ends.
        let failures = self.run(|c| row_of!(subject).select(guess_counts::failures).get_result::<i64>(c))?;
        read_failures(failures)
    }

    fn refund_guess(&mut self, subject: &GuessSubject) -> StoreResult<()> {
        let charged = row_of!(subject).filter(guess_counts::failures.gt(0));
        let one_less = guess_counts::failures.eq(guess_counts::failures - 1);
        self.run(|c| diesel::update(charged).set(one_less).execute(c)).map(|_| ())
    }

    fn forgive_guesses(&mut self, subject: &GuessSubject) -> StoreResult<()> {
        self.run(|c| diesel::delete(row_of!(subject)).execute(c)).map(|_| ())
    }
}
