//! Every order in which the steps of those that meet can happen, tried out on small models of them. Each model comes
//! with ways to break a rule, which have to be noticed: what holds in all orders holds because of the rules.

use std::collections::HashSet;
use std::fmt::Debug;
use std::hash::Hash;

mod lease_and_fence;
mod snapshot_and_kill;

/// Where all actors of a model stand at a moment.
trait Situation: Clone + Debug + Eq + Hash {
    /// Every situation that one step of one actor leads to.
    fn next(&self) -> Vec<Self>;

    /// What must never be, but is.
    fn violation(&self) -> Option<&'static str>;
}

/// Something that must never be, and how it came about.
#[derive(Debug)]
struct Violation {
    what: &'static str,
    #[expect(dead_code, reason = "printed when a rule is broken")]
    way: Vec<String>,
}

/// Visits everything that can be reached, depth first; returns how many situations there are.
fn explore<S: Situation>(start: S) -> Result<usize, Violation> {
    // Each with the one before it.
    let mut reached: Vec<(S, usize)> = vec![(start.clone(), 0)];
    let mut known = HashSet::from([start]);
    let mut open = vec![0];
    while let Some(index) = open.pop() {
        let situation = reached[index].0.clone();
        if let Some(what) = situation.violation() {
            return Err(Violation { what, way: way_to(&reached, index) });
        }
        for next in situation.next() {
            if known.insert(next.clone()) {
                open.push(reached.len());
                reached.push((next, index));
            }
        }
    }
    Ok(reached.len())
}

fn way_to<S: Debug>(reached: &[(S, usize)], mut index: usize) -> Vec<String> {
    let mut way = Vec::new();
    while index != 0 {
        way.push(format!("{:?}", reached[index].0));
        index = reached[index].1;
    }
    way.reverse();
    way
}
