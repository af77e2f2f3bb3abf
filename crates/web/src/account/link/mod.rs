//! Links that work once: the first operator's, an invitation and a reset. Looking at one uses nothing up, so that
//! programs that look at mail do no harm.

pub(crate) mod show;
pub(crate) mod submit;
