//! The logout endpoint, as apps and browsers meet it.

mod estate;

mod confirmation;
mod flow;
mod hostile_requests;
