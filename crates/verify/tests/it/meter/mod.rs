//! The meter against an authority that counts each event once, whatever becomes of its answers.

mod limits;
mod losing_nothing;
pub(crate) mod metered_app;
mod reporting;
pub(crate) mod usage_authority;
