//! People who sign in at the real executable: the setups of seed 002, what stops them, and what is never told.

mod browser;
mod canaries;
mod dashboard_errands;
mod enumeration;
mod estate;
mod first_operator;
mod forgotten;
mod kill_switch;
mod minimal_setups;
mod relying_party;
mod two_nodes;
