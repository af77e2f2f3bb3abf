//! The page that makes an app (seed 001, "Creation Workflow"), and what its script asks for.

pub(crate) mod credentials;
pub(crate) mod domain_preview;
pub(crate) mod form_page;
pub(crate) mod name_check;
pub(crate) mod show;
pub(crate) mod submit;
pub(crate) mod typed;
