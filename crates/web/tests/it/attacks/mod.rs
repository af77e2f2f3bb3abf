//! Attacks of the requirements (part C) on the registry, on both databases. The name of a test tells the number of
//! its attack. Attacks 60 and 61 never reach a database: their tests are those of `turnkeep-outbound`.

pub(crate) mod allowed_domains;
pub(crate) mod at_once;
pub(crate) mod estate;
pub(crate) mod operations;

mod consistency;
mod foreign_records;
mod hostile_texts;
mod mass_assignment;
mod poisoned_hosts;
mod races;
mod regenerated_secrets;
mod role_walk;
mod storage_addresses;
mod tenant_switching;
