//! Verification of a chain, entry by entry, in constant memory. It names the first thing that is wrong.

mod finding;
mod pruned_part;
mod verdict;
mod verifier;

pub use finding::Break;
pub use verdict::{Checked, Doubt, SealDoubt, Verdict};
pub use verifier::ChainVerifier;
