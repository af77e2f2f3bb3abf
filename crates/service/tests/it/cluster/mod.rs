//! Several authorities on one database: changes that wait for nodes, leases that end, and what each node has in
//! memory.

pub(crate) mod scripted_store;

mod nodes;

mod gaps;
mod in_memory;
mod interruptions;
mod kills_everywhere;
mod last_uses;
mod leases;
mod outages;
mod races;
mod reloads;
mod waits;
mod wall_clocks;
