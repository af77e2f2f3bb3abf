//! Requests that are answered from memory while changes are made on the same node, judged by the real marks.
//!
//! Change 1 is of the app, change 2 of its tenant, and both kill. The state of the database is the number of the last
//! change, so whatever is in memory is as old as the number it holds.

use turnkeep_domain::change::{ChangeScope, ChangeSequence};
use turnkeep_domain::id::{AppId, InstanceId, TenantId};

use super::{Situation, explore};
use crate::cluster::change_marks::ChangeMarks;

const INSTANCE: InstanceId = InstanceId::from_bytes([1; 16]);
const TENANT: TenantId = TenantId::from_bytes([2; 16]);
const APP: AppId = AppId::from_bytes([3; 16]);

/// What is done otherwise than the code does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Rules {
    Kept,
    /// What is applied is said before the marks are raised.
    AppliedBeforeMarks,
    /// `seq` is read when the answer is ready.
    SequenceReadLast,
    /// What was read is thought to be as of a moment after the reading.
    AsOfAfterReading,
    /// The answer is not looked at again before it is given.
    NotConfirmed,
}

/// One that changes something and waits until this node knows of it. Of several, one at a time applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kill {
    Begun,
    Committed(u8),
    Looked(u8, u8),
    HalfApplied(u8, u8),
    Applied(u8),
    Returned,
}

/// A request. `must_know` is what had been returned from when it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Reader {
    Begun,
    LookingUp { must_know: u8, sequence: u8 },
    Found { must_know: u8, sequence: u8, entry: Entry },
    Missed { must_know: u8, sequence: u8 },
    Read { must_know: u8, sequence: u8, state: u8 },
    Loaded { must_know: u8, sequence: u8, entry: Entry },
    Deciding { must_know: u8, sequence: u8, entry: Entry },
    Answered(Answer),
}

/// What is in memory about the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Entry {
    state: u8,
    as_of: u8,
}

/// What a request ended with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Answer {
    state: u8,
    sequence: u8,
    must_know: u8,
    /// What had been returned from when the answer was given.
    returned: u8,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Node {
    rules: Rules,
    committed: u8,
    raised: u8,
    applied: u8,
    returned: u8,
    /// Somebody applies changes.
    is_applying: bool,
    cached: Option<Entry>,
    kills: [Kill; 2],
    readers: [Reader; 2],
}

impl Node {
    fn new(rules: Rules) -> Self {
        Self {
            rules,
            committed: 0,
            raised: 0,
            applied: 0,
            returned: 0,
            is_applying: false,
            cached: None,
            kills: [Kill::Begun; 2],
            readers: [Reader::Begun; 2],
        }
    }

    /// What the marks say while so many changes were raised.
    fn is_current(&self, entry: Entry) -> bool {
        thread_local! {
            static MARKS: [ChangeMarks; 3] = [0, 1, 2].map(marks_after);
        }
        MARKS.with(|marks| marks[usize::from(self.raised)].is_app_current(number(entry.as_of), TENANT, APP))
    }

    /// One step of somebody who changes something; `None` if there is none at present.
    fn kill(&self, index: usize) -> Option<Self> {
        let mut next = self.clone();
        let early = self.rules == Rules::AppliedBeforeMarks;
        next.kills[index] = match self.kills[index] {
            Kill::Begun => {
                next.committed += 1;
                Kill::Committed(next.committed)
            }
            Kill::Committed(_) if self.is_applying => return None,
            Kill::Committed(own) => {
                next.is_applying = true;
                Kill::Looked(own, self.committed)
            }
            Kill::Looked(own, head) => {
                let first = if early { &mut next.applied } else { &mut next.raised };
                *first = head.max(*first);
                Kill::HalfApplied(own, head)
            }
            Kill::HalfApplied(own, head) => {
                let second = if early { &mut next.raised } else { &mut next.applied };
                *second = head.max(*second);
                next.is_applying = false;
                Kill::Applied(own)
            }
            Kill::Applied(own) => {
                next.returned = own.max(next.returned);
                Kill::Returned
            }
            Kill::Returned => return None,
        };
        Some(next)
    }

    /// One step of a request.
    fn read(&self, index: usize) -> Option<Self> {
        let mut next = self.clone();
        next.readers[index] = match self.readers[index] {
            Reader::Begun => Reader::LookingUp { must_know: self.returned, sequence: self.applied },
            Reader::LookingUp { must_know, sequence } => match self.cached {
                Some(entry) => Reader::Found { must_know, sequence, entry },
                None => Reader::Missed { must_know, sequence },
            },
            Reader::Found { must_know, sequence, entry } => match self.is_current(entry) {
                true => Reader::Deciding { must_know, sequence, entry },
                false => Reader::Missed { must_know, sequence },
            },
            Reader::Missed { must_know, sequence } => {
                Reader::Read { must_know, sequence, state: self.committed }
            }
            Reader::Read { must_know, sequence, state } => {
                let is_late = self.rules == Rules::AsOfAfterReading;
                let as_of = if is_late { self.committed } else { state };
                Reader::Loaded { must_know, sequence, entry: Entry { state, as_of } }
            }
            // However long ago it was read, and whatever is there by now.
            Reader::Loaded { must_know, sequence, entry } => {
                next.cached = Some(entry);
                Reader::LookingUp { must_know, sequence }
            }
            Reader::Deciding { must_know, sequence, entry } => self.confirm(must_know, sequence, entry),
            Reader::Answered(_) => return None,
        };
        Some(next)
    }

    fn confirm(&self, must_know: u8, sequence: u8, entry: Entry) -> Reader {
        let sequence = if self.rules == Rules::SequenceReadLast { self.applied } else { sequence };
        let is_confirmed =
            self.is_current(entry) || matches!(self.rules, Rules::NotConfirmed | Rules::SequenceReadLast);
        match is_confirmed {
            true => {
                Reader::Answered(Answer { state: entry.state, sequence, must_know, returned: self.returned })
            }
            false => Reader::LookingUp { must_know, sequence: self.applied },
        }
    }
}

impl Situation for Node {
    fn next(&self) -> Vec<Self> {
        let kills = (0..self.kills.len()).filter_map(|index| self.kill(index));
        let reads = (0..self.readers.len()).filter_map(|index| self.read(index));
        kills.chain(reads).collect()
    }

    fn violation(&self) -> Option<&'static str> {
        let is_stale = |entry: Entry| entry.state < self.applied && self.is_current(entry);
        if self.cached.is_some_and(is_stale) {
            return Some("something stale counts as current");
        }
        self.readers.iter().find_map(|reader| match reader {
            Reader::Answered(answer) if answer.state < answer.must_know => {
                Some("a request that began after the kill had returned got the old state")
            }
            Reader::Answered(answer) if answer.state < answer.sequence => {
                Some("an answer from the old state claims to know of the kill")
            }
            Reader::Answered(answer) if answer.state < answer.returned => {
                Some("an answer from the old state was given after the kill had returned")
            }
            _ => None,
        })
    }
}

fn marks_after(raised: u8) -> ChangeMarks {
    let marks = ChangeMarks::default();
    let scopes = [ChangeScope::App(INSTANCE, TENANT, APP), ChangeScope::Tenant(INSTANCE, TENANT)];
    for (sequence, scope) in (1..=raised).zip(scopes) {
        marks.raise(scope, number(sequence));
    }
    marks
}

fn number(sequence: u8) -> ChangeSequence {
    ChangeSequence::from_number(i64::from(sequence))
}

#[test]
fn in_no_order_is_anything_answered_from_before_a_kill_that_has_returned() {
    let situations = explore(Node::new(Rules::Kept)).unwrap();
    // All of them were there: one that stops early proves nothing.
    assert!(10_000 < situations, "{situations}");
}

#[test]
fn every_rule_of_reading_and_killing_is_needed() {
    for (rules, expected) in [
        (Rules::AppliedBeforeMarks, "something stale counts as current"),
        (Rules::AsOfAfterReading, "something stale counts as current"),
        (Rules::SequenceReadLast, "an answer from the old state claims to know of the kill"),
        (Rules::NotConfirmed, "an answer from the old state was given after the kill had returned"),
    ] {
        let violation = explore(Node::new(rules)).expect_err("nothing was noticed");
        assert_eq!(violation.what, expected, "{rules:?}");
    }
}
